"""The `level` of a results row: composed and taken apart here and nowhere else.

| level | of | made by | taken apart by |
|---|---|---|---|
| ``●●○●`` | a pattern of recorded visits | `pattern` | `seen` |
| ``80%``, ``80% below`` | a power, with the side | `power` | `power_of` |
| ``ρ=0.5, μ=10`` | a correlation and a usual mean | `correlation` | `correlation_of` |
| ``0→2`` | a grade at baseline and the worst after it | `shift` | `shift_of` |
| ``>3`` | a multiple that was exceeded | `above` | `above_of` |
| ``12`` | a count, a number of points or of days | `amount` | `amounts` |
| ``half_up, n − 1`` | a rule of rounding, what an SD divides by | `rounding` | `rounding_of` |
| ``-1.00`` | a correlation alone | `coefficient` | `float` |
| ``2022-07`` | a month | `month` | `month_of` |
| ``male-female`` | two levels of a field, compared | `against` | `against_of` |
| ``1 × 50 to <75`` | a grade and a class of response | `crossed` | `crossed_of` |

and its `population`, where that is a part of the events: ``soc=Investigations`` (`within`).
"""

import re

import pandas as pd

RECORDED, MISSING = "●", "○"
ARROW = "→"


def pattern(seen) -> str:
    """Compose a pattern of visits, one mark each: ● recorded, ○ missing.

    >>> pattern([True, False])
    '●○'
    """
    return "".join(RECORDED if here else MISSING for here in seen)


def seen(level: str) -> list[bool]:
    """Take a pattern of visits apart."""
    return [mark == RECORDED for mark in level]


def power(share: float, side: str = "") -> str:
    """Compose the power of a detectable difference, and for a proportion its side.

    >>> power(0.8, "below")
    '80% below'
    """
    return f"{share:.0%} {side}".strip()


def power_of(level: str) -> tuple[str, str]:
    """Take a power apart: ``80%`` and ``below``, which may be empty."""
    share, _, side = level.partition(" ")
    return share, side


def correlation(rho: float, mean: float) -> str:
    """Compose a test–retest correlation and a usual mean.

    >>> correlation(0.5, 10)
    'ρ=0.5, μ=10'
    """
    return f"ρ={rho:g}, μ={mean:g}"


def correlation_of(level: str) -> tuple[float, float]:
    """Take a correlation and a usual mean apart."""
    rho, mean = re.fullmatch(r"ρ=([-\d.e]+), μ=([-\d.e]+)", level).groups()
    return float(rho), float(mean)


def shift(baseline: str, worst: str) -> str:
    """Compose a grade at baseline and the worst one after it."""
    return f"{baseline}{ARROW}{worst}"


def shift_of(level: str) -> tuple[str, str]:
    """Take a shift apart: the grade at baseline, the worst one after it."""
    baseline, _, worst = level.partition(ARROW)
    return baseline, worst


def above(times: float) -> str:
    """Compose a multiple that was exceeded."""
    return f">{times:g}"


def above_of(level: str) -> str:
    """Take a multiple that was exceeded apart: ``3`` of ``>3``."""
    return level.removeprefix(">")


def amount(number: float) -> str:
    """Compose a count, a number of points or of days."""
    return f"{number:g}"


def amounts(levels: pd.Series) -> pd.Series:
    """Take numbers apart; NaN where a level is none."""
    return pd.to_numeric(levels, errors="coerce")


def month(year: int, number: int) -> str:
    """Compose a month of a year.

    >>> month(2022, 7)
    '2022-07'
    """
    return f"{year}-{number:02d}"


def month_of(level: str) -> tuple[int, int]:
    """Take a month apart: the year, and 1 to 12."""
    year, _, number = level.partition("-")
    return int(year), int(number)


def rounding(rule: str, divisor: str) -> str:
    """Compose a rule of rounding and what a standard deviation divides by.

    >>> rounding("half_up", "n − 1")
    'half_up, n − 1'
    """
    return f"{rule}, {divisor}"


def rounding_of(level: str) -> tuple[str, str]:
    """Take a rule of rounding and a divisor apart."""
    rule, divisor = level.split(", ")
    return rule, divisor


def coefficient(r) -> str:
    """Compose a correlation alone."""
    return f"{float(r):.2f}"


def against(first: str, second: str) -> str:
    """Compose two levels of a field that are compared."""
    return f"{first}-{second}"


def against_of(level: str) -> tuple[str, str]:
    """Take two levels apart, at the first hyphen."""
    first, _, second = level.partition("-")
    return first, second


def crossed(grade: str, response: str) -> str:
    """Compose a grade and a class of response in another score."""
    return f"{grade} × {response}"


def crossed_of(level: str) -> tuple[str, str]:
    """Take a grade and a class of response apart."""
    grade, _, response = level.partition(" × ")
    return grade, response


def within(kind: str, name: str) -> str:
    """Compose the population of events of one class (``soc``) or category (``interest``)."""
    return f"{kind}={name}"
