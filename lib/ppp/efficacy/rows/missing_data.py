"""What the gaps do to the answer: pattern by visit, last value carried forward, imputation."""

from dataclasses import dataclass, replace

import pandas as pd

from ppp import levels, results
from ppp.catalogue.outcomes import CHANGES, analysed, in_order, outcomes
from ppp.catalogue.recorded import by_frequency
from ppp.cohort import after_baseline, by_week
from ppp.efficacy.rows.change import PROPORTIONS, absent, judged
from ppp.estimators.estimate import Estimate
from ppp.estimators.imputation import (
    Imputed,
    impute,
    imputed_changes,
    locf,
    locf_changes,
    pooled_proportion,
)


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
    """Impute the outcomes in full analysis and those with targets, each from its other visits.

    A week after baseline at which nobody has the outcome is left out.
    """
    weeks = [study.schedule.baseline, *after_baseline(study)]
    filled = {}
    for code in _of_gaps(visits, study):
        scores = by_week(visits, patients, code, study)[weeks]
        scores = scores.loc[:, scores.notna().any() | (scores.columns == study.schedule.baseline)]
        filled[code] = Completed(scores, impute(scores.to_numpy(), seed=study.run.seed))
    return filled


def _of_gaps(visits, study) -> list[str]:
    full = analysed(visits, study, "full")
    known = outcomes(study)
    return [c for c in analysed(visits, study, *CHANGES) if c in full or known[c].targets]


def change(filled: dict[str, Completed], study) -> pd.DataFrame:
    """Mean change from baseline with the gaps filled, at every scheduled week after it.

    Results rows ``mean_change`` of the outcomes in full analysis, with ``missing`` = ``locf`` (for
    comparison only) and ``mi``. Where nothing is missing, both are the row of
    `ppp.efficacy.rows.change.change`; else `note` says how many were filled.
    """
    rows = []
    for code, data in filled.items():
        if outcomes(study)[code].analysis != "full":
            continue
        ways = {"locf": locf_changes(data.scores.to_numpy()), "mi": imputed_changes(data.tables)}
        rows += [
            results.row("change", code, "mean_change", estimate, week=week, missing=missing)
            for missing, estimates in ways.items()
            for week, estimate in zip(data.scores.columns[1:], estimates, strict=True)
        ]
    return results.frame(rows)


def responder(filled: dict[str, Completed], study) -> pd.DataFrame:
    """Responder proportions with the gaps filled, at every scheduled week after baseline.

    Results rows ``wilson`` of every target, with ``missing`` = ``locf`` (``clopper_pearson`` too)
    and ``mi``; n = all with an evaluable recorded baseline, as for ``nri``. Where nothing is
    missing, both are the ``observed`` row; else `note` says how many were filled, and `code`
    (``carried``, ``imputed``) that some were.
    """
    rows = []
    for code in in_order(filled, study):
        rows += _carried(code, filled[code], study) + _imputed(code, filled[code], study)
    return results.frame(rows)


def _carried(code: str, data: Completed, study) -> list[dict]:
    filled = pd.DataFrame(locf(data.scores), data.scores.index, data.scores.columns)
    rows = []
    for target, response in judged(code, filled, study).items():
        for week, reached in response.reached[response.evaluable].items():
            n, gaps = len(reached), int(data.scores.loc[response.evaluable, week].isna().sum())
            where = {"week": week, "missing": "locf"}
            if gaps and n:
                where |= {"note": f"{gaps} of {n} carried forward", "code": "carried"}
            for name, estimator in PROPORTIONS.items():
                share = estimator(int(reached.sum()), n)
                share = replace(share, method=f"last value carried forward, {share.method}")
                rows.append(results.row("responder", target, name, share, **where))
    return rows


def _imputed(code: str, data: Completed, study) -> list[dict]:
    filled = judged(code, data.stacked(), study)
    unmade, rows = data.tables.note, []
    for target, known in judged(code, data.scores, study).items():
        evaluable = known.evaluable.to_numpy()
        shape = len(data.tables.values), *known.reached.shape
        reached = filled[target].reached.to_numpy().reshape(shape)
        gaps = known.reached[evaluable].isna().sum()
        for place, week in enumerate(known.reached):
            where = {"week": week, "missing": "mi"}
            share = pooled_proportion(reached[:, evaluable, place])
            if unmade:
                share = Estimate(method="multiple imputation", note=unmade)
            elif not share.note and gaps[week] and share.n:
                where |= {"note": f"{gaps[week]} of {share.n} imputed", "code": "imputed"}
            rows.append(results.row("responder", target, "wilson", share, **where))
    return rows


def missing_pattern(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Count the patterns of recorded and missing scores over the scheduled weeks.

    Results rows ``count`` of the outcomes that `completed` fills (``events`` of n patients, the
    most frequent pattern first); `level` as `ppp.levels.pattern` makes it; of a primary endpoint
    that was not recorded those of `absent`.
    """
    rows = absent("missing_pattern", ["count"], visits, study, week=None)
    for code in _of_gaps(visits, study):
        scores = by_week(visits, patients, code, study)
        marked = pd.Series(map(levels.pattern, scores.notna().to_numpy()), dtype="str")
        for level, events in by_frequency(marked).items():
            where = {"level": level, "n": len(scores), "events": events}
            rows.append(results.row("missing_pattern", code, "count", events, **where))
    return results.frame(rows)
