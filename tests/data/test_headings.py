"""All headings that are missing in one message, with what to write in ``study.toml`` instead."""

import tomllib

import pytest

from ppp.data import workbook as reader
from ppp.data.cleaning import clean
from ppp.errors import SourceError

NONE = '[endpoints]\nprimary = "none"\n'
HEADS = ["patient_id", "sex", "start_date", "bmi"]


def said(study) -> str:
    with pytest.raises(SourceError) as stopped:
        clean(study)
    return str(stopped.value)


def test_all_that_is_missing_is_told_at_once(workbook):
    sheets = {"patients": [["patient_id", "Geschlacht", "week"]], "visits": [["patient_id", "P"]]}
    toml = """
    [source.sheets]
    labs = "Labor"
    adverse_events = "UE"
    [columns.patients]
    sex = "Geschlecht"
    bmi = "BMI kg"
    [columns.visits]
    week = "Woche n"
    [extra.visits]
    nlr = { heading = "NLR" }
    """
    told = said(workbook(sheets, toml, source='drop = ["Tel", "Fax"]')).splitlines()
    assert len(told) == 5
    assert "no sheet 'UE' for the table adverse_events" in told[0]
    assert "no sheet 'Labor' for the table labs" in told[1]
    assert told[2].startswith(
        "c.xlsx, 'patients': there are no headings 'Geschlecht' ([columns.patients] sex) (did you "
        "mean 'Geschlacht'?), 'BMI kg' ([columns.patients] bmi)"
    )
    assert "'Woche n' ([columns.visits] week), 'NLR' ([extra.visits] nlr)" in told[3]
    assert "'Tel' ([source] drop), 'Fax' ([source] drop)" in told[4]


def test_wide_headings_are_missing_all_at_once(workbook):
    toml = '[wide.visits]\nlabels = { W0 = 0, W12 = 12 }\npppasi = "P {label}"\ndlqi = "D {label}"'
    told = said(workbook({"patients": [["patient_id", "P W0", "P W12", "D_W0"]]}, toml))
    assert "'D W0' ([wide.visits] dlqi) (did you mean 'D_W0'?)" in told
    assert "'D W12' ([wide.visits] dlqi)" in told


def test_required_fields_of_all_sheets_are_told_at_once(workbook):
    sheets = {"patients": [["Fall"]], "adverse_events": [["patient_id", "grade"]]}
    told = said(workbook(sheets, NONE)).splitlines()
    assert ["patient_id" in told[0], "term" in told[1]] == [True, True]


def test_headings_known_here_come_in_the_order_of_the_sheet(workbook):
    study = workbook({"patients": [HEADS]}, NONE, source='drop = ["Telefon"]')
    assert "known here: patient_id, sex, start_date, bmi" in said(study)


def test_identity_stop_gives_the_drop_list_in_the_order_of_the_sheet(workbook):
    study = workbook({"patients": [["Telefon", "patient_id", "Name", "Adresse"]]}, NONE)
    assert '[source] drop = ["Telefon", "Name", "Adresse"]' in said(study)


@pytest.mark.parametrize("above", [[["Our patients"]], [["Our patients"], ["Ward 3", None, 2023]]])
def test_headings_below_a_title_name_the_row(workbook, above):
    row = len(above) + 1
    remedy = f"Row {row} looks like the headings: set [source] header_row = {row}"
    sheets = {"patients": [*above, HEADS, ["a", "f", None, 20]]}
    assert remedy in said(workbook(sheets, NONE))
    assert remedy in said(workbook(sheets, NONE + '[columns.patients]\nsex = "sex"\n'))
    assert len(clean(workbook(sheets, NONE, source=f"header_row = {row}")).patients) == 1


def test_headings_below_an_empty_row_name_the_row(workbook):
    assert "header_row = 2" in said(workbook({"patients": [[], HEADS]}, NONE))


def test_headings_below_a_title_in_csv_name_the_row(csv_folder):
    content = b"Our patients\npatient_id;sex;bmi\na;f;20\n"
    assert "header_row = 2" in said(csv_folder({"patients": content}, NONE))


def test_headings_that_come_again_are_no_better_row(workbook):
    raw = reader.read(workbook({"patients": [HEADS, HEADS]}, NONE))
    assert raw["patients"].likely == ""


@pytest.mark.parametrize(
    ("first", "second", "labels"),
    [
        ("PPPASI Baseline", "PPPASI Woche 12", {"Baseline": 0, "Woche 12": 12}),
        ("PPPASI W0", "PPPASI W12", {"W0": 0, "W12": 12}),
        ("PPPASI week 0", "PPPASI week 12", {"week 0": 0, "week 12": 12}),
        ("PPPASI (0)", "PPPASI (12)", {"0": 0, "12": 12}),
        ("pppasi_w0", "pppasi_w12", {"w0": 0, "w12": 12}),
        ("W0 PPPASI", "W12 PPPASI", {"W0": 0, "W12": 12}),
        ("PPPASI评分 基线", "PPPASI评分 12周", {"基线": 0, "12周": 12}),
    ],
)
def test_visits_side_by_side_give_a_piece_of_study_toml_that_works(workbook, first, second, labels):
    rows = [["patient_id", first, second], ["a", 9, 5], ["b", 8, 4]]
    told = said(workbook({"patients": rows}))
    assert "one row a patient and visit" in told and repr(first) in told
    piece = "\n".join(told.splitlines()[1:])
    assert tomllib.loads(piece)["wide"]["visits"]["labels"] == labels
    assert clean(workbook({"patients": rows}, piece)).visits["pppasi"].tolist() == [9, 5, 8, 4]


def test_visits_side_by_side_in_the_visits_sheet(workbook):
    sheets = {"patients": [["patient_id"]], "visits": [["patient_id", "DLQI W0", "DLQI W12"]]}
    assert 'dlqi = "DLQI {label}"' in said(workbook(sheets))


def test_items_and_components_are_not_taken_for_visits(workbook):
    heads = ["patient_id", "DLQI 1", "DLQI 2", "DLQI 3"]
    sheets = {"patients": [["patient_id"]], "visits": [heads]}
    assert "[wide.visits]" not in said(workbook(sheets))


def test_a_bracket_with_the_unit_the_range_or_the_codes_is_no_part_of_a_heading(workbook):
    heads = ["id", "Dosis (mg)", "Alter [Jahre]", "SAPHO (ja/nein)", "剂量（g）", "BMI (Woche 12)"]
    visits = [["id", "week", "PPPASI (Punkte)", "DLQI (0-30)"], ["a", 0, 9, 8], ["a", 12, 4, 3]]
    sheets = {"patients": [heads, ["a", 15, 40, "ja", 3, 22]], "visits": visits}
    cleaned = clean(workbook(sheets))
    found = cleaned.patients.drop(columns="study_id").iloc[0].to_dict()
    assert found == {"age_years": 40, "sapho": "yes", "dose_mg": 15}
    assert cleaned.visits[["pppasi", "dlqi"]].values.tolist() == [[9, 8], [4, 3]]
