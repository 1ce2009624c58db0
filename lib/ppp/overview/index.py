"""The index: the answer first, then its limits, the flow of patients, reports, downloads."""

from ppp import results
from ppp.overview.abstract import WORDS, abstract, beyond, cards
from ppp.report import text
from ppp.report.page import Content, Heading
from ppp.report.templates import template
from ppp.results import KEY, first


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
    limits = WORDS.say("index.uncontrolled", study)
    if study.synthetic:
        limits += WORDS.say("index.synthetic", study)
    answer, steps, parts = abstract(rows, study), flow(rows, study), WORDS["index.parts"]
    html = template("contents.html.j2").render(
        title=study.title,
        paragraph=paragraph,
        parts=parts,
        abstract=answer.to_html(),
        beyond=beyond(rows, study).to_html(),
        limit=limits.to_html(),
        cards=cards(rows, study),
        flow=steps,
        reports=reports,
        downloads=[(file, what, text.size(n)) for file, what, n in downloads],
    )
    there = {"results": bool(answer.text), "flow": bool(steps)}
    shown = (Heading(2, id, words) for id, words in parts.items() if there.get(id, True))
    return Content(html, study.title, tuple(shown))


def flow(rows, study) -> list[tuple[str, str]]:
    """List the steps from the rows of the source to the patients assessed at each visit.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``flow``.

    Returns
    -------
    list of tuple of str
        Step and count.
    """
    rows = results.pick(rows, analysis="flow", statistic="count").dropna(subset=["estimate"])
    source, patients = results.pick(rows, group="all"), results.pick(rows, outcome="patients")
    counts = {
        "read": first(source, outcome="rows", level="read"),
        "quarantined": first(source, outcome="rows", level="quarantined"),
        "queried": first(source, outcome="cells", level="queried"),
        "enrolled": first(patients, level="enrolled"),
    }
    steps = [
        (WORDS.write(f"flow.{entry}", study, row), text.count(row["estimate"]))
        for entry, row in counts.items()
        if row is not None
    ]
    level = "assessed" if len(results.pick(patients, level="assessed")) else "visited"
    visits = results.pick(patients, level=level)
    return steps + [
        (WORDS.write(f"flow.{level}", study, row), text.of(row)) for _, row in visits.iterrows()
    ]
