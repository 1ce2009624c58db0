"""The index: the answer first, then its limits, the flow of patients, reports, downloads."""

from ppp.overview import glance
from ppp.overview.abstract import abstract, beyond
from ppp.report import text
from ppp.report.page.parts import Content, Heading
from ppp.report.templates import template
from ppp.report.words import Words
from ppp.results import KEY

WORDS = Words("ppp.overview")
PARTS = {
    "results": "Results",
    "flow": "Patient flow",
    "reports": "Reports",
    "downloads": "Downloads",
}


def index(study, reports, *, rows, paragraph: str, downloads) -> Content:
    """Make the content of ``index.html``.

    Parameters
    ----------
    study : Study
        Gives the title and the words.
    reports : sequence of Report
        All of the set, in order, with their states.
    rows : DataFrame
        All results rows of the run; every number on the index is one of them. One that two
        notebooks give is taken once.
    paragraph : str
        The study in one paragraph.
    downloads : sequence of tuple
        File name, what it holds, bytes.
    """
    rows = rows.drop_duplicates(KEY[1:])
    told, limits = abstract(rows, study), WORDS.say("index.uncontrolled", study)
    if study.synthetic:
        limits += WORDS.say("index.synthetic", study)
    flow = glance.flow(rows, study)
    there = {"results": bool(told.text), "flow": bool(flow)}
    html = template("contents.html.j2").render(
        title=study.title,
        paragraph=paragraph,
        parts=PARTS,
        abstract=told.to_html(),
        beyond=beyond(rows, study).to_html(),
        limit=limits.to_html(),
        cards=glance.cards(rows, study),
        flow=flow,
        reports=reports,
        downloads=[(file, what, text.size(n)) for file, what, n in downloads],
    )
    shown = (Heading(2, id, words) for id, words in PARTS.items() if there.get(id, True))
    return Content(html, study.title, tuple(shown))
