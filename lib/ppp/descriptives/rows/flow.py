"""Who entered, when, who was seen, and who stopped."""

from math import nan

import pandas as pd

from ppp import levels, results
from ppp.catalogue.recorded import by_frequency, codes, dates, recorded
from ppp.cohort import took_place


def disposition(patients: pd.DataFrame, visits: pd.DataFrame | None, study) -> pd.DataFrame:
    """Count who entered, who was seen at each scheduled week, and who stopped and why.

    Results rows of analysis ``flow``, statistic ``count``, n = all patients: outcome ``patients``
    with level ``enrolled``; ``visited`` (anything recorded at the week); ``assessed`` (the primary
    outcome recorded at the week); ``stopped`` (a stop date or reason is recorded; empty where
    neither field was), and of these ``stopped_before`` and ``stopped_after`` the primary week
    (the stop date less the start is below 7 days a week, or not) and ``stopped_undated``; outcome
    ``stop_reason`` with level = the reason (empty where it is not known) and population one of
    these three.
    """
    n = len(patients)

    def count(number, level, *, outcome="patients", **where):
        number = int(number)
        return results.row(
            "flow", outcome, "count", number, level=level, n=n, events=number, **where
        )

    visits = took_place(visits)
    rows = [count(n, "enrolled")]
    for week in study.schedule.weeks if visits is not None else ():
        seen = visits[(visits["week"] == week) & visits["study_id"].isin(patients["study_id"])]
        rows.append(count(len(seen), "visited", week=week))
        if study.endpoints.primary in visits:
            assessed = seen[study.endpoints.primary].notna().sum()
            rows.append(count(assessed, "assessed", week=week))
    rows += _stops(patients, count, study)
    return results.frame(rows)


def _stops(patients: pd.DataFrame, count, study) -> list[dict]:
    fields = recorded(patients, ("stop_date", "stop_reason"))
    if not fields:
        why = {"note": "not recorded", "code": "not_recorded"}
        return [
            results.row("flow", "patients", "count", nan, level="stopped", n=len(patients), **why)
        ]
    stopped = patients[patients[fields].notna().any(axis=1)]
    when, week = _when(stopped, study), study.schedule.primary
    rows = [count(len(stopped), "stopped")]
    for time in ("stopped_before", "stopped_after", "stopped_undated"):
        at = stopped[when == time]
        if time == "stopped_undated" and at.empty:
            continue
        rows.append(count(len(at), time, week=week))
        if "stop_reason" in fields:
            reasons = by_frequency(codes(at["stop_reason"]).fillna(""))
            where = {"outcome": "stop_reason", "population": time, "week": week}
            rows += [count(k, reason, **where) for reason, k in reasons.items()]
    return rows


def _when(stopped: pd.DataFrame, study) -> pd.Series:
    """Tell of each patient who stopped whether that was before or after the primary week."""
    days = (dates(stopped, "stop_date") - dates(stopped, "start_date")).dt.days
    when = (days < 7 * study.schedule.primary).map({True: "before", False: "after"})
    return "stopped_" + when.where(days.notna(), "undated")


def period(patients: pd.DataFrame) -> pd.DataFrame:
    """Say in which month the first and the last patient started treatment.

    Results rows ``period``, statistics ``first`` and ``last``: `level` the month (``2022-07``),
    estimate the same as a number (202207), n = patients with a start date; none without any.
    """
    started = dates(patients, "start_date").dropna()
    ends = {"first": started.min(), "last": started.max()} if len(started) else {}
    return results.frame(
        results.row(
            "period",
            "start_date",
            name,
            100 * day.year + day.month,
            level=levels.month(day.year, day.month),
            n=len(started),
        )
        for name, day in ends.items()
    )
