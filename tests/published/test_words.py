"""What is said of published figures: the findings, in words that stay with arithmetic."""

import ast
import io
import re
import warnings
from contextlib import redirect_stdout

import pandas as pd
import pytest

from ppp import results
from ppp.published import figures as drawn
from ppp.published import rows as published
from ppp.published import sentences, tables
from ppp.report.figure import Figure
from ppp.report.prose import Absent
from ppp.report.table import Table
from ppp.report.text import p_scientific
from ppp.run.cli import main
from ppp.study import ROOT

from .conftest import PAPER

FORBIDDEN = re.compile(
    r"fraud|fabricat|\bfak(e|ed|es|ing|ery)\b|manipulat|misconduct|impossib|\blie[ds]?\b|\blying\b"
    r"|\bliars?\b|falsif|\bfalse (?:data|figure|number|report)"
    r"|dishonest|deceiv|decept|deceit|cheat|\bforge|tamper|suspicio"
    r"|wrongdoing|\binvent|made[- ]up|doctored|bogus|\bhoax|\bscam|\bsham\b|untrue|untruth"
    r"|invalid data|retract|guilt|culprit|integrity",
    re.I,
)
BAD = re.compile(r"\b(nan|inf|None|<NA>)\b")
SOURCES = [
    *(ROOT / "lib/ppp/published").rglob("*.py"),
    ROOT / "lib/ppp/overview/index.py",
    ROOT / "lib/ppp/run/cli.py",
    ROOT / "lib/ppp/witness.py",
]
OTHER = {
    "paper": {},
    "fits": {"dlqi_before_mean": "12.54", "dlqi_after_mean": "2.04", "dlqi_after_sd": "1.14"},
    "sd_alone": {"dlqi_before_mean": "12.54", "dlqi_after_mean": "2.04"},
    "divides_by_n": {"dlqi_after_mean": "2.00", "dlqi_before_sd": "25.00"},
    "no_change": {
        "pppasi_after_mean": "13.86",
        "pppasi_after_sd": "2.76",
        "male": "11",
        "severe": "2",
    },
    "odd": {
        "pppasi_before_sd": "0.00",
        "pppasi_after_sd": "0.00",
        "pppasi_after_mean": "0.00",
        "sapho_male": "0",
        "sapho_female": "0",
    },
}


@pytest.fixture
def figures_of(changed):
    def figures(name):
        cells = {key: {"value": value} for key, value in OTHER[name].items()}
        return published.read(changed(cells))

    return figures


def rows_of(figures, cohort, study):
    parts = [published.compare(figures, cohort, study), published.audit(figures, study)]
    return pd.concat(parts, ignore_index=True)


def exhibits(rows, figures, study):
    return [
        tables.comparison(rows, figures, study),
        tables.audit(rows, figures, study),
        tables.sizes(rows, study),
        tables.bounds(rows, study),
        tables.responders(rows, study),
        drawn.region(rows, study),
    ]


def texts(figures, cohort, study):
    """Everything that the notebook can show."""
    rows = rows_of(figures, cohort, study)
    told = [
        sentences.comparison(rows, figures, study),
        sentences.explanations(rows, study),
        sentences.responders(rows, study),
        sentences.association(rows, study),
        sentences.none_seen(rows, figures, study),
        sentences.key_results(rows, figures, study),
        sentences.bounds(rows, study),
        sentences.without_target(rows, study),
        sentences.limits(study),
        sentences.glossary(rows, study),
    ]
    for exhibit in exhibits(rows, figures, study):
        told += [exhibit.to_text(), exhibit.to_html()] if isinstance(exhibit, Table) else []
        if isinstance(exhibit, Figure):
            told += [exhibit.caption, exhibit.alt, re.sub(r"<style.*?</style>", "", exhibit.svg)]
    return [*map(str, told), *rows["note"].unique(), *rows["method"].unique()]


@pytest.mark.parametrize("name", OTHER)
@pytest.mark.parametrize("kind", ["cohort", "empty"])
def test_no_text_goes_beyond_arithmetic_or_shows_nan(name, kind, study, figures_of, request):
    cohort = request.getfixturevalue(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ResourceWarning)
        for told in texts(figures_of(name), cohort, study):
            assert not FORBIDDEN.search(told), FORBIDDEN.search(told)
            assert told.startswith("<?xml") or not BAD.search(told), BAD.search(told)


def test_without_figures_every_text_says_that_there_is_nothing_to_compare(empty, study):
    rows = rows_of((), empty, study)
    assert "nothing to compare" in str(sentences.key_results(rows, (), study))
    assert all(isinstance(exhibit, Absent) for exhibit in exhibits(rows, (), study))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_string_of_a_module_that_writes_the_audit_is_forbidden(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not FORBIDDEN.search(node.value), node.value


def test_the_words_the_data_file_and_the_command_are_free_of_it_too():
    for path in (PAPER, ROOT / "lib/ppp/published/words.toml"):
        assert not FORBIDDEN.search(path.read_text("utf-8"))
    patients = "--n 28 --min 0 --max 30"
    for figures in ("--mean 12.55 --sd 4.56", "--mean 2.00 --sd 1.13", "--mean 12.54 --sd 25"):
        for form in ("", "--json"):
            out = io.StringIO()
            with redirect_stdout(out):
                main(f"audit {figures} {patients} {form}".split())
            assert not FORBIDDEN.search(out.getvalue())


@pytest.mark.parametrize("words", ["Fabricated", "fake", "impossible data", "it lies", "made up"])
def test_the_rule_would_find_a_forbidden_word(words):
    assert FORBIDDEN.search(f"They are {words}, they say.")


def test_findings_are_said_with_their_numbers(figures, audited, study):
    told = str(sentences.bounds(audited, study))
    assert "|t| of the change is 11.4 to 26.3 and p at most 8.1 × 10⁻¹²" in told
    assert told.count("conditional on printed means that do not fit") == 1
    assert "29, 31, 33, 38, 40" in tables.sizes(audited, study).to_text()
    response = str(sentences.responders(audited, study))
    assert "PPPASI-50" not in response and "PPPASI-75 in at most **11 of 28**" in response
    assert "PPPASI-100 in **none** of 28 patients (1 if the SDs divide by n)" in response
    assert "male against female: 3/10 against 5/18" in str(sentences.association(audited, study))
    assert "CI reaches 12.3%" in str(sentences.none_seen(audited, figures, study))


def test_what_could_not_fail_is_not_called_consistent(figures, audited, study):
    told = str(sentences.fitting(audited, figures, study))
    assert "Of 10 published means and SDs, **3** can be tested." in told
    assert "SD 1.13 is inconsistent with its mean" in told and "are consistent" not in told
    assert "6 cannot be tested, because every value" in told
    assert "1 SD cannot be tested, because its mean is inconsistent" in told


def test_figures_of_which_no_test_can_fail_are_not_said_to_fit(study):
    figures = published.read(PAPER)
    free = tuple(f for f in figures if f.field in ("age_years", "pppasi"))
    told = str(sentences.fitting(published.audit(free, study), free, study))
    assert told.startswith("Of 6 published means and SDs, **none** can be tested")


def test_a_mean_without_its_sd_is_not_counted_as_tested(study):
    alone = tuple(f for f in published.read(PAPER) if f.key == "dlqi_before_mean")
    assert str(sentences.fitting(published.audit(alone, study), alone, study)) == ""


@pytest.mark.parametrize(
    ("events", "said"), [(20, "at least **9** therefore did not reach PPPASI-75"), (12, "**1**")]
)
def test_responders_who_must_have_missed_a_target_are_counted(study, changed, events, said):
    """At most 11 of 28 can have PPPASI-75, 2 PPPASI-90, 1 PPPASI-100 (SDs dividing by n)."""
    rows = published.audit(published.read(changed({"pga01": {"value": str(events)}})), study)
    assert said in str(sentences.without_target(rows, study))
    forced = results.pick(rows, statistic="without_target_min").set_index("level")["events"]
    most = {"pppasi75": 11, "pppasi90": 2, "pppasi100": 1}
    assert forced.to_dict() == {target: events - bound for target, bound in most.items()}


def test_responders_as_many_as_a_bound_allows_are_not_held_against_it(study, changed):
    rows = published.audit(published.read(changed({"pga01": {"value": "11"}})), study)
    assert "PPPASI-75" not in str(sentences.without_target(rows, study))


@pytest.mark.parametrize("other", [{"week": "8"}, {"n": "27"}, {"group": "sapho=no"}])
def test_responders_of_other_patients_or_another_week_are_held_against_no_bound(
    study, changed, other
):
    rows = published.audit(published.read(changed({"pga01": other})), study)
    assert results.pick(rows, statistic="without_target_min").empty


def test_a_count_beyond_the_bound_of_its_own_target_is_named(study, changed):
    cells = {"pga01": {"field": "pppasi75", "value": "15"}}
    rows = published.audit(published.read(changed(cells)), study)
    told = str(sentences.without_target(rows, study))
    assert told == (
        "The published number with PPPASI-75, 15, exceeds what these means and SDs allow by at "
        "least **4**."
    )


def test_means_of_different_scores_that_do_not_fit_are_told_apart(study, changed):
    cells = {"age_mean": {"value": "36.31", "decimals": "2"}}
    figures = published.read(changed(cells))
    told = str(sentences.fitting(published.audit(figures, study), figures, study))
    assert "**Age, mean, years 36.31** is inconsistent with whole years from 28 patients" in told
    assert "2.03** are inconsistent with integer totals from 28 patients" in told


def test_a_spread_is_said_to_have_changed_only_where_every_correlation_shows_it(changed, study):
    def told(sd):
        figures = published.read(changed({"pppasi_after_sd": {"value": sd}}))
        return str(sentences.bounds(published.audit(figures, study), study)).split("\n")[0]

    assert "SDs of PPPASI are the same" in told("2.76")
    assert "The SD fell" in told("1.08") and "The SD rose" in told("6.00")
    assert "spread changed is unclear" in told("2.50")


def test_small_p_values_round_up_where_they_are_bounds():
    assert p_scientific(7.386e-12) == p_scientific(7.386e-12, up=True) == "7.4 × 10⁻¹²"
    assert p_scientific(9.96e-13, up=True) == "1.0 × 10⁻¹²"
    assert p_scientific(0) == "below 10⁻³⁰⁰"
    assert p_scientific(None) == "not estimable"


def test_text_from_the_file_is_inert(figures, empty, study):
    figures = (published.Published(**vars(figures[0]) | {"label": "<script>x</script>"}),)
    rows = rows_of(figures, empty, study)
    for told in (
        tables.comparison(rows, figures, study).to_html(),
        str(sentences.comparison(rows, figures, study)),
    ):
        assert "<script" not in told
