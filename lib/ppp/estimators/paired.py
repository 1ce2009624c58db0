"""Mean scores, and change within patients: after − before, so improvement is negative."""

from dataclasses import replace
from math import nan

import numpy as np
from pingouin import compute_effsize
from scipy import stats
from scipy.optimize import brentq
from scipy.special import gammaln, nctdtr

from ppp.estimators.estimate import Estimate, change, constant, observed, pairs, reason, shortage
from ppp.estimators.resampling import RESAMPLES, bca_mean, bca_median

ALIKE = reason("zero_variance", "every patient changed by the same amount")
SAME = reason("zero_variance", "every patient changed by the same amount, so there is no interval")
AS_MUCH = "every patient changed by the same percentage, so there is no interval"
SAME_PERCENT = reason("zero_variance", AS_MUCH)
EQUAL = reason("zero_variance", "all scores are equal, so there is no interval")
FARTHEST = 1e4
TOO_FAR = reason("zero_variance", "the values hardly vary, so there is no interval")
NEITHER = reason("zero_variance", "neither score varies between patients")
UNCHANGED = reason("all_zero", "no patient's score changed")


def mean(values, *, level: float = 0.95) -> Estimate:
    """Mean of one column of scores, missing ones left out, with t interval and no test.

    Without interval below 3 patients and where all scores are equal.
    """
    values = observed(values)
    if not values.size:
        return Estimate(method="t", **shortage(0))
    why = shortage(values.size) or (EQUAL if constant(values) else {})
    return replace(_one_sample(values, "t", why, level), p_value=nan)


def mean_change(before, after, *, level: float = 0.95) -> Estimate:
    """Mean of after − before, in points, with the interval and the p-value of the paired t-test.

    `before` and `after`, of shape (n,), are of the same patients; only complete pairs are used.
    Empty below 3 pairs; without interval where all changes are equal.
    """
    d = change(before, after)
    if short := shortage(d.size):
        return Estimate(n=d.size, method="paired t", **short)
    return _one_sample(d, "paired t", SAME if constant(d) else {}, level)


def paired_t(before, after) -> Estimate:
    """Paired t of after − before, with n − 1 degrees of freedom; errors as `mean_change`.

    Empty where all changes are equal (scipy would give an infinite t and p = 0).
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
    """Share of patients whose score rose among those with a change, with exact limits and p.

    Clopper–Pearson's interval; ``n`` patients with a change. Parameters as in `mean_change`.
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
    return share.without(d.size - changed, "with an unchanged score left out")


def pitman_morgan(before, after, *, level: float = 0.95) -> Estimate:
    """Pitman–Morgan test of equal variances before and after in the same patients.

    ``estimate`` = correlation of sum and difference, negative where the variance fell, with
    Fisher's interval; p from t with n − 2 degrees of freedom. Parameters as in `mean_change`.
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

    −100 is complete clearance; scores before not above 0 are left out, and the note counts them.
    Vickers AJ. BMC Med Res Methodol 2001;1:6. https://doi.org/10.1186/1471-2288-1-6
    """
    return _percent(bca_mean, before, after, seed, level)


def median_percent_change(before, after, *, seed: int, level: float = 0.95) -> Estimate:
    """Median of 100 (after − before) / before, by `bca_median`; else as `mean_percent_change`."""
    return _percent(bca_median, before, after, seed, level)


def log_ratio(before, after, *, level: float = 0.95) -> Estimate:
    """Geometric mean of after / before (0.4: fell to 40 %), with the paired t on the log scale.

    Two-sided p of ratio 1. Empty where any score is 0. Parameters as in `mean_change`.
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


def d_av(before, after, *, level: float = 0.95) -> Estimate:
    """Mean change over the average standard deviation, √((s0² + s1²) / 2), with Bonett's interval.

    (That of `pingouin.compute_effsize` ignores the correlation.) Parameters as in `mean_change`;
    empty below 3 pairs and where neither score varies.
    Cumming G. Understanding the new statistics. New York: Routledge; 2012.
    Bonett DG. J Educ Behav Stat 2015;40:366-376. https://doi.org/10.3102/1076998615583904
    """
    return _average_sd(before, after, level, 1.0, "d_av, Bonett")


def g_av(before, after, *, level: float = 0.95) -> Estimate:
    """`d_av` times the exact small-sample factor J(n − 1), where pingouin takes 2n − 2.

    The interval is that of `d_av`: both estimate the same population value.
    Hedges LV. J Educ Stat 1981;6:107-128. https://doi.org/10.3102/10769986006002107
    """
    n = pairs(before, after)[0].size
    factor = small_sample_factor(n - 1) if n > 2 else 1.0
    return _average_sd(before, after, level, factor, "g_av, Bonett")


def d_z(before, after, *, level: float = 0.95) -> Estimate:
    """Mean change over the standard deviation of the changes: precision rather than magnitude.

    The interval inverts the noncentral t. Empty below 3 pairs and where all changes are equal.
    Cumming G, Finch S. Educ Psychol Meas 2001;61:532-574. https://doi.org/10.1177/0013164401614002
    """
    d, method = change(before, after), "d_z, noncentral t"
    if why := shortage(d.size) or (ALIKE if constant(d) else {}):
        return Estimate(n=d.size, method=method, **why)
    size = float(d.mean() / d.std(ddof=1))
    low, high = noncentral_limits(size, 1 / np.sqrt(d.size), d.size - 1, level=level)
    if np.isnan(low):
        return Estimate(size, n=d.size, method=method, **TOO_FAR)
    return Estimate(size, low, high, level, d.size, method=method)


def small_sample_factor(df: float) -> float:
    """Return Hedges' J, exact: Γ(df/2) / (√(df/2) Γ((df − 1)/2))."""
    half = df / 2
    return float(np.exp(gammaln(half) - gammaln(half - 0.5)) / np.sqrt(half))


def noncentral_limits(size: float, unit: float, df: float, *, level: float):
    """Limits of a standardised mean whose estimate is `unit` times a noncentral t.

    `unit` is 1/√n, or √(1/n1 + 1/n0) for two groups. NaN where t is beyond 10,000, out of reach.
    """
    if size < 0:
        low, high = noncentral_limits(-size, unit, df, level=level)
        return -high, -low
    if size / unit > FARTHEST:
        return float("nan"), float("nan")
    tails = (1 + level) / 2, (1 - level) / 2
    return tuple(float(unit * _noncentrality(size / unit, df, tail)) for tail in tails)


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
    return estimate.without(int(np.sum(~usable)), "with a score of 0 before left out")


def _noncentrality(t, df, tail):
    """Find the noncentrality at which P(T ≤ t) = `tail`, in steps of a quarter of the SE from t."""
    # Far from t scipy's distribution function is NaN; its `nctdtrinc` is good to five digits only.
    step = np.copysign(np.sqrt(1 + t**2 / (2 * df)) / 4, 0.5 - tail)
    near = t
    while (nctdtr(df, near + step, t) - tail) * step > 0:
        near += step
    ends = sorted((near, near + step))
    return brentq(lambda shift: nctdtr(df, shift, t) - tail, *ends, xtol=1e-12, rtol=1e-12)


def _average_sd(before, after, level, factor, method) -> Estimate:
    before, after = pairs(before, after)
    n = before.size
    if why := shortage(n) or (NEITHER if constant(before) and constant(after) else {}):
        return Estimate(n=n, method=method, **why)
    d = change(before, after)
    covariance = np.cov(before, after)
    average = np.sqrt(np.trace(covariance) / 2)
    size = float(compute_effsize(after, before, paired=True, eftype="cohen"))
    if constant(d):
        return Estimate(factor * size, n=n, method=method, **SAME)
    error = np.sqrt(
        size**2 * np.sum(covariance**2) / (8 * (n - 1) * average**4)
        + d.var(ddof=1) / ((n - 1) * average**2)
    )
    reach = stats.norm.ppf((1 + level) / 2) * error
    limits = float(size - reach), float(size + reach)
    return Estimate(factor * size, *limits, level, n, method=method)
