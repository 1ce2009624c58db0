"""Laboratory values against their limits, from baseline to the worst on treatment."""

from math import nan

import numpy as np
import pandas as pd

from ppp import results
from ppp.analysis.fields import dates

CATEGORIES = ("low", "normal", "high")
UNPLACED = "no value with both a reference limit and a time"


def lab_shift(labs: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Shifts of laboratory values from baseline to the worst value on treatment.

    A value is ``low`` below its ``lln``, ``high`` above its ``uln``, else ``normal``. Baseline is
    the last value up to the baseline week (or, without weeks, up to the start date); the worst
    is the value furthest outside its limits afterwards, as a multiple of the limit.

    Parameters
    ----------
    labs : DataFrame or None
        One row a value; None: not recorded.
    patients : DataFrame
    study : Study

    Returns
    -------
    DataFrame
        Results rows ``count``: outcome = test, level ``baseline→worst``, ``events`` of n patients
        who have both, zeros included. A test without any value that has a limit and a time gives
        one empty row whose `note` says so.
    """
    if labs is None:
        return results.frame([])
    graded = _categories(labs, patients, study)
    rows = []
    for test in sorted(labs["test"].dropna().unique(), key=str.casefold):
        found = graded[graded["test"] == test]
        rows += _shift_rows(test, found)
    return results.frame(rows)


def _categories(labs: pd.DataFrame, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Place each value in time and against its limits; values without either are left out."""
    blank = pd.Series(nan, index=labs.index)
    value, lln, uln = (labs.get(x, blank).astype(float) for x in ("value", "lln", "uln"))
    below, above = lln - value, value - uln
    excess = np.fmax(below / lln.abs(), above / uln.abs()).fillna(-np.inf)
    category = np.select([above > 0, below > 0], ["high", "low"], "normal")
    table = labs[["study_id", "test"]].assign(
        days=_days_since_baseline(labs, patients, study), category=category, excess=excess
    )
    return table[value.notna() & (lln.notna() | uln.notna()) & table["days"].notna()]


def _days_since_baseline(labs: pd.DataFrame, patients: pd.DataFrame, study) -> pd.Series:
    blank = pd.Series(nan, index=labs.index)
    start = dates(patients.set_index("study_id"), "start_date")
    began = start.reindex(labs["study_id"]).set_axis(labs.index)
    dated = (dates(labs, "date") - began).dt.days.astype(float)
    weeks = labs.get("week", blank).astype(float) - study.schedule.baseline
    return (weeks * 7).fillna(dated)


def _shift_rows(test: str, found: pd.DataFrame) -> list[dict]:
    if found.empty:
        return [results.row("lab_shift", test, "count", nan, note=UNPLACED)]
    ordered = found.sort_values(["days", "excess"], kind="stable")
    before = ordered[ordered["days"] <= 0].groupby("study_id")["category"].last()
    later = ordered[ordered["days"] > 0].sort_values("excess", kind="stable")
    worst = later.groupby("study_id")["category"].last()
    pairs = pd.concat({"before": before, "worst": worst}, axis=1).dropna()
    shifts = (pairs["before"] + "→" + pairs["worst"]).value_counts()
    names = [f"{a}→{b}" for a in CATEGORIES for b in CATEGORIES]
    return [
        results.row("lab_shift", test, "count", float(k), level=level, n=len(pairs), events=k)
        for level, k in ((x, int(shifts.get(x, 0))) for x in names)
    ]
