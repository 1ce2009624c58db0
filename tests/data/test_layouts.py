"""Rows of headings, a sheet a visit, entries and units within a cell, encodings, percent cells."""

import pytest

from ppp.data import workbook as reader
from ppp.data.cleaning import clean
from ppp.data.csv_files import decoded
from ppp.errors import SourceError, StudyError

from ..approval import clean as as_typed

NONE = '[endpoints]\nprimary = "none"\n'
SHEETS = '[source.sheets]\nvisits = { "Start" = 0, "W12" = 12 }\n'


def adds_up(cleaned):
    count = cleaned.ledger.set_index(["table", "kind", "level"])["count"].unstack("level")
    parts = count[["accepted", "queried", "quarantined", "unused"]].sum(axis=1)
    assert (count["read"] == parts).all()


def test_merged_cells_of_a_heading_carry_forward_and_others_do_not(workbook):
    rows = [["Basic", None, "PPPASI", None, None], ["id", "sex", "W0", "W12", "note"]]
    study = workbook(
        {"patients": [*rows, ["a", "f", 9, 5, "x"]]},
        source="header_rows = 2",
        edit=lambda book: [book.active.merge_cells(cells) for cells in ("A1:B1", "C1:D1")],
        toml=NONE,
    )
    raw = reader.read(study)["patients"]
    assert list(raw.letters) == ["Basic id", "Basic sex", "PPPASI W0", "PPPASI W12", "note"]
    cleaned = clean(study)
    adds_up(cleaned)
    assert cleaned.patients["sex"].tolist() == ["female"]


def test_in_a_csv_file_a_heading_counts_for_the_blanks_to_its_right(csv_folder):
    rows = [["", "PPPASI", "", "DLQI", ""], ["id", "W0", "W12", "W0", "W12"], ["a", 9, 5, 8, 4]]
    toml = '[wide.visits]\nlabels = { "W0" = 0, "W12" = 12 }\npppasi = "PPPASI {label}"\n'
    cleaned = clean(csv_folder({"patients": rows}, toml, source="header_rows = 2"))
    assert cleaned.visits["pppasi"].tolist() == [9, 5]


@pytest.mark.parametrize("name", ["Name", "Telefon"])
def test_a_person_in_the_second_row_of_headings_stops_the_run(workbook, name):
    rows = [["Basic", "Basic"], ["id", name], ["a", "x"]]
    with pytest.raises(SourceError, match="point to persons"):
        clean(workbook({"patients": rows}, NONE, source="header_rows = 2"))
    source = f'header_rows = 2\ndrop = ["{name}"]'
    assert len(clean(workbook({"patients": rows}, NONE, source=source)).patients) == 1


def visits(*rows):
    return [["id", "pppasi", "dlqi"], *map(list, rows)]


def test_one_sheet_a_visit_keeps_its_addresses(workbook):
    sheets = {
        "patients": [["id"], ["a"], ["b"]],
        "Start": visits(("a", 9, 8), ("b", "9,5", 7), ("b", 10, 7)),
        "W12": [["id", "dlqi", "pppasi"], ["z", 1, 1], ["a", 2, 99]],
    }
    cleaned = clean(workbook(sheets, "[schedule]\nprimary = 12\n", source=SHEETS))
    adds_up(cleaned)
    found = cleaned.queries[["sheet", "cell", "rule", "week"]].values.tolist()
    assert found == [["W12", "C3", "out_of_range", 12]]
    away = cleaned.quarantine[["sheet", "row", "rule"]].values.tolist()
    assert away == [
        ["W12", 2, "unknown_patient"],
        ["Start", 3, "duplicate_contradictory"],
        ["Start", 4, "duplicate_contradictory"],
    ]
    assert cleaned.weeks == (0, 12)


def test_a_sheet_of_a_visit_may_lack_a_score_and_feed_the_patients_too(workbook):
    sheets = {
        "Start": [["id", "sex", "pppasi", "pga"], ["a", "f", 9, 3], ["b", "m", 8, 3]],
        "W12": [["id", "pppasi"], ["a", 5], ["b", 4]],
    }
    source = '[source.sheets]\npatients = "Start"\nvisits = { "Start" = 0, "W12" = 12 }\n'
    cleaned = clean(workbook(sheets, source=source))
    adds_up(cleaned)
    assert cleaned.patients["sex"].tolist() == ["female", "male"]
    assert cleaned.visits["pppasi"].tolist() == [9, 5, 8, 4]
    assert cleaned.visits["pga"].count() == 2
    cells = cleaned.ledger.query("kind == 'cells' and level == 'read'")["count"].sum()
    assert cells == 12
    assert "heading_unused" not in set(cleaned.queries["rule"])


def test_a_sheet_a_visit_that_is_not_there_is_named(workbook):
    with pytest.raises(SourceError, match="there is no sheet 'W12'"):
        clean(workbook({"patients": [["id"]], "Start": visits()}, source=SHEETS))


def test_events_of_one_cell_are_parted_where_declared(workbook):
    events = ["acne (mild; face); headache", "keine", None, "CK 1,5; "]
    rows = [["id", "term"], *zip("abcd", events, strict=True)]
    source = '[source.sheets]\nadverse_events = "patients"\n'
    toml = NONE + '[separators]\nterm = ";"\n'
    cleaned = as_typed(workbook({"patients": list(map(list, rows))}, toml, source=source))
    adds_up(cleaned)
    found = cleaned.adverse_events[["study_id", "term"]].values.tolist()
    assert found == [["P01", "acne (mild; face)"], ["P01", "headache"], ["P04", "CK 1,5"]]
    assert "entries_parted" in set(cleaned.queries["rule"])


def test_a_sheet_of_patients_in_which_each_has_an_event_is_no_listing_of_events(workbook):
    rows = {"patients": [["id", "term"], ["a", "acne"], ["b", "acne; zoster"]]}
    source = '[source.sheets]\nadverse_events = "patients"\n'
    assert clean(workbook(rows, NONE + '[separators]\nterm = ";"\n', source=source)).ascertained
    assert not clean(workbook(rows, NONE, source=source)).ascertained


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[separators]\nsex = ";"\n', "'sex' is no field of several entries"),
        ('[separators]\nterm = "und"\n', "the signs between entries"),
        ('[units]\nsex = "x"\n', "no field of numbers"),
        ('[source.sheets]\npatients = { "a" = 0 }\n', "only visits"),
    ],
)
def test_keys_that_cannot_be_are_refused(workbook, toml, said):
    with pytest.raises(StudyError, match=said):
        workbook({"patients": [["id"], ["a"]]}, toml + NONE)


def test_a_unit_in_the_cell_is_taken_off_where_declared(workbook):
    rows = [["id", "age", "dose_mg"], ["a", "45岁", "15 mg"], ["b", 50, "30 g"]]
    cleaned = clean(
        workbook({"patients": rows}, NONE + '[units]\nage_years = "岁"\ndose_mg = "mg"\n')
    )
    assert cleaned.patients["age_years"].tolist() == [45, 50]
    assert cleaned.patients["dose_mg"].fillna(-1).tolist() == [15, -1]
    rules = dict(zip(cleaned.queries["cell"], cleaned.queries["rule"], strict=True))
    assert rules == {"C3": "not_a_number", "B:B": "unit_taken_off", "C:C": "unit_taken_off"}


def test_a_cell_shown_in_percent_is_what_it_shows(workbook):
    def percent(book):
        book["patients"]["B2"].number_format = "0%"
        book["patients"]["B3"].number_format = '0"%"'

    rows = [["id", "bmi"], ["a", 0.45], ["b", 45]]
    cleaned = clean(workbook({"patients": rows}, NONE, edit=percent))
    assert cleaned.queries[["cell", "raw", "rule"]].values.tolist() == [["B2", "45%", "percentage"]]
    cleaned = clean(workbook({"patients": rows}, NONE + '[units]\nbmi = "%"\n', edit=percent))
    assert cleaned.patients["bmi"].tolist() == [45, 45]


def labs(*values, limits=None):
    heads = ["id", "test", "value", "unit", "week"] + (["uln"] if limits else [])
    rows = [["a", "Leukocytes", value, "/µL", 0] + (limits or []) for value in values]
    return {"patients": [["id"], ["a"]], "labs": [heads, *rows]}


@pytest.mark.parametrize(
    ("values", "limits", "queried"),
    [
        (["7.850", "6.120"], None, 2),
        (["7.850", "6.12"], None, 0),
        (["7850", "612"], None, 0),
        (["0.905", "0.8"], None, 0),
        (["7.850"], ["10"], 0),
        (["7.850"], ["10000"], 1),
    ],
)
def test_a_mark_of_thousands_in_a_laboratory_value_is_a_query(csv_folder, values, limits, queried):
    cleaned = clean(csv_folder(labs(*values, limits=limits), NONE))
    assert (cleaned.queries["rule"] == "thousands_mark").sum() == queried


TEXTS = {
    "cp1252": "id;Ereignis\na;Gürtelrose\nb;Übelkeit\nc;Fièvre, crème\nd;Müdigkeit – 2×\n",
    "gb18030": "患者编号,性别,不良反应\n1,女,痤疮，头痛\n2,男,CK升高\n",
    "shift_jis": "患者番号,性別,メモ\n1,女,にきび\n2,男,あたまがいたい\n",
    "cp1254": "hasta,ad\n1,kızarıklık\n2,baş ağrısı\n3,şişlik İyi\n",
    "utf-16": "id;Ereignis\na;Gürtelrose\n",
    "utf-8-sig": "id;Ereignis\na;Gürtelrose 无\n",
}


@pytest.mark.parametrize("word", ["Übelkeit", "Gürtelrose", "Fièvre", "Äußerlich", "naïve à côté"])
def test_one_accented_word_is_not_taken_for_chinese(tmp_path, word):
    (tmp_path / "a.csv").write_bytes(f"id;x\na;{word}\n".encode("cp1252"))
    assert decoded(tmp_path / "a.csv", "")[0] == f"id;x\na;{word}\n"


@pytest.mark.parametrize("encoding", TEXTS)
def test_encodings_are_told_apart_and_named(tmp_path, encoding):
    file = tmp_path / "a.csv"
    file.write_bytes(TEXTS[encoding].encode(encoding))
    text, notices = decoded(file, "")
    assert text == TEXTS[encoding]
    assert notices == (() if "utf-8" in encoding else (("encoding_assumed", f"a.csv: {encoding}"),))
    assert decoded(file, encoding) == (TEXTS[encoding], notices if encoding == "utf-16" else ())


def test_an_encoding_that_is_declared_and_wrong_stops_the_run(csv_folder):
    study = csv_folder({"patients": "id\nü\n".encode("cp1252")}, NONE, source='encoding = "utf-8"')
    with pytest.raises(SourceError, match="is not utf-8, as"):
        clean(study)
    with pytest.raises(StudyError, match="is no encoding"):
        csv_folder({}, NONE, source='encoding = "klingon"')


def test_two_rows_of_headings_are_recognised_and_said(workbook):
    rows = [[None, None, "Week 0", "Week 0", "Week 12", "Week 12"]]
    rows += [["id", "sex", "PPPASI", "DLQI", "PPPASI", "DLQI"], ["a", "f", 9, 8, 7, 6]]
    with pytest.raises(SourceError, match="header_row = 1 and header_rows = 2"):
        clean(workbook({"patients": rows}, NONE))
    with pytest.raises(SourceError, match=r"'PPPASI' is there twice \(columns C and E\), 'DLQI'"):
        clean(workbook({"patients": rows}, NONE, source="header_row = 2"))
    cleaned = clean(workbook({"patients": rows}, NONE, source="header_row = 1\nheader_rows = 2"))
    assert cleaned.patients["sex"].tolist() == ["female"]
