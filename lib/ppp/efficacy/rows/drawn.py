"""Frames that figures draw on: patients, their pairs and percent changes."""

import pandas as pd

from ppp.catalogue.outcomes import outcomes
from ppp.catalogue.recorded import codes


def scores(visits: pd.DataFrame | None, study, *, outcome: str | None = None) -> pd.DataFrame:
    """Return every recorded score at scheduled weeks: ``study_id``, ``week``, ``score``."""
    outcome = outcome or study.endpoints.primary
    if visits is None or outcome not in visits:
        return pd.DataFrame(columns=["study_id", "week", "score"])
    seen = visits.loc[visits["week"].isin(study.schedule.weeks), ["study_id", "week", outcome]]
    seen = seen.dropna().rename(columns={outcome: "score"})
    return seen.astype({"week": int, "score": float})


def pairs(visits: pd.DataFrame | None, study, *, outcome: str | None = None) -> pd.DataFrame:
    """Return the scores at baseline and the primary week of the patients who have both.

    Returns
    -------
    DataFrame of float
        Patients × the two weeks.
    """
    wide = scores(visits, study, outcome=outcome)
    wide = wide.pivot(index="study_id", columns="week", values="score")
    return wide.reindex(columns=[study.schedule.baseline, study.schedule.primary]).dropna()


def percent_changes(
    visits: pd.DataFrame | None, patients: pd.DataFrame, study, *, outcome: str | None = None
) -> pd.DataFrame:
    """Return each patient's change in percent of a baseline above 0, the worst first.

    By study id: ``change``, and ``marked``, whether the patient is of the study's subgroup.
    """
    paired = pairs(visits, study, outcome=outcome)
    before, after = paired.iloc[:, 0], paired.iloc[:, 1]
    change = (100 * (after - before) / before.where(before > 0)).dropna()
    of = outcomes(study).get(outcome or study.endpoints.primary)
    falls = of is None or of.sign > 0
    change = change.sort_values(ascending=not falls, kind="stable")
    column, value = study.subgroup.column, str(study.subgroup.value)
    known = codes(patients[column]) == value if column in patients else []
    marked = patients.loc[known, "study_id"] if column in patients else []
    return pd.DataFrame({"change": change, "marked": change.index.isin(list(marked))})
