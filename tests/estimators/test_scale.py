"""A million patients: seconds, and memory in proportion."""

import time
import tracemalloc

import numpy as np
import pytest

from ppp.estimators import effect_size, hodges_lehmann, permutation, relative, signed_rank, survival
from ppp.estimators import paired as changes

MILLION = 1_000_000
ESTIMATORS = {
    "mean_change_bca": lambda b, a: changes.mean_change_bca(b, a, seed=1),
    "hodges_lehmann": hodges_lehmann.hodges_lehmann,
    "wilcoxon": signed_rank.wilcoxon_exact,
    "rank_biserial": lambda b, a: signed_rank.rank_biserial(b, a, seed=1),
    "d_z": effect_size.d_z,
    "median_percent": lambda b, a: relative.median_percent_change(b, a, seed=1),
    "permutation": lambda b, a: permutation.permutation(b[:1000], a, seed=1),
}


@pytest.mark.parametrize("name", ESTIMATORS)
def test_a_million_patients_on_the_grid_of_the_score(name):
    rng = np.random.default_rng(1)
    before = rng.normal(14, 3, MILLION).clip(0.1, 72).round(1)
    after = (before * rng.uniform(0.1, 1.1, MILLION)).round(1)
    tracemalloc.start()
    start = time.perf_counter()
    found = ESTIMATORS[name](before, after)
    took, peak = time.perf_counter() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert np.isfinite(found.estimate)
    assert took < 10 and peak < 500e6


def test_a_signed_rank_test_of_a_thousand_is_exact_within_a_second():
    d = np.random.default_rng(2).normal(0, 1, 1_000)
    start = time.perf_counter()
    found = signed_rank.wilcoxon_exact(np.zeros(1_000), d)
    assert found.method.startswith("exact") and time.perf_counter() - start < 2


@pytest.mark.parametrize("days", [180, 1e9])
def test_a_million_patients_followed_to_few_days_or_to_as_many_as_patients(days):
    rng = np.random.default_rng(3)
    times, events = np.floor(rng.random(MILLION) * days), rng.random(MILLION) < 0.3
    start = time.perf_counter()
    curve = survival.kaplan_meier(times, events)
    found = survival.at(curve, times, events, days / 2)
    test = survival.log_rank(times, events, rng.random(MILLION) < 0.3)
    assert np.isfinite([found.estimate, found.ci_low, found.ci_high, test.p_value]).all()
    assert time.perf_counter() - start < 10
