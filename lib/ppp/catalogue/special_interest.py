"""Adverse events of special interest for JAK inhibitors, by data/special_interest.csv.

How the table is read, row by row:

1. Phrases are separated by `;`. A row counts where one phrase of `words` does and none of `except`.
2. A phrase counts where all of its parts, joined by `+`, stand in the term, in any order.
3. A part is a word or several in sequence, always whole; `*` before or after it stands for any
   further letters. Each Chinese character is a word, so that Chinese is found anywhere.
4. `{name}` stands for any of the words in the row of that name (outcome ``group``).
5. Case, width and punctuation do not matter; ä = ae = e, ö = oe = e, ü = ue: anaemia = anemia.

A row counts whatever language the term is in; `language` says whose words the row holds.
"""

from functools import cache
from itertools import chain
from typing import NamedTuple

import pandas as pd

from ppp.catalogue.dictionary import PATH as DICTIONARY
from ppp.catalogue.dictionary import spelt

TABLE = DICTIONARY.with_name("special_interest.csv")
NAME = ["outcome", "category"]

Phrase = list[frozenset[str]]


class Line(NamedTuple):
    """A row of the table as it is searched: phrases of parts, each part any of its spellings."""

    outcome: str
    category: str
    needs: str
    words: list[Phrase]
    but: list[Phrase]


@cache
def table() -> pd.DataFrame:
    """Return the reviewed table, about one row a category and language.

    ``outcome`` is ``interest``, ``common``, or ``group`` for words that several rows share;
    ``needs`` is ``serious`` where only serious events belong, else empty.
    """
    return pd.read_csv(TABLE, dtype="str", keep_default_na=False, encoding="utf-8-sig")


@cache
def names() -> pd.DataFrame:
    """Return the categories in the order of the table: ``outcome``, ``category``, ``needs``."""
    rows = table()
    return rows.loc[rows["outcome"] != "group", [*NAME, "needs"]].drop_duplicates()


@cache
def _lines() -> list[Line]:
    rows = table()
    shared = rows[rows["outcome"] == "group"].set_index("category")["words"]
    groups = {name: frozenset(map(_spelling, words.split(";"))) for name, words in shared.items()}
    own = rows[rows["outcome"] != "group"].rename(columns={"except": "but"})
    return [
        Line(x.outcome, x.category, x.needs, _phrases(x.words, groups), _phrases(x.but, groups))
        for x in own.itertuples()
    ]


def _phrases(cell: str, groups: dict[str, frozenset]) -> list[Phrase]:
    phrases = [map(str.strip, x.split("+")) for x in cell.split(";") if x.strip()]
    return [[groups.get(part) or frozenset([_spelling(part)]) for part in x] for x in phrases]


def _spelling(part: str) -> str:
    words, part = spelt(part), part.strip()
    return words[part.startswith("*") : len(words) - part.endswith("*")]


@cache
def _spellings() -> dict[str, set[int]]:
    """Give the lines in whose words each spelling of the table stands; of ``except``, none."""
    found = {}
    for number, line in enumerate(_lines()):
        for phrases, own in ((line.words, {number}), (line.but, set())):
            for spelling in frozenset().union(*chain.from_iterable(phrases)):
                found.setdefault(spelling, set()).update(own)
    return found


def _of(text: str) -> list[Line]:
    """Find the lines that count for a text; those of which it has no word are not looked at."""
    present = {x for x in _spellings() if x in text}
    touched = set().union(*(_spellings()[x] for x in present))
    lines = [_lines()[number] for number in sorted(touched)]
    return [x for x in lines if _fits(x.words, present) and not _fits(x.but, present)]


def _fits(phrases: list[Phrase], present: set[str]) -> bool:
    return any(not any(part.isdisjoint(present) for part in phrase) for phrase in phrases)


@cache
def categories(text: str) -> tuple[str, ...]:
    """Name the categories that the words of a text belong to, whatever else a category needs.

    >>> categories("带状疱疹")
    ('Serious infection', 'Herpes zoster')
    """
    return tuple(dict.fromkeys(line.category for line in _of(spelt(text))))
