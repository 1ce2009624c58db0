"""Gaps in a table of visits: filled many times over, or with the last value seen."""

import warnings
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from statsmodels.imputation.mice import MICEData
from statsmodels.tools.sm_exceptions import ModelWarning

from ppp.estimators.estimate import Estimate, reason, shortage, table
from ppp.estimators.paired import mean_change
from ppp.estimators.pooling import pooled_mean

IMPUTATIONS = 50
LARGEST_IMPUTED = 10_000
DONORS = 5
BURN_IN = 10
BETWEEN = 3
UNSEEN = reason("unattended", "nobody was seen at one of the two visits")


@dataclass(frozen=True)
class Imputed:
    """A table of visits, completed several times.

    `values`, of shape (m, n, k), are the completed tables: one where nothing was missing, none if
    they could not be made (`note` and `code` say why). A patient never seen and a visit nobody
    attended stay NaN. `missing`, of shape (n, k), marks the gaps.
    """

    values: np.ndarray
    missing: np.ndarray
    note: str = ""
    code: str = ""

    def change(self, visit: int):
        """Return each patient's change from the first visit in each table, shape (m, n)."""
        return np.round(self.values[:, :, visit] - self.values[:, :, 0], 9)

    def unmade(self) -> dict[str, str]:
        """Return the `reason` why there is no completed table, or an empty dict."""
        return reason(self.code, self.note) if self.note else {}


class Chain(MICEData):
    """`MICEData` whose models are the main effects of all other visits.

    `MICEData` writes the same models as formulas and parses each anew in every cycle, which takes
    most of its time. The draws are the same, seed for seed. A visit at which all scores
    are equal predicts nothing and is left out.
    """

    def get_fitting_data(self, vname):
        """Return scores and predictors of the patients seen at this visit."""
        scores, predictors = self._model(vname)
        seen = self.ix_obs[vname]
        return scores[seen], predictors[seen], {}, {}

    def get_split_data(self, vname):
        """Return scores and predictors of the patients seen, and predictors of those not seen."""
        scores, predictors = self._model(vname)
        seen, unseen = self.ix_obs[vname], self.ix_miss[vname]
        return scores[seen], predictors[seen], predictors[unseen], {}, {}

    def _model(self, vname):
        scores, own = self.data.to_numpy(), self.data.columns.get_loc(vname)
        others = np.delete(scores, own, axis=1)
        telling = others[:, np.ptp(others, axis=0) > 0]
        return scores[:, own], np.column_stack([np.ones(len(scores)), telling])


def impute(values, *, seed: int, imputations: int = IMPUTATIONS) -> Imputed:
    """Complete a table of visits by chained equations with predictive mean matching.

    Each visit is predicted from all others (`statsmodels.imputation.mice.MICEData`), and a gap
    takes the score of one of the 5 patients whose prediction is nearest; so a score that was
    never seen is never made up. Change is passive: it is taken after the scores are filled.

    `values`, of shape (n patients, k visits), are scores, first visit first; NaN is missing at
    random. The `seed` is of a generator of its own; the `imputations` are drawn one after 13
    cycles, then one after every 3. Without tables, and with a note, below 3 patients, above 10,000,
    and where a visit with gaps was attended by fewer than two patients more than there are visits.

    References
    ----------
    White IR, Royston P, Wood AM. Multiple imputation using chained equations: issues and guidance
    for practice. Stat Med 2011;30:377-399. https://doi.org/10.1002/sim.4067
    """
    values = table(values)
    missing = np.isnan(values)
    patients, visits = ~missing.all(axis=1), ~missing.all(axis=0)
    inner = values[np.ix_(patients, visits)]
    if why := _unfit(inner):
        return Imputed(np.empty((0, *values.shape)), missing, **why)
    if np.isfinite(inner).all():
        return Imputed(values[None], missing)
    tables = np.tile(values, (imputations, 1, 1))
    drawn = _completed(inner, seed, imputations)
    tables[:, np.outer(patients, visits)] = drawn.reshape(imputations, -1)
    return Imputed(tables, missing)


def imputed_changes(imputed: Imputed, *, level: float = 0.95) -> tuple[Estimate, ...]:
    """Mean change from the first visit to each later one, pooled over completed tables.

    With nothing missing, those of `ppp.estimators.paired.mean_change`. ``n`` counts all patients
    with any score; ``note`` how many changes were imputed.
    """
    changes = []
    for visit in range(1, imputed.missing.shape[1]):
        pair = imputed.missing[:, [0, visit]]
        if why := imputed.unmade() or (UNSEEN if pair.all(axis=0).any() else {}):
            changes.append(Estimate(method="multiple imputation", **why))
            continue
        pooled = pooled_mean(imputed.change(visit), level=level)
        gaps = int((pair.any(axis=1) & ~imputed.missing.all(axis=1)).sum())
        if gaps:
            remark = "" if pooled.note else f"{gaps} of {pooled.n} imputed"
            pooled = pooled.marked("imputed", remark)
        changes.append(pooled)
    return tuple(changes)


def locf(values):
    """Carry each patient's last score forward into later gaps; gaps before the first stay.

    Examples
    --------
    >>> locf([[9, None, 3, None], [None, 5, None, 4]]).tolist()
    [[9.0, 9.0, 3.0, 3.0], [nan, 5.0, 5.0, 4.0]]
    """
    return pd.DataFrame(table(values)).ffill(axis=1).to_numpy()


def locf_changes(values, *, level: float = 0.95) -> tuple[Estimate, ...]:
    """Mean change from the first visit to each later one, the last score carried forward.

    For comparison only: the method has no assumption under which it is right in general. A
    patient seen at the first visit alone counts as unchanged; patients without a first score are
    left out. ``note`` counts what was carried, and from where.

    References
    ----------
    National Research Council. The prevention and treatment of missing data in clinical trials.
    Washington: National Academies Press; 2010. https://doi.org/10.17226/12955
    """
    values = table(values)
    filled = locf(values)
    changes = []
    for visit in range(1, values.shape[1]):
        estimate = mean_change(filled[:, 0], filled[:, visit], level=level)
        estimate = replace(estimate, method="last value carried forward, paired t")
        carried = np.isnan(values[:, visit]) & np.isfinite(values[:, 0])
        unchanged = carried & np.isnan(values[:, 1:visit]).all(axis=1)
        counts = f"{carried.sum()} carried forward, {unchanged.sum()} of them from the first visit"
        if carried.any():
            estimate = estimate.marked("carried", "" if estimate.note else counts)
        changes.append(estimate)
    return tuple(changes)


def _unfit(values) -> dict[str, str]:
    n, visits = values.shape
    if short := shortage(n):
        return short
    if np.isfinite(values).all():
        return {}
    if n > LARGEST_IMPUTED:
        return reason("too_many", f"values are not imputed above {LARGEST_IMPUTED:,} patients")
    seen = np.isfinite(values).sum(axis=0)
    fewest = int(seen[seen < n].min())
    if fewest < visits + 2:
        note = f"a visit was attended by {fewest} only, too few to impute from"
        return reason("too_few", note)
    return {}


def _completed(values, seed, imputations):
    """Draw completed tables, shape (imputations, n, k); each patient and visit has a score.

    Visits that repeat each other make the models singular; predictions do not suffer (the
    pseudoinverse is taken), so statsmodels' warning of it is dropped.
    """
    names = [f"visit{number}" for number in range(values.shape[1])]
    chain = Chain(pd.DataFrame(values, columns=names), rng=np.random.default_rng(seed))
    chain.k_pmm = min(DONORS, int(np.isfinite(values).sum(axis=0).min()))
    tables = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ModelWarning)
        chain.update_all(BURN_IN)
        for _ in range(imputations):
            chain.update_all(BETWEEN)
            tables.append(chain.data.to_numpy(copy=True))
    return np.array(tables)
