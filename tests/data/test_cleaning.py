"""Nothing is lost: cells and rows of real files are kept, queried or quarantined, and counted."""

import datetime
import random

import openpyxl
import pandas as pd
import pytest

from ppp.data.cleaning import clean
from ppp.data.scores import DLQI_ITEMS, PPPASI_COMPONENTS

DAY = datetime.datetime
NONE = '[endpoints]\nprimary = "none"\n'
HAND_WORKED = [2, 1, 2, 3, 1, 0, 1, 3, 1, 1, 1, 3, 1, 0, 1, 3]  # 8.7
PATIENTS = [
    ["patient_id", "sex", "start_date", "birth_date", "bmi"],
    ["a", "女", DAY(2022, 7, 1), DAY(1990, 7, 2), "22.5"],
    ["b ", "M", "01.08.2022", "01.08.1980", "２１"],
    ["c", "x", DAY(2022, 9, 1), None, "21,5"],
]
VISITS = [
    ["patient_id", "week", "pppasi", "dlqi"],
    ["a", 0, 12.5, 10],
    ["a", 12, 73, "n/a"],
    ["b", 0, "11.5", 9],
    ["b", 12, "＜5", True],
    ["c", 0, "#REF!", "=1+1"],
    ["c", 12, 4, 2],
]


def adds_up(cleaned):
    counts = cleaned.ledger.pivot(index=["table", "kind"], columns="level", values="count")
    parts = counts[["accepted", "queried", "quarantined", "unused"]].sum(axis=1)
    assert (counts["read"] == parts).all()
    assert (counts["warned"] <= counts["accepted"]).all()
    queried = counts.xs("cells", level="kind")["queried"].sum()
    assert queried == (cleaned.queries["action"] == "missing").sum()
    assert counts.xs("rows", level="kind")["quarantined"].sum() == len(cleaned.quarantine)
    return counts


def rule_of(cleaned, sheet, cell):
    found = cleaned.queries.query("sheet == @sheet and cell == @cell")
    return found["rule"].tolist()


def test_bad_cells_become_missing_and_the_row_stays(workbook):
    cleaned = clean(workbook({"patients": PATIENTS, "visits": VISITS}))
    adds_up(cleaned)
    assert cleaned.patients["study_id"].tolist() == ["P01", "P02", "P03"]
    assert cleaned.patients["sex"].tolist()[:2] == ["female", "male"]
    assert cleaned.patients["sex"].isna().tolist() == [False, False, True]
    assert cleaned.patients["bmi"].tolist()[:2] == [22.5, 21]
    assert cleaned.visits["pppasi"].tolist()[:1] == [12.5]
    assert cleaned.visits["pppasi"].notna().tolist() == [True, False, True, False, False, True]
    assert cleaned.visits["dlqi"].notna().tolist() == [True, False, True, False, False, True]
    rules = {
        ("patients", "E2"): "number_as_text",
        ("patients", "A3"): "id_tidied",
        ("patients", "E3"): "number_tidied",
        ("patients", "B4"): "not_a_choice",
        ("patients", "E4"): "decimal_comma",
        ("visits", "C3"): "out_of_range",
        ("visits", "C4"): "number_as_text",
        ("visits", "C5"): "limit_value",
        ("visits", "D5"): "true_or_false",
        ("visits", "C6"): "error_value",
        ("visits", "D6"): "formula_not_calculated",
        ("patients", "B:B"): "code_translated",
        ("patients", "C:C"): "date_as_text",
        ("patients", "D:D"): "date_as_text",
        ("visits", "D:D"): "missing_marker",
    }
    found = cleaned.queries.set_index(["sheet", "cell"])["rule"].to_dict()
    assert found == rules


def test_query_names_patient_week_field_and_raw_value(workbook):
    cleaned = clean(workbook({"patients": PATIENTS, "visits": VISITS}))
    one = cleaned.queries.query("sheet == 'visits' and cell == 'C3'").iloc[0].to_dict()
    assert one == {
        "sheet": "visits",
        "cell": "C3",
        "patient_id": "a",
        "study_id": "P01",
        "week": 12,
        "field": "pppasi",
        "raw": "73",
        "rule": "out_of_range",
        "action": "missing",
        "cells": 1,
    }


def test_ages_come_from_birth_dates_which_go_no_further(workbook):
    patients = clean(workbook({"patients": PATIENTS}, NONE)).patients
    assert patients["age_years"].tolist()[:2] == [31, 42]
    assert patients["age_years"].isna().tolist() == [False, False, True]
    assert "birth_date" not in patients


def test_ledger_counts_what_openpyxl_alone_counts(workbook, tmp_path):
    def edit(book):
        book["visits"]["H9"] = "beyond"
        book["patients"]["F1"] = "Name"
        book["patients"]["F2"] = "Anna"
        book["patients"]["G1"] = "remark"
        book["patients"]["G4"] = "x"
        book["patients"]["A7"] = "  "

    sheets = {"patients": PATIENTS, "visits": [*VISITS, ["Total", None, 99, 9], ["z", 0, 1, 1]]}
    cleaned = clean(workbook(sheets, source='drop = ["Name"]', edit=edit))
    counts = adds_up(cleaned)
    for name in sheets:
        sheet = openpyxl.load_workbook(tmp_path / "c.xlsx")[name]
        cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
        filled = sum(cell.value is not None for cell in cells)
        assert counts.loc[(name, "cells"), "read"] == filled
    assert counts.loc[("patients", "cells"), "unused"] == 2
    assert counts.loc[("visits", "cells"), "unused"] == 1
    assert counts.loc[("visits", "cells"), "quarantined"] == 7
    assert rule_of(cleaned, "patients", "G:G") == ["heading_unused"]
    assert rule_of(cleaned, "visits", "H:H") == ["heading_empty"]


FOOTERS = (
    "Mean ± SD|均值±标准差|N|Median [IQR]|Total (n=12)|p value|p-Wert|P值|P|合计|n (%)|95% CI|"
    "x̄ ± s|Mittelwert ± SD|Standardabweichung|Anzahl|Ortalama ± SS|Ortanca|Toplam|Moyenne ± ET|"
    "Écart-type|Media ± DE|Desviación estándar|Deviazione standard|標準偏差|Median (Q1–Q3)|Range"
).split("|")


def test_no_footer_becomes_a_patient_an_event_or_a_visit(workbook):
    def below(*cells):
        return [[foot, *cells] for foot in FOOTERS]

    sheets = {
        "patients": [["id", "age"], ["a", 40], *below(45)],
        "visits": [["id", "week", "pppasi"], ["a", 0, 9], ["a", 12, 4], *below(None, 6.5)],
        "adverse_events": [["id", "term"], ["a", "acne"], *below("1")],
    }
    cleaned = clean(workbook(sheets))
    adds_up(cleaned)
    assert cleaned.patients["age_years"].tolist() == [40]
    assert (len(cleaned.visits), len(cleaned.adverse_events)) == (2, 1)
    assert cleaned.quarantine["rule"].value_counts().to_dict() == {"totals_row": 3 * len(FOOTERS)}


@pytest.mark.parametrize("word", ["Total", "SUM", "mean", "合计", "总 计", "平均", "Mittelwert:"])
def test_totals_row_is_quarantined(workbook, word):
    rows = [["patient_id", "bmi"], ["a", 20], [word, 20]]
    cleaned = clean(workbook({"patients": rows}, NONE))
    assert len(cleaned.patients) == 1
    assert cleaned.quarantine[["row", "rule"]].values.tolist() == [[3, "totals_row"]]


def test_rows_that_cannot_be_placed(workbook):
    patients = [["patient_id", "bmi"], ["a", 20], [None, 21], ["patient_id", "bmi"]]
    events = [["patient_id", "term"], ["a", "acne"], ["z", "acne"], ["a", None], [None, "zoster"]]
    labs = [["patient_id", "week", "test", "value"], ["a", 0, None, 4], ["a", None, "ALT", 4]]
    sheets = {"patients": patients, "adverse_events": events, "labs": labs}
    cleaned = clean(workbook(sheets, NONE))
    adds_up(cleaned)
    assert cleaned.quarantine[["sheet", "row", "rule"]].values.tolist() == [
        ["patients", 3, "no_patient_id"],
        ["patients", 4, "repeated_headings"],
        ["adverse_events", 3, "unknown_patient"],
        ["adverse_events", 4, "no_term"],
        ["adverse_events", 5, "no_patient_id"],
        ["labs", 2, "no_test"],
        ["labs", 3, "no_week"],
    ]
    assert len(cleaned.adverse_events) == 1
    assert cleaned.labs.empty


def test_exact_copies_keep_the_first(workbook):
    visits = [["patient_id", "week", "pppasi"], ["a", 0, 5], ["a ", 0, 5.0], ["a", 0, "5"]]
    cleaned = clean(workbook({"patients": [["patient_id"], ["a"], ["a"]], "visits": visits}))
    adds_up(cleaned)
    assert cleaned.visits["pppasi"].tolist() == [5]
    assert cleaned.quarantine[["sheet", "row", "rule", "copy_of"]].values.tolist() == [
        ["patients", 3, "duplicate_exact", "2"],
        ["visits", 3, "duplicate_exact", "2"],
        ["visits", 4, "duplicate_exact", "2"],
    ]


def test_contradictory_copies_are_all_quarantined(workbook):
    visits = [["patient_id", "week", "pppasi"], ["a", 0, 5], ["a", 4, 3], ["a", 0, 6], ["a", 0, 5]]
    cleaned = clean(workbook({"patients": [["patient_id"], ["a"]], "visits": visits}))
    adds_up(cleaned)
    assert cleaned.visits["week"].tolist() == [4]
    assert cleaned.quarantine[["row", "rule", "copy_of"]].values.tolist() == [
        [2, "duplicate_contradictory", "4;5"],
        [4, "duplicate_contradictory", "2;5"],
        [5, "duplicate_contradictory", "2;4"],
    ]


def test_a_bad_cell_does_not_make_copies_exact(workbook):
    visits = [
        ["patient_id", "week", "pppasi"],
        ["a", 0, 73],
        ["a", 0, 74],
        ["b", 0, 73],
        ["b", 0, 73],
        ["b", 4, 7],
    ]
    cleaned = clean(workbook({"patients": [["patient_id"], ["a"], ["b"]], "visits": visits}))
    assert cleaned.quarantine["rule"].tolist() == [
        "duplicate_contradictory",
        "duplicate_contradictory",
        "duplicate_exact",
    ]


def test_visits_of_a_contradictory_patient_are_set_aside(workbook):
    patients = [["patient_id", "bmi"], ["a", 20], ["a", 21], ["b", 20]]
    visits = [["patient_id", "week", "pppasi"], ["a", 0, 5], ["b", 0, 5]]
    cleaned = clean(workbook({"patients": patients, "visits": visits}))
    assert cleaned.id_key.values.tolist() == [["b", "P01"]]
    assert cleaned.quarantine["rule"].tolist() == [
        "duplicate_contradictory",
        "duplicate_contradictory",
        "patient_set_aside",
    ]


def test_events_and_labs_are_never_deduplicated(workbook):
    events = [["patient_id", "term"], ["a", "acne"], ["a", "acne"]]
    labs = [["patient_id", "week", "test", "value"], ["a", 0, "ALT", 4], ["a", 0, "ALT", 4]]
    sheets = {"patients": [["patient_id"], ["a"]], "adverse_events": events, "labs": labs}
    cleaned = clean(workbook(sheets, NONE))
    counts = adds_up(cleaned)
    assert len(cleaned.adverse_events) == len(cleaned.labs) == 2
    assert rule_of(cleaned, "adverse_events", "3:3") == ["exact_repeat"]
    assert rule_of(cleaned, "labs", "3:3") == ["exact_repeat"]
    assert counts.loc[("labs", "rows"), "warned"] == 1


def test_absent_events_are_not_recorded_and_empty_ones_did_not_occur(workbook):
    sheets = {"patients": [["patient_id"], ["a"]]}
    assert clean(workbook(sheets, NONE)).adverse_events is None
    empty = clean(workbook(sheets | {"adverse_events": [["patient_id", "term"]]}, NONE))
    assert empty.adverse_events.columns.tolist() == ["study_id", "term", "interest"]
    assert empty.adverse_events.empty


def test_hidden_rows_and_columns_are_read_with_a_warning(workbook):
    def edit(book):
        book["patients"].row_dimensions[3].hidden = True
        book["patients"].column_dimensions["E"].hidden = True

    cleaned = clean(workbook({"patients": PATIENTS}, NONE, edit=edit))
    assert len(cleaned.patients) == 3
    assert rule_of(cleaned, "patients", "3:3") == rule_of(cleaned, "patients", "E:E") == ["hidden"]


def test_declared_decimal_comma_of_one_column(workbook):
    visits = [["patient_id", "week", "pppasi", "crp_mg_l"], ["a", 0, "13,86", "1,5"]]
    source = 'decimal = { "columns.visits.pppasi" = "," }'
    cleaned = clean(
        workbook({"patients": [["patient_id"], ["a"]], "visits": visits}, source=source)
    )
    assert cleaned.visits["pppasi"].tolist() == [13.86]
    assert rule_of(cleaned, "visits", "D2") == ["decimal_comma"]
    assert rule_of(cleaned, "visits", "C:C") == ["decimal_comma_declared"]


def test_week_from_the_date(workbook):
    patients = [["patient_id", "start_date"], ["a", DAY(2022, 7, 1)], ["b", None]]
    visits = [
        ["patient_id", "date", "pppasi"],
        ["a", DAY(2022, 7, 1), 9],
        ["a", DAY(2022, 9, 20), 5],
        ["a", DAY(2023, 7, 1), 5],
        ["b", DAY(2022, 7, 3), 9],
        ["a", None, 3],
    ]
    cleaned = clean(workbook({"patients": patients, "visits": visits}))
    adds_up(cleaned)
    assert cleaned.visits["week"].tolist() == [0, 12]
    assert cleaned.quarantine[["row", "rule"]].values.tolist() == [
        [4, "outside_window"],
        [5, "no_week"],
        [6, "no_week"],
    ]
    assert cleaned.patients["last_visit_date"].tolist()[0] == DAY(2022, 9, 20)


def test_week_that_is_not_scheduled_is_kept_with_a_warning(workbook):
    visits = [["patient_id", "week", "pppasi"], ["a", 6, 5]]
    cleaned = clean(workbook({"patients": [["patient_id"], ["a"]], "visits": visits}))
    assert cleaned.visits["week"].tolist() == [6]
    assert rule_of(cleaned, "visits", "B2") == ["week_not_scheduled"]


def scores(workbook, heads, rows):
    visits = [["patient_id", "week", *heads], *(["a", 4 * n, *row] for n, row in enumerate(rows))]
    cleaned = clean(
        workbook(
            {"patients": [["patient_id"], ["a"]], "visits": visits},
            f'[endpoints]\nprimary = "{"dlqi" if "dlqi_1" in heads else "pppasi"}"\n',
        )
    )
    adds_up(cleaned)
    return cleaned


def test_pppasi_total_against_its_components_worked_by_hand(workbook):
    totals = [8.7, 8.75, 8.8, 99, None, None]
    rows = [[total, *HAND_WORKED] for total in totals]
    rows[5][1] = None
    cleaned = scores(workbook, ["pppasi", *PPPASI_COMPONENTS], rows)
    assert cleaned.visits["pppasi"].fillna(-1).tolist() == [8.7, 8.75, -1, 8.7, 8.7, -1]
    assert rule_of(cleaned, "visits", "C4") == ["pppasi_total_differs"]
    assert rule_of(cleaned, "visits", "C5") == ["out_of_range"]
    assert rule_of(cleaned, "visits", "7:7") == ["pppasi_incomplete"]


def test_pppasi_from_components_alone(workbook):
    cleaned = scores(workbook, PPPASI_COMPONENTS, [HAND_WORKED, [0, 0, 0, 3, *HAND_WORKED[4:]]])
    assert cleaned.visits["pppasi"].tolist() == [8.7, 5.7]
    assert rule_of(cleaned, "visits", "F3") == ["area_and_signs_differ"]


def test_dlqi_total_against_its_items(workbook):
    items = [1] * 10
    gap, gaps = [None, *items[1:]], [None, None, *items[2:]]
    rows = [[12, *items], [None, *items], [None, *gap], [None, *gaps], [31, *items], [5, *gap]]
    cleaned = scores(workbook, ["dlqi", *DLQI_ITEMS], rows)
    assert cleaned.visits["dlqi"].fillna(-1).tolist() == [12, 10, 9, -1, 10, 5]
    assert rule_of(cleaned, "visits", "C2") == ["dlqi_total_differs"]
    assert rule_of(cleaned, "visits", "4:4") == ["dlqi_item_missing"]
    assert rule_of(cleaned, "visits", "5:5") == ["dlqi_incomplete"]
    assert rule_of(cleaned, "visits", "C6") == ["out_of_range"]


def test_pga_keeps_to_its_declared_scale(workbook):
    visits = [["patient_id", "week", "pga"], ["a", 0, 5], ["a", 4, 4]]
    sheets = {"patients": [["patient_id"], ["a"]], "visits": visits}
    toml = '[endpoints]\nprimary = "pga"\npga_scale = [0, {}]\n'
    assert rule_of(clean(workbook(sheets, toml.format(4))), "visits", "C2") == ["out_of_range"]
    assert clean(workbook(sheets, toml.format(5))).visits["pga"].tolist() == [5, 4]


def test_ends_before_starts(workbook):
    patients = [["patient_id", "start_date", "stop_date"], ["a", DAY(2022, 7, 2), DAY(2022, 7, 1)]]
    cleaned = clean(workbook({"patients": patients}, NONE))
    assert rule_of(cleaned, "patients", "C2") == ["end_before_start"]
    assert cleaned.patients["stop_date"].isna().all()


WIDE = """
[wide.visits]
labels = { "W0" = 0, "W12" = 12 }
pppasi = "P {label}"
dlqi = "D {label}"
[extra.visits]
nlr = { heading = "NLR {label}", min = 0 }
[extra.patients]
class = { heading = "drug", codes = { "1" = "IL-17", "2" = "IL-23" } }
"""


def test_wide_sheet_feeds_two_tables_and_keeps_its_addresses(workbook, tmp_path):
    rows = [
        ["id", "sex", "drug", "P W0", "P W12", "D W0", "D W12", "NLR W0", "NLR W12"],
        ["a ", "f", 1, 12, 5, 10, 2, 2.5, -1],
        ["b", "m", 3, 99, None, 10, None, 2, None],
        ["total", None, None, 9, 9, 9, 9, 9, 9],
    ]
    cleaned = clean(workbook({"patients": rows}, WIDE))
    counts = adds_up(cleaned)
    assert cleaned.visits[["study_id", "week"]].values.tolist() == [
        ["P01", 0],
        ["P01", 12],
        ["P02", 0],
    ]
    assert cleaned.patients["class"].tolist()[:1] == ["IL-17"]
    assert cleaned.queries.set_index("cell")["rule"].to_dict() == {
        "A2": "id_tidied",
        "I2": "out_of_range",
        "C3": "not_a_choice",
        "D3": "out_of_range",
        "B:B": "code_translated",
        "C:C": "code_translated",
    }
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx")["patients"]
    filled = sum(c.value is not None for row in sheet.iter_rows(min_row=2) for c in row)
    assert counts.xs("cells", level="kind")["read"].sum() == filled
    assert counts.loc[("visits", "rows"), "read"] == 5


def test_long_sheet_feeds_two_tables(workbook):
    rows = [
        ["id", "sex", "week", "pppasi"],
        ["a", "f", 0, 9],
        ["a", None, 12, 5],
        ["b", "m", 0, 8],
        ["b", "m", 12, 4],
        ["c", "f", 0, 8],
        ["c", "m", 12, 4],
    ]
    source = '[source.sheets]\npatients = "all"\nvisits = "all"\n'
    cleaned = clean(workbook({"all": rows}, source=source))
    adds_up(cleaned)
    assert cleaned.patients["sex"].fillna("").tolist() == ["female", "male", ""]
    assert len(cleaned.visits) == 6 and cleaned.quarantine.empty
    differ = cleaned.queries[cleaned.queries["rule"] == "values_differ"]
    assert set(differ["cell"]) == {"B6", "B7"} and set(differ["study_id"]) == {"P03"}


def test_id_from_row(workbook):
    rows = [
        ["sex", "P W0", "P W12", "D W0", "D W12", "NLR W0", "NLR W12", "drug"],
        ["f", 9, 5, 9, 2, 1, 1, 1],
        ["Total", 9, 5, 9, 2, 1, 1, 1],
    ]
    cleaned = clean(workbook({"patients": rows}, WIDE, source="id_from_row = true"))
    adds_up(cleaned)
    assert cleaned.id_key.values.tolist() == [["2", "P01"]]
    assert cleaned.visits["pppasi"].tolist() == [9, 5]
    assert set(cleaned.quarantine["rule"]) == {"totals_row"}


def test_study_ids_have_as_many_digits_as_needed(workbook):
    rows = [["patient_id"], *([f"x{n}"] for n in range(100))]
    ids = clean(workbook({"patients": rows}, NONE)).id_key["study_id"].tolist()
    assert ids[0] == "P001"
    assert ids[-1] == "P100"


def test_canonical_types(workbook):
    events = [["patient_id", "term", "grade"], ["a", "acne", 1], ["a", "zoster", None]]
    sheets = {"patients": PATIENTS, "visits": VISITS, "adverse_events": events}
    cleaned = clean(workbook(sheets))
    assert cleaned.visits.dtypes.astype(str).to_dict() == {
        "study_id": "str",
        "week": "int64",
        "pppasi": "float64",
        "dlqi": "float64",
    }
    assert str(cleaned.adverse_events["grade"].dtype) == "Int64"
    assert str(cleaned.patients["sex"].dtype) == "str"
    assert pd.api.types.is_datetime64_any_dtype(cleaned.patients["start_date"])


def test_headings_alone_are_an_empty_table_where_visits_are_not_needed(workbook):
    cleaned = clean(workbook({"patients": PATIENTS, "visits": VISITS[:1]}, NONE))
    adds_up(cleaned)
    assert cleaned.visits.empty


NASTY = [
    None,
    None,
    0,
    1,
    2.5,
    "3",
    " 4",
    "５",
    "1,5",
    "<5",
    "x",
    True,
    "#REF!",
    "=1+1",
    "n/a",
    "  ",
    -1,
    99,
    DAY(2022, 7, 1),
    "01.07.2022",
    "a",
    "b",
    "Total",
    "\u200b",
]


@pytest.mark.parametrize("seed", range(12))
def test_the_ledger_adds_up_whatever_the_cells_hold(workbook, tmp_path, seed):
    draw = random.Random(seed)
    heads = ["patient_id", "week", "date", "pppasi", "dlqi", "pga", "remark"]
    visits = [
        [draw.choice("ab"), draw.choice([0, 4, None]), *draw.choices(NASTY, k=6)] for _ in range(15)
    ]
    visits += [draw.choices(NASTY, k=7) for _ in range(15)]
    visits += [["sound", 0, DAY(2022, 7, 1), 9, 9, 2, None]]
    patients = [
        ["patient_id", "sex", "start_date"],
        ["a", None, DAY(2022, 7, 1)],
        ["sound", None, None],
        *(draw.choices(NASTY, k=3) for _ in range(8)),
    ]
    cleaned = clean(workbook({"patients": patients, "visits": [heads, *visits]}))
    counts = adds_up(cleaned)
    for sheet in openpyxl.load_workbook(tmp_path / "c.xlsx"):
        cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
        filled = sum(cell.value is not None for cell in cells)
        assert counts.loc[(sheet.title, "cells"), "read"] == filled
    assert not cleaned.visits.duplicated(["study_id", "week"]).any()
    assert cleaned.visits["study_id"].isin(cleaned.patients["study_id"]).all()


def test_last_visit_before_the_start_is_queried(workbook):
    heads = ["patient_id", "start_date", "last_visit_date"]
    rows = [heads, ["a", DAY(2022, 7, 2), DAY(2022, 7, 1)]]
    cleaned = clean(workbook({"patients": rows}, NONE))
    assert rule_of(cleaned, "patients", "C2") == ["end_before_start"]
    assert cleaned.patients["last_visit_date"].isna().all()


def test_event_before_the_start_is_kept_with_a_warning(workbook):
    events = [
        ["patient_id", "term", "start_date"],
        ["a", "acne", DAY(2022, 6, 30)],
        ["a", "acne", DAY(2022, 7, 1)],
        ["c", "acne", DAY(2022, 1, 1)],
    ]
    cleaned = clean(workbook({"patients": PATIENTS, "adverse_events": events}, NONE))
    adds_up(cleaned)
    assert rule_of(cleaned, "adverse_events", "C2") == ["before_start"]
    assert rule_of(cleaned, "adverse_events", "C3") == []
    assert cleaned.adverse_events["start_date"].notna().all()


def test_reasons_for_stopping_are_choices_and_other_text_is_grouped(workbook):
    reasons = ["Remission", "不良事件", "Kinderwunsch", "Mr Li moved, 138 0013 8000", "felt low", 7]
    rows = [["patient_id", "stop_reason"], *([f"p{n}", x] for n, x in enumerate(reasons))]
    toml = NONE + '[codes.stop_reason]\n"felt low" = "low mood"\n'
    cleaned = clean(workbook({"patients": rows}, toml))
    adds_up(cleaned)
    assert cleaned.patients["stop_reason"].tolist() == [
        "remission",
        "adverse event",
        "wish to conceive",
        "other",
        "low mood",
        "other",
    ]
    assert rule_of(cleaned, "patients", "B5") == ["free_text_grouped"]
    assert rule_of(cleaned, "patients", "B7") == ["free_text_grouped"]
    translated = cleaned.queries.query("rule == 'code_translated'").iloc[0]
    assert translated["cells"] == 4


def test_long_or_numbered_entries_of_lists_are_grouped(workbook):
    told = [
        "acitretin; methotrexate (see ZY-2022-0103)",
        "x" * 41,
        "acitretin; PUVA 311 nm",
        "seen 2022-08-25；seen 2022-08-26； acitretin",
    ]
    rows = [["patient_id", "prior_treatments"], *([f"p{n}", x] for n, x in enumerate(told))]
    cleaned = clean(workbook({"patients": rows}, NONE))
    assert cleaned.patients["prior_treatments"].tolist() == [
        "acitretin; other",
        "other",
        "acitretin; uncoded treatment 1",
        "other; acitretin",
    ]
    assert cleaned.queries["rule"].tolist() == [*["free_text_grouped"] * 3, "term_uncoded"]


def test_merged_cells_are_named(workbook):
    def edit(book):
        book["patients"].merge_cells("B2:B3")
        book["patients"].merge_cells("A1:A1")
        book["patients"].merge_cells("B4:C5")

    rows = [["patient_id", "sex", "bmi"], ["a", "f", 20], ["b", "f", 21], ["c", None, None]]
    cleaned = clean(workbook({"patients": rows}, NONE, edit=edit))
    adds_up(cleaned)
    here = cleaned.queries.query("rule == 'merged_cells'")
    assert here[["cell", "field", "cells"]].values.tolist() == [["B2:B3", "sex", 2]]
    assert cleaned.patients["sex"].isna().tolist() == [False, True, True]


def test_grades_in_words_and_roman_numerals_are_translated(workbook):
    events = [
        ["patient_id", "term", "grade"],
        ["a", "acne", "II"],
        ["a", "zoster", "重度"],
        ["a", "fever", "Ⅰ级"],
        ["a", "rash", 2],
    ]
    cleaned = clean(workbook({"patients": PATIENTS, "adverse_events": events}, NONE))
    assert cleaned.adverse_events["grade"].tolist() == [2, 3, 1, 2]
    here = cleaned.queries.query("sheet == 'adverse_events' and cell == 'C:C'").iloc[0]
    assert (here["rule"], here["cells"]) == ("code_translated", 3)


def test_notices_count_their_cells(workbook):
    def edit(book):
        book["visits"].row_dimensions[3].hidden = True
        book["visits"]["E1"] = "remark"
        book["visits"]["E2"] = book["visits"]["E4"] = "x"
        book["visits"]["F2"] = "y"

    cleaned = clean(workbook({"patients": PATIENTS, "visits": VISITS}, edit=edit))
    cells = cleaned.queries.query("sheet == 'visits'").set_index(["cell", "rule"])["cells"]
    assert cells["D:D", "missing_marker"] == 1
    assert cells["3:3", "hidden"] == 4
    assert cells["E:E", "heading_unused"] == 2
    assert cells["F:F", "heading_empty"] == 1
    assert cells["C3", "out_of_range"] == 1
