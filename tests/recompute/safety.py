"""Adverse events, patient by patient."""

from collections import Counter

import pandas as pd

from .events import caught, emergent, lines_of_interest, placed, treatment_days
from .proportions import (
    clopper_pearson,
    garwood,
    rate_upper_one_sided,
    rule_of_three,
    upper_one_sided,
)
from .rows import row

YEAR = 365.25
CHANGED = ("dose reduced", "dose increased", "interrupted")
KINDS = ("any", "serious", "grade3", "related", "discontinued", "dose_changed", "death")
GRADES = ("1", "2", "3", "4", "5", "unknown")


def rows(source):
    if source.adverse_events is not None:
        days = treatment_days(source)
        every = placed(source, days)
        yield from _kinds(source, emergent(every), days)
        yield from _by_name(every, days)
        yield from _by_grade(emergent(every), days)
        yield from _of_interest(emergent(every), days)
        yield from _outside(every, len(days))
        yield from _ended(source.adverse_events, emergent(every), len(days))


def _row(outcome, statistic, numbers, **where):
    return row("04_safety", "adverse_event", outcome, statistic, numbers, **where)


def _count(k, n):
    return {"estimate": k, "events": k, "n": n}


def _kinds(source, events, days):
    for kind in KINDS:
        chosen = [e for e in events if _is(kind, e)]
        if kind == "discontinued":
            chosen += _stopped(source, days, {e["patient_id"] for e in chosen})
        yield from _incidence(chosen, days, outcome=kind)
    lines = [x for x in lines_of_interest() if x["outcome"] == "interest"]
    yield from _incidence([e for e in events if caught(e, lines)], days, outcome="special")


def _is(kind, event):
    return {
        "any": True,
        "serious": event["serious"] == "yes",
        "grade3": event["grade"] >= 3,
        "related": event["related"] == "yes",
        "discontinued": event["action"] == "withdrawn",
        "dose_changed": event["action"] in CHANGED,
        "death": event["grade"] == 5 or event["outcome"] == "fatal",
    }[kind]


def _stopped(source, days, known):
    """Patients who stopped for an adverse event and have none with that action: one event each."""
    patients = source.patients
    stopped = patients.loc[patients["stop_reason"] == "adverse event", "patient_id"]
    return [{"patient_id": who, "onset": days[who]} for who in stopped if who not in known]


def _by_name(every, days):
    """Each class, if any event has one, in treatment or not; each term; each within its class."""
    n, events = len(days), emergent(every)
    classed = any(pd.notna(e["soc"]) for e in every)
    for field in ("soc", "term"):
        for name, chosen in _grouped(events, lambda e, field=field: _named(e[field])).items():
            yield from _incidence(chosen, days, outcome=field, level=name)
    if classed:
        pairs = _grouped(events, lambda e: (_named(e["soc"]), e["term"]))
        for (soc, term), chosen in pairs.items():
            where = {"outcome": "soc_term", "population": f"soc={soc}", "level": term}
            yield from _patients_and_events(chosen, n, **where)


def _named(text):
    return "not recorded" if pd.isna(text) else text


def _grouped(events, key):
    found = {}
    for event in events:
        found.setdefault(key(event), []).append(event)
    return found


def _by_grade(events, days):
    """Each patient once, by the worst grade; each event by its own."""
    worst, single = _worst_grades(events), Counter(map(_grade, events))
    for grade in GRADES[:5] + ("unknown",) * bool(single["unknown"]):
        numbers = clopper_pearson(worst[grade], len(days))
        yield _row("grade", "patients", numbers, level=grade)
        yield _row("grade", "event_count", _count(single[grade], len(days)), level=grade)


def _grade(event):
    return "unknown" if pd.isna(event["grade"]) else str(int(event["grade"]))


def _worst_grades(events):
    """How many patients have each worst grade; unknown only where no event has a grade."""
    of_patient = _grouped(events, lambda e: e["patient_id"]).values()
    known = [[e["grade"] for e in events if pd.notna(e["grade"])] for events in of_patient]
    return Counter(str(int(max(grades))) if grades else "unknown" for grades in known)


def _of_interest(events, days):
    """Each category of the table, with or without events; what none of them catches."""
    lines = lines_of_interest()
    for outcome, category in dict.fromkeys((x["outcome"], x["category"]) for x in lines):
        chosen = [e for e in events if caught(e, [x for x in lines if x["category"] == category])]
        yield from _incidence(chosen, days, outcome=outcome, level=category)
        yield from _listed(chosen, len(days), "interest_term", population=f"interest={category}")
    left = [e for e in events if pd.isna(e["soc"]) and not caught(e, lines)]
    yield from _listed(left, len(days), "uncaught")


def _outside(events, n):
    """Listed apart: events before the first dose, events after the window; events with half a date.

    The footnote counts events of the window alone.
    """
    for window, outcome in {"before": "before_treatment", "after": "after_window"}.items():
        chosen = [e for e in events if e["window"] == window]
        yield from _listed(chosen, n, outcome)
        yield from _patients_and_events(chosen, n, counts=True, outcome=outcome)
    numbers = _count(sum(e["window"] != "on" for e in events), n)
    yield _row("not_emergent", "event_count", numbers)
    for certain in ("month", "year", "none"):
        k = sum(e["certain"] == certain for e in emergent(events))
        yield _row("partial_date", "event_count", _count(k, n), level=certain)


def _ended(table, events, n):
    """How events ended, and which say in every field what an earlier one says."""
    said = [tuple(str(e[field]) for field in table) for e in events]
    yield _row("repeated", "event_count", _count(len(said) - len(set(said)), n))
    if "outcome" in table and table["outcome"].notna().any():
        ended = Counter("not recorded" if pd.isna(e["outcome"]) else e["outcome"] for e in events)
        for outcome, k in ended.items():
            yield _row("event_outcome", "event_count", _count(k, n), level=outcome)


def _listed(events, n, outcome, **where):
    for term, chosen in _grouped(events, lambda e: e["term"]).items():
        yield from _patients_and_events(
            chosen, n, counts=True, outcome=outcome, level=term, **where
        )


def _patients_and_events(events, n, *, counts=False, outcome, **where):
    k = len({e["patient_id"] for e in events})
    yield _row(outcome, "patients", _count(k, n) if counts else clopper_pearson(k, n), **where)
    yield _row(outcome, "event_count", _count(len(events), n), **where)


def _incidence(events, days, *, outcome, level=""):
    """Patients with an event of all; rates while on treatment, from the first to the last dose.

    Numerator and denominator of a rate belong to one span of time: a patient is at risk up to the
    first event or the end of treatment, whichever is earlier, and counts where the event comes no
    later than that end. Events of the 30 days after it are counted among the patients alone. The
    second rate counts all events of that span, over all of the time on treatment.
    """
    first = {}
    for event in events:
        who = event["patient_id"]
        first[who] = min(event["onset"], first.get(who, event["onset"]))
    at_risk = sum(min(whole, first.get(who, whole)) for who, whole in days.items()) / YEAR
    whole = sum(days.values()) / YEAR
    n, k = len(days), len(first)
    in_time = sum(at <= days[who] for who, at in first.items())
    all_in_time = sum(event["onset"] <= days[event["patient_id"]] for event in events)
    found = {
        "patients": clopper_pearson(k, n),
        "event_count": _count(len(events), n),
        "rate_per_100_py": garwood(in_time, at_risk, n),
        "event_rate_per_100_py": garwood(all_in_time, whole, n),
    }
    if not k:
        found |= {"upper_one_sided": upper_one_sided(n), "rule_of_three": rule_of_three(n)}
        found["rate_upper_one_sided"] = rate_upper_one_sided(whole, n)
    for statistic, numbers in found.items():
        yield _row(outcome, statistic, numbers, level=level)
