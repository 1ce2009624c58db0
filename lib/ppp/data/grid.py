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

    `frame` has the raw values: a column a heading, row numbers of the source as the index, NaN for
    an empty cell, and no column that is dropped or has no heading.
    """

    sheet: str
    where: str  # the source and the sheet, for messages
    frame: pd.DataFrame
    letters: dict  # heading: letter of its column
    hidden: tuple = ()  # addresses of hidden rows (7:7) and columns (C:C) that hold data
    unread: dict = field(default_factory=dict)  # letter of a column not in `frame`: filled cells
    headless: tuple = ()  # letters of those that lack a heading
    notices: tuple = ()  # rule and raw value of what is to be said about the whole sheet
    merged: tuple = ()  # merged cells: range, heading above, number of cells
    likely_row: int | None = None  # looks more like the headings than the row declared

    def cell(self, row: int, heading: str) -> str:
        """Address of one cell within its sheet, as ``C12``."""
        return f"{self.letters[heading]}{row}"


@dataclass(frozen=True)
class Grid:
    """What both readers give; columns are numbered from 1."""

    header: dict  # column: heading
    columns: dict  # column: Series of what is filled below the headings, by row number
    hidden_rows: frozenset = frozenset()
    hidden_columns: frozenset = frozenset()
    notices: tuple = ()
    merged: tuple = ()  # merged cells that hold a value: range, first column, number of cells


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
    """Put cells under headings that are not dropped; SourceError where one is twice, or none is."""
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
