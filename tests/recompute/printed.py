"""Printed figures: the file that holds them, how numbers are rounded, and what n scores can give.

Counted in steps above its minimum, a score is a whole number from 0 to ``top``; n of them have a
whole sum S and a whole sum of squares Q. Some n scores have S and Q if the excess of Q over that
of the most even split comes from spreading pairs of equal scores by t, each of which adds 2t²;
where it does not, because an end of the range is near, all scores are tried.
"""

import csv
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import ceil, floor, isqrt

ROUNDING = ("half_up", "half_even", "half_down")
RULES = (*ROUNDING, "truncation", "ceiling")
DIVISORS = {"n − 1": 1, "n": 0}
COUNTS = ("count", "responder", "adverse_event")
MOST_BITS = 14


@dataclass(frozen=True)
class Figure:
    """One line of the file; `value` has the printed decimals."""

    key: str
    kind: str
    value: Decimal
    decimals: int
    n: int | None
    field: str
    week: int | None
    level: str
    group: str
    grid: tuple

    @property
    def where(self):
        return {"group": self.group, "week": self.week, "level": self.level}

    @property
    def units(self):
        """The printed digits, as a whole number of units of the last."""
        return int(self.value.scaleb(self.decimals))

    @property
    def half(self):
        """Half a unit of the last digit."""
        return Fraction(1, 2 * 10**self.decimals)


def read(path):
    """The figures of a file, in its order."""
    with open(path, encoding="utf-8", newline="") as file:
        return [_figure(line) for line in csv.DictReader(file)]


def _figure(line):
    decimals = int(line["decimals"])
    value = Decimal(line["value"]).quantize(Decimal(1).scaleb(-decimals))
    n, week = (int(line[name]) if line[name] else None for name in ("n", "week"))
    grid = tuple(Fraction(line[name]) for name in ("min", "max", "step") if line[name])
    group = line["group"] or "all"
    return Figure(
        line["key"],
        line["kind"],
        value,
        decimals,
        n,
        line["field"],
        week,
        line["level"],
        group,
        grid,
    )


@dataclass(frozen=True)
class Pair:
    """A mean and the SD beside it."""

    mean: Figure
    sd: Figure

    @property
    def n(self):
        return self.mean.n

    @property
    def top(self):
        low, high, step = self.mean.grid
        return int((high - low) / step)

    def sums(self, n, rule):
        """All sums, in steps, whose mean prints as the mean."""
        low, _, step = self.mean.grid
        centre = (Fraction(self.mean.value) - low) * n / step
        reach = 2 * self.mean.half * n / step
        near = range(max(0, ceil(centre - reach)), min(n * self.top, floor(centre + reach)) + 1)
        means = {total: low + step * Fraction(total, n) for total in near}
        return [
            total
            for total, mean in means.items()
            if rounded(mean, self.mean.decimals, rule) == self.mean.units
        ]

    def squares(self, n, total, rule, ddof):
        """All sums of squares, in steps, whose SD prints as the SD."""
        step, sd = self.mean.grid[2], Fraction(self.sd.value)
        least, most = (
            (n - ddof) * max(Fraction(0), sd + sign * 2 * self.sd.half) ** 2 / step**2
            + Fraction(total**2, n)
            for sign in (-1, 1)
        )
        for squares in range(ceil(least), floor(most) + 1):
            variance = step**2 * (squares - Fraction(total**2, n)) / (n - ddof)
            if rounded_root(variance, self.sd.decimals, rule) == self.sd.units:
                yield squares

    def has_mean(self, n, rule):
        return bool(self.sums(n, rule))

    def fits(self, n, rule, ddof):
        """Whether some n scores have both the mean and the SD."""
        return _fits(self, n, rule, ddof)

    def sd_occurs(self):
        """Whether n scores have the SD, beside the mean or, if none have that, the next means."""
        if any(self.has_mean(self.n, rule) for rule in ROUNDING):
            return any(self.fits(self.n, rule, ddof) for rule in ROUNDING for ddof in (1, 0))
        return any(near.fits(near.n, "half_up", 1) for near in self._beside())

    def _beside(self):
        low, _, step = self.mean.grid
        below = floor((Fraction(self.mean.value) - low) * self.n / step)
        for total in {below, below + 1} & set(range(self.n * self.top + 1)):
            decimals = self.mean.decimals
            units = rounded(low + step * Fraction(total, self.n), decimals, "half_up")
            yield replace(self, mean=replace(self.mean, value=Decimal(units).scaleb(-decimals)))

    def ways(self):
        """Every rule and divisor by which n scores have both."""
        return [
            (rule, name)
            for rule in RULES
            for name, ddof in DIVISORS.items()
            if self.fits(self.n, rule, ddof)
        ]


def pairs(figures):
    """Means, each with the SD of the same field, week and group."""
    at = {(f.field, f.week, f.group): f for f in figures if f.kind == "sd"}
    means = [f for f in figures if f.kind == "mean"]
    return [Pair(f, at[key]) for f in means if (key := (f.field, f.week, f.group)) in at]


@cache
def _fits(pair, n, rule, ddof):
    return any(
        reachable(total, list(pair.squares(n, total, rule, ddof)), n, pair.top)
        for total in pair.sums(n, rule)
    )


def rounded(x, decimals, rule):
    """The printed digits of a fraction, as a whole number of units."""
    size = abs(x) * 10**decimals
    whole = floor(size)
    side = 2 * (size - whole) - 1
    if x < 0:
        return -_up(whole, size > whole, side, "truncation" if rule == "ceiling" else rule)
    return _up(whole, size > whole, side, rule)


def rounded_root(variance, decimals, rule):
    """The printed digits of the square root of a fraction, without drawing it."""
    size = variance * 100**decimals
    whole = isqrt(floor(size))
    return _up(whole, size > whole**2, size - (whole + Fraction(1, 2)) ** 2, rule)


def _up(whole, more, side, rule):
    """Round a number up or not: `more` than its whole part, on which `side` of the half."""
    up = {
        "half_up": side >= 0,
        "half_even": side > 0 or (side == 0 and whole % 2 == 1),
        "half_down": side > 0,
        "truncation": False,
        "ceiling": more,
    }
    return whole + up[rule]


def reachable(total, candidates, n, top):
    """Whether n whole numbers from 0 to `top` have this sum and one of these sums of squares."""
    candidates = [squares for squares in candidates if (squares - total) % 2 == 0]
    centre, above = divmod(total, n)
    even = (n - above) * centre**2 + above * (centre + 1) ** 2
    excess = [(squares - even) // 2 for squares in candidates if squares >= even]
    if not excess:
        return False
    room = min(centre, top - centre - (above > 0))
    spread = _sums_of_squares(above // 2 + (n - above) // 2, room, max(excess))
    if any(spread >> more & 1 for more in excess):
        return True
    about = [squares - 2 * centre * total + n * centre**2 for squares in candidates]
    sets = _all_scores(n, -centre, top - centre, max(about).bit_length()).get(total - n * centre, 0)
    return any(sets >> squares & 1 for squares in about if squares >= 0)


@cache
def _sums_of_squares(count, largest, most):
    """Which numbers up to `most` are sums of `count` squares of 0 to `largest`, as bits."""
    within = (1 << (most + 1)) - 1
    found = 1
    for _ in range(count):
        longer = 0
        for root in range(min(largest, isqrt(most)) + 1):
            longer |= found << root**2
        found = longer & within
    return found


@cache
def _all_scores(n, low, high, bits):
    """Sums of n whole numbers from `low` to `high`, each with its sums of squares below 2^bits."""
    if bits > MOST_BITS:
        raise ValueError("too fine a grid to try all scores")
    if n == 0:
        return {0: 1}
    within, largest = (1 << (1 << bits)) - 1, isqrt((1 << bits) - 1)
    found = {}
    for total, squares in _all_scores(n - 1, low, high, bits).items():
        for value in range(max(low, -largest), min(high, largest) + 1):
            moved = squares << value**2 & within
            if moved:
                found[total + value] = found.get(total + value, 0) | moved
    return found
