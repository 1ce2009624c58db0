"""Workbooks as clinics keep them, each with the `study.toml` that reads it and the right values."""

import pytest
from scipy import stats

from ppp.cohort import by_week

PLAIN = (-13.958, -16.258, -11.659, 12)


def change(read, name, outcome="pppasi"):
    """Mean change from first to last week with its interval, and the patients behind it."""
    data, study = read(name)
    scores = by_week(data.visits, data.patients, outcome, study)
    moved = (scores[max(scores)] - scores[0]).dropna()
    if moved.nunique() == 1:
        return moved.iloc[0], len(moved)
    ends = stats.t.interval(0.95, len(moved) - 1, moved.mean(), stats.sem(moved))
    return *(round(float(x), 3) for x in (moved.mean(), *ends)), len(moved)


def halved(read, name):
    data, study = read(name)
    scores = by_week(data.visits, data.patients, "pppasi", study)[[0, 12]].dropna()
    return int((scores[12] <= scores[0] / 2).sum()), len(scores)


def told(data, *rules):
    found = data.queries[data.queries["rule"].isin(rules)]
    return found.set_index("cell")["rule"].to_dict()


def adds_up(data):
    count = data.ledger.set_index(["table", "kind", "level"])["count"].unstack("level")
    parts = count[["accepted", "queried", "quarantined", "unused"]].sum(axis=1)
    assert (count["read"] == parts).all()


def with_event(data):
    return data.adverse_events["study_id"].nunique()


def test_redcap_stop_in_last_event(read):
    data, _ = read("redcap_stop_in_last_event")
    assert len(data.patients) == 12 and data.quarantine.empty
    assert data.patients["stop_date"].count() == data.patients["stop_reason"].count() == 3
    assert len(data.visits) == 36
    assert change(read, "redcap_stop_in_last_event") == (-10.475, -15.337, -5.613, 12)
    assert halved(read, "redcap_stop_in_last_event") == (9, 12)
    adds_up(data)


def test_long_sheet_age_at_visit(read):
    data, _ = read("long_sheet_age_at_visit")
    assert len(data.patients) == 12 and data.quarantine.empty
    assert set(told(data, "value_at_baseline")) == {"C5", "C14", "C26"}
    assert data.patients.set_index("study_id")["age_years"]["P02"] == 36
    assert change(read, "long_sheet_age_at_visit") == PLAIN
    adds_up(data)


def test_german_excel_csv_in_windows_1252(read):
    data, _ = read("german_excel_csv_cp1252")
    assert data.patients["sex"].value_counts().to_dict() == {"female": 7, "male": 5}
    terms = data.adverse_events["term"].value_counts()
    assert terms["Herpes zoster"] == 2 and {"Nausea", "Fatigue"} <= set(terms.index)
    assert (data.queries["rule"] == "encoding_assumed").sum() == 2


def test_numeric_codes_and_marks_are_told(read):
    found = read("numeric_codes")[0].queries.set_index(["field", "rule"])["cells"].to_dict()
    assert found == {
        ("sex", "code_translated"): 12,
        ("sapho", "code_translated"): 12,
        ("pppasi", "missing_marker"): 1,
        ("dlqi", "missing_marker"): 3,
    }


@pytest.mark.parametrize("name", ["two_rows_of_headings", "irregular_headings", "tab_separated"])
def test_change_of_the_primary_outcome(read, name):
    assert change(read, name) == PLAIN


def test_irregular_headings_of_an_outcome_of_ones_own(read):
    assert change(read, "irregular_headings", "itch") == (-5.0, 12)


def test_clinic_german_wide(read):
    name = "clinic_german_wide"
    data, _ = read(name)
    assert len(data.patients) == 18 and set(data.quarantine["rule"]) == {"no_event", "totals_row"}
    assert (data.patients["sex"] == "female").sum() == 12
    assert (data.patients["sapho"] == "yes").sum() == 5
    assert change(read, name) == (-8.088, -9.847, -6.330, 17)
    assert halved(read, name) == (10, 17)
    assert change(read, name, "dlqi") == (-13.412, -16.252, -10.572, 17)
    assert with_event(data) == 12
    drugs = data.patients["prior_treatments"].str.split("; ").explode().value_counts()
    assert drugs["acitretin"] == 18 and drugs["methotrexate"] == 6
    assert (data.patients["dose_mg"] == 15).sum() == 12
    adds_up(data)


def test_clinic_two_rows_of_headings(read):
    name = "clinic_two_rows_of_headings"
    data, _ = read(name)
    assert len(data.patients) == 18 and (data.patients["sex"] == "female").sum() == 12
    assert change(read, name) == (-8.0, -9.779, -6.221, 16)
    assert halved(read, name) == (10, 16)
    assert change(read, name, "dlqi") == pytest.approx((-13.278, -15.316, -11.240, 18), abs=0.0011)
    assert with_event(data) == 11
    assert (data.adverse_events["term"] == "Acne").sum() == 7
    assert data.patients["prior_treatments"].str.contains("acitretin").sum() == 15
    assert round(data.patients["age_years"].mean(), 2) == 47.28
    assert told(data, "limit_value") == {"H5": "limit_value", "J9": "limit_value"}
    adds_up(data)


def test_clinic_sheet_a_visit(read):
    name = "clinic_sheet_a_visit"
    data, _ = read(name)
    assert len(data.patients) == 18 and (data.patients["sapho"] == "yes").sum() == 4
    assert change(read, name) == (-7.371, -9.241, -5.500, 17)
    assert halved(read, name) == (7, 17)
    assert with_event(data) == 12 and (data.adverse_events["term"] == "Acne").sum() == 7
    adds_up(data)
