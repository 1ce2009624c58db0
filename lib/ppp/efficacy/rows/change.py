"""What changed on treatment: scores against baseline, responders, and bands, by week."""

from dataclasses import dataclass
from functools import partial

import pandas as pd

from ppp import levels, results
from ppp.catalogue.outcomes import (
    ANALYSES,
    CHANGES,
    analysed,
    band,
    in_order,
    outcome,
    outcomes,
    reached,
)
from ppp.cohort import after_baseline, by_week, members
from ppp.estimators import longitudinal as repeated
from ppp.estimators import paired, proportions, signed_rank
from ppp.estimators.longitudinal import random_intercept

PROPORTIONS = {"wilson": proportions.wilson, "clopper_pearson": proportions.clopper_pearson}
MODELS = ("mmrm_mean", "mmrm_change", "random_intercept_change")


def change_statistics(seed: int) -> dict:
    """Name each paired statistic of the contract; every one takes ``(before, after)``."""
    return {
        "mean_change": paired.mean_change,
        "mean_change_bca": partial(paired.mean_change_bca, seed=seed),
        "hodges_lehmann": signed_rank.hodges_lehmann,
        "wilcoxon_exact": signed_rank.wilcoxon_exact,
        "paired_t": paired.paired_t,
        "d_av": paired.d_av,
        "d_z": paired.d_z,
        "rank_biserial": partial(signed_rank.rank_biserial, seed=seed),
        "mean_percent_change": partial(paired.mean_percent_change, seed=seed),
        "median_percent_change": partial(paired.median_percent_change, seed=seed),
    }


def change(
    visits: pd.DataFrame | None, patients: pd.DataFrame, study, *, group: str = "all"
) -> pd.DataFrame:
    """Within-patient change from baseline at every scheduled week after it.

    Results rows of every outcome whose change is analysed, one a statistic of `change_statistics`;
    change = visit − baseline. Complete pairs only (``missing`` = observed). What cannot be
    estimated is empty, and `note` says why. An outcome that was not recorded gives no rows, the
    primary endpoint those of `absent`.

    Parameters
    ----------
    group : str
        ``all`` or ``column=value``: the patients who are analysed.
    """
    chosen = members(patients, group)
    statistics = change_statistics(study.run.seed)
    rows = absent("change", statistics, visits, study, missing="observed", group=group)
    for code in analysed(visits, study, *CHANGES):
        scores = by_week(visits, chosen, code, study)
        before = scores[study.schedule.baseline].to_numpy()
        for week in after_baseline(study):
            where = {"group": group, "week": week, "missing": "observed"} | marks(scores)
            after = scores[week].to_numpy()
            rows += [
                results.row("change", code, name, estimator(before, after), **where)
                for name, estimator in statistics.items()
            ]
    return results.frame(rows)


def absent(analysis: str, statistics, visits, study, *, among=None, **where) -> list[dict]:
    """Say that the primary endpoint was not recorded: an empty row a statistic, week the primary.

    No rows where it was recorded, and where the study has none.

    Parameters
    ----------
    among : iterable of str, optional
        Outcomes of the rows, such as its targets; the endpoint itself unless given.
    """
    primary = study.endpoints.primary
    if outcome(primary, study) is None or primary in analysed(visits, study, "full"):
        return []
    where = {"week": study.schedule.primary, "note": "not recorded", "code": "not_recorded"} | where
    return [
        results.row(analysis, code, name, float("nan"), **where)
        for code in ([primary] if among is None else among)
        for name in statistics
    ]


def marks(scores: pd.DataFrame) -> dict[str, str]:
    """Return the code of an outcome of which nobody has any value, else nothing."""
    return {} if scores.notna().any(axis=None) else {"code": "no_data"}


@dataclass(frozen=True)
class Response:
    """Who reached one target.

    Attributes
    ----------
    reached : DataFrame of float
        Patients × weeks after baseline: 1 reached, 0 not, NaN not observed or not evaluable.
    evaluable : Series of bool
        By patient: the baseline allows the target to be judged (the NRI denominator).
    """

    reached: pd.DataFrame
    evaluable: pd.Series


def responses(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> dict[str, Response]:
    """Judge every responder target of the recorded outcomes, in the order of key results."""
    judgements = {}
    for code in in_order(analysed(visits, study, *CHANGES), study):
        judgements |= judged(code, by_week(visits, patients, code, study), study)
    return judgements


def judged(code: str, scores: pd.DataFrame, study) -> dict[str, Response]:
    """Judge the targets of one outcome, as `ppp.catalogue.outcomes.reached` says.

    A value to reach is judged wherever the score was recorded, but only patients with a recorded
    baseline are in its NRI denominator.

    Parameters
    ----------
    scores : DataFrame of float
        Patients × scheduled weeks, as recorded or as completed.

    Returns
    -------
    dict of Response
        By target.
    """
    before, after = scores[study.schedule.baseline], scores[after_baseline(study)]
    judgements = {}
    for target in outcomes(study)[code].targets:
        hit, evaluable = reached(target, before, after, study)
        known = hit.astype(float).where(after.notna())
        if target.rule != "reach":
            known = known.where(evaluable, axis=0)
        judgements[target.code] = Response(known, evaluable)
    return judgements


def responder(
    visits: pd.DataFrame | None, patients: pd.DataFrame, study, *, group: str = "all"
) -> pd.DataFrame:
    """Responder proportions at every scheduled week after baseline.

    Results rows ``wilson`` and ``clopper_pearson`` (``events`` of n) of every target, with
    ``missing`` = ``observed`` (n = judged at the week) and ``nri`` (n = all with an evaluable
    baseline; missing counts as failure). Of a primary endpoint that was not recorded those of
    `absent`.

    Parameters
    ----------
    group : str
        ``all`` or ``column=value``: the patients who are analysed.
    """
    primary = outcome(study.endpoints.primary, study)
    codes = [target.code for target in primary.targets] if primary else []
    rows = []
    for missing in ("observed", "nri"):
        where = {"among": codes, "group": group, "missing": missing}
        rows += absent("responder", PROPORTIONS, visits, study, **where)
    for code, response in responses(visits, members(patients, group), study).items():
        for week, hits in response.reached.items():
            counts = {
                "observed": (int(hits.sum()), int(hits.count())),
                "nri": (int(hits[response.evaluable].sum()), int(response.evaluable.sum())),
            }
            for missing, (events, n) in counts.items():
                where = {"group": group, "week": week, "missing": missing}
                where |= {"events": events, "n": n} | ({} if n else {"code": "no_data"})
                rows += [
                    results.row("responder", code, name, estimator(events, n), **where)
                    for name, estimator in PROPORTIONS.items()
                ]
    return results.frame(rows)


def longitudinal(visits: pd.DataFrame | None, study) -> pd.DataFrame:
    """Visit means and change from baseline in models of all visits, for outcomes in full analysis.

    Every patient with at least one recorded score counts, visits as a factor. First the mixed model
    for repeated measures with unstructured covariance (`ppp.estimators.longitudinal.mmrm`), then,
    as a sensitivity analysis, a random intercept (`ppp.estimators.longitudinal.random_intercept`).

    Results rows ``mmrm_mean`` by week from baseline on, ``mmrm_change`` and
    ``random_intercept_change`` by week after baseline, change = visit − baseline; of a primary
    endpoint that was not recorded those of `absent`.
    """
    rows = absent("longitudinal", MODELS, visits, study, missing="observed")
    for code in analysed(visits, study, "full"):
        everyone = visits[["study_id"]].drop_duplicates()
        weeks = [study.schedule.baseline, *after_baseline(study)]
        scores = by_week(visits, everyone, code, study)[weeks]
        where = {"missing": "observed"} | marks(scores)
        model = repeated.mmrm(scores.to_numpy())
        simpler = random_intercept(scores.to_numpy())
        estimates = [
            zip(weeks, model.means, strict=True),
            zip(weeks[1:], model.contrasts, strict=True),
            zip(weeks[1:], simpler, strict=True),
        ]
        rows += [
            results.row("longitudinal", code, name, estimate, week=week, **where)
            for name, by_visit in zip(MODELS, estimates, strict=True)
            for week, estimate in by_visit
        ]
    return results.frame(rows)


def bands(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Count the patients in each band at baseline and at the primary week, and those who moved.

    Results rows ``band`` of every recorded score that has bands: ``count`` at both weeks, `level`
    the band, and at the primary week ``moved``, `level` the band at baseline and the one reached
    (`ppp.levels.shift`), each as ``events`` of the n patients with both values.
    """
    rows = []
    weeks = [study.schedule.baseline, study.schedule.primary]
    for code in analysed(visits, study, *ANALYSES):
        outcome = outcomes(study)[code]
        if not outcome.bands or weeks[0] == weeks[1]:
            continue
        scores = by_week(visits, patients, code, study).reindex(columns=weeks)
        banded = scores.apply(band, outcome=outcome).dropna()
        counts = [
            ("count", week, level, k)
            for week in weeks
            for level, k in banded[week].value_counts(sort=False).items()
        ]
        moves = banded.astype(str).value_counts(sort=False)
        counts += [("moved", weeks[1], levels.shift(*both), k) for both, k in moves.items()]
        rows += [
            results.row(
                "band",
                code,
                statistic,
                float(k),
                week=week,
                level=level,
                missing="observed",
                n=len(banded),
                events=int(k),
            )
            for statistic, week, level, k in counts
        ]
    return results.frame(rows)
