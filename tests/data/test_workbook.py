"""Raw cells as the file holds them; files that are not what they are called stop with a remedy."""

import datetime
import zipfile

import openpyxl
import pytest

from ppp.data import workbook as reader
from ppp.data.cleaning import clean
from ppp.data.headings import NeverCalculated
from ppp.errors import SourceError, StudyError
from ppp.study import Study

NONE = '[endpoints]\nprimary = "none"\n'
PATIENTS = [["patient_id", "sex"], ["a", "m"], ["b", "f"]]


def test_raw_values_keep_their_type(workbook):
    day = datetime.datetime(2022, 7, 1)
    rows = [["patient_id", "x", "y"], ["NA", True, day], [7, " 1 ", 1.5]]
    raw = reader.read(workbook({"patients": rows}, NONE))["patients"]
    assert raw.frame["patient_id"].tolist() == ["NA", 7]
    assert raw.frame["x"].tolist() == [True, " 1 "]
    assert raw.frame["y"].tolist() == [day, 1.5]
    assert raw.frame.index.tolist() == [2, 3]
    assert raw.cell(3, "y") == "C3"


def test_blank_rows_keep_the_row_numbers(workbook):
    rows = [["patient_id"], ["a"], [None], ["b"]]
    assert reader.read(workbook({"patients": rows}, NONE))["patients"].frame.index.tolist() == [
        2,
        4,
    ]


def test_header_row_below_a_title(workbook):
    rows = [["Our patients"], [], ["patient_id"], ["a"]]
    raw = reader.read(workbook({"patients": rows}, NONE, source="header_row = 3"))["patients"]
    assert list(raw.frame) == ["patient_id"]
    assert raw.frame.index.tolist() == [4]


def test_formula_without_a_value_is_marked(workbook):
    rows = [["patient_id", "bmi"], ["a", "=1+1"]]
    cell = reader.read(workbook({"patients": rows}, NONE))["patients"].frame.loc[2, "bmi"]
    assert isinstance(cell, NeverCalculated)
    assert cell == "=1+1"


def test_formula_with_a_value_gives_it(workbook, tmp_path):
    study = workbook({"patients": [["patient_id", "bmi"], ["a", "=1+1"]]}, NONE)
    _store_value(tmp_path / "c.xlsx", "<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>")
    assert reader.read(study)["patients"].frame.loc[2, "bmi"] == 2


def _store_value(path, before, after):
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    text = parts[sheet].decode().replace("<v/>", "<v></v>").replace("<v />", "<v></v>")
    assert before in text
    parts[sheet] = text.replace(before, after).encode()
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)


def test_stray_cell_in_the_last_corner_is_no_burden(workbook):
    def edit(book):
        book["patients"]["XFD1048576"] = "stray"

    raw = reader.read(workbook({"patients": PATIENTS}, NONE, edit=edit))["patients"]
    assert raw.frame.shape == (2, 2)
    assert raw.unread == {"XFD": 1}
    assert raw.headless == ("XFD",)


def test_hidden_rows_and_columns_are_read_and_named(workbook):
    def edit(book):
        book["patients"].row_dimensions[3].hidden = True
        book["patients"].column_dimensions["B"].hidden = True

    raw = reader.read(workbook({"patients": PATIENTS}, NONE, edit=edit))["patients"]
    assert raw.frame["sex"].tolist() == ["m", "f"]
    assert raw.hidden == ("3:3", "B:B")


def test_a_value_that_merged_cells_cover_is_not_read(workbook, tmp_path):
    study = workbook({"patients": [["patient_id", "sex"], ["a", "m"], ["b", "f"]]}, NONE)
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    book["patients"].merged_cells.add("B2:B3")  # unlike merge_cells, it leaves B3 as it is
    book.save(tmp_path / "c.xlsx")
    raw = reader.read(study)["patients"]
    assert raw.merged == (("B2:B3", "sex", 2),) and raw.frame["sex"].tolist()[:1] == ["m"]
    assert raw.frame["sex"].isna().tolist() == [False, True]


def test_dropped_columns_are_counted_but_not_read(workbook):
    rows = [["patient_id", "Name"], ["a", "Anna"], ["b", None]]
    raw = reader.read(workbook({"patients": rows}, NONE, source='drop = ["Name"]'))["patients"]
    assert list(raw.frame) == ["patient_id"]
    assert raw.unread == {"B": 1}


def test_dropped_heading_that_is_not_there_stops(workbook):
    study = workbook({"patients": PATIENTS}, NONE, source='drop = ["Sex"]')
    with pytest.raises(SourceError, match=r"no heading 'Sex' \(\[source\] drop\).*'sex'"):
        reader.read(study)


def test_one_sheet_feeds_two_tables(workbook):
    toml = '[wide.visits]\nlabels = { W0 = 0, W12 = 12 }\npppasi = "P {label}"\n'
    rows = [["patient_id", "P W0", "P W12"], ["a", 1, 2]]
    raw = reader.read(workbook({"patients": rows}, toml))
    assert raw["patients"] is raw["visits"]


def test_sheet_names_ignore_case_and_spaces(workbook):
    sheets = {"Patients": PATIENTS, "Adverse events": [["patient_id", "term"]], "Notes": [["x"]]}
    raw = reader.read(workbook(sheets, NONE))
    assert set(raw) == {"patients", "adverse_events"}
    assert raw["patients"].notices == (("sheet_unused", "Notes"),)


def test_missing_sheet_is_named_with_those_there(workbook):
    with pytest.raises(SourceError, match=r"no sheet 'patients'.*There are: Patienten"):
        reader.read(workbook({"Patienten": PATIENTS}))


def test_misspelt_sheet_gets_a_hint(workbook):
    source = '[source.sheets]\npatients = "Patientn"'
    with pytest.raises(SourceError, match=r"did you mean 'Patienten'"):
        reader.read(workbook({"Patienten": PATIENTS}, NONE, source=source))


def test_missing_visits_point_to_safety_only(workbook):
    with pytest.raises(SourceError, match=r'primary = "none"'):
        reader.read(workbook({"patients": PATIENTS}))


def test_duplicated_heading_names_both_columns(workbook):
    rows = [["patient_id", "CRP", "CRP "], ["a", 1, 2]]
    with pytest.raises(SourceError, match=r"'CRP' is there twice \(columns B and C\)"):
        reader.read(workbook({"patients": rows}, NONE))


def test_no_headings(workbook):
    with pytest.raises(SourceError, match=r"row 5 holds no headings"):
        reader.read(workbook({"patients": PATIENTS}, NONE, source="header_row = 5"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "0 bytes"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"<html><table></table></html>", "web page"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?>", "web page"),
        (b"patient_id;sex\n", "it is no workbook"),
        (b"PK\x03\x04 cut off", "it is cut off; copy or download it again"),
    ],
)
def test_what_is_no_workbook_stops_with_a_remedy(workbook, tmp_path, content, said):
    study = workbook({"patients": PATIENTS}, NONE)
    (tmp_path / "c.xlsx").write_bytes(content)
    with pytest.raises(SourceError, match=said) as stopped:
        reader.read(study)
    assert "save it as Excel Workbook" in str(stopped.value)


def test_an_old_workbook_is_to_be_saved_anew(workbook, tmp_path):
    study = workbook({"patients": PATIENTS}, NONE)
    (tmp_path / "c.xlsx").write_bytes(b"\xd0\xcf\x11\xe0 old")
    with pytest.raises(SourceError, match=r"an old \.xls workbook: save it as \.xlsx in Excel"):
        reader.read(study)


def zipped(path, **parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("xl/workbook.bin", r"binary workbook \(\.xlsb\)"),
        ("content.xml", r"OpenDocument file \(\.ods\)"),
    ],
)
def test_other_spreadsheets_are_named(workbook, tmp_path, part, said):
    study = workbook({"patients": PATIENTS}, NONE)
    zipped(tmp_path / "c.xlsx", **{part: "x"})
    with pytest.raises(SourceError, match=f"{said}. Open it in Excel or LibreOffice, save it as"):
        reader.read(study)


def test_a_workbook_that_is_cut_off_or_swells_is_refused(workbook, tmp_path):
    study, path = workbook({"patients": PATIENTS}, NONE), tmp_path / "c.xlsx"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match="it is cut off; copy or download it again"):
        reader.read(study)
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file,
        file.open("xl/sharedStrings.xml", "w") as part,
    ):
        for _ in range(500):
            part.write(bytes(1_000_000))
    assert path.stat().st_size < 1_000_000
    with pytest.raises(SourceError, match="unpacked it is 500 MB, more than the 400 MB"):
        reader.read(study)


def test_a_workbook_is_read_whatever_its_name_ends_in(workbook, tmp_path):
    workbook({"patients": PATIENTS}, NONE)
    (tmp_path / "c.xlsx").rename(tmp_path / "c.xls")
    text = (tmp_path / "study.toml").read_text().replace("c.xlsx", "c.xls")
    (tmp_path / "study.toml").write_text(text)
    assert len(reader.read(Study.load(tmp_path, tmp_path / "out"))["patients"].frame) == 2


@pytest.mark.parametrize(("key", "other"), [("file", "folder"), ("folder", "file")])
def test_a_file_for_a_folder_and_the_other_way_round_is_told(tmp_path, key, other):
    place = tmp_path / "csv"
    place.mkdir() if other == "folder" else place.write_bytes(b"id")
    (tmp_path / "study.toml").write_text(f'[study]\nid = "x"\n[source]\n{key} = "csv"\n')
    with pytest.raises(StudyError, match=f"'csv' is a {other}; write {other} = 'csv'"):
        Study.load(tmp_path, tmp_path / "out")


def test_zip_that_is_no_workbook(workbook, tmp_path):
    study = workbook({"patients": PATIENTS}, NONE)
    with zipfile.ZipFile(tmp_path / "c.xlsx", "w") as file:
        file.writestr("x.txt", "x")
    with pytest.raises(SourceError, match=r"damaged"):
        reader.read(study)


def test_csv_folder_reads_like_a_workbook(csv_folder):
    raw = reader.read(
        csv_folder({"patients": [["patient_id", "bmi"], ["NA", ""], ["b", "21"]]}, NONE)
    )
    assert raw["patients"].frame["patient_id"].tolist() == ["NA", "b"]
    assert raw["patients"].frame["bmi"].dropna().tolist() == ["21"]
    assert raw["patients"].cell(3, "bmi") == "B3"


def test_csv_with_semicolons_byte_order_mark_and_quoted_lines(csv_folder):
    content = '\ufeffpatient_id;comorbidities;bmi\r\na;"x\n, y";20\r\n'.encode()
    raw = reader.read(csv_folder({"patients": content}, NONE))["patients"]
    assert list(raw.frame) == ["patient_id", "comorbidities", "bmi"]
    assert raw.frame.loc[2, "comorbidities"] == "x\n, y"


def test_csv_in_gb18030_is_read_with_a_notice(csv_folder):
    raw = reader.read(csv_folder({"patients": "patient_id,性别\na,女\n".encode("gb18030")}, NONE))
    assert raw["patients"].frame["性别"].tolist() == ["女"]
    assert raw["patients"].notices == (("encoding_assumed", "patients.csv: gb18030"),)


def test_csv_cells_beyond_the_headings_are_counted(csv_folder):
    rows = [["patient_id"], ["a", "x"], ["b", ""]]
    raw = reader.read(csv_folder({"patients": rows}, NONE))
    assert raw["patients"].unread == {"B": 1}


FULL = "".join(f"{name},f,{age}\n" for name, age in zip("cdefghij", range(40, 48), strict=True))


@pytest.mark.parametrize(
    ("lines", "ragged"),
    [
        ("a,f,40,5\nb,m,50\n", {2}),  # a field too many
        ("a,f,40,\nb,m,50,\n", set()),  # only empty ones beyond the headings
        ("a,40\nb,m,50\n", {2}),  # one too few
        ("a,f,see\nb,m\n,,\n\n", {3}),  # blank lines are none
        ("a,f,he said: \nno,no\nb,m,50\n", {3}),  # a break within a cell
        ('a,"f,40\nb,m,50\n', {2}),  # quotes that never close
        ('a,"f"x,40\nb,m,50\n', {2}),
        ('a,"f,40\nb,m,50\nB,m",50\nbb,m,50\n', {2}),  # that close lines later
        ('a,"f\n",40\nb,m,50\n', set()),
        ("a,f\nb,m\nB,m\nbb,m\n", set()),  # as Excel ends a block of lines
    ],
)
def test_ragged_lines_are_set_aside_and_never_shifted(csv_folder, lines, ragged):
    study = csv_folder({"patients": ("id,sex,age\n" + lines + FULL).encode()}, NONE)
    cleaned = clean(study)
    away = cleaned.quarantine.query("rule == 'ragged_line'")
    assert set(away["row"]) == ragged
    ages = dict(zip(cleaned.id_key["patient_id"], cleaned.patients["age_years"], strict=True))
    assert [ages[name] for name in "cdefghij"] == list(range(40, 48))
    assert ages.get("b", 50) == 50 or ages["b"] != ages["b"]
    levels = cleaned.ledger.groupby(["kind", "level"])["count"].sum().unstack("level")
    parts = levels[["accepted", "queried", "quarantined", "unused"]].sum(axis=1)
    assert (levels["read"] == parts).all()
    assert levels.loc["rows", "read"] == sum(
        bool(line.replace(",", "").strip()) for line in (lines + FULL).split("\n")
    ) - lines.count('"f\n"')


def test_more_than_a_quarter_of_ragged_lines_stop_the_run(csv_folder):
    rows = [["patient_id", "bmi"], *(["a", 21, 5], ["b", 2, 2]), *(["c", 2], ["d", 2], ["e", 2])]
    with pytest.raises(
        SourceError, match=r"2 of 5 lines have more or fewer fields.*\(lines 2, 3\)"
    ):
        reader.read(csv_folder({"patients": rows}, NONE))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "0 bytes"),
        (b"id\n\x81\x8d\xff\n", "cannot be told"),
        (b'patient_id,x\n"a,1\n', "broken quotes"),
    ],
)
def test_csv_that_cannot_be_read(csv_folder, content, said):
    with pytest.raises(SourceError, match=said):
        reader.read(csv_folder({"patients": content}, NONE))


def test_digest_changes_with_the_source(workbook, tmp_path):
    study = workbook({"patients": PATIENTS}, NONE)
    before = study.source.sha256()
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    book["patients"]["A2"] = "z"
    book.save(tmp_path / "c.xlsx")
    assert len(before) == 64
    assert study.source.sha256() != before
