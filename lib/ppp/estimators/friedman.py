"""All visits at once, by ranks within patients."""

import numpy as np
from scipy import stats

from ppp.estimators.complete import shortage
from ppp.estimators.estimate import Estimate
from ppp.estimators.resampling import LARGEST, RESAMPLES, patients, percentile


def friedman(values, *, seed: int, level: float = 0.95) -> Estimate:
    """Friedman test of no change over the visits, with Kendall's W as its size.

    Parameters
    ----------
    values : array_like, shape (n patients, k visits)
        Scores; patients with a missing visit are left out, and the note counts them.
    seed : int
        Of the percentile bootstrap of W (9,999 resamples of patients).
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        ``estimate`` = W, 0 (no agreement) to 1 (all patients rank the visits alike); p from χ²
        with k − 1 degrees of freedom, χ² = n (k − 1) W. No interval above 2,000 patients. Empty
        below 3 visits or 3 complete patients, and where no patient's score changes.

    References
    ----------
    Friedman M. The use of ranks to avoid the assumption of normality implicit in the analysis of
    variance. JASA 1937;32:675-701. https://doi.org/10.1080/01621459.1937.10503522
    """
    values = np.round(np.asarray(values, dtype=float), 9)
    complete = values[np.isfinite(values).all(axis=1)]
    n, visits = complete.shape
    method = f"Friedman, percentile bootstrap of W, {RESAMPLES:,} resamples"
    note = "fewer than 3 visits" if visits < 3 else shortage(n, "complete patients")
    if not note and np.all(np.ptp(complete, axis=1) == 0):
        note = "no patient's score changed"
    if note:
        return Estimate(n=n, method="Friedman", note=note)
    test = stats.friedmanchisquare(*complete.T)
    agreement = float(test.statistic / (n * (visits - 1)))
    left_out = len(values) - n
    remark = f"{left_out} with a missing visit left out" if left_out else ""
    if n > LARGEST:
        return Estimate(
            agreement,
            n=n,
            p_value=float(test.pvalue),
            method="Friedman",
            note=f"no interval is drawn above {LARGEST:,} patients",
        )
    limits = percentile(_resampled(complete, seed), level=level)
    return Estimate(
        agreement, *limits, level, n, p_value=float(test.pvalue), method=method, note=remark
    )


def _resampled(complete, seed):
    """Kendall's W of resamples: rank sums and tie corrections add up over patients."""
    n, visits = complete.shape
    ranks = stats.rankdata(complete, axis=1) - (visits + 1) / 2
    untied = np.sum(ranks**2, axis=1)
    found = []
    for block in patients(n, seed=seed):
        between = np.sum(ranks[block].sum(axis=1) ** 2, axis=1)
        most = n * untied[block].sum(axis=1)
        found.append(np.divide(between, most, out=np.zeros(len(block)), where=most > 0))
    return np.concatenate(found)
