"""Read the source, an Excel workbook or a folder of CSV files, into one `RawTable` a table.

Nothing is interpreted here: a raw value stays the text, number, bool or datetime that it is.
"""

import re
import warnings
import zipfile
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.worksheet._reader import WorkSheetParser

from ppp.catalogue.dictionary import TABLES, plain
from ppp.data import headings, joining
from ppp.data.csv_files import Folder
from ppp.data.headings import Grid, NeverCalculated, RawTable, raw_table, side_by_side
from ppp.errors import SourceError, hint
from ppp.study import Study
from ppp.study.sections import Source

LARGEST = 400_000_000  # bytes of all that a workbook holds, unpacked
OTHERS = {  # a part by which another file in a zip is known
    "xl/workbook.bin": "it is a binary workbook (.xlsb)",
    "content.xml": "it is an OpenDocument file (.ods)",
    "Index/Document.iwa": "it is a Numbers file",
}
ZEROS = re.compile("00+")
LITERAL = re.compile(r'"[^"]*"|\\\\.')  # text within a number format


def read(study: Study, correct: Callable[[dict], dict] = dict) -> dict[str, RawTable]:
    """Read every sheet that feeds a table; one that feeds two is read once, one object for both.

    `correct` takes the sheets (name → `Grid`) and gives them with the corrections put in.

    Tables that were not recorded are left out; visits of several sheets become one table with the
    sheets side by side. Raises SourceError where the file cannot be read as what it should be, a
    sheet is missing, or a heading is there twice.
    """
    kind = Folder if study.source.is_folder else Workbook
    source = kind(study.source)
    sheets, absent = table_sheets(study, source.names)
    names = list(dict.fromkeys(name for several in sheets.values() for name in several))
    grids = correct({name: source.grid(name) for name in names})
    words = headings.known(study)
    read = {
        name: raw_table(name, grid, study.source, headings.likely(grid, study.source, words))
        for name, grid in grids.items()
    }
    read |= {name: joining.with_lists(read[name], study) for name in sheets.get("patients", ())}
    tables = {
        table: read[several[0]]
        if isinstance(study.source.sheets.get(table, ""), str)
        else joining.beside([read[name] for name in several])
        for table, several in sheets.items()
    }
    absent += headings.absent(tables, grids, study)
    if absent:
        wide = side_by_side(read.values(), study) if "visits" not in sheets else ""
        raise SourceError("\n".join(absent) + wide)
    unused = [("sheet_unused", name) for name in source.names if name not in read]
    first = tables["patients"]
    noticed = replace(first, notices=(*first.notices, *unused))
    return {table: noticed if raw is first else raw for table, raw in tables.items()}


def table_sheets(study: Study, names: list[str]) -> tuple[dict[str, tuple], list[str]]:
    """Say which sheets feed which table; tables without a sheet are left out.

    The second list has a message for each sheet that ``study.toml`` names, or that the analysis
    cannot do without, and that is missing.
    """
    sheets, absent = {}, []
    for table in TABLES:
        wanted = study.source.sheets.get(table, ())
        wanted = (wanted,) if isinstance(wanted, str) else tuple(wanted)
        gone = [name for name in wanted if name not in names]
        if gone:
            absent += [_no_sheet(study, table, name, names) for name in gone]
            continue
        near = [name for name in names if plain(name) == plain(table)]
        sheet = wanted or tuple(near[:1])
        if not sheet and table == "visits" and "visits" in study.wide:
            sheet = sheets.get("patients", ())
        if sheet:
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
    """An .xlsx workbook: its sheets by name, each as a `Grid`.

    openpyxl's parser gives the cells; an object for each would take three times the memory.
    """

    def __init__(self, source: Source):
        self.source, self.path = source, source.path
        _check_bytes(self.path)
        with _readable(self.path):
            file = BytesIO(self.path.read_bytes())
            self._book = openpyxl.load_workbook(file, read_only=True)
        self.names = [sheet.title for sheet in self._book.worksheets]
        formats = map(self._number_format, self._book._cell_styles)
        self._shown = {n: way for n, one in enumerate(formats) if (way := _as_shown(one))}

    def _number_format(self, style) -> str:
        further = style.numFmtId - BUILTIN_FORMATS_MAX_SIZE
        known = BUILTIN_FORMATS.get(style.numFmtId, "")
        return known if further < 0 else self._book._number_formats[further]

    def grid(self, name: str) -> Grid:
        """Read one sheet; a formula gives its stored value, or `NeverCalculated`."""
        last = self.source.last_header_row
        sheet, values, formulas = self._parsed(name)
        if formulas:
            _, stored, _ = self._parsed(name, data_only=True)
            values |= {at: stored.get(at, NeverCalculated(text)) for at, text in formulas.items()}
        merged = sheet.merged_cells.mergeCell if sheet.merged_cells else []
        for cells in merged:  # what they cover is not seen
            for row, column in list(cells.cells)[1:]:
                values.pop((column, row), None)
        hidden = self._book[name].sheet_state != "visible"
        rows = _heading_rows(values, self.source)
        header, inner = joining.one_heading(rows, merged=_spans(merged, self.source.header_row))
        return Grid(
            header=header,
            inner=inner,
            columns=_columns(values, last),
            hidden_rows=frozenset(int(r) for r, d in sheet.row_dimensions.items() if _is_hidden(d)),
            hidden_columns=frozenset(_hidden_columns(sheet)),
            notices=(("hidden_sheet", name),) if hidden else (),
            merged=tuple(_merged(merged, values, last)),
        )

    def _parsed(self, name: str, *, data_only: bool = False) -> tuple:
        """Parse one sheet: what its parser met, its values by column and row, its formulas."""
        book, sheet, values, formulas = self._book, self._book[name], {}, {}
        with _readable(self.path), sheet._get_source() as xml:
            about = (book.epoch, book._date_formats, book._timedelta_formats)
            parser = WorkSheetParser(xml, sheet._shared_strings, data_only, *about)
            for cell in (cell for _, row in parser.parse() for cell in row):
                value, at = cell["value"], (cell["column"], cell["row"])
                if value is None:
                    continue
                if cell["data_type"] == "f":
                    formulas[at] = getattr(value, "text", value)
                elif cell["style_id"] in self._shown and type(value) in (int, float):
                    value = self._shown[cell["style_id"]](value)
                values[at] = value
        return parser, values, formulas


def _as_shown(form: str):
    """Say how a format writes a number as it is seen: 0.45 as "45%", 7 as "007"; else nothing."""
    if "%" in LITERAL.sub("", form):
        return lambda number: f"{number * 100:.10g}%"
    if ZEROS.fullmatch(form):
        return lambda number: number if number % 1 else f"{number:0{len(form)}.0f}"
    return None


def _heading_rows(values: dict, source: Source) -> list[dict]:
    rows = range(source.header_row, source.last_header_row + 1)
    held = sorted(item for item in values.items() if item[0][1] in rows)
    return [{column: cell for (column, row), cell in held if row == one} for one in rows]


def _spans(merged: list, row: int) -> list[range]:
    """List the columns of merged cells in one row."""
    there = [cells for cells in merged if cells.min_row <= row <= cells.max_row]
    return [range(cells.min_col, cells.max_col + 1) for cells in there]


def _columns(values: dict, header_row: int) -> dict:
    columns = {}
    for (column, row), value in values.items():
        if row > header_row:
            columns.setdefault(column, {})[row] = value
    return {column: pd.Series(cells, dtype=object) for column, cells in sorted(columns.items())}


def _merged(merged: list, values: dict, header_row: int):
    for cells in sorted(merged, key=lambda cells: cells.bounds[1::-1]):
        if cells.min_row > header_row and (cells.min_col, cells.min_row) in values:
            yield cells.coord, cells.min_col, cells.size["rows"] * cells.size["columns"]


def _hidden_columns(sheet: WorkSheetParser):
    for dimension in sheet.column_dimensions.values():
        if _is_hidden(dimension):
            yield from range(int(dimension["min"]), int(dimension["max"]) + 1)


def _is_hidden(dimension) -> bool:
    return dimension.get("hidden") in ("1", "true")


@contextmanager
def _readable(path: Path):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
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
        cut = start.startswith(b"PK")
        raise _unreadable(
            path, "it is cut off; copy or download it again" if cut else "it is no workbook"
        )
    with zipfile.ZipFile(path) as parts:
        held = {part.filename: part.file_size for part in parts.infolist()}
    for name in OTHERS.keys() & held:
        raise _unreadable(path, OTHERS[name])
    if sum(held.values()) > LARGEST:
        raise SourceError(
            f"{path}: unpacked it is {sum(held.values()) / 1e6:,.0f} MB, more than the "
            f"{LARGEST / 1e6:.0f} MB that are read. To help: delete the rows, columns, sheets and "
            "pictures that are not needed, or save each sheet as CSV UTF-8 and set [source] folder"
        )


def _unreadable(path: Path, reason: str) -> SourceError:
    return SourceError(
        f"{path}: this cannot be read: {reason}. Open it in Excel or LibreOffice, save it as "
        "Excel Workbook (.xlsx), or save each sheet as CSV UTF-8 and set [source] folder"
    )
