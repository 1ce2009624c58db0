"""Published figures: compared with this cohort, and audited by themselves."""

from math import nan

import pandas as pd

from ppp import results
from ppp.descriptives import rows as descriptives
from ppp.efficacy.rows import change as efficacy
from ppp.estimators import proportions
from ppp.estimators.estimate import Estimate
from ppp.published.audit import Attainable, attainable, paired_t_range, rows, tallies, verdict
from ppp.published.audit.source import COUNTED, Published, read
from ppp.safety import rows as safety
from ppp.subgroup import rows as subgroup
from ppp.witness import Summary

__all__ = ["Published", "audit", "cohort_rows", "compare", "pairs", "read"]
NO_TEST = "nothing that arithmetic could test"
UNFIT = "conditional on printed means that do not fit the number of patients"
TOLERANCE = 1e-9


def cohort_rows(cohort, study) -> pd.DataFrame:
    """Give this cohort's results rows that published figures are compared with.

    Parameters
    ----------
    cohort : Cohort
        As `ppp.data.store.load` gives it.
    study : Study
    """
    patients, visits = cohort.patients, cohort.visits
    parts = [
        descriptives.disposition(patients, visits, study),
        descriptives.summary(patients, visits, study),
        descriptives.count(patients, visits, study),
        subgroup.summary(patients, visits, study),
        subgroup.count(patients, visits, study),
        efficacy.change(visits, patients, study),
        efficacy.responder(visits, patients, study),
        safety.adverse_event(cohort.adverse_events, patients, visits, study),
    ]
    return pd.concat(parts, ignore_index=True)


def compare(figures: tuple[Published, ...], cohort: pd.DataFrame, study) -> pd.DataFrame:
    """Set each published figure beside what this cohort gives.

    Parameters
    ----------
    figures : tuple of Published
    cohort : DataFrame
        Results rows of the cohort, as `cohort_rows` gives them.
    study : Study

    Returns
    -------
    DataFrame
        Results rows of analysis ``published``: ``published`` and ``recomputed``, whose `note` is
        "reproduced" (to the last printed digit), "differs", or "cannot be reproduced: …" with the
        reason.
    """
    found = pairs(figures)
    made = []
    for figure in figures:
        where = {"group": figure.group, "week": figure.week, "level": figure.level}
        made.append(
            results.row(
                "published",
                figure.key,
                "published",
                float(figure.value),
                n=figure.n,
                method=figure.source,
                **where,
            )
        )
        value, n, why = _recomputed(figure, cohort, study)
        note = _agreement(figure, value, why, found.get(figure.key))
        made.append(
            results.row("published", figure.key, "recomputed", value, n=n, note=note, **where)
        )
    return results.frame(made)


def _recomputed(figure: Published, cohort: pd.DataFrame, study) -> tuple:
    """Return the cohort's number, its n, and the reason where there is none."""
    if figure.kind == "week":
        return float(study.schedule.primary), None, ""
    column = {"p_below": "p_value"} | dict.fromkeys(("responder", "adverse_event"), "events")
    row = results.pick(cohort, **_place(figure))
    if row.empty:
        return nan, None, "not recorded in this cohort"
    row = row.iloc[0]
    value, n = row[column.get(figure.kind, "estimate")], row["n"]
    value = nan if pd.isna(value) else float(value)
    return value, None if pd.isna(n) else int(n), row["note"] or "not estimable in this cohort"


def _place(figure: Published) -> dict:
    """Say which row of the cohort has the figure."""
    at = {"outcome": figure.field, "group": figure.group}
    return {
        "patients": {"analysis": "flow", "outcome": "patients", "level": "enrolled"},
        "count": at
        | {"analysis": "count", "statistic": "count", "level": figure.level, "week": figure.week},
        "mean": at | {"analysis": "summary", "statistic": "mean", "week": figure.week},
        "sd": at | {"analysis": "summary", "statistic": "sd", "week": figure.week},
        "p_below": at | {"analysis": "change", "statistic": "paired_t", "week": figure.week},
        "responder": at
        | {"analysis": "responder", "statistic": "wilson", "missing": "nri", "week": figure.week},
        "adverse_event": at
        | {"analysis": "adverse_event", "statistic": "patients", "level": figure.level},
    }[figure.kind]


def _agreement(figure: Published, value: float, why: str, found: Attainable | None) -> str:
    if value != value:
        return f"cannot be reproduced: {why}"
    if figure.kind == "p_below":
        return "reproduced" if value < figure.value else "differs"
    if abs(value - float(figure.value)) <= 0.5 * 10**-figure.decimals + TOLERANCE:
        return "reproduced"
    if found and figure.kind == "mean" and not found.mean_rounds:
        return f"cannot be reproduced: {verdict.of_mean(found, figure.values)}"
    if found and figure.kind == "sd" and not _has_sd(found):
        return f"cannot be reproduced: {verdict.of_sd(found, figure.values)}"
    return "differs"


def _has_sd(found: Attainable) -> bool:
    """Tell whether data have the SD, beside the printed mean or, where it fails, the next ones."""
    return found.both_round if found.mean_rounds else any(d == 1 for _, d in found.sd_at_neighbours)


def pairs(figures: tuple[Published, ...]) -> dict[str, Attainable]:
    """Audit each mean with its deviation; both keys lead to the same finding."""
    found = {}
    for mean, sd in _moments(figures):
        found[mean.key] = found[sd.key] = attainable(_summary(mean, sd))
    return found


def _moments(figures) -> list[tuple[Published, Published]]:
    """Pair each mean with the deviation of the same field, week and group."""
    sds = {(f.field, f.week, f.group): f for f in figures if f.kind == "sd"}
    means = [f for f in figures if f.kind == "mean"]
    return [(f, sds[place]) for f in means if (place := (f.field, f.week, f.group)) in sds]


def _summary(mean: Published, sd: Published) -> Summary:
    return Summary(mean.value, sd.value, mean.n, mean.min, mean.max, mean.step)


def audit(figures: tuple[Published, ...]) -> pd.DataFrame:
    """Test the published figures against arithmetic, without any patient's data.

    Parameters
    ----------
    figures : tuple of Published

    Returns
    -------
    DataFrame
        Results rows: analysis ``published``, statistic ``audit``, one a figure, the verdict in
        `note`; and analysis ``audit``, what the figures imply (see `ppp.published.audit.rows`).
    """
    found = pairs(figures)
    changes = _changes(figures)
    made = [_verdict(figure, found.get(figure.key), changes, figures) for figure in figures]
    for mean, _ in _moments(figures):
        made += rows.of_attainable(mean.key, found[mean.key])
    for field, (before, after, week) in changes.items():
        made += rows.of_sizes(field, [before, after])
        fits = all(found[m.key].mean_rounds for m, _ in _moments(figures) if m.field == field)
        condition = "" if fits else UNFIT
        made += rows.of_change(field, before, after, week, condition=condition)
        made += rows.of_counts(field, before, after, week)
    made += [row for figure in figures if figure.kind in COUNTED for row in tallies.shares(figure)]
    if not all(each.both_round for each in found.values()):
        made.append(results.row("audit", "all", "explanations", nan, note=verdict.EXPLANATIONS))
    return results.frame(made + tallies.association(figures))


def _changes(figures) -> dict[str, tuple[Summary, Summary, int]]:
    """Fields with a mean and a deviation at two visits of as many patients: first and last."""
    visits = [p for p in _moments(figures) if p[0].group == "all" and p[0].week is not None]
    made = {}
    for field in dict.fromkeys(mean.field for mean, _ in visits):
        several = sorted((p for p in visits if p[0].field == field), key=lambda p: p[0].week)
        first, last = several[0], several[-1]
        if first[0].n == last[0].n and first[0].week < last[0].week:
            made[field] = (_summary(*first), _summary(*last), last[0].week)
    return made


def _verdict(figure: Published, found, changes, figures) -> dict:
    where = {"group": figure.group, "week": figure.week, "level": figure.level}
    value, note = _judged(figure, found, changes, figures)
    n = {} if isinstance(value, Estimate) else {"n": figure.n}
    return results.row("published", figure.key, "audit", value, **where, **n, note=note)


def _judged(figure: Published, found, changes, figures) -> tuple:
    """Return the audit's number (1 fits, 0 does not; or an estimate) and its verdict."""
    if found and figure.kind == "mean":
        return int(found.mean_rounds), verdict.of_mean(found, figure.values)
    if found:
        return int(found.both_round), verdict.of_sd(found, figure.values)
    if figure.kind in COUNTED:
        share = proportions.clopper_pearson(int(figure.value), figure.n)
        return share, tallies.addition(figure, figures)
    compared = changes.get(figure.field)
    if figure.kind == "p_below" and compared and figure.week == compared[2]:
        least, _ = paired_t_range(*compared[:2])
        if least.p_value < figure.value:
            return least, "true at every correlation of the two visits"
        return least, "depends on the correlation of the two visits"
    return nan, NO_TEST
