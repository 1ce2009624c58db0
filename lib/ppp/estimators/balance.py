"""Standardised mean differences between two groups: size of imbalance, never its significance."""

import numpy as np

from ppp.estimators.complete import constant, observed, shortage
from ppp.estimators.estimate import Estimate

METHOD = "standardised difference"


def smd(a, b) -> Estimate:
    """Standardised difference of a measured characteristic, (mean a − mean b) / √((s²a + s²b)/2).

    Parameters
    ----------
    a, b : array_like, shape (n1,), (n0,)
        One value a patient; missing values are left out.

    Returns
    -------
    Estimate
        0 where neither group varies and the means are equal, empty where they differ.

    References
    ----------
    Austin PC. Balance diagnostics for comparing the distribution of baseline covariates between
    treatment groups in propensity-score matched samples. Stat Med 2009;28:3083-3107.
    https://doi.org/10.1002/sim.3697
    """
    a, b = observed(a), observed(b)
    n = a.size + b.size
    short = shortage(min(a.size, b.size))
    if short:
        return Estimate(n=n, method=METHOD, note=f"{short} in one of the groups")
    difference = a.mean() - b.mean()
    if constant(a) and constant(b):
        return _unvarying(abs(difference) <= 1e-9, n)
    return Estimate(
        float(difference / np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)), n=n, method=METHOD
    )


def smd_proportions(p1: float, n1: int, p0: float, n0: int) -> Estimate:
    """Standardised difference of two proportions, (p1 − p0) / √((p1 q1 + p0 q0)/2).

    Parameters
    ----------
    p1, p0 : float
        Proportions, 0–1.
    n1, n0 : int
        Patients in each group.

    Returns
    -------
    Estimate
        0 where both proportions are 0 or both are 1, empty where one is 0 and the other 1.

    References
    ----------
    Austin PC. Stat Med 2009;28:3083-3107. https://doi.org/10.1002/sim.3697
    """
    return smd_levels([n1 * p1, n1 * (1 - p1)], [n0 * p0, n0 * (1 - p0)])


def smd_levels(counts1, counts0) -> Estimate:
    """Standardised difference of a characteristic with several levels.

    The Mahalanobis distance of the two sets of proportions. With two levels it is
    `smd_proportions`, and has its sign (first level); with more it is not negative.

    Parameters
    ----------
    counts1, counts0 : array_like, shape (levels,)
        Patients at each level, in the same order of levels.

    Returns
    -------
    Estimate

    References
    ----------
    Yang D, Dalton JE. A unified approach to measuring the effect size between two groups using
    SAS. SAS Global Forum 2012; paper 335-2012.
    """
    counts = np.array([counts1, counts0], dtype=float)
    total = counts.sum(axis=1)
    n = round(total.sum())
    if not total.all():
        return Estimate(n=n, method=METHOD, note="no data in one of the groups")
    share = counts / total[:, None]
    share = share[:, share.any(axis=0)]
    if share.shape[1] == 1:
        return Estimate(0.0, n=n, method=METHOD)
    difference = (share[0] - share[1])[:-1]
    covariance = np.mean([np.diag(p) - np.outer(p, p) for p in share[:, :-1]], axis=0)
    if np.linalg.matrix_rank(covariance, tol=1e-12) < difference.size:
        return _unvarying(np.allclose(difference, 0), n)
    distance = float(np.sqrt(difference @ np.linalg.solve(covariance, difference)))
    sign = np.sign(difference[0]) if difference.size == 1 else 1.0
    return Estimate(float(sign * distance), n=n, method=METHOD)


def _unvarying(equal: bool, n: int) -> Estimate:
    if equal:
        return Estimate(0.0, n=n, method=METHOD)
    return Estimate(n=n, method=METHOD, note="the groups differ but vary in neither")
