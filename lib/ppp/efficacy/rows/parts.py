"""PPPASI by sign and site, where its components were recorded, and who is free of pustules."""

import pandas as pd

from ppp import results
from ppp.cohort import by_week
from ppp.data.scores import PPPASI_COMPONENTS, PUSTULES, WHOLE, parts_of
from ppp.estimators import paired
from ppp.estimators.proportions import clopper_pearson


def parts(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Change of each part of PPPASI from baseline to the primary week, and pustule-free patients.

    Results rows ``part``, outcome PPPASI: ``mean_change`` at the primary week and ``mean`` at both
    weeks of those with every part at both, `level` the part (`ppp.data.scores.parts_of`; the three
    signs add up to the score, and so do palms and soles); and `level` ``pustule_free``:
    ``clopper_pearson`` of patients without a pustule on palms and soles at the primary week, among
    those recorded at both (``observed``) and at baseline (``nri``). No rows where any of the 16
    components was not recorded, and of nobody.
    """
    if visits is None or not set(PPPASI_COMPONENTS) <= set(visits):
        return results.frame([])
    split = visits[["study_id", "week"]].join(parts_of(visits))
    weeks = [study.schedule.baseline, study.schedule.primary]
    scores = {x: by_week(split, patients, x, study)[weeks] for x in split.columns[2:]}
    whole = pd.concat(scores, axis=1).dropna()
    rows = [row for x in scores if len(whole) for row in _rows(x, whole[x], weeks)]
    pustules = visits[list(PUSTULES)].sum(axis=1, skipna=False)
    worst = by_week(visits.assign(pustules=pustules), patients, "pustules", study)[weeks]
    return results.frame(rows + _free(*(worst[week] for week in weeks), weeks[1]))


def _rows(part: str, scores: pd.DataFrame, weeks) -> list[dict]:
    where = {"level": part, "missing": "observed"}
    before, after = (scores[week].to_numpy() for week in weeks)
    made = [("mean", week, paired.mean(scores[week])) for week in weeks]
    made.append(("mean_change", weeks[1], paired.mean_change(before, after)))
    return [results.row("part", WHOLE, name, x, week=week, **where) for name, week, x in made]


def _free(before: pd.Series, after: pd.Series, week: int) -> list[dict]:
    both, rows = before.notna() & after.notna(), []
    if not both.any():
        return rows
    for missing, among in {"observed": both, "nri": before.notna()}.items():
        share = clopper_pearson(int((after[among] == 0).sum()), int(among.sum()))
        where = {"level": "pustule_free", "missing": missing, "week": week}
        rows.append(results.row("part", WHOLE, "clopper_pearson", share, **where))
    return rows
