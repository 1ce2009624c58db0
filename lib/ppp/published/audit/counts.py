"""How many patients can have responded, whatever the correlation and the distribution.

For scores z = w0·before + w1·after with mean m and variance v (dividing by n), the share with
z ≤ 0 is at most v / (v + m²) where m > 0 (Cantelli), and somebody has z ≤ 0 unless
v < (n − 1)·m² (Samuelson). Both are sharp, and they are exact here: whole numbers and fractions.

References
----------
Cantelli FP. Sui confini della probabilità. Atti Congr Int Mat Bologna 1928;6:47-59.
Samuelson PA. How deviant can you be? J Am Stat Assoc 1968;63:1522-1525.
doi:10.1080/01621459.1968.10480944
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, floor

from ppp.published.audit.change import reach, variance_of_sum
from ppp.witness import Summary


@dataclass(frozen=True)
class Counts:
    """The smallest and the largest number of n patients."""

    smallest: int
    largest: int
    n: int


def responders(before: Summary, after: Summary, percent, *, sign: int = 1, **how) -> Counts:
    """Bound the number of patients whose score improved by at least so many percent.

    Parameters
    ----------
    before, after : Summary
        Printed figures of the same n patients.
    percent : number
        50, 75, 90, 100.
    sign : int
        1 where a lower score is better, else −1.
    **how
        ``r`` (default (−1, 1)): correlations of the two scores that are thought possible, whole
        numbers or fractions; ``slack`` (default True): half a unit of the last printed digit on
        every figure; ``ddof`` (default 1): the printed deviations divide by n − ddof.

    Examples
    --------
    >>> grid = {"n": 28, "low": 0, "high": 72, "step": "0.1"}
    >>> before, after = Summary("13.86", "2.76", **grid), Summary("5.56", "1.08", **grid)
    >>> [responders(before, after, percent).largest for percent in (50, 75, 90, 100)]
    [28, 11, 2, 0]
    """
    limit = 1 - sign * Fraction(percent) / 100
    return _bounds(before, after, (-sign * limit, Fraction(sign)), **how)


def not_improved(before: Summary, after: Summary, *, sign: int = 1, **how) -> Counts:
    """Bound the number of patients whose score did not improve; parameters as in `responders`."""
    return _bounds(before, after, (Fraction(sign), Fraction(-sign)), **how)


def _bounds(before, after, weights, *, r=(-1, 1), slack: bool = True, ddof: int = 1) -> Counts:
    n = before.n
    (m0, s0), (m1, s1) = reach(before, slack=slack), reach(after, slack=slack)
    means = [weights[0] * x + weights[1] * y for x, y in product(m0, m1)]
    variances = variance_of_sum(s0, s1, weights=weights, r=r)
    spread = [variance * (n - ddof) / n for variance in variances]
    return Counts(
        smallest=count_bounds((max(means), max(means)), spread, n).smallest,
        largest=count_bounds((min(means), min(means)), spread, n).largest,
        n=n,
    )


def count_bounds(mean, variance, n: int) -> Counts:
    """Bound how many of n numbers are 0 or less.

    Parameters
    ----------
    mean, variance : (Fraction, Fraction)
        Least and greatest; the variance divides by n.
    n : int

    Examples
    --------
    >>> count_bounds((Fraction(1), Fraction(1)), (Fraction(1), Fraction(1)), 10)
    Counts(smallest=0, largest=5, n=10)
    """
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
