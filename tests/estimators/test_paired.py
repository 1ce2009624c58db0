import numpy as np
import pytest
from scipy import stats

from ppp.estimators import paired as changes


def test_limits_match_scipy():
    values = np.random.default_rng(1).gamma(2, 3, 28)
    result = changes.mean([*values, np.nan])
    limits = stats.t.interval(0.95, 27, values.mean(), stats.sem(values))
    assert result.n == 28
    assert (result.ci_low, result.ci_high) == pytest.approx(limits)


@pytest.mark.parametrize(
    ("values", "estimate", "why"),
    [
        ([], None, "no data"),
        ([np.nan], None, "no data"),
        ([4], 4, "only 1 patient"),
        ([4, 6], 5, "only 2 patients"),
        ([0.1] * 9, 0.1, "all scores are equal"),
    ],
)
def test_no_interval_has_a_reason(values, estimate, why):
    result = changes.mean(values)
    assert why in result.note and np.isnan(result.ci_low)
    assert (
        np.isnan(result.estimate)
        if estimate is None
        else result.estimate == pytest.approx(estimate)
    )


def test_mean_change_matches_r(paired, close):
    before, after, r = paired
    result = changes.mean_change(before, after)
    assert result.n == r["n"]
    assert close(result.estimate, r["mean"])
    if "t" in r:
        assert close((result.ci_low, result.ci_high), (r["t"]["low"], r["t"]["high"]))
        assert close(result.p_value, r["t"]["p"])
    else:
        assert np.isnan([result.ci_low, result.p_value]).all() and "same amount" in result.note


def test_paired_t_matches_r(paired, close):
    before, after, r = paired
    result = changes.paired_t(before, after)
    if "t" in r:
        assert close((result.estimate, result.p_value), (r["t"]["statistic"], r["t"]["p"]))
    else:
        assert np.isnan(result.estimate) and result.note


def test_bca_matches_r(paired):
    before, after, r = paired
    result = changes.mean_change_bca(before, after, seed=1)
    if "bca_mean" not in r:
        assert np.isnan(result.ci_low) and result.note
        return
    theirs = r["bca_mean"]
    for low, high in [theirs["halved"]] + [theirs["boot"]] * (theirs["tied"] < 0.02):
        slack = (0.05 if r["n"] > 10 else 0.1) * (high - low)
        assert (result.ci_low, result.ci_high) == pytest.approx((low, high), abs=slack)


def test_bca_is_the_same_for_the_same_seed():
    before, after = np.arange(10.0), np.arange(10.0) ** 1.3
    one, two = (changes.mean_change_bca(before, after, seed=7) for _ in range(2))
    assert one == two


def test_sign_test_matches_r(paired, close):
    before, after, r = paired
    result = changes.sign_test(before, after)
    if "sign" not in r:
        assert np.isnan(result.estimate) and result.note == "no patient's score changed"
        return
    sign = r["sign"]
    assert close(
        (result.estimate, result.ci_low, result.ci_high, result.p_value),
        (sign["estimate"], sign["low"], sign["high"], sign["p"]),
    )


def test_pitman_morgan_matches_r(paired, close):
    before, after, r = paired
    result = changes.pitman_morgan(before, after)
    if "pitman_morgan" not in r:
        assert np.isnan(result.estimate) and result.note
        return
    theirs = r["pitman_morgan"]
    assert close((result.estimate, result.p_value), (theirs["estimate"], theirs["p"]))
    assert close((result.ci_low, result.ci_high), (theirs["low"], theirs["high"]))


def test_pitman_morgan_is_negative_where_the_variance_fell():
    before = [2, 8, 14, 20, 26]
    after = [4, 5, 7, 9, 10]
    assert changes.pitman_morgan(before, after).estimate < 0


@pytest.mark.parametrize("name", ["mean_percent", "median_percent"])
def test_percent_change_matches_r(paired, close, name):
    before, after, r = paired
    result = getattr(changes, f"{name}_change")(before, after, seed=1)
    assert close(result.estimate, r[name])
    theirs = r.get(f"bca_{name}")
    if theirs:
        low, high = theirs["halved"]
        slack = (0.05 if r["n"] > 10 else 0.1) * (high - low)
        assert (result.ci_low, result.ci_high) == pytest.approx((low, high), abs=slack)


def test_log_ratio_matches_r(paired, close):
    before, after, r = paired
    result = changes.log_ratio(before, after)
    if "log_ratio" in r:
        theirs = r["log_ratio"]
        assert close(
            (result.estimate, result.ci_low, result.ci_high, result.p_value),
            (theirs["estimate"], theirs["low"], theirs["high"], theirs["p"]),
        )


def test_a_baseline_of_zero_is_left_out_and_counted():
    result = changes.mean_percent_change([0, 10, 10, 20], [5, 5, 2, 5], seed=1)
    assert result.n == 3 and result.estimate == pytest.approx(-205 / 3)
    assert result.note == "1 with a score of 0 before left out"


def test_a_score_of_zero_has_no_log_ratio():
    result = changes.log_ratio([10, 10, 20, 5], [0, 5, 10, 4])
    assert np.isnan(result.estimate) and "no logarithm" in result.note
