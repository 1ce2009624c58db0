"""Time to the first adverse event: Kaplan–Meier, Greenwood, log–log and log-rank, by formula."""

from math import exp, inf, log, nan, sqrt

from scipy.stats import chi2, norm

from .cohort import GROUPS, LATER, WEEKS
from .events import emergent, placed, treatment_days
from .rows import row

Z = norm.ppf(0.975)
TWO = GROUPS[1:]


def rows(source):
    if source.adverse_events is None:
        return
    times = first_events(source)
    single = source.alone()
    for group in GROUPS[:1] if single else GROUPS:
        members = [times[who] for who in source.members(group)]
        yield from _curve_rows(members, group)
        yield from _weeks(members, group)
    if single:
        yield _row("log_rank", {"n": 0}, group=single)
        return
    yield _row(
        "log_rank",
        log_rank(*([times[w] for w in source.members(g)] for g in TWO)),
        group="sapho=yes-no",
    )


def _row(statistic, numbers, **where):
    return row("04_safety", "time_to_event", "any", statistic, numbers, **where)


def first_events(source):
    """Days to the first event on treatment (True), or to the end of treatment (False)."""
    days = treatment_days(source)
    first = dict.fromkeys(days, inf)
    for event in emergent(placed(source, days)):
        first[event["patient_id"]] = min(first[event["patient_id"]], event["onset"])
    return {who: (min(first[who], end), first[who] <= end) for who, end in days.items()}


def curve(times):
    """Day, number at risk, events so far, incidence and its limits, at each day with an event."""
    left, spread, before = 1.0, 0.0, 0
    for day in sorted({t for t, happened in times if happened}):
        at_risk = at_risk_on(times, day)
        k = sum(happened and t == day for t, happened in times)
        left *= 1 - k / at_risk
        spread = nan if k == at_risk else spread + k / (at_risk * (at_risk - k))
        before += k
        yield {
            "day": day,
            "n": at_risk,
            "events": before,
            "estimate": 1 - left,
            **_limits(left, spread),
        }


def _limits(left, spread):
    """Of 1 − S: on the scale of log(−log S), with Greenwood's variance."""
    if not left:
        return {"ci_low": nan, "ci_high": nan}
    half = Z * sqrt(spread) / abs(log(left))
    low, high = (1 - left ** exp(sign * half) for sign in (-1, 1))
    return {"ci_low": low, "ci_high": high, "ci_level": 0.95}


def at_risk_on(times, day):
    return sum(t >= day for t, _ in times)


def _curve_rows(times, group):
    for point in curve(times):
        day = point.pop("day")
        yield _row("curve", point, group=group, level=f"{day:g}")


def _weeks(times, group):
    for week in WEEKS:
        k = at_risk_on(times, 7 * week)
        numbers = {"estimate": k, "n": len(times)}
        yield _row("at_risk", numbers, group=group, week=week)
    for week in LATER:
        yield _row("cumulative_incidence", by_day(times, 7 * week), group=group, week=week)


def by_day(times, day):
    """Incidence up to a day; the exact bound before the first event.

    Beyond the last time it is 1 where that time ended everybody's by an event, else unknown.
    """
    at_risk, n = at_risk_on(times, day), len(times)
    end = max(t for t, _ in times)
    if not at_risk:
        over = {"estimate": 1} if all(happened for t, happened in times if t == end) else {}
        return over | {"n": n, "events": sum(happened for _, happened in times)}
    points = [point for point in curve(times) if point["day"] <= day]
    if not points:
        high = 1 - 0.025 ** (1 / at_risk)
        return {"estimate": 0, "ci_low": 0, "ci_high": high, "ci_level": 0.95, "n": n, "events": 0}
    return {name: x for name, x in points[-1].items() if name != "day"} | {"n": n}


def log_rank(one, two):
    """Chi-squared on one degree of freedom, and its p-value."""
    both = one + two
    difference = variance = 0.0
    for day in {t for t, happened in both if happened}:
        n, first = at_risk_on(both, day), at_risk_on(one, day)
        k = sum(happened and t == day for t, happened in both)
        difference += sum(happened and t == day for t, happened in one) - k * first / n
        if n > 1:
            variance += k * (first / n) * (1 - first / n) * (n - k) / (n - 1)
    events = sum(happened for _, happened in both)
    if not variance:
        return {"n": len(both), "events": events}
    found = difference**2 / variance
    return {"estimate": found, "p_value": chi2.sf(found, 1), "n": len(both), "events": events}
