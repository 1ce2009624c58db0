"""Standardised mean differences between two groups: size of imbalance, never its significance."""

from dataclasses import replace
from math import erfc, sqrt

import numpy as np

from ppp.estimators.estimate import (
    ONE_PATIENT,
    Estimate,
    constant,
    group_shortage,
    observed,
    reason,
)
from ppp.estimators.resampling import LARGEST, RESAMPLES, Z, patients, percentile

METHOD = "standardised difference"
BOOTSTRAP = f"standardised difference, percentile bootstrap within groups, {RESAMPLES:,} resamples"
EVEN = reason("zero_variance", "nothing varies, so there is no interval")
OPEN = reason("degenerate", "some resamples vary in neither group, so there is no interval")


def smd(a, b) -> Estimate:
    """Standardised difference of a measured characteristic, (mean a − mean b) / √((s²a + s²b)/2).

    One value a patient, missing ones left out; 0 or empty where neither group varies.
    Austin PC. Stat Med 2009;28:3083-3107. https://doi.org/10.1002/sim.3697
    """
    a, b = observed(a), observed(b)
    n = a.size + b.size
    if short := group_shortage(a.size, b.size):
        return Estimate(n=n, method=METHOD, **short)
    difference = a.mean() - b.mean()
    if constant(a) and constant(b):
        return _unvarying(abs(difference) <= 1e-9, n)
    spread = np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)
    return Estimate(float(difference / spread), n=n, method=METHOD)


def smd_levels(counts1, counts0) -> Estimate:
    """Standardised difference of several levels, by patients counted at each, in the same order.

    The Mahalanobis distance of the proportions, not negative; with two levels that of the first,
    with its sign. 0 where all patients are at one level, empty where each group is at another, and
    below 2 patients a group.
    Yang D, Dalton JE. SAS Global Forum 2012; paper 335-2012.
    """
    counts = np.array([counts1, counts0], dtype=float)
    total = counts.sum(axis=1)
    n = round(total.sum())
    if not total.all():
        return Estimate(n=n, method=METHOD, **group_shortage(0, 0))
    if total.min() == 1:
        return Estimate(n=n, method=METHOD, **ONE_PATIENT)
    share = counts / total[:, None]
    share = share[:, share.any(axis=0)]
    if share.shape[1] == 1:
        return Estimate(0.0, n=n, method=METHOD)
    difference = (share[0] - share[1])[:-1]
    covariance = np.mean([np.diag(p) - np.outer(p, p) for p in share[:, :-1]], axis=0)
    if np.linalg.matrix_rank(covariance, tol=1e-12) < difference.size:
        return _unvarying(np.allclose(difference, 0), n)
    distance = float(np.sqrt(difference @ np.linalg.solve(covariance, difference)))
    sign = np.sign(difference[0]) if difference.size == 1 else 1.0
    return Estimate(float(sign * distance), n=n, method=METHOD)


def chance_beyond(n1: int, n0: int, *, limit: float) -> float:
    """Probability that a standardised difference exceeds `limit` in size by chance alone.

    Of two groups drawn at random from the same patients: normal, with variance 1/n1 + 1/n0. With
    groups of 8 and 20 and a limit of 0.2 it is 0.63.
    """
    return erfc(limit / sqrt(2 * (1 / n1 + 1 / n0)))


def smd_bootstrap(a, b, *, seed: int, level: float = 0.95) -> Estimate:
    """`smd` with a percentile bootstrap interval, patients resampled within each group.

    Above 2,000 patients in a group the normal interval (delta method), and ``method`` says so; none
    where resamples can be without any variance.
    """
    a, b = observed(a), observed(b)
    difference = smd(a, b)
    if difference.note:
        return difference
    if np.ptp(a) + np.ptp(b) == 0:
        return difference.marked(**EVEN)
    if max(a.size, b.size) > LARGEST:
        size = difference.estimate
        reach = Z.inv_cdf((1 + level) / 2) * _delta_error(a, b, size)
        method = {"method": "standardised difference, normal", "code": "normal_approximation"}
        limits = {"ci_low": size - reach, "ci_high": size + reach, "ci_level": level}
        return replace(difference, **limits, **method)
    (mean1, variance1), (mean0, variance0) = _moments(a, seed), _moments(b, seed + 1)
    spread = np.sqrt((variance1 + variance0) / 2)
    drawn = np.divide(mean1 - mean0, spread, out=np.full(RESAMPLES, np.nan), where=spread > 1e-12)
    return _bounded(difference, drawn, level)


def smd_levels_bootstrap(counts1, counts0, *, seed: int, level: float = 0.95) -> Estimate:
    """`smd_levels` of whole counts, with a percentile bootstrap interval within each group.

    With three levels or more, which is never negative, the interval cannot hold 0.
    """
    difference = smd_levels(counts1, counts0)
    if difference.note:
        return difference
    rng = np.random.default_rng(seed)
    counts = np.array([counts1, counts0], dtype=float)
    kept = counts[:, counts.any(axis=0)]
    if kept.shape[1] == 1:
        return difference.marked(**EVEN)
    sized = zip(kept.sum(axis=1).astype(int), kept, strict=True)
    shares = [rng.multinomial(n, row / row.sum(), RESAMPLES) / n for n, row in sized]
    return _bounded(difference, _distances(*shares), level)


def _unvarying(equal: bool, n: int) -> Estimate:
    if equal:
        return Estimate(0.0, n=n, method=METHOD)
    why = reason("zero_variance", "the groups differ but vary in neither")
    return Estimate(n=n, method=METHOD, **why)


def _moments(values, seed):
    parts = [
        (values[block].mean(axis=1), values[block].var(axis=1, ddof=1))
        for block in patients(values.size, seed=seed)
    ]
    return [np.concatenate(part) for part in zip(*parts, strict=True)]


def _distances(first, second):
    """Standardised differences of many pairs of proportions; NaN where a pair has no variance."""
    away = (first - second)[:, :-1]
    parts = [p[:, :-1, None] for p in (first, second)]
    covariance = sum(p * np.eye(away.shape[1]) - p * p.transpose(0, 2, 1) for p in parts) / 2
    inverse = np.linalg.pinv(covariance, hermitian=True, rcond=1e-12)
    distance = np.sqrt(np.maximum(0, np.einsum("ri,rij,rj->r", away, inverse, away)))
    unexplained = away - np.einsum("rij,rjk,rk->ri", covariance, inverse, away)
    distance[np.abs(unexplained).max(axis=1) > 1e-9] = np.nan
    return distance * np.sign(away[:, 0]) if away.shape[1] == 1 else distance


def _delta_error(a, b, size):
    """Large-sample standard error, allowing for the fourth moments of each group."""
    spread = (a.var(ddof=1) + b.var(ddof=1)) / 2
    pulls = [
        sign * (x - x.mean()) / np.sqrt(spread)
        - size * ((x - x.mean()) ** 2 - x.var()) / (4 * spread)
        for sign, x in ((1, a), (-1, b))
    ]
    return float(np.sqrt(sum(pull.var() / pull.size for pull in pulls)))


def _bounded(difference, drawn, level) -> Estimate:
    if np.isnan(drawn).mean() > (1 - level) / 20:
        return replace(difference, method=BOOTSTRAP, **OPEN)
    low, high = percentile(drawn[~np.isnan(drawn)], level=level)
    limits = {"ci_low": low, "ci_high": high, "ci_level": level}
    return replace(difference, **limits, method=BOOTSTRAP, code="bootstrap")
