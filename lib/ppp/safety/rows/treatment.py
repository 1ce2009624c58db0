"""How long each patient was on treatment, and what happened when: visits, events, the stop."""

from math import nan
from typing import NamedTuple

import numpy as np
import pandas as pd

from ppp import results
from ppp.catalogue.recorded import by_frequency, codes, dates, recorded
from ppp.cohort import first_dose, took_place

DAYS_A_YEAR = 365.25
DAYS_OF_A_MONTH = 31
UNKNOWN_REASON = "reason not recorded"
NO_STOP = "no stop recorded"
UNKNOWN_DOSE = "unknown"
EMERGENT = ("onset", "window", "certain")
BASES = {"stop": "start to stop in", "visit": "to the last visit in", "week": "by visit week in"}


def treatment(patients: pd.DataFrame, visits: pd.DataFrame | None, study) -> pd.DataFrame:
    """Work out each patient's time on treatment, by ``study_id``.

    From ``start_date`` (else the date of the baseline visit) to ``stop_date``; for a patient
    without one, to ``last_visit_date``, or to the last dated visit. Where no such dates are
    recorded: weeks from the baseline week to the last visit's week. ``start`` and ``end`` are NaT
    and ``days`` (never below 0) NaN where unknown; ``basis`` is where the end comes from:
    ``stop``, ``visit`` or ``week``, empty where the days are unknown.
    """
    table = patients.set_index("study_id")
    last, weeks = _last_seen(visits, table.index, study)
    start, stop = first_dose(patients, visits, study), dates(table, "stop_date")
    end = stop.fillna(dates(table, "last_visit_date")).fillna(last)
    days = (end - start).dt.days.astype(float)
    basis = pd.Series("stop", index=table.index, dtype="str").where(stop.notna(), "visit")
    basis = basis.where(days.notna(), "week").where(days.notna() | weeks.notna(), "")
    return pd.DataFrame(
        {"start": start, "end": end, "days": days.fillna(weeks * 7).clip(lower=0), "basis": basis}
    )


def _last_seen(visits: pd.DataFrame | None, ids: pd.Index, study) -> tuple[pd.Series, ...]:
    """Give the date of each patient's last visit, and its week since baseline."""
    visits = took_place(visits)
    if visits is None:
        never = pd.Series(pd.NaT, index=ids, dtype="datetime64[us]")
        return never, pd.Series(nan, index=ids)
    table = visits.assign(date=dates(visits, "date"))
    last = table.groupby("study_id")[["date", "week"]].max().reindex(ids)
    return last["date"], last["week"].astype(float) - study.schedule.baseline


def placed(
    adverse_events: pd.DataFrame | None, patients: pd.DataFrame, visits: pd.DataFrame | None, study
) -> pd.DataFrame | None:
    """Place each adverse event before, on or after treatment; None where they were not recorded.

    The window reaches from the first dose plus ``safety.days_after_first_dose`` (0) to the end of
    treatment (see `treatment`) plus ``safety.days_after_last_dose``, both ends included. An event
    lies outside only if every day on which it can have begun does. An event is a row: repeated
    episodes stay separate. `start_earliest` and `start_latest` enclose a start that is known to the
    month or the year only, and are `start_date` where they are not given. Events of nobody in
    `patients` are left out. Three columns are added:

    - ``window``: ``before``, ``on`` or ``after``; ``on`` where no date, or no first dose, is known.
    - ``onset``: days from the first dose to the earliest day on which the event can have begun;
      within the window never below its first day, and that day where it is unknown.
    - ``certain``: whether the start is known to the ``day``, the ``month`` or the ``year``;
      ``none`` where no date, or no first dose, is known.
    """
    if adverse_events is None:
        return None
    time = treatment(patients, visits, study)
    events = adverse_events[adverse_events["study_id"].isin(time.index)]
    own = time.reindex(events["study_id"]).set_axis(events.index)
    first, last = ((bound - own["start"]).dt.days.astype(float) for bound in _bounds(events))
    late = first > own["days"] + study.safety.days_after_last_dose
    begin = float(study.safety.days_after_first_dose)
    window = np.select([last < begin, late], ["before", "after"], "on")
    onset = first.where(window != "on", first.clip(lower=begin).fillna(begin))
    span = last - first
    known = [span == 0, span < DAYS_OF_A_MONTH, span.notna()]
    certain = np.select(known, ["day", "month", "year"], "none")
    return events.assign(onset=onset, window=window, certain=certain)


def _bounds(events: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    exact = dates(events, "start_date")
    return tuple(dates(events, x).fillna(exact) for x in ("start_earliest", "start_latest"))


def undated(events: pd.DataFrame) -> bool:
    """Tell whether `placed` found events on treatment, and not for one of them when it began."""
    on = events[events["window"] == "on"]
    return len(on) > 0 and bool((on["certain"] == "none").all())


class Course(NamedTuple):
    """What is known of each patient day by day, to be drawn.

    `patients`, longest time first: ``weeks`` on treatment (NaN where unknown), ``start``, ``group``
    (value of the subgroup's column), ``side`` (``own``, ``other`` where there are just these two
    groups, or empty), ``reason`` for the stop (empty without a stop). `visits` that took place:
    ``week`` since the first dose. `events` on treatment: ``week``, ``grade`` (text, or
    ``unknown``) and ``sure`` (the day is known); none where no event carries a date.
    """

    patients: pd.DataFrame
    visits: pd.DataFrame
    events: pd.DataFrame


def course(
    adverse_events: pd.DataFrame | None, patients: pd.DataFrame, visits: pd.DataFrame | None, study
) -> Course | None:
    """Lay out each patient's treatment, visits and events; None where no events were recorded."""
    events = placed(adverse_events, patients, visits, study)
    if events is None:
        return None
    lanes = _lanes(patients, treatment(patients, visits, study), study)
    events = events[(events["window"] == "on") & events["onset"].notna() & ~undated(events)]
    grade = events.get("grade", pd.Series(pd.NA, index=events.index)).astype("Int64").astype("str")
    marks = events[["study_id"]].assign(
        week=events["onset"] / 7, grade=grade.fillna("unknown"), sure=events["certain"] == "day"
    )
    return Course(lanes, _visit_weeks(visits, lanes, study), marks)


def _lanes(patients: pd.DataFrame, time: pd.DataFrame, study) -> pd.DataFrame:
    table = patients.drop_duplicates("study_id").set_index("study_id")
    blank = pd.Series(pd.NA, index=table.index)
    own = table.get(study.subgroup.column, blank).astype("str")
    is_own = (own == str(study.subgroup.value)).fillna(False)
    two = own[~is_own].dropna().nunique() == 1
    lanes = pd.DataFrame(
        {
            "weeks": time["days"].reindex(table.index) / 7,
            "start": time["start"].reindex(table.index),
            "group": own.fillna(""),
            "side": np.select([is_own, own.notna() & two], ["own", "other"], ""),
            "reason": _reasons(table).fillna(""),
        }
    )
    return lanes.sort_index(kind="stable").sort_values("weeks", ascending=False, kind="stable")


def _visit_weeks(visits: pd.DataFrame | None, lanes: pd.DataFrame, study) -> pd.DataFrame:
    """Weeks since the first dose, by date or else as scheduled, from that dose on."""
    seen = took_place(visits)
    if seen is None:
        return pd.DataFrame({"study_id": [], "week": []})
    seen = seen[seen["study_id"].isin(lanes.index)]
    start = lanes["start"].reindex(seen["study_id"]).set_axis(seen.index)
    weeks = (dates(seen, "date") - start).dt.days / 7
    weeks = weeks.fillna(seen["week"].astype(float) - study.schedule.baseline)
    table = pd.DataFrame({"study_id": seen["study_id"], "week": weeks})
    return table[table["week"] >= 0].drop_duplicates()


def _reasons(patients: pd.DataFrame) -> pd.Series:
    """Give why each patient stopped; missing where no stop was recorded."""
    blank = pd.Series(nan, index=patients.index, dtype="str")
    reason = patients.get("stop_reason", blank).astype("str")
    return reason.where(reason.notna() | dates(patients, "stop_date").isna(), UNKNOWN_REASON)


def exposure(patients: pd.DataFrame, visits: pd.DataFrame | None, study) -> pd.DataFrame:
    """Patient-years on treatment, in all and by dose, and reasons for stopping.

    ``sum``, ``median``, ``min`` and ``max`` of outcome ``patient_years`` (days / 365.25; see
    `treatment`), n = patients whose time is known; `method` counts them by what their time ends
    with, `note` those whose time is unknown. Outcome ``stop_reason``: ``count`` of patients by
    reason (`level`), the most frequent first, then those who stopped for an unknown reason and
    those without a stop (code ``no_stop``); one empty row where neither stop nor reason is a field
    of the cohort. Outcome ``dose_mg``, if a dose was recorded: ``count`` of patients and ``sum`` of
    their patient-years by the dose at the start (`level`), ascending, then "unknown".
    """
    time = treatment(patients, visits, study)
    years, counts = time["days"] / DAYS_A_YEAR, time["basis"].value_counts()
    known, unknown = int(years.count()), int(years.isna().sum())
    method = ", ".join(
        f"{words} {counts[basis]}" for basis, words in BASES.items() if basis in counts
    )
    about = {"n": known, "method": method, "note": _note(known, unknown)}
    numbers = {"sum": years.sum(min_count=1)} | years.agg(["median", "min", "max"]).to_dict()
    rows = [
        results.row("exposure", "patient_years", statistic, number, **about)
        for statistic, number in numbers.items()
    ]
    return results.frame(rows + _dose_rows(patients, time) + _stop_rows(patients))


def _note(known: int, unknown: int) -> str:
    if not known:
        return "no data"
    return f"time on treatment unknown in {unknown}" if unknown else ""


def _count_row(outcome: str, level: str, k: int, n: int, code: str = "") -> dict:
    about = {"level": level, "n": n, "events": int(k), "code": code}
    return results.row("exposure", outcome, "count", float(k), **about)


def _dose_rows(patients: pd.DataFrame, time: pd.DataFrame) -> list[dict]:
    if "dose_mg" not in patients or patients["dose_mg"].isna().all():
        return []
    dose = patients["dose_mg"]
    table = pd.DataFrame({"level": codes(dose).fillna(UNKNOWN_DOSE), "dose": dose.astype(float)})
    table["days"] = time["days"].to_numpy()
    rows = []
    for level, own in table.sort_values("dose").groupby("level", sort=False):
        k, known = len(own), int(own["days"].count())
        years = own["days"].sum(min_count=1) / DAYS_A_YEAR
        about = {"level": level, "n": known, "note": _note(known, k - known)}
        rows.append(_count_row("dose_mg", level, k, len(table)))
        rows.append(results.row("exposure", "dose_mg", "sum", years, **about))
    return rows


def _stop_rows(patients: pd.DataFrame) -> list[dict]:
    if not recorded(patients, ("stop_date", "stop_reason")):
        return [results.row("exposure", "stop_reason", "count", nan, note="not recorded")]
    reasons, n = _reasons(patients), len(patients)
    counts = by_frequency(reasons[reasons != UNKNOWN_REASON].dropna()).to_dict()
    unknown = int((reasons == UNKNOWN_REASON).sum())
    counts |= {UNKNOWN_REASON: unknown} if unknown else {}
    going = _count_row("stop_reason", NO_STOP, int(reasons.isna().sum()), n, code="no_stop")
    return [_count_row("stop_reason", level, k, n) for level, k in counts.items()] + [going]
