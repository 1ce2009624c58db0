"""What the mean change would be without each patient in turn."""

from dataclasses import dataclass, field
from math import nan

import numpy as np
from scipy import stats

from ppp.estimators.complete import constant, pairs, shortage
from ppp.estimators.estimate import Estimate

FEWEST = 4
LARGEST = 10_000
METHOD = "leave one out, paired t"
NOWHERE = (nan, nan)


@dataclass(frozen=True)
class Influence:
    """Range of the results without one patient.

    Attributes
    ----------
    estimate, ci_low, ci_high, p_value : tuple of float
        Smallest and largest over all refits; NaN where there is none.
    most : int or None
        Position, in the data given, of the patient with the largest Cook's distance.
    without : Estimate
        The refit without that patient.
    distance : float
        That Cook's distance.
    n : int
        Patients, each left out once.
    note : str
        Why the range is empty or incomplete.
    """

    estimate: tuple[float, float] = NOWHERE
    ci_low: tuple[float, float] = NOWHERE
    ci_high: tuple[float, float] = NOWHERE
    p_value: tuple[float, float] = NOWHERE
    most: int | None = None
    without: Estimate = field(default_factory=lambda: Estimate(method=METHOD))
    distance: float = nan
    n: int = 0
    note: str = ""


def leave_one_out(before, after, *, level: float = 0.95) -> Influence:
    """Refit the mean change, its paired t interval and test, without each patient in turn.

    The refits follow from the mean and the sum of squares of all; none is computed anew.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        Scores of the same patients in the same order; only complete pairs are used.
    level : float
        Confidence level.

    Returns
    -------
    Influence
        Empty below 4 pairs, above 10,000 (no single patient matters), and where all changes are
        equal. A refit whose remaining changes are all equal has no interval.

    References
    ----------
    Cook RD. Detection of influential observation in linear regression. Technometrics
    1977;19:15-18. https://doi.org/10.1080/00401706.1977.10489493

    Examples
    --------
    >>> found = leave_one_out([9, 9, 9, 9, 9], [4, 5, 4, 5, 9])
    >>> found.most, found.estimate, found.without.estimate
    (4, (-4.5, -3.25), -4.5)
    """
    kept = np.flatnonzero(_complete(before, after))
    before, after = pairs(before, after)
    d = np.round(after - before, 9)
    note = _unfit(d)
    if note:
        return Influence(n=d.size, note=note, without=Estimate(method=METHOD, note=note))
    refits, p = _refits(d, level)
    error, away = d.std(ddof=1) / np.sqrt(d.size), d - d.mean()
    distance = (away / error) ** 2 / (d.size - 1) ** 2
    most = int(np.argmax(np.round(distance, 12)))
    mean, low, high = refits[:, most]
    alike = np.isnan(refits[1])
    why = "the changes of all others are equal"
    numbers = [float(x) for x in (mean, low, high)]
    without = Estimate(
        *numbers,
        nan if alike[most] else level,
        d.size - 1,
        p_value=float(p[most]),
        method=METHOD,
        note=why if alike[most] else "",
    )
    return Influence(
        *(_range(row) for row in (*refits, p)),
        int(kept[most]),
        without,
        float(distance[most]),
        d.size,
        f"without one patient, {why}" if alike.any() else "",
    )


def _refits(d, level):
    """Return mean, lower and upper limit (rows) and p without each patient (columns)."""
    n = d.size
    away = d - d.mean()
    means = d.mean() - away / (n - 1)
    squares = np.maximum(0.0, np.sum(away**2) - away**2 * n / (n - 1))
    errors = np.sqrt(squares / ((n - 2) * (n - 1)))
    errors[_alike_without(d)] = nan
    reach = stats.t.ppf((1 + level) / 2, n - 2) * errors
    p = 2 * stats.t.sf(np.abs(means) / errors, n - 2)
    return np.array([means, means - reach, means + reach]), p


def _alike_without(d):
    """Mark the patient without whom all changes are equal, if there is one."""
    values, counts = np.unique(d, return_counts=True)
    if values.size != 2:
        return np.zeros(d.size, dtype=bool)
    return np.isin(d, values[counts == 1])


def _range(values):
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if values.size else NOWHERE


def _complete(before, after):
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    return np.isfinite(before) & np.isfinite(after) if before.shape == after.shape else []


def _unfit(d) -> str:
    if d.size < FEWEST:
        return shortage(d.size) or f"only {d.size} patients, fewer than {FEWEST}"
    if d.size > LARGEST:
        return f"patients are not left out one by one above {LARGEST:,}"
    return "every patient changed by the same amount" if constant(d) else ""
