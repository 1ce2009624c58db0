"""How outcomes go together: grades by response in the primary score, correlations of change."""

from itertools import combinations, pairwise

import pandas as pd

from ppp import levels, results
from ppp.catalogue.outcomes import CHANGES, Target, analysed, coded, in_order, outcomes, reached
from ppp.cohort import by_week
from ppp.estimators.correlation import spearman
from ppp.estimators.proportions import clopper_pearson


def cross_table(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Count the grades at the primary week by class of response in the primary score.

    Results rows ``cross`` of every graded outcome that was recorded, n = patients with both:
    ``count`` (`level` the grade and the class, `ppp.levels.crossed`), zeros included; and of each
    target of the grade ``clopper_pearson``: of the patients who reached it those who reached the
    percentage target that `level` names. No rows where the primary endpoint has no percentages, is
    a grade itself, or where nobody has both.
    """
    primary, week = study.endpoints.primary, study.schedule.primary
    graded = [code for code in analysed(visits, study, "grade") if code != primary]
    steps = _steps(study)
    if not graded or not steps or primary not in analysed(visits, study, "full"):
        return results.frame([])
    scores = by_week(visits, patients, primary, study)
    hits = _hits(steps, scores, study)
    rows = []
    for code in graded:
        grades = by_week(visits, patients, code, study)
        both = grades[week].notna() & hits.notna().all(axis=1)
        if both.any():
            rows += _cells(code, grades.loc[both, week], hits[both], visits, study)
            rows += _shares(code, grades[both], hits[both], study)
    return results.frame(rows)


def _steps(study) -> list[Target]:
    """List the percentages below 100 of the primary endpoint, ascending."""
    known = outcomes(study).get(study.endpoints.primary)
    targets = known.targets if known and not known.graded else ()
    steps = [target for target in targets if target.rule == "percent" and target.value < 100]
    return sorted(steps, key=lambda target: target.value)


def _hits(steps, scores: pd.DataFrame, study) -> pd.DataFrame:
    """Tell by patient and target whether it was reached at the primary week; NaN where unknown."""
    before, after = scores[study.schedule.baseline], scores[[study.schedule.primary]]
    judged = {}
    for target in steps:
        hit, evaluable = reached(target, before, after, study)
        judged[target.code] = hit.iloc[:, 0].astype(float).where(after.iloc[:, 0].notna())
        judged[target.code] = judged[target.code].where(evaluable)
    return pd.DataFrame(judged)


def classes(study) -> list[str]:
    """Name the classes of response, the least first: ``<50``, ``50 to <75``, ``≥90``."""
    edges = [f"{target.value:g}" for target in _steps(study)]
    return [f"<{edges[0]}", *map(" to <".join, pairwise(edges)), f"≥{edges[-1]}"]


def _cells(code, grades: pd.Series, hits: pd.DataFrame, visits, study) -> list[dict]:
    place = hits.sum(axis=1).astype(int)
    where = {"week": study.schedule.primary, "missing": "observed", "n": len(grades)}
    rows = []
    for grade in coded(visits, study)[code]:
        for number, name in enumerate(classes(study)):
            k = int(((grades == float(grade)) & (place == number)).sum())
            level = levels.crossed(grade, name)
            rows.append(results.row("cross", code, "count", k, level=level, events=k, **where))
    return rows


def _shares(code, grades: pd.DataFrame, hits: pd.DataFrame, study) -> list[dict]:
    week = study.schedule.primary
    rows = []
    for target in outcomes(study)[code].targets:
        if target.rule != "reach":
            continue
        hit, _ = reached(target, grades[study.schedule.baseline], grades[[week]], study)
        chosen = hits[hit[week]]
        for step, of in chosen.items():
            share = clopper_pearson(int(of.sum()), len(of))
            where = {"week": week, "level": step, "missing": "observed"}
            rows.append(results.row("cross", target.code, "clopper_pearson", share, **where))
    return rows


def correlation(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Correlate the changes to the primary week of every two outcomes (Spearman).

    Results rows ``correlation``, statistic ``spearman``: `outcome` one, `level` the other.
    """
    schedule, changes = study.schedule, {}
    for code in in_order(analysed(visits, study, *CHANGES), study):
        scores = by_week(visits, patients, code, study)
        change = scores[schedule.primary] - scores[schedule.baseline]
        if change.notna().any():
            changes[code] = change.to_numpy()
    where = {"week": schedule.primary, "missing": "observed"}
    return results.frame(
        results.row("correlation", one, "spearman", spearman(x, y), level=other, **where)
        for (one, x), (other, y) in combinations(changes.items(), 2)
    )
