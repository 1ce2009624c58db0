"""What was done to a whole column: one notice a column and rule, for the list of queries."""

from collections.abc import Iterator

import pandas as pd

from ppp.data.columns import Layout
from ppp.data.dictionary import fold
from ppp.data.values import Reading, read_cell, reading, tidy
from ppp.study import Study

IDS = ("patient_id",)


def of_columns(layout: Layout, study: Study) -> Iterator[dict]:
    """Say where codes, markers, text dates and decimal commas were read by a declared rule.

    Parameters
    ----------
    layout : Layout
        Which headings feed which field of one table.
    study : Study
        Declares the rules.

    Yields
    ------
    dict
        `field`, `heading`, `rule` (a name of `ppp.data.rules`), `cells` (how many) and `raw`: how
        many, and which marks.
    """
    for name, headings in layout.headings.items():
        if name in IDS:
            continue
        how = reading(study, layout.table, name)
        for heading in dict.fromkeys(heading for heading in headings if heading is not None):
            for rule, counts in _by_rule(layout.raw.frame[heading], how).items():
                yield {"field": name, "heading": heading, "rule": rule, "raw": _told(counts),
                       "cells": int(counts.sum())}  # fmt: skip


def _by_rule(cells: pd.Series, how: Reading) -> dict[str, pd.Series]:
    counts = cells[[isinstance(cell, str) for cell in cells]].value_counts()
    rules = pd.Series([_rule(cell, how) for cell in counts.index], index=counts.index, dtype=object)
    return {rule: counts[rules == rule] for rule in sorted(set(rules) - {""})}


def _rule(cell: str, how: Reading) -> str:
    text = tidy(cell)
    if text in how.missing and text not in how.codes:
        return "missing_marker" if text else ""
    value, rule = read_cell(cell, how)
    if value is None or rule == "free_text_grouped":
        return ""
    if text in how.codes or (how.kind == "choice" and value != text) or _is_word(text, how):
        return "code_translated"
    if how.kind == "date" and not how.from_text:
        return "date_as_text"
    return "decimal_comma_declared" if how.decimal == "," and "," in text else ""


def _is_word(text: str, how: Reading) -> bool:
    return how.kind in ("number", "integer") and fold(text) in how.aliases


def _told(counts: pd.Series) -> str:
    marks = ", ".join(sorted(map(tidy, counts.index))[:5])
    n = int(counts.sum())
    return f"{n} {'cell' if n == 1 else 'cells'}: {marks}" + (" …" if len(counts) > 5 else "")
