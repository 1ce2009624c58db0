"""Time on treatment, and reasons for stopping, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from ppp import results
from ppp.safety.rows.exposure import exposure

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
    told = "start to stop in 1, to the last visit in 3, by visit week in 0"
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
    assert "start to stop in 0" in rows.loc["sum", "method"]
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
