"""What `inspect` says of unknown workbooks, and the drafts that it writes: they run as they are."""

import random
import re
import shutil
import tomllib
from datetime import datetime

import openpyxl
import pandas as pd
import pytest

from ppp.cohort import by_week
from ppp.data.cleaning import clean
from ppp.data.inspect import cells, inspect, sheets
from ppp.errors import SourceError
from ppp.run import cli
from ppp.study import ROOT, Study
from ppp.study.study import SECTIONS

CASES, COHORTS = ROOT / "tests" / "cases", ROOT / "tests" / "cohorts"
DRAFTS = ROOT / "tests" / "data" / "drafts"
SOURCES = {
    "german_wide": CASES / "clinic_german_wide" / "cohort.xlsx",
    "chinese_two_rows": CASES / "clinic_two_rows_of_headings" / "cohort.xlsx",
    "sheet_a_visit": CASES / "clinic_sheet_a_visit" / "cohort.xlsx",
    "redcap": CASES / "redcap_stop_in_last_event" / "csv",
    "english_long": CASES / "long_sheet_age_at_visit" / "cohort.xlsx",
    "two_rows": CASES / "two_rows_of_headings" / "cohort.xlsx",
    "row_7": CASES / "headings_in_row_7" / "cohort.xlsx",
    "start_and_end": CASES / "irregular_headings" / "cohort.xlsx",
    "numeric_codes": CASES / "numeric_codes" / "cohort.xlsx",
    "cp1252": CASES / "german_excel_csv_cp1252" / "csv",
    "tabs": CASES / "tab_separated" / "csv",
    "demo": ROOT / "data" / "demo" / "cohort.xlsx",
    "gaps": COHORTS / "gaps" / "csv",
    "phase_3": COHORTS / "dlqi_phase3",
}
# What the draft gives as it is: patients; outcome, last week, patients with both, mean change.
RIGHT = {
    "german_wide": (18, ("pppasi", 12, 17, -8.088), ("dlqi", 12, 17, -13.412)),
    "chinese_two_rows": (18, ("pppasi", 12, 16, -8.000), ("dlqi", 12, 18, -13.278)),
    "sheet_a_visit": (18, ("pppasi", 12, 17, -7.371)),
    "redcap": (12, ("pppasi", 12, 12, -10.475)),
    "english_long": (12, ("pppasi", 12, 12, -13.958)),
    "turkish_wide": (6, ("pppasi", 12, 6, -9.5), ("dlqi", 12, 5, -8.0)),
    "two_rows": (12, ("pppasi", 12, 12, -13.958)),
    "row_7": (12, ("pppasi", 12, 12, -13.958)),
    "start_and_end": (12, ("pppasi", 12, 12, -13.958), ("pruritus_nrs", 12, 12, -5.0)),
    "cp1252": (12, ("pppasi", 12, 12, -13.958)),
    "tabs": (12, ("pppasi", 12, 12, -13.958)),
    "demo": (28, ("pppasi", 12, 28, -8.3), ("dlqi", 12, 28, -10.5)),
    "gaps": (14, ("pppasi", 12, 6, -8.1), ("dlqi", 12, 8, -6.75)),
    "phase_3": (300, ("dlqi", 16, 283, -7.696)),
}
READING = {  # what the reader itself must do for these
    "redcap": "that rows of one patient complete each other",
    "english_long": "that rows of one patient complete each other",
    "cp1252": "[source] encoding",
    "tabs": "tabs between fields",
}
KEPT = (
    "german_wide",
    "chinese_two_rows",
    "sheet_a_visit",
    "redcap",
    "turkish_wide",
    "english_long",
)
HEADINGS = (
    "Hasta No|İSİM-SOYİSİM|Telefon|Cinsiyet|Yaş|SAPHO|Sigara|Tedavi başlangıç tarihi|Doz|PPPASI "
    "başlangıç|PPPASI 4. hafta|PPPASI 12. hafta|DLQI başlangıç|DLQI 12. hafta|Yan etki|Notlar"
).split("|")
NAMES = ["Ayşe Yılmaz", "Fatma Kaya", "Mehmet Demir", "Elif Şahin", "Ali Çelik", "Zeynep Arslan"]
SIDES = ["akne", "yok", "akne, baş ağrısı", "yok", "baş ağrısı", "akne"]


def turkish():
    """One row a patient, E and K for the sexes, numbers with a comma as text."""
    yield HEADINGS
    for n, name in enumerate(NAMES):
        sex, sapho = "EK"[n % 2], ("var", "yok")[n > 1]
        scores = f"{18 + n},5", f"{14 + n},2", f"{9 + n},0", 14 + n, 6 + n if n else "bilinmiyor"
        start = f"{n + 1:02d}.03.2023"
        yield [
            f"H{n + 1}",
            name,
            f"0532 111 22 3{n}",
            sex,
            40 + n,
            sapho,
            "evet",
            start,
            "15 mg",
            *scores,
            SIDES[n],
            f"{name} arandı",
        ]


@pytest.fixture(scope="session")
def drafted(tmp_path_factory):
    """Inspect a source once, in a cohort folder of its own: the folder, and what was said."""
    made = {}

    def of(name):
        if name not in made:
            home = tmp_path_factory.mktemp("drafts") / name
            source = SOURCES.get(name) or written(tmp_path_factory.mktemp(name), turkish())
            made[name] = home, inspect(source, home)[0]
        return made[name]

    return of


def written(folder, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "cohort.xlsx")
    return folder / "cohort.xlsx"


def awaited(home):
    """Name what the draft needs and the reader does not know yet."""
    draft = tomllib.loads((home / "study.toml").read_text("utf-8"))
    needs = {
        "[separators]": "separators" in draft,
        "[units] of a field": "units" in draft,
        "[source] header_rows": "header_rows" in draft["source"],
        "[source.sheets] visits = { … }": isinstance(
            draft["source"].get("sheets", {}).get("visits"), dict
        ),
        "[extra.visits] heading = { … }": "extra" in draft,
        READING.get(home.name): home.name in READING,
    }
    return ", ".join(
        key for key, needed in needs.items() if needed and "separators" not in SECTIONS
    )


def read(home):
    if waits := awaited(home):
        pytest.skip(f"the reader does not know {waits} yet")
    study = Study.load(home, home.parent)
    data = clean(study)
    return data, study.with_weeks(data.weeks)


@pytest.mark.parametrize("name", RIGHT)
def test_the_draft_runs_as_it_is_and_gives_the_right_numbers(drafted, name):
    data, study = read(drafted(name)[0])
    patients, *changes = RIGHT[name]
    assert len(data.patients) == patients
    for outcome, week, n, mean in changes:
        scores = by_week(data.visits, data.patients, outcome, study)
        change = (scores[week] - scores[0]).dropna()
        assert (outcome, len(change), round(change.mean(), 3)) == (outcome, n, mean)
    assert study.schedule.primary == changes[0][1] and study.endpoints.primary == changes[0][0]


@pytest.mark.parametrize("name", KEPT)
def test_drafts_are_as_they_were_approved(drafted, name):
    draft = (drafted(name)[0] / "study.toml").read_text("utf-8")
    assert draft == (DRAFTS / f"{name}.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "patients", "with_acne"),
    [("german_wide", 12, None), ("chinese_two_rows", 11, 7), ("sheet_a_visit", 12, 7)],
)
def test_events_of_one_cell_are_parted(drafted, name, patients, with_acne):
    events = read(drafted(name)[0])[0].adverse_events
    assert events["study_id"].nunique() == patients
    acne = events[events["term"] == "Acne"]["study_id"].nunique()
    assert with_acne in (None, acne)


def test_codes_units_and_dates_of_the_language_at_hand(drafted):
    german = read(drafted("german_wide")[0])[0].patients
    assert (german["sex"] == "female").sum() == 12 and (german["sapho"] == "yes").sum() == 5
    assert (german["dose_mg"] == 15).sum() == 12
    assert german["prior_treatments"].str.contains("acitretin").all()
    chinese = read(drafted("chinese_two_rows")[0])[0].patients
    assert round(chinese["age_years"].mean(), 2) == 47.28 and chinese["start_date"].notna().all()
    turkish = read(drafted("turkish_wide")[0])[0]
    assert turkish.patients["sex"].tolist() == ["male", "female"] * 3
    assert (turkish.patients["sapho"] == "yes").sum() == 2
    assert turkish.adverse_events["term"].value_counts().to_dict() == {
        "Acne": 3,
        "uncoded term 1": 2,
    }


def test_names_of_free_text_are_drafted_and_count_once_somebody_approved_them(drafted):
    home = drafted("german_wide")[0]
    draft = pd.read_csv(home / "terms.csv", dtype="str", keep_default_na=False)
    first = draft.iloc[0].tolist()
    assert first[:4] == ["term", "Herpes zoster (Woche 8)", "uncoded term 1", "Herpes zoster"]
    assert "uncoded term 1" in set(read(home)[0].adverse_events["term"])
    draft.assign(approved_by="me").to_csv(home / "terms.csv", index=False)
    terms = read(home)[0].adverse_events["term"]
    assert (terms == "Herpes zoster").sum() == 2 and not terms.str.contains("uncoded").any()
    (home / "terms.csv").unlink()


def test_terms_beside_csv_files_are_no_sheet(drafted):
    home = drafted("cp1252")[0]
    before = Study.load(home, home.parent).source.sha256()
    assert {sheet.name for sheet in sheets.read(home)} == {"adverse_events", "patients", "visits"}
    (home / "terms.csv").unlink()
    assert Study.load(home, home.parent).source.sha256() == before


def test_what_is_not_sure_is_a_comment_with_a_question(drafted):
    draft = (drafted("numeric_codes")[0] / "study.toml").read_text("utf-8")
    assert '# "1" = "male"   # ? 5 cells' in draft
    assert "codes" not in tomllib.loads(draft)
    draft = (drafted("demo")[0] / "study.toml").read_text("utf-8")
    assert '\n# dlqi_1 = "Q1"   # ? numbered as its items are' in draft
    assert '\nstart_date = "Upadacitinib since"   # ? is it the start of treatment' in draft


def test_the_demo_reads_more_once_its_questions_are_answered(drafted, tmp_path):
    home = shutil.copytree(drafted("demo")[0], tmp_path / "answered")
    draft = (home / "study.toml").read_text("utf-8")
    (home / "study.toml").write_text(
        re.sub(r'(?m)^# (?=\[|["\w]+(\.\w+)*"? = )', "", draft), "utf-8"
    )
    data, study = read(home)
    assert data.patients["start_date"].notna().all() and "dlqi_10" in data.visits
    assert (data.queries["rule"] == "decimal_comma").sum() == 0
    assert round(by_week(data.visits, data.patients, "pppasi", study)[12].notna().sum()) == 28


PATIENTS = range(8)
VISITS = [("基线", 20), ("4周", 15), ("12周", 8)]
CHINESE = [
    [["研究课题"], ["序号", "住院号", "姓名", "性别", "访视", "PPPASI评分"]],
    [
        [n, 30000 + i, "张三", "男女"[i % 2], *VISITS[v]]
        for n, (i, v) in enumerate([(i, v) for i in PATIENTS for v in range(3)])
    ],
]
LAYOUTS = {  # rows of one sheet, and the mean change at week 12 of its eight patients
    "running number, record number": ([*CHINESE[0], *CHINESE[1]], -12),
    "label first": (
        [["MRN", "DOB", "W0 PPPASI", "W12 PPPASI", "W0 NLR", "W12 NLR"]]
        + [[700 + i, "1/13/1970", 20, 9, 2.5, 2] for i in PATIENTS],
        -11,
    ),
    "months": (
        [["id", "sex", "PPPASI baseline", "PPPASI month 1", "PPPASI month 3"]]
        + [[f"A{i}", "f", 20, 15, 9] for i in PATIENTS],
        -11,
    ),
    "glued weeks": (
        [["id", "sex", "pppasi0", "pppasi4", "pppasi12"]]
        + [[f"A{i}", "f", 20, 15, 9] for i in PATIENTS],
        -11,
    ),
    "no trait": (
        [["Code", "Week", "PPPASI"]] + [[f"A{i}", w, 20 - w] for i in PATIENTS for w in (0, 4, 12)],
        -12,
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_other_layouts_run_at_the_first_attempt(name, tmp_path):
    rows, mean = LAYOUTS[name]
    said, _ = inspect(written(tmp_path, rows))
    data, study = read(tmp_path)
    scores = by_week(data.visits, data.patients, "pppasi", study)
    assert len(data.patients) == 8 and (scores[12] - scores[0]).tolist() == [mean] * 8
    assert "张三" not in said


PERSONAL = {  # heading: values of which nothing may be said
    "Fall": ["H-48213", "H-48214", "H-48215", "H-48216"],
    "Name": ["Erika Mustermann", "Max Beispiel", "Jo Doe", "An Other"],
    "telephone_1": [13812345678, 13812345679, 13812345670, 13812345671],
    "Rückruf": [13998765432, 13998765433, 13998765434, 13998765435],
    "Behandler": ["Huber", "Huber", "Steiner", "Steiner"],
    "Geburtsdatum": ["03.04.1971", "13.04.1982", "23.04.1969", "24.04.1975"],
    "Therapiebeginn": [datetime(2023, 4, d) for d in (3, 13, 23, 24)],
    "Raucher": ["ja", "nein", "seit Tod von Karl Huber", "ja"],
    "Abbruchgrund": ["Umzug nach Graz", "laut Dr. Steiner", "", "Wunsch"],
    "Nebenwirkung": ["Herpes, sagt Frau Huber", "keine", "Akne", "0664 1234567"],
    "PPPASI W0": [20.1, 21, 22, 23],
    "PPPASI W12": [10.1, "11 Huberstr", 12, 13],
}


def test_nothing_of_a_person_is_shown_or_written(tmp_path):
    rows = [list(PERSONAL), *map(list, zip(*PERSONAL.values(), strict=True))]
    said, draft = inspect(written(tmp_path, rows))
    text = said + draft.read_text("utf-8")
    told = [str(value) for held in PERSONAL.values() for value in held if len(str(value)) > 4]
    told += ["Huber", "Steiner", "Mustermann", "1381", "1399", "2023", "1971", "0664", "48213"]
    shown = [value for value in told if value in text]
    assert not shown
    toml = tomllib.loads(draft.read_text("utf-8"))
    assert set(toml["source"]["drop"]) >= {"Name", "telephone_1"}
    data, _ = read(tmp_path)
    assert len(data.patients) == 4


def test_free_text_among_weeks_and_codes_is_not_repeated(tmp_path):
    head = ["id", "Visite", "Geschlecht", "PPPASI"]
    rows = [[f"A{i}", v, "w", 9] for i in range(9) for v in ("Baseline", "Woche 4", "Woche 12")]
    rows += [["A9", "Anruf von Frau Huber", "Huber war da", "9 Huber"]]
    said, draft = inspect(written(tmp_path, [head, *rows]))
    text = draft.read_text("utf-8")
    assert "Huber" not in said + text and '"Woche 12" = 12' in text
    assert "1 cells have other text behind the number" in text


def test_the_demo_shows_no_id_date_or_event(drafted):
    home, said = drafted("demo")
    text = said + (home / "study.toml").read_text("utf-8")
    for sheet in openpyxl.load_workbook(SOURCES["demo"]):
        for row in sheet.iter_rows(min_row=2, values_only=True):
            assert str(row[0]) not in text and "很满意" not in text
    assert "Acne" not in text and "2022" not in text and "2023" not in text
    assert "C-999" not in text and "ids as A-999" in text


def test_no_file_is_written_over(tmp_path):
    source = shutil.copy(SOURCES["row_7"], tmp_path)
    (tmp_path / "study.toml").write_text("mine")
    names = [inspect(tmp_path)[1].name for _ in range(2)]
    assert names == ["study.draft.toml", "study.draft2.toml"]
    assert (tmp_path / "study.toml").read_text() == "mine" and source


def test_the_command_says_where_the_draft_is(tmp_path, capsys):
    source = shutil.copy(SOURCES["row_7"], tmp_path)
    assert cli.main(["inspect", str(source)]) == 0
    said = capsys.readouterr().out
    assert "visits: headings in row 7, 36 rows below; feeds visits" in said
    assert f"Wrote {tmp_path / 'study.toml'}" in said
    assert cli.main(["inspect", str(tmp_path / "no.xlsx")]) == 2
    assert "there is no such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("heading", "table", "name"),
    [
        ("Krankheitsdauer (Jahre)", "patients", "disease_duration_years"),
        ("剂量 mg/d", "patients", "dose_mg"),
        ("性别/Sex", "patients", "sex"),
        ("PPPASI 总分", "visits", "pppasi"),
        ("L sole A", "visits", "left_sole_area"),
    ],
)
def test_headings_are_known_without_what_is_beside_the_name(heading, table, name):
    assert sheets.by_words(heading, table)[0::2] == (name, True)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("Baseline", 0),
        ("W 12", 12),
        ("Woche 4", 4),
        ("治疗后4周", 4),
        ("başlangıç", 0),
        ("Month 3", 12),
        ("Day 28", 4),
        ("12 weeks", 12),
        ("baseline_arm_1", 0),
        ("Patients", None),
    ],
)
def test_weeks_are_read_from_labels(text, week):
    assert cells.week(text) == week


def test_months_and_ends_are_questions():
    assert [cells.is_sure(label) for label in ("Woche 4", "start", "Month 3", "end")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_column_is_looked_at_without_naming_it():
    look = cells.look(pd.Series(["13,5", "12,1", "n.d.", "<5", "15 mg"], dtype=object))
    assert (look.kind, look.low, look.high, look.gaps) == ("number", 12.1, 15.0, ("n.d.",))
    assert look.marks[","] == 2 and look.units == {"mg": 1}


def test_no_workbook_breaks_it_and_every_draft_is_toml(tmp_path):
    cell = [
        None,
        "",
        1,
        -2.5,
        True,
        "PPPASI",
        "PPPASI W0",
        "W12",
        "Week",
        "#REF!",
        "=1+1",
        'q"\\',
        datetime(2023, 1, 2),
        "12,5 mg",
        "男",
        "Name",
        "a\nb",
        "Total",
        "1e300",
        "patient_id",
    ]
    draw = random.Random(1)
    for number in range(25):
        rows = [draw.choices(cell, k=6) for _ in range(draw.randint(1, 8))]
        (tmp_path / str(number)).mkdir()
        _, draft = inspect(written(tmp_path / str(number), rows))
        if not awaited(draft.parent):
            Study.load(draft.parent, tmp_path)


def test_a_redcap_export_feeds_all_tables_and_its_checkboxes_one_list(tmp_path):
    folder = shutil.copytree(CASES / "redcap_checkboxes" / "csv", tmp_path / "csv")
    inspect(folder)
    draft = tomllib.loads((folder / "study.toml").read_text("utf-8"))
    assert draft["columns"]["patients"]["prior_treatments"] == "prior_treatments___*"
    assert list(draft["codes"]["prior_treatments"]) == ["1", "2", "9"]
    data, study = read(folder)
    assert data.patients["prior_treatments"].tolist()[2] == "prior_treatments 2"
    assert by_week(data.visits, data.patients, "pppasi", study)[12].tolist() == [5, 2, 11]
    assert (len(data.adverse_events), len(data.labs)) == (3, 3)
    assert "redcap_repeat" not in (folder / "study.toml").read_text("utf-8")


def test_a_checkbox_that_is_neither_ticked_nor_not_is_named(tmp_path):
    folder = shutil.copytree(CASES / "redcap_checkboxes" / "csv", tmp_path / "csv")
    text = (folder / "export.csv").read_text("utf-8")
    (folder / "export.csv").write_text(text.replace("1,41,1,0,1", "1,41,1,0,some"), "utf-8")
    inspect(folder)
    with pytest.raises(SourceError, match=r"cell I2 is of a checkbox.*write 1 or 0"):
        read(folder)
