"""Every numbered table as a real Word table: the only module that writes Word."""

import io
import zipfile
from datetime import datetime
from unicodedata import east_asian_width

import pandas as pd
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from ppp.report.look import INK, SOFT, VERMILION
from ppp.report.names import filtered
from ppp.report.table import align
from ppp.report.text import plain, sentence

CELL, NOTE = "Table cell", "Table note"
LATIN, EAST_ASIAN = "Arial", "Microsoft YaHei"
STYLES = {  # points, colour; points before and after a paragraph
    "Normal": (10, INK, 0, 6),
    "Title": (18, INK, 0, 6),
    "Heading 1": (14, INK, 18, 6),
    "Caption": (10, INK, 12, 4),
    "Header": (8, SOFT, 0, 0),
    CELL: (8.5, INK, 1.5, 1.5),
    NOTE: (8, SOFT, 2, 0),
}
TOGETHER = 16
SHORT_SIDE, LONG_SIDE, MARGIN = 210, 297, 20
LIGHT, BOLD, GAP = 1.5, 1.72, 3
LONGEST, SQUEEZE = 30, 0.93
DATED = datetime(2000, 1, 1)
ZIPPED = (1980, 1, 1, 0, 0, 0)


def tables(study, contents) -> bytes:
    """Write all tables of the reports, numbered as on their pages: a ``.docx`` of stable bytes.

    Captions in style Caption, header rows that repeat, footnotes below. Text of the data is text:
    the document has no field and no link. Synthetic data are marked in the heading and on every
    page.
    """
    document = Document()
    _set_up(document, study)
    for content in contents:
        shown = [exhibit for exhibit in content.exhibits if exhibit.kind == "tbl"]
        for exhibit in shown:
            columns = _columns(exhibit.data)
            widths = _widths(columns)
            _turn(document, _is_wide(widths))
            if exhibit is shown[0]:
                document.add_heading(plain(content.title), 1)
            _add(document, exhibit, columns, widths)
    return _stable(document)


def _set_up(document, study) -> None:
    for name in (CELL, NOTE):
        document.styles.add_style(name, 1).base_style = document.styles["Normal"]
    for name in STYLES:
        _dress(document.styles[name], name)
    _describe(document, study)
    _page(document.sections[0], wide=False)
    header = document.sections[0].header.paragraphs[0]
    if study.synthetic:
        _warn(header)
        header.add_run(" · ")
        _warn(document.add_paragraph())
    who = filtered(study)
    header.add_run(" · ".join(filter(None, [plain(study.title), who])))
    document.add_paragraph(plain(study.title), "Title")
    if who:
        document.add_paragraph(sentence(f"{who}."))
    document.add_paragraph("All tables of the reports, numbered as on their pages.")


def _dress(style, name: str) -> None:
    points, colour, before, after = STYLES[name]
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), EAST_ASIAN if script == "eastAsia" else LATIN)
    style.font.size, style.font.color.rgb = Pt(points), RGBColor.from_string(colour[1:])
    style.font.bold = name in ("Title", "Heading 1")
    form = style.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), 1.0
    form.keep_with_next = name in ("Heading 1", "Caption")
    for border in style.element.findall(".//" + qn("w:pBdr")):
        border.getparent().remove(border)


def _describe(document, study) -> None:
    about = document.core_properties
    about.title = plain(study.title)
    about.author = about.last_modified_by = about.comments = ""
    about.keywords = "SYNTHETIC DATA" if study.synthetic else ""
    about.created = about.modified = DATED
    about.language, about.revision = "en", 1
    relations = document.part.package.rels
    for name in [n for n, relation in relations.items() if relation.reltype.endswith("thumbnail")]:
        relations.pop(name)


def _warn(paragraph) -> None:
    run = paragraph.add_run("SYNTHETIC DATA")
    run.bold, run.font.color.rgb = True, RGBColor.from_string(VERMILION[1:])


def _columns(data: dict) -> list[list[str]]:
    """Header and cells, column by column, numbers under numbers."""
    if not data["rows"]:
        return [[data["header"][0], data["empty"]]]
    frame = pd.DataFrame(data["rows"], dtype="str").map(plain)
    cells = [frame[0], *(align(frame[c]) for c in frame.columns[1:])]
    return [[plain(head), *c] for head, c in zip(data["header"], cells, strict=True)]


def _widths(columns) -> list[float]:
    """Width of each column in mm, such that no number breaks and no text runs on."""
    natural = [
        GAP + max(BOLD * _longest([head]), LIGHT * min(_longest(cells), LONGEST))
        for head, *cells in columns
    ]
    total = sum(natural)
    room = SHORT_SIDE - 2 * MARGIN if not _is_wide(natural) else LONG_SIDE - 2 * MARGIN
    return [width * min(1, room / total) for width in natural]


def _is_wide(widths) -> bool:
    return SQUEEZE * sum(widths) > SHORT_SIDE - 2 * MARGIN


def _longest(cells) -> int:
    """Characters of the longest line; those of Chinese count twice."""
    lines = [line for cell in cells for line in cell.split("\n")]
    return max((sum(1 + (east_asian_width(c) in "WF") for c in line) for line in lines), default=0)


def _turn(document, wide: bool) -> None:
    if wide != (document.sections[-1].orientation == WD_ORIENT.LANDSCAPE):
        _page(document.add_section(), wide)


def _page(section, wide: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    width, height = (LONG_SIDE, SHORT_SIDE) if wide else (SHORT_SIDE, LONG_SIDE)
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = section.top_margin = Mm(MARGIN)
    section.bottom_margin = Mm(MARGIN)


def _add(document, exhibit, columns, widths) -> None:
    caption = document.add_paragraph(style="Caption")
    caption.add_run(f"{exhibit.label}.").bold = True
    caption.add_run(f" {plain(exhibit.data['caption'])}")
    document.element.body[-1].addprevious(_table(exhibit.data, columns, widths))
    notes = [document.add_paragraph(plain(note), NOTE) for note in exhibit.data["notes"] or [""]]
    notes[-1].paragraph_format.space_after = Pt(10)


def _table(data: dict, columns, widths):
    head, *body = zip(*columns, strict=True)
    together = len(body) <= TOGETHER
    lines = [_row(head, widths, header=True)]
    groups = data["groups"] or [""] * len(body)
    for place, (group, cells) in enumerate(zip(groups, body, strict=True)):
        if group and (place == 0 or group != groups[place - 1]):
            lines.append(_row([plain(group)], [sum(widths)], span=len(widths)))
        lines.append(_row(cells, widths, keep=together))
    grid = _make("tblGrid", *(_make("gridCol", w=_twips(width)) for width in widths))
    return _make("tbl", _properties(sum(widths)), grid, *lines)


def _properties(width: float):
    none = ("left", "right", "insideH", "insideV")
    rules = {"top": 12, "left": 0, "bottom": 12, "right": 0, "insideH": 0, "insideV": 0}
    edges = (
        _make(side, val="nil" if side in none else "single", sz=points, space=0, color="auto")
        for side, points in rules.items()
    )
    look = {"firstRow": 1, "lastRow": 0, "firstColumn": 0, "lastColumn": 0}
    look |= {"noHBand": 1, "noVBand": 1}
    return _make(
        "tblPr",
        _make("tblW", w=_twips(width), type="dxa"),
        _make("tblBorders", *edges),
        _make("tblLayout", type="fixed"),
        _make("tblCellMar", _make("left", w=0, type="dxa"), _make("right", w=100, type="dxa")),
        _make("tblLook", val="0020", **look),
    )


def _row(cells, widths, *, header: bool = False, span: int = 1, keep: bool = True):
    marks = [_make("cantSplit"), *([_make("tblHeader")] if header else [])]
    made = (
        _cell(words, width, header=header, span=span, keep=keep)
        for words, width in zip(cells, widths, strict=True)
    )
    return _make("tr", _make("trPr", *marks), *made)


def _cell(words: str, width: float, *, header: bool, span: int, keep: bool):
    rule = _make("bottom", val="single", sz=6, space=0, color="auto")
    form = [_make("tcW", w=_twips(width), type="dxa")]
    form += [_make("gridSpan", val=span)] * (span > 1) + [_make("tcBorders", rule)] * header
    form += [_make("vAlign", val="bottom")] * header
    style = [_make("pStyle", val=CELL.replace(" ", "")), *([_make("keepNext")] if keep else [])]
    weight = [_make("rPr", _make("b"))] * (header or span > 1)
    parts = []
    for line in words.split("\n"):
        letters = _make("t")
        letters.text = line
        letters.set(qn("xml:space"), "preserve")
        parts += [_make("br")] * bool(parts) + [letters]
    run = _make("r", *weight, *parts)
    return _make("tc", _make("tcPr", *form), _make("p", _make("pPr", *style), run))


def _make(tag: str, *children, **attributes):
    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    element.extend(children)
    return element


def _twips(mm: float) -> int:
    return round(mm * 1440 / 25.4)


def _stable(document) -> bytes:
    written, fixed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(fixed, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, ZIPPED), old.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
