"""Proportions and rates, from their formulas; each gives the numbers of one row."""

from math import log, nan, sqrt

import pandas as pd
from scipy.stats import beta, chi2, hypergeom, norm

LEVEL = 0.95
Z = norm.ppf(0.975)


def _limits(low, high):
    return {"ci_low": low, "ci_high": high, "ci_level": LEVEL}


def wilson(k, n):
    if not n:
        return {"n": 0, "events": k or None}
    centre, half = (
        (k + Z * Z / 2) / (n + Z * Z),
        Z / (n + Z * Z) * sqrt(k * (n - k) / n + Z * Z / 4),
    )
    return {"estimate": k / n, "n": n, "events": k} | _limits(centre - half, centre + half)


def clopper_pearson(k, n):
    if not n:
        return {"n": 0, "events": k or None}
    low = beta.ppf(0.025, k, n - k + 1) if k else 0.0
    high = beta.ppf(0.975, k + 1, n - k) if k < n else 1.0
    return {"estimate": k / n, "n": n, "events": k} | _limits(low, high)


def upper_one_sided(n):
    return {"estimate": 0, "n": n, "events": 0} | _limits(0, 1 - 0.05 ** (1 / n))


def rule_of_three(n):
    return {"estimate": 0, "n": n, "events": 0} | _limits(0, min(1, 3 / n))


def garwood(k, years, n):
    """Events per 100 patient-years."""
    low = chi2.ppf(0.025, 2 * k) / 2 if k else 0.0
    high = chi2.ppf(0.975, 2 * k + 2) / 2
    limits = _limits(100 * low / years, 100 * high / years)
    return {"estimate": 100 * k / years, "n": n, "events": k} | limits


def rate_upper_one_sided(years, n):
    """Without any event: e^(−rate · years) = 0.05; events per 100 patient-years."""
    numbers = {"estimate": 0, "n": n, "events": 0, "ci_high": -100 * log(0.05) / years}
    return numbers | {"ci_level": LEVEL}


def newcombe(k1, n1, k0, n0):
    if min(n1, n0) < 2:
        return {"n": n1 + n0}
    one, two = wilson(k1, n1), wilson(k0, n0)
    p, q = one["estimate"], two["estimate"]
    low = p - q - sqrt((p - one["ci_low"]) ** 2 + (two["ci_high"] - q) ** 2)
    high = p - q + sqrt((one["ci_high"] - p) ** 2 + (q - two["ci_low"]) ** 2)
    return {"estimate": p - q, "n": n1 + n0} | _limits(low, high)


def fisher_midp(k1, n1, k0, n0):
    """Two-sided by point probability, half of what was seen; no test of a single table."""
    if min(n1, n0) < 2:
        return {"n": n1 + n0}
    if k1 + k0 in (0, n1 + n0):
        return {"estimate": 0, "n": n1 + n0}
    chances = hypergeom(n1 + n0, k1 + k0, n1)
    seen = chances.pmf(k1)
    tables = (chances.pmf(k) for k in range(min(n1, k1 + k0) + 1))
    p = sum(x for x in tables if x <= seen * (1 + 1e-9)) - seen / 2
    return {"estimate": k1 / n1 - k0 / n0, "n": n1 + n0, "p_value": p}


def reached(scores, outcome):
    """Who reached a target at each later week (1, 0, NaN), and who counts in its denominator.

    Whole tenths of points keep the thresholds exact.
    """
    tenths = (scores * 10).round()
    base, later = tenths[0], tenths.drop(columns=0)
    seen = later.notna()
    if outcome.startswith("pppasi_abs"):
        bound = 10 * int(outcome.removeprefix("pppasi_abs"))
        hit, judged = (later <= bound) & ~later.gt(base, axis=0), base.notna()
    elif outcome.startswith("pppasi"):
        limit, judged = base * (100 - int(outcome.removeprefix("pppasi"))), base > 0
        hit = (later * 100).le(limit, axis=0)
    elif outcome == "dlqi_mcid":
        hit, judged = later.rsub(base, axis=0) >= 40, base >= 40
    else:
        hit, judged = later <= 10, base.notna()
    return hit.astype(float).where(seen & pd.DataFrame(dict.fromkeys(later, judged)), nan), judged
