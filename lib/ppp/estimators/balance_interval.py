"""Bootstrap intervals of standardised mean differences, patients resampled within each group."""

from dataclasses import replace

import numpy as np

from ppp.estimators.balance import smd, smd_levels
from ppp.estimators.complete import observed
from ppp.estimators.estimate import Estimate
from ppp.estimators.resampling import LARGEST, RESAMPLES, Z, patients, percentile

METHOD = f"standardised difference, percentile bootstrap within groups, {RESAMPLES:,} resamples"
EVEN = "nothing varies, so there is no interval"
OPEN = "some resamples vary in neither group, so there is no interval"


def smd_bootstrap(a, b, *, seed: int, level: float = 0.95) -> Estimate:
    """`ppp.estimators.balance.smd` with a percentile bootstrap interval.

    Parameters
    ----------
    a, b : array_like, shape (n1,), (n0,)
        One value a patient; missing values are left out.
    seed : int
        Of the bootstrap. Above 2,000 patients in either group the interval is the normal one
        (variance by the delta method), and ``method`` says so.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        Without interval where resamples can be without any variance.
    """
    a, b = observed(a), observed(b)
    found = smd(a, b)
    if found.note or np.ptp(a) + np.ptp(b) == 0:
        return replace(found, note=found.note or EVEN)
    if max(a.size, b.size) > LARGEST:
        reach = Z.inv_cdf((1 + level) / 2) * _delta_error(a, b, found.estimate)
        return replace(
            found,
            ci_low=found.estimate - reach,
            ci_high=found.estimate + reach,
            ci_level=level,
            method="standardised difference, normal",
        )
    (mean1, variance1), (mean0, variance0) = _moments(a, seed), _moments(b, seed + 1)
    spread = np.sqrt((variance1 + variance0) / 2)
    drawn = np.divide(mean1 - mean0, spread, out=np.full(RESAMPLES, np.nan), where=spread > 1e-12)
    return _bounded(found, drawn, level)


def smd_levels_bootstrap(counts1, counts0, *, seed: int, level: float = 0.95) -> Estimate:
    """`ppp.estimators.balance.smd_levels` with a percentile bootstrap interval.

    Parameters
    ----------
    counts1, counts0 : array_like of int, shape (levels,)
        Patients at each level, in the same order of levels; a resample of patients is a
        multinomial draw of their counts, so any number of patients takes the same time.
    seed : int
        Of the bootstrap.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        With more than two levels the difference is a distance, and so is each limit: the
        interval cannot hold 0.
    """
    found = smd_levels(counts1, counts0)
    if found.note:
        return found
    rng = np.random.default_rng(seed)
    counts = np.array([counts1, counts0], dtype=float)
    kept = counts[:, counts.any(axis=0)]
    if kept.shape[1] == 1:
        return replace(found, note=EVEN)
    totals = kept.sum(axis=1).astype(int)
    shares = [
        rng.multinomial(n, row / row.sum(), RESAMPLES) / n
        for n, row in zip(totals, kept, strict=True)
    ]
    return _bounded(found, _distances(*shares), level)


def _moments(values, seed):
    parts = [
        (values[block].mean(axis=1), values[block].var(axis=1, ddof=1))
        for block in patients(values.size, seed=seed)
    ]
    return [np.concatenate(part) for part in zip(*parts, strict=True)]


def _distances(first, second):
    """Standardised differences of many pairs of proportions; NaN where a pair has no variance."""
    away = (first - second)[:, :-1]
    covariance = (
        sum(
            p[:, :-1, None] * np.eye(away.shape[1]) - p[:, :-1, None] * p[:, None, :-1]
            for p in (first, second)
        )
        / 2
    )
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


def _bounded(found, drawn, level) -> Estimate:
    if np.isnan(drawn).mean() > (1 - level) / 20:
        return replace(found, method=METHOD, note=OPEN)
    low, high = percentile(drawn[~np.isnan(drawn)], level=level)
    return replace(found, ci_low=low, ci_high=high, ci_level=level, method=METHOD)
