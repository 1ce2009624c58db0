"""An unknown source: its sheets, their rows of headings, and which field each column may be."""

import difflib
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pandas as pd

from ppp.catalogue import dictionary
from ppp.catalogue.dictionary import Field, fold, plain
from ppp.data import words
from ppp.data.csv_files import Folder
from ppp.data.headings import ROWS_TRIED, Grid, letter, tidy
from ppp.data.inspect.cells import Look, split, week
from ppp.data.values import DATES
from ppp.data.workbook import Workbook
from ppp.errors import SourceError
from ppp.study.sections import Source

NEAR = 0.84
REMARKS = set(
    "remark|remarks|comment|comments|note|notes|free text|bemerkung|bemerkungen|kommentar|"
    "kommentare|notiz|notizen|anmerkung|anmerkungen|备注|说明|not|notlar|açıklama|açıklamalar|"
    "remarques|observaciones|observations".split("|")
)
UNITS = (
    r"mg d|mg day|mg tag|mg l|mg|mm h|jahre|jahr|years|yrs|yıl|yil|岁|年|kg m2|kg m²|points|punkte"
)
SINCE = re.compile(r"\b(?:since|seit|start|begin\w*|from|ab|başla\w*)\b|开始|起始|首次")


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
    return words.is_total(first)


def _heading_rows(frame: pd.DataFrame) -> tuple[int, int]:
    """Return the first row of headings and how many there are (1 or 2)."""
    width = frame.notna().sum(axis=1).max()
    tried = [row for row in frame.index if row <= ROWS_TRIED]
    texts = {row: [text for text in _row(frame, row).values() if _is_text(text)] for row in tried}
    likely = [row for row in tried if len(texts[row]) >= max(2, width / 2)] or tried[:1]
    known = {row: sum(map(_is_known, texts[row])) for row in likely}
    best = max(likely, key=lambda row: (known[row], -row))
    again = [text for text, count in Counter(texts[best]).items() if count > 1]
    bare = sum(week(text) is not None for text in texts[best])
    if best - 1 in frame.index and (again or bare > 1):
        return best - 1, 2
    below = _row(frame, best + 1)
    if len(below) > 1 and all(_is_text(text) and _is_known(text) for text in below.values()):
        return best, 2
    return best, 1


def _is_text(text: str) -> bool:
    return not text.replace(".", "").replace(",", "").replace("-", "").replace("/", "").isdigit()


def _is_known(text: str) -> bool:
    found = split(text)
    rest = plain(found.rest) if found else ""
    return plain(text) in _words() or rest in _words() or week(text) is not None


@cache
def _words() -> set:
    named = [*dictionary.TABLES, dictionary.IDENTITY]
    return {
        word for table in named for f in dictionary.fields(table).values() for word in f.synonyms
    }


@dataclass(frozen=True)
class Guess:
    """The field of one table that a column may be; `sure` when heading and cells agree."""

    column: Column
    look: Look
    table: str
    name: str
    reason: str
    sure: bool


@cache
def _named(table: str) -> dict[str, str]:
    words = {}
    for name, field in dictionary.fields(table).items():
        for word in (plain(name), *field.synonyms, plain(field.label)):
            words.setdefault(word, name)
            words.setdefault(word.replace(" ", ""), name)
    return words


@cache
def by_words(heading: str, table: str) -> tuple[str, str, bool] | None:
    """Find the field that the words of a heading mean: its name, the reason, whether it is sure.

    >>> by_words("SAPHO (y/n)", "patients")
    ('sapho', 'known without its bracket', True)
    >>> by_words("R palm E", "visits")
    ('right_palm_erythema', 'abbreviates the name', True)
    """
    bare = re.sub(r"[(\[{（【][^)\]}）】]*[)\]}）】]?", " ", heading)
    unitless = re.sub(rf"(?<!\w)(?:{UNITS})(?!\w)", " ", plain(bare))
    forms = [("known heading", heading), ("known without its bracket", bare)]
    forms += [("known without its unit", unitless)]
    forms += [(f"known by {part.strip()!r}", part) for part in re.split(r"[/|]", bare)]
    words = _named(table)
    for reason, form in forms:
        for word in (plain(form), plain(form).replace(" ", "")):
            if word in words:
                return words[word], reason, True
    word = plain(bare)
    return _abbreviated(word, table) or _numbered(word, table) or _alike(word, words)


def _abbreviated(word: str, table: str) -> tuple | None:
    parts = word.split()
    found = [
        name
        for name in dictionary.fields(table)
        if len(parts) == len(name.split("_")) > 2
        and all(full.startswith(part) for part, full in zip(parts, name.split("_"), strict=True))
    ]
    return (found[0], "abbreviates the name", True) if len(found) == 1 else None


def _numbered(word: str, table: str) -> tuple | None:
    item = re.fullmatch(r"(?:q|item|question|frage|soru|问题|第)\s?0?(\d+)\s?题?", word)
    name = f"dlqi_{item[1]}" if item else ""
    return (name, "numbered as its items are", False) if name in dictionary.fields(table) else None


def _alike(word: str, words: dict) -> tuple | None:
    near = difflib.get_close_matches(word, words, n=1, cutoff=NEAR)
    if near:
        return words[near[0]], f"like {near[0]!r}", False
    held = [known for known in words if _holds(word, known)]
    best = max(held, key=len, default=None)
    return best and (words[best], f"holds {best!r}", False)


def _holds(word: str, known: str) -> bool:
    if re.search(r"[\u4e00-\u9fff]", known):
        return len(known) > 1 and known in word
    return len(known) > 3 and f" {known} " in f" {word} "


def fit(field: Field, look: Look) -> str:
    """Say why the cells speak against a field; an empty text where they do not."""
    if look.kind == "empty" or field.name == "patient_id":
        return ""
    if field.kind in DATES:
        return "" if look.kind == "date" else "its cells are no dates"
    if field.kind in ("number", "integer"):
        return _fits_number(field, look)
    if field.kind == "choice" and look.kind in ("date", "text") and not field.choices.get("other"):
        return "its cells are no codes"
    return "its cells are dates" if look.kind == "date" else ""


def _fits_number(field: Field, look: Look) -> str:
    known = sum(count for text, count in look.levels.items() if fold(text) in field.aliases)
    weeks = sum(count for text, count in look.levels.items() if week(text) is not None)
    if known >= look.filled / 2 or (field.name == "week" and weeks >= look.filled / 2):
        return ""
    if look.kind != "number":
        return "its cells are no numbers"
    low = field.low is not None and look.high < field.low
    high = field.high is not None and look.low > field.high
    return "its numbers are outside the range" if low or high else ""


def guess(column: Column, look: Look, table: str) -> Guess | None:
    """Guess the field of one table that a column holds."""
    found = by_words(column.heading, table) or by_words(column.inner, table)
    if column.inner != column.heading and not (found and found[2]):
        found = by_words(column.inner, table) or found
    if not found:
        return None
    name, reason, sure = found
    against = fit(dictionary.fields(table)[name], look)
    if against and not sure:
        return None
    reason = f"{reason}, but {against}" if against else reason
    return Guess(column, look, table, name, reason, sure and not against)


def person(column: Column, look: Look) -> tuple[str, bool] | None:
    """Name the identity that a heading gives away, and whether it is sure."""
    for heading in (column.heading, column.inner):
        if kind := dictionary.identity(heading):
            return kind, True
    known = {
        word for field in dictionary.fields(dictionary.IDENTITY).values() for word in field.synonyms
    }
    several = look.kind in ("text", "number") and len(look.levels) > look.filled / 2
    words = [word for word in plain(column.inner).split() if len(word) > 2 and word in known]
    return (words[0], False) if words and several else None


def is_remark(column: Column) -> bool:
    """Tell whether a column holds remarks, by its heading."""
    return plain(column.inner) in REMARKS
