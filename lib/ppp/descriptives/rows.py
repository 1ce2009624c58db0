"""Who the patients are: flow, summaries, counts, and the balance of two groups."""

from dataclasses import asdict
from functools import partial
from math import nan

import pandas as pd

from ppp import results
from ppp.catalogue.outcomes import ANALYSES, analysed, coded
from ppp.catalogue.recorded import (
    MULTIPLE,
    by_frequency,
    categorical_fields,
    codes,
    levels,
    numeric_fields,
    recorded,
)
from ppp.cohort import by_week, contrast, groups, layout, members, took_place
from ppp.estimators.balance import smd_bootstrap, smd_levels_bootstrap
from ppp.estimators.paired import mean


def disposition(patients: pd.DataFrame, visits: pd.DataFrame | None, study) -> pd.DataFrame:
    """Count who entered, who was seen at each scheduled week, and who stopped and why.

    Results rows of analysis ``flow``, statistic ``count``, n = all patients: outcome ``patients``
    with level ``enrolled``; ``visited`` (anything recorded at the week); ``assessed`` (the primary
    outcome recorded at the week); ``stopped`` (a stop date or reason is recorded; empty where
    neither field was); and outcome ``stop_reason`` with level = the reason.
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
    rows += _stops(patients, count)
    return results.frame(rows)


def _stops(patients: pd.DataFrame, count) -> list[dict]:
    fields = recorded(patients, ("stop_date", "stop_reason"))
    if not fields:
        why = {"note": "not recorded", "code": "not_recorded"}
        return [
            results.row("flow", "patients", "count", nan, level="stopped", n=len(patients), **why)
        ]
    rows = [count(patients[fields].notna().any(axis=1).sum(), "stopped")]
    if "stop_reason" in fields:
        reasons = by_frequency(codes(patients["stop_reason"]))
        rows += [count(k, reason, outcome="stop_reason") for reason, k in reasons.items()]
    return rows


def summary(
    patients: pd.DataFrame, visits: pd.DataFrame | None, study, *, group: str = "all"
) -> pd.DataFrame:
    """Summarise every numeric field: patient fields once, scores at every scheduled week.

    Results rows ``mean``, ``sd`` (n − 1), ``median``, ``q1``, ``q3`` (linear interpolation),
    ``min``, ``max``, ``n_missing``. n counts recorded values; a patient without a visit at a
    scheduled week is missing there. The ``mean`` of a visit field has a t interval. A field that
    was not recorded gives no rows.

    Parameters
    ----------
    group : str
        ``all`` or ``column=value``: the patients who are summarised.
    """
    chosen = members(patients, group)
    rows = []
    for field in numeric_fields(patients, study):
        rows += _summary_rows(chosen[field], field, group=group)
    for field in analysed(visits, study, *ANALYSES):
        scores = by_week(visits, chosen, field, study)
        for week in scores:
            where = {"group": group, "week": week, "missing": "observed"}
            first, *others = _summary_rows(scores[week], field, **where)
            interval = asdict(mean(scores[week]))
            rows += [first | interval if interval["n"] else first, *others]
    return results.frame(rows)


def _summary_rows(values: pd.Series, outcome: str, **where) -> list[dict]:
    values = values.astype(float)
    n = int(values.count())
    numbers = {
        "mean": values.mean(),
        "sd": values.std(),
        "median": values.median(),
        "q1": values.quantile(0.25),
        "q3": values.quantile(0.75),
        "min": values.min(),
        "max": values.max(),
        "n_missing": float(len(values) - n),
    }
    why = ("no_data", "no data") if n == 0 else ("too_few", "needs two values")
    why = dict(zip(("code", "note"), why, strict=True))
    return [
        results.row(
            "summary", outcome, name, number, n=n, **(why if pd.isna(number) else {}), **where
        )
        for name, number in numbers.items()
    ]


def count(
    patients: pd.DataFrame, visits: pd.DataFrame | None, study, *, group: str = "all"
) -> pd.DataFrame:
    """Count the levels of every categorical field.

    Patient fields, and graded and coded visit outcomes at every scheduled week. Fields with several
    entries a patient (``prior_treatments``, ``comorbidities``; ``;`` between) are counted by entry,
    so that their proportions may add up to more than 1.

    Results rows ``count`` and ``proportion`` for each level (``events`` of n recorded), zeros
    included, and ``n_missing`` with an empty level.

    Parameters
    ----------
    group : str
        ``all`` or ``column=value``: the patients who are counted.
    """
    chosen = members(patients, group)
    rows = []
    for field in categorical_fields(patients, study):
        held = codes(chosen[field]).value_counts().reindex(levels(patients, field, study))
        rows += _count_rows(held, field, chosen[field], group=group)
    for field in recorded(patients, MULTIPLE):
        held = _split(chosen[field]).value_counts().reindex(_entries(patients[field]))
        rows += _count_rows(held, field, chosen[field], group=group)
    for field, scale in coded(visits, study).items():
        for week, values in layout(visits, chosen, field, study).items():
            held = codes(values).value_counts().reindex(scale)
            where = {"group": group, "week": week, "missing": "observed"}
            rows += _count_rows(held, field, values, **where)
    return results.frame(rows)


def _count_rows(held: pd.Series, outcome: str, values: pd.Series, **where) -> list[dict]:
    n = int(values.count())
    rows = []
    for level, events in held.fillna(0).astype(int).items():
        counted = {"n": n, "events": events, "level": level} | where
        share, why = (events / n, {}) if n else (nan, {"note": "no data", "code": "no_data"})
        rows += [
            results.row("count", outcome, "count", events, **counted),
            results.row("count", outcome, "proportion", share, **why, **counted),
        ]
    return [*rows, results.row("count", outcome, "n_missing", len(values) - n, n=n, **where)]


def _split(values: pd.Series) -> pd.Series:
    """Give one entry a row: the parts between semicolons, each once a patient."""
    parts = values.dropna().reset_index(drop=True).str.split(";").explode().str.strip()
    parts = parts[parts.ne("").fillna(False)]
    return parts.groupby([parts.index, parts]).first().droplevel(0) if len(parts) else parts


def _entries(values: pd.Series) -> list[str]:
    """List the entries of a field with several a patient, the most frequent first."""
    return list(by_frequency(_split(values)).index)


def balance(patients: pd.DataFrame, study, *, visits: pd.DataFrame | None = None) -> pd.DataFrame:
    """Standardised mean differences between the study's two groups.

    Results rows ``smd``, group a contrast (``sapho=yes-no``), first minus second. `level` is empty
    for numeric fields and for fields with more than two levels; for two levels, and for each entry
    of a field with several a patient, it names the level whose share is compared. Bootstrap
    interval, patients resampled within each group. Empty frame when the groups were not recorded.

    Parameters
    ----------
    visits : DataFrame, optional
        With it, the scores at baseline are compared too (``week`` = baseline).

    References
    ----------
    Austin 2009, doi:10.1002/sim.3697; Yang & Dalton 2012 (SAS Global Forum, paper 335).
    """
    compared = groups(patients, study)
    if len(compared) < 2:
        return results.frame([])
    sides = [members(patients, group) for group in compared]
    found = _numeric_balance(patients, sides, study) + _level_balance(patients, sides, study)
    for field in analysed(visits, study, *ANALYSES):
        week = study.schedule.baseline
        at = [by_week(visits, side, field, study)[week] for side in sides]
        found.append((field, {"week": week}, smd_bootstrap(*at, seed=study.run.seed)))
    return results.frame(
        results.row("balance", field, "smd", value, group=contrast(compared), **where)
        for field, where, value in found
    )


def _numeric_balance(patients, sides, study) -> list[tuple]:
    seed = study.run.seed
    return [
        (field, {}, smd_bootstrap(*(side[field].astype(float) for side in sides), seed=seed))
        for field in numeric_fields(patients, study)
    ]


def _level_balance(patients, sides, study) -> list[tuple]:
    found, difference = [], partial(smd_levels_bootstrap, seed=study.run.seed)
    for field in categorical_fields(patients, study):
        if field == study.subgroup.column:
            continue
        among = levels(patients, field, study)
        counts = [codes(side[field]).value_counts().reindex(among, fill_value=0) for side in sides]
        where = {"level": among[0]} if len(among) == 2 else {}
        found.append((field, where, difference(*counts)))
    for field in recorded(patients, MULTIPLE):
        held = [_split(side[field]).value_counts() for side in sides]
        n = [side[field].count() for side in sides]
        for level in _entries(patients[field]):
            counts = [(k.get(level, 0), m - k.get(level, 0)) for k, m in zip(held, n, strict=True)]
            found.append((field, {"level": level}, difference(*counts)))
    return found
