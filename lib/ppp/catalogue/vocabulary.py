"""Names under which free text may leave: ``data/vocabulary.csv``, spellings in three languages.

A text has a name if it is a spelling of one, or that and qualifiers alone (mild, left, 轻度).
"""

import csv
import difflib
import re
from functools import cache

from ppp.catalogue import lab_tests
from ppp.catalogue.dictionary import PATH as DICTIONARY
from ppp.catalogue.dictionary import TABLES, fields, spelt

PATH = DICTIONARY.with_name("vocabulary.csv")
CLINICAL = ("event", "comorbidity", "treatment")
KINDS = {  # of the entries of a field, the first first; of a field of the study's own, all
    "term": ("event", "comorbidity"),
    "soc": ("class",),
    "comorbidities": ("comorbidity", "event", "treatment"),
    "prior_treatments": ("treatment",),
    "test": ("test",),
    "unit": ("unit",),
}
OWN = ("trait", *CLINICAL)


LANGUAGES = ("english", "chinese", "german")


@cache
def rows() -> tuple[dict, ...]:
    """Read the table: ``kind``, ``name``, ``class``, and ``spellings``, the name among them."""
    with PATH.open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    return tuple(
        row | {"spellings": [row["name"], *(w for name in LANGUAGES for w in _words(row[name]))]}
        for row in read
    )


def _words(cell: str) -> list[str]:
    return list(filter(None, map(str.strip, cell.split(";"))))


@cache
def _names(kind: str) -> dict[str, dict]:
    return {spelt(word): row for row in rows() if row["kind"] == kind for word in row["spellings"]}


@cache
def _qualifiers() -> list[str]:
    return sorted(_names("qualifier"), key=len, reverse=True)


@cache
def name(text: str, field: str) -> str:
    """Name what an entry of a field means, or return an empty string.

    >>> name("带状疱疹", "term"), name("Mild acne (face)", "term"), name("acne, Mr Li", "term")
    ('Herpes zoster', 'Acne', '')
    >>> name("MTX", "prior_treatments"), name("ug/l", "unit"), name("Headache", "comorbidities")
    ('methotrexate', 'ug/l', 'headache')
    """
    if field == "unit":
        known = {lab_tests.fold_unit(word) for word in _units()}
        return text if lab_tests.fold_unit(text) in known else ""
    if field == "test" and lab_tests.canonical(text):
        return lab_tests.canonical(text)
    row = _row(spelt(text), field) or _row(_bare(text), field)
    return _cased(row, field) if row else ""


def _row(word: str, field: str) -> dict | None:
    return next((_names(k)[word] for k in KINDS.get(field, OWN) if word in _names(k)), None)


@cache
def _units() -> list[str]:
    known = [unit for test in lab_tests.known().values() for unit in test.factors]
    return known + [word for row in rows() if row["kind"] == "unit" for word in row["spellings"]]


def _bare(text: str) -> str:
    """Take the qualifiers off."""
    bare = spelt(text)
    for word in _qualifiers():
        bare = bare.replace(word, " ")
    return f" {' '.join(bare.split())} "


def _cased(row: dict, field: str) -> str:
    """Begin an event with a capital, and in a list the name of an event without."""
    made = row["name"]
    if field == "term":
        return made[0].upper() + made[1:]
    return made[0].lower() + made[1:] if row["kind"] == "event" and made[1].islower() else made


def class_of(text: str) -> str:
    """Give the system organ class of an event, or an empty string."""
    row = _row(spelt(text), "term") or _row(_bare(text), "term")
    return row["class"] if row else ""


def close(text: str, field: str) -> str:
    """Suggest a name for a text that has none: a spelling within it, or nearly like it."""
    words = {w: row for kind in KINDS.get(field, OWN) for w, row in _names(kind).items()}
    plain = spelt(text)
    within = sorted((w for w in words if w in plain and len(w) > 4), key=len)
    near = within[-1:] or difflib.get_close_matches(plain, words, n=1, cutoff=0.85)
    return _cased(words[near[0]], field) if near else ""


def is_plain(text: str) -> bool:
    """Tell whether a name of a sheet or a column is made of known words and numbers alone.

    >>> is_plain("随访 Visits"), is_plain("Woche 12"), is_plain("Wang Xiaoming")
    (True, True, False)
    """
    rest = spelt(re.sub(r"(?<=[^\W\d_])(?=\d)", " ", text))
    for word in _plain_words():
        rest = rest.replace(word, "  ")
    return all(word.isdigit() and len(word) < 3 for word in rest.split())


@cache
def _plain_words() -> list[str]:
    known = [f for table in TABLES for f in fields(table).values()]
    words = {spelt(word) for field in known for word in field.synonyms}
    return sorted(words | _names("sheet").keys(), key=len, reverse=True)
