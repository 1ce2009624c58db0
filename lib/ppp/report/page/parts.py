"""What a page is made of: reports, headings, content, the status strip."""

import base64
import hashlib
from dataclasses import dataclass

from ppp.catalogue import dictionary
from ppp.report.page.exhibits import Exhibit
from ppp.report.templates import asset, template


class PageError(ValueError):
    """A notebook's output cannot become a page; the message says what to mend in the notebook."""


@dataclass(frozen=True)
class Heading:
    """An entry of the contents: `level` 2 or 3, `id` within the page, `text`."""

    level: int
    id: str
    text: str


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
    the number of the cell.
    """

    name: str
    title: str
    question: str = ""
    state: str = "ready"
    detail: str = ""

    @property
    def number(self) -> int:
        """The number before the first underscore."""
        return int(self.name.split("_")[0])

    @property
    def short(self) -> str:
        """The name in words: ``05_sapho_subgroup`` is SAPHO subgroup."""
        words = self.name.split("_")[1:]
        first, *others = (word.upper() if _is_acronym(word) else word for word in words)
        return " ".join([first[0].upper() + first[1:], *others])

    @property
    def href(self) -> str:
        """The page's file name."""
        return f"{self.name}.html"


def _is_acronym(word: str) -> bool:
    """Whether the dictionary has a field of this name that its label writes in capitals."""
    field = dictionary.find(word)
    return field is not None and field.label.startswith(word.upper())


@dataclass(frozen=True)
class Status:
    """The strip that says what the data are; shows itself in a notebook too."""

    title: str
    synthetic: bool
    facts: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        return template("status.html.j2").render(status=self)


def status(study, sha256: str = "", *, dated: str = "", commit: str = "", position: str = ""):
    """Make the status strip of a study, which a notebook shows as HTML.

    Hash and date of the source, version of the code, "page 3 of 5"; what is empty is left out.
    """
    data = " ".join(["data", sha256[:12], *(["of", dated] if dated else [])]) if sha256 else ""
    facts = (data, f"code {commit}" if commit else "", position)
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
        status=strip._repr_html_(),
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
