"""Who entered, when, who was seen, and who stopped."""

from math import nan

import pandas as pd

from ppp import levels, results
from ppp.catalogue.recorded import by_frequency, codes, dates, recorded
from ppp.cohort import stopped, took_place


def disposition(patients: pd.DataFrame, visits: pd.DataFrame | None, study) -> pd.DataFrame:
    """Count who entered, who was seen at each scheduled week, and who stopped and why.

    Results rows of analysis ``flow``, statistic ``count``, n = all patients: outcome ``patients``
    with level ``enrolled``; ``visited`` (anything recorded at the week); ``assessed`` (the primary
    outcome recorded at the week); ``stopped`` (a stop date or reason is recorded; empty where
    neither field was), and of these ``stopped_before`` and ``stopped_after`` the primary week
    (`ppp.cohort.stopped`) and ``stopped_undated``; outcome
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
    rows += _stops(patients, stopped(patients, visits, study), count, study)
    return results.frame(rows)


def _stops(patients: pd.DataFrame, when: pd.Series, count, study) -> list[dict]:
    fields = recorded(patients, ("stop_date", "stop_reason"))
    if not fields:
        why = {"note": "not recorded", "code": "not_recorded"}
        return [
            results.row("flow", "patients", "count", nan, level="stopped", n=len(patients), **why)
        ]
    when, week = "stopped_" + when, study.schedule.primary
    rows = [count(when.notna().sum(), "stopped")]
    for time in ("stopped_before", "stopped_after", "stopped_undated"):
        at = patients[(when == time).to_numpy()]
        if time == "stopped_undated" and at.empty:
            continue
        rows.append(count(len(at), time, week=week))
        if "stop_reason" in fields:
            reasons = by_frequency(codes(at["stop_reason"]).fillna(""))
            where = {"outcome": "stop_reason", "population": time, "week": week}
            rows += [count(k, reason, **where) for reason, k in reasons.items()]
    return rows


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
