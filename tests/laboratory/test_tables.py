"""Tables of laboratory values, read off hand-made rows of 28 patients."""

from ppp import results
from ppp.laboratory import tables


def notes(table):
    return " ".join(table.notes)


def line(table, what):
    found = table.frame[table.frame.iloc[:, [0, 1]].eq(what).any(axis=1)]
    assert len(found) == 1
    return found.iloc[0].to_dict()


def test_laboratory_grades_worked_by_hand(rows, study):
    table = tables.lab_grades(rows, study)
    assert line(table, "Haemoglobin") == {
        "block": "CTCAE v5",
        "test": "Haemoglobin",
        "worse": "1/28",
        "percent": "3.6 [0.1 to 18.3]",
        "severe": "0/28, 0.0 [0.0 to 12.3]",
        "grade1": "3",
        "grade2": "0",
        "grade3": "0",
        "grade4": "0",
    }
    assert line(table, "LDL cholesterol")["severe"] == "–"
    assert table.frame["block"].tolist()[-1] == "ATP III" and "ATP III bands" in notes(table)


def test_worst_grades_count_patients_abnormal_at_baseline_too(rows, study):
    alt = line(tables.lab_grades(rows, study), "ALT")
    assert [alt[f"grade{grade}"] for grade in "1234"] == ["3", "0", "1", "0"]


def test_few_patients_have_no_percentage(rows, study):
    few = rows.assign(n=rows["n"].mask(rows["outcome"] == "Haemoglobin", 4))
    table = tables.lab_grades(few, study)
    found = line(table, "Haemoglobin")
    assert (found["worse"], found["percent"], found["severe"]) == ("1/4", "–", "0/4")
    assert line(table, "ALT")["percent"] == "14.3 [4.0 to 32.7]"
    assert "No percentage where n < 5." in table.notes
    assert "No percentage" not in notes(tables.lab_grades(rows, study))


def test_what_was_not_graded_and_a_missing_bilirubin_are_said(study):
    nan = float("nan")
    rows = results.frame(
        [
            results.row(
                "lab_grade",
                "ALT",
                "count",
                nan,
                note="no value with an upper limit",
                method="CTCAE v5: Alanine aminotransferase increased",
            ),
            results.row("liver", "edish", "patients", nan, note="bilirubin not recorded"),
        ]
    )
    assert "ALT: no value with an upper limit." in tables.lab_grades(rows, study).notes


def test_the_column_of_severe_grades_goes_where_nobody_has_one(rows, study):
    calm = rows[rows["outcome"] != "ALT"]
    table = tables.lab_grades(calm, study)
    assert "severe" not in table.columns
    assert "Worse to grade ≥ 3: none (up to 12.3%)." in notes(table)
    assert "Worse to grade ≥ 3" not in notes(tables.lab_grades(rows, study))
