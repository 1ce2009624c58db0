"""Visits together: the mixed model for repeated measures (MMRM), without covariates."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from ppp.estimators.complete import shortage
from ppp.estimators.estimate import Estimate
from ppp.estimators.reml import compound_symmetry, unstructured


@dataclass(frozen=True)
class Visits:
    """What the model says of each visit.

    Attributes
    ----------
    means : tuple of Estimate
        Mean score at each visit, had all been measured.
    contrasts : tuple of Estimate
        Mean change from the first visit to each later one (negative = fell).
    covariance : str
        "unstructured" or "compound symmetry" as fitted, "" where nothing could be.
    log_likelihood : float
        Restricted log-likelihood at the maximum.
    """

    means: tuple[Estimate, ...]
    contrasts: tuple[Estimate, ...]
    covariance: str
    log_likelihood: float


def mmrm(values, *, level: float = 0.95) -> Visits:
    """Visit means and changes from the first visit, by restricted maximum likelihood.

    Visit is a factor; residuals of a patient have an unstructured covariance. Patients count
    through the mean and scatter of each pattern of missing visits, so the time does not grow
    with their number. With complete data each change and its interval are those of the paired t.
    statsmodels has no such model (its `MixedLM` assumes equal variances at all visits).

    Parameters
    ----------
    values : array_like, shape (n patients, k visits)
        Scores, first visit first; NaN is missing at random.
    level : float
        Confidence level; t with n − 1 degrees of freedom, n the patients with any score.

    Returns
    -------
    Visits
        Empty estimates below 3 patients, and for a visit at which nobody was seen. Where the
        unstructured fit does not converge, compound symmetry stands in, and ``method`` and
        ``note`` say so.

    References
    ----------
    Mallinckrodt CH, et al. Recommendations for the primary analysis of continuous endpoints in
    longitudinal clinical trials. Drug Inf J 2008;42:303-319.
    https://doi.org/10.1177/009286150804200402
    """
    values = _table(values)
    seen = np.isfinite(values).any(axis=0)
    n = int(np.isfinite(values).any(axis=1).sum())
    note = shortage(n) or _unfit(values[:, seen])
    fit, kind, remark = None, "", ""
    if not note:
        fit, kind, remark = _fitted(values[:, seen])
        note = "" if fit else "the model did not converge"
    if fit is None:
        return _nothing(values.shape[1], n, note)
    return _visits(fit, kind, seen, n, level, remark)


def _table(values):
    values = np.asarray(values, dtype=float)
    if values.ndim != 2:
        raise ValueError(f"patients × visits are needed, not an array of shape {values.shape}")
    return np.where(np.isfinite(values), values, np.nan)


def _unfit(values) -> str:
    if values.shape[1] < 2:
        return "only one visit has scores"
    if np.nanmax(np.nanmax(values, axis=0) - np.nanmin(values, axis=0)) <= 0:
        return "the scores do not vary between patients"
    return ""


def _fitted(values):
    """Return the fit, its covariance structure and a remark on a structure that stands in."""
    fit = unstructured(values)
    if fit is not None:
        return fit, "unstructured", ""
    remark = "the unstructured covariance did not converge, so compound symmetry stands in"
    return compound_symmetry(values), "compound symmetry", remark


def _visits(fit, kind, seen, n, level, remark) -> Visits:
    size = seen.size
    mean, covariance = np.full(size, np.nan), np.full((size, size), np.nan)
    mean[seen] = fit.mean
    covariance[np.ix_(seen, seen)] = fit.mean_covariance
    method = f"MMRM, {kind}, REML"

    def estimate(value, variance, missing, test):
        if np.isnan(value):
            return Estimate(n=n, method=method, note=missing)
        error = np.sqrt(max(0.0, variance))
        reach = stats.t.ppf((1 + level) / 2, n - 1) * error
        p = float(2 * stats.t.sf(abs(value) / error, n - 1)) if test and error > 0 else np.nan
        return Estimate(
            float(value),
            float(value - reach),
            float(value + reach),
            level,
            n,
            p_value=p,
            method=method,
            note=remark,
        )

    spread = np.diag(covariance)
    variances = spread + spread[0] - 2 * covariance[0]
    means = [
        estimate(m, v, "nobody was seen at this visit", False)
        for m, v in zip(mean, spread, strict=True)
    ]
    changes = [
        estimate(m, v, "nobody was seen at one of the two visits", True)
        for m, v in zip(mean[1:] - mean[0], variances[1:], strict=True)
    ]
    return Visits(tuple(means), tuple(changes), kind, fit.log_likelihood)


def _nothing(size, n, note) -> Visits:
    empty = Estimate(n=n, method="MMRM", note=note)
    return Visits((empty,) * size, (empty,) * max(0, size - 1), "", float("nan"))
