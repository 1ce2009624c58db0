"""What changed on treatment: scores against baseline, and responders, by scheduled week."""

from dataclasses import dataclass
from functools import partial

import pandas as pd

from ppp import results
from ppp.catalogue.recorded import recorded, score_fields
from ppp.cohort import after_baseline, by_week, members
from ppp.estimators import effect_size, paired, proportions, signed_rank
from ppp.estimators import longitudinal as repeated
from ppp.estimators.longitudinal import random_intercept

OUTCOMES = ("pppasi", "dlqi", "pga")
JUDGED = ("pppasi", "pga", "dlqi")
TOLERANCE = 1e-9
CLEAR = 1
DLQI_MCID = 4


def change_statistics(seed: int) -> dict:
    """Name each paired statistic of the contract; every one takes ``(before, after)``."""
    return {
        "mean_change": paired.mean_change,
        "mean_change_bca": partial(paired.mean_change_bca, seed=seed),
        "hodges_lehmann": signed_rank.hodges_lehmann,
        "wilcoxon_exact": signed_rank.wilcoxon_exact,
        "paired_t": paired.paired_t,
        "d_av": effect_size.d_av,
        "d_z": effect_size.d_z,
        "rank_biserial": partial(signed_rank.rank_biserial, seed=seed),
        "mean_percent_change": partial(paired.mean_percent_change, seed=seed),
        "median_percent_change": partial(paired.median_percent_change, seed=seed),
    }


def change(
    visits: pd.DataFrame | None, patients: pd.DataFrame, study, *, group: str = "all"
) -> pd.DataFrame:
    """Within-patient change from baseline at every scheduled week after it.

    Parameters
    ----------
    visits, patients : DataFrame
        Canonical frames of the whole cohort; `visits` may be None.
    study : Study
    group : str
        ``all`` or ``column=value``: the patients who are analysed.

    Returns
    -------
    DataFrame
        Results rows of PPPASI, DLQI, PGA and the study's own numeric visit outcomes, one a
        statistic of `change_statistics`; change = visit − baseline, negative is improvement.
        Complete pairs only (``missing`` = observed). An outcome that was not recorded gives no
        rows; what cannot be estimated is empty, and `note` says why.
    """
    chosen = members(patients, group)
    statistics = change_statistics(study.run.seed)
    rows = []
    for outcome in score_fields(visits, study, among=OUTCOMES):
        scores = by_week(visits, chosen, outcome, study)
        before = scores[study.schedule.baseline].to_numpy()
        for week in after_baseline(study):
            where = {"group": group, "week": week, "missing": "observed"}
            after = scores[week].to_numpy()
            rows += [
                results.row("change", outcome, name, estimator(before, after), **where)
                for name, estimator in statistics.items()
            ]
    return results.frame(rows)


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
    """Judge every responder target for every patient and week after baseline.

    ======================= ================================= =================================
    outcome                 reached                           evaluable baseline
    ======================= ================================= =================================
    ``pppasi50`` …          visit ≤ (1 − k/100) · baseline    PPPASI recorded and above 0
    ``pga01``               PGA 0 or 1 (baseline not needed)  PGA recorded
    ``dlqi01``              DLQI 0 or 1 (baseline not needed) DLQI recorded
    ``dlqi_mcid``           DLQI fell by 4 or more            DLQI 4 or more
    ======================= ================================= =================================

    Thresholds hold within 1e-9. An absolute target is judged wherever its score was recorded, but
    only patients with a recorded baseline are in its NRI denominator.

    Returns
    -------
    dict of Response
        By outcome, in the order above; an outcome whose score was not recorded is left out.
    """
    found = {}
    for outcome in recorded(visits, JUDGED):
        found |= judged(outcome, by_week(visits, patients, outcome, study), study)
    return found


def judged(outcome: str, scores: pd.DataFrame, study) -> dict[str, Response]:
    """Judge the targets of one score (``pppasi``, ``pga``, ``dlqi``), as `responses` says.

    Parameters
    ----------
    outcome : str
    scores : DataFrame of float
        Patients × scheduled weeks, as recorded or as completed.
    study : Study

    Returns
    -------
    dict of Response
        By target.
    """
    before, after = scores[study.schedule.baseline], scores[after_baseline(study)]
    if outcome == "pppasi":
        limits = {f"pppasi{k:g}": (1 - k / 100) * before for k in study.endpoints.responders}
        return {
            target: _judged(after, after.le(limit + TOLERANCE, axis=0), before > 0)
            for target, limit in limits.items()
        }
    clear = Response(_float(after <= CLEAR + TOLERANCE, after), before.notna())
    if outcome == "pga":
        return {"pga01": clear}
    fell = after.rsub(before, axis=0) >= DLQI_MCID - TOLERANCE
    return {"dlqi01": clear, "dlqi_mcid": _judged(after, fell, before >= DLQI_MCID)}


def _float(hit: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    return hit.astype(float).where(after.notna())


def _judged(after: pd.DataFrame, hit: pd.DataFrame, evaluable: pd.Series) -> Response:
    return Response(_float(hit, after).where(evaluable, axis=0), evaluable)


def responder(
    visits: pd.DataFrame | None, patients: pd.DataFrame, study, *, group: str = "all"
) -> pd.DataFrame:
    """Responder proportions at every scheduled week after baseline.

    Parameters
    ----------
    visits, patients : DataFrame
        Canonical frames of the whole cohort; `visits` may be None.
    study : Study
        ``endpoints.responders`` names the PPPASI percentages.
    group : str
        ``all`` or ``column=value``: the patients who are analysed.

    Returns
    -------
    DataFrame
        Results rows ``wilson`` and ``clopper_pearson`` (``events`` of n) of the targets that
        `responses` defines, with ``missing`` = ``observed`` (n = judged at the week) and ``nri``
        (n = all with an evaluable baseline; missing counts as failure).
    """
    rows = []
    for outcome, response in responses(visits, members(patients, group), study).items():
        for week, reached in response.reached.items():
            counts = {
                "observed": (int(reached.sum()), int(reached.count())),
                "nri": (int(reached[response.evaluable].sum()), int(response.evaluable.sum())),
            }
            for missing, (events, n) in counts.items():
                where = {"group": group, "week": week, "missing": missing}
                rows += proportion_rows("responder", outcome, events, n, **where)
    return results.frame(rows)


def proportion_rows(analysis: str, outcome: str, events: int, n: int, **where) -> list[dict]:
    """Make the Wilson row and the Clopper–Pearson row of one proportion."""
    estimators = {"wilson": proportions.wilson, "clopper_pearson": proportions.clopper_pearson}
    where |= {"events": events, "n": n}
    return [
        results.row(analysis, outcome, name, estimator(events, n), **where)
        for name, estimator in estimators.items()
    ]


def longitudinal(visits: pd.DataFrame | None, study) -> pd.DataFrame:
    """Visit means and change from baseline in models of all visits, PPPASI and DLQI.

    Every patient with at least one recorded score counts, visits as a factor. First the mixed
    model for repeated measures with unstructured covariance
    (`ppp.estimators.longitudinal.mmrm`), then, as a sensitivity analysis, a random
    intercept (`ppp.estimators.longitudinal.random_intercept`).

    Returns
    -------
    DataFrame
        Results rows ``mmrm_mean`` by week from baseline on, ``mmrm_change`` and
        ``random_intercept_change`` by week after baseline, change = visit − baseline.
    """
    rows = []
    for outcome in recorded(visits, ("pppasi", "dlqi")):
        everyone = visits[["study_id"]].drop_duplicates()
        weeks = [study.schedule.baseline, *after_baseline(study)]
        scores = by_week(visits, everyone, outcome, study)[weeks].to_numpy()
        model = repeated.mmrm(scores)
        found = {
            "mmrm_mean": zip(weeks, model.means, strict=True),
            "mmrm_change": zip(weeks[1:], model.contrasts, strict=True),
            "random_intercept_change": zip(weeks[1:], random_intercept(scores), strict=True),
        }
        rows += [
            results.row("longitudinal", outcome, name, estimate, week=week, missing="observed")
            for name, estimates in found.items()
            for week, estimate in estimates
        ]
    return results.frame(rows)
