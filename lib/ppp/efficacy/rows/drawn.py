"""Frames that figures and sentences draw on: patients, resampled means, chance, coverage."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ppp import results
from ppp.catalogue.outcomes import outcomes
from ppp.catalogue.recorded import codes
from ppp.estimators.robustness import expected_change
from ppp.results import first, usable
from ppp.study import ROOT

RESAMPLES = 2_000
LARGEST = 20_000
GRID = 201


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


def resampled_means(paired: pd.DataFrame, study) -> np.ndarray:
    """Draw mean changes of 2,000 bootstrap samples, with the study's seed.

    Returns
    -------
    ndarray of float
        For the shape of their distribution only; empty above 20,000 patients.
    """
    change = (paired.iloc[:, 1] - paired.iloc[:, 0]).to_numpy()
    if not 0 < len(change) <= LARGEST:
        return np.array([])
    rng = np.random.default_rng(study.run.seed)
    return np.array([rng.choice(change, change.size).mean() for _ in range(RESAMPLES)])


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


@dataclass(frozen=True)
class Chance:
    """The change that regression to the mean alone would give.

    Attributes
    ----------
    correlation, usual : ndarray of float, shape (201,)
        Test–retest correlations from 0 to 1, and usual means from the best value of the score to
        the mean at baseline.
    expected : ndarray of float, shape (usual means, correlations)
        Expected change.
    lines : dict of (ndarray, ndarray)
        For ``estimate``, ``ci_low`` and ``ci_high`` of the observed change: the correlations and
        the usual means at which chance alone gives it; absent where it never does.
    """

    correlation: np.ndarray
    usual: np.ndarray
    expected: np.ndarray
    lines: dict


def chance(rows: pd.DataFrame, study, *, outcome: str | None = None) -> Chance | None:
    """Map what regression to the mean alone would give; None where the score did not improve.

    From results rows ``explaining_correlation`` (ρ) and ``mean_change``, which together give how
    far the mean at baseline is from the best value: the improvement / (1 − ρ).
    """
    outcome = outcome or study.endpoints.primary
    here = results.pick(rows, outcome=outcome, group="all")
    bound = first(here, analysis="regression_to_mean", statistic="explaining_correlation")
    where = {"statistic": "mean_change", "missing": "observed", "week": study.schedule.primary}
    change = first(here, analysis="change", **where)
    if not (usable(bound) and usable(change)) or bound["estimate"] >= 1:
        return None
    best, sign = outcomes(study)[outcome].best, outcomes(study)[outcome].sign
    far = sign * change["estimate"] / (bound["estimate"] - 1)
    correlation, usual = np.linspace(0, 1, GRID), np.linspace(0, far, GRID)
    expected = sign * expected_change(far, correlation=correlation, usual_mean=usual).T
    lines = {}
    for end in ("estimate", "ci_low", "ci_high"):
        improved = sign * change[end]
        if -far < improved < 0:
            along = np.linspace(0, 1 + improved / far, GRID)
            lines[end] = along, best + sign * (far + improved / (1 - along))
    return Chance(correlation, best + sign * usual, expected, lines)


COVERAGE = ROOT / "data" / "coverage.csv"
SHOWN = ("mean_change", "mean_change_bca", "hodges_lehmann", "wilson")


def coverage() -> pd.DataFrame:
    """Return the kept simulation, one row a statistic, kind of scores and number of patients.

    ``statistic`` and ``outcome`` as in results rows; ``quantity`` (coverage of an interval, size of
    a test); ``scores`` (normal, skewed, granular: 0.1 steps with ties); ``n``; ``nominal``;
    ``found`` (share of ``runs``); ``mc_error`` (standard error of that share were it nominal);
    ``falls_short`` (by more than two such errors). Made by ``make simulate``.
    """
    kept = pd.read_csv(COVERAGE)
    return kept.assign(falls_short=kept["falls_short"].eq("yes"))


def shortfalls(statistic: str, n: int) -> pd.DataFrame:
    """Return where a statistic's interval falls short, at the simulated size nearest to `n`.

    Rows of `coverage`, lowest coverage first; none where the interval holds what it promises, or
    was not simulated.

    Parameters
    ----------
    statistic : str
        As in results rows, such as ``mean_change_bca``.
    n : int
        Patients of the interval in question.

    Examples
    --------
    >>> shortfalls("clopper_pearson", 28).empty
    True
    """
    kept = coverage()
    nearest = min(kept["n"].unique(), key=lambda size: abs(size - n))
    mine = (kept["statistic"] == statistic) & (kept["n"] == nearest) & kept["falls_short"]
    return kept[mine].sort_values("found", ignore_index=True)
