"""Tables of laboratory values, read off hand-made rows of 28 patients."""

import pandas as pd

from ppp import results
from ppp.laboratory import tables
from ppp.report.prose import Absent


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
    assert table.frame["block"].tolist()[-1] == "ATP III" and "borderline high" in notes(table)


def test_shift_of_grades_is_a_block_a_test_without_empty_lines(rows, study):
    frame = tables.lab_grade_shift(rows, study).frame
    block = frame[frame["block"].str.startswith("Haemoglobin, CTCAE v5 (n = 28)")]
    assert block.drop(columns="block").values.tolist() == [
        ["0", "25", "1", "0", "0", "0"],
        ["1", "0", "2", "0", "0", "0"],
    ]
    block = frame[frame["block"].str.startswith("ALT, CTCAE v5 (n = 28)")]
    assert block.drop(columns="block").values.tolist() == [
        ["0", "22", "2", "0", "1", "0"],
        ["Abnormal (then × baseline)", "2", "1", "0", "0", "0"],
    ]
    assert "any grade from 1 on is a worsening" in notes(tables.lab_grade_shift(rows, study))
    others = rows[rows["outcome"] != "ALT"]
    assert "Abnormal" not in tables.lab_grade_shift(others, study).to_text()


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
    assert isinstance(tables.liver(rows, study), Absent)
    above = results.row("liver", "transaminase", "patients", 1 / 27, level=">3", n=27, events=1)
    alone = tables.liver(pd.concat([rows, results.frame([above])]), study)
    assert alone.frame["what"].tolist() == ["ALT or AST > 3×ULN"]
    assert alone.notes[-2:] == ("Bilirubin not recorded.", "Hy’s law cannot be looked for.")
    assert "Potential" not in alone.to_text()


def test_liver_tests_stand_alone_and_then_together(rows, study):
    table = tables.liver(rows, study)
    assert (
        table.frame["block"].tolist()
        == ["Each test"] * 5 + ["ALT or AST with bilirubin (eDISH)"] * 4
    )
    assert table.frame["what"].tolist()[3:6] == [
        "ALT or AST > 20×ULN",
        "Bilirubin > 2×ULN",
        "Potential Hy’s law (ALT or AST > 3×ULN, bilirubin > 2×ULN, ALP < 2×ULN)",
    ]
    assert line(table, "ALT or AST > 5×ULN")["percent"] == "3.6 [0.1 to 18.3]"
    assert line(table, "Bilirubin > 2×ULN, other")["patients"] == "0/28"


def test_a_side_without_a_limit_has_no_count(study):
    rows = results.frame(
        results.row("lab_shift", test, "count", k, level=f"normal→{to}", n=25, events=k, code=code)
        for test, code in (("ALT", "no_lln"), ("CK", ""))
        for to, k in (("low", 0), ("normal", 22), ("high", 3))
    )
    table = tables.lab_shift(rows, study)
    assert table.frame[["test", "low", "high"]].values.tolist() == [
        ["ALT", "–", "3/25"],
        ["CK", "0/25", "3/25"],
    ]
    assert "the worst value after baseline" in notes(table)


def test_laboratory_has_one_row_a_test_in_any_case(rows, study):
    frame = tables.lab_shift(rows, study).frame
    assert frame["test"].tolist() == ["ALT", "bilirubin", "CK"]
    assert frame.iloc[2].tolist() == ["CK", "27", "0/27", "5/27", "1 below"]
