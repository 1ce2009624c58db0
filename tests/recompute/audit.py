"""What printed figures imply by themselves: the rows of analysis ``audit``."""

from itertools import product

from . import audit_change
from .audit_change import line
from .printed import DIVISORS, ROUNDING, RULES, pairs

FAMILIES = {"rounding": ROUNDING, "truncation": ("truncation",), "ceiling": ("ceiling",)}


def rows(figures):
    found = pairs(figures)
    for pair in found:
        yield from _attainable(pair)
    for before, after in changes(found):
        yield from _sizes(before, after)
        yield from audit_change.rows(before, after)


def changes(found):
    """The first and the last visit of each field that has two, of as many patients."""
    for field in dict.fromkeys(pair.mean.field for pair in found):
        visits = [p for p in found if (p.mean.field, p.mean.group) == (field, "all")]
        visits = sorted((p for p in visits if p.mean.week is not None), key=lambda p: p.mean.week)
        if len(visits) > 1 and visits[0].n == visits[-1].n:
            yield visits[0], visits[-1]


def fits_by_rounding(pair):
    return any(rule in ROUNDING for rule, _ in pair.ways())


def _attainable(pair):
    n, key = pair.n, pair.mean.key
    for rule in RULES:
        yield line(key, "grim", {"estimate": pair.has_mean(n, rule), "n": n}, level=rule)
    ways = pair.ways()
    for rule, divisor in product(RULES, DIVISORS):
        numbers = {"estimate": (rule, divisor) in ways, "n": n}
        yield line(key, "grimmer", numbers, level=f"{rule}, {divisor}")


def sizes(before, after):
    """{(family, statistic): the numbers of patients that one rule allows for both visits}."""
    n, both = before.n, (before, after)
    tried = range(max(2, n - 8), n + 13)
    found = {}
    for family, rules in FAMILIES.items():
        found[family, "sizes_means"] = [
            n for n in tried if any(all(p.has_mean(n, rule) for p in both) for rule in rules)
        ]
        found[family, "sizes_all"] = [
            n
            for n in found[family, "sizes_means"]
            if any(
                all(p.fits(n, rule, ddof) for p in both)
                for rule, ddof in product(rules, DIVISORS.values())
            )
        ]
    return found


def _sizes(before, after):
    for (family, statistic), fitting in sizes(before, after).items():
        numbers = {"estimate": len(fitting), "n": before.n}
        yield line(before.mean.field, statistic, numbers, level=family)
