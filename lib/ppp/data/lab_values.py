"""Laboratory values under one name and in one unit a test; without its unit a value is a query."""

import numpy as np
import pandas as pd

from ppp.catalogue import lab_tests
from ppp.data.rows import Rows
from ppp.study import Study

MEASURED = ("value", "lln", "uln")
DECIMALS = 10


def convert(rows: Rows, study: Study) -> Rows:
    """Give known tests their own name and unit, and convert value and limits to it.

    Parameters
    ----------
    rows : Rows
        Laboratory values.
    study : Study
        ``[units]`` says in which unit a test is, where the row does not.

    Returns
    -------
    Rows
        Without a unit (``unit_missing``), or in one that is not known for the test
        (``unit_unknown``), value and limits are missing and queried. Tests that
        ``data/lab_tests.csv`` does not list are as typed.
    """
    found = units(rows.values["test"], rows.values.get("unit"), study)
    known = found["name"] != ""
    if not known.any():
        return rows
    missing, unknown = known & found["unit"].isna(), found["unit"].notna() & found["factor"].isna()
    for rule, bad in (("unit_missing", missing), ("unit_unknown", known & unknown)):
        for name in filter(rows.has, MEASURED):
            rows = rows.query(name, bad & rows.values[name].notna(), rule)
    if rows.has("unit"):
        rows = rows.query("unit", known & unknown, "unit_unknown")
    factor = found["factor"].where(found["factor"] != 1)
    converted = {
        name: (rows.values[name] * factor).round(DECIMALS).fillna(rows.values[name])
        for name in filter(rows.has, MEASURED)
    }
    own = found["name"].map({name: test.unit for name, test in lab_tests.known().items()})
    return rows.derive(
        test=rows.values["test"].mask(known, found["name"]),
        unit=found["unit"].mask(known, own.where(found["factor"].notna())),
        **converted,
    )


def units(test: pd.Series, unit: pd.Series | None, study: Study) -> pd.DataFrame:
    """Say which test each row means, in which unit it is, and what converts it.

    Parameters
    ----------
    test, unit : Series of str
        As typed; None where there is no column of units.
    study : Study

    Returns
    -------
    DataFrame
        ``name`` (canonical; empty for a test that is not known), ``unit`` (typed, else declared;
        missing where neither is), ``factor`` (NaN for an unknown or missing unit).
    """
    typed = pd.Series(None, index=test.index, dtype="str") if unit is None else unit
    names = {one: lab_tests.canonical(one) for one in test.dropna().unique()}
    name = test.map(names).fillna("").astype("str")
    found = pd.DataFrame({"name": name, "unit": typed.fillna(name.map(study.units).astype("str"))})
    pairs = found[found["name"] != ""].dropna().drop_duplicates()
    factors = [lab_tests.known()[name].factor(unit) for name, unit in pairs.to_numpy()]
    pairs = pairs.assign(factor=np.array(factors, dtype=float))
    return found.merge(pairs, on=["name", "unit"], how="left").set_axis(test.index)
