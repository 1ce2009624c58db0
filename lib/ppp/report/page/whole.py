"""All pages in one: the index, then each report, for who gets one file by e-mail."""

import re

from ppp.report.page.parts import Content, Heading

TAG = re.compile(r"<[a-zA-Z][^<>]*>")
NAMED = re.compile(r'\b(id|for|aria-labelledby|data-image|href)="(#?)([^"]*)"')


def whole(contents: dict[str, Content]) -> Content:
    """Join pages, by the file name of each, the index first; links between them stay inside."""
    places = {href: f"p{number}" for number, href in enumerate(contents)}
    parts, headings = [], []
    for href, content in contents.items():
        place = places[href]
        html = TAG.sub(lambda tag, place=place: _within(tag[0], place, places), content.html)
        parts.append(f'<section id="{place}" class="report">\n{html}\n</section>')
        headings.append(Heading(2, place, content.title))
        headings += [
            Heading(3, f"{place}-{h.id}", h.text) for h in content.headings if h.level == 2
        ]
    first = next(iter(contents.values()))
    return Content("\n".join(parts), first.title, tuple(headings))


def _within(tag: str, place: str, places: dict) -> str:
    """Give the ids of a tag, and what refers to them, the place of their page before them."""

    def rename(match):
        name, mark, value = match.groups()
        if name != "href":
            return f'{name}="{place}-{value}"'
        if mark:
            return f'href="#{place}-{value}"'
        return f'href="#{places[value]}"' if value in places else match[0]

    return NAMED.sub(rename, tag)
