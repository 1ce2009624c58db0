"""Fields of patients and scores of visits: summaries, counts, and prior treatments."""

from dataclasses import asdict
from math import nan

import pandas as pd

from ppp import levels as composed
from ppp import results
from ppp.catalogue.dictionary import OTHER
from ppp.catalogue.outcomes import ANALYSES, analysed, coded
from ppp.catalogue.recorded import (
    MULTIPLE,
    by_frequency,
    categorical_fields,
    codes,
    entries_of,
    levels,
    numeric_fields,
    recorded,
)
from ppp.cohort import by_week, layout, members
from ppp.estimators.paired import mean

MOST_PRIOR = 2


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
        held = split(chosen[field]).value_counts().reindex(entries(patients[field]))
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


def split(values: pd.Series) -> pd.Series:
    """Give one entry a row: the parts between semicolons, each once a patient."""
    parts = values.dropna().reset_index(drop=True).str.split(";").explode().str.strip()
    parts = parts[parts.ne("").fillna(False)]
    return parts.groupby([parts.index, parts]).first().droplevel(0) if len(parts) else parts


def entries(values: pd.Series) -> list[str]:
    """List the entries of a field with several a patient, the most frequent first."""
    return list(by_frequency(split(values)).index)


def prior_treatments(patients: pd.DataFrame) -> pd.DataFrame:
    """Count how many prior treatments each patient had.

    Results rows ``prior``: ``median``, ``q1``, ``q3``, ``min``, ``max``, and ``count`` with level
    ``0``, ``1``, ``2``, ``>2``, n = patients of whom they are recorded. A treatment counts once;
    entries without a name of their own (``other``) each.
    """
    if not recorded(patients, ("prior_treatments",)):
        return results.frame([])
    listed = patients["prior_treatments"].dropna().map(_number_listed).astype(float)
    told = ("median", "q1", "q3", "min", "max")
    rows = [row for row in _summary_rows(listed, "prior_treatments") if row["statistic"] in told]
    among = {composed.amount(k): listed == k for k in range(MOST_PRIOR + 1)}
    among[composed.above(MOST_PRIOR)] = listed > MOST_PRIOR
    rows += [
        results.row(
            "prior",
            "prior_treatments",
            "count",
            float(who.sum()),
            level=level,
            n=len(listed),
            events=int(who.sum()),
        )
        for level, who in among.items()
    ]
    return results.frame(row | {"analysis": "prior"} for row in rows)


def _number_listed(listed: str) -> int:
    named = entries_of(listed)
    return len(set(named)) + max(0, named.count(OTHER) - 1)
