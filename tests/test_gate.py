"""A hundred things that point to a person, in every free text of a workbook: none leaves."""

import json
import re
import tomllib
import unicodedata
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from ppp.catalogue import dictionary
from ppp.catalogue.identifiers import blot, found, keys
from ppp.data import terms
from ppp.data.cleaning import clean
from ppp.errors import SourceError, StudyError
from ppp.run import cli, pipeline
from ppp.study import ROOT, Study

from .leaks import Secrets, leaks, secrets

DEMO = ROOT / "data" / "demo"
LIST = tomllib.loads(Path(__file__).with_name("identifiers.toml").read_text("utf-8"))
DETECTED, HIDDEN = LIST["detected"], LIST["hidden"]
ALL = [*DETECTED, *HIDDEN]
IDS = keys(f"C-{number}" for number in range(102, 184))
INNOCENT = [
    "herpes zoster, grade 2",
    "2 decreased neutrophils",
    "ALT 3 × ULN",
    "尿路感染",
    "三月一次",
    "24 hr later",
    "marked 12",
    "2019-2023",
    "UVB 311 nm",
    "IL-12/23 inhibitor",
    "type 2 diabetes",
    "may be related",
]
WARD = '\n[extra.patients]\nward = { heading = "Ward" }\n'
OPEN = """
from ppp.data import ledger, terms

gate = terms.gate
terms.gate = lambda tables, study: (tables, gate(tables, study)[1])
ledger.public_name = terms.public_name = lambda name: name
"""


def test_there_are_a_hundred():
    assert len(set(ALL)) >= 100


@pytest.mark.parametrize("text", DETECTED)
def test_the_detector_finds_it_and_covers_it(text):
    assert found(f"rash, {text}", IDS)
    covered = blot(f"rash, {text}", IDS)
    assert not {*re.findall(r"\d{3,}", unicodedata.normalize("NFKC", text))} & {
        *re.findall(r"\d{3,}", covered)
    }


@pytest.mark.parametrize("text", INNOCENT)
def test_the_detector_leaves_the_rest(text):
    assert blot(text, IDS) == text


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """The demo with each of them in a free field, and those that patterns know in a name too."""
    folder = tmp_path_factory.mktemp("seeded")
    book = openpyxl.load_workbook(DEMO / "cohort.xlsx")
    patients, visits, events, labs = book.worksheets
    ids = [row[0].value for row in patients.iter_rows(min_row=2) if row[0].value][:28]
    ward = patients.max_column + 1
    patients.cell(1, ward, "Ward")
    column = {cell.value: cell.column for cell in patients[1]}
    for number, text in enumerate(ALL):
        who, row = ids[number % 28], 2 + number % 28
        events.append([who, f"acne, {text}", f"class {text}", datetime(2022, 9, 9)])
        labs.append([who, 12, f"IgX {text}", 4.2, f"g/L {text}"])
        lists = ("Failed before", "合并症", "Ward") if number < 84 else ()
        name = lists[number // 28] if lists else "Why stopped"
        patients.cell(row, column[name], text)
        if not dictionary.identity(f"Remark {text}"):
            visits.cell(1, visits.max_column + 1, f"Remark {text}")
            visits.cell(2, visits.max_column, "x")
    approved = ["field,raw,name,soc,approved_by,date"]
    for number, text in enumerate(DETECTED):
        events.append([ids[number % 28], f"entry {number}", None, datetime(2022, 9, 10)])
        name = text.replace('"', "")
        approved.append(f'term,entry {number},"rash, {name}","Class, {name}",the owner,')
    for text in HIDDEN[:9]:
        book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", text)[:31]).append(["x"])
    visits.title = "随访 Wang Xiaoming"
    book.save(folder / "cohort.xlsx")
    study = (DEMO / "study.toml").read_text("utf-8").replace("随访 Visits", visits.title)
    (folder / "study.toml").write_text(study + WARD, "utf-8")
    (folder / "published.csv").write_bytes((DEMO / "published.csv").read_bytes())
    (folder / "terms.csv").write_text("\n".join(approved), "utf-8-sig")
    return folder


@pytest.fixture(scope="module")
def sought(clinic):
    words = {form for text in ALL for form in (text, unicodedata.normalize("NFKC", text))}
    words |= {digits for word in words for digits in re.findall(r"\d{7,}", word)}
    of_the_source = secrets(clinic / "cohort.xlsx", "编号")
    return Secrets(of_the_source.words | words, of_the_source.days)


@pytest.mark.slow
def test_nothing_of_it_leaves(clinic, sought, run_cohort):
    run = run_cohort(clinic)
    assert leaks(run.exports, sought) == {}
    index = (run.exports / "index.html").read_text("utf-8")
    assert "uncoded" in index and "uncoded term 1" in (run.exports / "04_safety.html").read_text()


@pytest.mark.slow
def test_with_the_gate_open_it_does(clinic, sought, tmp_path):
    books = tmp_path / "books"
    books.mkdir()
    for name in ("01_cleaning", "02_descriptives", "04_safety"):
        book = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text("utf-8"))
        cell = {"cell_type": "code", "id": "added", "metadata": {}, "execution_count": None}
        if name == "01_cleaning":
            book["cells"].insert(2, cell | {"source": OPEN.strip(), "outputs": []})
        (books / f"{name}.ipynb").write_text(json.dumps(book), "utf-8")
    options = pipeline.Options(cohort=str(clinic), output=str(tmp_path / "out"), folder=books)
    told = leaks(pipeline.run(options).study.exports, sought)
    assert len(told.keys() & set(ALL)) > 90


def test_every_patient_and_event_stays(clinic, tmp_path):
    data = clean(Study.load(clinic, tmp_path))
    assert len(data.patients) == 28
    names = data.adverse_events["term"]
    assert names.str.startswith("uncoded term").sum() == len(ALL)
    approved = names[names.str.startswith("rash, ")]
    assert [name for name in approved if "[…]" not in name] == [] and len(approved) == len(DETECTED)
    assert (data.queries["rule"] == "identifier_masked").sum() == len(DETECTED)
    waiting = data.terms[data.terms["shown_as"].str.startswith("uncoded term")]
    assert waiting["raw"].tolist() == [f"acne, {text}" for text in ALL]
    assert waiting["name"].ne("").all() and waiting["approved_by"].eq("").all()
    assert set(data.sheets) == {"患者 Patients", "visits", "不良事件 AE", "化验 Labs"} | {
        f"unused sheet {number}" for number in range(1, 10)
    }


EVENTS = """patient_id,term,soc
a,带状疱疹,
a,Herpes Zoster (left),
b,"zoster, told by Wang",
b,fatigue?,
"""
TOML = """
[study]
id = "small"
{}
[source]
folder = "csv"
[endpoints]
primary = "none"
{}
{}
"""


@pytest.fixture
def small(tmp_path):
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "patients.csv").write_text("patient_id\na\nb\n")
    (tmp_path / "csv" / "adverse_events.csv").write_text(EVENTS, "utf-8")
    (tmp_path / "study.toml").write_text(TOML.format("", "", ""))
    return tmp_path


def test_spellings_of_one_thing_are_one_and_keep_their_special_interest(small):
    events = clean(Study.load(small, small)).adverse_events
    assert events["term"].tolist() == ["Herpes zoster"] * 2 + ["uncoded term 1", "Fatigue"]
    assert events["interest"].str.contains("Herpes zoster").tolist() == [True] * 3 + [False]


def test_a_blank_class_among_classes_is_that_of_the_vocabulary(small):
    file = small / "csv" / "adverse_events.csv"
    file.write_text(EVENTS.replace("fatigue?,", "fatigue?,General disorders"), "utf-8")
    events = clean(Study.load(small, small)).adverse_events
    zoster = "Infections and infestations"
    assert events["soc"].tolist()[:2] == [zoster] * 2 and events["soc"].isna().tolist()[2]


def test_an_approved_name_is_taken_and_moves_no_number(small):
    approved = 'term,fatigue?,Tiredness of war,Other,me,\nterm,"zoster, told by Wang",,,,\n'
    (small / "terms.csv").write_text("field,raw,name,soc,approved_by,date\n" + approved)
    events = clean(Study.load(small, small)).adverse_events
    assert events["term"].tolist()[2:] == ["uncoded term 1", "Tiredness of war"]
    assert events["soc"].tolist()[3] == "Other"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("field,raw\nterm,x\n", "approved_by, name"),
        ("field,raw,name,approved_by\nterm,x,,me\n", "entry 1 is approved and has no name"),
        ("field,raw,name,approved_by\nterm,x,a,me\nterm,X,b,me\n", "entry 2 has another name"),
    ],
)
def test_a_list_of_names_that_cannot_be_read_stops_the_run(small, lines, said):
    (small / "terms.csv").write_text(lines)
    with pytest.raises(SourceError, match=said):
        clean(Study.load(small, small))


@pytest.mark.parametrize(
    ("about", "ends", "more"),
    [
        ('title = "Cohort of {}"', "", ""),
        ('authors = ["{}"]', "", ""),
        ("", 'labels = {{ pppasi = "{}" }}', ""),
        ("", "", '[codes.stop_reason]\n"x" = "moved, {}"'),
        ("", "", '[extra.patients]\nward = {{ heading = "w", label = "{}" }}'),
        ("", "", '[extra.visits]\nnlr = {{ heading = "w", unit = "{}" }}'),
    ],
)
@pytest.mark.parametrize("text", ["138 0013 8001", "a.b@example.org", "C 103", "MRN 88231"])
def test_texts_of_the_study_stop_the_run(small, about, ends, more, text):
    toml = TOML.format(*(part.format(text) for part in (about, ends, more)))
    (small / "study.toml").write_text(toml)
    with pytest.raises(StudyError) as stop:
        terms.check_study(Study.load(small, small), keys(["C-103"]))
    assert "take it out" in str(stop.value) and text not in str(stop.value)


def test_what_a_study_may_say_of_itself_does_not(small):
    about = [
        'title = "PPP 2019-2023 (NCT01234567)"',
        'authors = ["Dr A. Meier"]',
        'consecutive = "all who started from 1 May 2019 on"',
        'ethics = "committee of X, no. 2023-1127"',
    ]
    labels = 'labels = { pppasi = "PPPASI (0-72)" }'
    (small / "study.toml").write_text(TOML.format("\n".join(about), labels, ""))
    terms.check_study(Study.load(small, small), IDS)
    terms.check_study(Study.load(DEMO), IDS)


PERSON = "Wang Xiaoming"
FAULTS = {
    "patients": [["patient_id", "start_date"], ["a", PERSON], ["b", f"{PERSON} 3.5.2023"]],
    "visits": [["patient_id", "week", "pppasi"], ["a", 0, PERSON], ["b", 0, f"12 {PERSON}"]],
    "weeks": [["patient_id", "week", "pppasi"], ["a", PERSON, 3], ["b", f"{PERSON} 2", 4]],
    "strangers": [["patient_id", "week", "pppasi"], [PERSON, 0, 3], [f"{PERSON} 2", 0, 4]],
    "short": [["patient_id", "week", "pppasi"], ["a", 0, "Wang"], ["b", 0, "12 Wang"]],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_message_holds_what_a_cell_holds(small, fault):
    table = "patients" if fault == "patients" else "visits"
    rows = [",".join(map(str, row)) for row in FAULTS[fault]]
    (small / "csv" / f"{table}.csv").write_text("\n".join(rows))
    toml = TOML.format("", "", "").replace('"none"', '"pppasi"' if table == "visits" else '"none"')
    (small / "study.toml").write_text(toml + "[schedule]\nweeks = [0, 12]\n")
    with pytest.raises(SourceError) as stop:
        clean(Study.load(small, small))
    assert "Wang" not in str(stop.value) and "3.5." not in str(stop.value)
    assert re.search(r"cell [A-C]2|row 2", str(stop.value))


@pytest.mark.slow
def test_the_run_says_how_many_wait_and_where(small, capsys):
    assert cli.main(["run", "--cohort", str(small), "--output", str(small)]) == 0
    *_, waiting, opened = capsys.readouterr().out.splitlines()
    assert waiting.startswith("1 cell holds an entry without an approved name")
    assert "derived/small/terms.csv" in waiting and opened.startswith("Open ")
    place = small / "data" / "derived" / "small"
    assert {file.stat().st_mode & 0o77 for file in (place, *place.rglob("*"))} == {0}
