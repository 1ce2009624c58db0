"""Regression to the mean: how much of a fall chance alone would give to patients at a flare."""

import numpy as np

from ppp.estimators.complete import pairs, shortage
from ppp.estimators.estimate import Estimate

METHOD = "regression to the mean"


def expected_change(mean_before: float, *, correlation, usual_mean):
    """Change expected without any treatment, −(1 − ρ)(mean before − μ).

    Parameters
    ----------
    mean_before : float
        Mean score at the first visit, of patients who came because it was high.
    correlation : array_like
        Test–retest correlation ρ of the score, 0–1.
    usual_mean : array_like
        Mean μ of the same patients at a usual time.

    Returns
    -------
    numpy.ndarray, shape (correlations, usual means)
        Negative where the score is expected to fall.

    References
    ----------
    Barnett AG, van der Pols JC, Dobson AJ. Regression to the mean: what it is and how to deal
    with it. Int J Epidemiol 2005;34:215-220. https://doi.org/10.1093/ije/dyh299

    Examples
    --------
    >>> expected_change(13.86, correlation=[0.4, 0.8], usual_mean=[0, 10]).round(2).tolist()
    [[-8.32, -2.32], [-2.77, -0.77]]
    """
    correlation = np.atleast_1d(np.asarray(correlation, dtype=float))[:, None]
    usual_mean = np.atleast_1d(np.asarray(usual_mean, dtype=float))[None, :]
    return -(1 - correlation) * (mean_before - usual_mean)


def explaining_correlation(before, after, *, usual_mean: float = 0.0) -> Estimate:
    """Largest test–retest correlation at which regression to the mean alone explains the fall.

    With a score that cannot be negative, ``usual_mean`` = 0 gives the bound that holds for every
    usual mean. It excludes neither natural course nor concomitant treatment nor unblinded scoring.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        Scores of the same patients in the same order; only complete pairs are used.
    usual_mean : float
        Mean score of the same patients at a usual time.

    Returns
    -------
    Estimate
        ρ = 1 + mean change / (mean before − usual mean), at most 1; below 0 no correlation
        explains the fall, and the note says so. Empty below 3 pairs, where the score did not
        fall, and where the mean before is not above the usual mean.
    """
    before, after = pairs(before, after)
    n, note = before.size, shortage(before.size)
    if not note:
        change, excess = float(np.mean(after - before)), float(before.mean() - usual_mean)
        if change >= 0:
            note = "the mean score did not fall"
        elif excess <= 0:
            note = "the mean score before is not above the usual mean"
    if note:
        return Estimate(n=n, method=METHOD, note=note)
    correlation = 1 + change / excess
    beyond = "no correlation of 0 or more explains the fall" if correlation < 0 else ""
    return Estimate(correlation, n=n, method=METHOD, note=beyond)
