from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppp.estimators import permutation as test_of_splits
from ppp.estimators.grid import steps, whole

small = st.lists(st.integers(-6, 6), min_size=6, max_size=10)


def enumerated(scores, size):
    scores = np.asarray(scores, dtype=float)
    splits = np.array(list(combinations(range(scores.size), size)))
    away = np.abs(scores[splits].mean(axis=1) - scores.mean())
    return np.mean(away >= abs(scores[:size].mean() - scores.mean()) - 1e-9)


def test_exact_p_matches_coin(two_group, close):
    case, r = two_group
    change = case["post"] - case["pre"]
    a, b = change[case["group"] == 1], change[case["group"] == 0]
    found = test_of_splits.permutation(a, b, seed=1)
    assert found.method == "exact permutation"
    assert close(found.p_value, r["permutation_p"])


@settings(max_examples=60, deadline=None)
@given(small, st.integers(3, 5))
def test_both_exact_ways_equal_enumeration_of_all_splits(scores, size):
    size = min(size, len(scores) - 3)
    counted = steps(whole(scores)[0])
    truth = enumerated(scores, size)
    assert test_of_splits._by_halves(counted, size) == pytest.approx(truth)
    assert test_of_splits._by_table(counted, size) == pytest.approx(truth)


def test_8_of_28_is_exact_off_any_grid():
    values = np.random.default_rng(1).normal(size=28)
    found = test_of_splits.permutation(values[:8], values[8:], seed=1)
    assert found.method == "exact permutation"
    assert found.p_value == pytest.approx(enumerated(np.round(values, 9), 8))


def test_table_equals_halves_at_28_with_ties():
    scores = steps(np.random.default_rng(2).integers(0, 90, 28))
    assert test_of_splits._by_table(scores, 8) == pytest.approx(
        test_of_splits._by_halves(scores, 8)
    )


def test_random_splits_and_normal_limit_come_near_the_exact():
    rng = np.random.default_rng(3)
    scores = steps(rng.integers(0, 40, 120))
    exact = test_of_splits._by_table(scores, 40)
    assert test_of_splits._by_chance(scores, 40, 1) == pytest.approx(exact, abs=0.02)
    assert test_of_splits._by_normal_limit(scores, 40) == pytest.approx(exact, abs=0.02)


def test_the_method_names_what_was_done():
    values = np.random.default_rng(4).normal(size=3_000)
    drawn = test_of_splits.permutation(values[:100], values[100:500], seed=1)
    limit = test_of_splits.permutation(values[:100], values[100:], seed=1)
    assert drawn.method == "permutation, 9,999 random splits"
    assert limit.method == "asymptotic permutation"
    assert drawn.p_value >= 1 / 10_000
