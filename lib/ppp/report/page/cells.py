"""The cells of a notebook, made ready for a page: numbers, references, ids, downloads."""

import re
from dataclasses import replace

from bs4 import BeautifulSoup

from ppp.report.page.parts import KINDS, Content, Heading, PageError, links
from ppp.report.templates import template
from ppp.report.text import plain

CAPTIONS = {"tbl": "caption", "fig": "figcaption"}
PLACEHOLDER = "No description has been provided for this image"
LOADS = "img[src], script[src], iframe[src], source[src], embed[src], object[data], link[href]"


def prepare(
    html: str, number: int, title: str = "", *, hidden=(), exhibits=(), stem: str = ""
) -> Content:
    """Make the cells of a notebook ready for a page.

    Captions get their number, references to them their text, headings an id, wide tables a box
    to scroll in. A section of which nothing but absent exhibits is left is left out, and so is a
    term of the glossary that the page does not use.

    Parameters
    ----------
    number : the notebook's number, the 3 of "Table 3.1".
    title : stands in where the notebook has no first-level heading.
    hidden : places on this machine; an ellipsis is shown for them.
    exhibits : those among the cells; each gets its number and its download links.
    stem : beginning of the downloads' file names.

    Raises PageError at a reference to nothing, a table or figure without caption, an image without
    alt text, anything that would be loaded from elsewhere.
    """
    soup = BeautifulSoup(plain(html), "html.parser")
    for strip in soup.select(".status, style"):
        strip.decompose()
    _check(soup)
    _drop_absent(soup)
    _hide(soup, hidden)
    _drop_unused_terms(soup)
    numbers = _number(soup, number)
    _refer(soup, numbers)
    _box_tables(soup)
    numbered = tuple(replace(e, number=numbers[e.id].split()[1]) for e in exhibits)
    _offer(soup, numbered, stem)
    _join_code(soup)
    headings = _identify_headings(soup)
    first = soup.h1
    heading = "" if first else template("title.html.j2").render(title=title)
    named = first.get_text().strip() if first else title
    return Content(heading + str(soup), named, headings, numbered)


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


def _drop_absent(soup: BeautifulSoup) -> None:
    for section in _sections(soup):
        inside = [element for part in section for element in (part, *part.find_all(True))]
        absent = [element for element in inside if "absent" in element.get("class", ())]
        if absent and not any(map(_says, inside)):
            for part in section:
                part.decompose()


def _says(element) -> bool:
    """Whether an element is a table, a figure, or an output with words."""
    if element.name in ("table", "figure"):
        return True
    return "output" in element.get("class", ()) and bool(element.get_text(strip=True))


def _sections(soup: BeautifulSoup) -> list[list]:
    """Part the page at its second-level headings; what comes before the first is left out."""
    sections = []
    for part in soup.find_all(recursive=False):
        if part.name == "h2" or part.find("h2"):
            sections.append([])
        if sections:
            sections[-1].append(part)
    return sections


def _drop_unused_terms(soup: BeautifulSoup) -> None:
    """Leave out of the glossary what the rest of the page does not mention.

    One of the names of a term is enough, as in "Mixed model (MMRM)" or "GRIM, GRIMMER".
    """
    apart = soup.select("dl.ppp-glossary, details.code")
    unread = {id(text) for element in apart for text in element.find_all(string=True)}
    read = [text for text in soup.find_all(string=True) if id(text) not in unread]
    said = " ".join([*read, *(image["alt"] for image in soup.select("img"))])
    for term in soup.select("dl.ppp-glossary dt"):
        names = filter(None, map(str.strip, re.split(r", |[()]", term.get_text())))
        if not any(re.search(rf"\b{re.escape(name)}", said, re.IGNORECASE) for name in names):
            term.find_next_sibling("dd").decompose()
            term.decompose()


def _hide(soup: BeautifulSoup, places) -> None:
    for place in places:
        for text in soup.find_all(string=re.compile(re.escape(place))):
            text.replace_with(text.replace(place, "…"))


def _number(soup: BeautifulSoup, number: int) -> dict[str, str]:
    counts = dict.fromkeys(CAPTIONS, 0)
    numbers = {}
    for element in soup.find_all(id=re.compile(r"^(tbl|fig)-")):
        kind = element["id"].split("-")[0]
        word, tag = KINDS[kind][0], CAPTIONS[kind]
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
        marks = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": label[:120]}
        table.wrap(soup.new_tag("div", attrs=marks))


def _offer(soup: BeautifulSoup, exhibits, stem: str) -> None:
    for exhibit in exhibits:
        element = soup.find(id=exhibit.id)
        under = element.parent if exhibit.kind == "tbl" else element
        offered = links(exhibit, stem)
        made = template("take.html.j2").render(links=offered, label=exhibit.label)
        under.insert_after(BeautifulSoup(made, "html.parser"))


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
