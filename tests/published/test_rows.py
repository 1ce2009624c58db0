"""The file of published figures, its comparison with a cohort, and the audit's results rows."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from ppp import results
from ppp.errors import StudyError
from ppp.published import rows as published

from .conftest import PAPER

ABSTRACT = (
    "28 10 18 8 3 5 36.3 10.5 12 13.86 2.76 5.56 1.08 0.05 12.55 4.56 2.03 1.13 0.05 20 0"
).split()


def test_file_has_the_figures_of_the_abstract_in_its_order(figures):
    assert [str(figure.value) for figure in figures] == ABSTRACT
    assert all("10.3389/fmed.2024.1476793" in figure.source for figure in figures)


def test_decimals_survive_a_spreadsheet_that_drops_zeros(changed):
    path = changed({"age_mean": {"value": "36.5", "decimals": "2"}})
    assert str(published.read(path)[6].value) == "36.50"


def test_no_file_gives_no_figures_and_no_rows(study):
    assert published.read(None) == ()
    assert published.audit((), study).empty
    assert published.compare((), results.frame([]), study).empty


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"kind": "average"}, r"line 8 \(age_mean\): kind 'average'"),
        ({"value": "x"}, "value must be a number"),
        ({"value": ""}, "key, value and decimals"),
        ({"n": "2.5"}, "n must be a whole number"),
        ({"min": ""}, "a mean needs min"),
        ({"value": "36.31"}, "more than 1 decimals"),
        ({"key": "male"}, "key male is there twice"),
        ({"max": "inf"}, "max must be a number"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_line_and_remedy(changed, cells, words):
    with pytest.raises(StudyError, match=words):
        published.read(changed({"age_mean": cells}))


def test_a_count_beyond_its_patients_is_named(tmp_path):
    lines = PAPER.read_text("utf-8").replace("male,Male,10,", "male,Male,71,", 1)
    path = tmp_path / "published.csv"
    path.write_text(lines + ",,,,\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"line 3 \(male\): value 71 is no count from 0 to n = 28"):
        published.read(path)


def test_columns_that_no_figure_needs_may_be_absent_and_empty_lines_are_passed_over(tmp_path):
    path = tmp_path / "published.csv"
    head = "key,label,value,decimals,kind,field,n"
    path.write_text(f"{head}\nf,Female,5,0,count,sex,7\n,,,,,,\n", "utf-8")
    (figure,) = published.read(path)
    assert (figure.group, figure.level, figure.min) == ("all", "", None)


def test_semicolons_are_named(tmp_path):
    path = tmp_path / "published.csv"
    path.write_text("key;label;value\na;b;1\n", "utf-8")
    with pytest.raises(StudyError, match="separated by ; and not by commas"):
        published.read(path)


def test_a_missing_column_is_named(tmp_path):
    path = tmp_path / "published.csv"
    path.write_text("key,label\na,b\n", encoding="utf-8")
    with pytest.raises(StudyError, match="there is no column value"):
        published.read(path)


def test_verdicts_match_the_plan(audited):
    found = results.pick(audited, analysis="published", statistic="audit").set_index("outcome")
    codes, notes = found["code"], found["note"]
    assert codes["dlqi_before_mean"] == codes["dlqi_after_mean"] == "inconsistent"
    assert notes["dlqi_before_mean"].startswith("inconsistent with integer totals from 28 patients")
    assert "by truncation only" in notes["dlqi_after_mean"]
    for key in ("pppasi_before_mean", "pppasi_before_sd", "pppasi_after_mean", "pppasi_after_sd"):
        assert found.loc[key, "estimate"] == 1 and codes[key] == "consistent cannot_fail"
    assert codes["pppasi_p"] == "at_every_r" and codes["patients"] == "untested"
    assert codes["male"] == "adds_up" and notes["male"] == "adds up: 10 + 18 = 28"


def test_counts_and_fisher_match_the_plan(audited):
    def one(outcome, statistic):
        return results.one(audited, analysis="audit", outcome=outcome, statistic=statistic)

    def percent(*limits):
        return [round(100 * limit, 1) for limit in limits]

    exact, wilson = one("pga01", "clopper_pearson"), one("pga01", "wilson")
    assert percent(exact["ci_low"], exact["ci_high"]) == [51.3, 86.8]
    assert percent(wilson["ci_low"], wilson["ci_high"]) == [52.9, 84.7]
    exact, wilson = one("sapho", "clopper_pearson"), one("sapho", "wilson")
    assert percent(exact["ci_low"], exact["ci_high"]) == [13.2, 48.7]
    assert percent(wilson["ci_low"], wilson["ci_high"]) == [15.3, 47.1]
    bounds = ("clopper_pearson", "upper_one_sided", "rule_of_three")
    assert percent(*(one("severe", b)["ci_high"] for b in bounds)) == [12.3, 10.1, 10.7]
    assert round(one("sex", "fisher")["p_value"], 3) == 1
    assert round(one("sex", "fisher_midp")["p_value"], 3) == 0.835
    assert round(one("sex", "conditional_odds_ratio")["estimate"], 2) == 1.11
    assert one("sex", "fisher")["note"] == "3/10 against 5/18"


def test_bounds_reach_the_rows(audited):
    def events(outcome, level):
        return results.one(audited, outcome=outcome, statistic="largest", level=level)["events"]

    assert [events("pppasi75", r) for r in ("-1.00", "0.00", "0.50")] == [11, 7, 4]
    assert events("pppasi100", "-1.00") == 0
    sizes = results.one(audited, outcome="dlqi", statistic="sizes_means", level="rounding")
    assert sizes["note"] == "29, 31, 33, 38, 40" and sizes["code"] == "29 31 33 38 40"
    least = results.pick(audited, statistic="paired_t_least").set_index("outcome")["code"]
    assert (least["dlqi"] == "unfit").all() and (least["pppasi"] == "").all()


def test_a_study_with_other_targets_bounds_those(figures, study):
    endpoints = replace(study.endpoints, responders=(40, 60))
    other = replace(study, endpoints=endpoints, stated=study.stated | {"endpoints.responders"})
    largest = results.pick(published.audit(figures, other), statistic="largest")["outcome"]
    assert list(largest.unique()) == [
        "pppasi40",
        "pppasi60",
        "pppasi_not_improved",
        "dlqi_not_improved",
    ]


def test_each_row_has_its_own_key_and_survives_a_file(audited, tmp_path):
    assert not audited.duplicated(results.KEY).any()
    saved = results.load(results.save(audited, tmp_path, "06_published_figures"))
    pd.testing.assert_frame_equal(saved, audited.assign(notebook="06_published_figures"))


def test_comparison_says_reproduced_differs_or_why_not(figures, cohort, study):
    found = published.compare(figures, cohort, study)
    by = results.pick(found, statistic="recomputed").set_index("outcome")
    codes, notes = by["code"], by["note"]
    same = ("patients", "age_mean", "weeks", "dlqi_before_sd")
    assert {codes[key] for key in same} == {notes[key] for key in same} == {"reproduced"}
    assert codes["male"] == notes["male"] == "differs"
    assert codes["dlqi_before_mean"] == "irreproducible unattainable"
    assert notes["dlqi_before_mean"].startswith("cannot be reproduced: inconsistent with integer")
    assert codes["pppasi_before_mean"] == "irreproducible not_estimable"
    assert notes["pppasi_before_mean"] == "cannot be reproduced: no data"
    assert codes["female"] == "irreproducible not_recorded"
    assert notes["female"] == "cannot be reproduced: not recorded in this cohort"


def test_a_cohort_without_tables_can_be_compared(figures, study):
    patients = pd.DataFrame({"study_id": ["P01", "P02", "P03"], "sex": ["male", "female", "male"]})
    cohort = SimpleNamespace(patients=patients, visits=None, adverse_events=None, ascertained=True)
    rows = published.cohort_rows(cohort, study)
    by = published.compare(figures, rows, study)
    codes = results.pick(by, statistic="recomputed").set_index("outcome")["code"]
    assert codes["male"] == "differs"
    assert {codes[key] for key in ("severe", "pga01", "dlqi_p")} == {"irreproducible not_recorded"}
