"""What a page is made of: reports, headings, the status strip; tables and figures to take away."""

import base64
import csv
import hashlib
import io
import re
from dataclasses import dataclass

from ppp.report.names import filtered
from ppp.report.page.spread import spread
from ppp.report.templates import asset, template
from ppp.report.text import spreadsheet

KINDS = {
    "tbl": ("Table", "application/vnd.ppp.table+json"),
    "fig": ("Figure", "application/vnd.ppp.figure+json"),
}
BOM = "\ufeff"


class PageError(ValueError):
    """A notebook's output cannot become a page; the message says what to mend in the notebook."""


@dataclass(frozen=True)
class Heading:
    """An entry of the contents: `level` 2 or 3, `id` within the page, `text`."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Exhibit:
    """A table or a figure as its notebook gave it, with the number that its page gave it.

    `kind` is ``tbl`` or ``fig``, `data` what `Table.as_dict` or `Figure.as_dict` made, `number` the
    3.2 of "Table 3.2"; empty until a page has numbered it.
    """

    kind: str
    data: dict
    number: str = ""

    @property
    def id(self) -> str:
        """The element's id on the page."""
        return f"{self.kind}-{self.data['key']}"

    @property
    def label(self) -> str:
        """The words before the caption: "Table 3.2"."""
        return f"{KINDS[self.kind][0]} {self.number}"

    def file(self, stem: str, ending: str) -> str:
        """Name a download: ``synthetic_demo_table_3.2.csv``."""
        return f"{stem}_{self.label.lower().replace(' ', '_')}.{ending}"

    @property
    def name(self) -> str:
        """Name a file among the figures, without its ending: ``3.1_trajectories``."""
        return f"{self.number}_{re.sub(r'[^A-Za-z0-9-]+', '-', self.data['key'])}"

    @property
    def svg(self) -> bytes:
        """A figure's SVG."""
        return self.data["svg"].encode()

    @property
    def png(self) -> bytes:
        """A figure's PNG."""
        return base64.b64decode(self.data["png"])

    @property
    def csv(self) -> bytes:
        """A table as data (`spread`), in UTF-8 with BOM; no cell is a formula."""
        groups = [[group] for group in self.data["groups"]] or [[] for _ in self.data["rows"]]
        head = ["Group"] * bool(self.data["groups"]) + self.data["header"]
        rows = [g + row for g, row in zip(groups, self.data["rows"], strict=True)]
        lines = spread([name.replace("\n", " ") for name in head], rows)
        written = io.StringIO()
        csv.writer(written, lineterminator="\r\n").writerows(
            [spreadsheet(cell.replace("\n", " ")) for cell in line] for line in lines
        )
        return (BOM + written.getvalue()).encode()


def links(exhibit: Exhibit, stem: str) -> list[dict]:
    """Describe the download links of a numbered exhibit: ``text``, ``file`` and ``href``.

    A figure's SVG has no ``href`` but ``image``, the id of the figure that holds it already: the
    page's script fetches it there, so that it is stored once.
    """
    if exhibit.kind == "tbl":
        href = _uri("text/csv;charset=utf-8", exhibit.csv)
        return [{"text": "CSV", "file": exhibit.file(stem, "csv"), "href": href}]
    return [
        {"text": "SVG", "file": exhibit.file(stem, "svg"), "image": exhibit.id},
        {"text": "PNG", "file": exhibit.file(stem, "png"), "href": _uri("image/png", exhibit.png)},
    ]


def _uri(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


@dataclass(frozen=True)
class Content:
    """What stands between top and foot of a page: headings for the contents, numbered exhibits."""

    html: str
    title: str
    headings: tuple[Heading, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()


@dataclass(frozen=True)
class Report:
    """One report of the set.

    `name`, `title` and `question` are the notebook's stem, its first heading and its first
    paragraph; `state` is ``ready``, ``failed`` or ``not run``; `detail` says why it failed, with
    the number of the cell; `nav` is what links call it, its name in words unless given.
    """

    name: str
    title: str
    question: str = ""
    state: str = "ready"
    detail: str = ""
    nav: str = ""

    @property
    def number(self) -> int:
        """The number before the first underscore."""
        return int(self.name.split("_")[0])

    @property
    def short(self) -> str:
        """What links call it: ``06_published_figures`` is Published figures."""
        return self.nav or " ".join(self.name.split("_")[1:]).capitalize()

    @property
    def href(self) -> str:
        """The page's file name."""
        return f"{self.name}.html"


@dataclass(frozen=True)
class Status:
    """The strip that says what the data are; shows itself in a notebook too."""

    title: str
    synthetic: bool
    facts: tuple[str, ...] = ()

    def to_html(self) -> str:
        """Render the strip alone, for a page with the style."""
        return template("status.html.j2").render(status=self)

    def _repr_html_(self) -> str:
        return f"<style>{asset('notebook.css')}</style>{self.to_html()}"


def status(study, sha256: str = "", *, dated: str = "", commit: str = "", position: str = ""):
    """Make the status strip of a study, which a notebook shows as HTML.

    The filter and what the run changes, hash and date of the source, version of the code, "page 3
    of 5"; what is empty is left out.
    """
    data = " ".join(["data", sha256[:12], *(["of", dated] if dated else [])]) if sha256 else ""
    facts = (filtered(study), data, f"code {commit}" if commit else "", position)
    return Status(study.title, study.synthetic, tuple(filter(None, facts)))


def assemble(content: Content, strip: Status, *, reports, current="", provenance=None) -> str:
    """Put the whole page together: one file that loads nothing.

    Those of `reports` that are ready are linked; `current` names this page's one, empty for the
    index; `provenance`, term → value, is shown at the foot.
    """
    ready = [report for report in reports if report.state == "ready"]
    place = next((i for i, report in enumerate(ready) if report.name == current), None)
    script = asset("page.js")
    return template("page.html.j2").render(
        title=content.title,
        content=content.html,
        headings=content.headings,
        status=strip.to_html(),
        reports=reports,
        current=current,
        previous=ready[place - 1] if place else None,
        following=ready[place + 1] if place is not None and place + 1 < len(ready) else None,
        provenance=provenance or {},
        style=asset("style.css"),
        script=script,
        script_hash=csp_hash(script),
    )


def csp_hash(script: str) -> str:
    """Name a script by its hash, as a Content-Security-Policy admits it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
