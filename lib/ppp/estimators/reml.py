"""Restricted maximum likelihood of visit means under a covariance between visits."""

from dataclasses import dataclass, replace
from math import log, pi

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.optimize import minimize, minimize_scalar

FLATTEST = 1e-9


@dataclass(frozen=True)
class Fit:
    """Maximum of the restricted likelihood (as R's ``nlme::gls(method = "REML")`` states it).

    `mean` is the generalised-least-squares mean of each of k visits, `mean_covariance` its (k, k)
    covariance, `covariance` that of the scores of one patient.
    """

    mean: np.ndarray
    mean_covariance: np.ndarray
    covariance: np.ndarray
    log_likelihood: float


@dataclass(frozen=True)
class Pattern:
    """Patients seen at the same visits: which visits, how many patients, their mean, scatter."""

    visits: np.ndarray
    n: int
    mean: np.ndarray
    scatter: np.ndarray


def unstructured(values) -> Fit | None:
    """Fit any covariance (log-Cholesky factors, BFGS), or return None without convergence.

    In `values`, of shape (n patients, k visits), NaN is missing; every visit has a score.
    """
    patterns = missing_patterns(values)
    start = _moments(values)
    if np.linalg.eigvalsh(start)[0] <= 1e-8 * np.trace(start):
        return None
    scale = np.sqrt(np.diag(start))
    patterns = [_scaled(pattern, scale) for pattern in patterns]
    unit = start / np.outer(scale, scale)
    best = _climb(patterns, _packed(np.linalg.cholesky(unit)), scale.size)
    return None if best is None else _rescaled(_means(best, patterns)[0], scale, values)


def compound_symmetry(values) -> Fit | None:
    """Fit one variance and one correlation for all visits, or return None where it fails."""
    patterns = missing_patterns(values)
    size = values.shape[1]

    def shape(correlation):
        return np.full((size, size), correlation) + (1 - correlation) * np.eye(size)

    def loss(correlation):
        return -_profiled(shape(correlation), patterns)[0]

    how = {"bounds": (-1 / (size - 1) + 1e-6, 1 - 1e-9), "options": {"xatol": 1e-12}}
    best = minimize_scalar(loss, method="bounded", **how)
    variance = _profiled(shape(best.x), patterns)[1]
    if not (best.success and variance > 0):
        return None
    return _means(variance * shape(best.x), patterns)[0]


def missing_patterns(values) -> list[Pattern]:
    """Group patients by the visits at which they were seen; those never seen are left out."""
    seen = np.isfinite(values)
    code = seen @ (1 << np.arange(values.shape[1]))
    return [_pattern(values[code == one]) for one in np.unique(code[code > 0])]


def _pattern(rows) -> Pattern:
    visits = np.flatnonzero(np.isfinite(rows[0]))
    rows = rows[:, visits]
    mean = rows.mean(axis=0)
    return Pattern(visits, len(rows), mean, (rows - mean).T @ (rows - mean))


def _scaled(pattern, scale) -> Pattern:
    unit = scale[pattern.visits]
    scatter = pattern.scatter / np.outer(unit, unit)
    return replace(pattern, mean=pattern.mean / unit, scatter=scatter)


def _rescaled(fit, scale, values) -> Fit:
    outer = np.outer(scale, scale)
    seen = np.isfinite(values).sum(axis=0)
    shift = float(np.sum((seen - 1) * np.log(scale)))
    covariances = fit.mean_covariance * outer, fit.covariance * outer
    return Fit(fit.mean * scale, *covariances, fit.log_likelihood - shift)


def _moments(values):
    """Start: covariance of complete patients where there are enough, else variances alone."""
    complete = values[np.isfinite(values).all(axis=1)]
    if len(complete) > values.shape[1]:
        return np.cov(complete, rowvar=False)
    return np.diag(np.nanvar(values, axis=0, ddof=0))


def _packed(lower):
    free = lower.copy()
    np.fill_diagonal(free, np.log(np.diag(lower)))
    return free[np.tril_indices(len(lower))]


def _unpacked(free, size):
    lower = np.zeros((size, size))
    lower[np.tril_indices(size)] = free
    np.fill_diagonal(lower, np.exp(np.clip(np.diag(lower), -30, 30)))
    return lower


def _climb(patterns, start, size):
    """Covariance at the maximum, or None where the climb ends on a slope or a ridge."""
    total = sum(pattern.n for pattern in patterns)

    def descent(free):
        lower = _unpacked(free, size)
        value, slope = _likelihood(lower @ lower.T, patterns)
        inner = np.tril(2 * slope @ lower)
        np.fill_diagonal(inner, np.diag(inner) * np.diag(lower))
        return -value / total, -inner[np.tril_indices(size)] / total

    options = {"gtol": FLATTEST, "maxiter": 1_000}
    try:
        top = minimize(descent, start, jac=True, method="BFGS", options=options)
    except LinAlgError:
        return None
    lower = _unpacked(top.x, size)
    flat = np.max(np.abs(top.jac)) < 1e-6
    steady = np.linalg.cond(lower) < 1e6
    return lower @ lower.T if flat and steady else None


def _likelihood(covariance, patterns):
    """Restricted log-likelihood, and its slope by each element of the covariance."""
    fit, inverses = _means(covariance, patterns)
    slope = np.zeros_like(covariance)
    for pattern, inverse in zip(patterns, inverses, strict=True):
        at = np.ix_(pattern.visits, pattern.visits)
        away = pattern.mean - fit.mean[pattern.visits]
        observed = pattern.scatter + pattern.n * np.outer(away, away)
        explained = observed + pattern.n * fit.mean_covariance[at]
        slope[at] -= (pattern.n * inverse - inverse @ explained @ inverse) / 2
    return fit.log_likelihood, slope


def _means(covariance, patterns):
    """Generalised least squares under a given covariance; also the inverse of each pattern."""
    size = len(covariance)
    inverses, information, weighted = [], np.zeros((size, size)), np.zeros(size)
    for pattern in patterns:
        at = np.ix_(pattern.visits, pattern.visits)
        inverse = cho_solve(cho_factor(covariance[at]), np.eye(pattern.visits.size))
        inverses.append(inverse)
        information[at] += pattern.n * inverse
        weighted[pattern.visits] += pattern.n * inverse @ pattern.mean
    mean_covariance = cho_solve(cho_factor(information), np.eye(size))
    mean = mean_covariance @ weighted
    spread = sum(_spread(p, i, mean) for p, i in zip(patterns, inverses, strict=True))
    logs = sum(p.n * np.linalg.slogdet(i)[1] for p, i in zip(patterns, inverses, strict=True))
    scores = sum(pattern.n * pattern.visits.size for pattern in patterns)
    value = logs - np.linalg.slogdet(information)[1] - spread - (scores - size) * log(2 * pi)
    return Fit(mean, mean_covariance, covariance, float(value / 2)), inverses


def _spread(pattern, inverse, mean) -> float:
    away = pattern.mean - mean[pattern.visits]
    return float(np.sum(inverse * pattern.scatter) + pattern.n * away @ inverse @ away)


def _profiled(shape, patterns):
    """Restricted log-likelihood of a covariance known up to its scale, and the best scale."""
    fit, inverses = _means(shape, patterns)
    spread = sum(_spread(p, i, fit.mean) for p, i in zip(patterns, inverses, strict=True))
    free = sum(pattern.n * pattern.visits.size for pattern in patterns) - len(shape)
    variance = spread / free if free else 0.0
    if variance <= 0:
        return -np.inf, 0.0
    return fit.log_likelihood + (spread - free * (1 + log(variance))) / 2, variance
