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

TABLES = ["adverse_event_terms", "adverse_events", "special_interest"]
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


@pytest.mark.parametrize("name", TABLES)
def test_absent_events_are_not_none(name, empty, study):
    said = getattr(tables, name)(empty, study).empty
    assert "not recorded" in said and "No adverse event" not in said


def test_severe_and_serious_are_two_lines(harms, study):
    table = tables.adverse_events(harms, study)
    assert line(table, "Severe (grade ≥ 3)")["patients"] == "1/28"
    assert line(table, "Serious")["patients"] == "0/28"


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
    assert "classes were not recorded" in notes(table) and "class" not in table.caption
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
    assert "Not shown: 1 term, the least frequent." in notes(table)
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
    assert lines[0][-3:] == ["Worst grade 1", "Worst grade 2", "Worst grade ≥ 3"]
    assert lines[3][:3] == [f"{EM}Acne", "4", "28"]


def test_the_page_indents_by_padding(harms, study):
    shown = tables.adverse_event_terms(harms, study).to_html()
    assert '<th scope="row"><span class="in">Acne</span></th>' in shown and EM not in shown


def _lasting(harms):
    at = (harms["analysis"] == "exposure") & (harms["statistic"] == "median")
    return harms.assign(estimate=harms["estimate"].mask(at, 0.5))


def test_events_are_read_off_their_rows_with_rates_after_half_a_year(harms, study):
    short = line(tables.adverse_events(harms, study), "Led to dose change or interruption")
    assert short == {
        "what": "Led to dose change or interruption",
        "patients": "3/28",
        "percent": "10.7 [2.3 to 28.2]",
        "events": "4",
    }
    table = tables.adverse_events(_lasting(harms), study)
    assert line(table, "Led to dose change or interruption") == short | {
        "rate": "48.9 (10.1 to 143)",
        "event_rate": "62.1 (16.9 to 159)",
    }
    assert "takes them as independent" in notes(table)
    once = harms["outcome"].eq("any") & harms["statistic"].eq("event_count")
    single = harms.assign(events=harms["events"].mask(once, 11))
    assert "independent" not in notes(tables.adverse_events(_lasting(single), study))


def test_the_window_and_who_has_no_end_are_said(harms, make_study):
    told = notes(tables.adverse_events(harms, make_study()))
    assert "onset from the first dose to 30 days after the last dose." in told
    later = make_study("[safety]\ndays_after_first_dose = 1\ndays_after_last_dose = 7\n")
    exposed = harms["analysis"].eq("exposure")
    told = notes(tables.adverse_events(harms.assign(n=harms["n"].mask(exposed, 26)), later))
    assert "from 1 day after the first dose to 7 days after the last dose; without limit" in told
    assert "in 2 patients whose end of treatment is not known" in told


def test_patients_of_each_group_stand_beside_all(harms, study):
    made = [
        results.row("adverse_event", "any", "group_patients", k / n, group=g, n=n, events=k)
        for g, k, n in (("sapho=no", 7, 20), ("sapho=yes", 4, 8))
    ]
    table = tables.adverse_events(pd.concat([harms, results.frame(made)]), study)
    own = line(table, "Any adverse event")
    assert (own["sapho=yes"], own["sapho=no"]) == ("4/8", "7/20")
    assert table.caption.endswith("in all and by group.")


def test_categories_nobody_had_are_one_footnote_with_their_limit(harms, study):
    table = tables.special_interest(harms, study)
    assert table.frame["what"].tolist() == ["Herpes zoster", "Serious infection", "Acne"]
    assert line(table, "Serious infection")["patients"] == "not recorded"
    assert "Not reported as an adverse event: VTE, MACE; each 0 of 28 (up to 12.3%)." in table.notes
    assert "1 term has neither a system organ class nor a category: dizzy <b> (1)." in notes(table)


def test_no_event_of_interest_is_said_in_place_of_lines(harms, study):
    some = ~harms["level"].isin(["Herpes zoster", "Serious infection", "Acne"])
    table = tables.special_interest(harms[some], study)
    assert not len(table.frame)
    assert table.empty == "Not reported as an adverse event: VTE, MACE; each 0 of 28 (up to 12.3%)."


def test_terms_stand_beside_their_category(harms, study):
    place = {"population": "interest=Herpes zoster", "n": 28}
    made = [
        results.row("adverse_event", "interest_term", "event_count", k, level=x, events=k, **place)
        for x, k in (("shingles", 2), ("zoster", 1))
    ]
    rows = pd.concat([harms, results.frame(made)])
    table = tables.special_interest(rows, study)
    assert line(table, "Herpes zoster")["terms"] == "shingles (2), zoster (1)"
    few = tables.special_interest(rows, study, limit=1)
    assert "Not shown: the least frequent term." in notes(few)
