"""Sheets of plain values to the bytes of an Excel workbook, the same bytes at every run."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date

import openpyxl

MADE = "2024-07-01T00:00:00Z"
CREATOR = "synthetic demo cohort"
INLINE_TEXT = re.compile(rb' t="inlineStr"><is>(.*?)</is></c>')
SCHEMAS = b"http://schemas.openxmlformats.org"
TEXTS = "xl/sharedStrings.xml"
MENTIONED = {  # part: where it says that there is a table of texts
    "[Content_Types].xml": b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    b'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    "xl/_rels/workbook.xml.rels": b'<Relationship Id="texts" Target="sharedStrings.xml" Type="%s'
    b'/officeDocument/2006/relationships/sharedStrings"/></Relationships>' % SCHEMAS,
}


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows, the headings first, and the numbers of hidden rows, from 1.

    None is an empty cell, a ``date`` becomes a date cell.
    """

    name: str
    rows: list
    hidden: tuple = ()


def content(sheets: list[Sheet]) -> bytes:
    """Bytes of a workbook with these sheets, in order."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.creator = CREATOR
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), sheet)
    file = io.BytesIO()
    book.save(file)
    return _without_clock(file)


def _fill(page, sheet: Sheet):
    for row in sheet.rows:
        page.append(row)
    for cells in page.iter_rows(min_row=2):
        for cell in cells:
            if isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"
    for number in sheet.hidden:
        page.row_dimensions[number].hidden = True
    page.freeze_panes = "B2"


def _without_clock(file: io.BytesIO) -> bytes:
    """Pack again with fixed times, uncompressed: packing differs from one zlib to the next."""
    with zipfile.ZipFile(file) as old:
        parts = _compact({name: old.read(name) for name in sorted(old.namelist())})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as new:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            data = parts[name]
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", MADE.encode(), data)
            member = zipfile.ZipInfo(name, date_time=(2024, 7, 1, 0, 0, 0))
            member.create_system = 3
            new.writestr(member, data)
    return packed.getvalue()


def _compact(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Write each text once, in the table of shared strings, as spreadsheet programs do."""
    texts = {}

    def point(text) -> bytes:
        return b' t="s"><v>%d</v></c>' % texts.setdefault(text[1], len(texts))

    made = dict(parts)
    for name in parts:
        if name.startswith("xl/worksheets/"):
            made[name] = INLINE_TEXT.sub(point, parts[name]).replace(b' t="n"', b"")
    for name, end in MENTIONED.items():
        made[name] = parts[name].removesuffix(end[end.rindex(b"<") :]) + end
    table = b"".join(b"<si>%s</si>" % text for text in texts)
    made[TEXTS] = b'<sst xmlns="%s/spreadsheetml/2006/main">%s</sst>' % (SCHEMAS, table)
    return made
