"""Whole-number data sets with a given mean and standard deviation, as printed to their last digit.

A score that moves in steps can only have certain means and standard deviations. Counted in steps
above its minimum, n scores are whole numbers with a whole sum S and a whole sum of squares Q. So
the printed figures leave finitely many pairs (S, Q), and each is decided exactly, on whole numbers
and fractions; floating point only says which number is tried first.

References
----------
Brown NJL, Heathers JAJ. The GRIM test. Soc Psychol Personal Sci 2017;8:363.
doi:10.1177/1948550616673876
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from heapq import merge
from itertools import count, islice
from math import ceil, floor, isqrt
from random import Random
from typing import NamedTuple

FIRST_PATIENCE = 1_000


@dataclass(frozen=True)
class Summary:
    """Printed mean and deviation of n ≥ 2 scores from `low` to `high`, both included, in steps.

    Numbers are whole, ``Decimal`` or text, never floats: in ``"10.50"`` the last 0 counts.
    """

    mean: str | Decimal | int
    sd: str | Decimal | int
    n: int
    low: str | Decimal | int
    high: str | Decimal | int
    step: str | Decimal | int = 1

    def __post_init__(self):
        for name in ("mean", "sd", "low", "high", "step"):
            value = getattr(self, name)
            if isinstance(value, float):
                raise TypeError(f"{name} must be text, Decimal or int, not a float: '{value}'")
            object.__setattr__(self, name, Decimal(value))
        if self.n < 2 or self.sd < 0 or self.step <= 0 or self.high < self.low:
            raise ValueError(f"n at least 2, sd not negative, step above 0, low to high: {self}")

    @property
    def top(self) -> int:
        """Steps from `low` to the highest score."""
        return int((self.high - self.low) // self.step)


class Interval(NamedTuple):
    """The numbers that are printed alike; an end belongs to it when it is closed."""

    low: Fraction
    high: Fraction
    low_closed: bool
    high_closed: bool

    def squared(self) -> "Interval":
        """Squares of the numbers that are not negative: variances in place of deviations."""
        if self.low < 0:
            return Interval(Fraction(0), self.high**2, True, self.high_closed)
        return self._replace(low=self.low**2, high=self.high**2)

    def scaled(self, factor: Fraction, shift: Fraction = Fraction(0)) -> "Interval":
        """Each number times a factor above 0, plus a shift."""
        return self._replace(low=self.low * factor + shift, high=self.high * factor + shift)

    def integers(self) -> range:
        """Whole numbers in the interval, ascending."""
        first = ceil(self.low) + (not self.low_closed and self.low.denominator == 1)
        last = floor(self.high) - (not self.high_closed and self.high.denominator == 1)
        return range(first, last + 1)


RULES = {  # printed value v and its last unit u -> what is printed so; halves up means upwards
    "half_up": lambda v, u: Interval(v - u / 2, v + u / 2, True, False),
    "half_even": lambda v, u: Interval(v - u / 2, v + u / 2, *(v / u % 2 == 0,) * 2),
    "half_down": lambda v, u: Interval(v - u / 2, v + u / 2, False, True),
    "truncation": lambda v, u: Interval(v - u * (v <= 0), v + u * (v >= 0), v > 0, v < 0),
    "ceiling": lambda v, u: Interval(v - u, v, False, True),
}


def printed_as(figure: Decimal, rule: str = "half_up") -> Interval:
    """Numbers that a rounding rule, a key of `RULES`, prints as this figure with its decimals.

    Half up and ceiling go upwards, half down goes downwards, truncation towards 0, also of negative
    numbers.

    >>> interval = printed_as(Decimal("2.03"))
    >>> float(interval.low), float(interval.high), interval.high_closed
    (2.025, 2.035, False)
    """
    unit = Fraction(Decimal(1).scaleb(figure.as_tuple().exponent))
    return RULES[rule](Fraction(figure), unit)


def sums(summary: Summary, rule: str = "half_up") -> range:
    """List the sums, in steps above the minimum, whose mean prints as the figure.

    Where there is none, no data set has the printed mean.

    >>> list(sums(Summary("12.54", "4.56", n=28, low=0, high=30)))
    [351]
    >>> list(sums(Summary("12.55", "4.56", n=28, low=0, high=30)))
    []
    """
    n, low, step = summary.n, Fraction(summary.low), Fraction(summary.step)
    printed = printed_as(summary.mean, rule).scaled(n / step, -n * low / step).integers()
    return _overlap(printed, range(n * summary.top + 1))


def moments(summary: Summary, *, rule: str = "half_up", ddof: int = 1) -> Iterator[tuple[int, int]]:
    """List sums S and sums of squares Q, in steps above the minimum, that print as the figures.

    Q ≡ S (mod 2), and Q is between those of the most even and the most uneven data; the pairs
    nearest to the middle come first. Parameters as in `find`. That a pair is listed does not mean
    that a data set has it: `with_moments` decides.
    """
    n = summary.n
    unit = (n - ddof) / Fraction(summary.step) ** 2
    variances = printed_as(summary.sd, rule).squared().scaled(unit)
    if 4 * variances.low > n * summary.top**2:
        return
    for total in _from_the_middle(sums(summary, rule)):
        printed = variances.scaled(Fraction(1), Fraction(total**2, n)).integers()
        least, most = _extreme_squares(total, n, summary.top)
        for squares in _from_the_middle(printed, range(least, most + 1)):
            if (squares - total) % 2 == 0:
                yield total, squares


def find(
    summary: Summary, *, rule: str = "half_up", ddof: int = 1, seed: int = 0
) -> tuple[Decimal, ...] | None:
    """Find scores with the printed mean and standard deviation, or show that there are none.

    The n scores ascend; None when no data set has these figures. `rule`, a key of `RULES`, is how
    they were rounded; the standard deviation divides by n − `ddof`: 1 of a sample, 0 of a
    population. Which of the many data sets, is up to the `seed`.

    >>> find(Summary("2.00", "1.00", n=3, low=0, high=4))
    (Decimal('1'), Decimal('2'), Decimal('3'))

    351/28 = 12.536 and 352/28 = 12.571, so 28 whole numbers cannot have a mean of 12.55:

    >>> find(Summary("12.55", "4.56", n=28, low=0, high=30)) is None
    True
    """
    hard: list[tuple] = []
    pairs = moments(summary, rule=rule, ddof=ddof)
    for starts, attempts in ((pairs, 2), (hard, None)):
        for total, squares in starts:
            start = (summary.n, total, squares)
            steps, decided = _search(start, summary.top, seed, attempts)
            if steps is not None:
                return tuple(summary.low + k * summary.step for k in steps)
            if not decided:
                hard.append((total, squares))
    return None


def with_moments(
    total: int, squares: int, *, n: int, top: int, seed: int = 0
) -> tuple[int, ...] | None:
    """Find n whole numbers from 0 to `top`, ascending, with a given sum and sum of squares, if any.

    A depth-first search, which draws each number near what the rest must look like, turns back
    where the rest is out of reach, and never enters a dead end twice. It is exhaustive, and takes
    milliseconds, but for hundreds of steps with nearly the largest spread: seconds, or minutes.

    >>> with_moments(6, 14, n=3, top=3), with_moments(6, 16, n=3, top=3)
    ((1, 2, 3), None)
    """
    return _search((n, total, squares), top, seed, None)[0]


def _search(start: tuple, top: int, seed: int, attempts: int | None) -> tuple:
    """Return a data set or None, and whether that is decided rather than given up in `attempts`."""
    n, total, squares = start
    if not _within_reach(total, squares, n, top):
        return None, True
    draws, dead = Random(seed), set()
    for attempt in islice(count(), attempts):
        values = _attempt(start, top, draws, dead, attempt)
        if values is not None or start in dead:
            return values, True
    return None, False


def _attempt(start: tuple, top: int, draws: Random, dead: set, attempt: int) -> tuple | None:
    """Search until a data set is found, the start is `dead`, or the attempt has cost enough."""
    ends_first, patience = attempt % 2, FIRST_PATIENCE << attempt
    path = [(None, start, _branches(*start, top, draws, ends_first))]
    while path and patience:
        _, state, branches = path[-1]
        rest = _closed(*state, top)
        if rest is not None:
            return tuple(sorted([*(value for value, *_ in path[1:]), *rest]))
        value = next(branches, None)
        patience -= 1
        if value is None:
            dead.add(state)
            path.pop()
            continue
        after = (state[0] - 1, state[1] - value, state[2] - value**2)
        if after not in dead:
            path.append((value, after, _branches(*after, top, draws, ends_first)))
    return None


def _branches(n, total, squares, top, draws: Random, ends_first: int) -> Iterator[int]:
    """Values the next number may take, the likeliest first.

    Near the largest sum of squares most numbers are 0 or `top`. These come either first, until
    the rest has room, or last, together: `_closed` sees to them there.
    """
    if n <= 2:
        return
    # the variance exceeds a third of its maximum, that of 0 and `top` alone
    crowded = 3 * n * (top * total - squares) < 2 * total * (n * top - total)
    if crowded and ends_first:
        guess, inside = top * (draws.random() * n * top < total), 0
    else:
        guess, inside = _guess(n, total, squares, top, draws, crowded), crowded
    for value in _nearest(range(inside, top + 1 - inside), guess):
        if _within_reach(total - value, squares - value**2, n - 1, top):
            yield value


def _guess(n, total, squares, top, draws: Random, crowded: bool) -> float:
    """Draw from a bell curve; where the spread leaves no room for one, from two heaps."""
    mean, excess = total / n, (top * total - squares) / n
    if crowded:
        side = 1 if draws.random() * top < mean else -1
        return (top + side * max(top**2 - 4 * excess, 0) ** 0.5) / 2
    spread = max(n * squares - total**2, 0) ** 0.5 / n
    return mean + spread * (sum(draws.random() for _ in range(12)) - 6)


def _closed(n: int, total: int, squares: int, top: int) -> tuple[int, ...] | None:
    """Solve what needs no search: one number, a pair, or nothing but 0 and `top`."""
    if n == 1:
        return (total,) if squares == total**2 else None
    if n == 2:
        return _pair(total, squares, top)
    full, rest = divmod(total, top) if top else (0, 0)
    if rest or squares != top * total:
        return None
    return (0,) * (n - full) + (top,) * full if full <= n else None


def _within_reach(total: int, squares: int, n: int, top: int) -> bool:
    """Whether the sum of squares is between those of the most even and the most uneven split."""
    if not 0 <= total <= n * top or (squares - total) % 2:
        return False
    if n == 0 or top == 0:
        return squares == 0
    least, most = _extreme_squares(total, n, top)
    return least <= squares <= most and _at_the_ends(total, squares, n, top)


def _extreme_squares(total: int, n: int, top: int) -> tuple[int, int]:
    """Return the sums of squares of the most even and the most uneven split of a sum."""
    if top == 0:
        return 0, 0
    (share, over), (full, rest) = divmod(total, n), divmod(total, top)
    return n * share**2 + over * (2 * share + 1), full * top**2 + rest**2


def _at_the_ends(total: int, squares: int, n: int, top: int) -> bool:
    """Whether the distances to the nearer end, 0 or `top`, can add up.

    With distances that sum to d, ``top * d - (top * total - squares)`` is the sum of their squares:
    at least d² / n and d, at most d² and d * top / 2.
    """
    excess = top * total - squares
    least = max(-(-excess // top), min(total % top, -total % top))
    for distance in range(least, 2 * excess // top + 1):
        their_squares = top * distance - excess
        if distance > top:
            return True
        if distance <= their_squares <= distance**2 <= n * their_squares:
            return True
    return excess == 0 and total % top == 0


def _pair(total: int, squares: int, top: int) -> tuple[int, int] | None:
    """Solve a + b = total, a² + b² = squares in whole numbers from 0 to `top`."""
    discriminant = 2 * squares - total**2
    if discriminant < 0 or isqrt(discriminant) ** 2 != discriminant:
        return None
    low, odd = divmod(total - isqrt(discriminant), 2)
    return None if odd or low < 0 or total - low > top else (low, total - low)


def _overlap(numbers: range, others: range) -> range:
    start = max(numbers.start, others.start)
    return range(start, max(start, min(numbers.stop, others.stop)))


def _from_the_middle(numbers: range, within: range | None = None) -> Iterator[int]:
    """Those `within`, the nearest to the middle of all `numbers` first, the lower of two first."""
    middle = (numbers.start + numbers.stop - 1) / 2
    return _nearest(numbers if within is None else _overlap(numbers, within), middle)


def _nearest(numbers: range, point) -> Iterator[int]:
    split = min(max(floor(point) + 1, numbers.start), numbers.stop)
    lower, upper = range(numbers.start, split)[::-1], range(split, numbers.stop)
    return merge(lower, upper, key=lambda number: abs(number - point))
