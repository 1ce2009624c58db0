"""The workbook to fill in and REDCap's dictionary: they refuse what is wrong, and read back."""

import csv
import re
from datetime import date

import openpyxl
import pandas as pd
import pytest

from ppp.catalogue import dictionary
from ppp.catalogue.outcomes import outcomes
from ppp.data import template, values
from ppp.data.cleaning import clean
from ppp.errors import SourceError, StudyError
from ppp.run import cli
from ppp.study import ROOT, Study

WEEKS = (0, 4, 8, 12)
PATIENTS = [
    {
        "patient_id": f"{n:03}",
        "sex": ("female", "male")[n % 2],
        "age_years": 40 + n,
        "start_date": date(2023, 1, n + 1),
        "stop_reason": ("patient's wish", None)[n > 0],
    }
    for n in range(6)
]
VISITS = [
    {"patient_id": f"{n:03}", "week": week, "pppasi": 20.5 + n - week, "dlqi": 12 - week // 4}
    for n in range(6)
    for week in WEEKS
]
EVENTS = [{"patient_id": "001", "term": "acne", "start_date": "2023-02", "grade": 2}]
LABS = [
    {"patient_id": "000", "week": 0, "date": date(2023, 1, 1), "test": "ALT", "value": 30}
    | {"unit": "U/L", "lln": 7, "uln": 40}
]
ONE_EACH = {"patients": PATIENTS, "visits": VISITS, "adverse_events": EVENTS, "labs": LABS}
OWN = """[study]
id = "own"
[source]
file = "own.xlsx"
[schedule]
weeks = [0, 2, 16]
primary = 16
[endpoints]
primary = "easi"
pga_scale = [0, 5]
[codes.stop_reason]
"zu teuer" = "too dear"
[extra.visits]
nlr = { heading = "NLR {label}", label = "Neutrophil–lymphocyte ratio", min = 0, max = 50 }
[extra.patients]
centre = { heading = "Centre", codes = { "1" = "Wien", "2" = "St. Pölten" } }
"""


@pytest.fixture(scope="module")
def study():
    return Study.load(ROOT / "data" / "template", planned=True)


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    (folder / "study.toml").write_text(OWN, "utf-8")
    return Study.load(folder, planned=True)


@pytest.fixture(scope="module")
def blank(study, tmp_path_factory):
    path = tmp_path_factory.mktemp("blank") / "cohort.xlsx"
    template.write(study, path)
    return path


@pytest.fixture
def filled(blank, tmp_path):
    """Fill some sheets in, read them with a study.toml of id and file alone, and clean."""

    def fill(*tables, delete_examples=()):
        book = openpyxl.load_workbook(blank)
        for table in tables:
            heads = [cell.value for cell in book[table][1]]
            for number, row in enumerate(ONE_EACH[table], start=3):
                for name, value in row.items():
                    book[table].cell(number, heads.index(name) + 1, value)
        for table in delete_examples:
            book[table].delete_rows(2)
        book.save(tmp_path / "cohort.xlsx")
        toml = '[study]\nid = "mine"\n[source]\nfile = "cohort.xlsx"\n'
        (tmp_path / "study.toml").write_text(toml, "utf-8")
        return clean(Study.load(tmp_path, tmp_path / "out"))

    return fill


def rules(book):
    """Map sheet and heading to the validation of the cells below."""
    return {
        (sheet.title, cell.value): rule
        for sheet in book
        for cell in sheet[1]
        for rule in sheet.data_validations.dataValidation
        if f"{cell.column_letter}2" in rule.sqref
    }


def test_every_field_is_checked_on_entry_as_cleaning_checks_it(blank, study):
    found = rules(openpyxl.load_workbook(blank))
    scores = outcomes(study)
    for table in dictionary.TABLES:
        for field in template.fields(table, study):
            rule = found[table, field.name]
            assert str(rule.sqref).endswith(str(template.LAST)) and rule.showErrorMessage
            if field.name in ("week", "test", "patient_id"):
                assert rule.type in ("list", "custom")
            elif field.kind == "choice":
                assert rule.formula1 == f'"{",".join(field.choices)}"'
            elif field.kind in ("number", "integer"):
                assert rule.type == {"number": "decimal", "integer": "whole"}[field.kind]
                known = scores.get(field.name, field) if table == "visits" else field
                if known.low is not None:
                    assert (float(rule.formula1), float(rule.formula2)) == (known.low, known.high)
            else:
                kinds = {"date": "date", "partial_date": "custom"}
                assert rule.type == kinds.get(field.kind)


def test_excel_takes_every_formula_and_message(blank, own, tmp_path):
    template.write(own, tmp_path / "own.xlsx")
    for path in (blank, tmp_path / "own.xlsx"):
        for (_, heading), rule in rules(openpyxl.load_workbook(path)).items():
            assert len(rule.formula1 or "") < 255 and rule.showDropDown in (None, False)
            assert 0 < len(rule.prompt) <= 255 and len(rule.error or "") <= 225
            assert rule.promptTitle == rule.errorTitle == heading[:32]
            assert rule.type is None or rule.error


def test_it_reads_back_without_any_mapping_and_without_the_examples(filled):
    data = filled(*ONE_EACH)
    assert data.queries["rule"].tolist() == ["date_partial"]
    assert data.quarantine["rule"].tolist() == ["example_row"] * 4
    assert data.id_key["patient_id"].tolist() == [row["patient_id"] for row in PATIENTS]
    assert data.patients["stop_reason"].dropna().tolist() == ["patient's wish"]
    assert data.patients["start_date"].tolist() == [
        pd.Timestamp(row["start_date"]) for row in PATIENTS
    ]
    assert data.visits["pppasi"].tolist() == [row["pppasi"] for row in VISITS]
    assert data.weeks == WEEKS and len(data.adverse_events) == len(data.labs) == 1


def test_examples_change_nothing_that_is_analysed(filled):
    first, second = filled(*ONE_EACH), filled(*ONE_EACH, delete_examples=ONE_EACH)
    assert second.quarantine.empty
    for table in dictionary.TABLES:
        pd.testing.assert_frame_equal(getattr(first, table), getattr(second, table))


def test_a_sheet_left_as_it_was_is_not_recorded_and_an_emptied_one_says_none(filled):
    data = filled("patients", "visits")
    assert data.adverse_events is None and data.labs is None
    said = data.queries.loc[data.queries["rule"] == "sheet_not_filled", "raw"]
    assert said.tolist() == ["adverse_events, labs"]
    data = filled("patients", "visits", delete_examples=["adverse_events"])
    assert data.adverse_events.empty and data.labs is None


@pytest.mark.parametrize("tables", [(), ("patients",)])
def test_a_workbook_nobody_filled_in_stops(filled, tables):
    with pytest.raises(SourceError, match=r"there are no rows of (patients|visits)"):
        filled(*tables)


def test_a_study_has_its_own_outcomes_weeks_scales_and_codes(own, tmp_path):
    template.write(own, tmp_path / "own.xlsx")
    found = rules(openpyxl.load_workbook(tmp_path / "own.xlsx"))
    assert found["visits", "week"].formula1 == '"0,2,16"'
    assert found["visits", "pga"].formula2 == "5" and found["visits", "nlr"].formula2 == "50"
    assert found["patients", "Centre"].formula1 == '"Wien,St. Pölten"'
    assert found["patients", "stop_reason"].formula1.startswith('"too dear,adverse event')
    assert ("visits", "easi") in found and ("visits", "dlqi_1") in found
    assert not {"pppasi", "left_sole_area", "pasi"} & {heading for _, heading in found}


def test_it_names_nobody_and_takes_no_file_s_place(blank, study):
    assert not [name for _, name in rules(openpyxl.load_workbook(blank)) if "birth" in name]
    with pytest.raises(SourceError, match="is there already"):
        template.write(study, blank)


def test_codes_too_long_for_a_drop_down_stop(own, tmp_path):
    toml = OWN.replace('"1" = "Wien"', '"1" = "' + "W" * 255 + '"')
    (tmp_path / "study.toml").write_text(toml, "utf-8")
    with pytest.raises(StudyError, match="Centre: a drop-down holds 253 letters"):
        template.write(Study.load(tmp_path, planned=True), tmp_path / "own.xlsx")


def test_the_command_writes_where_the_study_says_before_there_is_a_workbook(tmp_path, capsys):
    (tmp_path / "study.toml").write_text(OWN, "utf-8")
    assert cli.main(["template", "--cohort", str(tmp_path)]) == 0
    assert (tmp_path / "own.xlsx").is_file() and (tmp_path / "redcap_dictionary.csv").is_file()
    assert cli.main(["template", "--cohort", str(tmp_path)]) == 2
    assert "is there already" in capsys.readouterr().err


@pytest.fixture
def variables(study, tmp_path):
    template.write_redcap(study, tmp_path / "redcap.csv")
    with (tmp_path / "redcap.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


NAME, FORM, KIND, CHOICES = template.HEADINGS[0], template.HEADINGS[1], *template.HEADINGS[3:6:2]


def test_redcap_s_dictionary_is_one_that_redcap_takes(variables):
    assert len(variables[0]) == 18 and variables[0][NAME] == "patient_id"
    names = [line[NAME] for line in variables]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z][a-z0-9_]{0,25}", name) for name in names)
    assert {line[FORM] for line in variables} == {*dictionary.TABLES}
    assert {line[KIND] for line in variables} == {"text", "notes", "yesno", "dropdown"}
    assert {line[template.HEADINGS[7]] for line in variables} == {
        "",
        "date_ymd",
        "integer",
        "number",
    }
    for line in variables:
        assert bool(line[CHOICES]) == (line[KIND] == "dropdown")
        codes = [pair.partition(", ")[0] for pair in line[CHOICES].split(" | ") if pair]
        assert all(re.fullmatch(r"\w+", code, re.ASCII) for code in codes)


def exported(variables, *, labels):
    """One line a form, as REDCap exports repeating instruments: raw codes, or their labels."""
    named = {(line[FORM], redcap_field(line).name): line for line in variables}
    for form, rows in ONE_EACH.items():
        for row in rows:
            made = {"redcap_repeat_instrument": "" if form == "patients" else form}
            for name, value in row.items():
                line = named.get((form, name), named["patients", "patient_id"])
                if value is not None and (name == "patient_id" or (form, name) in named):
                    made[line[NAME]] = written(line, str(value), labels)
            yield made


def redcap_field(line):
    """Find the field that a variable is of: the only one of its form that answers to its name."""
    word = dictionary.plain(line[NAME])
    (field,) = [f for f in dictionary.fields(line[FORM]).values() if word in f.synonyms]
    return field


def written(line, value, labels):
    pairs = [pair.split(", ") for pair in line[CHOICES].split(" | ") if pair]
    known = {label.casefold(): (code, label)[labels] for code, label in pairs}
    return known.get(value, value)


@pytest.mark.parametrize("labels", [False, True])
def test_an_export_of_redcap_reads_back_without_mapping(variables, filled, tmp_path, labels):
    home = tmp_path / "redcap"
    (home / "csv").mkdir(parents=True)
    lines = pd.DataFrame(exported(variables, labels=labels))
    lines.to_csv(home / "csv" / "export.csv", index=False)
    sheets = "".join(f'{table} = "export"\n' for table in dictionary.TABLES)
    toml = f'[study]\nid = "redcap"\n[source]\nfolder = "csv"\n[source.sheets]\n{sheets}'
    (home / "study.toml").write_text(toml, "utf-8")
    data, typed = clean(Study.load(home, home / "out")), filled(*ONE_EACH)
    for table, rows in ONE_EACH.items():
        there = {(line[FORM], redcap_field(line).name) for line in variables}
        names = ["study_id", *(name for name in rows[0] if (table, name) in there)]
        names = [name for name in names if name != "patient_id"]
        read, meant = (getattr(one, table)[names] for one in (data, typed))
        pd.testing.assert_frame_equal(read, meant, check_dtype=False)


def test_codes_of_a_study_s_own_keep_their_meaning_in_redcap(own):
    (centre,) = [line for line in template.redcap(own) if line[NAME] == "centre"]
    assert centre[CHOICES] == "Wien, Wien | St_Plten_47a, St. Pölten"
    how = values.reading(own, "patients", "centre")
    assert values.read_cell("St_Plten_47a", how) == values.read_cell("2", how) == ("St. Pölten", "")
    how = values.reading(own, "patients", "stop_reason")
    assert values.read_cell("too_dear", how) == ("too dear", "")


@pytest.mark.parametrize("labels", [False, True])
def test_the_draft_of_an_export_form_by_form_runs(variables, tmp_path, labels):
    home = tmp_path / "forms"
    home.mkdir()
    lines = pd.DataFrame(exported(variables, labels=labels))
    for form, held in lines.groupby(lines["redcap_repeat_instrument"].replace("", "patients")):
        held.dropna(axis=1, how="all").to_csv(home / f"{form}.csv", index=False)
    assert cli.main(["inspect", str(home), "--cohort", str(tmp_path / "drafted")]) == 0
    data = clean(Study.load(tmp_path / "drafted", tmp_path / "out"))
    assert data.visits["pppasi"].tolist() == [row["pppasi"] for row in VISITS]
    assert data.patients["stop_reason"].dropna().tolist() == ["patient's wish"]
    assert data.patients["sex"].tolist() == [row["sex"] for row in PATIENTS]
