"""What is said of published figures: the findings, in words that stay with arithmetic."""

import ast
import io
import re
import warnings
from contextlib import redirect_stdout

import pandas as pd
import pytest

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
        tables.counts(rows, figures, study),
        tables.bounds(rows, study),
        tables.effect_sizes(rows, study),
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
        sentences.witnesses(rows, figures, study),
        sentences.key_results(rows, figures, study),
        sentences.sizes(rows, study),
        sentences.bounds(rows, study),
        sentences.variances(rows, study),
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
    assert "between **11.44** and **26.14** and p at most **7.4 × 10⁻¹²**" in told
    assert "11.4 to 26.3 and 8.1 × 10⁻¹² with rounding slack" in told
    assert told.count("conditional on printed means that do not fit") == 1
    assert "**29, 31, 33, 38, 40**" in str(sentences.sizes(audited, study))
    response = str(sentences.responders(audited, study))
    assert "PPPASI-75 11 of 28" in response and "such as PGA 0/1" in response
    assert "PPPASI-100 0 of 28 (1 if the SDs divide by n)" in response
    assert "3/10 against 5/18" in str(sentences.association(audited, study))
    assert "may reach 12.3%" in str(sentences.none_seen(audited, figures, study))


def test_means_of_different_scores_that_do_not_fit_are_told_apart(study, changed):
    cells = {"age_mean": {"value": "36.31", "decimals": "2"}}
    figures = published.read(changed(cells))
    told = str(sentences.fitting(published.audit(figures, study), figures, study))
    assert "**Age, mean, years 36.31** is inconsistent with whole years from 28 patients" in told
    assert "2.03** are inconsistent with integer totals from 28 patients" in told


def test_a_spread_that_stayed_the_same_is_not_said_to_have_changed(figures_of, study):
    told = str(sentences.variances(published.audit(figures_of("no_change"), study), study))
    assert "SDs of PPPASI are the same" in told and "variance of DLQI fell" in told


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
