"""One spelling a level: those that differ in capitals, width or spaces become the commonest."""

import re

import pandas as pd

from ppp.catalogue.dictionary import fold
from ppp.data.rows import Rows
from ppp.data.values import reading
from ppp.study import Study

AS_TYPED = ("patient_id", "unit")  # g/L is not G/L
BETWEEN = re.compile(r"[;；]")


def one_spelling(rows: Rows, study: Study) -> Rows:
    """Join spellings of one level, of one entry of a list, of one term; each cell has a notice.

    Of two that are as common the first by alphabet is kept.
    """
    for name in rows.layout.headings:
        kind = "" if name in AS_TYPED else reading(study, rows.layout.table, name).kind
        if kind in ("text", "list"):
            typed = rows.values[name]
            spelt = typed.map(_respelt(typed[rows.kept].dropna(), kind))
            changed = typed.notna() & (spelt != typed)
            if changed.any():
                rows = rows.derive(**{name: spelt.astype("str")})
                rows = rows.note(name, changed, "spelling_joined")
    return rows


def _respelt(typed: pd.Series, kind: str) -> dict:
    """Map each text to itself in the commonest spelling of all its entries."""
    texts = {text: _entries(text) if kind == "list" else [text] for text in typed.unique()}
    counts = typed.map(texts).explode().value_counts().sort_index()
    common = counts.sort_values(ascending=False, kind="stable").index
    best = {fold(entry): entry for entry in reversed(common)}
    made = {text: [best[fold(entry)] for entry in entries] for text, entries in texts.items()}
    return {
        text: text if made[text] == entries else "; ".join(dict.fromkeys(made[text]))
        for text, entries in texts.items()
    }


def _entries(text: str) -> list[str]:
    return list(filter(None, map(str.strip, BETWEEN.split(text)))) or [text]
