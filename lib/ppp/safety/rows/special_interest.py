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

import re
import unicodedata
from functools import cache
from itertools import chain
from typing import NamedTuple

import pandas as pd

from ppp import levels
from ppp.safety.rows import incidence
from ppp.safety.rows.incidence import bounds, counts, event_rates
from ppp.study import ROOT

TABLE = ROOT / "data" / "special_interest.csv"
NAME = ["outcome", "category"]
UMLAUTS = str.maketrans({"ä": "ae", "æ": "ae", "ö": "oe", "œ": "oe", "ü": "ue"})
WORD = re.compile("[㐀-鿿豈-﫿\U00020000-\U0003ffff↑↓]|[^\\W_㐀-鿿豈-﫿\U00020000-\U0003ffff]+")

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


def spelt(text: str) -> str:
    """Write a text in the spelling that is compared: words between single spaces.

    >>> spelt("Anaemia, Hb↓") == spelt("ANÄMIA (Hb ↓)") == " anemia hb ↓ "
    True
    >>> spelt("γ-GT升高")
    ' γ gt 升 高 '
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(UMLAUTS)
    words = WORD.findall(plain.replace("ae", "e").replace("oe", "e"))
    return f" {' '.join(words)} "


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


def named(terms: pd.Series) -> pd.DataFrame:
    """Find the categories that each event's term names, whatever else the category needs.

    One row an event and category: ``event`` (label in the index of `terms`), ``outcome``,
    ``category``, ``needs``. A missing term names nothing.

    >>> named(pd.Series(["Herpes zoster", "带状疱疹", "herpes simplex"])).query(
    ...     "category == 'Herpes zoster'")["event"].tolist()
    [0, 1]
    """
    codes, texts = pd.factorize(terms)
    found = [
        (code, line.outcome, line.category, line.needs)
        for code, text in enumerate(map(spelt, texts))
        for line in _of(text)
    ]
    kinds = pd.DataFrame(found, columns=["code", *NAME, "needs"]).drop_duplicates()
    every = pd.DataFrame({"event": terms.index, "code": codes})
    return every.merge(kinds, on="code").drop(columns="code")


def caught(found: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Drop from what `named` gives events not known to be serious where a category needs that."""
    serious = events["serious"].eq("yes") if "serious" in events else pd.Series(False, events.index)
    return found[(found["needs"] == "") | found["event"].isin(events.index[serious.fillna(False)])]


def of_interest(events: pd.DataFrame) -> pd.DataFrame:
    """Keep the events in any category of special interest."""
    numbered = events.reset_index(drop=True)
    found = caught(named(numbered["term"]), numbered)
    return numbered.loc[numbered.index.isin(found.loc[found["outcome"] == "interest", "event"])]


def gap(events: pd.DataFrame) -> tuple[str, str]:
    """Count the events in no category of which it is not known whether they belong to one."""
    numbered = events.reset_index(drop=True)
    every = named(numbered["term"])
    found = caught(every, numbered)
    caught_already = found.loc[found["outcome"] == "interest", "event"]
    left = every[(every["needs"] != "") & ~every["event"].isin(caught_already)]
    serious = numbered.get("serious", pd.Series(pd.NA, index=numbered.index))
    k = left.loc[left["event"].isin(numbered.index[serious.isna()]), "event"].nunique()
    note = f"serious or not is not recorded for {k} of {len(numbered)} events"
    return (note, f"gap:{k}/{len(numbered)}") if k else ("", "")


def rows(events: pd.DataFrame, time: pd.DataFrame) -> list[dict]:
    """Tell how many patients had events of each category, and which terms no category catches.

    `events` are those on treatment of `treatment.placed`; `time` is `treatment.treatment`.
    Outcomes ``interest`` and ``common``: every category in the order of the table, zeros with
    their bounds; `code` is ``not_recorded`` or ``gap:k/n`` where it is not known of any, or of k of
    n events, whether they belong. ``interest_term`` (population ``interest=<category>``, of either
    outcome): the terms behind each category; ``uncaught``: terms of events in no category and
    without a system organ class.
    """
    numbered = events.reset_index(drop=True)
    every = named(numbered["term"])
    found = caught(every, numbered)
    made = []
    for outcome, categories in names().groupby("outcome", sort=False):
        own = found[found["outcome"] == outcome]
        of = numbered.loc[own["event"]].assign(level=own["category"].to_numpy())
        counted = incidence.tally(of, time, names=list(categories["category"]))
        made += _category_rows(counted, outcome, _gaps(every, numbered))
    return made + _term_rows(numbered, found, time) + _uncaught_rows(numbered, found, time)


def _gaps(found: pd.DataFrame, events: pd.DataFrame) -> dict[str, tuple[int, int] | None]:
    """Count by category the events that may belong, of how many; None if of all it is unknown."""
    unknown = events["serious"].isna() if "serious" in events else pd.Series(True, events.index)
    if len(events) and unknown.all():
        return dict.fromkeys(names().loc[names()["needs"] != "", "category"])
    needing = found[found["needs"] != ""]
    missing = needing["event"].isin(events.index[unknown]).groupby(needing["category"])
    sizes = missing.agg(["sum", "size"]).itertuples(name=None)
    return {category: (int(k), int(n)) for category, k, n in sizes if k}


def _category_rows(counted: pd.DataFrame, outcome: str, gaps: dict) -> list[dict]:
    made = []
    for category, line in counted.groupby("level", sort=False):
        if category in gaps and gaps[category] is None:
            made += incidence.not_recorded(outcome, level=category)
            continue
        if category in gaps:
            k, n = gaps[category]
            note = f"serious or not is not recorded for {k} of {n} events"
            line = line.assign(note=note, code=f"gap:{k}/{n}")
        made += incidence.rows(line, outcome, counts, event_rates, bounds)
    return made


def _term_rows(events: pd.DataFrame, found: pd.DataFrame, time: pd.DataFrame) -> list[dict]:
    of = events.loc[found["event"]]
    populations = [levels.within("interest", category) for category in found["category"]]
    of = of.assign(population=populations, level=of["term"].astype("str"))
    counted = incidence.tally(of, time, by=("population", "level"))
    order = [levels.within("interest", category) for category in names()["category"]]
    counted = incidence.by_population(counted, order)
    return incidence.rows(counted, "interest_term", incidence.listed)


def _uncaught_rows(events: pd.DataFrame, found: pd.DataFrame, time: pd.DataFrame) -> list[dict]:
    without = events["soc"].isna() if "soc" in events else True
    left = events[without & ~events.index.isin(found["event"])]
    left = left.assign(level=left["term"].astype("str").fillna("not recorded"))
    return incidence.rows(incidence.tally(left, time), "uncaught", incidence.listed)
