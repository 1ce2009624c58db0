"""Sheets of plain values to the bytes of an Excel workbook, the same bytes at every run."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date

import openpyxl

MADE = "2024-07-01T00:00:00Z"
CREATOR = "synthetic demo cohort"


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Attributes
    ----------
    name : str
    rows : list of list
        The heading row first; None is an empty cell, a ``date`` becomes a date cell.
    hidden : tuple of int
        Numbers of hidden rows, from 1.
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
    packed = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", MADE.encode(), data)
            member = zipfile.ZipInfo(name, date_time=(2024, 7, 1, 0, 0, 0))
            member.create_system = 3
            new.writestr(member, data)
    return packed.getvalue()
