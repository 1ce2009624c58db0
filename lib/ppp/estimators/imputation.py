"""Gaps in a table of visits: filled many times over and pooled by Rubin's rules, or carried."""

import warnings
from dataclasses import dataclass, replace
from math import inf, sqrt

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.imputation.mice import MICEData
from statsmodels.tools.sm_exceptions import ModelWarning

from ppp.estimators.estimate import Estimate, reason, shortage, table
from ppp.estimators.paired import SAME, mean_change, t_interval
from ppp.estimators.proportions import wilson

IMPUTATIONS = 50
LARGEST_IMPUTED = 10_000
DONORS = 5
BURN_IN = 10
BETWEEN = 3
NO_SPREAD = 1e-12
UNSEEN = reason("unattended", "nobody was seen at one of the two visits")


@dataclass(frozen=True)
class Imputed:
    """A table of visits, completed several times; `note` and `code` say why it could not be.

    `values`, of shape (m, n, k), are the completed tables: one where nothing was missing. Patients
    never seen and visits nobody attended stay NaN. `missing`, of shape (n, k), marks the gaps.
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
    """`MICEData` whose models are the main effects of all other visits, but those without variance.

    The same models and draws, but no formula is parsed in every cycle, which takes most of its
    time.
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

    Each visit is predicted from all others (`statsmodels.imputation.mice.MICEData`); a gap takes a
    score of the 5 nearest patients. `values`, of shape (n patients, k visits), are scores, first
    visit first, NaN missing at random; tables are drawn after 13 cycles, then after every 3. No
    tables below 3 patients, above 10,000, and where fewer than k + 2 attended a visit with gaps.
    White IR, Royston P, Wood AM. Stat Med 2011;30:377-399. https://doi.org/10.1002/sim.4067
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


@dataclass(frozen=True)
class Pooled:
    """Estimates pooled: their mean, its `variance` within and between, Barnard and Rubin's `df`.

    `increase` is the variance due to missing values over that within, 0 where the estimates agree.
    """

    estimate: float
    variance: float
    df: float
    increase: float


def rubin(estimates, variances, *, df: float = inf) -> Pooled:
    """Pool estimates and their `variances` (squared standard errors) of completed tables.

    `df`, had nothing been missing, is kept where the estimates agree; infinite gives Rubin's of
    1987.
    Rubin DB. Multiple imputation. New York: Wiley; 1987. https://doi.org/10.1002/9780470316696
    Barnard J, Rubin DB. Biometrika 1999;86:948-955. https://doi.org/10.1093/biomet/86.4.948
    """
    estimates = np.asarray(estimates, dtype=float)
    within, m = float(np.mean(variances)), estimates.size
    between = float(estimates.var(ddof=1)) if m > 1 else 0.0
    mean, extra = float(estimates.mean()), (1 + 1 / m) * between
    if extra <= NO_SPREAD * within or between <= NO_SPREAD**2 * mean**2:
        return Pooled(mean, within, df, 0.0)
    increase = extra / within if within else inf
    return Pooled(mean, within + extra, _barnard_rubin(extra / (within + extra), m, df), increase)


def pooled_mean(values, *, level: float = 0.95) -> Estimate:
    """Mean change of completed tables, of shape (m tables, n patients), with t interval and test.

    Patients without a value in any table are left out; `paired.mean_change` where all tables agree.
    Empty below 3 patients; without interval where nothing varies.
    """
    values = _evaluable(values)
    n = values.shape[1]
    method = f"multiple imputation ({len(values)}), t with Barnard–Rubin df"
    if short := shortage(n):
        return Estimate(n=n, method=method, **short)
    if np.all(values == values[0]):
        return replace(mean_change(np.zeros(n), values[0], level=level), method=method)
    pooled = rubin(values.mean(axis=1), values.var(axis=1, ddof=1) / n, df=n - 1)
    if pooled.df <= 0:
        return Estimate(pooled.estimate, n=n, method=method, **SAME)
    numbers = t_interval(pooled.estimate, sqrt(pooled.variance), pooled.df, level=level)
    return Estimate(**numbers, n=n, method=method)


def pooled_proportion(reached, *, level: float = 0.95) -> Estimate:
    """Proportion in completed tables, with Wilson's interval widened for what was imputed.

    It holds p with (p̂ − p)² ≤ t² (1 + r) p (1 − p)/n, r being the relative increase of the
    variance. `reached`, of shape (m tables, n patients), is 1 or 0; patients without a value in any
    table are left out. `proportions.wilson` where all tables agree, otherwise without ``events``.
    Lott A, Reiter JP. Am Stat 2020;74:109-115. https://doi.org/10.1080/00031305.2018.1473796
    """
    reached = _evaluable(reached)
    n = reached.shape[1]
    method = f"multiple imputation ({len(reached)}), Wilson with Barnard–Rubin df"
    if not n:
        return Estimate(method=method, **shortage(n))
    if np.all(reached == reached[0]):
        return replace(wilson(int(reached[0].sum()), n, level=level), method=method)
    shares = reached.mean(axis=1)
    pooled = rubin(shares, shares * (1 - shares) / n)
    if pooled.increase == inf:
        why = reason("degenerate", "too much is imputed for an interval")
        return Estimate(pooled.estimate, n=n, method=method, **why)
    stretch = float(stats.t.ppf((1 + level) / 2, pooled.df)) ** 2 * (1 + pooled.increase) / n
    limits = _score_limits(pooled.estimate, stretch)
    return Estimate(pooled.estimate, *limits, level, n, method=method)


def imputed_changes(imputed: Imputed, *, level: float = 0.95) -> tuple[Estimate, ...]:
    """Mean change from the first visit to each later one, pooled over completed tables.

    ``n`` counts all patients with any score, ``note`` how many changes were imputed.
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
    """Carry each patient's last score forward into later gaps; gaps before the first stay."""
    return pd.DataFrame(table(values)).ffill(axis=1).to_numpy()


def locf_changes(values, *, level: float = 0.95) -> tuple[Estimate, ...]:
    """Mean change from the first visit to each later one, the last score carried forward.

    For comparison only: no assumption makes it right in general. Patients without a first score are
    left out; ``note`` counts what was carried, and from where.
    National Research Council. Missing data in clinical trials. 2010. https://doi.org/10.17226/12955
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
    """Draw completed tables, shape (imputations, n, k); each patient and visit has a score."""
    # Visits that repeat each other make statsmodels warn, but predictions are right.
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


def _barnard_rubin(share, m, df) -> float:
    by_number = (m - 1) / share**2
    if df == inf:
        return by_number
    by_data = (df + 1) / (df + 3) * df * (1 - share)
    return by_number * by_data / (by_number + by_data)


def _evaluable(values):
    values = table(values, "tables × patients")
    return values[:, np.isfinite(values).all(axis=0)] if len(values) else np.empty((1, 0))


def _score_limits(share, stretch):
    """Solve (share − p)² = stretch · p (1 − p)."""
    centre = (share + stretch / 2) / (1 + stretch)
    reach = sqrt(stretch * share * (1 - share) + stretch**2 / 4) / (1 + stretch)
    return max(0.0, centre - reach), min(1.0, centre + reach)
