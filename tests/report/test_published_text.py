"""What is said of published figures: the findings, in words that stay with arithmetic."""

import ast
import csv
import io
import re
import warnings
from contextlib import redirect_stdout

import pandas as pd
import pytest

from ppp import results
from ppp.published import figures as drawn
from ppp.published import rows as published
from ppp.published import sentences as said
from ppp.published.scientific import p_scientific
from ppp.published.tables import bounds as published_bounds
from ppp.published.tables import compared as shown
from ppp.report.absent import Absent
from ppp.report.figures import Figure
from ppp.report.sentences import glossary, limits
from ppp.report.tables import Table
from ppp.run.cli import main
from ppp.study import ROOT

PAPER = ROOT / "data" / "demo" / "published.csv"
FORBIDDEN = re.compile(
    r"fraud|fabricat|\bfak(e|ed|es|ing|ery)\b|manipulat|misconduct|impossib|\blie[ds]?\b|\blying\b"
    r"|\bliars?\b|falsif|\bfalse (?:data|figure|number|report)"
    r"|dishonest|deceiv|decept|deceit|cheat|\bforge|tamper|suspicio"
    r"|wrongdoing|\binvent|made[- ]up|doctored|bogus|\bhoax|\bscam|\bsham\b|untrue|untruth"
    r"|invalid data|retract|guilt|culprit|integrity",
    re.I,
)
BAD = re.compile(r"\b(nan|inf|None|<NA>)\b")
WRITERS = [
    *(ROOT / "lib/ppp/published/audit").glob("*.py"),
    *(ROOT / "lib/ppp/report").glob("*/published*.py"),
    ROOT / "lib/ppp/report/sentences/abstract.py",
    ROOT / "lib/ppp/published/rows.py",
    ROOT / "lib/ppp/run/audit_cli.py",
    ROOT / "lib/ppp/witness.py",
    ROOT / "lib/ppp/report/scientific.py",
]
OTHER = {
    "paper": {},
    "fits": {
        "dlqi_before_mean": ("12.54", 2),
        "dlqi_after_mean": ("2.04", 2),
        "dlqi_after_sd": ("1.14", 2),
    },
    "sd_alone": {"dlqi_before_mean": ("12.54", 2), "dlqi_after_mean": ("2.04", 2)},
    "divides_by_n": {"dlqi_after_mean": ("2.00", 2), "dlqi_before_sd": ("25.00", 2)},
    "no_change": {
        "pppasi_after_mean": ("13.86", 2),
        "pppasi_after_sd": ("2.76", 2),
        "male": ("11", 0),
        "severe": ("2", 0),
    },
    "odd": {
        "pppasi_before_sd": ("0.00", 2),
        "pppasi_after_sd": ("0.00", 2),
        "pppasi_after_mean": ("0.00", 2),
        "sapho_male": ("0", 0),
        "sapho_female": ("0", 0),
    },
}


def figures_of(name, tmp_path):
    with PAPER.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    for line in lines:
        if line["key"] in OTHER[name]:
            line["value"], line["decimals"] = map(str, OTHER[name][line["key"]])
    path = tmp_path / "published.csv"
    pd.DataFrame(lines).to_csv(path, index=False)
    return published.read(path)


def rows_of(figures, cohort, study):
    parts = [published.compare(figures, cohort, study), published.audit(figures)]
    return pd.concat(parts, ignore_index=True)


def texts(figures, cohort, study):
    """Everything that the notebook can show."""
    rows = rows_of(figures, cohort, study)
    scores = ("pppasi", "dlqi")
    told = [
        said.abstract(cohort, study),
        said.comparison(rows, figures, study),
        said.verdicts(rows, figures, study),
        said.explanations(rows),
        said.responders(rows, study),
        said.association(rows, study),
        said.none_seen(rows, figures),
        said.witnesses(rows, figures),
        said.key_results(rows, figures, study),
        said.all_sizes(rows, study),
        said.all_bounds(rows, study),
        said.all_variances(rows, study),
        limits(study, "published"),
        glossary("published"),
    ]
    for score in scores:
        told += [f(rows, study, score) for f in (said.sizes, said.bounds, said.variance)]
    made = [
        shown.comparison(rows, figures, study),
        shown.audit(rows, figures, study),
        shown.sizes(rows, study),
        shown.counts(rows, figures, study),
        published_bounds.effect_sizes(rows, study),
        published_bounds.responders(rows, study),
    ]
    made.append(published_bounds.bounds(rows, study))
    for table in made:
        told += [table.to_text(), table.to_html()] if isinstance(table, Table) else []
    figure = drawn.region(rows, study)
    if isinstance(figure, Figure):
        told += [figure.caption, figure.alt, re.sub(r"<style.*?</style>", "", figure.svg)]
    return [*map(str, told), *rows["note"].unique(), *rows["method"].unique()]


@pytest.mark.parametrize("name", OTHER)
@pytest.mark.parametrize("kind", ["rows", "empty"])
def test_no_text_goes_beyond_arithmetic_or_shows_nan(name, kind, study, tmp_path, request):
    cohort = request.getfixturevalue(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for told in texts(figures_of(name, tmp_path), cohort, study):
            assert not FORBIDDEN.search(told), FORBIDDEN.search(told)
            assert told.startswith("<?xml") or not BAD.search(told), BAD.search(told)


def test_without_figures_every_text_says_that_there_is_nothing_to_compare(empty, study):
    rows = rows_of((), empty, study)
    assert "nothing to compare" in str(said.key_results(rows, (), study))
    exhibits = [
        shown.comparison(rows, (), study),
        shown.audit(rows, (), study),
        shown.sizes(rows, study),
        shown.counts(rows, (), study),
        published_bounds.bounds(rows, study),
        published_bounds.effect_sizes(rows, study),
        published_bounds.responders(rows, study),
        drawn.region(rows, study),
    ]
    assert all(isinstance(exhibit, Absent) for exhibit in exhibits)
    assert not any(FORBIDDEN.search(told) for told in texts((), empty, study))


@pytest.mark.parametrize("path", WRITERS, ids=lambda path: path.parent.name + "/" + path.name)
def test_no_string_of_a_module_that_writes_the_audit_is_forbidden(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not FORBIDDEN.search(node.value), node.value


def test_the_data_file_and_the_command_keep_to_the_words_too():
    assert not FORBIDDEN.search(PAPER.read_text("utf-8"))
    patients = "--n 28 --min 0 --max 30"
    for figures in ("--mean 12.55 --sd 4.56", "--mean 2.00 --sd 1.13", "--mean 12.54 --sd 25"):
        for form in ("", "--json"):
            out = io.StringIO()
            with redirect_stdout(out):
                main(f"audit {figures} {patients} {form}".split())
            assert not FORBIDDEN.search(out.getvalue())


@pytest.mark.parametrize(
    "words",
    [
        "a fraud",
        "Fabricated",
        "fake",
        "manipulated data",
        "misconduct",
        "impossible data",
        "a lie",
        "it lies",
        "falsified",
        "lying",
        "made up",
    ],
)
def test_the_rule_would_find_a_forbidden_word(words):
    assert FORBIDDEN.search(f"They are {words}, they say.")


def test_findings_are_said_with_their_numbers(empty, study, tmp_path):
    figures = figures_of("paper", tmp_path)
    rows = rows_of(figures, empty, study)
    assert "**12.55**: inconsistent with integer totals from 28 patients" in str(
        said.verdicts(rows, figures, study)
    )
    told = str(said.bounds(rows, study, "pppasi"))
    assert "between **11.44** and **26.14** and p at most **7.4 × 10⁻¹²**" in told
    assert "11.4 to 26.3 and 8.1 × 10⁻¹² with rounding slack" in told
    assert "conditional on printed means that do not fit" in str(said.bounds(rows, study, "dlqi"))
    assert "**29, 31, 33, 38, 40**" in str(said.sizes(rows, study, "dlqi"))
    response = str(said.responders(rows, study))
    assert "PPPASI-75 11 of 28" in response
    assert "PPPASI-100 0 of 28 (1 if the SDs divide by n)" in response
    assert "3/10 against 5/18" in str(said.association(rows, study))
    assert "may reach 12.3%" in str(said.none_seen(rows, figures))
    assert "ask the authors" in str(said.explanations(rows))


def test_abstract_goes_in_the_order_of_the_paper(study):
    def row(*names, **where):
        return results.row(*names, **where)

    made = [
        row("flow", "patients", "count", 28, level="enrolled", n=28),
        row("count", "sapho", "count", 8, level="yes", n=28),
    ]
    for group, male, female in (("all", 10, 18), ("sapho=yes", 3, 5)):
        made += [
            row("count", "sex", "count", male, level="male", group=group),
            row("count", "sex", "count", female, level="female", group=group),
        ]
    made += [row("summary", "age_years", "mean", 36.3), row("summary", "age_years", "sd", 10.5)]
    told = str(said.abstract(results.frame(made), study))
    assert told == (
        "A total of **28 patients** were included, 10 male and 18 female; 8 with SAPHO syndrome "
        "(3 male and 5 female). Mean age was **36.3** years (SD 10.5)."
    )


def test_abstract_of_a_cohort_keeps_the_order_and_gives_n_with_every_p(rows, study):
    told = str(said.abstract(rows, study))
    places = [told.find(words) for words in ("28 patients", "PPPASI", "PGA 0/1", "severe adverse")]
    assert -1 not in places and places == sorted(places)


def test_small_p_values_round_up_where_they_are_bounds():
    assert p_scientific(7.386e-12) == p_scientific(7.386e-12, up=True) == "7.4 × 10⁻¹²"
    assert p_scientific(9.96e-13, up=True) == "1.0 × 10⁻¹²"
    assert p_scientific(0) == "below 10⁻³⁰⁰"
    assert p_scientific(None) == "not estimable"


def test_text_from_the_file_is_inert(empty, study, tmp_path):
    figures = figures_of("paper", tmp_path)
    figures = (published.Published(**vars(figures[0]) | {"label": "<script>x</script>"}),)
    rows = rows_of(figures, empty, study)
    for told in (
        shown.comparison(rows, figures, study).to_html(),
        str(said.comparison(rows, figures, study)),
    ):
        assert "<script" not in told
