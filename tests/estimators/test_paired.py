import numpy as np
import pytest
from scipy import stats

from ppp.estimators import mean_bootstrap
from ppp.estimators import paired as changes

TINY = 1e-12


def test_mean_change_matches_r(paired, close):
    before, after, r = paired
    found = changes.mean_change(before, after)
    assert found.n == r["n"]
    assert close(found.estimate, r["mean"])
    if "t" in r:
        assert close((found.ci_low, found.ci_high), (r["t"]["low"], r["t"]["high"]))
        assert close(found.p_value, r["t"]["p"])
    else:
        assert np.isnan([found.ci_low, found.p_value]).all() and "same amount" in found.note


def test_paired_t_matches_r(paired, close):
    before, after, r = paired
    found = changes.paired_t(before, after)
    if "t" in r:
        assert close((found.estimate, found.p_value), (r["t"]["statistic"], r["t"]["p"]))
    else:
        assert np.isnan(found.estimate) and found.note


def test_bca_matches_r(paired):
    before, after, r = paired
    found = changes.mean_change_bca(before, after, seed=1)
    if "bca_mean" not in r:
        assert np.isnan(found.ci_low) and found.note
        return
    theirs = r["bca_mean"]
    for low, high in [theirs["halved"]] + [theirs["boot"]] * (theirs["tied"] < 0.02):
        slack = (0.05 if r["n"] > 10 else 0.1) * (high - low)
        assert (found.ci_low, found.ci_high) == pytest.approx((low, high), abs=slack)


def test_bca_matches_scipy():
    values = np.random.default_rng(3).lognormal(size=40)
    found = mean_bootstrap.bca_mean(values, seed=3)
    scipys = stats.bootstrap((values,), np.mean, method="BCa", rng=4).confidence_interval
    slack = 0.05 * (scipys.high - scipys.low)
    assert (found.ci_low, found.ci_high) == pytest.approx(tuple(scipys), abs=slack)


def test_bca_expansion_matches_drawing_at_the_size_where_it_takes_over():
    values = np.random.default_rng(5).exponential(size=mean_bootstrap.LARGEST)
    drawn = mean_bootstrap._drawn(values, 1, 20_000, 0.95)
    expanded = mean_bootstrap._expanded(values, 0.95)
    assert expanded == pytest.approx(drawn, abs=0.015 * (drawn[1] - drawn[0]))


def test_bca_is_the_same_for_the_same_seed():
    before, after = np.arange(10.0), np.arange(10.0) ** 1.3
    one, two = (changes.mean_change_bca(before, after, seed=7) for _ in range(2))
    assert one == two


def test_sign_test_matches_r(paired, close):
    before, after, r = paired
    found = changes.sign_test(before, after)
    if "sign" not in r:
        assert np.isnan(found.estimate) and found.note == "no patient's score changed"
        return
    sign = r["sign"]
    assert close(
        (found.estimate, found.ci_low, found.ci_high, found.p_value),
        (sign["estimate"], sign["low"], sign["high"], sign["p"]),
    )


def test_pitman_morgan_matches_r(paired, close):
    before, after, r = paired
    found = changes.pitman_morgan(before, after)
    if "pitman_morgan" not in r:
        assert np.isnan(found.estimate) and found.note
        return
    theirs = r["pitman_morgan"]
    assert close((found.estimate, found.p_value), (theirs["estimate"], theirs["p"]))
    assert close((found.ci_low, found.ci_high), (theirs["low"], theirs["high"]))


def test_pitman_morgan_is_negative_where_the_variance_fell():
    before = [2, 8, 14, 20, 26]
    after = [4, 5, 7, 9, 10]
    assert changes.pitman_morgan(before, after).estimate < 0
