"""Corrections beside ``study.toml``: applied to the raw cell, or refused by line and remedy."""

import csv

import openpyxl
import pytest

from ppp.data import corrections, questions, store
from ppp.data.cleaning import clean, uncorrected
from ppp.errors import SourceError
from ppp.study import Study

TWO = [["patient_id", "sex"], ["C-1", "f"], ["C-2", "m"]]
VISITS = [["patient_id", "week", "pppasi"], ["C-1", 0, 73], ["C-1", 12, 4.5], ["C-2", 0, "9,5"]]
LONG = [
    ["patient_id", "sex", "week", "pppasi"],
    ["C-1", "f", 0, 73],
    ["C-1", None, 12, 4.5],
    ["C-2", "m", 0, 8],
]
WIDE = [["patient_id", "sex", "PPPASI W0", "PPPASI W12"], ["C-1", "f", 73, 4.5], ["C-2", "m", 8, 3]]
WIDE_TOML = '[wide.visits]\nlabels = { "W0" = 0, "W12" = 12 }\npppasi = "PPPASI {label}"'
WEEKS = "\n[schedule]\nweeks = [0, 12]\n"
SHEET_A_VISIT = '[source.sheets]\nvisits = { "W0" = 0, "W12" = 12 }'
SIDES = {
    "patients": TWO,
    "W0": [["patient_id", "pppasi"], ["C-1", 73], ["C-2", 8]],
    "W12": [["patient_id", "pppasi"], ["C-1", 4.5], ["C-2", 3]],
}


def line(sheet, cell, old, new, reason="mistyped", by="AM", patient_id="", **more):
    known = {"sheet": sheet, "cell": cell, "old": old, "new": new, "reason": reason, "by": by}
    return known | {"patient_id": patient_id} | more


def correct(study, *lines):
    """Write ``corrections.csv`` into the cohort folder, and load the study again."""
    with (study.folder / "corrections.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, corrections.COLUMNS)
        writer.writeheader()
        writer.writerows(lines)
    return Study.load(study.folder, study.root)


def scores(study):
    visits = clean(study).visits.dropna(subset=["pppasi"])
    return visits.set_index(["study_id", "week"])["pppasi"].to_dict()


@pytest.fixture
def plain(workbook):
    return workbook({"patients": TWO, "visits": VISITS})


def test_a_corrected_cell_is_read_and_told_and_counted(plain):
    before = clean(plain)
    assert scores(plain) == {("P01", 12): 4.5}
    study = correct(plain, line("visits", "C2", "73", "13.5", patient_id="C-1"))
    after = clean(study)
    assert scores(study) == {("P01", 0): 13.5, ("P01", 12): 4.5}
    told = after.queries[after.queries["rule"] == "corrected"].iloc[0]
    assert (told["sheet"], told["cell"], told["field"], told["action"]) == (
        "visits",
        "C2",
        "pppasi",
        "kept",
    )
    assert after.corrections[["cell", "reason", "by"]].values.tolist() == [["C2", "mistyped", "AM"]]
    one, two = (d.ledger.set_index(["table", "kind", "level"])["count"] for d in (before, after))
    assert one["visits", "cells", "read"] == two["visits", "cells", "read"]
    assert two["visits", "cells", "queried"] == one["visits", "cells", "queried"] - 1
    assert two["visits", "cells", "warned"] == one["visits", "cells", "warned"] + 1
    assert before.source_sha256 != after.source_sha256 == study.source.sha256()
    assert uncorrected(study).visits.equals(before.visits)
    assert uncorrected(plain) is None


def test_the_source_stays_as_it_was(plain):
    bytes_before = plain.source.path.read_bytes()
    clean(correct(plain, line("visits", "C2", "73", "13.5")))
    assert plain.source.path.read_bytes() == bytes_before


APPLIED = {
    "a long sheet": (
        {"all": LONG},
        '[source.sheets]\npatients = "all"\nvisits = "all"\n' + WEEKS,
        [line("all", "D2", 73, 7.5, patient_id="C-1")],
        {("P01", 0): 7.5, ("P01", 12): 4.5, ("P02", 0): 8},
    ),
    "a wide sheet": (
        {"patients": WIDE},
        WIDE_TOML,
        [line("patients", "C2", 73, 7.5), line("patients", "D3", 3, 2)],
        {("P01", 0): 7.5, ("P01", 12): 4.5, ("P02", 0): 8, ("P02", 12): 2},
    ),
    "a sheet a visit": (
        SIDES,
        SHEET_A_VISIT,
        [line("W0", "B2", 73, 7.5), line("W12", "B3", "3", "2")],
        {("P01", 0): 7.5, ("P01", 12): 4.5, ("P02", 0): 8, ("P02", 12): 2},
    ),
    "one after the other": (
        {"patients": TWO, "visits": VISITS},
        "",
        [line("visits", "C2", 73, 17), line("visits", "C2", "17.0", "7.1", by="CD")],
        {("P01", 0): 7.1, ("P01", 12): 4.5},
    ),
    "an id and then a cell of its row": (
        {"patients": TWO, "visits": [*VISITS[:3], ["C-3", 0, "9,5"]]},
        "",
        [
            line("visits", "A4", "C-3", "C-2", "wrong patient or visit", patient_id="C-3"),
            line("visits", "C4", "9,5", "9.5", patient_id="C-2"),
        ],
        {("P01", 12): 4.5, ("P02", 0): 9.5},
    ),
    "an empty cell filled, a filled one emptied": (
        {"patients": TWO, "visits": [*VISITS, ["C-2", 12, None]]},
        "",
        [line("visits", "C5", "", "3"), line("visits", "C3", "4.5", "", "not in the chart")],
        {("P02", 12): 3},
    ),
    "a value that breaks a rule is queried like any other": (
        {"patients": TWO, "visits": VISITS},
        "",
        [line("visits", "C2", 73, 74)],
        {("P01", 12): 4.5},
    ),
}


@pytest.mark.parametrize("case", APPLIED)
def test_applied(case, workbook):
    sheets, toml, lines, right = APPLIED[case]
    assert scores(correct(workbook(sheets, toml), *lines)) == right


def test_applied_to_a_csv_source_beside_it(csv_folder):
    visits = [
        ["patient_id", "week", "pppasi"],
        ["C-1", 0, "73"],
        ["C-1", 12, "4,5"],
        ["C-2", 0, "8"],
    ]
    study = csv_folder({"patients": TWO, "visits": visits}, source='decimal = ","')
    lines = line("visits", "C2", "73", "7,5", patient_id="C-1"), line("visits", "C4", "8", "8.5")
    study = correct(study, *lines)
    assert scores(study) == {("P01", 0): 7.5, ("P01", 12): 4.5}
    queried = clean(study).queries.groupby("cell")["rule"].agg(set)
    assert queried["C4"] == {"corrected", "decimal_point"}  # as if it stood in the file


def test_in_the_folder_of_the_csv_files_it_is_no_sheet_of_the_source(csv_folder):
    study = csv_folder({"patients": TWO, "visits": VISITS})
    for file in study.source.path.iterdir():
        file.rename(study.folder / file.name)
    toml = study.folder / "study.toml"
    toml.write_text(toml.read_text().replace('folder = "csv"', 'folder = "."'))
    cleaned = clean(correct(study, line("visits", "C2", "73", "13.5")))
    assert cleaned.visits["pppasi"].dropna().tolist() == [13.5, 4.5]
    assert not (cleaned.queries["rule"] == "sheet_unused").any()


REFUSED = {
    "old value": (line("visits", "C2", 72, 7), "does not hold the old value"),
    "old value of an empty cell": (line("visits", "C2", "", 7), "does not hold the old value"),
    "row below the sheet": (line("visits", "C9", 73, 7), "there is no cell C9"),
    "row of the headings": (line("visits", "C1", "pppasi", 7), "there is no cell C1"),
    "column without a heading": (line("visits", "F2", "", 7), "there is no cell F2"),
    "a row": (line("visits", "2:2", "", 7), "the address of one cell, such as C12"),
    "sheet": (line("visit", "C2", 73, 7), "no sheet 'visit' is read .did you mean 'visits'"),
    "no reason": (line("visits", "C2", 73, 7, reason=" "), "fill in the columns reason and by"),
    "nobody": (line("visits", "C2", 73, 7, by=""), "fill in the columns reason and by"),
    "patient": (line("visits", "C2", 73, 7, patient_id="C-2"), "is not of the patient"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_its_line_and_without_a_value(case, plain):
    wrong, said = REFUSED[case]
    good = line("visits", "C3", 4.5, 4.6)
    with pytest.raises(SourceError, match=rf"corrections.csv, line 3: .*{said}") as stop:
        clean(correct(plain, good, wrong))
    assert "73" not in str(stop.value) and "C-2" not in str(stop.value)


def test_each_line_that_is_refused_is_named(plain):
    bad = [line("visits", "C9", 1, 2)] * 1 + [line("visits", f"C{n}", 1, 2) for n in range(10, 25)]
    with pytest.raises(SourceError) as stop:
        clean(correct(plain, *bad))
    told = str(stop.value).splitlines()
    assert len(told) == 11 and told[-1] == "… and 6 more"


def test_a_file_without_the_columns_says_which(plain):
    (plain.folder / "corrections.csv").write_text("sheet,cell,new\nvisits,C2,7\n")
    with pytest.raises(SourceError, match=r"corrections.csv: no column old, reason, by"):
        clean(Study.load(plain.folder, plain.root))


def answer(study, file, **answers):
    """Fill in lines of ``queries.xlsx``, by cell, and put it into the cohort folder."""
    book = openpyxl.load_workbook(file)
    sheet = book["queries"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row in sheet.iter_rows(min_row=2):
        for name, value in answers.get(row[heads["cell"] - 1].value, {}).items():
            sheet.cell(row[0].row, heads[name], value)
    book.save(study.folder / "queries.xlsx")
    return Study.load(study.folder, study.root)


def test_the_list_of_queries_is_filled_in_and_read_again(plain):
    store.write(clean(plain), plain)
    file = plain.derived / "queries.xlsx"
    lines = questions.questions(clean(plain), plain)
    assert lines["cell"].tolist() == ["C2", "C4"]
    assert set(lines["matters"]) == {"primary endpoint"}
    assert lines[["new", "reason", "by", "date"]].isna().all(axis=None)
    study = answer(plain, file, C2={"new": 13.5, "reason": "mistyped", "by": "AM"})
    assert scores(study) == {("P01", 0): 13.5, ("P01", 12): 4.5}
    # the next list, put in place of the first, still has what was answered
    store.write(clean(study), study)
    study = answer(study, file, C4={"new": 9.5, "reason": "decimal mark", "by": "CD"})
    assert scores(study) == {("P01", 0): 13.5, ("P01", 12): 4.5, ("P02", 0): 9.5}
    store.write(clean(study), study)
    book = openpyxl.load_workbook(file)
    assert [row[1].value for row in book["answered"].iter_rows(min_row=2)] == ["C2", "C4"]
    assert not [row for row in book["queries"].iter_rows(min_row=2) if row[1].value]
    # as a line of its own file it is the same correction, not a second one
    again = correct(study, line("visits", "C2", 73, 13.5))
    assert scores(again) == scores(study)


def test_a_formula_is_listed_as_text_and_dates_can_be_answered(workbook):
    people = [["patient_id", "start_date"], ["C-1", "soon"], ["C-2", "2999-01-01"]]
    visits = [["patient_id", "week", "pppasi"], ["C-1", 0, "=1+1"], ["C-2", 0, 7], ["C-2", 12, 3]]
    study = workbook({"patients": people, "visits": visits})
    store.write(clean(study), study)
    file = study.derived / "queries.xlsx"
    cells = openpyxl.load_workbook(file)["queries"]
    assert {c.data_type for row in cells.iter_rows() for c in row} <= {"s", "n", "inlineStr"}
    answers = {"reason": "chart checked", "by": "AM"}
    study = answer(
        study,
        file,
        B2=answers | {"new": "2023-05-01"},
        B3=answers | {"new": "2023-06-01"},
        C2=answers | {"new": 8},
    )
    cleaned = clean(study)
    assert cleaned.patients["start_date"].dt.strftime("%d.%m.%Y").tolist() == [
        "01.05.2023",
        "01.06.2023",
    ]
    assert set(cleaned.queries["rule"]) == {"corrected"}
    assert cleaned.visits["pppasi"].tolist() == [8, 7, 3]


def test_what_could_move_a_key_result_comes_first(workbook):
    people = [["patient_id", "sex", "bmi"], ["C-1", "f", "x"], ["C-2", "m", 22], ["C-2", "f", 22]]
    visits = [
        ["patient_id", "week", "pppasi", "dlqi"],
        ["C-1", 0, 7, 40],
        ["C-1", 4, 80, 3],
        ["C-1", 12, 90, 3],
    ]
    study = workbook({"patients": people, "visits": visits})
    listed = questions.questions(clean(study), study)
    assert listed[["matters", "cell"]].values.tolist() == [
        ["primary endpoint", "C4"],
        ["whole row", "3:3"],
        ["whole row", "4:4"],
        ["other outcome or safety", "D2"],
        ["other outcome or safety", "C3"],
        ["other", "C2"],
    ]


def test_a_source_without_a_query_asks_nothing(workbook):
    study = workbook({"patients": TWO, "visits": [VISITS[0], ["C-1", 0, 7], ["C-1", 12, 4.5]]})
    store.write(clean(study), study)
    sheet = openpyxl.load_workbook(study.derived / "queries.xlsx")["queries"]
    assert [cell.value for cell in sheet[1]] == questions.HEADS
    assert not [row for row in sheet.iter_rows(min_row=2) if row[1].value]
