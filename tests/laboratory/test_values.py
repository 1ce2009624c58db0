"""Laboratory values in time, and their shifts against the laboratory's own limits, by hand."""

import numpy as np
import pandas as pd

from ppp import results
from ppp.laboratory.rows import lab_shift, lab_value, values
from ppp.laboratory.rows.values import in_time

START = pd.Timestamp("2023-01-01")
PATIENTS = pd.DataFrame({"study_id": [f"P0{i}" for i in range(1, 7)]})


def day(number):
    return START + pd.Timedelta(number, "D")


def labs(*made, **limits):
    """Make values of one test: (patient, week, value)."""
    table = pd.DataFrame(made, columns=["study_id", "week", "value"])
    return table.assign(test="ALT", **limits)


def shifts(rows):
    found = results.pick(rows, analysis="lab_shift").set_index("level")
    return found.loc[found["events"] > 0, "events"].to_dict(), set(found["n"])


def test_lab_shifts_worked_by_hand(study):
    table = labs(
        ("P01", 0, 20),
        ("P01", 4, 45),
        ("P01", 12, 30),
        ("P02", 0, 50),
        ("P02", 4, 60),
        ("P03", 0, 20),
        ("P03", 4, 5),
        ("P03", 12, 100),
        ("P04", 0, 20),
        ("P04", 12, 40),
        ("P05", 0, 20),
        ("P05", 4, None),
        ("P06", 4, 20),
        lln=10.0,
        uln=40.0,
    )
    rows = lab_shift(table, PATIENTS, study)
    assert len(rows) == 9
    assert set(rows["note"]) == {""}
    counts = {"normal→high": 2, "high→high": 1, "normal→normal": 1}
    assert shifts(rows) == (counts, {4})
    shuffled = lab_shift(table[::-1], PATIENTS[::-1], study)
    pd.testing.assert_frame_equal(rows, shuffled)


def test_two_values_of_one_day_count_once_whatever_their_order(study):
    table = labs(("P01", 0, 20), ("P01", 4, 80), ("P01", 4, 0), lln=10.0, uln=40.0)
    rows = lab_shift(table, PATIENTS, study)
    pd.testing.assert_frame_equal(rows, lab_shift(table[::-1], PATIENTS, study))


def test_lab_dates_are_placed_by_the_start_of_treatment(study):
    table = pd.DataFrame(
        {
            "study_id": ["P01"] * 3,
            "test": "CK",
            "value": [500.0, 100.0, 20.0],
            "lln": 40.0,
            "uln": 200.0,
            "date": [day(-30), day(-2), day(28)],
        }
    )
    patients = pd.DataFrame({"study_id": ["P01"], "start_date": [START]})
    assert shifts(lab_shift(table, patients, study)) == ({"normal→low": 1}, {1})
    placed = in_time(table, patients, study)
    assert placed["days"].tolist() == [-30, -2, 28]


def test_the_date_goes_before_the_week_and_no_time_leaves_a_value_out(study):
    table = labs(("P01", 4, 20), ("P01", None, 30), ("P02", None, 40))
    table = table.assign(date=[day(1), day(9), pd.NaT])
    patients = PATIENTS.assign(start_date=START)
    placed = in_time(table, patients, study)
    assert placed["days"].tolist() == [1, 9]
    by_week = in_time(table.drop(columns="date"), patients, study)
    assert by_week["days"].tolist() == [28]
    assert placed[["lln", "uln"]].isna().all(axis=None)


def test_tests_stand_in_the_order_of_the_list_and_others_after_them_by_name(study):
    tests = ["zinc", "Urea", "Ferritin", "Bilirubin", "ALT"]
    table = pd.concat(labs(("P01", 0, 20), uln=40.0).assign(test=test) for test in tests)
    rows = lab_shift(table, PATIENTS, study)
    assert rows["outcome"].unique().tolist() == ["ALT", "Bilirubin", "Urea", "Ferritin", "zinc"]


def test_a_side_without_any_limit_is_told(study):
    made = (("P01", 0, 20), ("P01", 4, 45))
    for lln, uln, note in ((np.nan, 40.0, "no lower limit"), (10.0, np.nan, "no upper limit")):
        rows = lab_shift(labs(*made, lln=lln, uln=uln), PATIENTS, study)
        assert set(rows["note"]) == {note}
    some = labs(*made, lln=[np.nan, 10.0], uln=40.0)
    assert set(lab_shift(some, PATIENTS, study)["note"]) == {""}


def test_labs_without_limits_or_without_a_table(study):
    assert lab_shift(None, PATIENTS, study).empty
    assert lab_shift(labs(lln=1.0, uln=2.0), PATIENTS, study).empty
    row = lab_shift(labs(("P01", 0, 20)), PATIENTS, study).iloc[0]
    assert np.isnan(row["estimate"])
    assert row["note"] == "no value with both a reference limit and a time"


def test_medians_are_of_the_value_nearest_to_each_visit_worked_by_hand(study):
    table = labs(
        ("P01", 0, 20),
        ("P01", 4, 40),
        ("P01", 5, 90),  # further from week 4
        ("P02", 0, 30),
        ("P02", 3, 50),
        ("P03", 40, 70),  # at no visit
        unit="U/L",
    )
    rows = lab_value(table, PATIENTS, study)
    assert set(results.pick(rows, statistic="count")["estimate"]) == {3}
    medians = results.pick(rows, outcome="ALT", level="U/L", statistic="median")
    assert medians[["week", "estimate", "n"]].values.tolist() == [[0, 25, 2], [4, 45, 2]]
    assert values(table, PATIENTS, study)["week"].tolist() == [0, 4, 5, 0, 3, 40]


def test_values_without_a_time_are_one_empty_row(study):
    assert lab_value(None, PATIENTS, study).empty
    row = lab_value(labs(("P01", None, 20)), PATIENTS, study).iloc[0]
    assert np.isnan(row["estimate"])
    assert (row["note"], row["code"]) == ("no value with both a number and a time", "unplaced")
