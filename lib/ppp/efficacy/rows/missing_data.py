"""What the gaps do to the answer: pattern by visit, last value carried forward, imputation."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ppp import results
from ppp.catalogue.recorded import by_frequency, key_outcomes, recorded
from ppp.cohort import after_baseline, by_week
from ppp.efficacy.rows.change import JUDGED, judged
from ppp.estimators.estimate import Estimate
from ppp.estimators.imputation import Imputed, impute, imputed_changes, locf, locf_changes
from ppp.estimators.pooling import pooled_proportion
from ppp.estimators.proportions import wilson

RECORDED, MISSING = "●", "○"


@dataclass(frozen=True)
class Completed:
    """One score of all patients, with its gaps and without.

    Attributes
    ----------
    scores : DataFrame of float
        Patients × weeks from baseline on, as recorded.
    tables : Imputed
        The same, completed several times.
    """

    scores: pd.DataFrame
    tables: Imputed

    def stacked(self) -> pd.DataFrame:
        """Return the completed tables below each other, with the columns of `scores`."""
        weeks = self.scores.columns
        return pd.DataFrame(self.tables.values.reshape(-1, len(weeks)), columns=weeks)


def completed(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> dict[str, Completed]:
    """Impute PPPASI, DLQI, PGA and the primary outcome, each from its own other visits.

    Parameters
    ----------
    visits, patients : DataFrame
        Canonical frames of the whole cohort; `visits` may be None.
    study : Study
        ``run.seed`` is the seed.

    Returns
    -------
    dict of Completed
        By outcome; one that was not recorded is left out.
    """
    weeks = [study.schedule.baseline, *after_baseline(study)]
    found = {}
    for outcome in dict.fromkeys([*key_outcomes(visits, study), *recorded(visits, JUDGED)]):
        scores = by_week(visits, patients, outcome, study)[weeks]
        found[outcome] = Completed(scores, impute(scores.to_numpy(), seed=study.run.seed))
    return found


def change(filled: dict[str, Completed], study) -> pd.DataFrame:
    """Mean change from baseline with the gaps filled, at every scheduled week after it.

    Parameters
    ----------
    filled : dict of Completed
        What `completed` gave.
    study : Study

    Returns
    -------
    DataFrame
        Results rows ``mean_change`` of PPPASI, DLQI and the primary outcome, with ``missing`` =
        ``locf`` (for comparison only) and ``mi``. Where nothing is missing, both are the row of
        `ppp.efficacy.rows.change.change`; else `note` says how many were filled.
    """
    rows = []
    for outcome in key_outcomes(_columns(filled), study):
        scores, tables = filled[outcome].scores, filled[outcome].tables
        ways = {"locf": locf_changes(scores.to_numpy()), "mi": imputed_changes(tables)}
        rows += [
            results.row("change", outcome, "mean_change", estimate, week=week, missing=missing)
            for missing, estimates in ways.items()
            for week, estimate in zip(scores.columns[1:], estimates, strict=True)
        ]
    return results.frame(rows)


def _columns(filled) -> pd.DataFrame:
    return pd.DataFrame(columns=list(filled), dtype=float)


def responder(filled: dict[str, Completed], study) -> pd.DataFrame:
    """Responder proportions with the gaps filled, at every scheduled week after baseline.

    Parameters
    ----------
    filled : dict of Completed
        What `completed` gave.
    study : Study

    Returns
    -------
    DataFrame
        Results rows ``wilson`` of the targets of `ppp.efficacy.rows.change.responses`, with
        ``missing`` = ``locf`` and ``mi``; n = all with an evaluable recorded baseline, as for
        ``nri``. Where nothing is missing, both are the ``observed`` row; else `note` says how
        many were filled.
    """
    rows = []
    for outcome in (name for name in JUDGED if name in filled):
        ways = {
            "locf": _carried(outcome, filled[outcome], study),
            "mi": _imputed(outcome, filled[outcome], study),
        }
        rows += [
            results.row("responder", target, "wilson", estimate, week=week, missing=missing)
            for missing, found in ways.items()
            for (target, week), estimate in found.items()
        ]
    return results.frame(rows)


def _carried(outcome: str, data: Completed, study) -> dict:
    filled = pd.DataFrame(locf(data.scores), data.scores.index, data.scores.columns)
    found = {}
    for target, response in judged(outcome, filled, study).items():
        for week, reached in response.reached[response.evaluable].items():
            gaps = int(data.scores.loc[response.evaluable, week].isna().sum())
            found[target, week] = replace(
                wilson(int(reached.sum()), len(reached)),
                method="last value carried forward, Wilson",
                **_remark(gaps, len(reached), "carried forward"),
            )
    return found


def _imputed(outcome: str, data: Completed, study) -> dict:
    filled = judged(outcome, data.stacked(), study)
    found = {}
    for target, known in judged(outcome, data.scores, study).items():
        evaluable = known.evaluable.to_numpy()
        shape = len(data.tables.values), *known.reached.shape
        reached = filled[target].reached.to_numpy().reshape(shape)
        gaps = known.reached[evaluable].isna().sum()
        for place, week in enumerate(known.reached):
            pooled = pooled_proportion(reached[:, evaluable, place])
            if data.tables.note:
                pooled = Estimate(method="multiple imputation", note=data.tables.note)
            remark = {} if pooled.note else _remark(int(gaps[week]), pooled.n, "imputed")
            found[target, week] = replace(pooled, **remark)
    return found


def _remark(gaps: int, n: int, how: str) -> dict:
    return {"note": f"{gaps} of {n} {how}"} if gaps and n else {}


def missing_pattern(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Count the patterns of recorded and missing scores over the scheduled weeks.

    Parameters
    ----------
    visits, patients : DataFrame
        Canonical frames of the whole cohort; `visits` may be None.
    study : Study

    Returns
    -------
    DataFrame
        Results rows ``count`` of PPPASI, DLQI and PGA (``events`` of n patients, the most
        frequent pattern first); `level` has a ● for each scheduled week with a score and a ○ for
        each without, in their order.
    """
    rows = []
    for outcome in recorded(visits, ("pppasi", "dlqi", "pga")):
        seen = by_week(visits, patients, outcome, study).notna().to_numpy()
        marks = np.where(seen, RECORDED, MISSING)
        patterns = by_frequency(pd.Series(["".join(line) for line in marks], dtype="str"))
        rows += [
            results.row(
                "missing_pattern",
                outcome,
                "count",
                events,
                level=pattern,
                n=len(marks),
                events=events,
            )
            for pattern, events in patterns.items()
        ]
    return results.frame(rows)
