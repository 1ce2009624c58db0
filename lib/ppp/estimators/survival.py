"""Time to a first event (Kaplan–Meier curve, log-rank test), and events per time at risk.

Times are days (any unit will do) from a common start to the event, or to the end of observation
for those without one. A patient whose time, or whether there was an event, is unknown is left out.
"""

from dataclasses import replace
from math import nan

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight, survdiff
from statsmodels.stats.rates import confint_poisson

from ppp.estimators.estimate import ONE_PATIENT, Estimate, group_shortage, reason, shortage
from ppp.estimators.proportions import clopper_pearson

CURVE = ["day", "at_risk", "events", "incidence", "ci_low", "ci_high"]
METHOD = "Kaplan–Meier, log–log"
NO_LIMITS = "everybody still at risk had the event, so there are no limits"
EVERYBODY = "everybody observed had the event"
NOT_FOLLOWED = reason("not_followed", "nobody observed so long")
APART = "no event while it could have fallen in either group, so there is nothing to test"
NOT_TOGETHER = reason("no_event", APART)
NO_EVENT = "Clopper–Pearson of those at risk, no event so far"


def kaplan_meier(times, events, *, level: float = 0.95) -> pd.DataFrame:
    """Cumulative incidence, 1 − Kaplan–Meier, at every day on which there was an event.

    Log–log limits with Greenwood's variance, NaN once everybody at risk has the event; as R's
    ``survfit(conf.type = "log-log")``. `times` are days, 0 or later; `events` True where the time
    ends with one; unknown ones are left out. A ValueError for another time or event, or lengths
    that differ. ``at_risk`` have that time or a longer one, ``events`` are those so far.
    Kaplan EL, Meier P. JASA 1958;53:457-481. https://doi.org/10.1080/01621459.1958.10501452
    Kalbfleisch JD, Prentice RL. Failure time data. 2nd ed. https://doi.org/10.1002/9781118032985
    """
    known, happened = _observed(times, events)
    if not happened.any():
        return pd.DataFrame({name: np.array([], dtype) for name, dtype in _types().items()})
    fit = SurvfuncRight(known, happened)
    limits = _limits(fit.surv_prob, fit.surv_prob_se, level)
    so_far = np.cumsum(fit.n_events)
    columns = [fit.surv_times, fit.n_risk, so_far, 1 - fit.surv_prob, *limits]
    return pd.DataFrame(dict(zip(CURVE, columns, strict=True))).astype(_types())


def at(curve: pd.DataFrame, times, events, day: float, *, level: float = 0.95) -> Estimate:
    """Cumulative incidence by a day, that day included, of the `curve` of these times and events.

    ``n`` = patients whose time is known, ``events`` = those with an event by then. With no event so
    far, Clopper–Pearson's interval of 0 among those at risk that day, as ``method`` says; 1 without
    limits once everybody at risk had it; otherwise empty after the longest time. A ValueError for a
    negative day, and those of `kaplan_meier`.
    """
    known, happened = _observed(times, events)
    if not day >= 0:
        raise ValueError(f"day {day}: a curve begins on day 0")
    n, so_far = len(known), int(happened[known <= day].sum())
    seen = {"n": n, "events": so_far, "method": METHOD}
    if n == 0:
        return Estimate(method=METHOD, **shortage(0))
    over = happened[known == known.max()].all()
    if day > known.max() and not over:
        return Estimate(**seen, **NOT_FOLLOWED)
    if so_far == 0:
        bound = clopper_pearson(0, int((known >= day).sum()), level=level)
        seen |= {"method": NO_EVENT, "code": "no_event"}
        return Estimate(0.0, 0.0, bound.ci_high, level, **seen)
    if over and day >= known.max():
        return Estimate(1.0, **seen, **reason("everybody", EVERYBODY if so_far == n else NO_LIMITS))
    last = curve[curve["day"] <= day].iloc[-1]
    limits = float(last["ci_low"]), float(last["ci_high"])
    return Estimate(float(last["incidence"]), *limits, level, **seen)


def at_risk(times, days) -> np.ndarray:
    """Count the patients at risk on each day: those with that time or a longer one."""
    known = _observed(times, np.zeros(len(times)))[0]
    return len(known) - np.searchsorted(np.sort(known), np.asarray(days, dtype=float))


def log_rank(times, events, group) -> Estimate:
    """Log-rank test of two groups, by the variance of the hypergeometric; as R's ``survdiff``.

    `group` has two labels of any kind, else a ValueError; a missing one leaves the patient out;
    other parameters and errors as in `kaplan_meier`. ``estimate`` = χ² with one degree of freedom.
    Empty below 2 patients a group, where nobody had an event, or none fell while it could have been
    either group's.
    Mantel N. Cancer Chemother Rep 1966;50:163-170. PMID 5910392.
    Peto R, Peto J. J R Stat Soc A 1972;135:185-207. https://doi.org/10.2307/2344317
    """
    codes = pd.factorize(pd.Series(group), sort=True)[0]
    if codes.size and codes.max() > 1:
        raise ValueError(f"{codes.max() + 1} groups: the test compares two")
    side = np.where(codes < 0, nan, codes)
    known, happened, side = _observed(times, events, side)
    seen = {"n": len(known), "events": int(happened.sum()), "method": "log-rank"}
    if len(known) == 0:
        return Estimate(**seen | {"events": None}, **shortage(0))
    if np.ptp(side) == 0:
        return Estimate(**seen, **group_shortage(0, 0))
    if min(side.sum(), (1 - side).sum()) == 1:
        return Estimate(**seen, **ONE_PATIENT)
    if not happened.any():
        return Estimate(**seen, **reason("no_event", "no events, so there is nothing to test"))
    try:
        statistic = float(survdiff(known, happened, side)[0])
    except np.linalg.LinAlgError:
        return Estimate(**seen, **NOT_TOGETHER)
    return Estimate(statistic, p_value=float(stats.chi2.sf(statistic, 1)), **seen)


def garwood(events: int, person_years: float, *, per: float = 100, level: float = 0.95) -> Estimate:
    """Rate, events per `per` years, of `person_years` at risk, with Garwood's exact interval.

    Empty without time at risk; a ValueError for negative numbers. ``n`` stays 0: years are counted.
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
    """`garwood` with the exact one-sided upper bound; the lower limit is left empty."""
    both = garwood(events, person_years, per=per, level=2 * level - 1)
    level = nan if both.note else level
    return replace(both, ci_low=nan, ci_level=level, method="Garwood, one-sided")


def _observed(times, events, *others) -> tuple[np.ndarray, ...]:
    """Return the columns as floats, of the patients for whom all are known."""
    columns = [pd.Series(column).astype(float).to_numpy() for column in (times, events, *others)]
    if len({column.size for column in columns}) > 1:
        raise ValueError("times, events and groups must be of the same patients, so equally long")
    every = ~np.isnan(columns).any(axis=0)
    known, happened, *rest = (column[every] for column in columns)
    if not (np.isfinite(known) & (known >= 0)).all():
        raise ValueError("times must be 0 or later, and finite")
    if not np.isin(happened, (0, 1)).all():
        raise ValueError("events must be 0 or 1")
    return known, happened, *rest


def _limits(survival, error, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Log–log limits of 1 − `survival`; NaN where survival is 0."""
    alive = np.where(survival > 0, survival, nan)
    log = np.log(alive)
    spread = stats.norm.ppf((1 + level) / 2) * error / (alive * np.abs(log))
    return -np.expm1(log * np.exp(-spread)), -np.expm1(log * np.exp(spread))


def _types() -> dict[str, type]:
    return dict.fromkeys(CURVE, float) | {"at_risk": int, "events": int}
