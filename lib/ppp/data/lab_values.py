"""Laboratory values under one name and in one unit a test; without its unit a value is a query."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ppp.catalogue import lab_tests
from ppp.data.columns import Layout
from ppp.data.rows import Rows
from ppp.data.values import read_column, reading, tidy
from ppp.study import Study

MEASURED = ("value", "lln", "uln")
DECIMALS = 10
GROUPED = r"[1-9]\d{0,2}[.,]\d{3}"
FAR = 10  # times the limits of normal


def convert(rows: Rows, study: Study) -> Rows:
    """Give known tests their own name and unit, and convert value and limits to it.

    Without a unit (``unit_missing``; ``[units]`` may declare it), or in one that is not known for
    the test (``unit_unknown``), value and limits are missing and queried; a value that nobody can
    have (``implausible_value``) is missing. Tests that ``data/lab_tests.csv`` does not list are as
    typed.
    """
    rows = _without_thousands(rows)
    read = units(rows.values["test"], rows.values.get("unit"), study)
    known = read["name"] != ""
    if not known.any():
        return rows
    missing, unknown = known & read["unit"].isna(), read["unit"].notna() & read["factor"].isna()
    for rule, bad in (("unit_missing", missing), ("unit_unknown", known & unknown)):
        for name in filter(rows.has, MEASURED):
            rows = rows.query(name, bad & rows.values[name].notna(), rule)
    if rows.has("unit"):
        rows = rows.query("unit", known & unknown, "unit_unknown")
    factor = read["factor"].where(read["factor"] != 1)
    converted = {
        name: (rows.values[name] * factor).round(DECIMALS).fillna(rows.values[name])
        for name in filter(rows.has, MEASURED)
    }
    own = _own_unit(read["name"])
    return _plausible(
        rows.derive(
            test=rows.values["test"].mask(known, read["name"]),
            unit=read["unit"].mask(known, own.where(read["factor"].notna())),
            **converted,
        )
    )


def _plausible(rows: Rows) -> Rows:
    """Query values beyond what is plausible of the test, which a wrong unit or mark makes."""
    ends = {name: (test.low, test.high) for name, test in lab_tests.known().items()}
    low, high = (rows.values["test"].map({n: e[end] for n, e in ends.items()}) for end in (0, 1))
    value = rows.values["value"]
    return rows.query("value", (value < low) | (value > high), "implausible_value")


def _without_thousands(rows: Rows) -> Rows:
    """Query values such as 7.850 of a test that is never written with other decimals.

    Limits of normal that are written otherwise and lie near the value speak for a decimal mark.
    """
    typed = rows.raw["value"]
    text = typed.where([isinstance(cell, str) for cell in typed], "").map(tidy).astype("str")
    marked = text.str.contains("[.,]", regex=True)
    grouped = text.str.fullmatch(GROUPED)
    test = rows.values["test"].astype(object).fillna("")
    bad = grouped & ~(marked & ~grouped).groupby(test).transform("any")
    for name in filter(rows.has, ("lln", "uln")):
        limit, value = rows.values[name], rows.values["value"]
        own = rows.raw[name].map(tidy).astype("str").str.fullmatch(GROUPED)
        bad &= ~(value.between(limit / FAR, limit * FAR) & ~own)
    return rows.query("value", bad & rows.values["value"].notna(), "thousands_mark")


def units(test: pd.Series, unit: pd.Series | None, study: Study) -> pd.DataFrame:
    """Say which test each row means, in which unit it is, and what converts it.

    ``name`` is canonical, empty for a test that is not known; ``unit`` as typed, else declared,
    else missing; ``factor`` NaN for an unknown or missing unit.
    """
    typed = pd.Series(None, index=test.index, dtype="str") if unit is None else unit
    names = {one: lab_tests.canonical(one) for one in test.dropna().unique()}
    name = test.map(names).astype("str").fillna("")
    read = pd.DataFrame({"name": name, "unit": typed.fillna(name.map(study.units).astype("str"))})
    pairs = read[read["name"] != ""].dropna().drop_duplicates()
    factors = [lab_tests.known()[name].factor(unit) for name, unit in pairs.to_numpy()]
    pairs = pairs.assign(factor=np.array(factors, dtype=float))
    return read.merge(pairs, on=["name", "unit"], how="left").set_axis(test.index)


def _own_unit(name: pd.Series) -> pd.Series:
    return name.map({name: test.unit for name, test in lab_tests.known().items()})


def declared(layout: Layout, study: Study) -> Iterator[tuple]:
    """Field, rule and what was made of each cell: names of tests, units declared and converted."""
    raw = {name: layout.raw.frame[headings[0]] for name, headings in layout.headings.items()}
    test, unit = (
        read_column(raw[name], reading(study, "labs", name))["value"] if name in raw else None
        for name in ("test", "unit")
    )
    read = units(test, unit, study)
    renamed = read[(read["name"] != "") & (read["name"] != test)]
    yield "test", "code_translated", test[renamed.index] + " → " + renamed["name"]
    empty = True if unit is None else unit.isna()
    no_unit = read[empty & read["factor"].notna() & raw["value"].notna()]
    yield "value", "unit_declared", no_unit["unit"] + " (" + no_unit["name"] + ")"
    changed = read[read["factor"].notna() & (read["factor"] != 1)]
    own = _own_unit(changed["name"]).astype("str")
    yield (
        "value" if unit is None else "unit",
        "unit_converted",
        changed["unit"] + " → " + own + " (" + changed["name"] + ")",
    )
