"""Mean scores, and change within patients in points and in percent. Change is after − before."""

from dataclasses import replace
from math import nan

import numpy as np
from scipy import stats

from ppp.estimators.estimate import Estimate, change, constant, observed, pairs, reason, shortage
from ppp.estimators.resampling import RESAMPLES, bca_mean, bca_median

ALIKE = reason("zero_variance", "every patient changed by the same amount")
SAME = reason("zero_variance", "every patient changed by the same amount, so there is no interval")
AS_MUCH = "every patient changed by the same percentage, so there is no interval"
SAME_PERCENT = reason("zero_variance", AS_MUCH)
EQUAL = reason("zero_variance", "all scores are equal, so there is no interval")
UNCHANGED = reason("all_zero", "no patient's score changed")


def mean(values, *, level: float = 0.95) -> Estimate:
    """Mean of one column of scores, with t interval.

    One score a patient; missing values are left out. No test, for no mean score is of interest as a
    null value. Without interval below 3 patients and where all scores are equal.
    """
    values = observed(values)
    if not values.size:
        return Estimate(method="t", **shortage(0))
    why = shortage(values.size) or (EQUAL if constant(values) else {})
    return replace(_one_sample(values, "t", why, level), p_value=nan)


def mean_change(before, after, *, level: float = 0.95) -> Estimate:
    """Mean change with the interval of the paired t-test.

    `before` and `after`, of shape (n,), are scores of the same patients in the same order; only
    complete pairs are used. ``estimate`` = mean of after − before, in points of the score;
    two-sided p of mean 0. Empty below 3 pairs; without interval where all changes are equal.
    """
    d = change(before, after)
    if short := shortage(d.size):
        return Estimate(n=d.size, method="paired t", **short)
    return _one_sample(d, "paired t", SAME if constant(d) else {}, level)


def paired_t(before, after) -> Estimate:
    """Paired t-test: ``estimate`` is t of after − before, with n − 1 degrees of freedom.

    Empty below 3 pairs and where all changes are equal (scipy would give an infinite t and p = 0).
    """
    d = change(before, after)
    if why := shortage(d.size) or (ALIKE if constant(d) else {}):
        return Estimate(n=d.size, method="paired t-test", **why)
    t, p = map(float, stats.ttest_1samp(d, 0.0))
    return Estimate(t, n=d.size, p_value=p, method="paired t-test")


def mean_change_bca(
    before, after, *, seed: int, resamples: int = RESAMPLES, level: float = 0.95
) -> Estimate:
    """Mean change with the bootstrap interval of `bca_mean`; no p-value."""
    return bca_mean(change(before, after), seed=seed, resamples=resamples, level=level, same=SAME)


def sign_test(before, after, *, level: float = 0.95) -> Estimate:
    """Sign test: share of patients whose score rose, among those whose score changed.

    The interval is Clopper–Pearson's; ``events`` rises among ``n`` patients with a non-zero change;
    exact two-sided p of 1/2. Parameters as in `mean_change`.

    References
    ----------
    Dixon WJ, Mood AM. JASA 1946;41:557-566. https://doi.org/10.1080/01621459.1946.10501898
    """
    d = change(before, after)
    rises, changed = int(np.sum(d > 0)), int(np.count_nonzero(d))
    if why := shortage(d.size) or ({} if changed else UNCHANGED):
        return Estimate(n=changed, method="sign test", **why)
    test = stats.binomtest(rises, changed)
    limits = map(float, test.proportion_ci(level))
    method = "sign test, Clopper–Pearson"
    share = Estimate(rises / changed, *limits, level, changed, rises, float(test.pvalue), method)
    unchanged = d.size - changed
    if not unchanged:
        return share
    return share.marked("left_out", f"{unchanged} with an unchanged score left out")


def pitman_morgan(before, after, *, level: float = 0.95) -> Estimate:
    """Pitman–Morgan test of equal variances before and after in the same patients.

    ``estimate`` = correlation of (after + before) with (after − before), negative where the
    variance fell, with Fisher's interval; p from t with n − 2 degrees of freedom. Parameters as in
    `mean_change`.

    References
    ----------
    Pitman EJG. Biometrika 1939;31:9-12. https://doi.org/10.1093/biomet/31.1-2.9
    """
    before, after = pairs(before, after)
    n, total, d = before.size, np.round(after + before, 9), np.round(after - before, 9)
    why = shortage(n)
    if not why and (constant(total) or constant(d)):
        note = "the sum or the difference of the two scores is the same in every patient"
        why = reason("zero_variance", note)
    if why:
        return Estimate(n=n, method="Pitman–Morgan", **why)
    test = stats.pearsonr(total, d)
    seen = {"p_value": float(test.pvalue), "method": "Pitman–Morgan"}
    correlation = Estimate(float(test.statistic), n=n, **seen)
    if n == 3:
        return correlation.marked("too_few", "3 patients give no interval")
    low, high = map(float, test.confidence_interval(level))
    return replace(correlation, ci_low=low, ci_high=high, ci_level=level)


def mean_percent_change(before, after, *, seed: int, level: float = 0.95) -> Estimate:
    """Mean of 100 (after − before) / before, with the bootstrap interval of `bca_mean`.

    Pairs whose score before is not above 0 are left out, and the note counts them. −100 is
    complete clearance.

    References
    ----------
    Vickers AJ. BMC Med Res Methodol 2001;1:6. https://doi.org/10.1186/1471-2288-1-6
    """
    return _percent(bca_mean, before, after, seed, level)


def median_percent_change(before, after, *, seed: int, level: float = 0.95) -> Estimate:
    """Median of 100 (after − before) / before, by `bca_median`; else as `mean_percent_change`."""
    return _percent(bca_median, before, after, seed, level)


def log_ratio(before, after, *, level: float = 0.95) -> Estimate:
    """Geometric mean of after / before, with the paired t interval on the log scale.

    A ratio: 0.4 means that scores fell to 40 %; two-sided p of ratio 1. Empty where any score is
    0, which has no logarithm. Parameters as in `mean_change`.
    """
    before, after = pairs(before, after)
    n, method = before.size, "paired t of logarithms"
    why = shortage(n)
    if not why and (zero := int(np.sum((before <= 0) | (after <= 0)))):
        why = reason("has_zero", f"{zero} with a score of 0, which has no logarithm")
    if why:
        return Estimate(n=n, method=method, **why)
    logs = np.round(np.log(after) - np.log(before), 12)
    log = _one_sample(logs, method, SAME_PERCENT if constant(logs) else {}, level)
    ratio, low, high = np.exp([log.estimate, log.ci_low, log.ci_high]).tolist()
    return replace(log, estimate=ratio, ci_low=low, ci_high=high)


def t_interval(value: float, error: float, df: float, *, level: float) -> dict[str, float]:
    """Return value, limits, level and two-sided p of t, given the standard error, by field."""
    reach = float(stats.t.ppf((1 + level) / 2, df)) * error
    p = float(2 * stats.t.sf(abs(value) / error, df)) if error > 0 else nan
    limits = {"ci_low": float(value - reach), "ci_high": float(value + reach), "ci_level": level}
    return {"estimate": float(value), **limits, "p_value": p}


def _one_sample(values, method, why, level) -> Estimate:
    centre = float(values.mean())
    if why:
        return Estimate(centre, n=values.size, method=method, **why)
    test = stats.ttest_1samp(values, 0.0)
    limits = map(float, test.confidence_interval(level))
    return Estimate(centre, *limits, level, values.size, p_value=float(test.pvalue), method=method)


def _percent(estimator, before, after, seed, level) -> Estimate:
    before, after = pairs(before, after)
    usable = before > 0
    percent = np.round(100 * (after[usable] / before[usable] - 1), 9)
    estimate = estimator(percent, seed=seed, level=level, same=SAME_PERCENT)
    left_out = int(np.sum(~usable))
    if not left_out:
        return estimate
    return estimate.marked("left_out", f"{left_out} with a score of 0 before left out")
