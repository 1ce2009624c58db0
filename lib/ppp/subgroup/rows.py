"""The two groups, exploratory: each by itself, their difference, and what they could show."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from ppp import levels, results
from ppp.catalogue.outcomes import ANALYSES, CHANGES, analysed, leading_targets
from ppp.catalogue.recorded import SAPHO, SAPHO_FEATURES, SAPHO_OUTCOMES, recorded
from ppp.cohort import after_baseline, alone, by_week, contrast, groups, members
from ppp.descriptives import rows as descriptives
from ppp.efficacy.rows import change as efficacy
from ppp.estimators import paired, proportions, two_group
from ppp.estimators.detectable import detectable_difference, detectable_proportions
from ppp.estimators.estimate import ALONE, Estimate
from ppp.estimators.two_group import ancova

POWERS = (0.8, 0.9)


def summary(patients: pd.DataFrame, visits: pd.DataFrame | None, study) -> pd.DataFrame:
    """Give `descriptives.summary` of each group; no rows when the groups were not recorded."""
    return _each(partial(descriptives.summary, patients, visits, study), patients, study)


def count(patients: pd.DataFrame, visits: pd.DataFrame | None, study) -> pd.DataFrame:
    """Give `descriptives.count` of each group; no rows when the groups were not recorded."""
    return _each(partial(descriptives.count, patients, visits, study), patients, study)


def change(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Give `efficacy.change` of each group; no rows when the groups were not recorded."""
    return _each(partial(efficacy.change, visits, patients, study), patients, study)


def responder(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Give `efficacy.responder` of each group; no rows when the groups were not recorded."""
    return _each(partial(efficacy.responder, visits, patients, study), patients, study)


def sapho_outcomes(visits: pd.DataFrame | None, patients: pd.DataFrame, study):
    """Change in the outcomes of SAPHO syndrome (pain, inflammation, spine) in those who have it.

    Results rows ``sapho`` of group ``sapho=yes`` at every week after baseline: ``mean_before``,
    ``mean_after``, ``mean_change`` and ``paired_t`` of the n patients with both values. None where
    the study's subgroup is another, and where none of them was recorded.
    """
    if groups(patients, study)[:1] != (SAPHO,):
        return None
    having, rows = members(patients, SAPHO), []
    for code in analysed(visits, study, *ANALYSES):
        if code in SAPHO_OUTCOMES:
            scores = by_week(visits, having, code, study)
            for week in after_baseline(study):
                pairs = scores[[study.schedule.baseline, week]].dropna().to_numpy()
                rows += _pair_rows(code, *pairs.T, week)
    return results.frame(rows).assign(group=SAPHO, missing="observed") if rows else None


def _pair_rows(code: str, before, after, week: int) -> list[dict]:
    made = {
        "mean_before": paired.mean(before),
        "mean_after": paired.mean(after),
        "mean_change": paired.mean_change(before, after),
        "paired_t": paired.paired_t(before, after),
    }
    return [results.row("sapho", code, name, value, week=week) for name, value in made.items()]


def sapho_features(patients: pd.DataFrame, study):
    """Count the features of SAPHO syndrome among those who have it.

    Results rows ``sapho``, ``clopper_pearson``, level ``yes``, ``events`` of the n of whom the
    feature is known, for each that was recorded. None where the study's subgroup is another.
    """
    if groups(patients, study)[:1] != (SAPHO,):
        return None
    having, rows = members(patients, SAPHO), []
    for field in recorded(having, SAPHO_FEATURES):
        known = having[field].dropna()
        if len(known):
            share = proportions.clopper_pearson(int((known == "yes").sum()), len(known))
            rows.append(results.row("sapho", field, "clopper_pearson", share, level="yes"))
    return results.frame(rows).assign(group=SAPHO)


def _each(analysis, patients: pd.DataFrame, study) -> pd.DataFrame:
    parts = [analysis(group=group) for group in groups(patients, study)]
    return pd.concat(parts, ignore_index=True) if parts else results.frame([])


def group_difference(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Difference of the two groups in change and in response, first minus second.

    Results rows at every scheduled week after baseline, group a contrast (``sapho=yes-no``):
    ``welch``, ``permutation`` and ``hedges_g`` of the change in each outcome of `efficacy.change`;
    ``newcombe`` and ``fisher_midp`` of each target of `efficacy.responder`; ``ancova`` (difference
    at the mean baseline, HC3) and ``ancova_interaction`` (difference of the slopes on baseline) of
    the outcomes in full analysis, from one model with interaction. Observed cases. Empty when the
    groups were not recorded; what cannot be estimated (fewer than 3 patients in a group) is empty,
    and `note` says why. Where a group is a single patient one empty row, of that group,
    code ``one_patient``.
    """
    compared = groups(patients, study)
    if len(compared) < 2:
        return results.frame([])
    if single := alone(patients, study):
        where = {"group": single, "week": study.schedule.primary, "missing": "observed"}
        return results.frame(
            [results.row("group_difference", study.endpoints.primary, "welch", ALONE, **where)]
        )
    sides = [members(patients, group) for group in compared]
    rows = _change_rows(visits, sides, study) + _response_rows(visits, sides, study)
    rows += _ancova_rows(visits, sides, study)
    return results.frame(rows).assign(group=contrast(compared))


def _change_rows(visits, sides: list[pd.DataFrame], study) -> list[dict]:
    statistics = {
        "welch": two_group.welch,
        "permutation": partial(two_group.permutation, seed=study.run.seed),
        "hedges_g": two_group.hedges_g,
    }
    rows = []
    for code in analysed(visits, study, *CHANGES):
        scores = [by_week(visits, side, code, study) for side in sides]
        for week in after_baseline(study):
            changes = [(x[week] - x[study.schedule.baseline]).to_numpy() for x in scores]
            rows += [
                _difference_row(code, name, estimator(*changes), week)
                for name, estimator in statistics.items()
            ]
    return rows


def _difference_row(code: str, statistic: str, estimate: Estimate, week: int) -> dict:
    where = {"week": week, "missing": "observed"}
    return results.row("group_difference", code, statistic, estimate, **where)


def _response_rows(visits, sides: list[pd.DataFrame], study) -> list[dict]:
    statistics = {"newcombe": proportions.newcombe, "fisher_midp": proportions.fisher_midp}
    first, second = (efficacy.responses(visits, side, study) for side in sides)
    rows = []
    for code in first:
        for week in after_baseline(study):
            reached = [side[code].reached[week] for side in (first, second)]
            counts = [k for x in reached for k in (int(x.sum()), int(x.count()))]
            rows += [
                _difference_row(code, name, estimator(*counts), week)
                for name, estimator in statistics.items()
            ]
    return rows


def _ancova_rows(visits, sides: list[pd.DataFrame], study) -> list[dict]:
    rows = []
    both = pd.concat(sides)
    first = both["study_id"].isin(sides[0]["study_id"]).to_numpy()
    for code in analysed(visits, study, "full"):
        scores = by_week(visits, both, code, study)
        before = scores[study.schedule.baseline]
        for week in after_baseline(study):
            model = ancova(before, scores[week], first, interaction=True)
            named = {"ancova": model["group"], "ancova_interaction": model["interaction"]}
            rows += [
                _difference_row(code, name, estimate, week) for name, estimate in named.items()
            ]
    return rows


def detectable(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Smallest differences between the groups that the primary week could detect.

    Results rows at the primary week, group a contrast, for a power of 80 % and 90 %:
    ``minimum_detectable_difference``, `level` ``80%`` or ``90%``, of the change in the primary
    outcome, in standard deviations (outcome ``sd_units``) and in points (outcome the primary one;
    the deviation within the groups, pooled, is that of the data); ``detectable_proportion`` of
    `ppp.catalogue.outcomes.leading_targets`, `level` ``80% below``, ``80% above``, …: the nearest
    proportions in the first group that Fisher's test tells from the one seen in the second, which
    `code` states. n = patients observed. Empty when the groups or the outcome were not recorded, or
    a group is a single patient.

    References
    ----------
    Hoenig JM, Heisey DM. The abuse of power. Am Stat 2001;55:19-24.
    https://doi.org/10.1198/000313001300339897
    """
    compared, week = groups(patients, study), study.schedule.primary
    if len(compared) < 2 or week not in after_baseline(study) or alone(patients, study):
        return results.frame([])
    sides = [members(patients, group) for group in compared]
    rows = _differences(visits, sides, study) + _proportions(visits, sides, compared[1], study)
    return results.frame(rows).assign(group=contrast(compared), week=week, missing="observed")


def _differences(visits, sides, study) -> list[dict]:
    outcome, rows = study.endpoints.primary, []
    if outcome not in analysed(visits, study, "full"):
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
        where = {"statistic": "minimum_detectable_difference", "level": levels.power(power)}
        rows += [
            results.row("detectable", "sd_units", value=found, **where),
            results.row("detectable", outcome, value=points, **where),
        ]
    return rows


def _pooled_deviation(a, b) -> float:
    squares = sum((x.size - 1) * x.var() for x in (a, b))
    return float(np.sqrt(squares / (a.size + b.size - 2)))


def _proportions(visits, sides, second: str, study) -> list[dict]:
    rows = []
    judged = [efficacy.responses(visits, side, study) for side in sides]
    for outcome in (code for code in leading_targets(study) if code in judged[0]):
        reached = [side[outcome].reached[study.schedule.primary].dropna() for side in judged]
        (_, n1), (events, n0) = ((int(x.sum()), len(x)) for x in reached)
        seen = f"against:{events}/{n0} in:{second}"
        here = partial(results.row, "detectable", outcome, "detectable_proportion")
        for power in POWERS:
            found = detectable_proportions(n1, n0, events / n0 if n0 else np.nan, power=power)
            for way, estimate in zip(("below", "above"), found, strict=True):
                code = f"{estimate.code} {seen}".strip()
                rows.append(here(estimate, level=levels.power(power, way), code=code))
    return rows
