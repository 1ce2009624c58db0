"""Ranks of the changes, against R, scipy, sorting and enumeration."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from ppp.estimators import signed_rank

changes = st.lists(st.integers(-5, 5), min_size=3, max_size=10).filter(any)


def test_exact_p_matches_coin(paired, close):
    before, after, r = paired
    for zeros in ("wilcoxon", "pratt"):
        result = signed_rank.wilcoxon_exact(before, after, zeros=zeros)
        if r[f"p_{zeros}"] is None:
            assert np.isnan(result.p_value) and result.note == "no patient's score changed"
            continue
        assert close(result.p_value, r[f"p_{zeros}"])
        if zeros == "wilcoxon":
            assert close(result.estimate, r["rank_sum"])


def test_the_primary_rule_ranks_unchanged_scores_and_is_named():
    before, after = [5, 6, 7, 8, 9, 4], [5, 4, 4, 6, 5, 4]
    ranked = signed_rank.wilcoxon_exact(before, after)
    dropped = signed_rank.wilcoxon_exact(before, after, zeros="wilcoxon")
    assert ranked == signed_rank.wilcoxon_exact(before, after, zeros="pratt")
    assert ranked.method == "exact signed-rank, zeros ranked (Pratt)"
    assert ranked.note == "2 of 6 unchanged, ranked (Pratt)"
    assert ranked.code == "exact zeros_ranked" and dropped.code == "exact zeros_dropped"
    same = signed_rank.wilcoxon_exact([5, 6, 7], [4, 4, 4])
    assert same.code == "exact" and same == signed_rank.wilcoxon_exact(
        [5, 6, 7], [4, 4, 4], zeros="wilcoxon"
    )


def test_asymptotic_p_matches_coin(paired, close):
    before, after, r = paired
    d = signed_rank.change(before, after)
    for zeros in ("wilcoxon", "pratt"):
        if r[f"p_{zeros}_asymptotic"] is not None:
            assert close(signed_rank._asymptotic_p(d, zeros), r[f"p_{zeros}_asymptotic"])


@settings(max_examples=60, deadline=None)
@given(changes, st.sampled_from(["wilcoxon", "pratt"]))
def test_exact_p_equals_enumeration_of_all_signs(d, zeros):
    d = np.array(d, dtype=float)
    ranks = stats.rankdata(np.abs(d if zeros == "pratt" else d[d != 0]))
    ranks = ranks[d != 0] if zeros == "pratt" else ranks
    seen = np.sum(ranks * np.sign(d[d != 0]))
    signs = np.array(list(product((-1, 1), repeat=ranks.size)))
    truth = np.mean(np.abs(signs @ ranks) >= abs(seen) - 1e-9)
    result = signed_rank.wilcoxon_exact(np.zeros(d.size), d, zeros=zeros)
    assert result.p_value == pytest.approx(truth)


def test_exact_p_matches_scipy_without_ties():
    d = np.random.default_rng(2).normal(0.2, 1, 40)
    truth = stats.wilcoxon(np.round(d, 9), method="exact").pvalue
    assert signed_rank.wilcoxon_exact(np.zeros(40), d).p_value == pytest.approx(truth)


def test_exact_meets_asymptotic_where_it_takes_over():
    d = np.random.default_rng(2).normal(0.07, 1, signed_rank.LARGEST_EXACT).round(1)
    exact = signed_rank.wilcoxon_exact(np.zeros(d.size), d)
    assert exact.method.startswith("exact")
    assert exact.p_value == pytest.approx(
        signed_rank._asymptotic_p(np.round(d, 9), "wilcoxon"), rel=0.01
    )


def test_near_ties_of_binary_fractions_are_ties():
    result = signed_rank.wilcoxon_exact([0.3, 0.2, 0.4, 0.9], [0.1, 0.0, 0.6, 0.8])
    same = signed_rank.wilcoxon_exact([2, 2, 0, 1], [0, 0, 2, 0])
    assert (result.estimate, result.p_value) == (same.estimate, same.p_value)


def test_rank_biserial_matches_r(paired, close):
    before, after, r = paired
    result = signed_rank.rank_biserial(before, after, seed=1)
    if r["rank_biserial"] is None:
        assert np.isnan(result.estimate) and result.note == "no patient's score changed"
        return
    assert close(result.estimate, r["rank_biserial"])
    limits = r.get("rank_biserial_percentile")
    if abs(result.estimate) == 1:
        assert np.isnan(result.ci_low) and "no interval" in result.note
    elif limits:
        slack = (0.05 if r["n"] > 12 else 0.1) * (limits[1] - limits[0])
        assert (result.ci_low, result.ci_high) == pytest.approx(limits, abs=slack)


def test_rank_biserial_large_sample_interval_meets_the_bootstrap():
    d = np.random.default_rng(4).normal(0.4, 1, 1_500).round(1)
    result = signed_rank.rank_biserial(np.zeros(d.size), d, seed=1)
    limits = signed_rank._u_limits(np.round(d[d != 0], 9), result.estimate, 0.95)
    width = result.ci_high - result.ci_low
    assert limits == pytest.approx((result.ci_low, result.ci_high), abs=0.05 * width)


def all_averages(d):
    first, second = np.triu_indices(d.size)
    return np.sort((d[first] + d[second]) / 2)


def test_pseudo_median_and_limits_match_r(paired, close):
    before, after, r = paired
    result = signed_rank.hodges_lehmann(before, after)
    theirs = r["hodges_lehmann"]
    assert close(
        (result.estimate, result.ci_low, result.ci_high, result.ci_level),
        (theirs["estimate"], theirs["low"], theirs["high"], theirs["level"]),
    )


@settings(max_examples=50, deadline=None)
@given(
    arrays(float, st.integers(3, 40), elements=st.integers(-30, 30).map(lambda x: x / 10)),
    st.integers(0, 60),
)
def test_selection_equals_sorting_all_averages(d, at_once):
    truth = all_averages(d)
    wanted = [1, (truth.size + 1) // 2, truth.size]
    original, signed_rank.AT_ONCE = signed_rank.AT_ONCE, at_once
    try:
        assert signed_rank.walsh(d, wanted) == pytest.approx([truth[rank - 1] for rank in wanted])
    finally:
        signed_rank.AT_ONCE = original


def test_searching_equals_sorting_for_continuous_scores():
    d = np.random.default_rng(1).normal(size=3_000).round(9)
    truth = all_averages(d)
    wanted = [truth.size // 40, truth.size // 2, truth.size - 7]
    assert signed_rank.walsh(d, wanted) == pytest.approx(
        [truth[rank - 1] for rank in wanted], abs=1e-9
    )


def test_normal_depth_meets_the_exact_where_it_takes_over():
    exact = signed_rank._exact_depth(signed_rank.LARGEST_EXACT, 0.95)[0]
    assert signed_rank._normal_depth(signed_rank.LARGEST_EXACT, 0.95)[0] == pytest.approx(
        exact, rel=1e-4
    )


def test_five_patients_do_not_attain_95_percent():
    result = signed_rank.hodges_lehmann([5, 6, 7, 8, 9], [1, 2, 2, 1, 0])
    assert result.ci_level == 0.9375 and "93.8%" in result.note
