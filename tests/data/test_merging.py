"""Rows of a long sheet that complete each other are one patient; nothing goes in silence."""

import pytest

from ppp.data.cleaning import clean

ONE_SHEET = '[source.sheets]\npatients = "all"\nvisits = "all"\n'
HEADS = ["id", "week", "pppasi", "sex", "age", "dose_mg", "stop_date", "stop_reason"]


def rows(*lines):
    return {"all": [HEADS, *map(list, lines)]}


def adds_up(cleaned):
    count = cleaned.ledger.set_index(["table", "kind", "level"])["count"].unstack("level")
    parts = count[["accepted", "queried", "quarantined", "unused"]].sum(axis=1)
    assert (count["read"] == parts).all()


def told(cleaned):
    found = cleaned.queries[cleaned.queries["patient_id"] != ""]
    return dict(zip(found["cell"], found["rule"], strict=True))


def test_each_field_comes_from_the_row_that_has_it(workbook):
    cleaned = clean(
        workbook(
            rows(
                ("a", 0, 9, "f", None, None, None, None),
                ("a", 12, 5, None, 40, 15, None, None),
                ("a", None, None, None, None, None, "2023-05-01", "other"),
            ),
            source=ONE_SHEET,
        )
    )
    adds_up(cleaned)
    patient = cleaned.patients.iloc[0]
    assert (patient["sex"], patient["age_years"], patient["dose_mg"]) == ("female", 40, 15)
    assert f"{patient['stop_date']:%Y-%m-%d}" == "2023-05-01"
    assert len(cleaned.visits) == 2 and cleaned.quarantine.empty


def test_two_values_of_a_field_are_a_query_in_each_cell(workbook):
    cleaned = clean(
        workbook(
            rows(
                ("a", 0, 9, "f", 40, 15, None, None),
                ("a", 4, 7, None, 40, 15, None, None),
                ("a", 12, 5, "m", 41, 30, None, None),
            ),
            source=ONE_SHEET,
        )
    )
    adds_up(cleaned)
    assert cleaned.patients["sex"].isna().all()
    assert cleaned.patients[["age_years", "dose_mg"]].values.tolist() == [[40, 15]]
    differ, first = "values_differ", "value_at_baseline"
    assert told(cleaned) == {"D2": differ, "D4": differ, "E2": first, "F2": first}
    assert len(cleaned.visits) == 3


def test_without_a_value_at_baseline_a_trait_that_changes_is_a_query(workbook):
    lines = [("a", 0, 9, "f", None), ("a", 4, 7, "f", 40), ("a", 12, 5, "f", 41)]
    sheets = {"all": [HEADS[:5], *map(list, lines)]}
    cleaned = clean(workbook(sheets, source=ONE_SHEET))
    assert cleaned.patients["age_years"].isna().all()
    assert told(cleaned) == {"E3": "values_differ", "E4": "values_differ"}


def test_bad_cells_of_rows_that_were_merged_are_told_at_their_own_address(workbook):
    cleaned = clean(
        workbook(
            rows(
                ("a", 0, 9, "f", 40, 15, None, None),
                ("a", 4, 7, "x", 400, 15, None, None),
                ("a", 12, 5, None, None, None, "2023-05-01", None),
                ("b", 0, 5, "?", None, None, "no", None),
            ),
            source=ONE_SHEET,
        )
    )
    adds_up(cleaned)
    assert told(cleaned) == {
        "D3": "not_a_choice",
        "E3": "out_of_range",
        "D5": "not_a_choice",
        "G5": "not_a_date",
    }
    assert cleaned.patients["sex"].fillna("").tolist() == ["female", ""]


def test_rows_of_a_plain_table_that_complete_each_other_are_one_patient(workbook):
    sheet = [["id", "sex", "age"], ["a", "f", None], ["b", "m", 30], ["a", None, 40]]
    cleaned = clean(workbook({"patients": sheet}, '[endpoints]\nprimary = "none"\n'))
    adds_up(cleaned)
    assert cleaned.patients.values.tolist() == [["P01", "female", 40], ["P02", "male", 30]]
    assert told(cleaned) == {"2:2": "rows_merged"}
    rows_read = cleaned.ledger.query("kind == 'rows' and level == 'read' and table == 'patients'")
    assert rows_read["count"].item() == 3


def test_a_plain_table_of_patients_is_as_it_was(workbook):
    sheets = {"patients": [["id", "sex"], ["a", "f"], ["a", "f"], ["b", "f"], ["b", "m"]]}
    cleaned = clean(workbook(sheets, '[endpoints]\nprimary = "none"\n'))
    fates = cleaned.quarantine["rule"].value_counts().to_dict()
    assert fates == {"duplicate_contradictory": 2, "duplicate_exact": 1}


@pytest.mark.parametrize("blank", [None, " "])
def test_a_row_without_a_score_is_no_visit_and_a_mark_for_not_done_is_one(workbook, blank):
    lines = [["id", "week", "pppasi", "sex"], ["a", 0, 9, "f"], ["a", 4, blank, None]]
    sheets = {"all": [*lines, ["a", 12, "n/a", None]]}
    cleaned = clean(workbook(sheets, source=ONE_SHEET))
    adds_up(cleaned)
    assert cleaned.visits["week"].tolist() == [0, 12]
