"""Paired statistics from two means and deviations, over every correlation of the two scores.

Var(after − before) = s0² + s1² − 2·r·s0·s1; r is seldom printed, but is between −1 and 1. In all
functions `before` and `after` are printed figures of the same n patients, deviations with n − 1.

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
from ppp.witness import Summary, printed_as

Range = tuple[Fraction, Fraction]
CHANGE = (Fraction(-1), Fraction(1))
METHOD = "paired t, from printed figures"
ALIKE = "all changes could be alike at this correlation, so there is no bound"


def reach(figures: Summary, *, slack: bool) -> tuple[Range, Range]:
    """Give the least and the greatest mean, and deviation, that printed figures stand for.

    They are the figures as printed, or with half a unit of the last digit either way.

    Examples
    --------
    >>> means, sds = reach(Summary("5.56", "1.08", n=28, low=0, high=72), slack=True)
    >>> [float(x) for x in (*means, *sds)]
    [5.555, 5.565, 1.075, 1.085]
    """
    if not slack:
        return (Fraction(figures.mean),) * 2, (Fraction(figures.sd),) * 2
    means, sds = printed_as(figures.mean), printed_as(figures.sd)
    return (means.low, means.high), (max(sds.low, Fraction(0)), sds.high)


def variance_of_sum(first: Range, last: Range, *, weights: Range, r) -> Range:
    """Return the least and the greatest variance of w0·before + w1·after, w0 and w1 of two signs.

    Parameters
    ----------
    first, last : (Fraction, Fraction)
        Least and greatest deviation at each visit.
    weights : (Fraction, Fraction)
    r : (number, number)
        The least and the greatest correlation; whole numbers or fractions.
    """
    a, b = ([abs(w) * sd for sd in sds] for w, sds in zip(weights, (first, last), strict=True))
    low, high = Fraction(r[0]), Fraction(r[1])

    def variance(x, y, rho):
        return x**2 + y**2 - 2 * rho * x * y

    near = [(x, min(max(high * x, b[0]), b[1])) for x in a]
    near += [(min(max(high * y, a[0]), a[1]), y) for y in b]
    least = min(variance(x, y, high) for x, y in near)
    return least, max(variance(x, y, low) for x, y in product(a, b))


def mean_change(before: Summary, after: Summary, r, *, level: float = 0.95) -> Estimate:
    """Mean change, after − before, with the interval of the paired t at correlation r."""
    mean, sd, n = _change(before, after, r)
    if not sd:
        return Estimate(mean, n=n, method=METHOD, note=ALIKE)
    half = stats.t.ppf((1 + level) / 2, n - 1) * sd / sqrt(n)
    return Estimate(mean, float(mean - half), float(mean + half), level, n, method=METHOD)


def paired_t(before: Summary, after: Summary, r) -> Estimate:
    """Paired t with its p-value, the figures as printed, at correlation r."""
    return _t(*_change(before, after, r))


def d_z(before: Summary, after: Summary, r) -> Estimate:
    """Mean change over the deviation of the changes, the figures as printed, at correlation r."""
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
    (m0, s0), (m1, s1) = reach(before, slack=slack), reach(after, slack=slack)
    changes = sorted((y - x for x, y in product(m0, m1)), key=abs)
    near = Fraction(0) if min(changes) < 0 < max(changes) else changes[0]
    least, most = variance_of_sum(s0, s1, weights=CHANGE, r=r)
    return _t(float(near), sqrt(most), before.n), _t(float(changes[-1]), sqrt(least), before.n)


def pitman_morgan(before: Summary, after: Summary, r=0, *, slack: bool = False) -> Estimate:
    """Test equal variances of the two visits; r = 0 gives the t nearest to 0 of all correlations.

    With `slack`, the deviations are as near to each other as rounding allows. ``estimate`` is t,
    negative where the variance fell; empty where a variance is 0 or |r| is 1.

    References
    ----------
    Pitman EJG. A note on normal correlation. Biometrika 1939;31:9-12. doi:10.1093/biomet/31.1-2.9
    """
    first, last = reach(before, slack=slack)[1], reach(after, slack=slack)[1]
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
    (m0, s0), (m1, s1) = reach(before, slack=False), reach(after, slack=False)
    variance, _ = variance_of_sum(s0, s1, weights=CHANGE, r=(r, r))
    return float(m1[0] - m0[0]), sqrt(variance), before.n


def _t(mean: float, sd: float, n: int) -> Estimate:
    if not sd:
        return Estimate(n=n, method=METHOD, note=ALIKE)
    t = mean / (sd / sqrt(n))
    return Estimate(t, n=n, p_value=_p(t, n - 1), method=METHOD)


def _p(t: float, df: int) -> float:
    return float(2 * stats.t.sf(abs(t), df))


def _over(x: float, y: float) -> float:
    return x / y if y else nan
