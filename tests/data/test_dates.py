"""Dates against each other and today: what cannot be is a query, and exposure never grows by it."""

from datetime import datetime as day

import pandas as pd
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ppp.data import values
from ppp.data.cleaning import clean

NONE = '[endpoints]\nprimary = "none"\n'
TODAY = day(2023, 12, 1)
START = day(2023, 3, 1)


def after(days):
    return START + pd.Timedelta(days, "D")


def cohort(workbook, *, patient=None, visits=(), events=(), labs=(), toml=NONE):
    patient = {"start_date": START} | (patient or {})
    sheets = {
        "patients": [["patient_id", *patient], ["a", *patient.values()]],
        "visits": [["patient_id", "week", "date", "pppasi"], *(["a", *row] for row in visits)],
        "adverse_events": [["patient_id", "term", "start_date", "end_date"]],
        "labs": [["patient_id", "week", "date", "test", "value", "unit", "lln", "uln"]],
    }
    sheets["adverse_events"] += [["a", "acne", *row] for row in events]
    sheets["labs"] += [["a", *row] for row in labs]
    return clean(workbook(sheets, toml), TODAY)


def asked(data):
    missing = data.queries[data.queries["action"] == "missing"]
    return dict(zip(missing["sheet"] + "!" + missing["cell"], missing["rule"], strict=True))


@pytest.mark.parametrize("field", ["start_date", "stop_date", "last_visit_date", "birth_date"])
def test_no_date_of_a_patient_is_in_the_future(workbook, field):
    data = cohort(workbook, patient={field: day(2099, 1, 1)})
    assert "in_future" in asked(data).values()
    assert data.patients.get(field, pd.Series([None])).isna().all()
    said = data.queries.query("rule == 'in_future'")["raw"].iloc[0]
    assert said.endswith("(after 2023-12-01, the day of cleaning)")


def test_today_itself_is_none_and_the_day_of_the_run_is_the_default(workbook):
    study = cohort(workbook, patient={"stop_date": TODAY})
    assert asked(study) == {}
    rows = [
        ["patient_id", "stop_date"],
        ["a", pd.Timestamp.today().normalize() + pd.Timedelta(2, "D")],
    ]
    assert asked(clean(workbook({"patients": rows}, NONE))) == {"patients!B2": "in_future"}


def test_dates_before_1900_and_a_stop_before_the_start(workbook):
    data = cohort(workbook, patient={"stop_date": after(-1)}, events=[("1.1.1899", None)])
    assert asked(data) == {"patients!C2": "end_before_start", "adverse_events!C2": "out_of_range"}


@pytest.mark.parametrize("written", [day(2024, 1, 1), "2024-01", "2024"])
def test_events_in_the_future(workbook, written):
    data = cohort(workbook, events=[(START, written), (written, None)])
    rules = asked(data)
    assert rules == {"adverse_events!D2": "in_future", "adverse_events!C3": "in_future"}
    assert data.adverse_events["start_latest"].isna().tolist() == [False, True]


def test_a_year_that_has_begun_is_not_in_the_future(workbook):
    assert asked(cohort(workbook, events=[("2023", None)])) == {}


def test_visits_before_the_start_but_for_the_baseline(workbook):
    visits = [(0, after(-7), 9), (1, after(-3), 8), (12, after(84), 3)]
    data = cohort(workbook, visits=visits)
    assert asked(data) == {"visits!C3": "visit_before_start"}
    assert data.visits["pppasi"].tolist() == [9, 8, 3]


def test_a_date_far_from_its_week_does_not_lengthen_exposure(workbook):
    visits = [(0, START, 9), (4, after(28 + 14), 8), (12, after(84 + 15), 3)]
    data = cohort(workbook, visits=visits)
    assert asked(data) == {"visits!C4": "week_and_date_differ"}
    assert data.visits["week"].tolist() == [0, 4, 12]
    assert data.patients["last_visit_date"].item() == after(42)


def test_the_lower_limit_is_not_above_the_upper(workbook):
    labs = [(0, None, "ALT", 20, "U/L", 40, 7), (4, None, "ALT", 20, "U/L", 7, 40)]
    data = cohort(workbook, labs=labs)
    assert asked(data) == {"labs!G2": "limits_reversed", "labs!H2": "limits_reversed"}
    assert data.labs[["lln", "uln"]].isna().all(axis=1).tolist() == [True, False]
    assert data.labs["value"].tolist() == [20, 20]


def test_laboratory_values_have_no_window(workbook):
    labs = [(None, after(d), "ALT", 20, "U/L", 7, 40) for d in (-60, 10, 200)]
    labs += [(4, None, "ALT", 20, "U/L", 7, 40), (None, None, "ALT", 20, "U/L", 7, 40)]
    data = cohort(workbook, labs=labs)
    assert data.quarantine["rule"].tolist() == ["no_week"]
    assert data.labs["week"].isna().tolist() == [True, True, True, False]


@pytest.mark.parametrize(
    ("days", "weeks"),
    [
        ([-20, 84], {12: 84}),
        ([-14, 0, 84], {0: 0, 12: 84}),
        ([-3, 84], {0: -3, 12: 84}),
        ([1, 84], {12: 84}),
        ([0, 70, 98], {0: 0, 12: 98}),
        ([0, 69, 99], {0: 0}),
        ([0, 80, 83, 90], {0: 0, 12: 83}),
        ([0, 14, 15, 27], {0: 0, 4: 27}),
    ],
)
def test_the_visit_nearest_to_its_week_counts(workbook, days, weeks):
    visits = [(None, after(d), 1) for d in days]
    toml = NONE + "[schedule]\nweeks = [0, 4, 12]\n"
    data = cohort(workbook, visits=visits, toml=toml)
    found = data.visits.set_index("week")["date"]
    assert {week: (date - START).days for week, date in found.items()} == weeks
    assert set(data.quarantine["rule"]) <= {"further_visit", "outside_window"}
    assert len(data.quarantine) == len(days) - len(weeks)


def test_a_week_that_is_written_goes_before_a_date(workbook):
    visits = [(0, START, 9), (12, None, 3), (None, after(84), 2)]
    data = cohort(workbook, visits=visits)
    assert data.visits["pppasi"].tolist() == [9, 3]
    assert data.quarantine["rule"].tolist() == ["further_visit"]
    assert data.patients["last_visit_date"].item() == after(84)


def test_two_rows_of_the_visit_that_counts_contradict_each_other(workbook):
    visits = [(None, START, 9), (None, after(84), 3), (None, after(84), 2)]
    data = cohort(workbook, visits=visits)
    assert data.quarantine["rule"].tolist() == ["duplicate_contradictory"] * 2


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("01.07.2022 13:45", "2022-07-01"),
        ("01.07.2022 1:45:00 PM", "2022-07-01"),
        ("2022-07-01T23:59", "2022-07-01"),
        ("01.07.2022 morning", None),
        ("13:45", None),
    ],
)
def test_a_time_behind_the_day_says_nothing(text, read):
    value, rule = values.read_cell(text, values.Reading("date"))
    assert (value and f"{value:%Y-%m-%d}", rule) == (read, "" if read else "not_a_date")


def test_dates_of_a_workbook_that_counts_from_1904_are_the_days_shown(workbook):
    def edit(book):
        book.epoch = CALENDAR_MAC_1904

    rows = [["id", "start_date"], ["a", day(2022, 7, 1, 13, 45)]]
    cleaned = clean(workbook({"patients": rows}, NONE, edit=edit))
    assert cleaned.patients["start_date"].tolist() == [pd.Timestamp("2022-07-01")]
