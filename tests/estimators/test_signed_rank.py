from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ppp.estimators import signed_rank

changes = st.lists(st.integers(-5, 5), min_size=3, max_size=10).filter(any)


def test_exact_p_matches_coin(paired, close):
    before, after, r = paired
    for zeros in ("wilcoxon", "pratt"):
        found = signed_rank.wilcoxon_exact(before, after, zeros=zeros)
        if r[f"p_{zeros}"] is None:
            assert np.isnan(found.p_value) and found.note == "no patient's score changed"
            continue
        assert close(found.p_value, r[f"p_{zeros}"])
        if zeros == "wilcoxon":
            assert close(found.estimate, r["rank_sum"])


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
    found = signed_rank.wilcoxon_exact(np.zeros(d.size), d, zeros=zeros)
    assert found.p_value == pytest.approx(truth)


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
    found = signed_rank.wilcoxon_exact([0.3, 0.2, 0.4, 0.9], [0.1, 0.0, 0.6, 0.8])
    same = signed_rank.wilcoxon_exact([2, 2, 0, 1], [0, 0, 2, 0])
    assert (found.estimate, found.p_value) == (same.estimate, same.p_value)


def test_rank_biserial_matches_r(paired, close):
    before, after, r = paired
    found = signed_rank.rank_biserial(before, after, seed=1)
    if r["rank_biserial"] is None:
        assert np.isnan(found.estimate) and found.note == "no patient's score changed"
        return
    assert close(found.estimate, r["rank_biserial"])
    limits = r.get("rank_biserial_percentile")
    if abs(found.estimate) == 1:
        assert np.isnan(found.ci_low) and "no interval" in found.note
    elif limits:
        slack = (0.05 if r["n"] > 12 else 0.1) * (limits[1] - limits[0])
        assert (found.ci_low, found.ci_high) == pytest.approx(limits, abs=slack)


def test_rank_biserial_large_sample_interval_meets_the_bootstrap():
    d = np.random.default_rng(4).normal(0.4, 1, 1_500).round(1)
    found = signed_rank.rank_biserial(np.zeros(d.size), d, seed=1)
    limits = signed_rank._u_limits(np.round(d[d != 0], 9), found.estimate, 0.95)
    width = found.ci_high - found.ci_low
    assert limits == pytest.approx((found.ci_low, found.ci_high), abs=0.05 * width)
