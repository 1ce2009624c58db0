"""What changed on treatment: scores against baseline, responders, and bands, by week."""

from dataclasses import dataclass
from functools import partial
from math import nan

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
GRADES = (1, 2)


def change_statistics(seed: int) -> dict:
    """Name each paired statistic of the contract; every one takes ``(before, after)``."""
    return {
        "mean_change": paired.mean_change,
        "mean_change_bca": partial(paired.mean_change_bca, seed=seed),
        "hodges_lehmann": signed_rank.hodges_lehmann,
        "wilcoxon_exact": signed_rank.wilcoxon_exact,
        "wilcoxon_zeros_dropped": partial(signed_rank.wilcoxon_exact, zeros="wilcoxon"),
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
    change = visit − baseline. Complete pairs only (``missing`` = observed). A grade has no
    ``hodges_lehmann`` but ``improved``: patients better by at least `level` grades. ``mean_before``
    and ``mean_after`` of the pairs stand where somebody has one score alone. What cannot be
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
        seen = by_week(visits, patients, code, study).notna().any()
        before, of = scores[study.schedule.baseline], outcomes(study)[code]
        for week in after_baseline(study):
            where = {"group": group, "week": week, "missing": "observed"}
            where |= unseen(seen, study.schedule.baseline, week)
            here = partial(results.row, "change", code, **where)
            rows += [
                here(name, estimator(before.to_numpy(), scores[week].to_numpy()))
                for name, estimator in statistics.items()
                if not (of.graded and name == "hodges_lehmann")
            ]
            rows += _improved(here, before, scores[week], of) if of.graded else []
            rows += _means_of_pairs(here, before, scores[week])
    return results.frame(rows)


def _means_of_pairs(here, before, after) -> list[dict]:
    both = before.notna() & after.notna()
    if not both.any() or both.sum() == before.count() == after.count():
        return []
    means = {"mean_before": before, "mean_after": after}
    return [here(name, paired.mean(scores[both].to_numpy())) for name, scores in means.items()]


def _improved(here, before, after, outcome) -> list[dict]:
    gain = (outcome.sign * (before - after)).dropna()
    return [
        here(
            "improved",
            proportions.clopper_pearson(int((gain >= grades).sum()), len(gain)),
            level=levels.amount(grades),
        )
        for grades in GRADES
    ]


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


def unseen(seen: pd.Series, *weeks: int) -> dict[str, str]:
    """Return code and note of an outcome that nobody has at one of these weeks, else nothing.

    `seen` tells by week whether anybody has it.
    """
    missing = [week for week in weeks if not seen[week]]
    note = f"not recorded at week {' or '.join(map(str, missing))}"
    return {"code": "not_recorded", "note": note} if missing else {}


@dataclass(frozen=True)
class Response:
    """Who reached one target.

    Attributes
    ----------
    reached : DataFrame of float
        Patients × weeks after baseline: 1 reached, 0 not, NaN not observed or not evaluable.
    evaluable : Series of bool
        By patient: the baseline allows the target to be judged (the NRI denominator).
    seen : Series of bool
        By week: somebody has the score.
    before : Series of bool
        By patient: a value to reach was there at baseline.
    """

    reached: pd.DataFrame
    evaluable: pd.Series
    seen: pd.Series
    before: pd.Series


def responses(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> dict[str, Response]:
    """Judge every responder target of the recorded outcomes, in the order of key results."""
    judgements = {}
    for code in in_order(analysed(visits, study, *CHANGES), study):
        judgements |= judged(code, by_week(visits, patients, code, study), study)
    return judgements


def judged(code: str, scores: pd.DataFrame, study) -> dict[str, Response]:
    """Judge the targets of one outcome, as `ppp.catalogue.outcomes.reached` says.

    Only patients whose baseline is evaluable are judged; a value to reach, of which nobody has a
    baseline, is judged of everybody who has the score.

    Parameters
    ----------
    scores : DataFrame of float
        Patients × scheduled weeks, as recorded or as completed.

    Returns
    -------
    dict of Response
        By target.
    """
    before = scores[study.schedule.baseline]
    after = scores[[week for week in after_baseline(study) if week in scores]]
    judgements = {}
    for target in outcomes(study)[code].targets:
        hit, evaluable = reached(target, before, after, study)
        known = hit.astype(float).where(after.notna())
        if target.rule != "reach" or evaluable.any():
            known = known.where(evaluable, axis=0)
        had = reached(target, before, before.to_frame(), study)[0].squeeze(axis=1)
        had &= target.rule == "reach"
        judgements[target.code] = Response(known, evaluable, after.notna().any(), had)
    return judgements


def responder(
    visits: pd.DataFrame | None, patients: pd.DataFrame, study, *, group: str = "all"
) -> pd.DataFrame:
    """Responder proportions at every scheduled week after baseline.

    Results rows ``wilson`` and ``clopper_pearson`` (``events`` of n) of every target, with
    ``missing`` = ``nri`` (n = all with an evaluable baseline; missing counts as failure; `note` and
    the code ``left_out`` where some have none) and ``observed`` (n = those of them seen at the
    week). A week at which nobody has the outcome is empty, code ``not_recorded``. Of a primary
    endpoint that was not recorded those of `absent`. ``at_baseline``: how many had a value to reach
    at baseline already, where anybody had.

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
    everyone = responses(visits, patients, study)
    own = everyone if group == "all" else responses(visits, members(patients, group), study)
    for code, response in own.items():
        rows += _at_baseline(code, response, study, group)
        for week, hits in response.reached.items():
            here = partial(results.row, "responder", code, group=group, week=week)
            if not everyone[code].seen[week]:
                rows += _not_recorded(here, everyone[code].seen, week)
                continue
            among = hits[response.evaluable]
            counts = {"observed": (hits.sum(), hits.count()), "nri": (among.sum(), len(among))}
            for missing, (events, n) in counts.items():
                about = _left_out(response) if missing == "nri" else {}
                rows += [
                    here(name, estimator(int(events), int(n)), missing=missing, **about)
                    for name, estimator in PROPORTIONS.items()
                ]
    return results.frame(rows)


def _not_recorded(here, seen, week) -> list[dict]:
    where = {"n": 0} | unseen(seen, week)
    return [
        here(name, nan, missing=missing, **where)
        for missing in ("observed", "nri")
        for name in PROPORTIONS
    ]


def _at_baseline(code: str, response: Response, study, group: str) -> list[dict]:
    if not (k := int(response.before.sum())):
        return []
    where = {"group": group, "week": study.schedule.baseline, "missing": "observed"}
    n = int(response.evaluable.sum())
    return [results.row("responder", code, "at_baseline", k, n=n, events=k, **where)]


def _left_out(response: Response) -> dict[str, str]:
    n, known = len(response.evaluable), int(response.evaluable.sum())
    if n and not known:
        return {"code": "no_data", "note": "no patient has an evaluable baseline"}
    note = f"among {known} of {n} patients with an evaluable baseline"
    return {"code": "left_out", "note": note} if known < n else {}


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
        seen = scores.notna().any()
        model = repeated.mmrm(scores.to_numpy())
        simpler = random_intercept(scores.to_numpy())
        estimates = [
            zip(weeks, model.means, strict=True),
            zip(weeks[1:], model.contrasts, strict=True),
            zip(weeks[1:], simpler, strict=True),
        ]
        here = partial(results.row, "longitudinal", code, missing="observed")
        rows += [
            here(name, estimate, week=week, **unseen(seen, week))
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
