"""Bands of a score, such as no, small and moderate effect: who was in which, and who moved."""

import pandas as pd

from ppp import levels, results
from ppp.catalogue.outcomes import ANALYSES, analysed, band, outcomes
from ppp.cohort import by_week


def bands(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Count the patients in each band at baseline and at the primary week, and those who moved.

    Returns
    -------
    DataFrame
        Results rows ``band`` of every recorded score that has bands: ``count`` at both weeks,
        `level` the band, and at the primary week ``moved``, `level` the band at baseline and the
        one reached (`ppp.levels.shift`), each as ``events`` of the n patients with both values.
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
