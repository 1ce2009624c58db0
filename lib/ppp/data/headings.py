"""A sheet as raw cells under its headings, whatever file it came from.

Headings that are not where ``study.toml`` says are told all at once, with what to write instead.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

import pandas as pd

from ppp.catalogue import dictionary
from ppp.catalogue.dictionary import plain
from ppp.catalogue.identifiers import blot
from ppp.errors import SourceError, hint
from ppp.study import Study
from ppp.study.sections import Source

ROWS_TRIED = 20
WORD = "(?:weeks?|wks?|wochen?|wo|w|第)"
START = "baseline|base|bl|beginn|start|vorher|基线|治疗前"
VISIT = rf"(?P<visit>{WORD}[ ._-]*\d+(?: ?周)?|\d+ ?(?:周|{WORD})?|{START})"
PLACES = [
    re.compile(rf"[ ._(-]*{VISIT}\)?$", re.IGNORECASE),
    re.compile(rf"^\(?{VISIT}[ ._)-]+", re.IGNORECASE),
]


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
    parts: tuple = ()  # the sheets, a `RawTable` each, where several lie side by side
    inner: dict = field(default_factory=dict)  # heading: its last row, where it has several
    likely: str = ""  # what to declare, where another row looks more like the headings
    boxes: dict = field(default_factory=dict)  # heading of a made list: those of its checkboxes
    ragged: dict = field(default_factory=dict)  # number of a line that is not parted: its fields

    def cell(self, row: int, heading: str) -> str:
        """Address of one cell within its sheet, as ``C12``."""
        return f"{self.letters[heading]}{row}"

    @property
    def names(self) -> list[str]:
        """The headings, of several sheets each once."""
        sheets = self.parts or (self,)
        return list(dict.fromkeys(heading for part in sheets for heading in part.letters))

    @property
    def sheets(self) -> list[str]:
        """Names of the sheets that it is made of."""
        return [part.sheet for part in self.parts or (self,)]

    def sheet_of(self, block: int) -> str:
        """Name the sheet that holds a block of columns."""
        return self.parts[block].sheet if self.parts else self.sheet

    def sheet_with(self, heading: str) -> str:
        """Name the sheet that holds a heading."""
        return heading.partition("\n")[0] if self.parts else self.sheet


@dataclass(frozen=True)
class Grid:
    """What both readers give; columns are numbered from 1."""

    header: dict  # column: heading
    inner: dict  # column: the heading's last row, where there are several
    columns: dict  # column: Series of what is filled below the headings, by row number
    hidden_rows: frozenset = frozenset()
    hidden_columns: frozenset = frozenset()
    notices: tuple = ()
    merged: tuple = ()  # merged cells that hold a value: range, first column, number of cells
    ragged: dict = field(default_factory=dict)  # lines with more or fewer fields than headings


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


def raw_table(name: str, grid: Grid, source: Source, likely: str = "") -> RawTable:
    """Put cells under headings that are not dropped; SourceError where one is twice, or none is."""
    where = f"{source.path.name}, {name!r}"
    drop = {tidy(heading) for heading in source.drop}
    kept = {
        number: text
        for number, text in grid.header.items()
        if not {text, grid.inner.get(number)} & drop
    }
    if not kept:
        raise SourceError(
            f"{where}: row {source.header_row} holds no headings; "
            f"set [source] {likely or 'header_row to the row that does'}"
        )
    _check_unique(kept, where, likely)
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
        inner={text: grid.inner[number] for number, text in kept.items() if number in grid.inner},
        likely=likely,
        ragged=grid.ragged,
    )


def _check_unique(header: dict, where: str, likely: str):
    counts = Counter(header.values())
    twice = {
        text: " and ".join(letter(number) for number, one in header.items() if one == text)
        for text, count in counts.items()
        if count > 1
    }
    if twice:
        named = [f"{text!r} is there twice (columns {places})" for text, places in twice.items()]
        raise SourceError(
            f"{where}: the heading {', '.join(named)}; rename or remove one in the source, or, "
            "where the row above or below tells them apart, set [source] "
            f"{likely or 'header_row to the upper of the two and header_rows = 2'}"
        )


def _hidden(grid: Grid, kept: dict, rows: list):
    yield from (f"{row}:{row}" for row in rows if row in grid.hidden_rows)
    hidden = (letter(number) for number in kept if number in grid.hidden_columns)
    yield from (f"{name}:{name}" for name in hidden)


def known(study: Study) -> set[str]:
    """Return all headings that a field answers to or ``study.toml`` names, as `plain` does."""
    fields = [field for table in dictionary.TABLES for field in dictionary.fields(table).values()]
    words = {word for field in fields for word in field.synonyms}
    named = [heading for table in dictionary.TABLES for heading, _ in wanted(table, study)]
    return words | {plain(tidy(heading)) for heading in named}


def wanted(table: str, study: Study) -> list[tuple[str, str]]:
    """List the headings that ``study.toml`` names for one table, each with its key."""
    named = [
        (heading, f"[columns.{table}] {name}")
        for name, heading in study.columns.get(table, {}).items()
    ]
    extras = {name: extra.heading for name, extra in study.extra.get(table, {}).items()}
    wide = dict(study.wide.get(table, {}))
    labels = wide.pop("labels", ())
    for section, templates in (("wide", wide), ("extra", extras)):
        for name, template in templates.items():
            key = f"[{section}.{table}] {name}"
            named += [(heading, key) for heading in _spelt(template, labels)]
    return named


def _spelt(template, labels) -> list[str]:
    if isinstance(template, dict):
        return list(template.values())
    return [template.replace("{label}", label) for label in labels] or [template]


def likely(grid: Grid, source: Source, words: set[str]) -> str:
    """Say which heading row to declare, where one just below holds more known `words`.

    Where texts come again in it, the row above tells them apart.
    """
    best, most = None, max(1, sum(plain(text) in words for text in grid.header.values()))
    first = source.last_header_row + 1
    for row in range(first, first + ROWS_TRIED):
        texts = _texts(grid, row)
        count = sum(plain(text) in words for text in texts)
        if count > most:
            best, most = row, count
    if best is None:
        return ""
    if len(set(_texts(grid, best))) == len(_texts(grid, best)):
        return f"header_row = {best}"
    return f"header_row = {best - 1} and header_rows = 2"


def _texts(grid: Grid, row: int) -> list[str]:
    cells = [column.get(row) for column in grid.columns.values()]
    return [tidy(cell) for cell in cells if isinstance(cell, str)]


def absent(tables: dict[str, RawTable], grids: dict[str, Grid], study: Study) -> list[str]:
    """List the headings that ``study.toml`` names and that are not there: one line a sheet.

    `grids` are the sheets of `tables` as they were before headings were dropped.
    """
    lines = []
    for sheet in {raw.sheet: raw for raw in tables.values()}.values():
        named = [
            pair for table, raw in tables.items() if raw is sheet for pair in wanted(table, study)
        ]
        gone = [pair for pair in dict.fromkeys(named) if tidy(pair[0]) not in sheet.names]
        if gone:
            named = {tidy(heading) for heading, _ in named}
            free = [heading for heading in sheet.names if heading not in named]
            lines.append(f"{sheet.where}: {_gone(gone, free)}. {listed(sheet)}")
    written = [(*grid.header.values(), *grid.inner.values()) for grid in grids.values()]
    there = dict.fromkeys(text for texts in written for text in texts)
    gone = [(text, "[source] drop") for text in study.source.drop if tidy(text) not in there]
    if gone:
        gone = _gone(gone, there, listed=True)
        lines.append(f"{study.source.path.name}: {gone}. Correct it, or remove it from drop")
    return lines


def _gone(gone: list, there, *, listed: bool = False) -> str:
    each = [
        f"{heading!r} ({key}){hint(tidy(heading), there, listed=listed and len(gone) == 1)}"
        for heading, key in gone
    ]
    return f"there {'is no heading' if len(each) == 1 else 'are no headings'} {', '.join(each)}"


def listed(sheet: RawTable) -> str:
    """List the headings for a message, unless another row looks more like them."""
    if not sheet.likely:
        return f"The headings are: {', '.join(map(blot, sheet.names))}"
    row = sheet.likely.split()[2]
    return f"Row {row} looks like the headings: set [source] {sheet.likely}"


def side_by_side(sheets, study: Study) -> str:
    """Say how to read visits that lie side by side, where headings look like it; else nothing.

    One of the two ways out is a piece of ``study.toml`` made from the headings.
    """
    if "visits" in study.wide:
        return ""
    visits = [visit for sheet in sheets for visit in map(_as_visit, sheet.names) if visit]
    if len(visits) < 2:
        return ""
    baseline = study.schedule.baseline
    labels = {label: baseline if week is None else week for *_, label, week in visits}
    fields = {
        name: Counter(t for field, t, *_ in visits if field == name).most_common(1)[0][0]
        for name, *_ in visits
    }
    pairs = ", ".join(f'"{label}" = {week}' for label, week in labels.items())
    lines = ["[wide.visits]", f"labels = {{ {pairs} }}"]
    lines += [f'{name} = "{template}"' for name, template in fields.items()]
    name, template, label, _ = visits[0]
    return (
        f". Headings such as {template.replace('{label}', label)!r} look like one column a visit: "
        f"give one row a patient and visit instead (patient_id, week, {name}, …), or write in "
        "study.toml:\n" + "\n".join(f"    {line}" for line in lines)
    )


def _as_visit(heading: str) -> tuple | None:
    """Take a heading apart: field, template, label, week (None for the baseline)."""
    fields = {
        name: field
        for name, field in dictionary.fields("visits").items()
        if name not in ("patient_id", "week", "date")
    }
    if any(plain(heading) in field.synonyms for field in fields.values()):
        return None
    for place in PLACES:
        match = place.search(heading)
        word = plain(heading.replace(match[0], " ")) if match else ""
        for name in [name for name, one in fields.items() if word in one.synonyms]:
            (start, end), digits = match.span("visit"), re.search(r"\d+", match["visit"])
            template = heading[:start] + "{label}" + heading[end:]
            return name, template, match["visit"], int(digits[0]) if digits else None
    return None
