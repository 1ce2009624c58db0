"""Laboratory values in time and against their limits, from baseline to the worst afterwards."""

from math import nan

import numpy as np
import pandas as pd

from ppp import results
from ppp.catalogue.lab_tests import known
from ppp.catalogue.recorded import dates

CATEGORIES = ("low", "normal", "high")
LIMITS = ("value", "lln", "uln")
UNPLACED = "no value with both a reference limit and a time"
NO_LIMIT = {"lln": "no lower limit", "uln": "no upper limit"}


def lab_shift(labs: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Shifts of laboratory values from baseline to the worst value afterwards.

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
        who have both, zeros included. Tests in the order of ``data/lab_tests.csv``, others after
        them by name. `note` says where a test has no lower or no upper limit at all. A test without
        any value that has a limit and a time gives one empty row whose `note` says so.
    """
    if labs is None:
        return results.frame([])
    placed = _categories(in_time(labs, patients, study))
    found = dict(list(placed.groupby("test")))
    return results.frame(
        row for test in _ordered(labs) for row in _shift_rows(test, found.get(test, placed.head(0)))
    )


def _ordered(labs: pd.DataFrame) -> list[str]:
    place = {test: number for number, test in enumerate(known())}
    tests = labs["test"].dropna().unique()
    return sorted(tests, key=lambda test: (place.get(test, len(place)), test.casefold(), test))


def in_time(labs: pd.DataFrame, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Place laboratory values in time.

    Parameters
    ----------
    labs : DataFrame
        ``study_id`` and ``test``; ``value``, ``lln``, ``uln``, ``week`` and ``date`` as far as they
        were recorded.
    patients : DataFrame
        ``start_date`` places values that have a date and no week.
    study : Study
        Its baseline week is day 0.

    Returns
    -------
    DataFrame
        ``study_id``, ``test``, ``value``, ``lln``, ``uln`` (floats, NaN where missing) and
        ``days`` since baseline (up to 0: before treatment); values without a time are left out.
    """
    blank = pd.Series(nan, index=labs.index)
    numbers = {field: labs.get(field, blank).astype(float) for field in LIMITS}
    start = dates(patients.set_index("study_id"), "start_date")
    began = start.reindex(labs["study_id"]).set_axis(labs.index)
    dated = (dates(labs, "date") - began).dt.days.astype(float)
    weeks = labs.get("week", blank).astype(float) - study.schedule.baseline
    placed = labs[["study_id", "test"]].assign(**numbers, days=(weeks * 7).fillna(dated))
    return placed[placed["days"].notna()]


def _categories(placed: pd.DataFrame) -> pd.DataFrame:
    """Put each value against its limits; values without any limit are left out."""
    value, lln, uln = (placed[field] for field in LIMITS)
    below, above = lln - value, value - uln
    excess = np.fmax(below / lln.abs(), above / uln.abs()).fillna(-np.inf)
    category = np.select([above > 0, below > 0], ["high", "low"], "normal")
    table = placed.drop(columns="value").assign(category=category, excess=excess)
    return table[value.notna() & (lln.notna() | uln.notna())]


def _shift_rows(test: str, found: pd.DataFrame) -> list[dict]:
    if found.empty:
        return [results.row("lab_shift", test, "count", nan, note=UNPLACED)]
    ordered = found.sort_values(["days", "excess", "category"], kind="stable")
    before = ordered[ordered["days"] <= 0].groupby("study_id")["category"].last()
    later = ordered[ordered["days"] > 0].sort_values(["excess", "category"], kind="stable")
    worst = later.groupby("study_id")["category"].last()
    pairs = pd.concat({"before": before, "worst": worst}, axis=1).dropna()
    shifts = (pairs["before"] + "→" + pairs["worst"]).value_counts()
    names = [f"{a}→{b}" for a in CATEGORIES for b in CATEGORIES]
    note = "; ".join(words for limit, words in NO_LIMIT.items() if found[limit].isna().all())
    return [
        results.row(
            "lab_shift", test, "count", float(k), level=level, n=len(pairs), events=k, note=note
        )
        for level, k in ((x, int(shifts.get(x, 0))) for x in names)
    ]
