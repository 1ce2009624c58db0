"""GRIM and GRIMMER against brute force, and against figures worked out twice independently."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppp.published import grim
from ppp.published.grim import attainable, fitting_sizes
from ppp.witness import RULES, Summary

DLQI = {"n": 28, "low": 0, "high": 30}
PPPASI = {"n": 28, "low": 0, "high": 72, "step": "0.1"}
BEFORE, AFTER = Summary("12.55", "4.56", **DLQI), Summary("2.03", "1.13", **DLQI)
SIZES = range(20, 41)


def test_dlqi_12_55_is_unattainable_by_every_rule_worked_by_hand():
    found = attainable(BEFORE)
    assert found.means == found.both == () and found.witness is None
    assert found.neighbours == (Decimal("12.54"), Decimal("12.57"))
    assert (Decimal("12.54"), 1) in found.sd_at_neighbours
    assert (Decimal("12.57"), 1) in found.sd_at_neighbours


def test_dlqi_2_03_is_unattainable_by_rounding_and_fits_by_truncation():
    found = attainable(AFTER)
    assert found.means == ("truncation",) and found.both == (("truncation", 1),)
    assert not found.mean_rounds and not found.both_round
    assert sum(found.witness) == 57
    assert found.sd_at_neighbours == ((Decimal("2.00"), 0),) and not found.sd_rounds
    codes = [grim.code(attainable(x), kind) for x in (BEFORE, AFTER) for kind in ("mean", "sd")]
    assert codes == ["inconsistent", "untestable", "inconsistent", "inconsistent"]


@pytest.mark.parametrize(
    ("rules", "means", "by_n_1", "by_n"),
    [
        (grim.ROUNDING, [29, 31, 33, 38, 40], [33, 38], [29, 40]),
        (("truncation",), [27, 29], [], [27]),
        (("ceiling",), [35, 37, 40], [35, 40], [37, 40]),
    ],
)
def test_sample_sizes_that_fit_both_dlqi_figures_match_the_plan(rules, means, by_n_1, by_n):
    both = [BEFORE, AFTER]
    assert fitting_sizes(both, SIZES, rules=rules) == means
    assert fitting_sizes(both, SIZES, rules=rules, ddofs=[1]) == by_n_1
    assert fitting_sizes(both, SIZES, rules=rules, ddofs=[0]) == by_n


def test_half_points_rescue_12_55_only():
    assert attainable(Summary("12.55", "4.56", 28, 0, 30, "0.5")).mean_rounds
    assert not attainable(Summary("2.03", "1.13", 28, 0, 30, "0.5")).mean_rounds


@pytest.mark.parametrize(
    "figures",
    [
        Summary("13.86", "2.76", **PPPASI),
        Summary("5.56", "1.08", **PPPASI),
        Summary("36.3", "10.5", 28, 0, 120),
    ],
)
def test_pppasi_and_age_are_consistent_and_the_mean_could_not_have_failed(figures):
    found = attainable(figures)
    assert len(found.both) == 2 * len(RULES) and not found.mean_can_fail
    assert grim.code(found, "mean") == "consistent cannot_fail"


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 130), st.sampled_from(["1", "0.5", "0.1"]), st.sampled_from(sorted(RULES)))
def test_a_mean_that_cannot_fail_never_does(n, step, rule):
    figures = Summary("3.00", "1.00", n, 0, 10, step)
    units = (Decimal(k).scaleb(-2) for k in range(300, 401))
    fits = [bool(grim.sums(Summary(mean, "1", n, 0, 10, step), rule)) for mean in units]
    assert all(fits) or grim.mean_can_fail(figures)
    assert not all(fits) or not grim.mean_can_fail(figures)


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 60), st.integers(5, 25), st.integers(300, 700), st.integers(0, 1))
def test_a_deviation_that_cannot_fail_never_does(n, mean, unit, ddof):
    figures = Summary(mean, Decimal(unit).scaleb(-2), n, 0, 30)
    if not grim.sd_can_fail(figures):
        assert grim.find(figures, ddof=ddof) is not None


def test_verdict_has_the_words_of_the_issue():
    told = " ".join(grim.lines(attainable(BEFORE)))
    assert "inconsistent with integer totals from 28 patients" in told
    assert "Candidate explanations" in told and "ask the authors" in told


def test_mixed_sizes_by_truncation_27_and_28_match_the_plan():
    first = attainable(Summary("12.55", "4.56", 27, 0, 30))
    assert "truncation" in first.means and "truncation" in attainable(AFTER).means
