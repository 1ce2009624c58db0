"""Paired statistics from two means and deviations, over every correlation of the two scores.

Var(after − before) = s0² + s1² − 2·r·s0·s1; r is seldom printed, but is between −1 and 1.

References
----------
Morris SB, DeShon RP. Combining effect size estimates in meta-analysis with repeated measures and
independent-groups designs. Psychol Methods 2002;7:105-125. doi:10.1037/1082-989X.7.1.105
"""

from fractions import Fraction
from itertools import product
from math import nan, sqrt

from scipy import stats

from ppp.estimators.effect_size import small_sample_factor
from ppp.estimators.estimate import Estimate
from ppp.published.audit.counts import variance_of_sum
from ppp.published.audit.figures import reach
from ppp.witness import Summary

CHANGE = (Fraction(-1), Fraction(1))
ALIKE = "all changes could be alike at this correlation, so there is no bound"


def mean_change(before: Summary, after: Summary, r, *, level: float = 0.95) -> Estimate:
    """Mean change with the interval of the paired t, the figures as printed.

    Parameters
    ----------
    before, after : Summary
        Printed figures of the same n patients; deviations with n − 1.
    r : Fraction or int
        Correlation of the two scores, −1 to 1.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        After − before.
    """
    mean, sd, n = _change(before, after, r)
    if not sd:
        return Estimate(mean, n=n, method="paired t, from printed figures", note=ALIKE)
    half = stats.t.ppf((1 + level) / 2, n - 1) * sd / sqrt(n)
    limits = (float(mean - half), float(mean + half), level)
    return Estimate(mean, *limits, n, method="paired t, from printed figures")


def paired_t(before: Summary, after: Summary, r) -> Estimate:
    """Paired t with its p-value, the figures as printed; parameters as in `mean_change`."""
    mean, sd, n = _change(before, after, r)
    return _t(mean, sd, n)


def d_z(before: Summary, after: Summary, r) -> Estimate:
    """Mean change over the deviation of the changes; parameters as in `mean_change`."""
    mean, sd, n = _change(before, after, r)
    if not sd:
        return Estimate(n=n, method="d_z", note=ALIKE)
    return Estimate(mean / sd, n=n, method="d_z, from printed figures")


def paired_t_range(
    before: Summary, after: Summary, *, r=(-1, 1), slack: bool = True
) -> tuple[Estimate, Estimate]:
    """Return the paired t nearest to 0 (largest p) and the one farthest from it.

    Parameters
    ----------
    before, after : Summary
        Printed figures of the same n patients.
    r : (number, number)
        Correlations that are thought possible.
    slack : bool
        Half a unit of the last printed digit on every figure.

    Examples
    --------
    >>> grid = {"n": 28, "low": 0, "high": 72, "step": "0.1"}
    >>> before, after = Summary("13.86", "2.76", **grid), Summary("5.56", "1.08", **grid)
    >>> least, most = paired_t_range(before, after, slack=False)
    >>> f"{least.estimate:.2f} {least.p_value:.1e}, {most.estimate:.2f} {most.p_value:.1e}"
    '-11.44 7.4e-12, -26.14 1.0e-20'
    """
    first, last = reach(before, slack=slack), reach(after, slack=slack)
    changes = sorted((y - x for x, y in product(first.mean, last.mean)), key=abs)
    near = Fraction(0) if min(changes) < 0 < max(changes) else changes[0]
    least, most = variance_of_sum(first, last, weights=CHANGE, r=r)
    return _t(float(near), sqrt(most), before.n), _t(float(changes[-1]), sqrt(least), before.n)


def pitman_morgan(before: Summary, after: Summary, r=0, *, slack: bool = False) -> Estimate:
    """Test equal variances of the two visits; r = 0 gives the t nearest to 0 of all correlations.

    Parameters
    ----------
    before, after : Summary
        Printed figures of the same n patients.
    r : Fraction or int
        Correlation of the two scores.
    slack : bool
        Take deviations as near to each other as rounding allows.

    Returns
    -------
    Estimate
        ``estimate`` = t, negative where the variance fell; two-sided p. Empty where a variance
        is 0 or |r| is 1.

    References
    ----------
    Pitman EJG. A note on normal correlation. Biometrika 1939;31:9-12. doi:10.1093/biomet/31.1-2.9
    """
    first, last = reach(before, slack=slack).sd, reach(after, slack=slack).sd
    x, y = min(product(first, last), key=lambda pair: abs(pair[0] - pair[1]))
    if max(first[0], last[0]) <= min(first[1], last[1]):
        x = y = max(first[0], last[0])
    n, scale = before.n, float(4 * x**2 * y**2 * (1 - Fraction(r) ** 2))
    method = "Pitman–Morgan, from printed figures"
    if not scale or n < 3:
        return Estimate(n=n, method=method, note="a variance is 0, or the scores are one line")
    t = float(y**2 - x**2) * sqrt((n - 2) / scale)
    return Estimate(t, n=n, p_value=_p(t, n - 2), method=method)


def standardised(before: Summary, after: Summary) -> dict[str, float]:
    """Give the effect sizes that need no correlation, the figures as printed.

    Parameters
    ----------
    before, after : Summary
        Printed figures of the same n patients.

    Returns
    -------
    dict
        ``d_av`` (average variance), ``g_av`` (times J(n − 1)), ``d_mean_sd`` (mean of the two
        deviations), ``delta_baseline`` (baseline deviation), ``ratio_of_means``, ``percent``,
        ``cv_before``, ``cv_after``. NaN where it divides by 0.

    References
    ----------
    Lakens D. Calculating and reporting effect sizes. Front Psychol 2013;4:863.
    doi:10.3389/fpsyg.2013.00863

    Examples
    --------
    >>> grid = {"n": 28, "low": 0, "high": 72, "step": "0.1"}
    >>> before, after = Summary("13.86", "2.76", **grid), Summary("5.56", "1.08", **grid)
    >>> {name: round(x, 3) for name, x in standardised(before, after).items()}["d_av"]
    -3.96
    """
    m0, s0, m1, s1 = (float(x) for x in (before.mean, before.sd, after.mean, after.sd))
    change, average = m1 - m0, sqrt((s0**2 + s1**2) / 2)
    d_av = _over(change, average)
    return {
        "d_av": d_av,
        "g_av": d_av * small_sample_factor(before.n - 1),
        "d_mean_sd": _over(change, (s0 + s1) / 2),
        "delta_baseline": _over(change, s0),
        "ratio_of_means": _over(m1, m0),
        "percent": _over(100 * change, m0),
        "cv_before": _over(s0, m0),
        "cv_after": _over(s1, m1),
    }


def _change(before, after, r) -> tuple[float, float, int]:
    first, last = reach(before, slack=False), reach(after, slack=False)
    variance, _ = variance_of_sum(first, last, weights=CHANGE, r=(r, r))
    return float(last.mean[0] - first.mean[0]), sqrt(variance), before.n


def _t(mean: float, sd: float, n: int) -> Estimate:
    method = "paired t, from printed figures"
    if not sd:
        return Estimate(n=n, method=method, note=ALIKE)
    t = mean / (sd / sqrt(n))
    return Estimate(t, n=n, p_value=_p(t, n - 1), method=method)


def _p(t: float, df: int) -> float:
    return float(2 * stats.t.sf(abs(t), df))


def _over(x: float, y: float) -> float:
    return x / y if y else nan
