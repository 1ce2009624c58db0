"""Change relative to the score before: percent change and ratio."""

import numpy as np
from scipy import stats

from ppp.estimators.complete import constant, pairs, shortage
from ppp.estimators.estimate import Estimate
from ppp.estimators.mean_bootstrap import bca_mean
from ppp.estimators.resampling import RESAMPLES, bca

SAME = "every patient changed by the same percentage, so there is no interval"


def mean_percent_change(before, after, *, seed: int, level: float = 0.95) -> Estimate:
    """Mean of 100 (after − before) / before, with BCa interval.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        Scores of the same patients in the same order; only complete pairs with a score above 0
        before are used, and the note counts the others.
    seed : int
        Of the bootstrap.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        In percent; −100 is complete clearance.

    References
    ----------
    Vickers AJ. The use of percentage change from baseline as an outcome in a controlled trial is
    statistically inefficient. BMC Med Res Methodol 2001;1:6. https://doi.org/10.1186/1471-2288-1-6

    Examples
    --------
    >>> mean_percent_change([10, 20, 40, 0], [5, 5, 10, 0], seed=1).note
    '1 with a score of 0 before left out'
    """
    percent, left_out = _percent(before, after)
    found = bca_mean(percent, seed=seed, level=level, same=SAME)
    return _remark(found, left_out)


def median_percent_change(before, after, *, seed: int, level: float = 0.95) -> Estimate:
    """Median of 100 (after − before) / before, with BCa interval.

    A resampled median needs only the middle of the resample, and the ranks of its middle
    patients follow beta distributions: two draws a resample, whatever the number of patients
    (`scipy.stats.bootstrap` would draw them all, and n × n for the acceleration).

    Parameters
    ----------
    before, after, seed, level
        As in `mean_percent_change`.

    Returns
    -------
    Estimate
        In percent.
    """
    percent, left_out = _percent(before, after)
    method = f"BCa bootstrap, {RESAMPLES:,} resamples"
    n = percent.size
    if shortage(n):
        return _remark(Estimate(n=n, method=method, note=shortage(n)), left_out)
    median = float(np.median(percent))
    if constant(percent):
        return _remark(Estimate(median, n=n, method=method, note=SAME), left_out)
    percent = np.sort(percent)
    limits = bca(
        _resampled_medians(percent, seed), median, _median_acceleration(percent), level=level
    )
    if limits is None:
        note = "all resampled medians lie on one side of the median"
        return _remark(Estimate(median, n=n, method=method, note=note), left_out)
    return _remark(Estimate(median, *limits, level, n, method=method), left_out)


def log_ratio(before, after, *, level: float = 0.95) -> Estimate:
    """Geometric mean of after / before, with the paired t interval on the log scale.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        Scores of the same patients in the same order; only complete pairs are used.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        A ratio: 0.4 means that scores fell to 40 %; two-sided p of ratio 1. Empty where any
        score is 0, which has no logarithm.
    """
    before, after = pairs(before, after)
    n, method = before.size, "paired t of logarithms"
    zero = int(np.sum((before <= 0) | (after <= 0)))
    if shortage(n) or zero:
        note = shortage(n) or f"{zero} with a score of 0, which has no logarithm"
        return Estimate(n=n, method=method, note=note)
    logs = np.round(np.log(after) - np.log(before), 12)
    if constant(logs):
        return Estimate(float(np.exp(logs.mean())), n=n, method=method, note=SAME)
    test = stats.ttest_1samp(logs, 0.0)
    low, high = np.exp(test.confidence_interval(level))
    return Estimate(
        float(np.exp(logs.mean())),
        float(low),
        float(high),
        level,
        n,
        p_value=float(test.pvalue),
        method=method,
    )


def _percent(before, after):
    before, after = pairs(before, after)
    usable = before > 0
    percent = np.round(100 * (after[usable] / before[usable] - 1), 9)
    return percent, int(np.sum(~usable))


def _remark(found: Estimate, left_out: int) -> Estimate:
    if not left_out:
        return found
    remark = f"{left_out} with a score of 0 before left out"
    note = f"{found.note}; {remark}" if found.note else remark
    return Estimate(**(vars(found) | {"note": note}))


def _resampled_medians(ordered, seed):
    """Medians of resamples: the middle ranks of n uniform draws, looked up in the sorted data."""
    n = ordered.size
    rng = np.random.default_rng(seed)
    lower = (n + 1) // 2
    first = rng.beta(lower, n + 1 - lower, RESAMPLES)
    low = ordered[_rank(first, n)]
    if n % 2:
        return low
    second = first + (1 - first) * rng.beta(1, n - lower, RESAMPLES)
    return (low + ordered[_rank(second, n)]) / 2


def _rank(uniform, n):
    return np.minimum((uniform * n).astype(np.int64), n - 1)


def _median_acceleration(ordered) -> float:
    """Skewness / 6 of the medians without one patient: they take two or three values."""
    n = ordered.size
    middle = n // 2
    if n % 2 == 0:
        return 0.0
    left, mid, right = ordered[middle - 1 : middle + 2]
    without = np.array([(mid + right) / 2, (left + right) / 2, (left + mid) / 2])
    weight = np.array([middle, 1, middle])
    away = np.average(without, weights=weight) - without
    spread = np.sum(weight * away**2)
    return float(np.sum(weight * away**3) / (6 * spread**1.5)) if spread > 0 else 0.0
