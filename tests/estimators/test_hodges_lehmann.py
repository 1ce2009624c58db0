import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ppp.estimators import hodges_lehmann as hl


def all_averages(d):
    first, second = np.triu_indices(d.size)
    return np.sort((d[first] + d[second]) / 2)


def test_pseudo_median_and_limits_match_r(paired, close):
    before, after, r = paired
    found = hl.hodges_lehmann(before, after)
    theirs = r["hodges_lehmann"]
    assert close(
        (found.estimate, found.ci_low, found.ci_high, found.ci_level),
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
    original, hl.AT_ONCE = hl.AT_ONCE, at_once
    try:
        assert hl.walsh(d, wanted) == pytest.approx([truth[rank - 1] for rank in wanted])
    finally:
        hl.AT_ONCE = original


def test_searching_equals_sorting_for_continuous_scores():
    d = np.random.default_rng(1).normal(size=3_000).round(9)
    truth = all_averages(d)
    wanted = [truth.size // 40, truth.size // 2, truth.size - 7]
    assert hl.walsh(d, wanted) == pytest.approx([truth[rank - 1] for rank in wanted], abs=1e-9)


def test_normal_depth_meets_the_exact_where_it_takes_over():
    exact = hl._exact_depth(hl.LARGEST_EXACT, 0.95)[0]
    assert hl._normal_depth(hl.LARGEST_EXACT, 0.95)[0] == pytest.approx(exact, rel=1e-4)


def test_five_patients_do_not_attain_95_percent():
    found = hl.hodges_lehmann([5, 6, 7, 8, 9], [1, 2, 2, 1, 0])
    assert found.ci_level == 0.9375 and "93.8%" in found.note
