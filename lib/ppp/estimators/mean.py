"""The mean of one column of scores."""

from scipy import stats

from ppp.estimators.complete import constant, observed, shortage
from ppp.estimators.estimate import Estimate


def mean(values, *, level: float = 0.95) -> Estimate:
    """Mean with t interval.

    Parameters
    ----------
    values : array_like, shape (n,)
        One score a patient; missing values are left out.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        No test, for no mean score is of interest as a null value. Without interval below 3
        patients and where all scores are equal.

    Examples
    --------
    >>> found = mean([8, 9, 10, None])
    >>> found.estimate, round(found.ci_low, 3), round(found.ci_high, 3)
    (9.0, 6.516, 11.484)
    """
    values = observed(values)
    n = values.size
    if n == 0:
        return Estimate(method="t", note=shortage(n))
    estimate = float(values.mean())
    note = shortage(n) or ("all scores are equal, so there is no interval" * constant(values))
    if note:
        return Estimate(estimate, n=n, method="t", note=note)
    limits = stats.ttest_1samp(values, 0.0).confidence_interval(level)
    return Estimate(estimate, float(limits.low), float(limits.high), level, n, method="t")
