"""What printed figures imply by themselves: the rows of analysis ``audit``."""

from itertools import product
from math import comb, exp, log

from scipy.optimize import brentq
from scipy.stats import fisher_exact

from . import audit_change
from .audit_change import line
from .printed import COUNTS, DIVISORS, ROUNDING, RULES, pairs
from .proportions import (
    clopper_pearson,
    fisher_midp,
    newcombe,
    rule_of_three,
    upper_one_sided,
    wilson,
)

FAMILIES = {"rounding": ROUNDING, "truncation": ("truncation",), "ceiling": ("ceiling",)}


def rows(figures):
    found = pairs(figures)
    for pair in found:
        yield from _attainable(pair)
    for before, after in changes(found):
        yield from _sizes(before, after)
        yield from audit_change.rows(before, after)
    for figure in figures:
        if figure.kind in COUNTS:
            yield from _shares(figure)
    if any(not fits_by_rounding(pair) for pair in found):
        yield line("all", "explanations", {})
    yield from _association(figures)


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
    if ways:
        yield line(key, "witness", {"estimate": n, "n": n}, level=", ".join(ways[0]))


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


def _shares(figure):
    k, n = int(figure.value), figure.n
    found = {"wilson": wilson(k, n), "clopper_pearson": clopper_pearson(k, n)}
    if k == 0:
        found |= {"upper_one_sided": upper_one_sided(n), "rule_of_three": rule_of_three(n)}
    for statistic, numbers in found.items():
        yield line(figure.key, statistic, numbers, **figure.where)


def _association(figures):
    """A group among those at each of two levels of a field: SAPHO among men and women."""
    counts = {(f.field, f.level, f.group): f for f in figures if f.kind == "count"}
    levels = {}
    for field, level, group in counts:
        if group != "all" and (field, level, "all") in counts:
            levels.setdefault((field, group), []).append(level)
    for (field, group), (first, second) in levels.items():
        cells = [
            [int(counts[field, level, g].value) for g in (group, "all")]
            for level in (first, second)
        ]
        (k1, n1), (k0, n0) = cells
        size = {"estimate": k1 / n1 - k0 / n0, "n": n1 + n0}
        p = fisher_exact([[k1, n1 - k1], [k0, n0 - k0]]).pvalue
        found = {
            "fisher": size | {"p_value": p},
            "fisher_midp": fisher_midp(k1, n1, k0, n0),
            "newcombe": newcombe(k1, n1, k0, n0),
            "conditional_odds_ratio": conditional_odds_ratio(k1, n1, k0, n0),
        }
        for statistic, numbers in found.items():
            yield line(field, statistic, numbers, group=group, level=f"{first}-{second}")


def conditional_odds_ratio(k1, n1, k0, n0):
    """Odds ratio at which the count is what is expected; limits with 2.5 % in each tail."""
    tables = range(max(0, k1 + k0 - n0), min(n1, k1 + k0) + 1)
    ways = {k: log(comb(n1, k)) + log(comb(n0, k1 + k0 - k)) for k in tables}

    def mean(ratio, value):
        weights = {k: exp(way + k * ratio - max(ways.values())) for k, way in ways.items()}
        return sum(w * value(k) for k, w in weights.items()) / sum(weights.values())

    def solved(value, goal):
        return exp(brentq(lambda ratio: mean(ratio, value) - goal, -20, 20, xtol=1e-13))

    numbers = {"n": n1 + n0, "ci_low": 0, "ci_level": 0.95}
    if len(tables) == 1:
        return {"n": n1 + n0}
    if k1 > tables[0]:
        numbers |= {"ci_low": solved(lambda k: k >= k1, 0.025)}
    if k1 < tables[-1]:
        middle = solved(lambda k: k, k1) if k1 > tables[0] else 0
        numbers |= {"estimate": middle, "ci_high": solved(lambda k: k <= k1, 0.025)}
    return numbers
