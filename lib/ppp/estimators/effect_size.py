"""Standardised change. Change is after − before, so improvement is negative."""

import numpy as np
from pingouin import compute_effsize
from scipy.optimize import brentq
from scipy.special import gammaln, nctdtr
from scipy.stats import norm

from ppp.estimators.estimate import Estimate, change, constant, pairs, reason, shortage
from ppp.estimators.paired import ALIKE, SAME

FARTHEST = 1e4
TOO_FAR = reason("zero_variance", "the values hardly vary, so there is no interval")
NEITHER = reason("zero_variance", "neither score varies between patients")


def d_av(before, after, *, level: float = 0.95) -> Estimate:
    """Mean change over the average standard deviation, √((s0² + s1²) / 2).

    The estimate is `pingouin.compute_effsize(paired=True, eftype="cohen")`; its interval ignores
    the correlation of the two scores, hence Bonett's.

    Parameters as in `ppp.estimators.paired.mean_change`; empty below 3 pairs and where neither
    score varies.

    References
    ----------
    Cumming G. Understanding the new statistics. New York: Routledge; 2012.
    Bonett DG. J Educ Behav Stat 2015;40:366-376. https://doi.org/10.3102/1076998615583904
    """
    return _average_sd(before, after, level, 1.0, "d_av, Bonett")


def g_av(before, after, *, level: float = 0.95) -> Estimate:
    """`d_av` times the exact small-sample factor J(n − 1).

    The interval is that of `d_av`: both estimate the same population value. (pingouin's paired
    ``hedges`` takes 2n − 2 degrees of freedom, which is not the planned factor.)

    References
    ----------
    Hedges LV. J Educ Stat 1981;6:107-128. https://doi.org/10.3102/10769986006002107
    """
    n = pairs(before, after)[0].size
    factor = small_sample_factor(n - 1) if n > 2 else 1.0
    return _average_sd(before, after, level, factor, "g_av, Bonett")


def d_z(before, after, *, level: float = 0.95) -> Estimate:
    """Mean change over the standard deviation of the changes.

    It measures precision rather than magnitude. The interval inverts the noncentral t
    distribution (`scipy.special.nctdtr`). Empty below 3 pairs and where all changes are equal.

    References
    ----------
    Cumming G, Finch S. Educ Psychol Meas 2001;61:532-574. https://doi.org/10.1177/0013164401614002
    """
    d, method = change(before, after), "d_z, noncentral t"
    if why := shortage(d.size) or (ALIKE if constant(d) else {}):
        return Estimate(n=d.size, method=method, **why)
    size = float(d.mean() / d.std(ddof=1))
    low, high = noncentral_limits(size, 1 / np.sqrt(d.size), d.size - 1, level=level)
    if np.isnan(low):
        return Estimate(size, n=d.size, method=method, **TOO_FAR)
    return Estimate(size, low, high, level, d.size, method=method)


def small_sample_factor(df: float) -> float:
    """Return Hedges' J, exact: Γ(df/2) / (√(df/2) Γ((df − 1)/2))."""
    half = df / 2
    return float(np.exp(gammaln(half) - gammaln(half - 0.5)) / np.sqrt(half))


def noncentral_limits(size: float, unit: float, df: float, *, level: float):
    """Limits of a standardised mean whose estimate is `unit` times a noncentral t.

    `unit` is the standard error of the `size` where it is 0: 1/√n, or √(1/n1 + 1/n0) for two
    groups. NaN where t is beyond 10,000, out of reach of the distribution function.
    """
    if size < 0:
        low, high = noncentral_limits(-size, unit, df, level=level)
        return -high, -low
    if size / unit > FARTHEST:
        return float("nan"), float("nan")
    tails = (1 + level) / 2, (1 - level) / 2
    return tuple(float(unit * _noncentrality(size / unit, df, tail)) for tail in tails)


def _noncentrality(t, df, tail):
    """Find the noncentrality at which P(T ≤ t) = `tail`, stepping outwards from t.

    Far from t scipy's distribution function is NaN, and its inverse `nctdtrinc` is good to five
    digits only; hence steps of a quarter of the standard error, and the root between the last two.
    """
    step = np.copysign(np.sqrt(1 + t**2 / (2 * df)) / 4, 0.5 - tail)
    near = t
    while (nctdtr(df, near + step, t) - tail) * step > 0:
        near += step
    ends = sorted((near, near + step))
    return brentq(lambda shift: nctdtr(df, shift, t) - tail, *ends, xtol=1e-12, rtol=1e-12)


def _average_sd(before, after, level, factor, method) -> Estimate:
    before, after = pairs(before, after)
    n = before.size
    if why := shortage(n) or (NEITHER if constant(before) and constant(after) else {}):
        return Estimate(n=n, method=method, **why)
    d = change(before, after)
    covariance = np.cov(before, after)
    average = np.sqrt(np.trace(covariance) / 2)
    size = float(compute_effsize(after, before, paired=True, eftype="cohen"))
    if constant(d):
        return Estimate(factor * size, n=n, method=method, **SAME)
    error = np.sqrt(
        size**2 * np.sum(covariance**2) / (8 * (n - 1) * average**4)
        + d.var(ddof=1) / ((n - 1) * average**2)
    )
    reach = norm.ppf((1 + level) / 2) * error
    limits = float(size - reach), float(size + reach)
    return Estimate(factor * size, *limits, level, n, method=method)
