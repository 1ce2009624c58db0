"""How far the missing scores may be worse than assumed before the conclusion tips."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from ppp.estimators.estimate import Estimate
from ppp.estimators.imputation import Imputed
from ppp.estimators.pooling import pooled_mean
from ppp.estimators.proportions import wilson

STEPS = 72
LARGEST_LISTED = 1_000
METHOD = "tipping point, multiple imputation"


@dataclass(frozen=True)
class Tipping:
    """The change from the first visit as the imputed scores are made worse.

    Attributes
    ----------
    shifts : tuple of float
        Points added to every imputed score at the visit, from 0 to the width of the range.
    curve : tuple of Estimate
        The pooled mean change under each shift.
    point : Estimate
        ``estimate`` = the smallest shift at which the interval reaches 0; empty, with a note,
        where there is none.
    """

    shifts: tuple[float, ...]
    curve: tuple[Estimate, ...]
    point: Estimate


def tipping_point(
    imputed: Imputed, visit: int, *, lowest: float, highest: float, level: float = 0.95
) -> Tipping:
    """Worsen the imputed scores at one visit until the change is no longer a fall.

    Parameters
    ----------
    imputed : Imputed
        What `ppp.estimators.imputation.impute` gave; higher scores are worse.
    visit : int
        Position of the visit, from 1.
    lowest, highest : float
        Range of the score; a worsened score stays within it.
    level : float
        Of the interval whose upper limit must stay below 0.

    Returns
    -------
    Tipping
        Without a curve where nothing was imputed at the visit or the scores could not be
        imputed. The point is 0 where the interval holds 0, or the score rose, unworsened.

    References
    ----------
    Yan X, Lee S, Li N. Missing data handling methods in medical device clinical trials.
    J Biopharm Stat 2009;19:1085-1098. https://doi.org/10.1080/10543400903243009
    """
    gaps = imputed.missing[:, visit] & np.isfinite(imputed.values[:, :, visit]).all(axis=0)
    note = imputed.note or ("" if gaps.any() else "not applicable: no score was imputed")
    if note:
        return Tipping((), (), Estimate(method=METHOD, note=note))

    def worsened(shift):
        after = imputed.values[:, :, visit].copy()
        after[:, gaps] = np.clip(after[:, gaps] + shift, lowest, highest)
        return pooled_mean(np.round(after - imputed.values[:, :, 0], 9), level=level)

    shifts = np.linspace(0, highest - lowest, STEPS + 1)
    curve = tuple(worsened(shift) for shift in shifts)
    return Tipping(tuple(shifts.tolist()), curve, _point(worsened, shifts, curve, int(gaps.sum())))


def _point(worsened, shifts, curve, gaps) -> Estimate:
    uppers = np.array([found.ci_high for found in curve])
    common = {"n": curve[0].n, "method": METHOD}
    if np.isnan(uppers).any():
        return Estimate(**common, note=next(found.note for found in curve if found.note))
    tipped = np.flatnonzero(uppers >= 0)
    if not tipped.size:
        note = f"never tips, not even with {gaps} imputed worse by {shifts[-1]:g} points"
        return Estimate(**common, note=note)
    first = tipped[0]
    if first == 0:
        what = "the score rose" if curve[0].ci_low > 0 else "the interval reaches 0"
        return Estimate(0.0, **common, note=f"{what} without any worsening")
    bracket = shifts[first - 1], shifts[first]
    shift = brentq(lambda shift: worsened(shift).ci_high, *bracket, xtol=1e-6)
    return Estimate(float(shift), **common, note=f"{gaps} imputed scores worsened")


def binary_tipping(events: int, n: int, missing: int, *, level: float = 0.95):
    """Give the proportion for every count of responders among those with a missing response.

    Parameters
    ----------
    events, n : int
        Responders, of those whose response is known.
    missing : int
        Patients whose response is not known.
    level : float
        Confidence level.

    Returns
    -------
    dict of int to Estimate
        By the count of responders among the missing, 0 (non-responder imputation) to `missing`,
        with Wilson's interval. Above 1,000 missing, 1,000 counts evenly apart.

    Examples
    --------
    >>> found = binary_tipping(18, 25, 3)
    >>> [round(found[more].estimate, 3) for more in (0, 1, 2, 3)]
    [0.643, 0.679, 0.714, 0.75]
    """
    counts = np.linspace(0, missing, min(missing + 1, LARGEST_LISTED)).round().astype(int)
    return {int(more): wilson(events + int(more), n + missing, level=level) for more in counts}
