"""Every heading finds its field or is named; what is required and absent stops the run."""

import pytest

from ppp.data import workbook as reader
from ppp.data.columns import arrange
from ppp.data.scores import PPPASI_COMPONENTS
from ppp.errors import SourceError

NONE = '[endpoints]\nprimary = "none"\n'
DLQI = '[endpoints]\nprimary = "dlqi"\n'


def fields(study, table="patients"):
    layout = arrange(reader.read(study), study)[table]
    return {name: list(headings) for name, headings in layout.headings.items()}


def stop(study):
    with pytest.raises(SourceError) as stopped:
        fields(study)
    return str(stopped.value)


def test_names_and_synonyms(workbook):
    rows = [["ID", "Gender", "年龄", "BMI (kg/m2)", "Start of treatment", "eye colour"]]
    assert fields(workbook({"patients": rows}, NONE)) == {
        "patient_id": ["ID"],
        "sex": ["Gender"],
        "age_years": ["年龄"],
        "bmi": ["BMI (kg/m2)"],
        "start_date": ["Start of treatment"],
    }


def test_mapped_headings(workbook):
    toml = NONE + '[columns.patients]\npatient_id = "Fallnummer 2"\nsex = "Geschl.\\nm/w"\n'
    rows = [["Fallnummer  2", "Geschl. m/w", "age"]]
    assert fields(workbook({"patients": rows}, toml)) == {
        "patient_id": ["Fallnummer 2"],
        "sex": ["Geschl. m/w"],
        "age_years": ["age"],
    }


def test_mapped_heading_that_is_not_there(workbook):
    toml = NONE + '[columns.patients]\nsex = "Geschlecht"\n'
    said = stop(workbook({"patients": [["patient_id", "Geschlacht"]]}, toml))
    assert "no heading 'Geschlecht' ([columns.patients] sex)" in said
    assert "did you mean 'Geschlacht'" in said
    assert "The headings are: patient_id, Geschlacht" in said


def test_missing_id_column(workbook):
    said = stop(workbook({"patients": [["Fall", "sex"]]}, NONE))
    assert "no column for patient_id" in said
    assert "[columns.patients]" in said


def test_visits_need_a_week_or_a_date(workbook):
    sheets = {"patients": [["patient_id"]], "visits": [["patient_id", "pppasi"]]}
    assert "week (or date)" in stop(workbook(sheets))
    assert fields(workbook(sheets | {"visits": [["patient_id", "date", "pppasi"]]}), "visits")


def test_events_need_a_term_and_labs_a_value(workbook):
    events = {"patients": [["patient_id"]], "adverse_events": [["patient_id", "grade"]]}
    assert "no column for term" in stop(workbook(events, NONE))
    labs = {"patients": [["patient_id"]], "labs": [["patient_id", "week", "test"]]}
    assert "no column for value" in stop(workbook(labs, NONE))


def test_two_synonyms_for_one_field(workbook):
    said = stop(workbook({"patients": [["patient_id", "age", "Alter"]]}, NONE))
    assert "'age' and 'Alter' both answer to age_years" in said


def test_canonical_name_stands_before_a_synonym(workbook):
    rows = [["patient_id", "id", "sex"]]
    assert fields(workbook({"patients": rows}, NONE))["patient_id"] == ["patient_id"]


@pytest.mark.parametrize("heading", ["Name", "姓名", "Telefon", "身份证号", "Address", "住院号"])
def test_identity_stops_by_name_with_advice(workbook, heading):
    said = stop(workbook({"patients": [["patient_id", heading], ["a", None]]}, NONE))
    assert heading in said
    assert "[source] drop" in said


def test_identity_may_be_dropped(workbook):
    study = workbook({"patients": [["patient_id", "Name"]]}, NONE, source='drop = ["Name"]')
    assert list(fields(study)) == ["patient_id"]


def test_record_number_may_be_the_id_but_a_name_may_not(workbook):
    rows = [["住院号", "sex"]]
    toml = NONE + '[columns.patients]\npatient_id = "{}"\n'
    assert fields(workbook({"patients": rows}, toml.format("住院号")))["patient_id"] == ["住院号"]
    assert "Name" in stop(workbook({"patients": [["Name"]]}, toml.format("Name")))


def test_heading_of_the_id_serves_every_sheet_that_has_it(workbook):
    sheets = {"patients": [["住院号"]], "visits": [["住院号", "week", "pppasi"]]}
    study = workbook(sheets, '[columns.patients]\npatient_id = "住院号"\n')
    assert fields(study, "visits")["patient_id"] == ["住院号"]


def test_name_of_a_laboratory_test_may_be_mapped(workbook):
    sheets = {"patients": [["patient_id"]], "labs": [["patient_id", "week", "Name", "value"]]}
    study = workbook(sheets, NONE + '[columns.labs]\ntest = "Name"\n')
    assert fields(study, "labs")["test"] == ["Name"]


def test_default_primary_endpoint_is_required(workbook):
    sheets = {"patients": [["patient_id"]], "visits": [["patient_id", "week", "dlqi"]]}
    said = stop(workbook(sheets))
    assert "primary endpoint pppasi was not recorded" in said
    assert "[endpoints] primary = 'dlqi'" in said
    assert fields(workbook(sheets, DLQI), "visits")


def test_sixteen_components_are_a_primary_endpoint_and_fifteen_are_not(workbook):
    heads = ["patient_id", "week", *PPPASI_COMPONENTS]
    assert fields(workbook({"patients": [["patient_id"]], "visits": [heads]}), "visits")
    assert "16 parts" in stop(workbook({"patients": [["patient_id"]], "visits": [heads[:-1]]}))


def test_subgroup_is_required_only_where_stated(workbook):
    sheets = {"patients": [["patient_id"]]}
    assert fields(workbook(sheets, NONE))
    assert "'sapho' was not recorded" in stop(
        workbook(sheets, NONE + '[subgroup]\ncolumn = "sapho"\n')
    )


def test_codes_need_their_field(workbook):
    toml = NONE + '[codes.sex]\n"w" = "female"\n'
    assert "[codes.sex]" in stop(workbook({"patients": [["patient_id"]]}, toml))


WIDE = """
[wide.visits]
labels = { "Beginn" = 0, "Woche 12" = 12 }
pppasi = "PPPASI {label}"
dlqi = "DLQI ({label})"
"""


def test_wide_sheet(workbook):
    rows = [["Nr", "PPPASI Beginn", "PPPASI Woche 12", "DLQI (Beginn)", "DLQI (Woche 12)"]]
    study = workbook({"patients": rows}, '[columns.patients]\npatient_id = "Nr"\n' + WIDE)
    layouts = arrange(reader.read(study), study)
    assert layouts["visits"].weeks == (0, 12)
    assert layouts["visits"].headings == {
        "patient_id": ("Nr", "Nr"),
        "pppasi": ("PPPASI Beginn", "PPPASI Woche 12"),
        "dlqi": ("DLQI (Beginn)", "DLQI (Woche 12)"),
    }


def test_wide_heading_that_is_not_there(workbook):
    rows = [["id", "PPPASI Beginn", "PPPASI Woche 12", "DLQI (Beginn)", "DLQI Woche 12"]]
    assert "no heading 'DLQI (Woche 12)'" in stop(workbook({"patients": rows}, WIDE))


def test_wide_field_at_some_visits_only(workbook):
    rows = [["id", "PPPASI Beginn", "PPPASI Woche 12", "DLQI (Beginn)"]]
    toml = WIDE.replace('"DLQI ({label})"', '{ "Beginn" = "DLQI (Beginn)" }')
    assert fields(workbook({"patients": rows}, toml), "visits")["dlqi"] == ["DLQI (Beginn)", None]


def test_extra_headings(workbook):
    toml = NONE + '[extra.patients]\nclass = { heading = "Präparat" }\n'
    study = workbook({"patients": [["patient_id", "Präparat"]]}, toml)
    assert fields(study)["class"] == ["Präparat"]
    assert "'Präparat'" in stop(workbook({"patients": [["patient_id", "Praparat"]]}, toml))


def test_id_from_row_needs_no_id_column(workbook):
    study = workbook({"patients": [["sex"], ["f"]]}, NONE, source="id_from_row = true")
    assert list(fields(study)) == ["sex"]
    both = workbook({"patients": [["id", "sex"]]}, NONE, source="id_from_row = true")
    assert "id_from_row is true, but 'id'" in stop(both)


def test_id_from_row_serves_one_sheet_only(workbook):
    sheets = {"patients": [["sex"]], "adverse_events": [["term"]]}
    assert "patient_id" in stop(workbook(sheets, NONE, source="id_from_row = true"))
