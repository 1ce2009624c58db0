"""The permutation test of a difference of two means, exact as far as that is feasible."""

from math import comb

import numpy as np
from scipy.stats import norm

from ppp.estimators.complete import constant
from ppp.estimators.estimate import Estimate
from ppp.estimators.grid import steps, whole
from ppp.estimators.resampling import LARGEST, RESAMPLES
from ppp.estimators.two_group import group_shortage, rounded

LARGEST_HALVED = 36
LARGEST_TABLE = 200_000_000


def permutation(a, b, *, seed: int) -> Estimate:
    """Difference of two means, a − b, with P(|difference| ≥ the one seen) over all splits.

    `scipy.stats.permutation_test` doubles the smaller tail; the plan counts both tails as they
    are. Exact up to 36 patients by matching the subset sums of two halves, and beyond, while the
    table is affordable, by counting the splits of each size and sum (scores as whole steps); else
    9,999 random splits, (b + 1)/(B + 1); above 2,000 patients the normal limit. ``method`` says
    which.

    Parameters
    ----------
    a, b : array_like, shape (n1,), (n0,)
        One value a patient; missing values are left out.
    seed : int
        Of the random splits, where they are needed.

    Returns
    -------
    Estimate
        Difference and two-sided p. Empty where a group has fewer than 3 values.

    References
    ----------
    Streitberg B, Röhmel J. Exact distributions for permutation and rank tests. Stat Softw Newsl
    1986;12:10-17.

    Examples
    --------
    >>> permutation([1, 2, 3], [4, 5, 6], seed=1).p_value
    0.1
    """
    a, b = rounded(a, b)
    n = a.size + b.size
    if group_shortage(a, b):
        return Estimate(n=n, method="permutation", note=group_shortage(a, b))
    difference = float(a.mean() - b.mean())
    scores = np.concatenate([a, b])
    if constant(scores):
        return Estimate(difference, n=n, p_value=1.0, method="exact permutation")
    counted = steps(whole(scores)[0])
    p, method = _p_value(counted, a.size, seed)
    return Estimate(difference, n=n, p_value=float(p), method=method)


def _p_value(scores, size, seed):
    if scores.size <= LARGEST_HALVED:
        return _by_halves(scores, size), "exact permutation"
    if _table_cells(scores, size) <= LARGEST_TABLE:
        return _by_table(scores, size), "exact permutation"
    if scores.size <= LARGEST:
        return _by_chance(scores, size, seed), f"permutation, {RESAMPLES:,} random splits"
    return _by_normal_limit(scores, size), "asymptotic permutation"


def _far(scores, size):
    """Return the low and the high sum from which on a first group is as far off as the one seen."""
    n, total = scores.size, int(scores.sum())
    distance = abs(n * int(scores[:size].sum()) - size * total)
    return (size * total - distance) // n, -((-size * total - distance) // n), distance == 0


def _table_cells(scores, size) -> int:
    smaller = min(size, scores.size - size)
    return scores.size * (smaller + 1) * (int(np.sort(scores)[-smaller:].sum()) + 1)


def _by_table(scores, size) -> float:
    """Share of splits by size of group and sum of scores, patient after patient."""
    if size > scores.size - size:
        scores, size = scores[::-1], scores.size - size
    low, high, all_splits = _far(scores, size)
    if all_splits:
        return 1.0
    largest = int(np.sort(scores)[-size:].sum())
    table = np.zeros((size + 1, largest + 1))
    table[0, 0] = 1.0
    for seen, score in enumerate(scores):
        take = _chance_to_take(seen, scores.size, size)
        moved = table[:-1, : largest + 1 - score] * take[:-1, None]
        table *= 1 - take[:, None]
        table[1:, score:] += moved
    sums = table[size]
    return float(min(1.0, sums[: max(0, low + 1)].sum() + sums[high:].sum()))


def _chance_to_take(seen, n, size):
    """Probability that the next patient joins, given how many have: keeps every split equal."""
    missing = size - np.arange(size + 1)
    return np.clip(missing / (n - seen), 0.0, 1.0)


def _by_halves(scores, size) -> float:
    """Match subsets of one half of the patients with those of the other, by size and sum."""
    low, high, all_splits = _far(scores, size)
    if all_splits:
        return 1.0
    ours, theirs = _subsets(scores[::2]), _subsets(scores[1::2])
    far = 0
    for taken, sums in enumerate(ours[: size + 1]):
        if size - taken < len(theirs):
            rest = np.sort(theirs[size - taken])
            far += int(np.searchsorted(rest, low - sums, side="right").sum())
            far += sums.size * rest.size - int(np.searchsorted(rest, high - sums).sum())
    return far / comb(scores.size, size)


def _subsets(scores):
    """Return the sums of all subsets, as a list by size."""
    sums, sizes = np.zeros(1, np.int64), np.zeros(1, np.int64)
    for score in scores:
        sums, sizes = np.concatenate([sums, sums + score]), np.concatenate([sizes, sizes + 1])
    return [sums[sizes == size] for size in range(scores.size + 1)]


def _by_chance(scores, size, seed) -> float:
    low, high, _ = _far(scores, size)
    rng = np.random.default_rng(seed)
    block = max(1, 2_000_000 // scores.size)
    far = 0
    for start in range(0, RESAMPLES, block):
        rows = np.tile(scores, (min(block, RESAMPLES - start), 1))
        sums = rng.permuted(rows, axis=1)[:, :size].sum(axis=1)
        far += int(np.sum((sums <= low) | (sums >= high)))
    return (far + 1) / (RESAMPLES + 1)


def _by_normal_limit(scores, size) -> float:
    n = scores.size
    spread = np.sqrt(size * (n - size) / (n - 1) * scores.var())
    return 2 * norm.sf(abs(scores[:size].sum() - size * scores.mean()) / spread)
