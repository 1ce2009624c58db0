"""Time on treatment, and reasons for stopping, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from ppp import results
from ppp.safety.rows.treatment import course, exposure, placed

START = pd.Timestamp("2023-01-01")


def day(number):
    return START + pd.Timedelta(number, "D")


@pytest.fixture
def cohort():
    """Four patients from day 0: to day 84, 84, 40 (stopped) and 0."""
    patients = pd.DataFrame(
        {
            "study_id": ["P01", "P02", "P03", "P04"],
            "start_date": START,
            "stop_date": [pd.NaT, pd.NaT, day(40), pd.NaT],
            "last_visit_date": [day(84), pd.NaT, day(84), day(0)],
        }
    )
    visits = pd.DataFrame(
        {
            "study_id": ["P01", "P02", "P02", "P03"],
            "week": [0, 0, 12, 0],
            "date": [day(0), day(0), day(84), day(0)],
        }
    )
    return patients, visits


def patient_years(*data):
    return results.pick(exposure(*data), outcome="patient_years").set_index("statistic")


def test_exposure_worked_by_hand(cohort, study):
    rows = patient_years(*cohort, study)
    years = np.array([84, 84, 40, 0]) / 365.25
    assert set(rows["n"]) == {4}
    assert rows.loc["sum", "estimate"] == pytest.approx(years.sum())
    assert rows.loc["median", "estimate"] == pytest.approx(62 / 365.25)
    assert rows.loc["min", "estimate"] == 0
    assert rows.loc["max", "estimate"] == pytest.approx(84 / 365.25)
    assert set(rows["note"]) == {""}
    told = "start to stop in 1, to the last visit in 3"
    assert set(rows["method"]) == {told}


def test_exposure_without_dates_comes_from_the_last_visits_week(study):
    patients = pd.DataFrame({"study_id": ["P01", "P02", "P03"]})
    visits = pd.DataFrame(
        {"study_id": ["P01", "P01", "P02", "P02"], "week": [0, 12, 4, 12], "pga": [3, 1, 2, None]}
    )
    rows = patient_years(patients, visits, study)
    assert rows.loc["sum", "estimate"] == pytest.approx(16 * 7 / 365.25)
    assert rows.loc["sum", "n"] == 2
    assert "unknown in 1" in rows.loc["sum", "note"]
    assert "by visit week in 2" in rows.loc["sum", "method"]


def test_exposure_of_nobody_is_empty_with_a_reason(study):
    rows = patient_years(pd.DataFrame({"study_id": ["P01"]}), None, study)
    assert rows["estimate"].isna().all()
    assert set(rows["note"]) == {"no data"}


def doses(patients, study):
    rows = results.pick(exposure(patients, None, study), outcome="dose_mg")
    return rows[["level", "statistic", "estimate", "n", "note"]].values.tolist()


def test_doses_worked_by_hand(study):
    patients = pd.DataFrame(
        {
            "study_id": [f"P{i}" for i in range(6)],
            "start_date": START,
            "stop_date": [day(10), day(20), day(30), day(40), pd.NaT, day(50)],
            "dose_mg": [30, 15, 15, 7.5, 30, None],
        }
    )
    found = doses(patients, study)
    assert found == [
        ["7.5", "count", 1, 6, ""],
        ["7.5", "sum", 40 / 365.25, 1, ""],
        ["15", "count", 2, 6, ""],
        ["15", "sum", 50 / 365.25, 2, ""],
        ["30", "count", 2, 6, ""],
        ["30", "sum", 10 / 365.25, 1, "time on treatment unknown in 1"],
        ["unknown", "count", 1, 6, ""],
        ["unknown", "sum", 50 / 365.25, 1, ""],
    ]
    assert doses(patients[::-1], study) == found
    counts = results.pick(exposure(patients, None, study), outcome="dose_mg", statistic="count")
    assert (counts["events"] == counts["estimate"]).all()
    masked = patients.astype({"dose_mg": "Float64"})
    assert doses(masked, study) == found


def test_a_dose_given_for_an_unknown_time_has_no_patient_years(study):
    rows = exposure(pd.DataFrame({"study_id": ["P1"], "dose_mg": [15]}), None, study)
    row = results.one(rows, outcome="dose_mg", statistic="sum")
    assert np.isnan(row["estimate"])
    assert (row["level"], row["n"], row["note"]) == ("15", 0, "no data")


def test_a_dose_that_was_not_recorded_has_no_rows(study):
    for patients in (
        pd.DataFrame({"study_id": ["P1"]}),
        pd.DataFrame({"study_id": ["P1"], "dose_mg": [np.nan]}),
    ):
        assert doses(patients, study) == []


def reasons(patients, study):
    rows = results.pick(exposure(patients, None, study), outcome="stop_reason", statistic="count")
    assert (rows["estimate"] == rows["events"]).all()
    assert set(rows["n"]) == {len(patients)}
    return dict(zip(rows["level"], rows["events"], strict=True)), list(rows["level"])


def test_stop_reasons_worked_by_hand(study):
    patients = pd.DataFrame(
        {
            "study_id": [f"P{i}" for i in range(8)],
            "stop_date": [day(9), day(9), day(9), pd.NaT, day(9), pd.NaT, day(9), pd.NaT],
            "stop_reason": [
                "remission",
                "lack of efficacy",
                None,
                "lack of efficacy",
                "death",
                None,
                "adverse event",
                None,
            ],
        }
    )
    counts, order = reasons(patients, study)
    assert counts == {
        "lack of efficacy": 2,
        "adverse event": 1,
        "death": 1,
        "remission": 1,
        "reason not recorded": 1,
        "no stop recorded": 2,
    }
    assert order == list(counts)
    assert reasons(patients[::-1], study) == (counts, order)


def test_stops_without_a_column_of_reasons_and_reasons_without_dates(study):
    ids = pd.DataFrame({"study_id": ["P1", "P2"]})
    dated = ids.assign(stop_date=[day(9), pd.NaT])
    assert reasons(dated, study)[0] == {"reason not recorded": 1, "no stop recorded": 1}
    told = ids.assign(stop_reason=["remission", "remission"])
    assert reasons(told, study)[0] == {"remission": 2, "no stop recorded": 0}
    nobody = ids.assign(stop_date=pd.NaT, stop_reason=pd.Series([None, None], dtype="str"))
    assert reasons(nobody, study)[0] == {"no stop recorded": 2}


def test_neither_stop_nor_reason_is_not_recorded(study):
    rows = exposure(pd.DataFrame({"study_id": ["P1"]}), None, study)
    row = results.one(rows, outcome="stop_reason")
    assert np.isnan(row["estimate"])
    assert (row["level"], row["note"]) == ("", "not recorded")


PATIENTS = pd.DataFrame(
    {
        "study_id": ["P1", "P2"],
        "start_date": pd.to_datetime(["2023-03-15", None]),
        "stop_date": pd.to_datetime(["2023-06-10", "2023-06-10"]),
    }
)


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


def test_courses_worked_by_hand(study):
    patients = pd.DataFrame(
        {
            "study_id": ["P1", "P2", "P3"],
            "sapho": ["no", "yes", None],
            "start_date": [START, START, pd.NaT],
            "stop_date": [pd.NaT, day(70), pd.NaT],
            "last_visit_date": [day(56), day(70), pd.NaT],
        }
    )
    visits = pd.DataFrame(
        {"study_id": ["P1", "P1", "P2"], "week": [0, 4, 12], "date": [START, day(21), pd.NaT]}
    ).assign(pga=[1, 1, 1])
    table = pd.DataFrame(
        {"study_id": ["P1", "P1"], "term": "acne", "start_date": [day(7), day(-9)]}
    )
    lanes, seen, events = course(table, patients, visits, study)
    assert lanes.index.tolist() == ["P2", "P1", "P3"]
    assert lanes["weeks"].fillna(-1).tolist() == [10, 8, -1]
    assert lanes["side"].tolist() == ["own", "other", ""]
    assert lanes["reason"].tolist() == ["reason not recorded", "", ""]
    assert seen.values.tolist() == [["P1", 0], ["P1", 3], ["P2", 12]]
    assert events.values.tolist() == [["P1", 1, "unknown", True]]
    assert course(None, patients, visits, study) is None
