"""GRIM and GRIMMER, exact: whether n scores on a grid can have the printed mean and deviation.

References
----------
Brown NJL, Heathers JAJ. Soc Psychol Personal Sci 2017;8:363-369. doi:10.1177/1948550616673876.
Anaya J. PeerJ Preprints 2016;4:e2400v1. doi:10.7287/peerj.preprints.2400v1
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

from ppp.witness import RULES, Summary, find, printed_as, sums

ROUNDING = ("half_up", "half_even", "half_down")
FAMILIES = {"rounding": ROUNDING, "truncation": ("truncation",), "ceiling": ("ceiling",)}
DIVISORS = {1: "n − 1", 0: "n"}
BELOW, ABOVE = 8, 12


@dataclass(frozen=True)
class Attainable:
    """What the printed mean and deviation of n scores allow.

    `means` are the rules of rounding by which some data set has the mean; `both` the rules, with
    the ddof of the deviation (1: n − 1, 0: n), by which one has mean and deviation, and `witness`
    is one by the first of them. `mean_can_fail` and `sd_can_fail` are False where every figure with
    so many decimals is attainable at this n. `neighbours` are the nearest attainable means as
    rounding prints them, where the mean is not one; `sd_at_neighbours` those of them, with the
    ddof, at which rounding gives the printed deviation.
    """

    figures: Summary
    means: tuple[str, ...]
    both: tuple[tuple[str, int], ...]
    mean_can_fail: bool
    sd_can_fail: bool
    neighbours: tuple[Decimal, ...]
    sd_at_neighbours: tuple[tuple[Decimal, int], ...]
    witness: tuple[Decimal, ...] | None

    @property
    def mean_rounds(self) -> bool:
        """Whether the mean is attainable by rounding proper, not by truncation or ceiling only."""
        return bool(set(self.means) & set(ROUNDING))

    @property
    def both_round(self) -> bool:
        """Whether mean and deviation are, together, by either definition of the deviation."""
        return any(rule in ROUNDING for rule, _ in self.both)

    @property
    def sd_rounds(self) -> bool:
        """Whether the deviation is, beside its mean or, where that is unattainable, the next."""
        if self.mean_rounds:
            return self.both_round
        return any(ddof == 1 for _, ddof in self.sd_at_neighbours)


def attainable(figures: Summary) -> Attainable:
    """Try five rounding rules and both definitions of the standard deviation."""
    means = tuple(rule for rule in RULES if sums(figures, rule))
    ways = [(rule, ddof) for rule in means for ddof in DIVISORS]
    data = {way: find(figures, rule=way[0], ddof=way[1]) for way in ways}
    both = tuple(way for way in ways if data[way] is not None)
    neighbours = () if set(means) & set(ROUNDING) else nearest_means(figures)
    beside = [(mean, ddof) for mean in neighbours for ddof in DIVISORS]
    fitting = (at for at in beside if find(replace(figures, mean=at[0]), ddof=at[1]) is not None)
    return Attainable(
        figures=figures,
        means=means,
        both=both,
        mean_can_fail=mean_can_fail(figures),
        sd_can_fail=sd_can_fail(figures),
        neighbours=neighbours,
        sd_at_neighbours=tuple(fitting),
        witness=data[both[0]] if both else None,
    )


def mean_can_fail(figures: Summary) -> bool:
    """Tell whether some mean with so many decimals is unattainable: a step exceeds n units."""
    unit = Fraction(_unit(figures.mean))
    spacing = Fraction(figures.step) / figures.n
    return spacing > unit or (spacing == unit and Fraction(figures.low) % unit != 0)


def sd_can_fail(figures: Summary) -> bool:
    """Tell whether a deviation this large, with so many decimals, can be missed by all data.

    Sums of squares come in twos. Where the variances that are printed alike span two of them, each
    attainable mean has data with this deviation, short of the ends of the range.
    """
    variances = printed_as(figures.sd).squared()
    scale = (figures.n - 1) / Fraction(figures.step) ** 2
    return (variances.high - variances.low) * scale < 2


def nearest_means(figures: Summary) -> tuple[Decimal, ...]:
    """Give the attainable means next to the printed one, as rounding half up prints them."""
    n, low, step = figures.n, Fraction(figures.low), Fraction(figures.step)
    below = floor((Fraction(figures.mean) - low) * n / step)
    sums_around = [k for k in (below, below + 1) if 0 <= k <= n * figures.top]
    means = (low + Fraction(k) * step / n for k in sums_around)
    exact = (Decimal(mean.numerator) / Decimal(mean.denominator) for mean in means)
    return tuple(mean.quantize(_unit(figures.mean), ROUND_HALF_UP) for mean in exact)


def nearby(n: int) -> range:
    """Return the sample sizes that are tried beside n: 20 to 40 for 28."""
    return range(max(2, n - BELOW), n + ABOVE + 1)


def sizes_by_family(figures: Iterable[Summary]) -> dict[str, tuple[list[int], list[int]]]:
    """List, by family of rules, the sizes near n that fit all means, and all means and deviations.

    `figures` are of one score; one n has to fit all of them.
    """
    figures = list(figures)
    near = nearby(figures[0].n)
    return {
        family: tuple(fitting_sizes(figures, near, rules=rules, ddofs=d) for d in (None, DIVISORS))
        for family, rules in FAMILIES.items()
    }


def fitting_sizes(
    figures: Iterable[Summary], sizes: Iterable[int], *, rules=ROUNDING, ddofs=None
) -> list[int]:
    """List the sample sizes that allow all printed means, by one rule for all of them.

    The own n of `figures` is not used; each size may use any one of the `rules`. With `ddofs` the
    deviations must fit too, by any one of these definitions.
    """
    figures = list(figures)

    def fits(size, rule):
        sized = [replace(each, n=size) for each in figures]
        if not all(sums(each, rule) for each in sized):
            return False
        return ddofs is None or any(
            all(find(each, rule=rule, ddof=ddof) is not None for each in sized) for ddof in ddofs
        )

    return [size for size in sizes if any(fits(size, rule) for rule in rules)]


def _unit(figure: Decimal) -> Decimal:
    return Decimal(1).scaleb(figure.as_tuple().exponent)
