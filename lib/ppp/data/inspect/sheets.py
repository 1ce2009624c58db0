"""The shape of an unknown source: its sheets, the rows of headings, the cells below each."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ppp.catalogue import dictionary
from ppp.catalogue.dictionary import plain
from ppp.data import totals
from ppp.data.headings import ROWS_TRIED, Grid, letter, tidy
from ppp.data.inspect import visits
from ppp.data.workbook import Folder, Workbook
from ppp.errors import SourceError


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
    """Read every sheet that holds anything."""
    folder = path.is_dir()
    source = Folder(path, 1) if folder else Workbook(path, 0)
    grids = {name: source.grid(name) for name in source.names}
    return [shape(name, grid) for name, grid in grids.items() if grid.columns or grid.header]


def shape(name: str, grid: Grid) -> Sheet:
    """Find the headings of one sheet and put its cells under them."""
    columns = {number: cells.to_dict() for number, cells in grid.columns.items()}
    for number, text in grid.header.items():  # of a CSV file, whose first line is read apart
        columns.setdefault(number, {})[1] = text
    frame = pd.DataFrame(columns, dtype=object).sort_index()
    frame = frame[sorted(frame)]
    first, count = _heading_rows(frame)
    last = first + count - 1
    outer, inner = _row(frame, first, carried=count > 1), _row(frame, last)
    body = frame.loc[frame.index > last].dropna(how="all")
    body = body[~body.apply(_is_sum, axis=1)] if len(body) else body
    found = []
    for number in frame:
        above, below = outer.get(number, "") if count > 1 else "", inner.get(number, "")
        heading = " ".join(filter(None, (above, below)))
        if heading:
            cells = body[number].dropna()
            cells = cells[cells.map(lambda cell: bool(str(cell).strip()))]
            found.append(Column(letter(number), heading, below or heading, cells))
    return Sheet(name, first, count, tuple(found), len(body))


def _row(frame: pd.DataFrame, row: int, *, carried: bool = False) -> dict:
    if row not in frame.index:
        return {}
    cells = frame.loc[row]
    cells = cells.ffill() if carried else cells
    return {number: tidy(cell) for number, cell in cells.dropna().items() if tidy(cell)}


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


def _words() -> set:
    named = [*dictionary.TABLES, dictionary.IDENTITY]
    return {
        word for table in named for f in dictionary.fields(table).values() for word in f.synonyms
    }
