"""Two independent groups, `a` against `b`: differences are a − b."""

import numpy as np
from scipy import stats

from ppp.estimators.complete import constant, observed, shortage
from ppp.estimators.effect_size import TOO_FAR, noncentral_limits, small_sample_factor
from ppp.estimators.estimate import Estimate


def welch(a, b, *, level: float = 0.95) -> Estimate:
    """Difference of two means, a − b, with Welch's interval and test.

    Parameters
    ----------
    a, b : array_like, shape (n1,), (n0,)
        One value a patient (a score or a change); missing values are left out.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        ``n`` = both groups. Empty where a group has fewer than 3 values; without interval where
        neither group varies. (A group without variance is moved to 0, where scipy does not warn.)

    References
    ----------
    Welch BL. The generalization of 'Student's' problem when several different population
    variances are involved. Biometrika 1947;34:28-35. https://doi.org/10.1093/biomet/34.1-2.28
    """
    a, b = rounded(a, b)
    note = group_shortage(a, b)
    if note:
        return Estimate(n=a.size + b.size, method="Welch", note=note)
    difference = float(a.mean() - b.mean())
    if constant(a) and constant(b):
        return Estimate(
            difference,
            n=a.size + b.size,
            method="Welch",
            note="neither group varies, so there is no interval",
        )
    shift = a[0] if constant(a) else b[0] if constant(b) else 0.0
    test = stats.ttest_ind(a - shift, b - shift, equal_var=False)
    limits = test.confidence_interval(level)
    return Estimate(
        difference,
        float(limits.low),
        float(limits.high),
        level,
        a.size + b.size,
        p_value=float(test.pvalue),
        method="Welch",
    )


def hedges_g(a, b, *, level: float = 0.95) -> Estimate:
    """Standardised difference of two means, a − b, corrected by the exact J(n1 + n0 − 2).

    Parameters
    ----------
    a, b : array_like, shape (n1,), (n0,)
        One value a patient; missing values are left out.
    level : float
        Confidence level; the interval inverts the noncentral t of the uncorrected difference,
        which holds for the population value that both estimate.

    Returns
    -------
    Estimate
        In pooled standard deviations. Empty where a group has fewer than 3 values or neither
        varies.

    References
    ----------
    Hedges LV. Distribution theory for Glass's estimator of effect size and related estimators.
    J Educ Stat 1981;6:107-128. https://doi.org/10.3102/10769986006002107
    """
    a, b = rounded(a, b)
    note = group_shortage(a, b)
    if not note and constant(a) and constant(b):
        note = "neither group varies"
    if note:
        return Estimate(n=a.size + b.size, method="Hedges g, noncentral t", note=note)
    df = a.size + b.size - 2
    pooled = np.sqrt(((a.size - 1) * a.var(ddof=1) + (b.size - 1) * b.var(ddof=1)) / df)
    size = float((a.mean() - b.mean()) / pooled)
    low, high = noncentral_limits(size, np.sqrt(1 / a.size + 1 / b.size), df, level=level)
    far = np.isnan(low)
    return Estimate(
        small_sample_factor(df) * size,
        low,
        high,
        np.nan if far else level,
        a.size + b.size,
        method="Hedges g, noncentral t",
        note=TOO_FAR if far else "",
    )


def group_shortage(a, b) -> str:
    """Say why one of two groups is too small for inference, or return ""."""
    short = shortage(min(a.size, b.size))
    return f"{short} in one of the groups" if short else ""


def rounded(a, b):
    """Return the observed values of two groups, rounded to 9 decimals so that ties are ties."""
    return np.round(observed(a), 9), np.round(observed(b), 9)
