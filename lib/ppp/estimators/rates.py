"""Event rates per time at risk."""

from dataclasses import replace
from math import nan

import numpy as np
from statsmodels.stats.rates import confint_poisson

from ppp.estimators.estimate import Estimate, reason


def garwood(events: int, person_years: float, *, per: float = 100, level: float = 0.95) -> Estimate:
    """Rate with Garwood's exact Poisson interval.

    Events per `per` years, of `person_years` at risk; with no event, 0 and the exact upper limit.
    Empty where there is no time at risk; a ValueError when events or years are negative. ``n``
    stays 0: a rate counts years, not patients.

    References
    ----------
    Garwood F. Biometrika 1936;28:437-442. https://doi.org/10.1093/biomet/28.3-4.437
    """
    if events < 0 or person_years < 0:
        raise ValueError(f"{events} events in {person_years} years: neither can be negative")
    if not (np.isfinite(person_years) and person_years > 0):
        why = reason("no_time", "no time at risk")
        return Estimate(events=int(events), method="Garwood", **why)
    limits = confint_poisson(int(events), float(person_years), method="exact-c", alpha=1 - level)
    low, high = (per * float(limit) for limit in limits)
    rate = per * events / person_years
    return Estimate(rate, low, high, level, events=int(events), method="Garwood")


def upper_one_sided(
    events: int, person_years: float, *, per: float = 100, level: float = 0.95
) -> Estimate:
    """Rate with the exact one-sided upper bound; the lower limit is left empty.

    Parameters, result and errors are those of `garwood`.
    """
    both = garwood(events, person_years, per=per, level=2 * level - 1)
    level = nan if both.note else level
    return replace(both, ci_low=nan, ci_level=level, method="Garwood, one-sided")
