"""A sheet as a grid of raw cells, whatever file it came from, and the `RawTable` made of it."""

import unicodedata
from dataclasses import dataclass, field

import pandas as pd

from ppp.errors import SourceError


class NeverCalculated(str):
    """A formula whose value the workbook does not hold; the text is the formula."""


@dataclass(frozen=True)
class RawTable:
    """One sheet below its headings.

    Attributes
    ----------
    sheet, where : str
        Name of the sheet, or of the CSV file without its ending; with the source's, for messages.
    frame : DataFrame of object
        Raw values; a column a heading, the index is the row number of the source; an empty cell
        is NaN. Columns that are dropped or have no heading are not in it.
    letters : dict
        Heading → letter of its column.
    hidden : tuple of str
        Addresses of hidden rows (``7:7``) and columns (``C:C``) that hold data.
    unread : dict
        Column letter → number of non-empty cells in columns that are dropped or lack a heading.
    headless : tuple of str
        Letters of the columns in `unread` that lack a heading.
    notices : tuple of (str, str)
        Rule and raw value of what the reader wants said about the whole sheet.
    merged : tuple of (str, str, int)
        Merged cells below the headings: range, heading above, number of cells.
    likely_row : int or None
        A row that looks more like the headings than the one that was declared.
    """

    sheet: str
    where: str
    frame: pd.DataFrame
    letters: dict
    hidden: tuple = ()
    unread: dict = field(default_factory=dict)
    headless: tuple = ()
    notices: tuple = ()
    merged: tuple = ()
    likely_row: int | None = None

    def cell(self, row: int, heading: str) -> str:
        """Address of one cell within its sheet, as ``C12``."""
        return f"{self.letters[heading]}{row}"


@dataclass(frozen=True)
class Grid:
    """What both readers give.

    Attributes
    ----------
    header : dict
        Column number, from 1 → heading.
    columns : dict
        Column number → Series of the raw values below the heading row, by row number; empty
        cells are left out.
    merged : tuple of (str, int, int)
        Merged cells below the heading row that hold a value: range, first column, number of cells.
    """

    header: dict
    columns: dict
    hidden_rows: frozenset = frozenset()
    hidden_columns: frozenset = frozenset()
    notices: tuple = ()
    merged: tuple = ()


def letter(number: int) -> str:
    """Name a column by its letters.

    >>> letter(1), letter(28), letter(16384)
    ('A', 'AB', 'XFD')
    """
    above, rest = divmod(number - 1, 26)
    return (letter(above) if above else "") + chr(65 + rest)


def tidy(heading) -> str:
    """Write a heading on one line, in normal width, without spaces around it."""
    return " ".join(unicodedata.normalize("NFKC", str(heading)).split())


def raw_table(name: str, grid: Grid, source, likely_row: int | None = None) -> RawTable:
    """Put the cells of the sheet of this name under its headings; `source` says which are dropped.

    Raises
    ------
    SourceError
        No headings in the heading row, or one of them twice.
    """
    where = f"{source.path.name}, {name!r}"
    drop = {tidy(heading) for heading in source.drop}
    kept = {number: text for number, text in grid.header.items() if text not in drop}
    if not kept:
        raise SourceError(
            f"{where}: row {source.header_row} holds no headings; "
            f"set [source] header_row {f'= {likely_row}' if likely_row else 'to the row that does'}"
        )
    _check_unique(kept, where)
    rows = sorted(set().union(*(grid.columns[c].index for c in kept if c in grid.columns)))
    empty = pd.Series(dtype=object)
    frame = pd.DataFrame(
        {text: grid.columns.get(c, empty).reindex(rows) for c, text in kept.items()},
        index=pd.Index(rows, name="row"),
        dtype=object,
    )
    return RawTable(
        sheet=name,
        where=where,
        frame=frame,
        hidden=tuple(_hidden(grid, kept, rows)),
        notices=grid.notices,
        letters={text: letter(number) for number, text in kept.items()},
        unread={letter(c): len(v) for c, v in grid.columns.items() if c not in kept},
        headless=tuple(letter(c) for c in grid.columns if c not in grid.header),
        merged=tuple((place, kept[c], n) for place, c, n in grid.merged if c in kept),
        likely_row=likely_row,
    )


def _check_unique(header: dict, where: str):
    seen = {}
    for number, text in header.items():
        if text in seen:
            first, second = letter(seen[text]), letter(number)
            raise SourceError(
                f"{where}: the heading {text!r} is there twice (columns {first} and {second}); "
                "rename or remove one in the source"
            )
        seen[text] = number


def _hidden(grid: Grid, kept: dict, rows: list):
    yield from (f"{row}:{row}" for row in rows if row in grid.hidden_rows)
    hidden = (letter(number) for number in kept if number in grid.hidden_columns)
    yield from (f"{name}:{name}" for name in hidden)
