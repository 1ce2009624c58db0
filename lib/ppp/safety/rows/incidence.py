"""Patients, events and time at risk by level: counted once (`tally`), told as rows (`rows`)."""

from collections.abc import Iterator
from dataclasses import replace
from math import nan

import numpy as np
import pandas as pd

from ppp import results
from ppp.estimators import proportions, survival
from ppp.estimators.estimate import Estimate
from ppp.safety.rows.treatment import DAYS_A_YEAR

STATISTICS = ("patients", "event_count", "rate_per_100_py", "event_rate_per_100_py")
WORST = "worst_grade_"
GRADES = ("1", "2", "3", "4", "5", "unknown")
Part = Iterator[tuple]


def tally(
    events: pd.DataFrame, time: pd.DataFrame, *, by=("level",), names: list[str] | None = None
) -> pd.DataFrame:
    """Count by level: patients, events, and what rates need.

    Time at risk ends at a patient's first event or with treatment; an event after that is none of
    the time, so it is counted apart.

    Parameters
    ----------
    events : DataFrame
        ``study_id``, ``onset`` in days from the first dose, the columns of `by` without gaps;
        with ``grade``, patients are counted by their worst one.
    time : DataFrame
        `treatment.treatment` of every patient who was exposed.
    by : sequence of str
        Columns that make a level, the level's name last.
    names : list of str or None
        The levels in the order wanted, those without events too; None means those that occur,
        by patients, then events, then name.

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
    counts = pd.DataFrame(
        {
            "patients": 1,
            "events": each["size"],
            "during": each["during"],
            "first": at_risk.astype(int),
            "later": (each["first"] > each["days"]).astype(int),
            "not_at_risk": (each["days"] - each["first"]).where(at_risk, 0.0),
        },
        index=each.index,
    )
    if "worst" in each:
        worst = each["worst"].astype("Int64").astype("str").fillna("unknown")
        counts = counts.join(pd.get_dummies(worst, prefix=WORST[:-1], dtype=int))
    table = counts.groupby(by).sum()
    table = _ordered(table, by) if names is None else table.reindex(names, fill_value=0)
    whole = time["days"].sum()
    return (
        table.assign(
            years=(whole - table["not_at_risk"]).clip(lower=0) / DAYS_A_YEAR,
            whole=whole / DAYS_A_YEAR,
            n=len(time),
            known=int(time["days"].count()),
        )
        .drop(columns="not_at_risk")
        .rename_axis(by)
        .reset_index()
    )


def _patients(events: pd.DataFrame, time: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    days = time["days"].reindex(events["study_id"]).to_numpy(dtype=float)
    during = events["onset"].to_numpy(dtype=float) <= days
    of = events.assign(days=days, during=during).groupby([*by, "study_id"])
    worst = {"worst": of["grade"].max()} if "grade" in events else {}
    return pd.DataFrame(
        {
            "first": of["onset"].min(),
            "size": of.size(),
            "during": of["during"].sum(),
            "days": of["days"].first(),
            **worst,
        }
    )


def _ordered(table: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    name = table.index.get_level_values(by[-1]).astype("str")
    order = np.lexsort([name, name.str.casefold(), -table["events"], -table["patients"]])
    return table.iloc[order]


def rows(table: pd.DataFrame, outcome: str, *parts) -> list[dict]:
    """Tell a `tally` as results rows of analysis ``adverse_event``, level by level.

    Columns ``population``, ``note`` and ``code``, where there are any, are those of the rows.
    `parts` yield statistics and their values of one line: `counts`, `event_rates`, `bounds`,
    `worst_grades`, `listed`.
    """
    return [
        row(outcome, statistic, value, *more, **_where(line))
        for line in table.to_dict("records")
        for part in parts
        for statistic, value, *more in part(line)
    ]


def _where(line: dict) -> dict:
    return {name: line[name] for name in ("level", "population", "code") if name in line}


def row(outcome: str, statistic: str, value, note: str = "", code: str = "", **where) -> dict:
    """Make one results row of ``adverse_event``; `note` and `code` follow the estimate's own."""
    made = results.row("adverse_event", outcome, statistic, value, **where)
    made["note"] = "; ".join(filter(None, [made["note"], note]))
    made["code"] = " ".join(filter(None, [made["code"], code]))
    return made


def not_recorded(outcome: str, statistics=STATISTICS, **where) -> list[dict]:
    """Make the empty rows of an outcome whose fields were not recorded."""
    return [row(outcome, name, nan, "not recorded", "not_recorded", **where) for name in statistics]


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
