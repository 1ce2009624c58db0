"""Ranks of the changes (after − before): pseudo-median, exact test, rank-biserial correlation."""

import numpy as np
from scipy import stats

from ppp.estimators.estimate import Estimate, change, reason, shortage, whole
from ppp.estimators.paired import UNCHANGED
from ppp.estimators.resampling import LARGEST, RESAMPLES, Z, patients, percentile

LARGEST_EXACT = 1_000
RULES = {"pratt": "ranked (Pratt)", "wilcoxon": "dropped"}
AT_ONCE = 2_000_000


def hodges_lehmann(before, after, *, level: float = 0.95) -> Estimate:
    """Median of the Walsh averages (d_i + d_j)/2, i ≤ j, of the changes, zeros kept, in points.

    The limits are order statistics by the exact signed-rank distribution (normal above 1,000 pairs,
    as ``method`` says); ``ci_level`` is the level attained, below 6 pairs under 95 %. R and scipy
    drop zeros. Parameters as in `paired.mean_change`; empty below 3 pairs.
    Hodges JL, Lehmann EL. Ann Math Stat 1963;34:598-611. https://doi.org/10.1214/aoms/1177704172
    """
    d = change(before, after)
    n = d.size
    exact = n <= LARGEST_EXACT
    method = "Walsh averages, exact" if exact else "Walsh averages, asymptotic"
    if short := shortage(n):
        return Estimate(n=n, method=method, **short)
    depth, attained = (_exact_depth if exact else _normal_depth)(n, level)
    averages = n * (n + 1) // 2
    wanted = [depth, (averages + 1) // 2, averages // 2 + 1, averages + 1 - depth]
    low, lower, upper, high = walsh(d, wanted)
    code = "exact" if exact else "normal_approximation"
    median = Estimate((lower + upper) / 2, low, high, attained, n, method=method, code=code)
    if attained >= level:
        return median
    return median.marked("below_level", f"{n} patients attain {100 * attained:.1f}% at most")


def wilcoxon_exact(before, after, *, zeros: str = "pratt") -> Estimate:
    """Signed-rank test, exact given the ranks seen, ties and zeros included (unlike scipy's).

    ``estimate`` = W⁺, the rank sum of the scores that rose; ``n`` = all pairs. `zeros` "pratt"
    drops unchanged scores after ranking (R from 4.6 on), "wilcoxon" before; ``method`` and ``code``
    name the rule where a score is unchanged. By the shift algorithm; above 1,000 changed scores
    scipy's normal approximation, as ``method`` says.
    Wilcoxon F. Biometrics Bull 1945;1:80-83. https://doi.org/10.2307/3001968
    Pratt JW. JASA 1959;54:655-667. https://doi.org/10.1080/01621459.1959.10501526
    Streitberg B, Röhmel J. Stat Softw Newsl 1986;12:10-17.
    """
    if zeros not in RULES:
        raise ValueError(f'zeros must be "pratt" or "wilcoxon", not {zeros!r}')
    d = change(before, after)
    n, changed = d.size, int(np.count_nonzero(d))
    name = f"signed-rank, zeros {RULES[zeros]}" if changed < n else "signed-rank"
    if why := shortage(n) or ({} if changed else UNCHANGED):
        return Estimate(n=n, method=f"exact {name}", **why)
    ranks, signs = _signed_ranks(d, zeros)
    rises = float(ranks[signs > 0].sum())
    if changed <= LARGEST_EXACT:
        p, method, code = _exact_p(ranks, signs), f"exact {name}", "exact"
    else:
        p, method, code = _asymptotic_p(d, zeros), f"asymptotic {name}", "normal_approximation"
    test = Estimate(rises, n=n, p_value=p, method=method, code=code)
    if changed == n:
        return test
    token = "zeros_ranked" if zeros == "pratt" else "zeros_dropped"
    return test.marked(token, f"{n - changed} of {n} unchanged, {RULES[zeros]}")


def rank_biserial(before, after, *, seed: int, level: float = 0.95) -> Estimate:
    """Matched-pairs rank-biserial correlation, (W⁺ − W⁻) / (W⁺ + W⁻), unchanged scores dropped.

    No interval at ±1. Percentile bootstrap; above 2,000 patients a U-statistic, as ``method`` says.
    Kerby DS. Compr Psychol 2014;3:11.IT.3.1. https://doi.org/10.2466/11.IT.3.1
    """
    d = change(before, after)
    drawn = d.size <= LARGEST
    method = f"percentile bootstrap, {RESAMPLES:,} resamples" if drawn else "U-statistic"
    if why := shortage(d.size) or ({} if d.any() else UNCHANGED):
        return Estimate(n=d.size, method=method, **why)
    ranks, signs = _signed_ranks(d, "wilcoxon")
    share = float(np.sum(ranks * signs) / np.sum(ranks))
    if abs(share) == 1:
        way = "rose" if share > 0 else "fell"
        why = reason("one_direction", f"every score that changed {way}, so there is no interval")
        return Estimate(share, n=d.size, method=method, **why)
    limits = _drawn_limits(d, seed, level) if drawn else _u_limits(d[d != 0], share, level)
    code = "bootstrap" if drawn else "normal_approximation"
    return Estimate(share, *limits, level, d.size, method=method, code=code)


def walsh(d, wanted):
    """Return the `wanted` smallest Walsh averages of `d`, counted from 1, as a list of floats."""
    integers, scale = whole(d)
    values, counts = np.unique(integers, return_counts=True)
    if values.size**2 <= 2 * AT_ONCE:
        totals = _listed(values, counts, *np.triu_indices(values.size), wanted)
    else:
        totals = [_searched(values, counts, rank) for rank in wanted]
    return [int(total) / (2 * scale) for total in totals]


def _exact_depth(n, level):
    """Largest k with P(W < k) ≤ (1 − level)/2, at least 1; and the level attained."""
    chance = np.zeros(n * (n + 1) // 2 + 1)
    chance[0] = 1.0
    for rank in range(1, n + 1):
        chance[rank:] += chance[:-rank].copy()
        chance /= 2
    below = np.cumsum(chance)
    depth = max(1, int(np.searchsorted(below, (1 - level) / 2)))
    return depth, float(1 - 2 * below[depth - 1])


def _normal_depth(n, level):
    mean, variance = n * (n + 1) / 4, n * (n + 1) * (2 * n + 1) / 24
    return int(mean - stats.norm.ppf((1 + level) / 2) * np.sqrt(variance)), level


def _listed(values, counts, first, second, wanted):
    """Return the sums of two distinct values at the `wanted` ranks, each by its multiplicity."""
    sums = values[first] + values[second]
    own = counts[first] * (counts[first] + 1) // 2
    times = np.where(first == second, own, counts[first] * counts[second])
    order = np.argsort(sums)
    return sums[order][np.searchsorted(np.cumsum(times[order]), wanted)]


def _searched(values, counts, rank):
    """Bisect on the sum until few enough pairs are left to list."""
    low, high = 2 * int(values[0]) - 1, 2 * int(values[-1])
    running = np.concatenate([[0], np.cumsum(counts)])
    start, end = _partners(values, low), _partners(values, high)
    while high - low > 1 and np.sum(end - start) > AT_ONCE:
        middle = (low + high) // 2
        place = _partners(values, middle)
        if _pairs_below(running, counts, place) < rank:
            low, start = middle, place
        else:
            high, end = middle, place
    if high - low == 1:
        return high
    many = end - start
    first = np.repeat(np.arange(values.size), many)
    second = start[first] + np.arange(first.size) - np.repeat(np.cumsum(many) - many, many)
    return _listed(values, counts, first, second, rank - _pairs_below(running, counts, start))


def _partners(values, total):
    """For each value, the place after its last partner with a sum up to `total`, from itself on."""
    place = np.searchsorted(values, total - values, side="right")
    return np.maximum(place, np.arange(values.size))


def _pairs_below(running, counts, place) -> int:
    """Count pairs i ≤ j, by multiplicity, whose second value lies before `place`."""
    own = np.arange(counts.size)
    reached = place > own
    others = np.where(reached, running[place] - running[own + 1], 0)
    return int(np.sum(np.where(reached, counts * others + counts * (counts + 1) // 2, 0)))


def _signed_ranks(d, zeros):
    ranked = d if zeros == "pratt" else d[d != 0]
    ranks = stats.rankdata(np.abs(ranked))
    return ranks[ranked != 0], np.sign(ranked[ranked != 0])


def _exact_p(ranks, signs) -> float:
    """Twice the lower tail of the rank sum, each rank with either sign at probability 1/2."""
    doubled = np.rint(2 * ranks).astype(int)
    rises, falls = doubled[signs > 0].sum(), doubled[signs < 0].sum()
    seen = int(min(rises, falls))
    chance = np.zeros(seen + 1)
    chance[0] = 1.0
    for rank in np.sort(doubled)[::-1]:
        chance[rank:] += chance[: max(0, seen + 1 - rank)].copy()
        chance /= 2
    return float(min(1.0, 2 * chance.sum()))


def _asymptotic_p(d, zeros) -> float:
    how = {"zero_method": {"wilcoxon": "wilcox", "pratt": "pratt"}[zeros], "correction": False}
    return float(stats.wilcoxon(d, method="asymptotic", **how).pvalue)


def _drawn_limits(d, seed, level):
    """Percentile limits; a resample's midranks come from its counts at each size of change."""
    sizes, place = np.unique(np.abs(d), return_inverse=True)
    sign = np.sign(d).astype(int)
    shares = []
    for block in patients(d.size, seed=seed):
        row = sizes.size * np.arange(len(block))[:, None]
        cell = place[block] + row
        counts, excess = (
            np.bincount(cell.ravel(), weight.ravel(), row.size * sizes.size).reshape(row.size, -1)
            for weight in (np.abs(sign[block]), sign[block])
        )
        midrank = np.cumsum(counts, axis=1) - (counts - 1) / 2
        total = np.sum(counts * midrank, axis=1)
        signed = np.sum(excess * midrank, axis=1)
        shares.append(np.divide(signed, total, out=np.zeros(row.size), where=total > 0))
    return percentile(np.concatenate(shares), level=level)


def _u_limits(changed, share, level):
    """Take normal limits from each patient's mean sign of (own change + another's)."""
    ordered = np.sort(whole(changed)[0])
    above = ordered.size - np.searchsorted(ordered, -ordered, side="right")
    below = np.searchsorted(ordered, -ordered, side="left")
    own = (above - below) / ordered.size
    reach = Z.inv_cdf((1 + level) / 2) * 2 * own.std(ddof=1) / np.sqrt(ordered.size)
    return max(-1.0, float(share - reach)), min(1.0, float(share + reach))
