"""What else the mean change may hang on: one patient, chance at a flare, or missing scores."""

from dataclasses import dataclass, field, replace
from math import nan

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from ppp.estimators.estimate import Estimate, change, complete, constant, pairs, reason, shortage
from ppp.estimators.imputation import Imputed, pooled_mean
from ppp.estimators.paired import ALIKE
from ppp.estimators.proportions import clopper_pearson

LEAVE_ONE_OUT = "leave one out, paired t"
REGRESSION = "regression to the mean"
TIPPING = "tipping point, multiple imputation"
FEWEST = 4
LARGEST = 10_000
STEPS = 72
LARGEST_LISTED = 1_000
NOWHERE = (nan, nan)
OTHERS_ALIKE = reason("zero_variance", "the changes of all others are equal")


@dataclass(frozen=True)
class Influence:
    """Range of the results over all refits, each of `n` patients left out once; NaN where none.

    Each pair is the smallest and the largest; `note` and `code` say why one is empty. `most` is the
    position of the patient with the largest Cook's `distance`, `without` the refit without that
    one.
    """

    estimate: tuple[float, float] = NOWHERE
    ci_low: tuple[float, float] = NOWHERE
    ci_high: tuple[float, float] = NOWHERE
    p_value: tuple[float, float] = NOWHERE
    most: int | None = None
    without: Estimate = field(default_factory=lambda: Estimate(method=LEAVE_ONE_OUT))
    distance: float = nan
    n: int = 0
    note: str = ""
    code: str = ""


def leave_one_out(before, after, *, level: float = 0.95) -> Influence:
    """Refit the mean change, its paired t interval and test, without each patient in turn.

    Empty below 4 pairs, above 10,000 and where all changes are equal; a refit of equal changes has
    no interval. Parameters as in `paired.mean_change`.
    Cook RD. Technometrics 1977;19:15-18. https://doi.org/10.1080/00401706.1977.10489493
    """
    d = change(before, after)
    if why := _unfit(d):
        without = Estimate(method=LEAVE_ONE_OUT, **why)
        return Influence(n=d.size, without=without, **why)
    refits, p = _refits(d, level)
    error, away = d.std(ddof=1) / np.sqrt(d.size), d - d.mean()
    distance = (away / error) ** 2 / (d.size - 1) ** 2
    most = int(np.argmax(np.round(distance, 12)))
    alike = np.isnan(refits[1])
    attained, why = (nan, OTHERS_ALIKE) if alike[most] else (level, {})
    test = {"p_value": float(p[most]), "method": LEAVE_ONE_OUT}
    without = Estimate(*refits[:, most].tolist(), attained, d.size - 1, **test, **why)
    place = int(np.flatnonzero(complete(before, after))[most])
    ranges = [_range(row) for row in (*refits, p)]
    influence = Influence(*ranges, place, without, float(distance[most]), d.size)
    some = OTHERS_ALIKE | {"note": f"without one patient, {OTHERS_ALIKE['note']}"}
    return replace(influence, **some) if alike.any() else influence


def expected_change(mean_before: float, *, correlation, usual_mean):
    """Change expected without any treatment, −(1 − ρ)(mean before − μ): regression to the mean.

    Of shape (correlations, usual means), negative = fall: test–retest `correlation` ρ, 0–1, and
    mean μ of the same patients at a usual time.
    Barnett AG, van der Pols JC, Dobson AJ. Int J Epidemiol 2005;34:215-220.
    https://doi.org/10.1093/ije/dyh299
    """
    correlation = np.atleast_1d(np.asarray(correlation, dtype=float))[:, None]
    usual_mean = np.atleast_1d(np.asarray(usual_mean, dtype=float))[None, :]
    return -(1 - correlation) * (mean_before - usual_mean)


def explaining_correlation(before, after, *, usual_mean: float = 0.0) -> Estimate:
    """Largest test–retest correlation at which regression to the mean alone explains the fall.

    ρ = 1 + mean change / (mean before − usual mean); below 0 none does, as the note says. With a
    score that cannot be negative, ``usual_mean`` = 0 bounds every usual mean. Natural course, other
    treatment and unblinded scoring are not excluded. Empty below 3 pairs, without a fall, and where
    the mean before is not above the usual mean.
    """
    before, after = pairs(before, after)
    n, why = before.size, shortage(before.size)
    if not why:
        moved, excess = float(np.mean(after - before)), float(before.mean() - usual_mean)
        if moved >= 0:
            why = reason("not_fallen", "the mean score did not fall")
        elif excess <= 0:
            why = reason("not_fallen", "the mean score before is not above the usual mean")
    if why:
        return Estimate(n=n, method=REGRESSION, **why)
    beyond = reason("unexplained", "no correlation of 0 or more explains the fall")
    correlation = 1 + moved / excess
    return Estimate(correlation, n=n, method=REGRESSION, **(beyond if correlation < 0 else {}))


@dataclass(frozen=True)
class Tipping:
    """The pooled mean change (`curve`) as `shifts` points are added to each imputed score.

    `point` is the smallest shift at which the interval reaches 0; empty, with a note, without one.
    """

    shifts: tuple[float, ...]
    curve: tuple[Estimate, ...]
    point: Estimate


def tipping_point(
    imputed: Imputed, visit: int, *, lowest: float, highest: float, level: float = 0.95
) -> Tipping:
    """Worsen the imputed scores at one visit until the change is no longer a fall.

    `visit` is its position, from 1; higher is worse; a worsened score stays from `lowest` to
    `highest`. No curve where nothing was, or could be, imputed; 0 where it is no fall unworsened.
    Yan X, Lee S, Li N. J Biopharm Stat 2009;19:1085-1098. https://doi.org/10.1080/10543400903243009
    """
    gaps = imputed.missing[:, visit] & np.isfinite(imputed.values[:, :, visit]).all(axis=0)
    none = reason("nothing_missing", "not applicable: no score was imputed")
    if why := imputed.unmade() or ({} if gaps.any() else none):
        return Tipping((), (), Estimate(method=TIPPING, **why))

    def worsened(shift):
        after = imputed.values[:, :, visit].copy()
        after[:, gaps] = np.clip(after[:, gaps] + shift, lowest, highest)
        return pooled_mean(np.round(after - imputed.values[:, :, 0], 9), level=level)

    shifts = np.linspace(0, highest - lowest, STEPS + 1)
    curve = tuple(worsened(shift) for shift in shifts)
    return Tipping(tuple(shifts.tolist()), curve, _point(worsened, shifts, curve, int(gaps.sum())))


def binary_tipping(events: int, n: int, missing: int, *, level: float = 0.95):
    """Give the proportion, with its exact interval, by responders among the `missing` responses.

    From 0 (non-responder imputation) to all; above 1,000 missing, for 1,000 counts evenly apart.
    """
    counts = np.linspace(0, missing, min(missing + 1, LARGEST_LISTED)).round().astype(int)
    return {
        int(more): clopper_pearson(events + int(more), n + missing, level=level) for more in counts
    }


def _unfit(d) -> dict[str, str]:
    if d.size < FEWEST:
        return shortage(d.size) or reason("too_few", f"only {d.size} patients, fewer than {FEWEST}")
    if d.size > LARGEST:
        return reason("too_many", f"patients are not left out one by one above {LARGEST:,}")
    return ALIKE if constant(d) else {}


def _refits(d, level):
    """Return mean, lower and upper limit (rows) and p without each patient (columns)."""
    n = d.size
    away = d - d.mean()
    means = d.mean() - away / (n - 1)
    squares = np.maximum(0.0, np.sum(away**2) - away**2 * n / (n - 1))
    errors = np.sqrt(squares / ((n - 2) * (n - 1)))
    values, counts = np.unique(d, return_counts=True)
    if values.size == 2:  # without the only one of a value, the others are all alike
        errors[np.isin(d, values[counts == 1])] = nan
    reach = stats.t.ppf((1 + level) / 2, n - 2) * errors
    p = 2 * stats.t.sf(np.abs(means) / errors, n - 2)
    return np.array([means, means - reach, means + reach]), p


def _range(values):
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if values.size else NOWHERE


def _point(worsened, shifts, curve, gaps) -> Estimate:
    uppers = np.array([estimate.ci_high for estimate in curve])
    empty = Estimate(n=curve[0].n, method=TIPPING)
    if np.isnan(uppers).any():
        first = next(estimate for estimate in curve if estimate.note)
        return empty.marked(first.code, first.note)
    tipped = np.flatnonzero(uppers >= 0)
    if not tipped.size:
        note = f"never tips, not even with {gaps} imputed worse by {shifts[-1]:g} points"
        return empty.marked("never_tips", note)
    first = tipped[0]
    if first == 0:
        what = "the score rose" if curve[0].ci_low > 0 else "the interval reaches 0"
        point = replace(empty, estimate=0.0)
        return point.marked("tips_at_once", f"{what} without any worsening")
    bracket = shifts[first - 1], shifts[first]
    shift = brentq(lambda shift: worsened(shift).ci_high, *bracket, xtol=1e-6)
    return replace(empty, estimate=shift).marked("tips", f"imputed scores worsened: {gaps}")
