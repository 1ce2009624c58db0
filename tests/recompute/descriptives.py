"""Flow, summaries, counts and balance, from the tables."""

from math import nan, sqrt

import numpy as np
from scipy.stats import t as student

from . import resampling
from .cohort import GROUPS, WEEKS
from .rows import row

LEVELS = {"sex": ["female", "male"], "sapho": ["yes", "no"], "smoker": ["yes", "no"]}
SEVERAL = ("prior_treatments", "comorbidities")
PGA = range(5)


def rows(source):
    yield from _ledger(source)
    yield from _patients(source)
    for group in GROUPS:
        yield from _summaries(source, group)
        yield from _counts(source, group)
    yield from _balance(source)


def _ledger(source):
    """A clean source: every row and cell is accepted; warned of are a score with a missing part, an
    event before the first dose or with half a date, and an event that is there again.
    """
    total = {kind: sum(size[kind] for size in source.size.values()) for kind in ("rows", "cells")}
    events = source.adverse_events
    again = 0 if events is None else int(events.duplicated().sum())
    warned = {
        "rows": {"visits": source.warned, "adverse_events": again},
        "cells": {"adverse_events": _odd_dates(events, source.patients)},
    }
    for table, size in {**source.size, "all": total}.items():
        for kind, read in size.items():
            odd = sum(warned[kind].values()) if table == "all" else warned[kind].get(table, 0)
            counts = {
                "read": read,
                "accepted": read,
                "warned": odd,
                "queried": 0,
                "quarantined": 0,
                "unused": 0,
            }
            for level, k in counts.items():
                numbers = {"estimate": k, "events": k, "n": read}
                yield row("01_cleaning", "flow", kind, "count", numbers, group=table, level=level)


def _odd_dates(events, patients):
    if events is None:
        return 0
    starts = patients.set_index("patient_id")["start_date"]
    early = events["latest"] < events["patient_id"].map(starts)
    return int((early | events["certain"].isin(["month", "year"])).sum())


def _patients(source):
    patients, visits = source.patients, source.visits
    stopped = patients["stop_date"].notna() | patients["stop_reason"].notna()
    counts = [("patients", "enrolled", None, len(patients))]
    for week in WEEKS:
        at = visits[visits["week"] == week]
        counts.append(("patients", "visited", week, len(at)))
        counts.append(("patients", "assessed", week, int(at["pppasi"].notna().sum())))
    counts.append(("patients", "stopped", None, int(stopped.sum())))
    for reason, k in patients["stop_reason"].value_counts().items():
        counts.append(("stop_reason", reason, None, k))
    for outcome, level, week, k in counts:
        numbers = {"estimate": k, "events": k, "n": len(patients)}
        yield row("02_descriptives", "flow", outcome, "count", numbers, level=level, week=week)


def _summaries(source, group):
    people = source.patients[source.patients["patient_id"].isin(source.members(group))]
    for field in source.fields("patients"):
        yield from _summary(people[field], field, group=group)
    for field in source.fields("visits"):
        for week, values in source.scores(field, group).items():
            yield from _summary(values, field, group=group, week=week, missing="observed")


def _summary(values, outcome, **where):
    x = np.sort(values.dropna().to_numpy(float))
    n = len(x)
    mean = x.sum() / n if n else nan
    numbers = {
        "mean": mean,
        "sd": sqrt(((x - mean) ** 2).sum() / (n - 1)) if n > 1 else nan,
        **{name: _quantile(x, p) for name, p in {"q1": 0.25, "median": 0.5, "q3": 0.75}.items()},
        "min": x[0] if n else nan,
        "max": x[-1] if n else nan,
        "n_missing": len(values) - n,
    }
    for statistic, value in numbers.items():
        limits = _limits(x) if statistic == "mean" and "week" in where else {}
        numbers = {"estimate": value, "n": n} | limits
        yield row("02_descriptives", "summary", outcome, statistic, numbers, **where)


def _limits(x):
    if len(x) < 3 or x[0] == x[-1]:
        return {}
    half = student.ppf(0.975, len(x) - 1) * x.std(ddof=1) / sqrt(len(x))
    return {"ci_low": x.mean() - half, "ci_high": x.mean() + half, "ci_level": 0.95}


def _quantile(x, p):
    if not len(x):
        return nan
    below = int(p * (len(x) - 1))
    above = min(below + 1, len(x) - 1)
    return x[below] + (p * (len(x) - 1) - below) * (x[above] - x[below])


def _counts(source, group):
    people = source.patients[source.patients["patient_id"].isin(source.members(group))]
    for field in LEVELS:
        if field in people:
            yield from _count(
                people[field].map(lambda x: [x], na_action="ignore"),
                field,
                LEVELS[field],
                group=group,
            )
    for field in SEVERAL:
        if field in people:
            yield from _count(
                people[field].map(_parts, na_action="ignore"),
                field,
                _entries(source.patients[field]),
                group=group,
            )
    for week, values in source.scores("pga", group).items():
        grades = values.map(lambda x: [f"{x:.0f}"], na_action="ignore")
        yield from _count(
            grades, "pga", [str(x) for x in PGA], group=group, week=week, missing="observed"
        )


def _parts(text):
    return sorted({part.strip() for part in text.split(";")})


def _entries(values):
    return sorted({part for text in values.dropna() for part in _parts(text)})


def _count(values, outcome, levels, **where):
    held = list(values.dropna())
    n = len(held)
    for level in levels:
        k = sum(level in parts for parts in held)
        both = {"count": k, "proportion": k / n if n else nan}
        for statistic, value in both.items():
            numbers = {"estimate": value, "events": k, "n": n}
            yield row("02_descriptives", "count", outcome, statistic, numbers, level=level, **where)
    numbers = {"estimate": len(values) - n, "n": n}
    yield row("02_descriptives", "count", outcome, "n_missing", numbers, **where)


def _balance(source):
    patients = source.patients
    yes, no = (patients[patients["sapho"] == value] for value in ("yes", "no"))
    for field in source.fields("patients"):
        yield _smd(field, _of_means(yes[field], no[field]))
    for field, level in {"sex": "female", "smoker": "yes"}.items():
        if field in patients:
            held = [side[field].dropna() == level for side in (yes, no)]
            yield _smd(field, _of_shares(*held), level=level)
    for field in (name for name in SEVERAL if name in patients):
        sides = [side[field].dropna() for side in (yes, no)]
        for level in _entries(patients[field]):
            held = [side.map(lambda text, level=level: level in _parts(text)) for side in sides]
            yield _smd(field, _of_shares(*held), level=level)
    for field in source.fields("visits"):
        at = [source.scores(field, group)[WEEKS[0]] for group in GROUPS[1:]]
        yield _smd(field, _of_means(*at), week=WEEKS[0])


def _smd(field, numbers, **where):
    where = {"group": "sapho=yes-no"} | where
    return row("02_descriptives", "balance", field, "smd", numbers, **where)


def _of_means(a, b):
    a, b = a.dropna().to_numpy(float), b.dropna().to_numpy(float)
    if min(len(a), len(b)) < 3:
        return {"n": len(a) + len(b)}
    free = len(a) / (len(a) - 1), len(b) / (len(b) - 1)
    return _compared(a, b, free) | {"n": len(a) + len(b)}


def _of_shares(a, b):
    a, b = a.to_numpy(float), b.to_numpy(float)
    found = _compared(a, b, (1, 1)) if len(a) and len(b) else {}
    return found | {"n": len(a) + len(b)}


def _compared(a, b, free):
    """Difference over the average deviation; `free` makes variances of patients unbiased."""
    variances = free[0] * a.var() + free[1] * b.var()
    if not variances:
        return {"estimate": 0.0} if a.mean() == b.mean() else {}
    away, u, v = resampling.differences(a, b)
    spread = np.sqrt((free[0] * u + free[1] * v) / 2)
    flat = spread < 1e-9
    drawn = np.divide(away, spread, out=np.full(len(away), nan), where=~flat)
    if free == (1, 1):
        drawn[flat & (np.abs(away) < 1e-9)] = 0.0
    found = {"estimate": (a.mean() - b.mean()) / sqrt(variances / 2)}
    if np.isnan(drawn).mean() > 0.0025:
        return found
    low, high = resampling.percentile(drawn)
    return found | {"ci_low": low, "ci_high": high, "ci_level": 0.95}
