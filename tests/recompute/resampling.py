"""The bootstrap once more: other draws, other code, and the band in which a limit must lie."""

from functools import cache

import numpy as np
from scipy.stats import norm

from .rows import Between

RESAMPLES = 40_000
SEED = 7
THEIRS = 9_999
ERRORS = 5  # standard errors of a limit of 9,999 resamples: for a normal statistic 5 % of the width


@cache
def draws(n):
    """How often each of n patients is drawn, resamples × n."""
    rng = np.random.default_rng(SEED)
    return rng.multinomial(n, np.full(n, 1 / n), size=RESAMPLES)


def means(values):
    return draws(len(values)) @ values / len(values)


def medians(values):
    """The median of each resample, from the cumulated draws of the sorted values."""
    n, order = len(values), np.argsort(values)
    passed = draws(n)[:, order].cumsum(axis=1)
    middle = [values[order][(passed > at).argmax(axis=1)] for at in ((n - 1) // 2, n // 2)]
    return (middle[0] + middle[1]) / 2


def rank_biserials(change):
    """The rank-biserial of each resample; NaN where every change drawn is 0."""
    sizes = np.unique(np.abs(change[change != 0]))
    drawn = draws(len(change))
    both, rose = (
        np.column_stack([drawn[:, hit].sum(axis=1) for hit in hits])
        for hits in ([np.abs(change) == s for s in sizes], [change == s for s in sizes])
    )
    ranks = both.cumsum(axis=1) - both + (both + 1) / 2
    up, total = (ranks * rose).sum(axis=1), (ranks * both).sum(axis=1)
    return np.divide(2 * up - total, total, out=np.full(len(up), np.nan), where=total > 0)


def bca(resampled, values, statistic):
    """Bands for both BCa limits; None where every resample lies on one side."""
    resampled, observed = resampled.round(9), round(float(statistic(values)), 9)
    below = np.mean(resampled < observed) + np.mean(resampled == observed) / 2
    if below in (0, 1):
        return None
    left_out = np.array([statistic(np.delete(values, i)) for i in range(len(values))])
    gap = left_out.mean() - left_out
    cube = np.sum(gap**2) ** 1.5
    skew = np.sum(gap**3) / (6 * cube) if cube else 0.0
    bias, nominal = norm.ppf(below), norm.ppf([0.025, 0.975])
    stretch = 1 - skew * (bias + nominal)
    error = _error(bias) * (1 + 1 / stretch**2)
    return _bands(resampled, bias + (bias + nominal) / stretch, error)


def percentile(resampled):
    """Bands for both percentile limits."""
    return _bands(resampled[~np.isnan(resampled)], norm.ppf([0.025, 0.975]), 0)


def _error(z):
    """Monte Carlo error of a level, as a normal deviate."""
    return np.sqrt(norm.cdf(z) * norm.sf(z) / THEIRS) / norm.pdf(z)


def _bands(resampled, z, error):
    slack = ERRORS * np.hypot(_error(z), error)
    levels = norm.cdf([z - slack, z + slack])
    return [Between(*limits) for limits in np.quantile(resampled, levels).T.tolist()]
