"""Intercurrent events by the primary visit: stops and their reasons, dose, interruption, rescue."""

from math import nan

import pandas as pd

from ppp import results
from ppp.catalogue.recorded import codes, dates, recorded
from ppp.cohort import first_dose, primary_day, stopped, took_place

OWN_REASONS = ("adverse event", "lack of efficacy", "lost to follow-up")
ACTIONS = {"dose_changed": ("dose reduced", "dose increased"), "interrupted": ("interrupted",)}
NOT_RECORDED = {"note": "not recorded", "code": "not_recorded"}


def intercurrent(
    adverse_events: pd.DataFrame | None, patients: pd.DataFrame, visits: pd.DataFrame | None, study
) -> pd.DataFrame:
    """Count what happened to treatment up to the day of the primary visit.

    The day is counted from the first dose (`ppp.cohort.first_dose`). Results rows
    ``intercurrent``, statistic ``count``, n = all patients, week the primary:

    - outcome ``stop``: `level` ``on_treatment``, ``before`` (`ppp.cohort.stopped`), ``after``,
      ``untimed`` (a stop without a day) and ``unseen`` (no stop, but last seen before the visit's
      window); the others than ``after`` add up to n.
    - outcome ``stop_reason``: of those ``before``, by reason: those of `OWN_REASONS`, ``other``,
      ``unknown``.
    - outcomes ``dose_changed`` and ``interrupted``: patients with such an action taken for an
      adverse event that began by then, or on an unknown day; ``rescue``: with a rescue date.

    An outcome whose fields were not recorded has one empty row, code ``not_recorded``.
    """
    first = first_dose(patients, visits, study)
    stops = _stop_rows(patients, visits, first, study)
    actions = _action_rows(adverse_events, first, study)
    return results.frame(
        results.row("intercurrent", outcome, "count", week=study.schedule.primary, **number)
        for outcome, number in [*stops, *actions, *_rescue_rows(patients, first, study)]
    )


def _count(chosen, n: int, level: str = "before") -> dict:
    k = int(chosen.sum())
    return {"value": float(k), "level": level, "events": k, "n": n}


def _nothing(n: int) -> dict:
    return {"value": nan, "n": n} | NOT_RECORDED


def _stop_rows(patients, visits, first, study) -> list[tuple]:
    table, n = patients.set_index("study_id"), len(patients)
    fields = recorded(table, ("stop_date", "stop_reason"))
    if not fields:
        return [("stop", _nothing(n))]
    when = stopped(patients, visits, study)
    before, after, untimed = (when == time for time in ("before", "after", "undated"))
    unseen = when.isna() & ~_seen_late(table, visits, first, study)
    groups = {"before": before, "after": after, "untimed": untimed, "unseen": unseen}
    groups = {"on_treatment": ~(before | untimed | unseen)} | groups
    rows = [("stop", _count(chosen, n, level)) for level, chosen in groups.items()]
    blank = pd.Series(nan, index=table.index, dtype="str")
    reason = codes(table.get("stop_reason", blank))[before]
    kind = reason.where(reason.isin(OWN_REASONS) | reason.isna(), "other").fillna("unknown")
    found = {level: kind == level for level in (*OWN_REASONS, "other", "unknown")}
    why = [_count(chosen, int(before.sum()), level) for level, chosen in found.items()]
    return rows + [("stop_reason", count) for count in why if count["events"]]


def _seen_late(table, visits, first, study) -> pd.Series:
    """Tell who was seen in the window of the primary visit, or later."""
    days = [(dates(table, "last_visit_date") - first).dt.days]
    seen = took_place(visits)
    if seen is not None:
        last = seen.assign(date=dates(seen, "date")).groupby("study_id")[["date", "week"]].max()
        last = last.reindex(table.index)
        days += [(last["date"] - first).dt.days, 7 * (last["week"] - study.schedule.baseline)]
    latest = pd.concat([day.astype(float) for day in days], axis=1).max(axis=1)
    return latest >= primary_day(study) - study.schedule.window_days


def _action_rows(adverse_events, first, study) -> list[tuple]:
    n = len(first)
    if adverse_events is None or "action" not in adverse_events:
        return [(outcome, _nothing(n)) for outcome in ACTIONS]
    events = adverse_events[adverse_events["study_id"].isin(first.index)]
    own = events["study_id"].map(first)
    start = dates(events, "start_date")
    earliest, latest = (
        (dates(events, end).fillna(start) - own).dt.days
        for end in ("start_earliest", "start_latest")
    )
    within = events[~(earliest > primary_day(study)) & ~(latest < 0)]
    rows = []
    for outcome, actions in ACTIONS.items():
        taken = within.loc[codes(within["action"]).isin(actions), "study_id"]
        rows.append((outcome, _count(first.index.isin(list(taken)), n)))
    return rows


def _rescue_rows(patients, first, study) -> list[tuple]:
    if "rescue_date" not in patients:
        return [("rescue", _nothing(len(patients)))]
    rescue = dates(patients.set_index("study_id"), "rescue_date")
    late = (rescue - first).dt.days > primary_day(study)
    return [("rescue", _count(rescue.notna() & ~late, len(patients)))]
