"""Read the source, an Excel workbook or a folder of CSV files, into one `RawTable` a table.

Nothing is interpreted here: a raw value stays the text, number, bool or datetime that it is.
"""

import csv
import io
import warnings
import zipfile
from contextlib import suppress
from dataclasses import replace
from itertools import islice, zip_longest
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd

from ppp.catalogue.dictionary import TABLES, plain
from ppp.data import headings
from ppp.data.headings import Grid, NeverCalculated, RawTable, raw_table, tidy
from ppp.errors import SourceError, hint
from ppp.study import Study


def read(study: Study) -> dict[str, RawTable]:
    """Read every sheet that feeds a table; one that feeds two is read once, one object for both.

    Tables that were not recorded are left out. Raises SourceError where the file cannot be read as
    what it should be, a sheet is missing, or a heading is there twice.
    """
    kind = Folder if study.source.is_folder else Workbook
    source = kind(study.source.path, study.source.header_row)
    sheets, absent = table_sheets(study, source.names)
    grids = {name: source.grid(name) for name in dict.fromkeys(sheets.values())}
    words = headings.known(study)
    read = {
        name: raw_table(name, grid, study.source, headings.likely_row(grid, study.source, words))
        for name, grid in grids.items()
    }
    absent += headings.absent({table: read[name] for table, name in sheets.items()}, grids, study)
    if absent:
        wide = headings.side_by_side(read.values(), study) if "visits" not in sheets else ""
        raise SourceError("\n".join(absent) + wide)
    unused = [("sheet_unused", name) for name in source.names if name not in read]
    first = sheets["patients"]
    read[first] = replace(read[first], notices=(*read[first].notices, *unused))
    return {table: read[name] for table, name in sheets.items()}


def table_sheets(study: Study, names: list[str]) -> tuple[dict[str, str], list[str]]:
    """Say which sheet feeds which table; tables without a sheet are left out.

    The second list has a message for each sheet that ``study.toml`` names, or that the analysis
    cannot do without, and that is missing.
    """
    sheets, absent = {}, []
    for table in TABLES:
        wanted = study.source.sheets.get(table)
        if wanted is not None and wanted not in names:
            absent.append(_no_sheet(study, table, wanted, names))
            continue
        near = [name for name in names if plain(name) == plain(table)]
        sheet = wanted or (near[0] if near else None)
        if sheet is None and table == "visits" and "visits" in study.wide:
            sheet = sheets.get("patients")
        if sheet is not None:
            sheets[table] = sheet
        elif _is_needed(study, table):
            absent.append(_no_sheet(study, table, table, names))
    return sheets, absent


def _is_needed(study: Study, table: str) -> bool:
    named = any(f"{section}.{table}" in study.stated for section in ("columns", "wide", "extra"))
    return named or table == "patients" or (table == "visits" and study.endpoints.primary != "none")


def _no_sheet(study: Study, table: str, wanted: str, names: list[str]) -> str:
    kind = "file" if study.source.is_folder else "sheet"
    remedy = f'name the {kind} under [source.sheets], as in {table} = "{(names or ["…"])[0]}"'
    if table == "visits":
        remedy += ', or set [endpoints] primary = "none" if no visits were recorded'
    return (
        f"{study.source.path.name}: there is no {kind} {wanted!r} for the table {table}"
        f"{hint(wanted, names, listed=False)}. There are: {', '.join(names) or 'none'}. "
        f"To help: {remedy}"
    )


class Workbook:
    """An .xlsx workbook: its sheets by name, each as a `Grid`."""

    def __init__(self, path: Path, header_row: int):
        _check_bytes(path)
        self.path, self.header_row = path, header_row
        self._formulas = _open(path, data_only=False)
        self._values = None
        self.names = [sheet.title for sheet in self._formulas.worksheets]

    def grid(self, name: str) -> Grid:
        """Read one sheet; a formula gives its stored value, or `NeverCalculated`."""
        sheet = self._formulas[name]
        held = {(c.column, c.row): c for c in sheet._cells.values() if c.value is not None}
        formulas = {place for place, cell in held.items() if cell.data_type == "f"}
        values = {place: cell.value for place, cell in held.items()}
        values |= self._stored(name, formulas, values)
        notices = () if sheet.sheet_state == "visible" else (("hidden_sheet", name),)
        return Grid(
            header=_header(values, self.header_row),
            columns=_columns(values, self.header_row),
            hidden_rows=frozenset(r for r, d in sheet.row_dimensions.items() if d.hidden),
            hidden_columns=frozenset(_hidden_columns(sheet)),
            notices=notices,
            merged=tuple(_merged(sheet, values, self.header_row)),
        )

    def _stored(self, name: str, formulas: set, values: dict) -> dict:
        if not formulas:
            return {}
        if self._values is None:
            self._values = _open(self.path, data_only=True)
        cells = self._values[name]._cells
        stored = {place: cells[place[::-1]].value for place in formulas}
        for place in (place for place, value in stored.items() if value is None):
            stored[place] = NeverCalculated(getattr(values[place], "text", values[place]))
        return stored


def _header(values: dict, header_row: int) -> dict:
    header = {column: tidy(cell) for (column, row), cell in values.items() if row == header_row}
    return {column: text for column, text in sorted(header.items()) if text}


def _columns(values: dict, header_row: int) -> dict:
    columns = {}
    for (column, row), value in values.items():
        if row > header_row:
            columns.setdefault(column, {})[row] = value
    return {column: pd.Series(cells, dtype=object) for column, cells in sorted(columns.items())}


def _merged(sheet, values: dict, header_row: int):
    for cells in sorted(sheet.merged_cells.ranges, key=lambda cells: cells.bounds[1::-1]):
        if cells.min_row > header_row and (cells.min_col, cells.min_row) in values:
            yield cells.coord, cells.min_col, cells.size["rows"] * cells.size["columns"]


def _hidden_columns(sheet):
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden:
            yield from range(dimension.min, dimension.max + 1)


def _open(path: Path, *, data_only: bool):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(path, data_only=data_only)
    except MemoryError:
        raise
    except Exception as wrong:
        raise _unreadable(path, f"it is damaged ({type(wrong).__name__}: {wrong})") from None


def _check_bytes(path: Path):
    start = path.read_bytes()
    text = start[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if not start:
        raise _unreadable(path, "the file is empty (0 bytes)")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in start:
            raise _unreadable(path, "it is protected by a password; remove the password")
        raise SourceError(
            f"{path}: this is an old .xls workbook: save it as .xlsx in Excel (File, Save as, "
            "Excel Workbook), and name that file under [source] file"
        )
    if text.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        raise _unreadable(path, "it is a web page (HTML or XML) that is only named like a workbook")
    if not zipfile.is_zipfile(path):
        raise _unreadable(path, "it is not an .xlsx workbook")


def _unreadable(path: Path, reason: str) -> SourceError:
    return SourceError(
        f"{path}: this cannot be read: {reason}. Open it in Excel or LibreOffice, save it as "
        "Excel Workbook (.xlsx), or save each sheet as CSV UTF-8 and set [source] folder"
    )


class Folder:
    """A folder of CSV files; a file's stem stands for the sheet's name."""

    def __init__(self, path: Path, header_row: int):
        self.path, self.header_row = path, header_row
        self._files = {file.stem: file for file in sorted(path.glob("*.[cC][sS][vV]"))}
        self.names = list(self._files)

    def grid(self, name: str) -> Grid:
        """Read one file; SourceError if empty, in no known encoding, or with broken quotes."""
        file = self._files[name]
        text, notices = _decoded(file)
        lines = _records(text, file, self.header_row)
        header = lines[self.header_row - 1] if len(lines) >= self.header_row else []
        _check_widths(lines, len(header), file, self.header_row)
        return Grid(
            header={n: tidy(heading) for n, heading in enumerate(header, 1) if tidy(heading)},
            columns=_csv_columns(lines[self.header_row :], self.header_row + 1),
            notices=notices,
        )


def _decoded(file: Path) -> tuple[str, tuple]:
    content = file.read_bytes()
    if not content:
        raise SourceError(f"{file}: the file is empty (0 bytes); export it again")
    for encoding, notices in (("utf-8-sig", ()), ("gb18030", (("encoding_gb18030", file.name),))):
        with suppress(UnicodeDecodeError):
            return content.decode(encoding), notices
    raise SourceError(f"{file}: the text is neither UTF-8 nor GB 18030; save it again as CSV UTF-8")


def _records(text: str, file: Path, header_row: int) -> list[list[str]]:
    lines = list(islice(io.StringIO(text), header_row + 5))
    header = (lines[header_row - 1 :] or [""])[0]
    if not {";", ","} & set(header):
        header = "".join(lines[header_row:])
    mark = ";" if header.count(";") > header.count(",") else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as wrong:
        raise SourceError(
            f"{file}: this is not a well-formed CSV file ({wrong}); export it again"
        ) from None


def _check_widths(lines: list, width: int, file: Path, header_row: int):
    """Stop at single lines with more fields than there are headings: their cells may be shifted."""
    below = list(enumerate(lines[header_row:], header_row + 1))
    long = [number for number, line in below if len(line) > width]
    if not long or len(long) > len(below) / 2:
        return
    listed = ", ".join(map(str, long[:5])) + " …" * (len(long) > 5)
    raise SourceError(
        f"{file}: more fields than the {width} headings in row {listed}, so that its cells may be "
        "shifted; put a text or number that holds the separator in quotes, or correct the row"
    )


def _csv_columns(records: list[list[str]], first_row: int) -> dict:
    rows = np.arange(first_row, first_row + len(records))
    columns = {}
    for number, values in enumerate(zip_longest(*records, fillvalue=""), 1):
        column = np.array(values, dtype=object)
        filled = column != ""
        if filled.any():
            columns[number] = pd.Series(column[filled], index=rows[filled], dtype=object)
    return columns
