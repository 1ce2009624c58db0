"""Exposure, adverse events and laboratory shifts, patient by patient."""

from collections import Counter
from math import isnan

import numpy as np
import pandas as pd

from .proportions import clopper_pearson, garwood, rule_of_three, upper_one_sided
from .rows import row

FOLLOW_UP = 30
YEAR = 365.25
KINDS = ("any", "serious", "grade3", "related", "discontinued", "death")
SHIFTS = ("low", "normal", "high")


def rows(source):
    days = treatment_days(source)
    years = np.array(sorted(days.values())) / YEAR
    values = {"sum": years.sum(), "median": np.median(years), "min": years[0], "max": years[-1]}
    for statistic, value in values.items():
        numbers = {"estimate": value, "n": len(years)}
        yield row("04_safety", "exposure", "patient_years", statistic, numbers)
    yield from _adverse_events(source, days)
    if source.labs is not None:
        yield from _labs(source)


def treatment_days(source):
    """Days from the first dose to the last, or to the last visit."""
    seen = source.visits.groupby("patient_id")["date"].max()
    days = {}
    for patient in source.patients.to_dict("records"):
        ends = [patient["stop_date"], patient["last_visit_date"], seen.get(patient["patient_id"])]
        end = next(date for date in ends if not pd.isna(date))
        days[patient["patient_id"]] = (end - patient["start_date"]).days
    return days


def _adverse_events(source, days):
    starts = source.patients.set_index("patient_id")["start_date"]
    events, outside = [], 0
    for event in source.adverse_events.to_dict("records"):
        who = event["patient_id"]
        onset = float((event["start_date"] - starts[who]).days)
        if onset < 0 or onset > days[who] + FOLLOW_UP:
            outside += 1
        else:
            events.append(event | {"onset": onset})
    for kind in KINDS:
        chosen = [(e["patient_id"], e["onset"]) for e in events if _is(kind, e)]
        if kind == "discontinued":
            chosen += _stopped(source, days, {who for who, _ in chosen})
        yield from _incidence(kind, "", chosen, days)
    for field in ("soc", "term"):
        names = ["not recorded" if pd.isna(e[field]) else e[field] for e in events]
        for name in sorted(set(names)):
            chosen = [(e["patient_id"], e["onset"])
                      for e, other in zip(events, names, strict=True) if other == name]  # fmt: skip
            yield from _incidence(field, name, chosen, days)
    numbers = {"estimate": outside, "events": outside, "n": len(days)}
    yield row("04_safety", "adverse_event", "not_emergent", "event_count", numbers)


def _is(kind, event):
    return {
        "any": True,
        "serious": event["serious"] == "yes",
        "grade3": event["grade"] >= 3,
        "related": event["related"] == "yes",
        "discontinued": event["action"] == "withdrawn",
        "death": event["grade"] == 5 or event["outcome"] == "fatal",
    }[kind]


def _stopped(source, days, known):
    """Patients who stopped for an adverse event and have none with that action: one event each."""
    patients = source.patients
    stopped = patients.loc[patients["stop_reason"] == "adverse event", "patient_id"]
    return [(who, float(days[who])) for who in stopped if who not in known]


def _incidence(outcome, level, events, days):
    """Patients with an event of all; their rate while at risk, from the first to the last dose.

    Numerator and denominator of the rate belong to one span of time: a patient is at risk up to
    the first event or the end of treatment, whichever is earlier, and counts where the event comes
    no later than that end. Events of the 30 days after it are counted among the patients alone. An
    undated event is taken to have come at the end of treatment.
    """
    first = {}
    for who, onset in events:
        at = days[who] if isnan(onset) else onset
        first[who] = min(at, first.get(who, at))
    at_risk = sum(min(whole, first.get(who, whole)) for who, whole in days.items())
    n, k = len(days), len(first)
    in_time = sum(at <= days[who] for who, at in first.items())
    found = {
        "patients": clopper_pearson(k, n),
        "event_count": {"estimate": len(events), "events": len(events), "n": n},
        "rate_per_100_py": garwood(in_time, at_risk / YEAR, n),
    }
    if not k:
        found |= {"upper_one_sided": upper_one_sided(n), "rule_of_three": rule_of_three(n)}
    for statistic, numbers in found.items():
        yield row("04_safety", "adverse_event", outcome, statistic, numbers, level=level)


def _labs(source):
    for test, table in source.labs.dropna(subset=["value"]).groupby("test"):
        pairs = Counter()
        for _, values in table.groupby("patient_id"):
            before = values[values["week"] <= 0].sort_values("week")
            later = values[values["week"] > 0]
            if len(before) and len(later):
                worst = max(map(_excess, later.to_dict("records")), key=lambda x: x[0])
                pairs[f"{_excess(before.iloc[-1])[1]}→{worst[1]}"] += 1
        n = pairs.total()
        for level in (f"{a}→{b}" for a in SHIFTS for b in SHIFTS):
            k = pairs[level]
            numbers = {"estimate": k, "events": k, "n": n}
            yield row("04_safety", "lab_shift", test, "count", numbers, level=level)


def _excess(value):
    """How far outside its limits, as a share of the limit crossed, and on which side."""
    low, high = value["lln"] - value["value"], value["value"] - value["uln"]
    if high > 0:
        return high / value["uln"], "high"
    return (low / value["lln"], "low") if low > 0 else (0, "normal")
