"""What else the mean change may hang on: one patient, chance at a flare, or missing scores."""

from dataclasses import dataclass, field, replace
from math import nan

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from ppp.estimators.estimate import Estimate, change, complete, constant, pairs, reason, shortage
from ppp.estimators.imputation import Imputed, pooled_mean
from ppp.estimators.paired import ALIKE
from ppp.estimators.proportions import wilson

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
    """Range of the results without one patient.

    `estimate`, `ci_low`, `ci_high` and `p_value` are the smallest and the largest over all refits,
    each of `n` patients left out once; NaN where there is none, and `note` and `code` say why.
    `most` is the position, in the data given, of the patient with the largest Cook's distance,
    `distance` that, and `without` the refit without that patient.
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

    The refits follow from the mean and the sum of squares of all; none is computed anew. Empty
    below 4 pairs, above 10,000 (no single patient matters), and where all changes are equal; a
    refit whose remaining changes are all equal has no interval. Parameters as in
    `ppp.estimators.paired.mean_change`.
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
    without = Estimate(
        *refits[:, most].tolist(),
        nan if alike[most] else level,
        d.size - 1,
        p_value=float(p[most]),
        method=LEAVE_ONE_OUT,
        **(OTHERS_ALIKE if alike[most] else {}),
    )
    why = OTHERS_ALIKE | {"note": f"without one patient, {OTHERS_ALIKE['note']}"}
    return Influence(
        *(_range(row) for row in (*refits, p)),
        most=int(np.flatnonzero(complete(before, after))[most]),
        without=without,
        distance=float(distance[most]),
        n=d.size,
        **(why if alike.any() else {}),
    )


def expected_change(mean_before: float, *, correlation, usual_mean):
    """Change expected without any treatment, −(1 − ρ)(mean before − μ): regression to the mean.

    Of shape (correlations, usual means), negative where the score is expected to fall. The mean
    before is of patients who came because their score was high, `correlation` the test–retest
    correlation ρ of the score, 0–1, and `usual_mean` the mean μ of the same at a usual time.
    Barnett AG, van der Pols JC, Dobson AJ. Int J Epidemiol 2005;34:215-220.
    https://doi.org/10.1093/ije/dyh299
    """
    correlation = np.atleast_1d(np.asarray(correlation, dtype=float))[:, None]
    usual_mean = np.atleast_1d(np.asarray(usual_mean, dtype=float))[None, :]
    return -(1 - correlation) * (mean_before - usual_mean)


def explaining_correlation(before, after, *, usual_mean: float = 0.0) -> Estimate:
    """Largest test–retest correlation at which regression to the mean alone explains the fall.

    With a score that cannot be negative, ``usual_mean`` = 0 gives the bound that holds for every
    usual mean. It excludes neither natural course nor concomitant treatment nor unblinded scoring.

    ρ = 1 + mean change / (mean before − usual mean), at most 1; below 0 no correlation explains the
    fall, and the note says so. Empty below 3 pairs, where the score did not fall, and where the
    mean before is not above the usual mean.
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
    """The change from the first visit as the imputed scores are made worse.

    `shifts` are points added to every imputed score at the visit, from 0 to the width of the range;
    `curve` is the pooled mean change under each. The estimate of `point` is the smallest shift at
    which the interval reaches 0; empty, with a note, where there is none.
    """

    shifts: tuple[float, ...]
    curve: tuple[Estimate, ...]
    point: Estimate


def tipping_point(
    imputed: Imputed, visit: int, *, lowest: float, highest: float, level: float = 0.95
) -> Tipping:
    """Worsen the imputed scores at one visit until the change is no longer a fall.

    `imputed` is what `ppp.estimators.imputation.impute` gave (higher scores are worse), `visit` the
    position of the visit, from 1, and a worsened score stays from `lowest` to `highest`; the upper
    limit of the interval must stay below 0. Without a curve where nothing was imputed at the visit
    or the scores could not be imputed; the point is 0 where the interval holds 0, or the score
    rose, unworsened.
    Yan X, Lee S, Li N. J Biopharm Stat 2009;19:1085-1098.
    https://doi.org/10.1080/10543400903243009
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
    """Give the proportion for every count of responders among those with a missing response.

    Of `n` whose response is known, `events` responded; `missing` more are not known. Returns an
    Estimate with Wilson's interval by the count of responders among them, from 0 (non-responder
    imputation) to all; above 1,000 missing, for 1,000 counts evenly apart.
    """
    counts = np.linspace(0, missing, min(missing + 1, LARGEST_LISTED)).round().astype(int)
    return {int(more): wilson(events + int(more), n + missing, level=level) for more in counts}


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
    point = replace(empty, estimate=float(shift))
    return point.marked("tips", f"{gaps} imputed scores worsened")
