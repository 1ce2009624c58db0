"""Laboratory values in time: medians, limits, and the worst of them against their limits."""

from itertools import product
from math import nan

import numpy as np
import pandas as pd

from ppp import levels, results
from ppp.catalogue.lab_tests import known
from ppp.catalogue.recorded import dates

CATEGORIES = ("low", "normal", "high")
LIMITS = ("value", "lln", "uln")
UNPLACED = "no value with both a reference limit and a time"
NO_TIME = "no value with both a number and a time"
NO_LIMIT = {"lln": "no lower limit", "uln": "no upper limit"}


def in_time(labs: pd.DataFrame, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Place laboratory values in time, by date and the patient's ``start_date``, or else by week.

    ``unit`` is empty where unknown; ``value``, ``lln`` and ``uln`` are floats, NaN where missing or
    infinite; ``days`` count from the start, by week from the baseline week (up to 0: before
    treatment). Values without a time are left out.
    """
    blank = pd.Series(nan, index=labs.index)
    numbers = {name: labs.get(name, blank).astype(float) for name in LIMITS}
    numbers = {name: x.replace([np.inf, -np.inf], nan) for name, x in numbers.items()}
    unit = labs["unit"].astype("str").fillna("") if "unit" in labs else ""
    start = dates(patients.set_index("study_id"), "start_date")
    began = start.reindex(labs["study_id"]).set_axis(labs.index)
    dated = (dates(labs, "date") - began).dt.days.astype(float)
    weeks = labs.get("week", blank).astype(float) - study.schedule.baseline
    placed = labs[["study_id", "test"]].assign(unit=unit, **numbers)
    return placed.assign(days=dated.fillna(weeks * 7)).dropna(subset="days")


def ordered(tests: pd.Series) -> list[str]:
    """Order tests as in ``data/lab_tests.csv``, others after them by name."""
    place = {test: number for number, test in enumerate(known())}
    by_name = sorted(sorted(tests.dropna().unique()), key=str.casefold)
    return sorted(by_name, key=lambda test: place.get(test, len(place)))


def lab_shift(labs: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Shifts of laboratory values from baseline to the worst value afterwards.

    A value is ``low`` below its ``lln``, ``high`` above its ``uln``, else ``normal``. Baseline is
    the last value up to the start date (or, without dates, up to the baseline week); the worst
    is the value furthest outside its limits afterwards, as a multiple of the limit.

    ``count``: level ``baseline→worst``, ``events`` of n patients who have both, zeros included;
    tests in the order of ``data/lab_tests.csv``, others after them by name. Code ``no_lln`` or
    ``no_uln``: no value of the test has that limit; ``unplaced`` (one empty row): none has a limit
    and a time.
    """
    if labs is None:
        return results.frame([])
    placed = _categories(in_time(labs, patients, study))
    by_test = dict(list(placed.groupby("test")))
    return results.frame(
        row
        for test in ordered(labs["test"])
        for row in _shift_rows(test, by_test.get(test, placed.head(0)))
    )


def _categories(placed: pd.DataFrame) -> pd.DataFrame:
    """Put each value against its limits; values without any limit are left out."""
    value, lln, uln = (placed[field] for field in LIMITS)
    below, above = lln - value, value - uln
    excess = np.fmax(below / lln.abs(), above / uln.abs()).fillna(-np.inf)
    category = np.select([above > 0, below > 0], ["high", "low"], "normal")
    table = placed.drop(columns="value").assign(category=category, excess=excess)
    return table[value.notna() & (lln.notna() | uln.notna())]


def _shift_rows(test: str, values: pd.DataFrame) -> list[dict]:
    if values.empty:
        return [results.row("lab_shift", test, "count", nan, note=UNPLACED, code="unplaced")]
    by_day = values.sort_values(["days", "excess", "category"], kind="stable")
    before = by_day[by_day["days"] <= 0].groupby("study_id")["category"].last()
    later = by_day[by_day["days"] > 0].sort_values(["excess", "category"], kind="stable")
    worst = later.groupby("study_id")["category"].last()
    pairs = pd.concat({"before": before, "worst": worst}, axis=1).dropna()
    counts = pairs.value_counts()
    lacking = [limit for limit in NO_LIMIT if values[limit].isna().all()]
    about = {
        "n": len(pairs),
        "note": "; ".join(NO_LIMIT[limit] for limit in lacking),
        "code": " ".join(f"no_{limit}" for limit in lacking),
    }
    made = []
    for ends in product(CATEGORIES, repeat=2):
        k, level = int(counts.get(ends, 0)), levels.shift(*ends)
        made.append(results.row("lab_shift", test, "count", k, level=level, events=k, **about))
    return made


def values(labs: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Give the values that can be drawn: those of `in_time` with a number, and their ``week``.

    ``week`` is since baseline, a float. Empty where nothing was recorded.
    """
    if labs is None:
        return pd.DataFrame(columns=["study_id", "test", "unit", *LIMITS, "days", "week"])
    placed = in_time(labs, patients, study).dropna(subset=["study_id", "test", "value"])
    return placed.assign(week=placed["days"] / 7).reset_index(drop=True)


def lab_value(labs: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Patients and medians of each test, by unit.

    ``count`` of patients with a value: outcome ``any`` first, then outcome = test, level = unit,
    in the order of `lab_shift`; after each, ``median`` by scheduled week, of the n patients with a
    value within the window, each by the value nearest to it. Where no value has both a number and
    a time, one empty row, code ``unplaced``.
    """
    if labs is None or labs.empty:
        return results.frame([])
    drawn = values(labs, patients, study)
    if drawn.empty:
        where = {"n": 0, "note": NO_TIME, "code": "unplaced"}
        return results.frame([results.row("lab_value", "any", "count", nan, **where)])
    rows = [_count("any", "", drawn)]
    by_test = dict(list(drawn.groupby("test")))
    for test in ordered(drawn["test"]):
        for unit, found in by_test[test].groupby("unit"):
            rows += [_count(test, unit, found), *_medians(test, unit, found, study)]
    return results.frame(rows)


def _count(test: str, unit: str, found: pd.DataFrame) -> dict:
    k = found["study_id"].nunique()
    return results.row("lab_value", test, "count", float(k), level=unit, n=k)


def _medians(test: str, unit: str, found: pd.DataFrame, study) -> list[dict]:
    by_week = at_weeks(found, study).groupby("slot")["value"]
    return [
        results.row("lab_value", test, "median", x.median(), level=unit, week=int(week), n=len(x))
        for week, x in by_week
    ]


def at_weeks(found: pd.DataFrame, study) -> pd.DataFrame:
    """Keep each patient's value nearest to each scheduled week (``slot``), within the window.

    Only values up to the first dose can be those of the baseline.
    """
    weeks, days = np.array(study.schedule.weeks), found["days"].to_numpy()[:, None]
    away = np.abs(days - 7 * (weeks - study.schedule.baseline))
    away = np.where((days > 0) == (weeks > study.schedule.baseline), away, np.inf)
    slots = found.assign(slot=weeks[away.argmin(axis=1)], away=away.min(axis=1))
    near = slots[slots["away"] <= study.schedule.window_days]
    near = near.sort_values(["away", "week", "value"], kind="stable")
    return near.drop_duplicates(["study_id", "slot"])
