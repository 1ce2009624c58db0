"""Does the primary result hang on a choice? Other tests, one patient less, worse missing scores."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from ppp import levels, results
from ppp.catalogue.outcomes import Outcome, analysed, leading_targets, outcomes
from ppp.cohort import after_baseline, by_week
from ppp.efficacy.rows.change import responses
from ppp.efficacy.rows.missing_data import Completed
from ppp.estimators import paired, robustness
from ppp.estimators.estimate import Estimate
from ppp.estimators.longitudinal import friedman
from ppp.estimators.robustness import Tipping, binary_tipping, leave_one_out, tipping_point

PAIRED = {
    "sign_test": paired.sign_test,
    "g_av": paired.g_av,
    "log_ratio": paired.log_ratio,
    "pitman_morgan": paired.pitman_morgan,
}
CURVE_STEP = 6
ALMOST = 0.1
LISTED = 50
CORRELATIONS = (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def sensitivity(
    filled: dict[str, Completed], visits: pd.DataFrame | None, patients: pd.DataFrame, study
) -> pd.DataFrame:
    """Sensitivity analyses of the outcomes in full analysis that somebody has at the primary week.

    Results rows, with ``missing`` = ``observed`` unless stated:

    - ``sign_test``, ``g_av``, ``log_ratio``, ``pitman_morgan``;
    - ``leave_one_out``, `level` ``estimate_min``, ``estimate_max``, ``ci_low_min``,
      ``ci_high_max``, ``p_max`` (in estimate and p_value), and ``most_influential``, `level`
      the study id, the mean change without that patient, code ``best_baseline`` where the
      patient's baseline was the best value or within a tenth of the others' distance from it;
    - ``tipping_point`` (``mi``): estimate = the smallest worsening of the imputed scores, in
      points, at which the interval of the change reaches 0; ``tipping_curve`` (``mi``): the
      mean change when they are worse by `level` points, 13 steps to the width of the range;
      worse is higher, or lower where a higher score is the better one;
    - ``binary_tipping`` of `ppp.catalogue.outcomes.leading_targets`: the proportion when
      `level` of the patients with a missing response respond, n as for ``nri``; every count
      up to 50;
    - ``friedman``: Kendall's W of all weeks from baseline on; ``week`` is empty.

    Parameters
    ----------
    filled : dict of Completed
        What `ppp.efficacy.rows.missing_data.completed` gave.
    """
    week, baseline = study.schedule.primary, study.schedule.baseline
    if week not in after_baseline(study):
        return results.frame([])
    rows = []
    for code in analysed(visits, study, "full"):
        scores = filled[code].scores
        if week not in scores:
            continue
        before, after = scores[baseline].to_numpy(), scores[week].to_numpy()
        here = partial(results.row, "sensitivity", code, week=week)
        rows += [
            here(statistic=name, value=estimator(before, after), missing="observed")
            for name, estimator in PAIRED.items()
        ]
        ids, best = scores.index, outcomes(study)[code].best
        rows += _influence(partial(here, missing="observed"), before, after, ids, best)
        rows += _tipping(partial(here, missing="mi"), filled[code], outcomes(study)[code], week)
        visited = friedman(scores.to_numpy(), seed=study.run.seed)
        rows.append(here(statistic="friedman", value=visited, week=None, missing="observed"))
    return results.frame([*rows, *_binary_tipping(visits, patients, study)])


def _influence(here, before, after, ids, best) -> list[dict]:
    found = leave_one_out(before, after)
    numbers = {
        "estimate_min": found.estimate[0],
        "estimate_max": found.estimate[1],
        "ci_low_min": found.ci_low[0],
        "ci_high_max": found.ci_high[1],
        "p_max": found.p_value[1],
    }
    common = {"n": found.n, "method": found.without.method, "note": found.note}
    rows = [
        here(
            statistic="leave_one_out",
            level=level,
            value=Estimate(number, p_value=number if level == "p_max" else np.nan, **common),
        )
        for level, number in numbers.items()
    ]
    if found.most is None:
        return [*rows, here(statistic="most_influential", value=found.without)]
    pair, why = (before[found.most], after[found.most]), {}
    if best is not None and abs(pair[0] - best) <= ALMOST * np.nanmean(np.abs(before - best)):
        note = f"{pair[0]:g} at baseline, {pair[1]:g} at the visit"
        why = {"note": note, "code": "best_baseline"}
    who = ids[found.most]
    return [*rows, here(statistic="most_influential", value=found.without, level=who, **why)]


def _tipping(here, data: Completed, outcome: Outcome, week: int) -> list[dict]:
    if None in (outcome.low, outcome.high):
        why = "not applicable: the dictionary states no range of the score"
        value = Estimate(method=robustness.REGRESSION, note=why)
        return [here(statistic="tipping_point", value=value, code="no_range")]
    tipped = _tipped(data, outcome, data.scores.columns.get_loc(week))
    curve = list(zip(tipped.shifts, tipped.curve, strict=True))[::CURVE_STEP]
    return [here(statistic="tipping_point", value=tipped.point)] + [
        here(statistic="tipping_curve", value=estimate, level=levels.amount(shift))
        for shift, estimate in curve
    ]


def _tipped(data: Completed, outcome: Outcome, visit: int) -> Tipping:
    """Find the tipping point; where higher is better, in scores with the opposite sign."""
    if outcome.sign == 1:
        return tipping_point(data.tables, visit, lowest=outcome.low, highest=outcome.high)
    turned = replace(data.tables, values=-data.tables.values)
    tipped = tipping_point(turned, visit, lowest=-outcome.high, highest=-outcome.low)
    point = tipped.point
    if tipped.curve and tipped.curve[0].ci_low > 0:
        point = replace(point, note="the score fell without any worsening")
    return Tipping(tipped.shifts, tuple(map(_turned, tipped.curve)), point)


def _turned(estimate: Estimate) -> Estimate:
    limits = {"ci_low": -estimate.ci_high, "ci_high": -estimate.ci_low}
    return replace(estimate, estimate=-estimate.estimate, **limits)


def _binary_tipping(visits, patients, study) -> list[dict]:
    rows, week = [], study.schedule.primary
    among = leading_targets(study)
    for target, response in responses(visits, patients, study).items():
        if target not in among or not response.seen[week]:
            continue
        reached = response.reached.loc[response.evaluable, week]
        events, n, missing = int(reached.sum()), int(reached.count()), int(reached.isna().sum())
        listed = list(binary_tipping(events, n, missing).items())
        kept = np.unique(np.linspace(0, len(listed) - 1, LISTED + 1).round().astype(int))
        here = partial(results.row, "sensitivity", target, "binary_tipping", week=week)
        for more, estimate in (listed[place] for place in kept):
            why = {}
            if not missing and not estimate.note:
                why = {"note": "not applicable: no response is missing", "code": "nothing_missing"}
            rows.append(here(estimate, level=levels.amount(more), **why))
    return rows


def regression_to_mean(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """How much of the primary change regression to the mean alone could give.

    Scores count from the best value of the scale (0 where none is stated), which bounds the usual
    mean; where higher is better and no highest value is stated, nothing bounds it.

    Results rows of the primary outcome at the primary week, complete pairs:
    ``explaining_correlation``, the largest test–retest correlation ρ at which regression to the
    mean explains the whole improvement, whatever the usual mean; and ``expected_change``, the
    change expected of it alone, `level` as `ppp.levels.correlation` makes it, for ρ = 0, 0.2, 0.4,
    0.5, 0.6, 0.7, 0.8, 0.9 and the usual means μ of `usual_means`.
    """
    code, week = study.endpoints.primary, study.schedule.primary
    if code not in analysed(visits, study, "full") or week not in after_baseline(study):
        return results.frame([])
    scores = by_week(visits, patients, code, study)
    if scores[week].isna().all():
        return results.frame([])
    outcome = outcomes(study)[code]
    here = partial(results.row, "regression_to_mean", code, week=week, missing="observed")
    best = (outcome.low or 0.0) if outcome.sign == 1 else outcome.high
    if best is None:
        why = "not applicable: no highest value of the score is stated"
        value = Estimate(method=robustness.REGRESSION, note=why)
        return results.frame([here("explaining_correlation", value, code="no_range")])
    pairs = scores[[study.schedule.baseline, week]].dropna()
    before, after = (outcome.sign * (pairs - best)).to_numpy().T
    explaining = robustness.explaining_correlation(before, after)
    if outcome.sign == -1 and len(pairs) > 2 and explaining.note:
        rose = "no correlation of 0 or more explains the rise"
        note = rose if np.isfinite(explaining.estimate) else "the mean score did not rise"
        explaining = replace(explaining, note=note)
    rows = [here("explaining_correlation", explaining)]
    if len(pairs):
        rows += _expected(here, before.mean(), best, outcome.sign, len(pairs))
    return results.frame(rows)


def _expected(here, excess: float, best: float, sign: int, n: int) -> list[dict]:
    usual = usual_means(excess)
    grid = robustness.expected_change(excess, correlation=CORRELATIONS, usual_mean=usual)
    return [
        here(
            "expected_change",
            Estimate(float(sign * value), n=n, method=robustness.REGRESSION),
            level=levels.correlation(rho, best + sign * mean),
        )
        for rho, line in zip(CORRELATIONS, grid, strict=True)
        for mean, value in zip(usual, line, strict=True)
    ]


def usual_means(mean_before: float) -> list[float]:
    """List round usual means from 0 to below the mean at baseline, three to five of them.

    The step is the largest of …, 1, 2, 5, 10, … that leaves three.

    Examples
    --------
    >>> usual_means(13.86), usual_means(8), usual_means(0)
    ([0.0, 5.0, 10.0], [0.0, 2.0, 4.0, 6.0], [0.0])
    """
    if mean_before <= 0:
        return [0.0]
    decade = 10 ** np.floor(np.log10(mean_before))
    step = next(s * decade for s in (5, 2, 1, 0.5, 0.2) if 2 * s * decade < mean_before)
    return [float(round(x, 9)) for x in np.arange(0, mean_before, step)]
