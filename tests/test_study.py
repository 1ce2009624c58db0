"""The keys of the data contract, their defaults, and the messages for what is wrong."""

import json
import re

import pytest

from ppp.errors import StudyError
from ppp.study import ROOT, Study


def cohort(folder, text="", *, source='file = "c.xlsx"', name="x"):
    (folder / "c.xlsx").touch()
    head = f'[study]\nid = "{name}"\n[source]\n{source}\n'
    (folder / "study.toml").write_text(head + text, encoding="utf-8")
    return folder


def load(folder, text="", **more):
    return Study.load(cohort(folder, text, **more))


def test_defaults_of_the_contract(tmp_path):
    study = load(tmp_path)
    assert (study.id, study.drug, study.synthetic, study.published) == (
        "x",
        "upadacitinib",
        False,
        None,
    )
    assert study.source.header_row == 1
    assert study.source.decimal_of("visits", "pppasi") == "."
    assert study.source.date_format == "%d.%m.%Y"
    assert (study.schedule.baseline, study.schedule.primary, study.schedule.weeks) == (
        0,
        12,
        (0, 4, 8, 12),
    )
    assert study.schedule.window_days == 14
    assert study.endpoints.primary == "pppasi"
    assert study.endpoints.responders == (50, 75, 90, 100)
    assert study.endpoints.pga_scale == (0, 4)
    assert (study.subgroup.column, study.subgroup.value) == ("sapho", "yes")
    assert study.safety.days_after_last_dose == 30
    assert (study.run.seed, study.run.timeout_s) == (20240101, 600)


def test_a_study_is_equal_only_to_itself(tmp_path):
    study, other = load(tmp_path), load(tmp_path, "[run]\nseed = 1\n")
    assert study != other and len({study, other, study}) == 2


def test_output_folders(tmp_path):
    study = load(tmp_path)
    assert study.derived == ROOT / "data" / "derived" / "x"
    assert study.exports == ROOT / "exports" / "x"
    elsewhere = Study.load(tmp_path, tmp_path / "out")
    assert elsewhere.exports == tmp_path / "out" / "exports" / "x"


def test_labels_and_units(tmp_path):
    study = load(
        tmp_path,
        """
        [endpoints]
        labels = { pppasi = "PASI" }
        [extra.visits]
        nlr = { heading = "NLR", label = "Neutrophil–lymphocyte ratio", min = 0, unit = "ratio" }
        [extra.patients]
        class = { heading = "Drug", codes = { "1" = "IL-17" } }
        weight = { heading = "kg", unit = "kg" }
        """,
    )
    assert study.label("pppasi") == "PASI"
    assert study.label("age_years") == "Age"
    assert study.label("nlr") == "Neutrophil–lymphocyte ratio"
    assert study.label("class") == "class"
    assert (study.unit("nlr"), study.unit("crp_mg_l"), study.unit("sex")) == ("ratio", "mg/L", "")
    kinds = {name: extra.kind for name, extra in study.extra["patients"].items()}
    assert kinds == {"class": "choice", "weight": "number"}
    assert "endpoints.labels.pppasi" in study.stated
    assert "endpoints.primary" not in study.stated


def test_an_outcome_of_its_own_says_how_it_is_analysed(tmp_path):
    study = load(
        tmp_path,
        """
        [extra.visits.itch]
        heading = "Itch NRS"
        better = "higher"
        step = 0.5
        targets = "50% | <= 1 | by 4"
        mcid = 4
        bands = "0-3 mild | 4-10 more"
        analysis = "full"
        [extra.visits.nlr]
        heading = "NLR"
        """,
    )
    itch, plain = study.extra["visits"]["itch"], study.extra["visits"]["nlr"]
    assert (itch.better, itch.step, itch.mcid, itch.analysis) == ("higher", 0.5, 4, "full")
    assert (itch.targets, itch.bands) == ("50% | <= 1 | by 4", "0-3 mild | 4-10 more")
    assert (plain.better, plain.step, plain.targets, plain.analysis) == (
        "lower",
        None,
        "",
        "change",
    )


def test_decimal_mark_of_one_column(tmp_path):
    source = 'file = "c.xlsx"\ndecimal = { "columns.visits.pppasi" = "," }'
    study = load(tmp_path, source=source)
    assert study.source.decimal_of("visits", "pppasi") == ","
    assert study.source.decimal_of("visits", "dlqi") == "."


def test_units_take_any_name_of_a_test(tmp_path):
    study = load(tmp_path, '[units]\n"ALT" = "U/L"\n"肌酐" = "mg/dl"\n')
    assert study.units == {"ALT": "U/L", "Creatinine": "mg/dl"}
    assert load(tmp_path).units == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[schedul]\n", "no section [schedul] (did you mean 'schedule'"),
        ("[schedule]\nweks = [0, 12]\n", "did you mean 'weeks'"),
        ("[schedule]\nweeks = [0, 16]\n", "primary: week 12 is not among weeks (0, 16)"),
        ("[schedule]\nweeks = 12\n", "a list in [ ]"),
        ("[schedule]\nprimary = true\n", "a whole number, not True"),
        ("[endpoints]\nprimary = 'pppassi'\n", "did you mean 'pppasi'"),
        ("[endpoints]\nprimary = 'week'\n", "not an outcome"),
        ("[endpoints]\npga_scale = [4]\n", "[endpoints] pga_scale"),
        ("[endpoints]\nlabels = { ppasi = 'PASI' }\n", "no field of visits"),
        ("[columns.visits]\npppassi = 'P'\n", "did you mean 'pppasi'"),
        ("[columns.visit]\npppasi = 'P'\n", "did you mean 'visits'"),
        ("[columns.visits]\npppasi = 3\n", "text in quotes"),
        ("[codes.sex]\nw = 'femal'\n", "did you mean 'female'"),
        ("[codes.stop_reason]\nx = 'advers event'\n", "did you mean 'adverse event'"),
        ("[codes.sexx]\nw = 'female'\n", "did you mean 'sex'"),
        ("[wide.visits]\npppasi = 'P {label}'\n", "needs labels"),
        ("[wide.visits]\nlabels = { W0 = 0 }\npppasi = 'P'\n", "must hold {label}"),
        ("[wide.visits]\nlabels = { W0 = 0 }\npppasi = { W4 = 'P' }\n", "nor a week"),
        ("[extra.visits]\nnlr = { label = 'x' }\n", "needs the key 'heading'"),
        ("[extra.visits]\nnlr = { heading = 'x', mim = 0 }\n", "did you mean 'min'"),
        ("[extra.visits]\npppasi = { heading = 'x' }\n", "is a field already"),
        (
            "[extra.visits]\nnlr = { heading = 'x', better = 'up' }\n",
            """[extra.visits] nlr better: it must be "lower" or "higher", not 'up'""",
        ),
        (
            "[extra.visits]\nnlr = { heading = 'x', analysis = 'grade' }\n",
            'it must be "full", "change" or "summary"',
        ),
        ("[extra.visits]\nnlr = { heading = 'x', step = 'x' }\n", "it must be a number"),
        ("[extra.patients]\nhla = { heading = 'x', better = 'lower' }\n", "no key 'better'"),
        ("[subgroup]\ncolumn = 'saph'\n", "did you mean 'sapho'"),
        ("[subgroup]\nvalue = 'ja'\n", "sapho has no 'ja'"),
        ("[safety]\ndays_after_last_dose = -1\n", "0 or more"),
        ("[run]\nseed = 'x'\n", "[run] seed"),
        ("[units]\nALTT = 'U/L'\n", "'ALTT' is no test of data/lab_tests.csv (did you mean 'ALT'"),
        ("[units]\nkreatinn = 'mg/dL'\n", "did you mean 'Creatinine'"),
        ("[units]\nxyzzy = 'mg/dL'\n", "known here: ALT, AST"),
        ("[units]\nALT = 'UL'\n", "'UL' is no unit of ALT (did you mean 'U/L'"),
        ("[units]\nCreatinine = 'apples'\n", "known here: µmol/L, mg/dL"),
        ("[units]\nALT = 'U/L'\nGPT = 'U/L'\n", "ALT is there twice"),
        ("[units]\nALT = 1\n", "text in quotes"),
        ("[unit]\nALT = 'U/L'\n", "did you mean 'units'"),
    ],
)
def test_wrong_key_is_named_with_remedy(tmp_path, text, said):
    with pytest.raises(StudyError) as stopped:
        load(tmp_path, text)
    assert said in str(stopped.value)
    assert str(tmp_path / "study.toml") in str(stopped.value)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('file = "cc.xlsx"', "did you mean 'c.xlsx'"),
        ('folder = "csv"', "'csv' is not there"),
        ('file = "cohort.xlsx"', "beside study.toml the folder holds: c.xlsx"),
        ("header_row = 1", "either file"),
        ('file = "c.xlsx"\nheader_row = 0', "1 or more"),
        ('file = "c.xlsx"\ndecimal = ";"', '"." or ","'),
        ('file = "c.xlsx"\ndecimal = { "columns.visits.ppasi" = "," }', "names no column"),
        ('file = "c.xlsx"\nsheets = { visit = "x" }', "did you mean 'visits'"),
        ('file = "c.xlsx"\nmissing = "NA"', "a list in [ ]"),
    ],
)
def test_wrong_source_is_named_with_remedy(tmp_path, source, said):
    with pytest.raises(StudyError, match=r"\[source") as stopped:
        load(tmp_path, source=source)
    assert said in str(stopped.value)


def test_unknown_cohort_folder(tmp_path):
    (tmp_path / "mine").mkdir()
    cohort(tmp_path / "mine")
    with pytest.raises(StudyError, match=r"no cohort folder .*did you mean 'mine'"):
        Study.load(tmp_path / "mina")


def test_folder_without_study_toml(tmp_path):
    with pytest.raises(StudyError, match=r"study\.toml: this file is not there"):
        Study.load(tmp_path)


def test_broken_toml_names_the_line(tmp_path):
    cohort(tmp_path, "[schedule\n")
    with pytest.raises(StudyError, match=r"not valid TOML.*line 5"):
        Study.load(tmp_path)


def test_id_may_not_leave_its_folder(tmp_path):
    with pytest.raises(StudyError, match=r"a-z, 0-9"):
        load(tmp_path, name="../x")


def test_byte_order_mark_is_read(tmp_path):
    cohort(tmp_path)
    file = tmp_path / "study.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert Study.load(tmp_path).id == "x"


def test_published_file_must_be_there(tmp_path):
    (tmp_path / "c.xlsx").touch()
    (tmp_path / "study.toml").write_text(
        '[study]\nid = "x"\npublished = "p.csv"\n[source]\nfile = "c.xlsx"\n'
    )
    with pytest.raises(StudyError, match=r"published: there is no file 'p\.csv'"):
        Study.load(tmp_path)


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("title = Upadacitinib in PPP", 'text needs quotes, as in title = "Upadacitinib in PPP"'),
        ("authors = [Li, Wang]", "text needs quotes"),
        ("drug = 1st line", "text needs quotes"),
        ('published = "C:\\data\\p.csv"', "write / instead of"),
        ('id = "y"', "it is there twice"),
    ],
)
def test_broken_toml_shows_the_line_and_the_remedy(tmp_path, line, remedy):
    (tmp_path / "study.toml").write_text(f'[study]\nid = "x"\n{line}\n[source]\n', "utf-8")
    with pytest.raises(StudyError) as stopped:
        Study.load(tmp_path)
    assert f"Line 3 reads: {line}" in str(stopped.value) and remedy in str(stopped.value)


@pytest.mark.parametrize("name", ["study.toml", "c.xlsx"])
def test_a_file_for_a_folder_names_its_folder(tmp_path, name):
    cohort(tmp_path)
    with pytest.raises(StudyError) as stopped:
        Study.load(tmp_path / name)
    assert f"is a file; give the folder that it lies in: {str(tmp_path)!r}" in str(stopped.value)


def test_the_id_of_the_demo_is_taken(tmp_path):
    with pytest.raises(StudyError, match="choose an id of your own"):
        load(tmp_path, name="demo")
    assert Study.load(tmp_path, tmp_path / "out").id == "demo"
    assert Study.load("data/demo").id == "demo"


def test_an_id_that_another_folder_uses_is_taken(tmp_path):
    mine, other = tmp_path / "mine", tmp_path / "other"
    for folder in (mine, other):
        folder.mkdir()
        cohort(folder)
    study = Study.load(mine, tmp_path)
    study.derived.mkdir(parents=True)
    (study.derived / "source.json").write_text(json.dumps({"sha256": "", "folder": study.home}))
    assert Study.load(mine, tmp_path).home == study.home
    with pytest.raises(StudyError, match="'x' is used by a cohort folder outside the repository"):
        Study.load(other, tmp_path)


def test_an_id_of_a_folder_in_the_repository_is_taken_until_that_is_gone(tmp_path):
    study = load(tmp_path)
    derived = tmp_path / "data" / "derived" / "x"
    derived.mkdir(parents=True)
    (derived / "source.json").write_text('{"sha256": "", "folder": "data/demo"}')
    with pytest.raises(StudyError, match="'x' is used by data/demo; choose another id"):
        Study.load(tmp_path, tmp_path)
    (derived / "source.json").write_text('{"sha256": "", "folder": "data/raw/moved-away"}')
    assert Study.load(tmp_path, tmp_path).id == study.id
    (derived / "source.json").write_text('{"sha256": ""}')
    assert Study.load(tmp_path, tmp_path).id == study.id


def test_the_place_of_a_cohort_elsewhere_is_not_told(tmp_path):
    assert Study.load("data/demo").home == "data/demo"
    assert load(tmp_path).home.startswith("sha256:")


def test_the_template_is_a_study_with_and_without_its_comments(tmp_path):
    text = (ROOT / "data/template/study.toml").read_text("utf-8")
    for name in ("cohort.xlsx", "published.csv"):
        (tmp_path / name).touch()
    (tmp_path / "study.toml").write_text(text, "utf-8")
    assert Study.load(tmp_path).synthetic is False
    lines = [line for line in text.splitlines() if not line.startswith("# folder")]
    opened = [re.sub(r"^# (?=\[|\S+ = )", "", line) for line in lines]
    (tmp_path / "study.toml").write_text("\n".join(opened), "utf-8")
    study = Study.load(tmp_path)
    assert study.wide["visits"]["labels"] == {"W0": 0, "W12": 12}
    assert study.codes["week"] == {"Baseline": "0", "W12": "12"}
    assert study.units == {"ALT": "U/L", "dose_mg": "mg"}
    assert study.separators == {"prior_treatments": ",;/", "term": ",;"}


def test_the_demo_says_to_delete_synthetic():
    text = (ROOT / "data/demo/study.toml").read_text("utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith("synthetic")]
    assert "DELETE THIS LINE FOR REAL PATIENTS" in line
