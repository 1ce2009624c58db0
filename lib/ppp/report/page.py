"""A page for co-authors around the cells of a notebook: numbers, references, contents, strip.

Pure functions on HTML strings. Whatever is written here loads nothing from anywhere.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader

TEMPLATE = Path(__file__).parent / "template"
KINDS = {"tbl": ("Table", "caption"), "fig": ("Figure", "figcaption")}
ACRONYMS = ("sapho", "dlqi", "pga", "pppasi")
PLACEHOLDER = "No description has been provided for this image"
LOADS = "img[src], script[src], iframe[src], source[src], embed[src], object[data], link[href]"


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
    """What stands between the top and the foot of a page: `html`, its `title`, its `headings`."""

    html: str
    title: str
    headings: tuple[Heading, ...] = ()


@dataclass(frozen=True)
class Report:
    """One report of the set.

    Attributes
    ----------
    name, title, question : str
        The notebook's stem, its first heading, its first paragraph.
    state : str
        ``ready``, ``failed`` or ``not run``.
    detail : str
        Why it failed, with the number of the cell.
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
        first, *others = (word.upper() if word in ACRONYMS else word for word in words)
        return " ".join([first[0].upper() + first[1:], *others])

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

    def _repr_html_(self) -> str:
        return _template("status.html.j2").render(status=self)


def status(study, sha256: str = "", *, dated: str = "", commit: str = "", position: str = ""):
    """Make the status strip of a study.

    Parameters
    ----------
    study : Study
        Gives the title, and whether the data are synthetic.
    sha256, dated, commit, position : str
        Hash and date of the source, version of the code, "page 3 of 5"; what is empty is left out.

    Returns
    -------
    Status
        An object that a notebook shows as HTML.
    """
    data = " ".join(["data", sha256[:12], *(["of", dated] if dated else [])]) if sha256 else ""
    facts = (data, f"code {commit}" if commit else "", position)
    return Status(study.title, study.synthetic, tuple(filter(None, facts)))


def prepare(html: str, number: int, title: str = "", *, hidden=()) -> Content:
    """Make the cells of a notebook ready for a page.

    Captions get their number, references to them their text, headings an id, wide tables a box
    to scroll in.

    Parameters
    ----------
    html : str
        What the notebook's cells gave.
    number : int
        The notebook's number, the 3 of "Table 3.1".
    title : str
        Stands in where the notebook has no first-level heading.
    hidden : iterable of str
        Places on this machine; an ellipsis is shown for them.

    Raises
    ------
    PageError
        A reference to nothing, a table or figure without caption, an image without alt text,
        anything that would be loaded from elsewhere.
    """
    soup = BeautifulSoup(html, "html.parser")
    for strip in soup.select(".status"):
        strip.decompose()
    _check(soup)
    _hide(soup, hidden)
    _refer(soup, _number(soup, number))
    _box_tables(soup)
    _join_code(soup)
    headings = _identify_headings(soup)
    first = soup.h1
    heading = "" if first else _template("title.html.j2").render(title=title)
    return Content(heading + str(soup), first.get_text().strip() if first else title, headings)


def _check(soup: BeautifulSoup) -> None:
    for image in soup.select("img"):
        if image.get("alt", PLACEHOLDER).strip() in ("", PLACEHOLDER):
            raise PageError("a figure has no alt text; say in words what it shows")
    for element in soup.select(LOADS):
        address = element.get("src") or element.get("data") or element.get("href")
        if not address.startswith("data:"):
            raise PageError(f"<{element.name}> would load {address[:80]}; a page loads nothing")
    if soup.script:
        raise PageError("an output brings a script of its own; a page runs none but its own")


def _hide(soup: BeautifulSoup, places) -> None:
    for place in places:
        for text in soup.find_all(string=re.compile(re.escape(place))):
            text.replace_with(text.replace(place, "…"))


def _number(soup: BeautifulSoup, number: int) -> dict[str, str]:
    counts = dict.fromkeys(KINDS, 0)
    numbers = {}
    for element in soup.find_all(id=re.compile(r"^(tbl|fig)-")):
        kind = element["id"].split("-")[0]
        word, tag = KINDS[kind]
        caption = element.find(tag)
        if element["id"] in numbers:
            raise PageError(f"two elements have the id {element['id']}; give each its own key")
        if caption is None:
            raise PageError(f"{element['id']} has no {tag}; every table and figure needs one")
        counts[kind] += 1
        numbers[element["id"]] = f"{word} {number}.{counts[kind]}"
        label = soup.new_tag("span", attrs={"class": "number"})
        label.string = f"{numbers[element['id']]}."
        caption.insert(0, label, " ")
    return numbers


def _refer(soup: BeautifulSoup, numbers: dict[str, str]) -> None:
    for link in soup.select('a[href^="#tbl-"], a[href^="#fig-"]'):
        key = link["href"].removeprefix("#")
        if key not in numbers:
            known = ", ".join(numbers) or "none"
            raise PageError(f"a reference to {key}, which is not on this page (there are: {known})")
        link.string = numbers[key].replace(" ", "\N{NO-BREAK SPACE}")


def _box_tables(soup: BeautifulSoup) -> None:
    for table in soup.find_all("table"):
        caption = table.find("caption")
        label = " ".join(caption.get_text().split()) if caption else "Table"
        marks = {"class": "scroll", "tabindex": "0", "role": "group", "aria-label": label[:120]}
        table.wrap(soup.new_tag("div", attrs=marks))


def _join_code(soup: BeautifulSoup) -> None:
    for fold in soup.select("details.code + details.code"):
        fold.find_previous_sibling().extend(fold.find_all("div", recursive=False))
        fold.decompose()


def _identify_headings(soup: BeautifulSoup) -> tuple[Heading, ...]:
    found = []
    taken = {element["id"] for element in soup.find_all(id=True)} | {"content", "provenance"}
    for element in soup.find_all(["h2", "h3"]):
        text = " ".join(element.get_text().split())
        if element.get("id") is None:
            element["id"] = _unused(re.sub(r"\W+", "-", text.lower()).strip("-") or "part", taken)
        taken.add(element["id"])
        found.append(Heading(int(element.name[1]), element["id"], text))
    return tuple(found)


def _unused(slug: str, taken: set[str]) -> str:
    count = 1
    while (name := slug if count == 1 else f"{slug}-{count}") in taken:
        count += 1
    return name


def assemble(content: Content, strip: Status, *, reports, current="", provenance=None) -> str:
    """Put the whole page together: one file that loads nothing.

    Parameters
    ----------
    content : Content
        What `prepare` or `index` made.
    strip : Status
        The status strip.
    reports : sequence of Report
        All of the set; those that are ready are linked.
    current : str
        The name of this page's report; empty for the index.
    provenance : dict, optional
        Term → value, shown at the foot.
    """
    ready = [report for report in reports if report.state == "ready"]
    place = next((i for i, report in enumerate(ready) if report.name == current), None)
    script = _text("page.js")
    return _template("page.html.j2").render(
        title=content.title, content=content.html, headings=content.headings,
        status=strip._repr_html_(), reports=reports, current=current,
        previous=ready[place - 1] if place else None,
        following=ready[place + 1] if place is not None and place + 1 < len(ready) else None,
        provenance=provenance or {}, style=_text("style.css"), script=script,
        script_hash=_csp_hash(script),
    )  # fmt: skip


def index(study, reports, *, paragraph: str, downloads) -> Content:
    """Make the content of ``index.html``.

    Parameters
    ----------
    study : Study
        Gives the title.
    reports : sequence of Report
        All of the set, in order, with their states.
    paragraph : str
        The study in one paragraph.
    downloads : sequence of tuple of str
        File name and what it holds.
    """
    html = _template("contents.html.j2").render(
        title=study.title, paragraph=paragraph, reports=reports, downloads=downloads
    )
    headings = (Heading(2, "reports", "Reports"), Heading(2, "downloads", "Downloads"))
    return Content(html, study.title, headings)


def _csp_hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATE), autoescape=True, trim_blocks=False)


def _template(name: str):
    return _environment().get_template(name)


@cache
def _text(name: str) -> str:
    return (TEMPLATE / name).read_text("utf-8")
