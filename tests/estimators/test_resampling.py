from itertools import product

import numpy as np
import pytest
from scipy import stats

from ppp.estimators import resampling


def test_bca_matches_scipy():
    values = np.random.default_rng(3).lognormal(size=40)
    result = resampling.bca_mean(values, seed=3)
    scipys = stats.bootstrap((values,), np.mean, method="BCa", rng=4).confidence_interval
    slack = 0.05 * (scipys.high - scipys.low)
    assert (result.ci_low, result.ci_high) == pytest.approx(tuple(scipys), abs=slack)


def test_bca_expansion_matches_drawing_at_the_size_where_it_takes_over():
    values = np.random.default_rng(5).exponential(size=resampling.LARGEST)
    drawn = resampling._drawn(values, 1, 20_000, 0.95)
    expanded = resampling._expanded(values, 0.95)
    assert expanded == pytest.approx(drawn, abs=0.015 * (drawn[1] - drawn[0]))


@pytest.mark.parametrize("size", [5, 6])
def test_resampled_medians_have_the_distribution_of_all_resamples(size):
    ordered = np.array([1.0, 2, 4, 8, 16, 32][:size])
    every = np.median(ordered[np.array(list(product(range(size), repeat=size)))], axis=1)
    drawn = resampling._resampled_medians(ordered, 11)
    distance = stats.ks_2samp(drawn, every).statistic
    assert distance < 1.95 / np.sqrt(drawn.size)


@pytest.mark.parametrize("size", [7, 8])
def test_median_acceleration_equals_the_jackknife(size):
    ordered = np.array([1.0, 2, 4, 8, 16, 32, 64, 70])[:size]
    without = np.array([np.median(np.delete(ordered, i)) for i in range(size)])
    away = without.mean() - without
    jackknife = np.sum(away**3) / (6 * np.sum(away**2) ** 1.5)
    assert resampling._median_acceleration(ordered) == pytest.approx(jackknife, abs=1e-12)
