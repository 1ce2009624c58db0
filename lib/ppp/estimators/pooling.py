"""Rubin's rules: one estimate from those of several completed tables."""

from dataclasses import dataclass, replace
from math import inf, sqrt

import numpy as np
from scipy import stats

from ppp.estimators.estimate import Estimate, reason, shortage, table
from ppp.estimators.paired import SAME, mean_change, t_interval
from ppp.estimators.proportions import wilson

NO_SPREAD = 1e-12


@dataclass(frozen=True)
class Pooled:
    """Several estimates of one quantity, pooled.

    `estimate` is their mean, `variance` the mean variance within plus (1 + 1/m) times that between,
    `df` Barnard and Rubin's, and `increase` the variance due to missing values over that within (0
    where the estimates agree).
    """

    estimate: float
    variance: float
    df: float
    increase: float


def rubin(estimates, variances, *, df: float = inf) -> Pooled:
    """Pool estimates of completed tables.

    `variances` are squared standard errors, `df` the degrees of freedom had nothing been missing:
    infinitely many give Rubin's rules of 1987; where the estimates do not differ, it is kept.

    References
    ----------
    Rubin DB. Multiple imputation for nonresponse in surveys. New York: Wiley; 1987.
    https://doi.org/10.1002/9780470316696
    Barnard J, Rubin DB. Small-sample degrees of freedom with multiple imputation. Biometrika
    1999;86:948-955. https://doi.org/10.1093/biomet/86.4.948

    Examples
    --------
    >>> pooled = rubin([1.0, 2.0, 3.0], [0.5, 0.5, 0.5], df=27)
    >>> round(pooled.estimate, 6), round(pooled.variance, 6), round(pooled.df, 3)
    (2.0, 1.833333, 2.439)
    """
    estimates = np.asarray(estimates, dtype=float)
    within, m = float(np.mean(variances)), estimates.size
    between = float(estimates.var(ddof=1)) if m > 1 else 0.0
    mean, extra = float(estimates.mean()), (1 + 1 / m) * between
    if extra <= NO_SPREAD * within or between <= NO_SPREAD**2 * mean**2:
        return Pooled(mean, within, df, 0.0)
    increase = extra / within if within else inf
    return Pooled(mean, within + extra, _barnard_rubin(extra / (within + extra), m, df), increase)


def pooled_mean(values, *, level: float = 0.95) -> Estimate:
    """Mean of completed tables, with t interval and test.

    `values`, of shape (m tables, n patients), are one change a patient; a patient without a value
    in any table is left out. Where all tables agree, the result is that of
    `ppp.estimators.paired.mean_change`. Empty below 3 patients; without interval where nothing
    varies.
    """
    values = _evaluable(values)
    n = values.shape[1]
    method = f"multiple imputation ({len(values)}), t with Barnard–Rubin df"
    if short := shortage(n):
        return Estimate(n=n, method=method, **short)
    if np.all(values == values[0]):
        return replace(mean_change(np.zeros(n), values[0], level=level), method=method)
    pooled = rubin(values.mean(axis=1), values.var(axis=1, ddof=1) / n, df=n - 1)
    if pooled.df <= 0:
        return Estimate(pooled.estimate, n=n, method=method, **SAME)
    numbers = t_interval(pooled.estimate, sqrt(pooled.variance), pooled.df, level=level)
    return Estimate(**numbers, n=n, method=method)


def pooled_proportion(reached, *, level: float = 0.95) -> Estimate:
    """Proportion in completed tables, with Wilson's interval widened for what was imputed.

    The interval holds p with (p̂ − p)² ≤ t² (1 + r) p (1 − p)/n, r being the relative increase of
    the variance and t with Barnard–Rubin df (a proportion without gaps has infinitely many).

    `reached`, of shape (m tables, n patients), is 1 or 0; a patient without a value (not evaluable)
    in any table is left out. Where all tables agree, the result is that of
    `ppp.estimators.proportions.wilson`; otherwise ``events`` is empty, for pooled patients are not
    whole.

    References
    ----------
    Lott A, Reiter JP. Wilson confidence intervals for binomial proportions with multiple
    imputation for missing data. Am Stat 2020;74:109-115.
    https://doi.org/10.1080/00031305.2018.1473796
    """
    reached = _evaluable(reached)
    n = reached.shape[1]
    method = f"multiple imputation ({len(reached)}), Wilson with Barnard–Rubin df"
    if not n:
        return Estimate(method=method, **shortage(n))
    if np.all(reached == reached[0]):
        return replace(wilson(int(reached[0].sum()), n, level=level), method=method)
    shares = reached.mean(axis=1)
    pooled = rubin(shares, shares * (1 - shares) / n)
    if pooled.increase == inf:
        why = reason("degenerate", "too much is imputed for an interval")
        return Estimate(pooled.estimate, n=n, method=method, **why)
    stretch = float(stats.t.ppf((1 + level) / 2, pooled.df)) ** 2 * (1 + pooled.increase) / n
    limits = _score_limits(pooled.estimate, stretch)
    return Estimate(pooled.estimate, *limits, level, n, method=method)


def _barnard_rubin(share, m, df) -> float:
    by_number = (m - 1) / share**2
    if df == inf:
        return by_number
    by_data = (df + 1) / (df + 3) * df * (1 - share)
    return by_number * by_data / (by_number + by_data)


def _evaluable(values):
    values = table(values, "tables × patients")
    return values[:, np.isfinite(values).all(axis=0)] if len(values) else np.empty((1, 0))


def _score_limits(share, stretch):
    """Solve (share − p)² = stretch · p (1 − p)."""
    centre = (share + stretch / 2) / (1 + stretch)
    reach = sqrt(stretch * share * (1 - share) + stretch**2 / 4) / (1 + stretch)
    return max(0.0, centre - reach), min(1.0, centre + reach)
