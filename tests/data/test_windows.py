"""A date belongs to the nearest visit, up to ``window_days`` before or after it."""

import numpy as np
import pandas as pd
import pytest

from ppp.data import rows as tables
from ppp.data import weeks as placing
from ppp.laboratory import rows as laboratory
from ppp.study import Schedule

START = pd.Timestamp("2024-01-01")
# Visits on days 0, 28 and 84, windows of 10 days: −10 to 0 (a baseline is before the first dose),
# 18 to 38 and 74 to 94.
WEEKS = {-11: None, -10: 0, 0: 0, 10: None, 11: None, 17: None, 18: 4, 38: 4, 39: None}
WEEKS |= {73: None, 74: 12, 94: 12, 95: None}


def placed(days, schedule, weeks=None):
    """Place one row a day, each of a patient who started on the first of January."""
    ids = pd.Series([f"a{day}" for day in range(len(days))], dtype="str")
    dates = START + pd.to_timedelta(pd.Series(days), "D")
    values = pd.DataFrame({"patient_id": ids, "date": dates})
    if weeks:
        values["week"] = pd.Series(weeks, dtype=float)
    blank = pd.Series("", index=values.index, dtype=object)
    numbers = np.arange(len(days))
    rules = values.astype(object).mask(values.notna(), "")
    made = tables.Rows(None, values, values, rules, numbers, 0 * numbers, blank, blank)
    return placing.place_weeks(made, pd.Series(START, index=ids), schedule)


def read(rows):
    weeks = [None if np.isnan(week) else int(week) for week in rows.values["week"]]
    return weeks, list(rows.fate)


def test_the_window_is_closed_on_both_sides_of_each_visit():
    schedule = Schedule(weeks=(0, 4, 12), window_days=10)
    weeks, fates = read(placed(list(WEEKS), schedule))
    assert dict(zip(WEEKS, weeks, strict=True)) == WEEKS
    after_dose = {10: "further_visit"}
    gone = [after_dose.get(day, "outside_window") for day in WEEKS]
    fate = zip(gone, WEEKS.values(), strict=True)
    assert fates == [rule if week is None else "" for rule, week in fate]


@pytest.mark.parametrize(("window", "within"), [(0, [28]), (1, [27, 28, 29])])
def test_a_window_of_no_day_or_one(window, within):
    days = [26, 27, 28, 29, 30]
    weeks, _ = read(placed(days, Schedule(weeks=(0, 4, 12), window_days=window)))
    assert [day for day, week in zip(days, weeks, strict=True) if week == 4] == within


def test_between_two_windows_that_overlap_the_nearest_visit_counts():
    weeks, _ = read(placed([41, 43], Schedule(weeks=(0, 4, 8), window_days=20)))
    assert weeks == [4, 8]


def test_a_recorded_week_counts_whatever_the_date():
    weeks, fates = read(placed([39, 39], Schedule(weeks=(0, 4, 12), window_days=10), [4, None]))
    assert weeks == [4, None] and fates == ["", "outside_window"]


def test_medians_of_laboratory_values_have_the_same_window(make_study):
    study = make_study("[schedule]\nweeks = [0, 4, 12]\nwindow_days = 10\n")
    for day, week in (WEEKS | {10: 0}).items():
        patients = pd.DataFrame({"study_id": ["P1"], "start_date": START})
        labs = pd.DataFrame({"study_id": ["P1"], "test": "ALT", "unit": "U/L", "value": 31.0})
        labs = labs.assign(date=START + pd.to_timedelta(day, "D"), lln=np.nan, uln=np.nan)
        rows = laboratory.lab_value(labs, patients, study)
        found = rows.loc[rows["statistic"] == "median", "week"]
        assert list(found) == ([] if week is None else [week]), day
