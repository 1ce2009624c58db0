"""Correlation of two columns by ranks."""

from dataclasses import replace

import numpy as np
from pingouin import compute_esci
from scipy import stats

from ppp.estimators.estimate import DECIMALS, Estimate, constant, pairs, reason

FEWEST = 5
ALIKE = reason("zero_variance", "one of the two does not vary")
PERFECT = reason("degenerate", "the ranks agree throughout, so there is no interval")


def spearman(x, y) -> Estimate:
    """Spearman's rank correlation, −1 to 1, with the interval of Fisher's z and a two-sided p.

    `x` and `y`, of shape (n,), are of the same patients in the same order; complete pairs only. As
    ``pingouin.corr(method="spearman")``. Empty below 5 pairs and where one does not vary; without
    interval at −1 and 1.

    Examples
    --------
    >>> r = spearman([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5])
    >>> round(r.estimate, 3), round(r.ci_low, 3), round(r.ci_high, 3)
    (0.829, 0.052, 0.981)
    """
    x, y = (np.round(column, DECIMALS) for column in pairs(x, y))
    empty = Estimate(n=len(x), method="Spearman, Fisher’s z")
    if not len(x):
        return replace(empty, **reason("no_data", "no data"))
    if len(x) < FEWEST:
        few = f"only {len(x)} patients, fewer than {FEWEST}"
        return replace(empty, **reason("too_few", few))
    if constant(x) or constant(y):
        return replace(empty, **ALIKE)
    r, p = map(float, stats.spearmanr(x, y))
    if abs(r) > 1 - 1e-12:
        return replace(empty, estimate=float(np.sign(r)), p_value=p, **PERFECT)
    low, high = map(float, compute_esci(stat=r, nx=len(x), eftype="r", decimals=12))
    return replace(empty, estimate=r, ci_low=low, ci_high=high, ci_level=0.95, p_value=p)
