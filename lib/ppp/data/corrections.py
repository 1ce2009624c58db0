"""Corrections of single cells, in a file beside ``study.toml``, applied before anything is read.

A corrected cell passes the checks of any other. A line that does not fit the source stops the run.
"""

import re
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pandas as pd
from openpyxl.utils.cell import coordinate_to_tuple

from ppp.data.csv_files import csv_grid
from ppp.data.headings import Grid
from ppp.data.rows import Rows
from ppp.data.values import ISO, NUMBER, tidy
from ppp.data.workbook import Workbook
from ppp.errors import SourceError, hint
from ppp.study.sections import Source

COLUMNS = "sheet cell patient_id week field old new reason by date".split()
NEEDED = "sheet cell old new reason by".split()
SAME = ["sheet", "cell", "old", "new"]  # a line that says them again is the same correction
ANSWER = ["new", "reason", "by"]
ANSWERED, ASKED = "answered", "queries"  # sheets of queries.xlsx; the first is older
CELL = re.compile(r"([A-Z]{1,3})([1-9]\d*)")
MOST_TOLD = 10


def given(source: Source) -> pd.DataFrame:
    """Read the corrections that lie beside ``study.toml``: `COLUMNS`, and the `place` of each line.

    `old` and `new` are as typed, the others text. Left out are lines of a workbook without an
    answer, or about no cell, and lines that come again, as when an older list is carried on. Raises
    SourceError where a column is missing.
    """
    tables = [table for file in source.answers for table in _tables(file)]
    if not tables:
        return pd.DataFrame(columns=[*COLUMNS, "place"], dtype=object)
    lines = pd.concat(tables, ignore_index=True)
    said = lines[COLUMNS].map(lambda cell: "" if pd.isna(cell) else tidy(cell))
    said["cell"] = said["cell"].str.upper().str.replace("$", "")
    lines = lines.assign(**said.drop(columns=["old", "new"]))
    return lines[~said.duplicated(SAME)].reset_index(drop=True)


def _tables(file):
    if file.suffix.lower() == ".csv":
        yield _table(csv_grid(file, Source()), f"{file.name}, line")
        return
    book = Workbook(Source(file=file.name, path=file))
    for name in [one for one in (ANSWERED, ASKED) if one in book.names] or book.names[:1]:
        table = _table(book.grid(name), f"{file.name}, sheet {name!r}, row")
        blank = table.map(lambda cell: pd.isna(cell) or not tidy(cell))
        yield table[~blank[ANSWER].all(axis=1) & ~blank[["sheet", "cell"]].all(axis=1)]


def _table(grid: Grid, where: str) -> pd.DataFrame:
    empty = pd.Series(dtype=object)
    cells = {text.lower(): grid.columns.get(c, empty) for c, text in grid.header.items()}
    absent = [name for name in NEEDED if name not in cells]
    if absent:
        raise SourceError(
            f"{where.rpartition(',')[0]}: no column {', '.join(absent)}; the first row must name "
            f"the columns {', '.join(COLUMNS)}"
        )
    table = pd.DataFrame(cells, dtype=object).reindex(columns=COLUMNS)
    return table.assign(place=[f"{where} {number}" for number in table.index])


def applied(grids: dict[str, Grid], lines: pd.DataFrame, source: Source) -> dict[str, Grid]:
    """Put corrections into the sheets, in their order; SourceError names each that does not fit."""
    if lines.empty:
        return grids
    mended = {
        name: replace(grid, columns={c: cells.copy() for c, cells in grid.columns.items()})
        for name, grid in grids.items()
    }
    wrong = []
    for line in lines.itertuples():
        why = _refusal(line, grids, mended, source)
        if why:
            wrong.append(f"{line.place}: {why}")
        else:
            _put(mended[line.sheet].columns, line.cell, _typed(line.new, source))
    if wrong:
        more = [f"… and {len(wrong) - MOST_TOLD} more"] * (len(wrong) > MOST_TOLD)
        raise SourceError("\n".join([*wrong[:MOST_TOLD], *more]))
    return mended


def _refusal(line, grids: dict, mended: dict, source: Source) -> str:
    """Say why a correction cannot be applied, and what to do; empty where it can."""
    if not (line.reason and line.by):
        return "a correction needs a reason and who made it; fill in the columns reason and by"
    if line.sheet not in grids:
        return f"no sheet {line.sheet!r} is read{hint(line.sheet, grids)}"
    if not CELL.fullmatch(line.cell):
        return "the column cell must hold the address of one cell, such as C12"
    (row, column), now = coordinate_to_tuple(line.cell), mended[line.sheet]
    rows = [cells.index.max() for cells in now.columns.values() if len(cells)]
    if column not in now.header or not source.last_header_row < row <= max(rows, default=0):
        return f"there is no cell {line.cell} below the headings of {line.sheet!r}"
    before = grids[line.sheet]
    named = {tidy(cell) for cell in (*_row(before, row), *_row(now, row))} | {str(row)}
    if line.patient_id and line.patient_id not in named:
        return (
            f"row {row} of {line.sheet!r} is not of the patient of this line; rows may have moved: "
            "look the cell up again, and correct the columns cell and patient_id"
        )
    if not _same(now.columns.get(column, pd.Series(dtype=object)).get(row, np.nan), line.old):
        return (
            f"cell {line.cell} of {line.sheet!r} does not hold the old value; write what it holds "
            "now in the column old, or remove the line if the source was corrected"
        )
    return ""


def _row(grid: Grid, row: int):
    return (cells[row] for cells in grid.columns.values() if row in cells.index)


def _same(raw, old) -> bool:
    """Tell whether a cell holds what a correction says; 3, 3.0 and "3" are the same."""
    if pd.isna(raw) or pd.isna(old):
        return not any(tidy(cell) for cell in (raw, old) if not pd.isna(cell))
    old = tidy(old)
    if old in (tidy(raw), tidy(str(raw))):
        return True
    number = isinstance(raw, (int, float)) and NUMBER["."].fullmatch(old)
    return bool(number) and float(old) == raw


def _typed(new, source: Source):
    """Give the new value as a cell of the source holds it: in a workbook a number is a number."""
    if not isinstance(new, str) or source.is_folder:
        return new
    text = tidy(new)
    leading = text.lstrip("+-").startswith("0") and text.lstrip("+-")[1:2].isdigit()
    if source.decimal == "." and NUMBER["."].fullmatch(text) and not leading:
        return float(text)
    if ISO.fullmatch(text):
        return datetime.combine(date.fromisoformat(text[:10]), datetime.min.time())
    return new


def _put(columns: dict, cell: str, new):
    row, column = coordinate_to_tuple(cell)
    cells = columns.get(column, pd.Series(dtype=object))
    if pd.isna(new) or not tidy(new):
        columns[column] = cells.drop(row, errors="ignore")
    else:
        columns[column] = pd.concat(
            [cells.drop(row, errors="ignore"), pd.Series({row: new}, dtype=object)]
        )


def noted(rows: Rows, lines: pd.DataFrame) -> Rows:
    """Warn of each cell that a correction changed."""
    for line in lines.itertuples():
        for name, at in _found(rows, line):
            rows = rows.note(
                name, pd.Series(np.isin(rows.raw.index, at), rows.raw.index), "corrected"
            )
    return rows


def _found(rows: Rows, line):
    """Give each field that a corrected cell feeds, and the numbers of its rows."""
    column, row = CELL.fullmatch(line.cell).groups()
    raw = rows.layout.raw
    for name, headings in rows.layout.headings.items():
        for block, heading in enumerate(headings):
            here = heading is not None and raw.letters[heading] == column
            if here and raw.sheet_with(heading) == line.sheet:
                yield name, np.flatnonzero((rows.row_of(name) == int(row)) & (rows.block == block))
