"""Visits together, the simpler model: one random intercept a patient, equal variances."""

import warnings

import numpy as np
from scipy import stats

from ppp.estimators.complete import shortage
from ppp.estimators.estimate import Estimate

LARGEST = 2_000
METHOD = "random intercept, REML"


def random_intercept(values, *, level: float = 0.95) -> tuple[Estimate, ...]:
    """Change from the first visit to each later one in a random-intercept model.

    A sensitivity analysis of `ppp.estimators.longitudinal.mmrm`: it takes the variance
    to be the same at all visits. `statsmodels.regression.mixed_linear_model.MixedLM` prints z;
    here t with N − n − (k − 1) degrees of freedom (scores − patients − changes) is used, as in R's
    nlme.

    Parameters
    ----------
    values : array_like, shape (n patients, k visits)
        Scores, first visit first; NaN is missing at random.
    level : float
        Confidence level.

    Returns
    -------
    tuple of Estimate
        One for each later visit; ``method`` states the degrees of freedom. Empty, with a note,
        below 3 patients, above 2,000, for a visit nobody attended, where scores do not vary, and
        where the fit does not converge.

    References
    ----------
    Laird NM, Ware JH. Random-effects models for longitudinal data. Biometrics 1982;38:963-974.
    https://doi.org/10.2307/2529876
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 2:
        raise ValueError(f"patients × visits are needed, not an array of shape {values.shape}")
    seen = np.isfinite(values)
    n, visits = int(seen.any(axis=1).sum()), seen.any(axis=0)
    scores, columns, groups = values[seen], *np.nonzero(seen)[::-1]
    df = scores.size - n - int(visits.sum()) + 1
    note = _unfit(values, n, visits, df)
    fit = None if note else _fitted(scores, columns[:, None] == np.flatnonzero(visits), groups)
    if fit is None:
        why = note or "the random-intercept model did not converge"
        return (Estimate(n=n, method=METHOD, note=why),) * (len(visits) - 1)
    place = np.cumsum(visits) - 1
    return tuple(
        _contrast(fit, place[visit], n, df, level)
        if visits[visit]
        else Estimate(n=n, method=METHOD, note="nobody was seen at this visit")
        for visit in range(1, len(visits))
    )


def _unfit(values, n, visits, df) -> str:
    if shortage(n):
        return shortage(n)
    if n > LARGEST:
        return f"the random-intercept model is not fitted above {LARGEST:,} patients"
    if visits.sum() < 2:
        return "only one visit has scores"
    if not visits[0]:
        return "nobody was seen at the first visit"
    if df < 1:
        return "too few patients were seen twice"
    if np.all(np.nanmax(values[:, visits], axis=0) == np.nanmin(values[:, visits], axis=0)):
        return "the scores do not vary between patients"
    return ""


def _fitted(scores, visits, groups):
    """Return the means of the visits and their covariance, or None where the fit fails."""
    from statsmodels.regression.mixed_linear_model import MixedLM

    with warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        try:
            fit = MixedLM(scores, visits.astype(float), groups).fit(reml=True)
        except np.linalg.LinAlgError:
            return None
    between, within = float(fit.cov_re[0, 0]), float(fit.scale)
    if not (fit.converged and within > 0 and np.isfinite(between)):
        return None
    return np.asarray(fit.fe_params), _covariance(visits, groups, between, within)


def _covariance(visits, groups, between, within):
    """Covariance of the visit means, given the variances between and within patients.

    (statsmodels inverts the Hessian of means and variances together, which with missing scores
    differs by some percent from nlme and from what the interval assumes.)
    """
    seen = np.zeros((groups.max() + 1, visits.shape[1]))
    np.add.at(seen, groups, visits)
    shared = seen * (between / (within + between * seen.sum(axis=1)))[:, None]
    return within * np.linalg.inv(np.diag(seen.sum(axis=0)) - shared.T @ seen)


def _contrast(fit, place, n, df, level) -> Estimate:
    mean, covariance = fit
    change = float(mean[place] - mean[0])
    error = np.sqrt(covariance[place, place] + covariance[0, 0] - 2 * covariance[place, 0])
    reach = float(stats.t.ppf((1 + level) / 2, df) * error)
    p = float(2 * stats.t.sf(abs(change) / error, df))
    return Estimate(
        change,
        change - reach,
        change + reach,
        level,
        n,
        p_value=p,
        method=f"{METHOD}, t with {df} df",
    )
