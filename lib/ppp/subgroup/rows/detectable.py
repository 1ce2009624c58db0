"""The smallest difference that two groups of this size could show: design, not data."""

from dataclasses import replace

import numpy as np
import pandas as pd

from ppp import results
from ppp.catalogue.recorded import key_outcomes
from ppp.cohort import after_baseline, by_week, contrast, groups, members
from ppp.efficacy.rows import change as efficacy
from ppp.estimators.detectable import detectable_difference, detectable_proportions
from ppp.estimators.estimate import Estimate

POWERS = (0.8, 0.9)
TARGETS = ("pppasi50", "pga01")


def detectable(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Smallest differences between the groups that the primary week could detect.

    Parameters
    ----------
    visits, patients : DataFrame
        Canonical frames of the whole cohort; `visits` may be None.
    study : Study

    Returns
    -------
    DataFrame
        Results rows at the primary week, group a contrast, for a power of 80 % and 90 %:
        ``minimum_detectable_difference``, `level` ``80%`` or ``90%``, of the change in the
        primary outcome, in standard deviations (outcome ``sd_units``) and in points (outcome the
        primary one; the deviation within the groups, pooled, is that of the data);
        ``detectable_proportion`` of ``pppasi50`` and ``pga01``, `level` ``80% below``,
        ``80% above``, …: the nearest proportions in the first group that Fisher's test tells
        from the one seen in the second, which `note` states. n = patients observed. Empty when
        the groups or the outcome were not recorded.

    References
    ----------
    Hoenig JM, Heisey DM. The abuse of power. Am Stat 2001;55:19-24.
    https://doi.org/10.1198/000313001300339897
    """
    compared, week = groups(patients, study), study.schedule.primary
    if len(compared) < 2 or week not in after_baseline(study):
        return results.frame([])
    sides = [members(patients, group) for group in compared]
    rows = _differences(visits, sides, study) + _proportions(visits, sides, compared[1], study)
    return results.frame(rows).assign(group=contrast(compared), week=week, missing="observed")


def _differences(visits, sides, study) -> list[dict]:
    outcome, rows = study.endpoints.primary, []
    if outcome not in key_outcomes(visits, study):
        return rows
    weeks = [study.schedule.primary, study.schedule.baseline]
    scores = [by_week(visits, side, outcome, study)[weeks].dropna() for side in sides]
    changes = [table.iloc[:, 0] - table.iloc[:, 1] for table in scores]
    n1, n0 = (len(change) for change in changes)
    deviation = _pooled_deviation(*changes) if min(n1, n0) > 2 else np.nan
    for power in POWERS:
        found = detectable_difference(n1, n0, power=power)
        note = found.note or ("" if deviation > 1e-9 else "the changes do not vary")
        points = (
            Estimate(n=found.n, method=found.method, note=note)
            if note
            else replace(found, estimate=found.estimate * deviation)
        )
        rows += [
            results.row(
                "detectable",
                name,
                "minimum_detectable_difference",
                estimate,
                level=f"{100 * power:g}%",
            )
            for name, estimate in (("sd_units", found), (outcome, points))
        ]
    return rows


def _pooled_deviation(a, b) -> float:
    squares = sum((x.size - 1) * x.var() for x in (a, b))
    return float(np.sqrt(squares / (a.size + b.size - 2)))


def _proportions(visits, sides, second: str, study) -> list[dict]:
    rows = []
    judged = [efficacy.responses(visits, side, study) for side in sides]
    for outcome in (name for name in TARGETS if name in judged[0]):
        reached = [side[outcome].reached[study.schedule.primary].dropna() for side in judged]
        (_, n1), (events, n0) = ((int(x.sum()), len(x)) for x in reached)
        seen = f"against {events} of {n0} in {second}"
        for power in POWERS:
            found = detectable_proportions(n1, n0, events / n0 if n0 else np.nan, power=power)
            rows += [
                results.row(
                    "detectable",
                    outcome,
                    "detectable_proportion",
                    estimate,
                    level=f"{100 * power:g}% {way}",
                    note=f"{estimate.note}, {seen}" if estimate.note else seen,
                )
                for way, estimate in zip(("below", "above"), found, strict=True)
            ]
    return rows
