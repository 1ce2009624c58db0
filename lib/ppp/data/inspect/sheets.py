"""The shape of an unknown source: its sheets, the rows of headings, the cells below each."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pandas as pd

from ppp.catalogue import dictionary
from ppp.catalogue.dictionary import plain
from ppp.data import totals
from ppp.data.csv_files import Folder
from ppp.data.headings import ROWS_TRIED, Grid, letter, tidy
from ppp.data.inspect import visits
from ppp.data.workbook import Workbook
from ppp.errors import SourceError
from ppp.study.sections import Source


@dataclass(frozen=True)
class Column:
    """One column: its heading as the reader names it, the part below a second row, its cells."""

    letter: str
    heading: str
    inner: str
    cells: pd.Series  # filled, below the headings, without rows that sum up others


@dataclass(frozen=True)
class Sheet:
    """One sheet or CSV file; `header_rows` rows of headings, the first of them `header_row`."""

    name: str
    header_row: int
    header_rows: int
    columns: tuple
    rows: int


def locate(path: Path) -> Path:
    """Return the workbook, or the folder of CSV files, that a path means; else SourceError."""
    if path.suffix.lower() == ".csv" and path.is_file():
        return path.parent
    if path.is_dir() and not any(path.glob("*.[cC][sS][vV]")):
        books = [book for book in path.glob("*.xlsx") if not book.name.startswith("~")]
        if len(books) == 1:
            return books[0]
        raise SourceError(f"{path}: give one workbook (.xlsx), or a folder of CSV files")
    if not path.exists():
        raise SourceError(f"{path}: there is no such file or folder")
    return path


def read(path: Path) -> list[Sheet]:
    """Read every sheet that holds anything, under the headings that the reader will see."""
    kind = Folder if path.is_dir() else Workbook
    reader, first = kind(Source(path=path)), Source(path=path)
    made = []
    for name in reader.names:
        reader.source = first
        grid = reader.grid(name)
        if grid.columns or grid.header:
            row, count = _heading_rows(_all(grid))
            reader.source = replace(first, header_row=row, header_rows=count)
            made.append(_sheet(name, reader.grid(name), reader.source))
    return made


def _all(grid: Grid) -> pd.DataFrame:
    """Put the first row back above the others."""
    columns = {number: cells.to_dict() for number, cells in grid.columns.items()}
    for number, text in grid.header.items():
        columns.setdefault(number, {})[1] = text
    frame = pd.DataFrame(columns, dtype=object).sort_index()
    return frame[sorted(frame)]


def _sheet(name: str, grid: Grid, source: Source) -> Sheet:
    body = pd.DataFrame(grid.columns, dtype=object).sort_index()
    body = body[~body.apply(_is_sum, axis=1)] if len(body) else body
    found = []
    for number, heading in grid.header.items():
        cells = body[number].dropna() if number in body else pd.Series(dtype=object)
        cells = cells[[bool(str(cell).strip()) for cell in cells]]
        found.append(Column(letter(number), heading, grid.inner.get(number, heading), cells))
    return Sheet(name, source.header_row, source.header_rows, tuple(found), len(body))


def _row(frame: pd.DataFrame, row: int) -> dict:
    cells = frame.loc[row].dropna() if row in frame.index else {}
    return {number: tidy(cell) for number, cell in cells.items() if tidy(cell)}


def _is_sum(row: pd.Series) -> bool:
    first = next((cell for cell in row if isinstance(cell, str) and cell.strip()), "")
    return totals.is_total(first)


def _heading_rows(frame: pd.DataFrame) -> tuple[int, int]:
    """Return the first row of headings and how many there are (1 or 2)."""
    width = frame.notna().sum(axis=1).max()
    tried = [row for row in frame.index if row <= ROWS_TRIED]
    texts = {row: [text for text in _row(frame, row).values() if _is_text(text)] for row in tried}
    likely = [row for row in tried if len(texts[row]) >= max(2, width / 2)] or tried[:1]
    known = {row: sum(map(_is_known, texts[row])) for row in likely}
    best = max(likely, key=lambda row: (known[row], -row))
    again = [text for text, count in Counter(texts[best]).items() if count > 1]
    bare = sum(visits.week(text) is not None for text in texts[best])
    if best - 1 in frame.index and (again or bare > 1):
        return best - 1, 2
    below = _row(frame, best + 1)
    if len(below) > 1 and all(_is_text(text) and _is_known(text) for text in below.values()):
        return best, 2
    return best, 1


def _is_text(text: str) -> bool:
    return not text.replace(".", "").replace(",", "").replace("-", "").replace("/", "").isdigit()


def _is_known(text: str) -> bool:
    split = visits.split(text)
    rest = plain(split.rest) if split else ""
    return plain(text) in _words() or rest in _words() or visits.week(text) is not None


@cache
def _words() -> set:
    named = [*dictionary.TABLES, dictionary.IDENTITY]
    return {
        word for table in named for f in dictionary.fields(table).values() for word in f.synonyms
    }
