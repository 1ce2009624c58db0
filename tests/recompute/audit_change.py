"""What two printed visits imply of the change, over every correlation of their scores."""

from fractions import Fraction
from itertools import product
from math import sqrt

from scipy.stats import t as student

from .rows import row

NOTEBOOK = "06_published_figures"
TWENTIETHS = [Fraction(k, 20) for k in range(-20, 21)]
SLACK = {"as printed": 0, "with slack": 1}
TARGETS = {"pppasi": (50, 75, 90, 100)}


def rows(before, after):
    yield from _change(before, after)
    yield from _counts(before, after)


def line(outcome, statistic, numbers, **where):
    """One row of the audit."""
    return row(NOTEBOOK, "audit", outcome, statistic, numbers, **where)


def _change(before, after):
    field, week, n = after.mean.field, after.mean.week, after.n

    def one(statistic, numbers, level=""):
        return line(field, statistic, numbers | {"n": n}, week=week, level=level)

    for name, slack in SLACK.items():
        least, most = t_range(before, after, slack)
        yield one("paired_t_least", least, name)
        yield one("paired_t_most", most, name)
        yield one("pitman_morgan_t", _pitman_morgan(before, after, slack), name)


def _exact(pair):
    return Fraction(pair.mean.value), Fraction(pair.sd.value)


def _t(mean, sd, n):
    if not sd:
        return {}
    t = float(mean) / (float(sd) / sqrt(n))
    return {"estimate": t, "p_value": 2 * student.sf(abs(t), n - 1)}


def t_range(before, after, slack):
    """The t nearest to 0 and the one farthest from it: the deviations add up, or cancel."""
    (m0, s0), (m1, s1) = (_exact(pair) for pair in (before, after))
    give_mean = slack * (before.mean.half + after.mean.half)
    give_sd = slack * (before.sd.half + after.sd.half)
    away, sign = abs(m1 - m0), 1 if m1 > m0 else -1
    least = _t(sign * max(away - give_mean, 0), s0 + s1 + give_sd, before.n)
    most = _t(sign * (away + give_mean), max(abs(s1 - s0) - give_sd, 0), before.n)
    return least, most


def _pitman_morgan(before, after, slack):
    """Least over the correlations, at 0; with slack the deviations are as near as they can be."""
    (_, a), (_, b) = (_exact(pair) for pair in (before, after))
    give = [slack * pair.sd.half for pair in (before, after)]
    if not (a or b):
        return {}
    if abs(a - b) < sum(give):
        return {"estimate": 0, "p_value": 1}
    sign = 1 if b > a else -1
    a, b = a + sign * give[0], b - sign * give[1]
    if not a * b:
        return {}
    df = before.n - 2
    t = float((b**2 - a**2) / (2 * a * b)) * sqrt(df)
    return {"estimate": t, "p_value": 2 * student.sf(abs(t), df)}


def _counts(before, after):
    field, week, n = after.mean.field, after.mean.week, after.n
    kinds = [
        (f"{field}{percent}", (Fraction(percent, 100) - 1, Fraction(1)))
        for percent in TARGETS.get(field, ())
    ]
    kinds.append((f"{field}_not_improved", (Fraction(1), Fraction(-1))))
    for outcome, weights in kinds:
        asked = [("", r, 1) for r in TWENTIETHS] + [("_sd_by_n", Fraction(-1), 0)]
        for suffix, r, ddof in asked:
            fewest, most = bounds(before, after, weights, r, ddof)
            for statistic, k in {"largest": most, "smallest": fewest}.items():
                numbers = {"estimate": k / n, "events": k, "n": n}
                yield line(outcome, statistic + suffix, numbers, week=week, level=f"{float(r):.2f}")


def bounds(before, after, weights, r, ddof):
    """How few and how many of n have z ≤ 0, z being w0·before + w1·after, correlations r to 1."""
    n, ends = before.n, (-1, 1)
    both = list(zip(weights, (before, after), strict=True))
    means = [[w * (Fraction(p.mean.value) + end * p.mean.half) for end in ends] for w, p in both]
    sides = [
        [abs(w) * max(Fraction(p.sd.value) + end * p.sd.half, 0) for end in ends] for w, p in both
    ]
    gap = max(sides[0][0] - sides[1][1], sides[1][0] - sides[0][1], 0)
    widest = max(a**2 + b**2 - 2 * r * a * b for a, b in product(*sides))
    variances = [Fraction(n - ddof, n) * v for v in (gap**2, widest)]
    low, high = (sum(map(end, means)) for end in (min, max))
    possible = [k for k in range(n + 1) if _may_be(k, n, low, high, *variances)]
    return possible[0], possible[-1]


def _may_be(k, n, low, high, least, most):
    """Whether k of n numbers can be 0 or less, n − k above it, with a mean and variance within.

    Given k and the mean, the variance is least with the numbers on one side of 0 at 0 (or as near
    as they may be) and those on the other equal; it has an upper end only where all are on the
    same side: n − 1 of them at 0.
    """
    if k == 0:
        return high > 0 and least < (n - 1) * high**2
    if k == n:
        return low <= 0 and least <= (n - 1) * low**2
    if low > 0:
        return most >= low**2 * Fraction(k, n - k)
    if high >= 0:
        return most > 0
    return most > high**2 * Fraction(n - k, k)
