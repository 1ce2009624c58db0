"""Which events belong to treatment: the window, and dates known only in part, by hand."""

import pandas as pd
import pytest

from ppp.safety.rows.emergence import placed

PATIENTS = pd.DataFrame(
    {
        "study_id": ["P1", "P2"],
        "start_date": pd.to_datetime(["2023-03-15", None]),
        "stop_date": pd.to_datetime(["2023-06-10", "2023-06-10"]),
    }
)
LAST = "2023-07-10"


def span(text):
    """First and last day of YYYY, YYYY-MM or YYYY-MM-DD."""
    if not text:
        return pd.NaT, pd.NaT
    period = pd.Period(text, freq={4: "Y", 7: "M", 10: "D"}[len(text)])
    return period.start_time, period.end_time.normalize()


def event(*starts, who="P1"):
    spans = [span(text) for text in starts]
    return pd.DataFrame(
        {
            "study_id": who,
            "term": "acne",
            "start_date": pd.to_datetime([a if a == b else None for a, b in spans]),
            "start_earliest": pd.to_datetime([a for a, _ in spans]),
            "start_latest": pd.to_datetime([b for _, b in spans]),
        }
    )


def place(table, study, patients=PATIENTS):
    return placed(table, patients, None, study)[["window", "onset", "certain"]].values.tolist()


@pytest.mark.parametrize(
    ("start", "window", "onset", "certain"),
    [
        ("2023-03-14", "before", -1, "day"),
        ("2023-03-15", "on", 0, "day"),
        ("2023-06-10", "on", 87, "day"),
        ("2023-07-10", "on", 117, "day"),
        ("2023-07-11", "after", 118, "day"),
        ("2023-02", "before", -42, "month"),
        ("2023-03", "on", 0, "month"),
        ("2023-04", "on", 17, "month"),
        ("2023-07", "on", 108, "month"),
        ("2023-08", "after", 139, "month"),
        ("2022", "before", -438, "year"),
        ("2023", "on", 0, "year"),
        ("2024", "after", 292, "year"),
        ("", "on", 0, "none"),
    ],
)
def test_windows_and_partial_dates_worked_by_hand(start, window, onset, certain, study):
    assert place(event(start), study) == [[window, onset, certain]]


def test_the_days_after_the_last_dose_come_from_the_study(make_study):
    study = make_study("[safety]\ndays_after_last_dose = 0\n")
    found = place(event("2023-06-10", "2023-06-11", "2023-06"), study)
    assert found == [["on", 87, "day"], ["after", 88, "day"], ["on", 78, "month"]]


def test_the_days_after_the_first_dose_come_from_the_study(make_study):
    study = make_study("[safety]\ndays_after_first_dose = 2\n")
    found = place(event("2023-03-16", "2023-03-17", "2023-03"), study)
    assert found == [["before", 1, "day"], ["on", 2, "day"], ["on", 2, "month"]]


def test_without_a_first_dose_an_event_counts_and_its_onset_is_unknown(study):
    found = place(event("2021-01-01", "2023", "", who="P2"), study)
    assert found == [["on", 0, "none"]] * 3


def test_without_an_end_of_treatment_nothing_comes_after_it(study):
    patients = PATIENTS.drop(columns="stop_date")
    found = place(event("2023-03-01", "2029-01-01"), study, patients)
    assert found == [["before", -14, "day"], ["on", 2119, "day"]]


def test_a_frame_with_exact_dates_alone_is_placed_by_them(study):
    table = event("2023-03-14", "2023-04-01", "").drop(columns=["start_earliest", "start_latest"])
    assert place(table, study) == [["before", -1, "day"], ["on", 17, "day"], ["on", 0, "none"]]
    undated = table.drop(columns="start_date")
    assert place(undated, study) == [["on", 0, "none"]] * 3


def test_events_are_rows_and_keep_what_they_had(study):
    table = event("2023-04-01", "2023-04-01", "2023-02-01").set_axis([5, 5, 2])
    kept = table.copy()
    found = placed(table, PATIENTS, None, study)
    pd.testing.assert_frame_equal(table, kept)
    pd.testing.assert_frame_equal(found[table.columns], table)
    assert list(found["window"]) == ["on", "on", "before"]


def test_nobodys_events_are_left_out_and_no_table_is_none(study):
    assert placed(event("2023-04-01", who="P9"), PATIENTS, None, study).empty
    assert placed(None, PATIENTS, None, study) is None
    empty = placed(event(), PATIENTS, None, study)
    assert {"window", "onset", "certain"} <= set(empty.columns)
