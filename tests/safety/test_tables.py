"""Tables of exposure and adverse events, read off hand-made rows of 28 patients."""

import csv
import io
import re

import pandas as pd
import pytest
from docx import Document

from ppp import results
from ppp.report import word
from ppp.report.page import Exhibit
from ppp.safety import tables

TABLES = [
    "adverse_event_grades",
    "adverse_event_terms",
    "adverse_events",
    "exposure",
    "outside_treatment",
    "special_interest",
    "stop_reasons",
    "time_to_event",
]
BAD = re.compile(r"\b(nan|inf|NaN|None|<NA>)\b")
FORBIDDEN = re.compile(
    r"no difference|similar|equally|p ?= ?NS|treatment effect|proved|significant|safe\b", re.I
)
HOLLOW = dict.fromkeys(["estimate", "ci_low", "ci_high", "ci_level", "p_value"], float("nan"))
EM = "\N{EM SPACE}"


def notes(table):
    return " ".join(table.notes)


def line(table, what):
    found = table.frame[table.frame.iloc[:, [0, 1]].eq(what).any(axis=1)]
    assert len(found) == 1
    return found.iloc[0].to_dict()


@pytest.mark.parametrize("name", TABLES)
def test_every_table_renders_from_rows_from_none_and_from_what_is_not_estimable(
    name, harms, empty, study
):
    make = getattr(tables, name)
    for rows in (harms, empty, harms.assign(**HOLLOW), harms.assign(**HOLLOW, note="not recorded")):
        table = make(rows, study)
        shown = table.to_html() + table.to_text()
        assert not BAD.search(shown) and not FORBIDDEN.search(shown)
        assert len(table.frame) or table.empty in shown
    assert len(make(harms, study).frame)
    assert not len(make(empty, study).frame)


@pytest.mark.parametrize("name", [n for n in TABLES if n.startswith(("adverse", "special"))])
def test_absent_events_are_not_none(name, empty, study):
    said = getattr(tables, name)(empty, study).empty
    assert "not recorded" in said and "No adverse event" not in said


def test_events_are_read_off_their_rows(harms, study):
    table = tables.adverse_events(harms, study)
    assert line(table, "Led to a change of dose") == {
        "what": "Led to a change of dose",
        "patients": "3/28",
        "percent": "10.7 [2.3 to 28.2]",
        "events": "4",
        "rate": "48.9 (10.1 to 143)",
        "event_rate": "62.1 (16.9 to 159)",
    }
    assert "not independent, so it is too narrow" in notes(table)
    assert "their rate can exceed that of all events" in notes(table)
    assert "reduced, increased or interrupted" in notes(table) and len(table.notes) <= 6


def test_severe_and_serious_are_two_lines(harms, study):
    table = tables.adverse_events(harms, study)
    assert line(table, "Severe (grade ≥ 3)")["patients"] == "1/28"
    assert line(table, "Serious (regulatory)")["patients"] == "0/28"


def test_zeros_have_every_bound_worked_by_hand(harms, study):
    told = notes(tables.adverse_events(harms, study))
    assert (
        "No event in 28: two-sided exact upper limit 12.3%; one-sided 95% bound 10.2%; rule of "
        "three 10.7%. Per 100 patient-years: two-sided upper limit 57.3, one-sided 95% bound 46.5."
    ) in told
    assert told.count("No event in 28") == 1


def test_partial_dates_are_counted_in_a_footnote(harms, study):
    told = notes(tables.adverse_events(harms, study))
    assert (
        "2 events known only to the month or year were placed at the earliest day that fits within "
        "treatment; 1 event that no date places was put on the day of the first dose."
    ) in told
    exact = harms.assign(estimate=harms["estimate"].mask(harms["outcome"] == "partial_date", 0))
    assert "known only" not in notes(tables.adverse_events(exact, study))


def test_terms_stand_under_their_class_with_worst_grades(harms, study):
    table = tables.adverse_event_terms(harms, study)
    assert table.frame["what"].tolist() == [
        "Any adverse event",
        "Skin",
        f"{EM}Acne",
        f"{EM}Folliculitis",
        "Class not recorded",
        f"{EM}\N{FIRST STRONG ISOLATE}زكام\N{POP DIRECTIONAL ISOLATE}",
    ]
    assert line(table, "Skin") == {
        "what": "Skin",
        "patients": "6/28",
        "percent": "21.4 [8.3 to 41.0]",
        "events": "7",
        "1": "5",
        "2": "0",
        "3": "1",
    }


def test_terms_alone_where_no_class_was_recorded(harms, study):
    table = tables.adverse_event_terms(harms[~harms["outcome"].str.startswith("soc")], study)
    assert "terms stand alone" in notes(table) and "class" not in table.caption
    assert table.frame["what"].tolist()[2:] == ["Acne", "Folliculitis"]


def test_a_grade_that_some_lack_has_its_column(harms, study):
    lost = results.row("adverse_event", "soc", "worst_grade_unknown", 2, level="Skin", n=28)
    table = tables.adverse_event_terms(pd.concat([harms, results.frame([lost])]), study)
    assert line(table, "Skin")["unknown"] == "2" and line(table, f"{EM}Acne")["unknown"] == "0"


def test_without_grades_there_are_no_grade_columns(harms, study):
    table = tables.adverse_event_terms(harms[~harms["statistic"].str.startswith("worst")], study)
    assert table.columns == ["what", "patients", "percent", "events"]


def test_lines_are_capped_the_frequent_terms_stay_and_the_others_are_counted(harms, study):
    table = tables.adverse_event_terms(harms, study, limit=4)
    assert [x.strip(EM) for x in table.frame["what"]][1:4] == ["Skin", "Acne", "Class not recorded"]
    assert "Not shown: 1 term, the least frequent." in table.notes
    few = tables.adverse_event_terms(harms, study, limit=1)
    assert "Not shown: 1 class and 3 terms, the least frequent." in few.notes


def test_thousands_of_classes_and_terms_make_sixty_lines(study):
    made = [
        results.row("adverse_event", "soc", "patients", 0.1, level=f"C{i}", n=28, events=3)
        for i in range(40)
    ]
    made += [
        results.row(
            "adverse_event",
            "soc_term",
            "patients",
            0.1,
            level=f"t{i}",
            n=28,
            events=1 + (i == 4999),
            population=f"soc=C{i % 40}",
        )
        for i in range(5000)
    ]
    table = tables.adverse_event_terms(results.frame(made), study)
    assert len(table.frame) == 60 and f"{EM}t4999" in table.frame["what"].tolist()
    assert "Not shown: 4,980 terms, the least frequent." in table.notes


def test_text_from_the_data_is_short_inert_and_kept_to_itself(harms, study):
    wild = "<script>x</script>\x00 \N{RIGHT-TO-LEFT OVERRIDE}😀\n" + "ש" * 10_000
    rows = harms.assign(level=harms["level"].where(harms["level"] != "Acne", wild))
    for name in ("adverse_event_terms", "special_interest"):
        table = getattr(tables, name)(rows, study)
        cell = table.frame["what"][table.frame["what"].str.contains("script")].iloc[0].strip(EM)
        assert len(cell) == 82 and cell[0] == "\u2068" and cell[-2:] == "…\u2069"
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in cell and "\n" not in cell
        assert "<script" not in table.to_html() and "&lt;script" in table.to_html()


def test_word_and_csv_keep_the_indent_and_the_isolation(harms, study):
    shown = Exhibit("tbl", tables.adverse_event_terms(harms, study).as_dict(), "4.3")
    content = type("Content", (), {"exhibits": [shown], "title": "Safety"})()
    table = Document(io.BytesIO(word.tables(study, [content]))).tables[0]
    cells = [row.cells[0].text for row in table.rows]
    assert f"{EM}Acne" in cells and f"{EM}\u2068زكام\u2069" in cells
    lines = list(csv.reader(io.StringIO(shown.csv.decode("utf-8-sig"))))
    assert lines[0][4:] == ["Worst grade 1", "Worst grade 2", "Worst grade ≥ 3"]
    assert lines[3][:2] == [f"{EM}Acne", "4/28"]


def test_the_page_indents_by_padding(harms, study):
    shown = tables.adverse_event_terms(harms, study).to_html()
    assert '<th scope="row"><span class="in">Acne</span></th>' in shown and EM not in shown


def test_every_grade_has_its_line(harms, study):
    table = tables.adverse_event_grades(harms, study)
    assert table.frame["what"].str[0].tolist() == list("12345")
    assert line(table, "1 (mild)")["events"] == "12"


def test_special_interest_shows_zeros_and_what_cannot_be_told(harms, study):
    table = tables.special_interest(harms, study)
    assert line(table, "VTE")["percent"] == "0.0 [0.0 to 12.3]"
    assert line(table, "Serious infection")["patients"] == "not recorded"
    assert table.frame["block"].nunique() == 2 and table.frame["what"].iloc[-1] == "Acne"
    assert "one-sided 95% bound" in notes(table)
    assert notes(table).count("not adjudicated: a physician has to confirm each") == 1
    assert line(table, "Herpes zoster")["event_rate"].startswith("15.5 (0.4 to ")


def test_terms_stand_under_their_category(harms, study):
    place = {"population": "interest=Herpes zoster", "n": 28}
    made = [
        results.row("adverse_event", "interest_term", statistic, k, level=level, events=1, **place)
        for level in ("shingles", "zoster")
        for statistic, k in (("patients", 1 / 28), ("event_count", 2))
    ]
    rows = pd.concat([harms, results.frame(made)])
    table = tables.special_interest(rows, study)
    at = table.frame["what"].tolist().index("Herpes zoster")
    assert table.frame["what"].tolist()[at + 1 : at + 3] == [f"{EM}shingles", f"{EM}zoster"]
    assert line(table, f"{EM}zoster") == {
        "block": "Of special interest with JAK inhibitors",
        "what": f"{EM}zoster",
        "patients": "1/28",
        "percent": "",
        "events": "2",
        "rate": "",
        "event_rate": "",
    }
    few = tables.special_interest(rows, study, limit=1)
    assert "Not shown: 1 term, the least frequent." in notes(few)


def test_events_outside_treatment_stand_apart(harms, study):
    table = tables.outside_treatment(harms, study)
    assert table.frame.values.tolist() == [
        ["Before the first dose", "All", "2/28", "2"],
        ["Before the first dose", "Migraine", "2/28", "2"],
    ]
    none = harms.assign(
        **{
            c: harms[c].mask(harms["outcome"] == "before_treatment", 0)
            for c in ("estimate", "events")
        }
    )
    assert tables.outside_treatment(none, study).empty.startswith("No recorded event lies")


def test_stop_reasons_count_patients(harms, study):
    table = tables.stop_reasons(harms, study)
    assert table.frame.values.tolist()[0] == ["Adverse event", "2/28", "7.1%"]
    assert table.frame.values.tolist()[-1] == ["No stop recorded", "25/28", "89.3%"]


def test_days_are_whole_or_have_one_decimal_worked_by_hand(harms, study):
    median = (harms["analysis"] == "exposure") & (harms["statistic"] == "median")
    rows = harms.assign(estimate=harms["estimate"].mask(median, 88.5 / 365.25))
    table = tables.exposure(rows, study)
    assert line(table, "Median per patient")["days"] == "88.5"
    assert line(table, "Total")["days"] == "2,352.2" and table.columns == ["what", "years", "days"]
    assert "minus the date of the first dose. Described, without intervals." in notes(table)


def test_doses_at_the_start_make_a_second_block(harms, study):
    made = [
        results.row("exposure", "dose_mg", "count", k, level=dose, n=28, events=k)
        for dose, k in (("15", 20), ("30", 8))
    ]
    made += [results.row("exposure", "dose_mg", "sum", 5.0, level="15", n=20)]
    table = tables.exposure(pd.concat([harms, results.frame(made)]), study)
    assert table.frame.values.tolist()[-2:] == [
        ["By daily dose at the start, mg", "15", "20/28", "5.00", "1,826.2"],
        ["By daily dose at the start, mg", "30", "8/28", "–", "–"],
    ]
    assert table.frame["block"].tolist()[0] == "All patients"


def test_time_to_event_describes_groups_and_weeks_nobody_reached(harms, study):
    table = tables.time_to_event(harms, study)
    whole = table.frame[table.frame["block"] == "All patients"].drop(columns="block")
    assert whole.values.tolist() == [
        ["Week 4", "28", "0/28", "0.0 [0.0 to 12.3]"],
        ["Week 12", "17", "11/28", "39.3 [21.5 to 59.4]"],
        ["Week 24", "–", "–", "–"],
    ]
    told = notes(table)
    assert "events of the same day are counted beside" in told and "χ²" not in told
    assert "–: nobody observed so long." in told


def test_the_crude_share_is_named_where_nobody_left_before_worked_by_hand(harms, study):
    told = notes(tables.time_to_event(harms, study))
    assert "All patients, week 12: nobody left earlier without an event" in told
    assert "nobody left" not in notes(tables.time_to_event(harms.assign(code=""), study))
