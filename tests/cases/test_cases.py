"""Sources that were once read wrongly, each in a folder, with the right values."""

from dataclasses import replace

import pytest

from ppp.cohort import by_week
from ppp.data.cleaning import clean
from ppp.errors import SourceError
from ppp.laboratory.rows import liver
from ppp.laboratory.rows.grades import lab_grade


def fates(data):
    return data.quarantine["rule"].value_counts().to_dict()


def cells(data, rule):
    return data.queries.loc[data.queries["rule"] == rule, "cells"].tolist()


def test_sex_codes_unknown_headline(read):
    data, _ = read("sex_codes_unknown_headline")
    assert data.patients["sex"].isna().all() and len(data.patients) == 12
    notice = data.queries[data.queries["rule"] == "codes_unknown"].iloc[0]
    assert (notice["cell"], notice["field"], notice["raw"]) == ("B:B", "sex", "12 cells: 1, 2")


def test_headline_hides_unknowns(read):
    patients = read("headline_hides_unknowns")[0].patients
    assert patients["sex"].value_counts().to_dict() == {"female": 6, "male": 4}
    assert patients["sapho"].value_counts().to_dict() == {"no": 5, "yes": 4}
    assert patients["age_years"].count() == 11
    assert round(patients["age_years"].mean(), 1) == 53.8


def test_event_listing_as_patients(read):
    data, _ = read("event_listing_as_patients")
    assert (len(data.patients), len(data.adverse_events)) == (4, 5)
    assert not data.ascertained
    assert cells(data, "events_are_the_patients") == [0]


def test_case_variants(read):
    data, _ = read("case_variants")
    counts = data.patients["education"].value_counts().to_dict()
    assert counts == {"primary": 4, "secondary": 5, "tertiary": 3}
    assert cells(data, "spelling_joined") == [1, 1]


def test_text_dates_reason_hidden(read):
    data, _ = read("text_dates_reason_hidden")
    assert fates(data) == {"not_a_date": 9}
    assert len(data.visits) == 27


def test_headings_in_row_7(read):
    with pytest.raises(SourceError, match=r"Row 7 looks like the headings.*header_row = 7"):
        read("headings_in_row_7")


def test_shared_id_wide(read):
    data, _ = read("shared_id_wide")
    assert len(data.patients) == 10 and fates(data) == {"duplicate_contradictory": 6}


def test_labs_by_date(read):
    data, study = read("labs_by_date")
    assert fates(data) == {} and (data.queries["action"] == "kept").all()
    worse = lab_grade(data.labs, data.patients, study).query("statistic == 'worse'")
    worse = worse.set_index("outcome")[["events", "n"]].astype(int)
    assert worse.loc[["ALT", "Bilirubin", "ALP"]].to_numpy().tolist() == [[12, 12]] * 2 + [[0, 12]]
    hy = liver(data.labs, data.patients, study).query("outcome == 'edish' and level == 'hy'")
    assert hy[["events", "n"]].astype(int).to_numpy().tolist() == [[12, 12]]


def test_visits_by_date(read):
    data, study = read("visits_by_date")
    scores = by_week(data.visits, data.patients, "pppasi", study)
    assert scores.count().to_dict() == {0: 11, 4: 12, 8: 12, 12: 12}
    assert (scores[0].notna() & scores[12].notna()).sum() == 11
    assert scores.isna().any(axis=1).tolist() == [False] * 9 + [True] + [False] * 2
    assert scores.loc["P07"].tolist() == [17, 13.6, 10.2, 6.8]
    assert fates(data) == {"further_visit": 11}


def test_summary_rows_at_the_foot(read):
    data, study = read("summary_rows_at_the_foot")
    assert len(data.patients) == 12 and set(fates(data)) == {"totals_row"}
    scores = by_week(data.visits, data.patients, "pppasi", study)
    assert scores.count().tolist() == [12, 12]


def test_csv_line_with_an_extra_field(read):
    data, study = read("csv_line_with_an_extra_field")
    assert data.quarantine[["sheet", "row", "rule"]].values.tolist() == [
        ["visits", 4, "ragged_line"]
    ]
    scores = by_week(data.visits, data.patients, "dlqi", study)
    assert scores.count().to_dict() == {0: 12, 4: 12, 12: 11, 24: 12}
    assert scores[12].sum() == 44


def test_redcap_checkboxes(read):
    data, study = read("redcap_checkboxes")
    traits = data.patients[["sex", "age_years", "prior_treatments"]].fillna("not known")
    assert traits.values.tolist() == [
        ["female", 41, "acitretin; phototherapy"],
        ["male", 52, "not known"],
        ["female", 33, "methotrexate"],
    ]
    scores = by_week(data.visits, data.patients, "pppasi", study)
    assert scores.to_numpy().tolist() == [[20, 5], [12.5, 2], [30, 11]]
    events = data.adverse_events[["study_id", "term", "grade"]].values.tolist()
    assert events == [["P01", "Acne", 1], ["P01", "Herpes zoster", 3], ["P03", "Acne", 2]]
    labs = data.labs[["study_id", "week", "value"]].values.tolist()
    assert labs == [["P01", 0, 20], ["P01", 12, 31], ["P02", 0, 18]]
    read_cells = data.ledger.query("kind == 'cells' and level == 'read'")["count"].sum()
    assert read_cells == 72 and (data.queries["action"] == "kept").all()
    assert fates(data) == {}
    study = replace(study, source=replace(study.source, blank_means_none=("prior_treatments",)))
    assert clean(study).patients["prior_treatments"].tolist()[1] == ""
