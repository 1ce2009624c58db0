"""How long each patient was on treatment, at which dose, and why treatment was stopped."""

from math import nan

import pandas as pd

from ppp import results
from ppp.catalogue.recorded import by_frequency, codes, dates, recorded
from ppp.cohort import took_place

DAYS_A_YEAR = 365.25
UNKNOWN_REASON = "reason not recorded"
NO_STOP = "no stop recorded"
UNKNOWN_DOSE = "unknown"
BASES = {"stop": "start to stop in", "visit": "to the last visit in", "week": "by visit week in"}


def treatment(patients: pd.DataFrame, visits: pd.DataFrame | None, study) -> pd.DataFrame:
    """Work out each patient's time on treatment.

    From ``start_date`` (else the date of the baseline visit) to ``stop_date``; for a patient
    without one, to ``last_visit_date``, or to the last dated visit. Where no such dates are
    recorded: weeks from the baseline week to the last visit's week.

    Returns
    -------
    DataFrame
        Index ``study_id``; ``start`` and ``end`` (NaT where unknown), ``days`` (NaN where
        unknown, never below 0), ``basis`` (where the end comes from: ``stop``, ``visit`` or
        ``week``; empty where the days are unknown).
    """
    table = patients.set_index("study_id")
    first, last, weeks = _seen(visits, table.index, study)
    start, stop = dates(table, "start_date").fillna(first), dates(table, "stop_date")
    end = stop.fillna(dates(table, "last_visit_date")).fillna(last)
    days = (end - start).dt.days.astype(float)
    basis = pd.Series("stop", index=table.index, dtype="str").where(stop.notna(), "visit")
    basis = basis.where(days.notna(), "week").where(days.notna() | weeks.notna(), "")
    return pd.DataFrame(
        {"start": start, "end": end, "days": days.fillna(weeks * 7).clip(lower=0), "basis": basis}
    )


def _seen(visits: pd.DataFrame | None, ids: pd.Index, study) -> tuple[pd.Series, ...]:
    """Give the date of each patient's baseline visit, of the last visit, and its week."""
    visits = took_place(visits)
    if visits is None:
        never = pd.Series(pd.NaT, index=ids, dtype="datetime64[us]")
        return never, never, pd.Series(nan, index=ids)
    baseline = study.schedule.baseline
    table = visits.assign(date=dates(visits, "date"))
    first = table[table["week"] == baseline].groupby("study_id")["date"].min()
    last = table.groupby("study_id")[["date", "week"]].max().reindex(ids)
    return first.reindex(ids), last["date"], last["week"].astype(float) - baseline


def exposure(patients: pd.DataFrame, visits: pd.DataFrame | None, study) -> pd.DataFrame:
    """Patient-years on treatment, in all and by dose, and reasons for stopping.

    Parameters
    ----------
    patients, visits : DataFrame
        Canonical frames of the cohort; `visits` may be None.
    study : Study

    Returns
    -------
    DataFrame
        Results rows ``sum``, ``median``, ``min`` and ``max`` of outcome ``patient_years``
        (days / 365.25; see `treatment`), n = patients whose time is known; `method` counts them
        by what their time ends with, `note` those whose time is unknown. Outcome ``stop_reason``:
        ``count`` of patients by reason (`level`), the most frequent first, then those who stopped
        for an unknown reason ("reason not recorded") and those without a stop ("no stop
        recorded"); one empty row where neither stop nor reason is a field of the cohort. Outcome
        ``dose_mg``, if a dose was recorded: ``count`` of patients and ``sum`` of their
        patient-years by the dose at the start (`level`), ascending, then "unknown".
    """
    time = treatment(patients, visits, study)
    years = time["days"] / DAYS_A_YEAR
    n, unknown = int(years.count()), int(years.isna().sum())
    note = _note(n, unknown)
    counts = time["basis"].value_counts()
    method = ", ".join(f"{words} {counts.get(basis, 0)}" for basis, words in BASES.items())
    numbers = {
        "sum": years.sum(min_count=1),
        "median": years.median(),
        "min": years.min(),
        "max": years.max(),
    }
    rows = [
        results.row("exposure", "patient_years", name, number, n=n, method=method, note=note)
        for name, number in numbers.items()
    ]
    return results.frame(rows + _dose_rows(patients, time) + _stop_rows(patients))


def _note(known: int, unknown: int) -> str:
    if not known:
        return "no data"
    return f"time on treatment unknown in {unknown}" if unknown else ""


def _dose_rows(patients: pd.DataFrame, time: pd.DataFrame) -> list[dict]:
    if "dose_mg" not in patients or patients["dose_mg"].isna().all():
        return []
    table = pd.DataFrame(
        {
            "level": codes(patients["dose_mg"]).fillna(UNKNOWN_DOSE).to_numpy(),
            "dose": patients["dose_mg"].astype(float).to_numpy(),
            "days": time["days"].to_numpy(),
        }
    )
    rows = []
    for level, own in table.sort_values("dose").groupby("level", sort=False):
        k, known = len(own), int(own["days"].count())
        total = own["days"].sum(min_count=1) / DAYS_A_YEAR
        rows += [
            results.row(
                "exposure", "dose_mg", "count", float(k), level=level, n=len(table), events=k
            ),
            results.row(
                "exposure",
                "dose_mg",
                "sum",
                total,
                level=level,
                n=known,
                note=_note(known, k - known),
            ),
        ]
    return rows


def _stop_rows(patients: pd.DataFrame) -> list[dict]:
    if not recorded(patients, ("stop_date", "stop_reason")):
        return [results.row("exposure", "stop_reason", "count", nan, note="not recorded")]
    blank = pd.Series(nan, index=patients.index, dtype="str")
    reason = patients.get("stop_reason", blank).astype("str")
    stopped = reason.notna() | dates(patients, "stop_date").notna()
    unknown, going = int((stopped & reason.isna()).sum()), int((~stopped).sum())
    counts = by_frequency(reason.dropna()).to_dict()
    counts |= {UNKNOWN_REASON: unknown} if unknown else {}
    return [
        results.row(
            "exposure",
            "stop_reason",
            "count",
            float(k),
            level=level,
            n=len(patients),
            events=int(k),
        )
        for level, k in (counts | {NO_STOP: going}).items()
    ]
