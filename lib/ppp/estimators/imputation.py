"""Gaps in a table of visits: filled many times over, or with the last value seen."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ppp.estimators.complete import shortage
from ppp.estimators.estimate import Estimate
from ppp.estimators.paired import mean_change
from ppp.estimators.pooling import pooled_mean

IMPUTATIONS = 50
LARGEST_IMPUTED = 10_000
UNSEEN = "nobody was seen at one of the two visits"


@dataclass(frozen=True)
class Imputed:
    """A table of visits, completed several times.

    Attributes
    ----------
    values : numpy.ndarray, shape (m, n, k)
        The completed tables: one where nothing was missing, none where they could not be made.
        A patient never seen and a visit nobody attended stay NaN.
    missing : numpy.ndarray of bool, shape (n, k)
        The gaps.
    note : str
        Why there is no completed table; else "".
    """

    values: np.ndarray
    missing: np.ndarray
    note: str = ""

    def change(self, visit: int):
        """Return each patient's change from the first visit in each table, shape (m, n)."""
        return np.round(self.values[:, :, visit] - self.values[:, :, 0], 9)


def impute(values, *, seed: int, imputations: int = IMPUTATIONS) -> Imputed:
    """Complete a table of visits by chained equations with predictive mean matching.

    Each visit is predicted from all others (`statsmodels.imputation.mice.MICEData`), and a gap
    takes the score of one of the 5 patients whose prediction is nearest; so a score that was
    never seen is never made up. Change is passive: it is taken after the scores are filled.

    Parameters
    ----------
    values : array_like, shape (n patients, k visits)
        Scores, first visit first; NaN is missing at random.
    seed : int
        The same seed gives the same tables.
    imputations : int
        Number of tables.

    Returns
    -------
    Imputed
        Without tables, and with a note, below 3 patients, above 10,000, and where a visit with
        gaps was attended by fewer than two patients more than there are visits.

    References
    ----------
    White IR, Royston P, Wood AM. Multiple imputation using chained equations: issues and guidance
    for practice. Stat Med 2011;30:377-399. https://doi.org/10.1002/sim.4067
    """
    values = _table(values)
    missing = np.isnan(values)
    patients, visits = ~missing.all(axis=1), ~missing.all(axis=0)
    inner = values[np.ix_(patients, visits)]
    note = _unfit(inner)
    if note:
        return Imputed(np.empty((0, *values.shape)), missing, note)
    if np.isfinite(inner).all():
        return Imputed(values[None], missing)
    from ppp.estimators.chained import completed

    tables = np.tile(values, (imputations, 1, 1))
    tables[:, np.outer(patients, visits)] = completed(
        inner, seed=seed, imputations=imputations
    ).reshape(imputations, -1)
    return Imputed(tables, missing)


def imputed_changes(imputed: Imputed, *, level: float = 0.95) -> tuple[Estimate, ...]:
    """Mean change from the first visit to each later one, pooled over completed tables.

    Parameters
    ----------
    imputed : Imputed
        What `impute` gave.
    level : float
        Confidence level.

    Returns
    -------
    tuple of Estimate
        With nothing missing, those of `ppp.estimators.paired.mean_change`. ``n`` counts
        all patients with any score; ``note`` how many changes were imputed.
    """
    found = []
    for visit in range(1, imputed.missing.shape[1]):
        pair = imputed.missing[:, [0, visit]]
        note = imputed.note or (UNSEEN if pair.all(axis=0).any() else "")
        if note:
            found.append(Estimate(method="multiple imputation", note=note))
            continue
        pooled = pooled_mean(imputed.change(visit), level=level)
        gaps = int((pair.any(axis=1) & ~imputed.missing.all(axis=1)).sum())
        remark = f"{gaps} of {pooled.n} imputed" if gaps else ""
        found.append(replace(pooled, note=pooled.note or remark))
    return tuple(found)


def locf(values):
    """Carry each patient's last score forward into later gaps.

    Parameters
    ----------
    values : array_like, shape (n patients, k visits)
        Scores, first visit first; NaN is missing.

    Returns
    -------
    numpy.ndarray, shape (n, k)
        Only gaps before a patient's first score remain.

    Examples
    --------
    >>> locf([[9, None, 3, None], [None, 5, None, 4]]).tolist()
    [[9.0, 9.0, 3.0, 3.0], [nan, 5.0, 5.0, 4.0]]
    """
    return pd.DataFrame(_table(values)).ffill(axis=1).to_numpy()


def locf_changes(values, *, level: float = 0.95) -> tuple[Estimate, ...]:
    """Mean change from the first visit to each later one, the last score carried forward.

    For comparison only: the method has no assumption under which it is right in general. A
    patient seen at the first visit alone counts as unchanged.

    Parameters
    ----------
    values : array_like, shape (n patients, k visits)
        Scores, first visit first; NaN is missing.
    level : float
        Confidence level.

    Returns
    -------
    tuple of Estimate
        Patients without a first score are left out; ``note`` counts what was carried, and from
        where.

    References
    ----------
    National Research Council. The prevention and treatment of missing data in clinical trials.
    Washington: National Academies Press; 2010. https://doi.org/10.17226/12955
    """
    values = _table(values)
    filled = locf(values)
    found = []
    for visit in range(1, values.shape[1]):
        estimate = mean_change(filled[:, 0], filled[:, visit], level=level)
        carried = np.isnan(values[:, visit]) & np.isfinite(values[:, 0])
        unchanged = carried & np.isnan(values[:, 1:visit]).all(axis=1)
        remark = f"{carried.sum()} carried forward, {unchanged.sum()} of them from the first visit"
        found.append(
            replace(
                estimate,
                method="last value carried forward, paired t",
                note=estimate.note or (remark if carried.any() else ""),
            )
        )
    return tuple(found)


def _table(values):
    values = np.asarray(values, dtype=float)
    if values.ndim != 2:
        raise ValueError(f"patients × visits are needed, not an array of shape {values.shape}")
    return np.where(np.isfinite(values), values, np.nan)


def _unfit(values) -> str:
    n, visits = values.shape
    if shortage(n):
        return shortage(n)
    if np.isfinite(values).all():
        return ""
    if n > LARGEST_IMPUTED:
        return f"values are not imputed above {LARGEST_IMPUTED:,} patients"
    seen = np.isfinite(values).sum(axis=0)
    fewest = int(seen[seen < n].min())
    if fewest < visits + 2:
        return f"a visit was attended by {fewest} only, too few to impute from"
    return ""
