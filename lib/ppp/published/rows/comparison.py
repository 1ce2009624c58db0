"""Published figures beside those of this cohort, as results rows."""

from math import nan

import pandas as pd

from ppp import results
from ppp.descriptives import rows as descriptives
from ppp.efficacy.rows import change as efficacy
from ppp.published import grim, source
from ppp.published.grim import Attainable
from ppp.published.source import Published
from ppp.safety.rows import adverse_events as safety
from ppp.study.changes import planned
from ppp.subgroup import rows as subgroup

TOLERANCE = 1e-9
NUMBER = {"p_below": "p_value", "responder": "events", "adverse_event": "events"}


def cohort_rows(cohort, study) -> pd.DataFrame:
    """Give the results rows of a `Cohort` that published figures are compared with, as planned."""
    study, patients, visits = planned(study), cohort.patients, cohort.visits
    parts = [
        descriptives.disposition(patients, visits, study),
        descriptives.summary(patients, visits, study),
        descriptives.count(patients, visits, study),
        subgroup.summary(patients, visits, study),
        subgroup.count(patients, visits, study),
        efficacy.change(visits, patients, study),
        efficacy.responder(visits, patients, study),
        safety.adverse_event(
            cohort.adverse_events, patients, visits, study, ascertained=cohort.ascertained
        ),
    ]
    return pd.concat(parts, ignore_index=True)


def compare(figures: tuple[Published, ...], cohort: pd.DataFrame, study) -> pd.DataFrame:
    """Set each published figure beside what this cohort (`cohort_rows`) gives.

    Analysis ``published``: ``published`` and ``recomputed``, whose `code` is ``reproduced`` (to the
    last printed digit), ``differs`` or ``irreproducible``, with the reason in `note` and a token:
    ``not_recorded``, ``not_estimable``, or ``unattainable`` (no data of n patients have it).
    """
    audited = source.attainable_by_key(figures)
    rows = []
    for figure in figures:
        printed = {"n": figure.n, "method": figure.source} | figure.where
        value, n, reason = _recomputed(figure, cohort, study)
        code, note = _agreement(figure, value, reason, audited.get(figure.key))
        recomputed = {"n": n, "note": note, "code": code} | figure.where
        rows += [
            results.row("published", figure.key, "published", float(figure.value), **printed),
            results.row("published", figure.key, "recomputed", value, **recomputed),
        ]
    return results.frame(rows)


def _recomputed(figure: Published, cohort: pd.DataFrame, study) -> tuple:
    """Return the cohort's number, its n, and a token and words for why there is none."""
    if figure.kind == "week":
        return float(planned(study).schedule.primary), None, ("", "")
    rows = results.pick(cohort, **_place(figure))
    if rows.empty:
        return nan, None, ("not_recorded", "not recorded in this cohort")
    row = rows.iloc[0]
    value, n = row[NUMBER.get(figure.kind, "estimate")], row["n"]
    reason = "not_estimable", row["note"] or "not estimable in this cohort"
    return nan if pd.isna(value) else float(value), None if pd.isna(n) else int(n), reason


def _place(figure: Published) -> dict:
    """Say which row of the cohort has the figure."""
    if figure.kind == "patients":
        return {"analysis": "flow", "outcome": "patients", "level": "enrolled"}
    level = {"level": figure.level}
    more = {
        "count": {"analysis": "count", "statistic": "count"} | level,
        "mean": {"analysis": "summary", "statistic": "mean"},
        "sd": {"analysis": "summary", "statistic": "sd"},
        "p_below": {"analysis": "change", "statistic": "paired_t"},
        "responder": {"analysis": "responder", "statistic": "wilson", "missing": "nri"},
        "adverse_event": {"analysis": "adverse_event", "statistic": "patients"} | level,
    }[figure.kind]
    week = {} if figure.kind == "adverse_event" else {"week": figure.week}
    return {"outcome": figure.field, "group": figure.group} | more | week


def _agreement(figure: Published, value: float, reason, found: Attainable | None) -> tuple:
    """Return tokens and words on whether the cohort gives the figure."""
    if value != value:
        return f"irreproducible {reason[0]}", f"cannot be reproduced: {reason[1]}"
    if figure.kind == "p_below":
        same = value < figure.value
    else:
        same = abs(value - float(figure.value)) <= 0.5 * 10**-figure.decimals + TOLERANCE
    if same:
        return ("reproduced",) * 2
    mean = figure.kind == "mean"
    if not found or (found.mean_rounds if mean else found.sd_rounds):
        return ("differs",) * 2
    why = (grim.of_mean if mean else grim.of_sd)(found, figure.values)
    return "irreproducible unattainable", f"cannot be reproduced: {why}"
