"""The numbers that printed figures may stand for."""

from dataclasses import dataclass
from fractions import Fraction

from ppp.witness import Summary, printed_as


@dataclass(frozen=True)
class Reach:
    """Least and greatest mean and standard deviation."""

    mean: tuple[Fraction, Fraction]
    sd: tuple[Fraction, Fraction]


def reach(figures: Summary, *, slack: bool) -> Reach:
    """Give the figures as printed, or with half a unit of the last digit either way.

    Examples
    --------
    >>> found = reach(Summary("5.56", "1.08", n=28, low=0, high=72), slack=True)
    >>> [float(x) for x in (*found.mean, *found.sd)]
    [5.555, 5.565, 1.075, 1.085]
    """
    mean, sd = Fraction(figures.mean), Fraction(figures.sd)
    if not slack:
        return Reach((mean, mean), (sd, sd))
    means, sds = printed_as(figures.mean), printed_as(figures.sd)
    return Reach((means.low, means.high), (max(sds.low, Fraction(0)), sds.high))
