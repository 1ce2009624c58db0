"""Change within patients: mean, tests of location and of spread. Change is after − before."""

import numpy as np
from scipy import stats

from ppp.estimators.complete import change, constant, pairs, shortage
from ppp.estimators.estimate import Estimate
from ppp.estimators.mean_bootstrap import bca_mean
from ppp.estimators.resampling import RESAMPLES

SAME = "every patient changed by the same amount, so there is no interval"


def mean_change(before, after, *, level: float = 0.95) -> Estimate:
    """Mean change with the interval of the paired t-test.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        Scores of the same patients in the same order; only complete pairs are used.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        ``estimate`` = mean of after − before, in points of the score; two-sided p of mean 0.
        Empty below 3 pairs; without interval where all changes are equal.

    Examples
    --------
    >>> found = mean_change([10, 12, 14], [8, 9, 10])
    >>> found.estimate, round(found.ci_low, 3), round(found.ci_high, 3)
    (-3.0, -5.484, -0.516)
    """
    d = change(before, after)
    if shortage(d.size):
        return Estimate(n=d.size, method="paired t", note=shortage(d.size))
    if constant(d):
        return Estimate(float(d.mean()), n=d.size, method="paired t", note=SAME)
    test = stats.ttest_1samp(d, 0.0)
    limits = test.confidence_interval(level)
    return Estimate(
        float(d.mean()),
        float(limits.low),
        float(limits.high),
        level,
        n=d.size,
        p_value=float(test.pvalue),
        method="paired t",
    )


def paired_t(before, after) -> Estimate:
    """Paired t-test: ``estimate`` is t of after − before, with n − 1 degrees of freedom.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        Scores of the same patients in the same order; only complete pairs are used.

    Returns
    -------
    Estimate
        t and its two-sided p. Empty below 3 pairs and where all changes are equal (scipy would
        give an infinite t and p = 0).
    """
    d = change(before, after)
    note = shortage(d.size) or ("every patient changed by the same amount" if constant(d) else "")
    if note:
        return Estimate(n=d.size, method="paired t-test", note=note)
    test = stats.ttest_1samp(d, 0.0)
    return Estimate(
        float(test.statistic), n=d.size, p_value=float(test.pvalue), method="paired t-test"
    )


def mean_change_bca(
    before, after, *, seed: int, resamples: int = RESAMPLES, level: float = 0.95
) -> Estimate:
    """Mean change with the bias-corrected and accelerated bootstrap interval.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        Scores of the same patients in the same order; only complete pairs are used.
    seed, resamples, level
        As in `ppp.estimators.mean_bootstrap.bca_mean`, which makes the interval.

    Returns
    -------
    Estimate
        ``estimate`` = mean of after − before; no p-value.
    """
    return bca_mean(change(before, after), seed=seed, resamples=resamples, level=level, same=SAME)


def sign_test(before, after, *, level: float = 0.95) -> Estimate:
    """Sign test: share of patients whose score rose, among those whose score changed.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        Scores of the same patients in the same order; only complete pairs are used.
    level : float
        Confidence level of the Clopper–Pearson interval.

    Returns
    -------
    Estimate
        ``events`` rises among ``n`` patients with a non-zero change; exact two-sided p of 1/2.

    References
    ----------
    Dixon WJ, Mood AM. The statistical sign test. JASA 1946;41:557-566.
    https://doi.org/10.1080/01621459.1946.10501898
    """
    d = change(before, after)
    rises, changed = int(np.sum(d > 0)), int(np.count_nonzero(d))
    note = shortage(d.size) or ("no patient's score changed" if not changed else "")
    if note:
        return Estimate(n=changed, method="sign test", note=note)
    test = stats.binomtest(rises, changed)
    limits = test.proportion_ci(level)
    return Estimate(
        rises / changed,
        float(limits.low),
        float(limits.high),
        level,
        changed,
        rises,
        float(test.pvalue),
        "sign test, Clopper–Pearson",
        _unchanged(d.size - changed),
    )


def pitman_morgan(before, after, *, level: float = 0.95) -> Estimate:
    """Pitman–Morgan test of equal variances before and after in the same patients.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        Scores of the same patients in the same order; only complete pairs are used.
    level : float
        Confidence level of Fisher's interval for the correlation.

    Returns
    -------
    Estimate
        ``estimate`` = correlation of (after + before) with (after − before): negative where
        the variance fell. p from t with n − 2 degrees of freedom.

    References
    ----------
    Pitman EJG. A note on normal correlation. Biometrika 1939;31:9-12.
    https://doi.org/10.1093/biomet/31.1-2.9
    """
    before, after = pairs(before, after)
    total, d = np.round(after + before, 9), np.round(after - before, 9)
    note = shortage(d.size)
    if not note and (constant(total) or constant(d)):
        note = "the sum or the difference of the two scores is the same in every patient"
    if note:
        return Estimate(n=d.size, method="Pitman–Morgan", note=note)
    test = stats.pearsonr(total, d)
    if d.size == 3:
        return Estimate(
            float(test.statistic),
            n=3,
            p_value=float(test.pvalue),
            method="Pitman–Morgan",
            note="3 patients give no interval",
        )
    limits = test.confidence_interval(level)
    return Estimate(
        float(test.statistic),
        float(limits.low),
        float(limits.high),
        level,
        d.size,
        p_value=float(test.pvalue),
        method="Pitman–Morgan",
    )


def _unchanged(count: int) -> str:
    return f"{count} with an unchanged score left out" if count else ""
