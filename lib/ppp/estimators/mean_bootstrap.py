"""The BCa bootstrap interval of a mean, for a few patients and for a million."""

import numpy as np

from ppp.estimators.complete import constant, shortage
from ppp.estimators.estimate import Estimate
from ppp.estimators.resampling import LARGEST, RESAMPLES, Z, bca, bca_levels, patients


def bca_mean(
    values, *, seed: int, resamples: int = RESAMPLES, level: float = 0.95, same: str = ""
) -> Estimate:
    """Mean of `values` with its bias-corrected and accelerated bootstrap interval.

    `scipy.stats.bootstrap` recomputes the mean once for each patient left out, n × n steps, to
    find the acceleration. For a mean that is known in closed form (skewness / 6√n), so this
    serves any n. Above 2,000 patients the resampled mean is so nearly normal that the
    Cornish–Fisher expansion of its distribution (exact up to n^−3/2) takes the place of drawing;
    ``method`` says so.

    Parameters
    ----------
    values : numpy.ndarray, shape (n,)
        One finite value a patient.
    seed : int
        Of the random draws.
    resamples : int
        Number of resamples.
    level : float
        Confidence level.
    same : str
        The note where all values are equal.

    Returns
    -------
    Estimate
        Empty below 3 patients; without interval where all values are equal.

    References
    ----------
    Efron B. Better bootstrap confidence intervals. JASA 1987;82:171-185.
    https://doi.org/10.1080/01621459.1987.10478410
    """
    n = values.size
    drawn = n <= LARGEST
    method = f"BCa bootstrap, {resamples:,} resamples" if drawn else "BCa, Cornish–Fisher"
    if shortage(n):
        return Estimate(n=n, method=method, note=shortage(n))
    mean = float(values.mean())
    if constant(values):
        return Estimate(mean, n=n, method=method, note=same or "all values are equal")
    limits = _drawn(values, seed, resamples, level) if drawn else _expanded(values, level)
    if limits is None:
        return Estimate(mean, n=n, method=method, note="all resamples lie on one side of the mean")
    return Estimate(mean, *limits, level, n, method=method)


def _acceleration(values) -> float:
    centred = values - values.mean()
    return float(np.sum(centred**3) / (6 * np.sum(centred**2) ** 1.5))


def _drawn(values, seed, resamples, level):
    blocks = patients(values.size, seed=seed, resamples=resamples)
    means = np.concatenate([values[block].mean(axis=1) for block in blocks])
    return bca(means, float(values.mean()), _acceleration(values), level=level)


def _expanded(values, level):
    acceleration = _acceleration(values)
    error = values.std() / np.sqrt(values.size)
    levels = bca_levels(Z.cdf(acceleration), acceleration, level)
    normal = [Z.inv_cdf(p) for p in levels]
    return tuple(float(values.mean() + error * (z + acceleration * (z**2 - 1))) for z in normal)
