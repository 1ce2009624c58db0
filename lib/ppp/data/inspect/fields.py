"""Which field a column probably is, and why: by its heading first, then by what its cells hold."""

import difflib
import re
from dataclasses import dataclass
from functools import cache

from ppp.catalogue import dictionary
from ppp.catalogue.dictionary import Field, fold, plain
from ppp.data.inspect import visits
from ppp.data.inspect.cells import Look
from ppp.data.inspect.sheets import Column
from ppp.data.values import DATES

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
    weeks = sum(count for text, count in look.levels.items() if visits.week(text) is not None)
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
