"""Two independent groups, against R, pingouin, and enumeration of all splits."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ppp.estimators import two_group as groups


def split(case):
    change = case["post"] - case["pre"]
    return change[case["group"] == 1], change[case["group"] == 0]


def test_welch_matches_r(two_group, close):
    case, r = two_group
    result = groups.welch(*split(case))
    welch = r["welch"]
    assert close(
        (result.estimate, result.ci_low, result.ci_high, result.p_value),
        (r["difference"], welch["low"], welch["high"], welch["p"]),
    )


def test_hedges_g_matches_r(two_group, close):
    case, r = two_group
    result = groups.hedges_g(*split(case))
    assert close(result.estimate, r["hedges_g"])
    assert close((result.ci_low, result.ci_high), tuple(r["d_limits"]))


def test_swapping_the_groups_swaps_the_sign(two_group, close):
    a, b = split(two_group[0])
    one, other = groups.welch(a, b), groups.welch(b, a)
    assert close(
        (one.estimate, one.ci_low, one.p_value), (-other.estimate, -other.ci_high, other.p_value)
    )


def test_equal_values_in_both_groups_have_no_interval():
    result = groups.welch([2, 2, 2], [5.1, 5.1, 5.1, 5.1])
    assert np.isnan(result.ci_low) and "neither group varies" in result.note


def test_one_group_without_variance_is_compared_all_the_same(close):
    result = groups.welch([0.1] * 5, [1.0, 2.0, 4.0])
    assert np.isfinite([result.ci_low, result.ci_high, result.p_value]).all()


small = st.lists(st.integers(-6, 6), min_size=6, max_size=10)


def enumerated(scores, size):
    scores = np.asarray(scores, dtype=float)
    splits = np.array(list(combinations(range(scores.size), size)))
    away = np.abs(scores[splits].mean(axis=1) - scores.mean())
    return np.mean(away >= abs(scores[:size].mean() - scores.mean()) - 1e-9)


def test_exact_p_matches_coin(two_group, close):
    case, r = two_group
    result = groups.permutation(*split(case), seed=1)
    assert result.method == "exact permutation"
    assert close(result.p_value, r["permutation_p"])


@settings(max_examples=60, deadline=None)
@given(small, st.integers(3, 5))
def test_both_exact_ways_equal_enumeration_of_all_splits(scores, size):
    size = min(size, len(scores) - 3)
    counted = groups._steps(scores)
    truth = enumerated(scores, size)
    assert groups._by_halves(counted, size) == pytest.approx(truth)
    assert groups._by_table(counted, size) == pytest.approx(truth)


def test_8_of_28_is_exact_off_any_grid():
    values = np.random.default_rng(1).normal(size=28)
    result = groups.permutation(values[:8], values[8:], seed=1)
    assert result.method == "exact permutation"
    assert result.p_value == pytest.approx(enumerated(np.round(values, 9), 8))


def test_table_equals_halves_at_28_with_ties():
    scores = groups._steps(np.random.default_rng(2).integers(0, 90, 28))
    assert groups._by_table(scores, 8) == pytest.approx(groups._by_halves(scores, 8))


def test_random_splits_and_normal_limit_come_near_the_exact():
    rng = np.random.default_rng(3)
    scores = groups._steps(rng.integers(0, 40, 120))
    exact = groups._by_table(scores, 40)
    assert groups._by_chance(scores, 40, 1) == pytest.approx(exact, abs=0.02)
    assert groups._by_normal_limit(scores, 40) == pytest.approx(exact, abs=0.02)


def test_the_method_names_what_was_done():
    values = np.random.default_rng(4).normal(size=3_000)
    drawn = groups.permutation(values[:100], values[100:500], seed=1)
    limit = groups.permutation(values[:100], values[100:], seed=1)
    assert drawn.method == "permutation, 9,999 random splits"
    assert limit.method == "asymptotic permutation"
    assert drawn.p_value >= 1 / 10_000


NAMES = ["intercept", "before", "group", "interaction"]


@pytest.mark.parametrize("interaction", [False, True])
@pytest.mark.parametrize("robust", [False, True])
def test_coefficients_and_errors_match_r(two_group, close, interaction, robust):
    case, r = two_group
    theirs = r["interaction" if interaction else "ancova"]
    result = groups.ancova(
        case["pre"], case["post"], case["group"], interaction=interaction, robust=robust
    )
    errors = theirs["hc3" if robust else "se"]
    for name, value, error in zip(NAMES, theirs["estimate"], errors, strict=False):
        half = (result[name].ci_high - result[name].ci_low) / 2
        assert close(result[name].estimate, value)
        assert close(half / stats.t.ppf(0.975, theirs["df"]), error)


def test_p_of_the_group_matches_r(two_group, close):
    case, r = two_group
    result = groups.ancova(case["pre"], case["post"], case["group"])
    assert close(result["group"].p_value, r["ancova"]["p_hc3"][2])


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ([5, 6, 7, 5, 6, 7], [1, 2, 3, 1, 2, 3], "fitted lines"),
        ([5, 5, 5, 6, 6, 6], [1, 2, 3, 4, 2, 1], "does not vary"),
        ([5, 6, 7, 8, np.nan, np.nan], [1, 2, 3, 4, 2, 1], "fewer than 3"),
    ],
)
def test_what_cannot_be_fitted_is_empty_with_a_reason(before, after, why):
    result = groups.ancova(before, after, [1, 1, 1, 0, 0, 0])
    assert np.isnan(result["group"].estimate) and why in result["group"].note


def test_one_patient_who_decides_the_fit_is_named_as_the_reason():
    result = groups.ancova(
        [5, 5, 9, 4, 6, 7], [1, 2, 3, 4, 2, 1], [1, 1, 1, 0, 0, 0], interaction=True
    )
    assert "alone decides" in result["group"].note
