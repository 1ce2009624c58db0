"""Statistics of paired changes, from their formulas; each gives the numbers of one row."""

from math import gamma, nan, sqrt

import numpy as np
from scipy.optimize import brentq
from scipy.stats import nct, norm, rankdata
from scipy.stats import t as student

from . import resampling

LEVEL = 0.95
Z = norm.ppf(0.975)


def change_rows(before, after):
    """{statistic: numbers} of one outcome at one week."""
    both = ~(np.isnan(before) | np.isnan(after))
    x, y = before[both], after[both]
    d = (y - x).round(9)
    if len(d) < 3:
        few = {"n": len(d)}
        relative = {"n": int((x > 0).sum())}
        return dict.fromkeys(PLAIN, few) | dict.fromkeys(RELATIVE, relative)
    percent = 100 * d[x > 0] / x[x > 0]
    plain = {name: {"n": len(d)} | function(x, y, d) for name, function in PLAIN.items()}
    return plain | {
        name: {"n": len(percent)} | (function(percent) if len(percent) > 2 else {})
        for name, function in RELATIVE.items()
    }


def _interval(low, high, level=LEVEL):
    return {"ci_low": low, "ci_high": high, "ci_level": level}


def _t(d):
    spread = d.std(ddof=1)
    return d.mean() / (spread / sqrt(len(d))) if spread > 1e-9 else nan


def mean_change(x, y, d):
    if np.isnan(t := _t(d)):
        return {"estimate": d.mean()}
    half = student.ppf(0.975, len(d) - 1) * d.std(ddof=1) / sqrt(len(d))
    p = 2 * student.sf(abs(t), len(d) - 1)
    return {"estimate": d.mean(), "p_value": p} | _interval(d.mean() - half, d.mean() + half)


def paired_t(x, y, d):
    t = _t(d)
    return {"estimate": t, "p_value": 2 * student.sf(abs(t), len(d) - 1)}


def _bca(values, resampled, statistic):
    bands = None if np.ptp(values) < 1e-9 else resampling.bca(resampled, values, statistic)
    return {"estimate": statistic(values)} | (_interval(*bands) if bands else {})


def mean_bca(values):
    return _bca(values, resampling.means(values), np.mean)


def median_bca(values):
    return _bca(values, resampling.medians(values), np.median)


def signed_rank_counts(ranks):
    """How many of the sign patterns give each rank sum; the ranks must be whole numbers."""
    counts = [1]
    for rank in ranks:
        longer = counts + [0] * rank
        counts = [k + (counts[at - rank] if at >= rank else 0) for at, k in enumerate(longer)]
    return counts


def hodges_lehmann(x, y, d):
    n = len(d)
    walsh = np.sort([(d[i] + d[j]) / 2 for i in range(n) for j in range(i, n)])
    counts = signed_rank_counts(range(1, n + 1))
    below = np.cumsum([float(k) for k in counts]) / 2.0**n
    k = max(1, int(np.argmax(below >= 0.025)))
    limits = _interval(walsh[k - 1], walsh[-k], 1 - 2 * below[k - 1])
    return {"estimate": np.median(walsh)} | limits


def _ranks(d):
    moved = d[d != 0]
    return rankdata(np.abs(moved)), moved > 0


def wilcoxon(x, y, d):
    """Zeros ranked with the others, their ranks left out of the sum."""
    ranks = rankdata(np.abs(d))[d != 0]
    return _signed_rank(ranks, d[d != 0] > 0)


def wilcoxon_dropped(x, y, d):
    return _signed_rank(*_ranks(d))


def _signed_rank(ranks, rose):
    if not len(ranks):
        return {}
    counts = signed_rank_counts([round(2 * rank) for rank in ranks])
    up = round(2 * ranks[rose].sum())
    tail = min(sum(counts[: up + 1]), sum(counts[up:]))
    return {"estimate": up / 2, "p_value": min(1, 2 * tail / 2 ** len(ranks))}


def rank_biserial(x, y, d):
    ranks, rose = _ranks(d)
    if not len(ranks):
        return {}
    estimate = (ranks[rose].sum() - ranks[~rose].sum()) / ranks.sum()
    if rose.all() or not rose.any():
        return {"estimate": estimate}
    return {"estimate": estimate} | _interval(*resampling.percentile(resampling.rank_biserials(d)))


def d_av(x, y, d):
    """Bonett 2015 for two dependent samples."""
    (v0, v1), df = (x.var(ddof=1), y.var(ddof=1)), len(d) - 1
    average = (v0 + v1) / 2
    if not average:
        return {}
    shared = np.cov(x, y)[0, 1]
    size = d.mean() / sqrt(average)
    if np.isnan(_t(d)):
        return {"estimate": size}
    first = size**2 * (v0**2 + v1**2 + 2 * shared**2) / (8 * df * average**2)
    error = sqrt(first + (v0 + v1 - 2 * shared) / (df * average))
    return {"estimate": size} | _interval(size - Z * error, size + Z * error)


def noncentral(t, df):
    """Both limits of the noncentrality of an observed t."""
    if t < 0:
        low, high = noncentral(-t, df)
        return -high, -low
    return _noncentrality(t, df, 0.975), _noncentrality(t, df, 0.025)


def _noncentrality(t, df, p):
    """The noncentrality at which t is the p quantile, from a bracket grown step by step."""
    low = high = t
    step = sqrt(1 + t * t / (2 * df)) / 2
    while nct.cdf(t, df, low) < p:
        low -= step
    while nct.cdf(t, df, high) > p:
        high += step
    return brentq(lambda x: nct.cdf(t, df, x) - p, low, high, xtol=1e-12, rtol=1e-14)


def d_z(x, y, d):
    if np.isnan(t := _t(d)):
        return {}
    low, high = noncentral(t, len(d) - 1)
    root = sqrt(len(d))
    return {"estimate": t / root} | _interval(low / root, high / root)


def small_sample(df):
    """Hedges' exact J."""
    return gamma(df / 2) / (sqrt(df / 2) * gamma((df - 1) / 2))


PLAIN = {
    "mean_change": mean_change,
    "mean_change_bca": lambda x, y, d: mean_bca(d),
    "hodges_lehmann": hodges_lehmann,
    "wilcoxon_exact": wilcoxon,
    "wilcoxon_zeros_dropped": wilcoxon_dropped,
    "paired_t": paired_t,
    "d_av": d_av,
    "d_z": d_z,
    "rank_biserial": rank_biserial,
}
RELATIVE = {"mean_percent_change": mean_bca, "median_percent_change": median_bca}
