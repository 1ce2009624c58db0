"""The smallest difference of two groups that their sizes let one detect."""

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from ppp.estimators.estimate import Estimate, group_shortage, reason

LARGEST_EXACT = 400
FINEST = 1e-3


def detectable_difference(n1: int, n0: int, *, power: float = 0.8, alpha: float = 0.05) -> Estimate:
    """Smallest difference of two means, in SDs, that the t-test at `alpha` detects with `power`.

    As `statsmodels.stats.power.TTestIndPower`, to more digits; empty below 3 patients a group. It
    speaks of the design: no power is computed for the difference that was seen.
    Hoenig JM, Heisey DM. Am Stat 2001;55:19-24. https://doi.org/10.1198/000313001300339897
    """
    method = f"t-test, {100 * power:g} % power"
    if short := group_shortage(n1, n0):
        return Estimate(n=n1 + n0, method=method, **short)
    from statsmodels.stats.power import TTestIndPower

    design = {"nobs1": n1, "ratio": n0 / n1, "alpha": alpha}
    test = TTestIndPower()
    near = float(np.squeeze(test.solve_power(power=power, **design)))
    bracket = 0.99 * near, 1.01 * near
    size = brentq(lambda size: test.power(size, **design) - power, *bracket, xtol=1e-12)
    return Estimate(float(size), n=n1 + n0, method=method)


def detectable_proportions(
    n1: int, n0: int, reference: float, *, power: float = 0.8, alpha: float = 0.05
) -> tuple[Estimate, Estimate]:
    """Nearest proportions, below and above `reference`, that Fisher's test tells from it.

    `n1` patients are in the group in question, `reference` is the proportion, 0–1, among the other
    `n0`. Exact up to 400 patients, beyond that by arcsine (see ``method``); 3 decimals, towards the
    farther side; empty where not even 0 or 1 would be detected.
    """
    exact = n1 + n0 <= LARGEST_EXACT
    method = f"Fisher, {'exact' if exact else 'normal'}, {100 * power:g} % power"
    if not (n1 and n0):
        return (Estimate(n=n1 + n0, method=method, **group_shortage(0, 0)),) * 2
    power_of = (_exact_power if exact else _normal_power)(n1, n0, reference, alpha)
    code = "exact" if exact else "normal_approximation"

    def nearest(end):
        if power_of(end) < power:
            why = reason("undetectable", f"not even {100 * end:g} % would be detected")
            return Estimate(n=n1 + n0, method=method, **why)
        share = _farthest(power_of, reference, end, power)
        return Estimate(share, n=n1 + n0, method=method, code=code)

    return nearest(0.0), nearest(1.0)


def _farthest(power_of, reference, end, power) -> float:
    """Step from the end towards the reference while the power is enough."""
    steps = round(abs(reference - end) / FINEST)
    shares = end + np.sign(reference - end) * FINEST * np.arange(steps + 1)
    enough, short = 0, steps
    while short - enough > 1:
        middle = (enough + short) // 2
        if power_of(shares[middle]) >= power:
            enough = middle
        else:
            short = middle
    return float(round(shares[enough], 3))


def _exact_power(n1, n0, reference, alpha):
    rejected = _rejected(n1, n0, alpha)
    by_first = rejected @ stats.binom.pmf(np.arange(n0 + 1), n0, reference)
    return lambda share: float(stats.binom.pmf(np.arange(n1 + 1), n1, share) @ by_first)


def _rejected(n1, n0, alpha):
    """Mark the tables (events in the first, in the second group) with Fisher p ≤ alpha."""
    marked = np.zeros((n1 + 1, n0 + 1))
    for events in range(n1 + n0 + 1):
        first = np.arange(max(0, events - n0), min(n1, events) + 1)
        chance = stats.hypergeom.pmf(first, n1 + n0, events, n1)
        order = np.argsort(chance)
        below = np.searchsorted(chance[order], chance * (1 + 1e-7), side="right")
        p = np.cumsum(chance[order])[below - 1]
        marked[first, events - first] = p <= alpha
    return marked


def _normal_power(n1, n0, reference, alpha):
    from statsmodels.stats.power import NormalIndPower
    from statsmodels.stats.proportion import proportion_effectsize

    def power_of(share):
        size = abs(float(proportion_effectsize(share, reference)))
        return float(NormalIndPower().power(size, n1, alpha, ratio=n0 / n1))

    return power_of
