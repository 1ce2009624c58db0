"""Visit means under any covariance, by restricted likelihood, patient pattern by pattern."""

import numpy as np
from scipy.optimize import minimize


def visits(values):
    """Mean of each visit and change from the first to each later one, with standard errors."""
    scale, k = np.nanstd(values, axis=0, ddof=1), values.shape[1]
    patterns = _patterns(values / scale)
    start = _theta(np.linalg.cholesky((np.eye(k) + 1) / 2))
    found = minimize(
        lambda theta: _fit(theta, patterns, k)[0], start, jac="3-point", options={"gtol": 1e-8}
    )
    _, means, covariance = _fit(found.x, patterns, k)
    rows = [np.eye(k) * scale, (np.eye(k)[1:] - np.eye(k)[0]) * scale]
    return [[(c @ means, np.sqrt(c @ covariance @ c)) for c in contrasts] for contrasts in rows]


def _patterns(values):
    """(visits seen, number of patients, their sum, their cross products) for each pattern."""
    groups = {}
    for line in values:
        groups.setdefault(tuple(np.flatnonzero(~np.isnan(line))), []).append(line)
    found = []
    for seen, lines in groups.items():
        block = np.array(lines)[:, seen]
        found.append((list(seen), len(lines), block.sum(axis=0), block.T @ block))
    return found


def _theta(lower):
    return np.concatenate([np.log(np.diag(lower)), lower[np.tril_indices(len(lower), -1)]])


def _fit(theta, patterns, k):
    """Minus twice the restricted log likelihood, the visit means, their covariance."""
    lower = np.diag(np.exp(theta[:k]))
    lower[np.tril_indices(k, -1)] = theta[k:]
    covariance = lower @ lower.T
    information, weighted, deviance = np.zeros((k, k)), np.zeros(k), 0.0
    for seen, n, total, products in patterns:
        block = covariance[np.ix_(seen, seen)]
        inverse = np.linalg.inv(block)
        information[np.ix_(seen, seen)] += n * inverse
        weighted[seen] += inverse @ total
        deviance += n * np.linalg.slogdet(block)[1] + np.sum(inverse * products)
    means = np.linalg.solve(information, weighted)
    deviance += np.linalg.slogdet(information)[1] - means @ weighted
    return deviance, means, np.linalg.inv(information)
