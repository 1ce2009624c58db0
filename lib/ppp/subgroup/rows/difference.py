"""The study's two groups, exploratory: each by itself, and their difference."""

from functools import partial

import pandas as pd

from ppp import results
from ppp.catalogue.recorded import key_outcomes, score_fields
from ppp.cohort import after_baseline, by_week, contrast, groups, members
from ppp.descriptives import rows as descriptives
from ppp.efficacy.rows import change as efficacy
from ppp.estimators import proportions, two_group
from ppp.estimators.two_group import ancova


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


def _each(analysis, patients: pd.DataFrame, study) -> pd.DataFrame:
    parts = [analysis(group=group) for group in groups(patients, study)]
    return pd.concat(parts, ignore_index=True) if parts else results.frame([])


def group_difference(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Difference of the two groups in change and in response, first minus second.

    Parameters
    ----------
    visits, patients : DataFrame
        Canonical frames of the whole cohort; `visits` may be None.
    study : Study
        ``subgroup`` names the column and the value of the first group.

    Returns
    -------
    DataFrame
        Results rows at every scheduled week after baseline, group a contrast
        (``sapho=yes-no``): ``welch``, ``permutation`` and ``hedges_g`` of the change in each
        outcome of `efficacy.change`; ``newcombe`` and ``fisher_midp`` of each target of
        `efficacy.responder`; ``ancova`` (difference at the mean baseline, HC3) and
        ``ancova_interaction`` (difference of the slopes on baseline) of PPPASI, DLQI and the
        primary outcome, from one model with interaction. Observed cases. Empty when the groups
        were not recorded; what cannot be estimated (fewer than 3 patients in a group) is empty,
        and `note` says why.
    """
    compared = groups(patients, study)
    if len(compared) < 2:
        return results.frame([])
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
    for outcome in score_fields(visits, study, among=efficacy.OUTCOMES):
        scores = [by_week(visits, side, outcome, study) for side in sides]
        for week in after_baseline(study):
            changes = [(x[week] - x[study.schedule.baseline]).to_numpy() for x in scores]
            rows += [
                results.row(
                    "group_difference",
                    outcome,
                    name,
                    estimator(*changes),
                    week=week,
                    missing="observed",
                )
                for name, estimator in statistics.items()
            ]
    return rows


def _response_rows(visits, sides: list[pd.DataFrame], study) -> list[dict]:
    statistics = {"newcombe": proportions.newcombe, "fisher_midp": proportions.fisher_midp}
    first, second = (efficacy.responses(visits, side, study) for side in sides)
    rows = []
    for outcome in first:
        for week in after_baseline(study):
            reached = [side[outcome].reached[week] for side in (first, second)]
            counts = [k for x in reached for k in (int(x.sum()), int(x.count()))]
            rows += [
                results.row(
                    "group_difference",
                    outcome,
                    name,
                    estimator(*counts),
                    week=week,
                    missing="observed",
                )
                for name, estimator in statistics.items()
            ]
    return rows


def _ancova_rows(visits, sides: list[pd.DataFrame], study) -> list[dict]:
    rows = []
    both = pd.concat(sides)
    first = both["study_id"].isin(sides[0]["study_id"]).to_numpy()
    for outcome in key_outcomes(visits, study):
        scores = by_week(visits, both, outcome, study)
        before = scores[study.schedule.baseline]
        for week in after_baseline(study):
            found = ancova(before, scores[week], first, interaction=True)
            named = {"ancova": found["group"], "ancova_interaction": found["interaction"]}
            rows += [
                results.row(
                    "group_difference", outcome, name, estimate, week=week, missing="observed"
                )
                for name, estimate in named.items()
            ]
    return rows
