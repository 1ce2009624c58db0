"""All visits together: two mixed models without covariates, and a test by ranks."""

import warnings
from dataclasses import dataclass
from math import nan

import numpy as np
from scipy import stats

from ppp.estimators.estimate import Estimate, reason, shortage, table
from ppp.estimators.paired import UNCHANGED, t_interval
from ppp.estimators.reml import compound_symmetry, unstructured
from ppp.estimators.resampling import LARGEST, RESAMPLES, patients, percentile

INTERCEPT = "random intercept, REML"
ABSENT = reason("unattended", "nobody was seen at this visit")
ONE_VISIT = reason("too_few", "only one visit has scores")
FLAT = reason("zero_variance", "the scores do not vary between patients")


@dataclass(frozen=True)
class Visits:
    """Mean scores, had all been measured, and mean changes from the first visit (negative = fell).

    `covariance` is "unstructured" or "compound symmetry", "" without a fit; the likelihood is
    REML's.
    """

    means: tuple[Estimate, ...]
    contrasts: tuple[Estimate, ...]
    covariance: str
    log_likelihood: float


def mmrm(values, *, level: float = 0.95) -> Visits:
    """Visit means and changes in the mixed model for repeated measures (MMRM), by REML.

    Visit is a factor, the covariance unstructured; with complete data the paired t. `values`, of
    shape (n patients, k visits), are scores, first visit first, NaN missing at random. t with n − 1
    degrees of freedom, n the patients with any score. Empty below 3 patients and for a visit nobody
    attended; without convergence compound symmetry stands in, as ``method`` says.
    Mallinckrodt CH, et al. Drug Inf J 2008;42:303-319. https://doi.org/10.1177/009286150804200402
    """
    values = table(values)
    seen = np.isfinite(values).any(axis=0)
    n = int(np.isfinite(values).any(axis=1).sum())
    why = shortage(n) or _unfit(values[:, seen])
    fit, kind, remark = None, "", {}
    if not why:
        fit, kind, remark = _fitted(values[:, seen])
        why = reason("not_converged", "the model did not converge")
    if fit is None:
        empty = Estimate(n=n, method="MMRM", **why)
        return Visits((empty,) * seen.size, (empty,) * max(0, seen.size - 1), "", nan)
    return _visits(fit, kind, seen, n, level, remark)


def random_intercept(values, *, level: float = 0.95) -> tuple[Estimate, ...]:
    """Change from the first visit to each later one in a random-intercept model, as `mmrm`.

    A sensitivity analysis with equal variances at all visits. t with N − n − (k − 1) degrees of
    freedom (scores − patients − changes; see ``method``), as in R's nlme, where statsmodels prints
    z. Empty below 3 patients, above 2,000, for a visit nobody attended, where scores do not vary,
    and where the fit does not converge.
    Laird NM, Ware JH. Biometrics 1982;38:963-974. https://doi.org/10.2307/2529876
    """
    values = table(values)
    seen = np.isfinite(values)
    n, visits = int(seen.any(axis=1).sum()), seen.any(axis=0)
    scores, columns, groups = values[seen], *np.nonzero(seen)[::-1]
    df = scores.size - n - int(visits.sum()) + 1
    why = shortage(n) or _without_intercept(values, n, visits, df)
    if not why:
        fit = _intercepts(scores, columns[:, None] == np.flatnonzero(visits), groups)
        if fit is None:
            why = reason("not_converged", "the random-intercept model did not converge")
    if why:
        return (Estimate(n=n, method=INTERCEPT, **why),) * (visits.size - 1)
    mean, covariance = np.full(visits.size, nan), np.full((visits.size,) * 2, nan)
    mean[visits], covariance[np.ix_(visits, visits)] = fit
    variances = np.diag(covariance) + covariance[0, 0] - 2 * covariance[:, 0]
    method = f"{INTERCEPT}, t with {df} df"
    return tuple(
        Estimate(**t_interval(change, np.sqrt(variance), df, level=level), n=n, method=method)
        if np.isfinite(change)
        else Estimate(n=n, method=INTERCEPT, **ABSENT)
        for change, variance in zip(mean[1:] - mean[0], variances[1:], strict=True)
    )


def friedman(values, *, seed: int, level: float = 0.95) -> Estimate:
    """Friedman test of no change over the visits, with Kendall's W, 0–1, as its size.

    p from χ² = n (k − 1) W; percentile bootstrap interval, none above 2,000 patients. Empty below 3
    visits or complete patients, and where no score changes; the note counts the patients left out.
    Friedman M. JASA 1937;32:675-701. https://doi.org/10.1080/01621459.1937.10503522
    """
    values = np.round(table(values), 9)
    complete = values[np.isfinite(values).all(axis=1)]
    n, visits = complete.shape
    few = {} if visits >= 3 else reason("too_few", "fewer than 3 visits")
    why = few or shortage(n, "complete patients")
    if not why and np.all(np.ptp(complete, axis=1) == 0):
        why = UNCHANGED
    if why:
        return Estimate(n=n, method="Friedman", **why)
    test = stats.friedmanchisquare(*complete.T)
    size = {"estimate": float(test.statistic / (n * (visits - 1))), "p_value": float(test.pvalue)}
    if n > LARGEST:
        why = reason("too_many", f"no interval is drawn above {LARGEST:,} patients")
        return Estimate(**size, n=n, method="Friedman", **why)
    low, high = percentile(_resampled(complete, seed), level=level)
    method = f"Friedman, percentile bootstrap of W, {RESAMPLES:,} resamples"
    limits = {"ci_low": low, "ci_high": high, "ci_level": level}
    agreement = Estimate(**size, **limits, n=n, method=method, code="bootstrap")
    return agreement.without(len(values) - n, "with a missing visit left out")


def _unfit(values) -> dict[str, str]:
    if values.shape[1] < 2:
        return ONE_VISIT
    spread = np.nanmax(values, axis=0) - np.nanmin(values, axis=0)
    return FLAT if np.nanmax(spread) <= 0 else {}


def _fitted(values):
    """Return the fit, its covariance structure and a remark on a structure that stands in."""
    fit = unstructured(values)
    if fit is not None:
        return fit, "unstructured", {}
    note = "the unstructured covariance did not converge, so compound symmetry stands in"
    remark = reason("compound_symmetry not_converged", note)
    return compound_symmetry(values), "compound symmetry", remark


def _visits(fit, kind, seen, n, level, remark) -> Visits:
    mean, covariance = np.full(seen.size, nan), np.full((seen.size,) * 2, nan)
    mean[seen], covariance[np.ix_(seen, seen)] = fit.mean, fit.mean_covariance
    method = f"MMRM, {kind}, REML"

    def estimates(values, variances, absent, tested):
        for value, variance in zip(values, variances, strict=True):
            if np.isnan(value):
                yield Estimate(n=n, method=method, **absent)
                continue
            numbers = t_interval(value, np.sqrt(max(0.0, variance)), n - 1, level=level)
            untested = {} if tested else {"p_value": nan}
            yield Estimate(**numbers | untested, n=n, method=method, **remark)

    spread = np.diag(covariance)
    variances = spread + spread[0] - 2 * covariance[0]
    neither = reason("unattended", "nobody was seen at one of the two visits")
    means = estimates(mean, spread, ABSENT, False)
    changes = estimates(mean[1:] - mean[0], variances[1:], neither, True)
    return Visits(tuple(means), tuple(changes), kind, fit.log_likelihood)


def _without_intercept(values, n, visits, df) -> dict[str, str]:
    if n > LARGEST:
        note = f"the random-intercept model is not fitted above {LARGEST:,} patients"
        return reason("too_many", note)
    if visits.sum() < 2:
        return ONE_VISIT
    if not visits[0]:
        return reason("unattended", "nobody was seen at the first visit")
    if df < 1:
        return reason("too_few", "too few patients were seen twice")
    return _unfit(values[:, visits])


def _intercepts(scores, visits, groups):
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
    """Covariance of the visit means, given the variances between and within patients."""
    # As in nlme; statsmodels inverts means and variances together, with gaps some percent off.
    seen = np.zeros((groups.max() + 1, visits.shape[1]))
    np.add.at(seen, groups, visits)
    shared = seen * (between / (within + between * seen.sum(axis=1)))[:, None]
    return within * np.linalg.inv(np.diag(seen.sum(axis=0)) - shared.T @ seen)


def _resampled(complete, seed):
    """Kendall's W of resamples: rank sums and tie corrections add up over patients."""
    n, visits = complete.shape
    ranks = stats.rankdata(complete, axis=1) - (visits + 1) / 2
    untied = np.sum(ranks**2, axis=1)
    drawn = []
    for block in patients(n, seed=seed):
        between = np.sum(ranks[block].sum(axis=1) ** 2, axis=1)
        most = n * untied[block].sum(axis=1)
        drawn.append(np.divide(between, most, out=np.zeros(len(block)), where=most > 0))
    return np.concatenate(drawn)
