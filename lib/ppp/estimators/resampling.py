"""Resampling of patients within bounded time and memory, and the BCa interval."""

from statistics import NormalDist

import numpy as np

from ppp.estimators.estimate import Estimate, constant, reason, shortage

RESAMPLES = 9_999
LARGEST = 2_000
CHUNK = 2_000_000
Z = NormalDist()
EQUAL = reason("zero_variance", "all values are equal")


def patients(n: int, *, seed: int, resamples: int = RESAMPLES):
    """Yield positions of patients drawn with replacement, in blocks of two million at most."""
    rng = np.random.default_rng(seed)
    block = max(1, CHUNK // n)
    for start in range(0, resamples, block):
        yield rng.integers(0, n, size=(min(block, resamples - start), n))


def percentile(statistics, *, level: float = 0.95):
    """Return the percentile limits of resampled statistics."""
    return tuple(map(float, np.quantile(statistics, [(1 - level) / 2, (1 + level) / 2])))


def bca_mean(
    values, *, seed: int, resamples: int = RESAMPLES, level: float = 0.95, same: dict = EQUAL
) -> Estimate:
    """Mean with its bias-corrected and accelerated (BCa) bootstrap interval.

    The acceleration is taken in closed form (`scipy.stats.bootstrap` takes n × n steps); above
    2,000 patients the Cornish–Fisher expansion replaces drawing, as ``method`` says. One finite
    value a patient. Empty below 3; without interval, for the reason `same`, where all are equal.
    Efron B. JASA 1987;82:171-185. https://doi.org/10.1080/01621459.1987.10478410
    """
    n = values.size
    drawn = n <= LARGEST
    method = f"BCa bootstrap, {resamples:,} resamples" if drawn else "BCa, Cornish–Fisher"
    if short := shortage(n):
        return Estimate(n=n, method=method, **short)
    mean = float(values.mean())
    if constant(values):
        return Estimate(mean, n=n, method=method, **same)
    limits = _drawn(values, seed, resamples, level) if drawn else _expanded(values, level)
    if limits is None:
        why = reason("degenerate", "all resamples lie on one side of the mean")
        return Estimate(mean, n=n, method=method, **why)
    code = "bootstrap" if drawn else "normal_approximation"
    return Estimate(mean, *limits, level, n, method=method, code=code)


def bca_median(values, *, seed: int, level: float = 0.95, same: dict = EQUAL) -> Estimate:
    """Median with its bias-corrected and accelerated bootstrap interval; else as `bca_mean`.

    Two draws a resample, whatever n: the ranks of its middle patients follow beta distributions.
    """
    n, method = values.size, f"BCa bootstrap, {RESAMPLES:,} resamples"
    if short := shortage(n):
        return Estimate(n=n, method=method, **short)
    median = float(np.median(values))
    if constant(values):
        return Estimate(median, n=n, method=method, **same)
    ordered = np.sort(values)
    medians = _resampled_medians(ordered, seed)
    limits = _bca(medians, median, _median_acceleration(ordered), level)
    if limits is None:
        why = reason("degenerate", "all resampled medians lie on one side of the median")
        return Estimate(median, n=n, method=method, **why)
    return Estimate(median, *limits, level, n, method=method, code="bootstrap")


def _bca(statistics, seen: float, acceleration: float, level: float):
    """Return the BCa limits, or None where every resample lies on one side of the one seen."""
    slack = 1e-9 * max(1.0, abs(seen))
    below = np.mean(statistics < seen - slack)
    tied = np.mean(np.abs(statistics - seen) <= slack)
    share = float(below + tied / 2)
    if not 0 < share < 1:
        return None
    return tuple(map(float, np.quantile(statistics, _levels(share, acceleration, level))))


def _levels(share_below, acceleration, level):
    """Return the two levels of the bootstrap distribution that bound the BCa interval."""
    bias = Z.inv_cdf(share_below)
    tails = [bias + Z.inv_cdf(p) for p in ((1 - level) / 2, (1 + level) / 2)]
    return tuple(Z.cdf(bias + z / (1 - acceleration * z)) for z in tails)


def _acceleration(values) -> float:
    centred = values - values.mean()
    return float(np.sum(centred**3) / (6 * np.sum(centred**2) ** 1.5))


def _drawn(values, seed, resamples, level):
    blocks = patients(values.size, seed=seed, resamples=resamples)
    means = np.concatenate([values[block].mean(axis=1) for block in blocks])
    return _bca(means, float(values.mean()), _acceleration(values), level)


def _expanded(values, level):
    acceleration = _acceleration(values)
    error = values.std() / np.sqrt(values.size)
    normal = [Z.inv_cdf(p) for p in _levels(Z.cdf(acceleration), acceleration, level)]
    return tuple(float(values.mean() + error * (z + acceleration * (z**2 - 1))) for z in normal)


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
