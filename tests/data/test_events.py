"""Adverse events as clinics write them: partial dates, words for actions, and hostile text."""

from datetime import datetime

import pandas as pd
import pytest

from ppp.catalogue.dictionary import fields
from ppp.data import store, values
from ppp.data.values import Reading, read_cell

from ..approval import clean

DAY = datetime
START = ["start_date", "start_earliest", "start_latest"]
NONE = '[endpoints]\nprimary = "none"\n'
PATIENTS = [["patient_id", "start_date"], ["a", DAY(2023, 3, 10)], ["b", DAY(2023, 3, 10)]]
HEAD = ["patient_id", "term", "start_date", "end_date", "grade"]
ONSET = Reading(
    "partial_date", low=DAY(1900, 1, 1), high=DAY(2100, 12, 31), missing=frozenset({"", "n/a"})
)


def events(workbook, *rows, toml=""):
    table = [HEAD, *(["a", "acne", *row] for row in rows)]
    return clean(workbook({"patients": PATIENTS, "adverse_events": table}, NONE + toml))


def rules(cleaned):
    here = cleaned.queries.query("sheet == 'adverse_events' and not cell.str.contains(':')")
    return here.groupby("cell")["rule"].agg(list).to_dict()


def days(column):
    return [None if pd.isna(day) else f"{day:%Y-%m-%d}" for day in column]


@pytest.mark.parametrize(
    "raw",
    [
        "2023-05",
        "2023-5",
        "2023/05",
        "2023.05",
        "2023年5月",
        "2023年05月",
        "2023 年 5 月",
        "05.2023",
        "5/2023",
        "05-2023",
        "２０２３－０５",
        " 2023-05 ",
    ],
)
def test_a_month_in_each_writing(raw):
    assert read_cell(raw, ONSET) == (None, "date_partial")
    assert values.span(values.tidy(raw)) == (DAY(2023, 5, 1), DAY(2023, 5, 31))


@pytest.mark.parametrize("raw", [2023, 2023.0, "2023", "2023年", "２０２３", " 2023 "])
def test_a_year_in_each_writing(raw):
    assert read_cell(raw, ONSET) == (None, "date_partial")
    assert values.span(values.tidy(raw)) == (DAY(2023, 1, 1), DAY(2023, 12, 31))


@pytest.mark.parametrize(
    "raw",
    [
        "2023-13",
        "13.2023",
        "2023-00",
        "05.23",
        "2023-05-32",
        "202305",
        "0000",
        "May",
        "2023.1",
        2023.5,
        5.2023,
        44743,
        True,
        12,
    ],
)
def test_what_could_mean_two_things_is_no_date(raw):
    assert read_cell(raw, ONSET)[1] == "not_a_date"


@pytest.mark.parametrize("raw", ["1899", 3023, "12.2101", "01.02.1899"])
def test_a_year_beyond_the_range_is_out_of_range(raw):
    assert read_cell(raw, ONSET) == (None, "out_of_range")


@pytest.mark.parametrize("raw", ["17.05.2023", DAY(2023, 5, 17), DAY(2023, 5, 17, 9, 30)])
def test_a_whole_date_stays_one(raw):
    assert read_cell(raw, ONSET) == (DAY(2023, 5, 17), "")


def test_a_month_is_no_date_where_the_day_is_needed():
    day = Reading("date", low=ONSET.low, high=ONSET.high)
    assert read_cell("2023-05", day) == read_cell(2023, day) == (None, "not_a_date")


def test_bounds_of_the_start_worked_by_hand(workbook):
    cleaned = events(
        workbook, (DAY(2023, 5, 17),), ("2024-02",), (2023,), ("n/a",), ("soon",), (None,)
    )
    table = cleaned.adverse_events
    assert days(table["start_date"]) == ["2023-05-17", *[None] * 5]
    assert days(table["start_earliest"]) == ["2023-05-17", "2024-02-01", "2023-01-01", *[None] * 3]
    assert days(table["start_latest"]) == ["2023-05-17", "2024-02-29", "2023-12-31", *[None] * 3]
    assert list(table)[:6] == ["study_id", "term", "interest", *START]
    assert {str(table[name].dtype) for name in list(table)[3:6]} == {"datetime64[us]"}
    assert rules(cleaned) == {"C3": ["date_partial"], "C4": ["date_partial"], "C6": ["not_a_date"]}
    actions = cleaned.queries.set_index("cell")["action"]
    assert (actions["C3"], actions["C6"]) == ("kept", "missing")


def test_no_bounds_without_a_column_of_dates(workbook):
    table = [["patient_id", "term"], ["a", "acne"]]
    cleaned = clean(workbook({"patients": PATIENTS, "adverse_events": table}, NONE))
    assert list(cleaned.adverse_events) == ["study_id", "term", "interest"]


def test_a_column_of_months_and_words_is_no_loss(workbook):
    cleaned = events(workbook, ("2023-05",), ("summer 2022",))
    assert rules(cleaned) == {"C2": ["date_partial"], "C3": ["not_a_date"]}


def test_a_code_may_stand_for_a_month(workbook):
    toml = '[codes.start_date]\n"spring" = "2023-05"\n'
    table = events(workbook, ("spring",), (DAY(2023, 6, 1),), toml=toml).adverse_events
    assert days(table["start_earliest"]) == ["2023-05-01", "2023-06-01"]


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        (DAY(2023, 5, 2), DAY(2023, 5, 1), True),
        (DAY(2023, 5, 2), DAY(2023, 5, 2), False),
        ("2023-05", DAY(2023, 4, 30), True),
        ("2023-05", DAY(2023, 5, 1), False),
        (2023, "2022-12", True),
        (2023, 2022, True),
        (DAY(2023, 5, 2), "2023-05", False),
        (DAY(2023, 5, 2), "2023-04", True),
        ("2023-05", 2023, False),
        (DAY(2023, 5, 2), None, False),
        (None, DAY(2023, 5, 2), False),
    ],
)
def test_an_end_is_queried_where_no_day_of_it_would_do(workbook, start, end, wrong):
    cleaned = events(workbook, (start, end))
    assert (rules(cleaned).get("D2") == ["end_before_start"]) is wrong
    if wrong:
        assert cleaned.adverse_events["end_date"].isna().all()


def test_a_month_as_the_end_is_missing_with_a_warning(workbook):
    cleaned = events(workbook, (DAY(2023, 5, 2), "2023-06"))
    assert rules(cleaned) == {"D2": ["date_partial"]}
    assert cleaned.adverse_events["end_date"].isna().all()
    assert not {"end_earliest", "end_latest"} & set(cleaned.adverse_events)


def test_only_an_event_wholly_before_the_start_is_warned_of(workbook):
    cleaned = events(workbook, (2022,), ("2023-02",), ("2023-03",), (2023,), (DAY(2023, 3, 9),))
    told = rules(cleaned)
    assert [sorted(told[f"C{row}"]) for row in range(2, 7)] == [
        ["before_start", "date_partial"],
        ["before_start", "date_partial"],
        ["date_partial"],
        ["date_partial"],
        ["before_start"],
    ]


def test_two_months_are_two_events_and_no_repeat(workbook):
    cleaned = events(workbook, ("2023-05",), ("2023-06",), ("2023-06",))
    assert cleaned.queries.query("rule == 'exact_repeat'")["cell"].tolist() == ["4:4"]
    assert len(cleaned.adverse_events) == 3


def test_a_text_date_is_noticed_and_a_month_is_a_warning_of_its_own(workbook):
    cleaned = events(workbook, ("17.05.2023",), ("2023-05",))
    notice = cleaned.queries.query("cell == 'C:C'").iloc[0]
    assert (notice["rule"], notice["cells"]) == ("date_as_text", 1)


@pytest.mark.parametrize(
    ("name", "raw", "meant"),
    [
        ("action", raw, meant)
        for raw, meant in {
            "None": "none",
            "Dose not changed": "none",
            "keine Maßnahme": "none",
            "无": "none",
            "继续用药": "none",
            "dose reduction": "dose reduced",
            "减量": "dose reduced",
            "Dosis erhöht": "dose increased",
            "加量": "dose increased",
            "Held": "interrupted",
            "pausiert": "interrupted",
            "暂停用药": "interrupted",
            "Drug withdrawn": "withdrawn",
            "permanently discontinued": "withdrawn",
            "Treatment discontinued permanently": "withdrawn",
            "abgesetzt": "withdrawn",
            "停药": "withdrawn",
            "永久停药": "withdrawn",
            "不适用": "not applicable",
            "unbekannt": "unknown",
            "antihistamine": "other",
        }.items()
    ]
    + [
        ("outcome", raw, meant)
        for raw, meant in {
            "Resolved": "recovered",
            "Recovered/Resolved": "recovered",
            "痊愈": "recovered",
            "genesen": "recovered",
            "resolving": "recovering",
            "好转": "recovering",
            "gebessert": "recovering",
            "Recovered with sequelae": "recovered with sequelae",
            "后遗症": "recovered with sequelae",
            "not recovered": "ongoing",
            "持续": "ongoing",
            "andauernd": "ongoing",
            "death": "fatal",
            "死亡": "fatal",
            "tödlich": "fatal",
            "不详": "unknown",
            "worse": "other",
        }.items()
    ],
)
def test_words_for_action_and_outcome(name, raw, meant):
    known = fields("adverse_events")[name]
    value, rule = read_cell(raw, Reading("choice", aliases=known.aliases, other=True))
    assert (value, rule) == (meant, "free_text_grouped" if meant == "other" else "")


@pytest.mark.parametrize("name", ["stop_reason", "action", "outcome"])
def test_no_word_stands_for_two_choices(name):
    known = fields("patients" if name == "stop_reason" else "adverse_events")[name]
    assert list(known.choices)[-1] == "other"
    assert {known.aliases[choice] for choice in known.choices} == set(known.choices)


def test_codes_name_what_other_text_means(workbook):
    table = [["patient_id", "term", "action"], ["a", "acne", "half"], ["a", "acne", "cream"]]
    toml = '[codes.action]\n"half" = "dose reduced"\n'
    cleaned = clean(workbook({"patients": PATIENTS, "adverse_events": table}, NONE + toml))
    assert cleaned.adverse_events["action"].tolist() == ["dose reduced", "other"]
    assert rules(cleaned) == {"C3": ["free_text_grouped"]}


def test_a_grade_of_6_is_queried_and_the_event_stays(workbook):
    cleaned = events(workbook, (None, None, 6), (None, None, 5))
    assert cleaned.adverse_events["grade"].tolist() == [pd.NA, 5]
    assert rules(cleaned) == {"E2": ["out_of_range"]}


def test_an_event_of_an_unknown_patient_is_set_aside(workbook):
    table = [HEAD, ["z", "zoster"], ["a", "acne"]]
    cleaned = clean(workbook({"patients": PATIENTS, "adverse_events": table}, NONE))
    assert cleaned.quarantine[["row", "rule"]].values.tolist() == [[2, "unknown_patient"]]
    assert cleaned.adverse_events["term"].tolist() == ["acne"]


HOSTILE = {
    "markup": "<script>alert('x')</script> & <b>acne</b>",
    "template": "{{ patients }} {% raw %} $x$ |a|b| `code`",
    "long": "x" * 10_000,
    "emoji": "rash 🙂👩🏽‍⚕️",
    "right to left": "טפח \u202eenca\u202c حب الشباب",
    "NUL": "acne\0vulgaris",
    "lines": "acne\r\nof the face\tmild",
    "quotes": "so-called \"acne\", ; 'x' \\",
    "combining": "Z̸͎a̷l̸g̶o",
    "formula": '=HYPERLINK("A1")',
}


@pytest.mark.parametrize("field", ["term", "soc"])
def test_hostile_text_is_kept_whole_in_the_data(csv_folder, field):
    heads = ["patient_id", *dict.fromkeys(["term", field])]
    rows = [["a", *[text] * (len(heads) - 1)] for text in HOSTILE.values()]
    files = {"patients": [["patient_id"], ["a"]], "adverse_events": [heads, *rows]}
    study = csv_folder(files, NONE)
    cleaned = clean(study)
    assert cleaned.adverse_events[field].tolist() == list(HOSTILE.values())
    store.write(cleaned, study)
    cohort = store.load(study)
    assert cohort.adverse_events[field].tolist() == list(HOSTILE.values())
    assert len(cohort.queries) == len(cleaned.queries)
    assert len(cohort.ledger) == len(cleaned.ledger)


def test_hostile_text_of_rows_set_aside_breaks_no_list(csv_folder):
    rows = [["z", text] for text in HOSTILE.values()]
    events = [["patient_id", "term"], ["a", "acne"], *rows]
    study = csv_folder({"patients": [["patient_id"], ["a"]], "adverse_events": events}, NONE)
    store.write(clean(study), study)
    assert store.load(study).quarantine["rule"].tolist() == ["unknown_patient"] * len(HOSTILE)


def test_a_nul_alone_names_no_event(csv_folder):
    events = [["patient_id", "term"], ["a", "\0"], ["a", "acne"]]
    study = csv_folder({"patients": [["patient_id"], ["a"]], "adverse_events": events}, NONE)
    assert clean(study).quarantine["rule"].tolist() == ["no_term"]


@pytest.mark.parametrize(("term", "ascertained"), [("rash", False), (None, True), ("none", True)])
def test_a_listing_of_events_gives_no_incidence_where_each_patient_has_one(
    workbook, term, ascertained
):
    rows = [["patient_id", "sex", "term", "grade"], ["a", "f", "acne", 1], ["b", "m", term, None]]
    rows.append(["a", "f", "zoster", 2])
    source = '[source.sheets]\npatients = "all"\nadverse_events = "all"\n'
    study = workbook({"all": rows}, NONE, source=source)
    cleaned = clean(study)
    assert (len(cleaned.patients), cleaned.ascertained) == (2, ascertained)
    assert cleaned.quarantine["rule"].tolist() == ["no_event"] * ascertained
    store.write(cleaned, study)
    assert store.load(study).ascertained == ascertained


def test_every_patient_with_an_event_in_a_sheet_of_its_own_is_ascertained(workbook):
    assert events(workbook, [None, None, 1]).ascertained
