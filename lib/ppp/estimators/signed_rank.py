"""Signed ranks of the changes: exact test, rank-biserial correlation. Change is after − before."""

import numpy as np
from scipy import stats

from ppp.estimators.complete import change, shortage
from ppp.estimators.estimate import Estimate
from ppp.estimators.grid import whole
from ppp.estimators.resampling import LARGEST, RESAMPLES, Z, patients, percentile

LARGEST_EXACT = 1_000
UNCHANGED = "no patient's score changed"


def wilcoxon_exact(before, after, *, zeros: str = "wilcoxon") -> Estimate:
    """Signed-rank test, exact given the ranks that were seen, ties and zeros included.

    `scipy.stats.wilcoxon` and pingouin are exact only without ties and zeros. Here the
    distribution of W⁺ over all signs of the (mid)ranks is built by the shift algorithm, up to
    1,000 changed scores; beyond that scipy's normal approximation is taken and ``method`` says so.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        Scores of the same patients in the same order; only complete pairs are used.
    zeros : {"wilcoxon", "pratt"}
        Drop unchanged scores before ranking, or rank them and then drop their ranks.

    Returns
    -------
    Estimate
        ``estimate`` = W⁺, the rank sum of the scores that rose; two-sided p; ``n`` = all pairs.

    References
    ----------
    Wilcoxon F. Individual comparisons by ranking methods. Biometrics Bull 1945;1:80-83.
    https://doi.org/10.2307/3001968
    Pratt JW. Remarks on zeros and ties in the Wilcoxon signed rank procedures. JASA
    1959;54:655-667. https://doi.org/10.1080/01621459.1959.10501526
    Streitberg B, Röhmel J. Exact distributions for permutation and rank tests. Stat Softw Newsl
    1986;12:10-17.

    Examples
    --------
    >>> found = wilcoxon_exact([5, 6, 7, 8], [4, 4, 4, 9])
    >>> found.estimate, found.p_value
    (1.5, 0.375)
    """
    if zeros not in ("wilcoxon", "pratt"):
        raise ValueError(f'zeros must be "wilcoxon" or "pratt", not {zeros!r}')
    d = change(before, after)
    changed = int(np.count_nonzero(d))
    note = shortage(d.size) or ("" if changed else UNCHANGED)
    name = f"signed-rank, {zeros.capitalize()} zeros"
    if note:
        return Estimate(n=d.size, method=f"exact {name}", note=note)
    ranks, signs = _signed_ranks(d, zeros)
    rises = float(ranks[signs > 0].sum())
    exact = changed <= LARGEST_EXACT
    p = _exact_p(ranks, signs) if exact else _asymptotic_p(d, zeros)
    return Estimate(
        rises,
        n=d.size,
        p_value=p,
        note=_zero_note(d.size - changed, zeros),
        method=f"{'exact' if exact else 'asymptotic'} {name}",
    )


def rank_biserial(before, after, *, seed: int, level: float = 0.95) -> Estimate:
    """Matched-pairs rank-biserial correlation, (W⁺ − W⁻) / (W⁺ + W⁻), unchanged scores dropped.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        Scores of the same patients in the same order; only complete pairs are used.
    seed : int
        Of the bootstrap (percentile, 9,999 resamples of patients). Above 2,000 patients the
        interval is the large-sample one of a U-statistic, and ``method`` says so.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        −1 where every score that changed fell; then there is no interval, and the note says so.

    References
    ----------
    Kerby DS. The simple difference formula. Compr Psychol 2014;3:11.IT.3.1.
    https://doi.org/10.2466/11.IT.3.1
    """
    d = change(before, after)
    drawn = d.size <= LARGEST
    method = f"percentile bootstrap, {RESAMPLES:,} resamples" if drawn else "U-statistic"
    note = shortage(d.size) or ("" if d.any() else UNCHANGED)
    if note:
        return Estimate(n=d.size, method=method, note=note)
    ranks, signs = _signed_ranks(d, "wilcoxon")
    share = float(np.sum(ranks * signs) / np.sum(ranks))
    if abs(share) == 1:
        way = "rose" if share > 0 else "fell"
        note = f"every score that changed {way}, so there is no interval"
        return Estimate(share, n=d.size, method=method, note=note)
    limits = _drawn_limits(d, seed, level) if drawn else _u_limits(d[d != 0], share, level)
    return Estimate(share, *limits, level, d.size, method=method)


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
    method = {"wilcoxon": "wilcox", "pratt": "pratt"}[zeros]
    found = stats.wilcoxon(d, zero_method=method, method="asymptotic", correction=False)
    return float(found.pvalue)


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


def _zero_note(count: int, zeros: str) -> str:
    if not count:
        return ""
    how = "left out" if zeros == "wilcoxon" else "ranked, then left out"
    return f"{count} with an unchanged score {how}"
