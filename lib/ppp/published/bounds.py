"""What two printed means and deviations allow, over every correlation of the two scores.

Var(after − before) = s0² + s1² − 2·r·s0·s1; r is seldom printed, but is between −1 and 1. `before`
and `after` are printed figures of the same n patients, deviations with n − 1. For scores z =
w0·before + w1·after with mean m and variance v (dividing by n), the share with z ≤ 0 is at most v /
(v + m²) where m > 0 (Cantelli), and somebody has z ≤ 0 unless v < (n − 1)·m² (Samuelson); both
sharp, and exact here: whole numbers and fractions.
Morris SB, DeShon RP. Psychol Methods 2002;7:105-125. https://doi.org/10.1037/1082-989X.7.1.105
Cantelli FP. Atti Congr Int Mat Bologna 1928;6:47-59. Samuelson PA. J Am Stat Assoc
1968;63:1522-1525. https://doi.org/10.1080/01621459.1968.10480944
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, floor, nan, sqrt

from scipy import stats

from ppp.estimators.estimate import Estimate
from ppp.estimators.paired import small_sample_factor
from ppp.witness import Summary, printed_as

Range = tuple[Fraction, Fraction]
CHANGE = (Fraction(-1), Fraction(1))
METHOD = "paired t, from printed figures"
ALIKE = "all changes could be alike at this correlation, so there is no bound"


def reach(figures: Summary, *, slack: bool) -> tuple[Range, Range]:
    """Give least and greatest mean, and deviation: as printed, or half a last digit either way."""
    if not slack:
        return (Fraction(figures.mean),) * 2, (Fraction(figures.sd),) * 2
    means, sds = printed_as(figures.mean), printed_as(figures.sd)
    return (means.low, means.high), (max(sds.low, Fraction(0)), sds.high)


def variance_of_sum(first: Range, last: Range, *, weights: Range, r) -> Range:
    """Return the least and the greatest variance of w0·before + w1·after, w0 and w1 of two signs.

    `first` and `last` are the least and the greatest deviation at each visit, `r` the correlations.
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
    """Return the paired t nearest to 0 (largest p) and farthest from it, for correlations in `r`.

    `slack` is half a unit of the last printed digit on every figure.
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
    Pitman EJG. Biometrika 1939;31:9-12. https://doi.org/10.1093/biomet/31.1-2.9
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
    """Give the effect sizes that need no correlation, as printed; NaN where one divides by 0.

    ``d_av`` (average variance), ``g_av`` (times J(n − 1)), ``d_mean_sd`` (mean of both deviations),
    ``delta_baseline`` (baseline deviation), ``percent``, ratio and coefficients of variation.
    Lakens D. Front Psychol 2013;4:863. https://doi.org/10.3389/fpsyg.2013.00863
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


@dataclass(frozen=True)
class Counts:
    """The smallest and the largest number of n patients."""

    smallest: int
    largest: int
    n: int


def responders(before: Summary, after: Summary, percent, *, sign: int = 1, **how) -> Counts:
    """Bound the number of patients whose score improved by at least so many percent.

    `sign` is 1 where a lower score is better, else −1. In `how`: ``r``, the correlations (−1, 1);
    ``slack`` (True), half a last digit on every figure; deviations divide by n − ``ddof`` (1).
    """
    limit = 1 - sign * Fraction(percent) / 100
    return _bounds(before, after, (-sign * limit, Fraction(sign)), **how)


def not_improved(before: Summary, after: Summary, *, sign: int = 1, **how) -> Counts:
    """Bound the number of patients whose score did not improve; parameters as in `responders`."""
    return _bounds(before, after, (Fraction(sign), Fraction(-sign)), **how)


def count_bounds(mean, variance, n: int) -> Counts:
    """Bound how many of n numbers are 0 or less, by least and greatest mean and variance (by n)."""
    (m_low, m_high), (v_low, v_high) = mean, variance
    if m_low > 0:
        largest = floor(n * v_high / (v_high + m_low**2))
    else:
        largest = n if v_low <= (n - 1) * m_low**2 else n - 1
    if m_high > 0:
        smallest = 0 if v_low < (n - 1) * m_high**2 else 1
    else:
        share = v_high / (v_high + m_high**2) if v_high else Fraction(0)
        smallest = n - max(ceil(n * share) - 1, 0)
    return Counts(smallest, largest, n)


def _bounds(before, after, weights, *, r=(-1, 1), slack: bool = True, ddof: int = 1) -> Counts:
    n = before.n
    (m0, s0), (m1, s1) = reach(before, slack=slack), reach(after, slack=slack)
    means = [weights[0] * x + weights[1] * y for x, y in product(m0, m1)]
    variances = variance_of_sum(s0, s1, weights=weights, r=r)
    spread = [variance * (n - ddof) / n for variance in variances]
    smallest = count_bounds((max(means),) * 2, spread, n).smallest
    return Counts(smallest, count_bounds((min(means),) * 2, spread, n).largest, n)


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
