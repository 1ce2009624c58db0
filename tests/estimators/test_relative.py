from itertools import product

import numpy as np
import pytest
from scipy import stats

from ppp.estimators import relative


@pytest.mark.parametrize("name", ["mean_percent", "median_percent"])
def test_percent_change_matches_r(paired, close, name):
    before, after, r = paired
    found = getattr(relative, f"{name}_change")(before, after, seed=1)
    assert close(found.estimate, r[name])
    theirs = r.get(f"bca_{name}")
    if theirs:
        low, high = theirs["halved"]
        slack = (0.05 if r["n"] > 10 else 0.1) * (high - low)
        assert (found.ci_low, found.ci_high) == pytest.approx((low, high), abs=slack)


def test_log_ratio_matches_r(paired, close):
    before, after, r = paired
    found = relative.log_ratio(before, after)
    if "log_ratio" in r:
        theirs = r["log_ratio"]
        assert close(
            (found.estimate, found.ci_low, found.ci_high, found.p_value),
            (theirs["estimate"], theirs["low"], theirs["high"], theirs["p"]),
        )


@pytest.mark.parametrize("size", [5, 6])
def test_resampled_medians_have_the_distribution_of_all_resamples(size):
    ordered = np.array([1.0, 2, 4, 8, 16, 32][:size])
    every = np.median(ordered[np.array(list(product(range(size), repeat=size)))], axis=1)
    drawn = relative._resampled_medians(ordered, 11)
    distance = stats.ks_2samp(drawn, every).statistic
    assert distance < 1.95 / np.sqrt(drawn.size)


@pytest.mark.parametrize("size", [7, 8])
def test_median_acceleration_equals_the_jackknife(size):
    ordered = np.array([1.0, 2, 4, 8, 16, 32, 64, 70])[:size]
    without = np.array([np.median(np.delete(ordered, i)) for i in range(size)])
    away = without.mean() - without
    jackknife = np.sum(away**3) / (6 * np.sum(away**2) ** 1.5)
    assert relative._median_acceleration(ordered) == pytest.approx(jackknife, abs=1e-12)


def test_a_baseline_of_zero_is_left_out_and_counted():
    found = relative.mean_percent_change([0, 10, 10, 20], [5, 5, 2, 5], seed=1)
    assert found.n == 3 and found.estimate == pytest.approx(-205 / 3)
    assert found.note == "1 with a score of 0 before left out"


def test_a_score_of_zero_has_no_log_ratio():
    found = relative.log_ratio([10, 10, 20, 5], [0, 5, 10, 4])
    assert np.isnan(found.estimate) and "no logarithm" in found.note
