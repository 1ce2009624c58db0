"""Patients, events and time at risk by level (`tally`, `rows`), and time to the first event."""

from collections.abc import Iterator
from dataclasses import replace
from math import nan

import numpy as np
import pandas as pd

from ppp import levels, results
from ppp.cohort import after_baseline, alone, contrast, groups, members
from ppp.estimators import proportions, survival
from ppp.estimators.estimate import ALONE, Estimate
from ppp.safety.rows.treatment import DAYS_A_YEAR, placed, treatment, undated

DAYS_A_WEEK = 7
STATISTICS = ("patients", "event_count", "rate_per_100_py", "event_rate_per_100_py")
WORST = "worst_grade_"
GRADES = ("1", "2", "3", "4", "5", "unknown")
UNREADABLE = "no readable entry"
UNDATED = "no event carries a date"
Part = Iterator[tuple]


def tally(
    events: pd.DataFrame, time: pd.DataFrame, *, by=("level",), names: list[str] | None = None
) -> pd.DataFrame:
    """Count by level: patients, events, and what rates need.

    Time at risk ends at a patient's first event or with treatment; an event after that is none of
    the time, so it is counted apart.

    `events`: ``study_id``, ``onset`` in days from the first dose, the columns of `by` (those that
    make a level, its name last) without gaps; with ``grade``, patients are counted by their worst
    one. `time`: `treatment.treatment` of every patient who was exposed. `names`: the levels in the
    order wanted; None: those that occur, by patients, then events, then name.

    Returns
    -------
    DataFrame
        One row a level: the columns of `by`; ``patients``; ``events``; ``first`` and ``during``
        (patients whose first event, and events that, came while time at risk was running);
        ``later`` (patients whose first event came after it); ``years`` (at risk of a first
        event); ``whole`` (years of treatment in all); ``n`` exposed and ``known`` (those whose
        time is known); ``worst_grade_1`` … ``worst_grade_unknown`` as they occur.
    """
    by = list(by)
    each = _patients(events, time, by)
    at_risk = each["first"] <= each["days"]
    counts = each[["events", "during"]].assign(
        patients=1,
        first=at_risk.astype(int),
        later=(each["first"] > each["days"]).astype(int),
        not_at_risk=(each["days"] - each["first"]).where(at_risk, 0.0),
    )
    if "worst" in each:
        worst = each["worst"].astype("Int64").astype("str").fillna("unknown")
        counts = counts.join(pd.get_dummies(worst, prefix=WORST[:-1], dtype=int))
    table = counts.groupby(by).sum()
    table = _ordered(table, by) if names is None else table.reindex(names, fill_value=0)
    whole, known = time["days"].sum(), int(time["days"].count())
    years = (whole - table.pop("not_at_risk")).clip(lower=0) / DAYS_A_YEAR
    table = table.assign(years=years, whole=whole / DAYS_A_YEAR, n=len(time), known=known)
    return table.rename_axis(by).reset_index()


def _patients(events: pd.DataFrame, time: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    days = time["days"].reindex(events["study_id"]).to_numpy(dtype=float)
    during = events["onset"].to_numpy(dtype=float) <= days
    of = events.assign(days=days, during=during).groupby([*by, "study_id"])
    each = {
        "first": of["onset"].min(),
        "events": of.size(),
        "during": of["during"].sum(),
        "days": of["days"].first(),
    }
    return pd.DataFrame(each | ({"worst": of["grade"].max()} if "grade" in events else {}))


def _ordered(table: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    name = table.index.get_level_values(by[-1]).astype("str")
    order = np.lexsort([name, name.str.casefold(), -table["events"], -table["patients"]])
    return table.iloc[order]


def by_population(table: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Put the lines of a `tally` in the order of their populations, each as it was within one."""
    return table.loc[table["population"].map(order.index).sort_values(kind="stable").index]


def rows(table: pd.DataFrame, outcome: str, *parts) -> list[dict]:
    """Tell a `tally` as results rows of analysis ``adverse_event``, level by level.

    `parts` yield statistics and their values of one line: `counts`, `event_rates`, `bounds`,
    `worst_grades`, `listed`.
    """
    where = table.columns.intersection(["level", "population", "code"])
    return [
        row(outcome, statistic, value, *more, **{name: line[name] for name in where})
        for line in table.to_dict("records")
        for part in parts
        for statistic, value, *more in part(line)
    ]


def row(outcome: str, statistic: str, value, note: str = "", code: str = "", **where) -> dict:
    """Make one results row of ``adverse_event``; `note` and `code` follow the estimate's own."""
    made = results.row("adverse_event", outcome, statistic, value, **where)
    made["note"] = "; ".join(filter(None, [made["note"], note]))
    made["code"] = " ".join(filter(None, [made["code"], code]))
    return made


def not_recorded(outcome: str, statistics=STATISTICS, **where) -> list[dict]:
    """Make the empty rows of an outcome whose fields were not recorded, unless `note` differs."""
    where = {"note": "not recorded", "code": "not_recorded"} | where
    return [row(outcome, name, nan, **where) for name in statistics]


def counts(line: dict) -> Part:
    """Give the patients of n exposed (Clopper–Pearson), and the events."""
    note = line.get("note", "")
    yield "patients", proportions.clopper_pearson(line["patients"], line["n"]), note
    yield "event_count", _count(line["events"], line["n"]), note


def event_rates(line: dict) -> Part:
    """Give first events per time at risk, and all events per time on treatment (Garwood)."""
    note = line.get("note", "")
    later = f"{line['later']} first affected after the end of treatment, not in the rate"
    late = "; ".join(filter(None, [note, later if line["later"] else ""]))
    first = survival.garwood(line["first"], line["years"], per=100)
    every = survival.garwood(line["during"], line["whole"], per=100)
    yield "rate_per_100_py", replace(first, n=line["known"]), late
    yield "event_rate_per_100_py", replace(every, n=line["known"]), note


def bounds(line: dict) -> Part:
    """Give the one-sided bounds, of patients and of the rate, where nobody had an event."""
    if line["patients"]:
        return
    note, n = line.get("note", ""), line["n"]
    yield "upper_one_sided", proportions.upper_one_sided(0, n), note
    yield "rule_of_three", proportions.rule_of_three(0, n), note
    rate = survival.upper_one_sided(0, line["years"], per=100)
    yield "rate_upper_one_sided", replace(rate, n=line["known"], ci_low=nan), note


def worst_grades(line: dict) -> Part:
    """Give the patients by their worst grade, those grades that occur."""
    for grade in GRADES:
        if line.get(WORST + grade):
            yield WORST + grade, _count(line[WORST + grade], line["n"])


def listed(line: dict) -> Part:
    """Give patients and events as counts without an interval."""
    yield "patients", _count(line["patients"], line["n"])
    yield "event_count", _count(line["events"], line["n"])


def _count(k: int, n: int) -> Estimate:
    return Estimate(float(k), n=n, events=int(k))


def time_to_event(
    adverse_events: pd.DataFrame | None,
    patients: pd.DataFrame,
    visits: pd.DataFrame | None,
    study,
    *,
    ascertained: bool = True,
) -> pd.DataFrame:
    """Cumulative incidence of a first adverse event on treatment, 1 − Kaplan–Meier.

    A patient's time ends at the first event, or with treatment; an event after that end does not
    count. A patient whose time on treatment is unknown is left out. Outcome ``any``, for ``all``
    and, unless one is a single patient, for each of the study's two groups:

    - ``cumulative_incidence`` at each scheduled week after baseline: log–log interval; with no
      event so far the exact bound of those at risk on that day; 1, without limits, once everybody
      still at risk had an event; else empty beyond the longest time; code ``crude`` where it is
      the plain share, since nobody left before without an event;
    - ``at_risk`` at each scheduled week from baseline on: patients with that time or longer;
    - ``curve``: `level` = day from the first dose, one a distinct day with an event; n at risk
      just before, events so far;
    - ``first_partial``: of those first events (`n`) the ones whose day is not known, ``on_day_0``
      those of them that were put on the first day that counts;
    - ``log_rank`` of the two groups (group a contrast, ``sapho=yes-no``), as description.

    One empty row where events were not recorded, the source lists only patients with one (not
    `ascertained`), or no event carries a date (code ``time_unknown``).

    References
    ----------
    Kaplan & Meier 1958, doi:10.1080/01621459.1958.10501452; Kalbfleisch & Prentice 2002,
    doi:10.1002/9781118032985; Mantel 1966.
    """
    if adverse_events is None:
        missing = _first_row("cumulative_incidence", nan, note="not recorded", code="not_recorded")
        return results.frame([missing])
    if not ascertained:
        why = {"note": "the source lists only patients with an event", "code": "listing"}
        return results.frame([_first_row("cumulative_incidence", nan, **why)])
    if undated(placed(adverse_events, patients, visits, study)):
        why = {"note": UNDATED, "code": "time_unknown"}
        return results.frame([_first_row("cumulative_incidence", nan, **why)])
    times = first_events(adverse_events, patients, visits, study)
    partial = _partial_rows(times, study)
    compared = groups(patients, study)
    compared = compared if len(compared) == 2 else ()
    single = alone(patients, study)
    compared = () if single else compared
    times = {x: times.reindex(members(patients, x)["study_id"]) for x in ("all", *compared)}
    made = [row for group, own in times.items() for row in _group_rows(own, group, study)]
    if single:
        made.append(_first_row("log_rank", ALONE, group=single))
    if compared:
        both = pd.concat([times[group] for group in compared])
        side = np.repeat([0, 1], [len(times[group]) for group in compared])
        test = survival.log_rank(both["days"], both["event"], side)
        made.append(_first_row("log_rank", test, group=contrast(compared)))
    return results.frame(made + partial)


def _partial_rows(times: pd.DataFrame, study) -> list[dict]:
    """Count the first events whose day is not known, and those of them on the first day."""
    had = times[times["event"]]
    unsure = had[~had["sure"]]
    first = int((unsure["days"] == study.safety.days_after_first_dose).sum())
    counts = {"first_partial": len(unsure), "on_day_0": first}
    return [_first_row(name, float(k), n=len(had), events=k) for name, k in counts.items()]


def first_events(
    adverse_events: pd.DataFrame, patients: pd.DataFrame, visits: pd.DataFrame | None, study
) -> pd.DataFrame:
    """Give each patient's ``days`` to the first event on treatment, or to the end of treatment.

    ``event`` is True where they end with one, ``sure`` where its day is known; ``days`` are NaN
    where the time is unknown.
    """
    whole = treatment(patients, visits, study)["days"]
    events = placed(adverse_events, patients, visits, study)
    emergent = events[events["window"] == "on"]
    emergent = emergent.assign(sure=emergent["certain"] == "day").sort_values(["onset", "sure"])
    earliest = emergent.groupby("study_id")[["onset", "sure"]].first().reindex(whole.index)
    first, happened = earliest["onset"], earliest["onset"] <= whole
    sure = earliest["sure"].eq(True)
    return pd.DataFrame(
        {"days": whole.where(~happened, first), "event": happened, "sure": sure & happened}
    )


def _first_row(statistic: str, value, **where) -> dict:
    return results.row("time_to_event", "any", statistic, value, **where)


def _group_rows(times: pd.DataFrame, group: str, study) -> list[dict]:
    baseline, later = study.schedule.baseline, after_baseline(study)
    days, event = times["days"], times["event"]
    unknown = int(days.isna().sum())
    note = f"time on treatment unknown in {unknown} of {len(times)}" if unknown else ""
    curve = survival.kaplan_meier(days, event)
    made = []
    for week in later:
        by_then = survival.at(curve, days, event, DAYS_A_WEEK * (week - baseline))
        made.append(_first_row("cumulative_incidence", by_then, group=group, week=week))
        made[-1]["note"] = "; ".join(filter(None, [by_then.note * bool(by_then.n), note]))
        made[-1]["code"] = " ".join(filter(None, [made[-1]["code"], "crude" * _crude(by_then)]))
    weeks = [baseline, *later]
    left = survival.at_risk(days, [DAYS_A_WEEK * (week - baseline) for week in weeks])
    made += [
        _first_row("at_risk", float(k), group=group, week=week, n=int(days.count()))
        for week, k in zip(weeks, left, strict=True)
    ]
    return made + [
        _first_row("curve", _point(point), group=group, level=levels.amount(point.day))
        for point in curve.itertuples()
    ]


def _crude(by_then: Estimate) -> bool:
    return bool(by_then.events) and abs(by_then.estimate - by_then.events / by_then.n) < 1e-9


def _point(point) -> Estimate:
    numbers = point.incidence, point.ci_low, point.ci_high
    level, note = (nan, survival.NO_LIMITS) if pd.isna(point.ci_low) else (0.95, "")
    n, events = int(point.at_risk), int(point.events)
    return Estimate(*numbers, level, n, events, method=survival.METHOD, note=note)
