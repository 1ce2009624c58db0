"""What was done to a whole column: one notice a column and rule, for the list of queries."""

from collections.abc import Iterator

import pandas as pd

from ppp.catalogue.dictionary import fold
from ppp.catalogue.lab_tests import known
from ppp.data import lab_values
from ppp.data.columns import Layout
from ppp.data.values import DATES, Reading, read_cell, read_column, reading, tidy
from ppp.study import Study

IDS = ("patient_id",)


def of_columns(layout: Layout, study: Study) -> Iterator[dict]:
    """Say where codes, marks, text dates, decimal commas and units were read by a declared rule.

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
                yield {
                    "field": name,
                    "heading": heading,
                    "rule": rule,
                    "raw": _told(counts),
                    "cells": int(counts.sum()),
                }
    if layout.table == "labs":
        for name, rule, marks in _of_labs(layout, study):
            counts = marks.value_counts()
            if len(counts):
                yield {
                    "field": name,
                    "heading": layout.headings[name][0],
                    "rule": rule,
                    "raw": _told(counts),
                    "cells": len(marks),
                }


def _of_labs(layout: Layout, study: Study) -> Iterator[tuple]:
    """Field, rule, and what was made of each cell: names of tests, units declared and converted."""
    raw = {name: layout.raw.frame[headings[0]] for name, headings in layout.headings.items()}
    test, unit = (
        read_column(raw[name], reading(study, "labs", name))["value"] if name in raw else None
        for name in ("test", "unit")
    )
    found = lab_values.units(test, unit, study)
    renamed = found[(found["name"] != "") & (found["name"] != test)]
    yield "test", "code_translated", test[renamed.index] + " → " + renamed["name"]
    empty = True if unit is None else unit.isna()
    declared = found[empty & found["factor"].notna() & raw["value"].notna()]
    yield "value", "unit_declared", declared["unit"] + " (" + declared["name"] + ")"
    changed = found[found["factor"].notna() & (found["factor"] != 1)]
    own = changed["name"].map({name: test.unit for name, test in known().items()}).astype("str")
    yield (
        "value" if unit is None else "unit",
        "unit_converted",
        changed["unit"] + " → " + own + " (" + changed["name"] + ")",
    )


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
    if how.kind in DATES and not how.from_text:
        return "date_as_text"
    return "decimal_comma_declared" if how.decimal == "," and "," in text else ""


def _is_word(text: str, how: Reading) -> bool:
    return how.kind in ("number", "integer") and fold(text) in how.aliases


def _told(counts: pd.Series) -> str:
    marks = ", ".join(sorted(map(tidy, counts.index))[:5])
    n = int(counts.sum())
    return f"{n} {'cell' if n == 1 else 'cells'}: {marks}" + (" …" if len(counts) > 5 else "")
