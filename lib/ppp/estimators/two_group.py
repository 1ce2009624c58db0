"""Two independent groups, `a` against `b`: differences are a − b."""

from math import comb

import numpy as np
from scipy import stats

from ppp.estimators.estimate import (
    Estimate,
    complete,
    constant,
    group_shortage,
    observed,
    pairs,
    reason,
    whole,
)
from ppp.estimators.paired import TOO_FAR, noncentral_limits, small_sample_factor
from ppp.estimators.resampling import LARGEST, RESAMPLES

LARGEST_HALVED = 36
LARGEST_TABLE = 200_000_000
FULL_LEVERAGE = 1 - 1e-8
UNVARIED = reason("zero_variance", "the score before does not vary within the groups")
ON_LINES = reason("zero_variance", "the scores lie on the fitted lines, so there is no interval")


def welch(a, b, *, level: float = 0.95) -> Estimate:
    """Difference of two means, a − b, with Welch's interval and test.

    `a` and `b`, of shapes (n1,) and (n0,), have one score a patient, missing ones left out; ``n`` =
    both. Empty below 3 values a group; without interval where neither varies.
    Welch BL. Biometrika 1947;34:28-35. https://doi.org/10.1093/biomet/34.1-2.28
    """
    a, b = _rounded(a, b)
    n = a.size + b.size
    if short := group_shortage(a.size, b.size):
        return Estimate(n=n, method="Welch", **short)
    difference = float(a.mean() - b.mean())
    if constant(a) and constant(b):
        why = reason("zero_variance", "neither group varies, so there is no interval")
        return Estimate(difference, n=n, method="Welch", **why)
    shift = a[0] if constant(a) else b[0] if constant(b) else 0.0
    test = stats.ttest_ind(a - shift, b - shift, equal_var=False)
    limits = map(float, test.confidence_interval(level))
    return Estimate(difference, *limits, level, n, p_value=float(test.pvalue), method="Welch")


def hedges_g(a, b, *, level: float = 0.95) -> Estimate:
    """Difference of two means, a − b, in pooled SDs, corrected by the exact J(n1 + n0 − 2).

    The interval inverts the noncentral t of the uncorrected one. Parameters as in `welch`; empty
    below 3 values a group and where neither varies.
    Hedges LV. J Educ Stat 1981;6:107-128. https://doi.org/10.3102/10769986006002107
    """
    a, b = _rounded(a, b)
    n, method = a.size + b.size, "Hedges g, noncentral t"
    why = group_shortage(a.size, b.size)
    if not why and constant(a) and constant(b):
        why = reason("zero_variance", "neither group varies")
    if why:
        return Estimate(n=n, method=method, **why)
    df = n - 2
    pooled = np.sqrt(((a.size - 1) * a.var(ddof=1) + (b.size - 1) * b.var(ddof=1)) / df)
    size = float((a.mean() - b.mean()) / pooled)
    low, high = noncentral_limits(size, np.sqrt(1 / a.size + 1 / b.size), df, level=level)
    size *= small_sample_factor(df)
    if np.isnan(low):
        return Estimate(size, n=n, method=method, **TOO_FAR)
    return Estimate(size, low, high, level, n, method=method)


def permutation(a, b, *, seed: int) -> Estimate:
    """Difference of two means, a − b, with P(|difference| ≥ the one seen) over all splits.

    (`scipy.stats.permutation_test` doubles the smaller tail.) Exact up to 36 patients by subset
    sums of two halves, and beyond while a table of sums is affordable; else 9,999 random splits;
    above 2,000 patients the normal limit. ``method`` says which. Empty below 3 values a group.
    Streitberg B, Röhmel J. Stat Softw Newsl 1986;12:10-17.
    """
    a, b = _rounded(a, b)
    n = a.size + b.size
    if short := group_shortage(a.size, b.size):
        return Estimate(n=n, method="permutation", **short)
    difference = float(a.mean() - b.mean())
    scores = np.concatenate([a, b])
    if constant(scores):
        p, method, code = 1.0, "exact permutation", "exact"
    else:
        p, method, code = _p_value(_steps(scores), a.size, seed)
    return Estimate(difference, n=n, p_value=float(p), method=method, code=code)


def ancova(
    before, after, group, *, interaction: bool = False, robust: bool = True, level: float = 0.95
) -> dict[str, Estimate]:
    """Regress the score after on the centred score before and the group.

    All of shape (n,), complete pairs only; `group` is True for the first group, missing leaves the
    patient out. `interaction` lets the slopes differ; `robust` takes HC3 standard errors, t either
    way. By name: ``intercept`` (second group at the mean before), ``before`` (slope), ``group``
    (first − second), ``interaction`` (difference of slopes). All empty below 3 patients a group,
    where the score before does not vary in one, or one patient alone decides the fit.
    Vickers AJ, Altman DG. BMJ 2001;323:1123-1124. https://doi.org/10.1136/bmj.323.7321.1123
    Long JS, Ervin LH. Am Stat 2000;54:217-224. https://doi.org/10.1080/00031305.2000.10474549
    """
    from statsmodels.regression.linear_model import OLS

    group = np.asarray(group, dtype=float)
    before = np.where(np.isfinite(group), np.asarray(before, dtype=float), np.nan)
    first = (group[complete(before, after)] != 0).astype(float)
    before, after = pairs(before, after)
    names = ["intercept", "before", "group"] + ["interaction"] * interaction
    method = "ANCOVA, HC3" if robust else "ANCOVA"
    why = _unfit(before, first, interaction)
    if not why:
        centred = before - before.mean()
        columns = [np.ones(first.size), centred, first, centred * first][: len(names)]
        fit = OLS(after, np.column_stack(columns)).fit()
        why = _degenerate(fit, after)
    if why:
        return dict.fromkeys(names, Estimate(n=first.size, method=method, **why))
    fit = fit.get_robustcov_results("HC3", use_t=True) if robust else fit
    numbers = np.column_stack([fit.params, fit.conf_int(1 - level)]).tolist()
    return {
        name: Estimate(*three, level, first.size, p_value=float(p), method=method)
        for name, three, p in zip(names, numbers, fit.pvalues, strict=True)
    }


def _rounded(a, b):
    """Return the observed values of two groups, rounded to 9 decimals so that ties are ties."""
    return np.round(observed(a), 9), np.round(observed(b), 9)


def _unfit(before, first, interaction) -> dict[str, str]:
    inside, outside = before[first == 1], before[first == 0]
    if short := group_shortage(inside.size, outside.size):
        return short
    within = [constant(inside), constant(outside)]
    return UNVARIED if all(within) or (interaction and any(within)) else {}


def _degenerate(fit, after) -> dict[str, str]:
    leverage = np.sum(np.linalg.qr(fit.model.exog)[0] ** 2, axis=1)
    if leverage.max() > FULL_LEVERAGE:
        return reason("degenerate", "one patient alone decides the fit")
    exact = fit.df_resid < 1 or fit.ssr <= 1e-18 * np.sum(after**2)
    return ON_LINES if exact else {}


def _steps(scores):
    """Count scores in steps above the smallest, the step being their common divisor."""
    integers = whole(scores)[0]
    above = integers - integers.min()
    return above // max(1, np.gcd.reduce(above))


def _p_value(scores, size, seed):
    if scores.size <= LARGEST_HALVED:
        return _by_halves(scores, size), "exact permutation", "exact"
    if _table_cells(scores, size) <= LARGEST_TABLE:
        return _by_table(scores, size), "exact permutation", "exact"
    if scores.size <= LARGEST:
        splits = f"permutation, {RESAMPLES:,} random splits"
        return _by_chance(scores, size, seed), splits, "sampled"
    return _by_normal_limit(scores, size), "asymptotic permutation", "normal_approximation"


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
    missing = size - np.arange(size + 1)
    for seen, score in enumerate(scores):
        take = np.clip(missing / (scores.size - seen), 0.0, 1.0)  # keeps every split equal
        moved = table[:-1, : largest + 1 - score] * take[:-1, None]
        table *= 1 - take[:, None]
        table[1:, score:] += moved
    sums = table[size]
    return float(min(1.0, sums[: max(0, low + 1)].sum() + sums[high:].sum()))


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
    return 2 * stats.norm.sf(abs(scores[:size].sum() - size * scores.mean()) / spread)
