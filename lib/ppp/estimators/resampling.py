"""Resampling of patients within bounded time and memory."""

from statistics import NormalDist

import numpy as np

RESAMPLES = 9_999
LARGEST = 2_000
CHUNK = 2_000_000
Z = NormalDist()


def patients(n: int, *, seed: int, resamples: int = RESAMPLES):
    """Draw patients with replacement, a block of resamples at a time.

    Parameters
    ----------
    n : int
        Number of patients.
    seed : int
        The same seed draws the same patients.
    resamples : int
        Number of resamples.

    Yields
    ------
    numpy.ndarray of int, shape (block, n)
        Positions of patients; no block holds much more than two million.
    """
    rng = np.random.default_rng(seed)
    block = max(1, CHUNK // n)
    for start in range(0, resamples, block):
        yield rng.integers(0, n, size=(min(block, resamples - start), n))


def bca_levels(share_below: float, acceleration: float, level: float):
    """Return the two levels of the bootstrap distribution that bound the BCa interval.

    Parameters
    ----------
    share_below : float
        Share of resampled statistics below the observed one, ties by half.
    acceleration : float
        Skewness of the jackknife values, divided by 6.
    level : float
        Confidence level, such as 0.95.

    Returns
    -------
    tuple of float, or None where every resample lies on one side.

    References
    ----------
    Efron B. Better bootstrap confidence intervals. JASA 1987;82:171-185.
    https://doi.org/10.1080/01621459.1987.10478410
    """
    if not 0 < share_below < 1:
        return None
    bias = Z.inv_cdf(share_below)
    tails = [bias + Z.inv_cdf(p) for p in ((1 - level) / 2, (1 + level) / 2)]
    return tuple(Z.cdf(bias + z / (1 - acceleration * z)) for z in tails)


def bca(statistics, observed: float, acceleration: float, *, level: float = 0.95):
    """Return the BCa limits from resampled statistics, or None where they do not exist.

    Parameters
    ----------
    statistics : numpy.ndarray, shape (resamples,)
        The statistic in each resample.
    observed : float
        The statistic in the data.
    acceleration, level : float
        As in `bca_levels`.
    """
    slack = 1e-9 * max(1.0, abs(observed))
    below = np.mean(statistics < observed - slack)
    tied = np.mean(np.abs(statistics - observed) <= slack)
    levels = bca_levels(float(below + tied / 2), acceleration, level)
    return None if levels is None else tuple(map(float, np.quantile(statistics, levels)))


def percentile(statistics, *, level: float = 0.95):
    """Return the percentile limits of resampled statistics."""
    return tuple(map(float, np.quantile(statistics, [(1 - level) / 2, (1 + level) / 2])))
