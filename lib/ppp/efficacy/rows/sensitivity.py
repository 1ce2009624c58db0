"""Does the primary result hang on a choice? Other tests, one patient less, worse missing scores."""

from functools import partial

import numpy as np
import pandas as pd

from ppp import results
from ppp.catalogue.recorded import key_outcomes, score_range
from ppp.cohort import after_baseline, by_week
from ppp.efficacy.rows.change import responses
from ppp.efficacy.rows.missing_data import Completed
from ppp.estimators import effect_size, paired, robustness, signed_rank
from ppp.estimators.estimate import Estimate
from ppp.estimators.longitudinal import friedman
from ppp.estimators.robustness import Tipping, binary_tipping, leave_one_out, tipping_point

PAIRED = {
    "wilcoxon_pratt": partial(signed_rank.wilcoxon_exact, zeros="pratt"),
    "sign_test": paired.sign_test,
    "g_av": effect_size.g_av,
    "log_ratio": paired.log_ratio,
    "pitman_morgan": paired.pitman_morgan,
}
TIPPED = ("pppasi50", "pga01")
CURVE_STEP = 6
LISTED = 50
CORRELATIONS = (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def sensitivity(
    filled: dict[str, Completed], visits: pd.DataFrame | None, patients: pd.DataFrame, study
) -> pd.DataFrame:
    """Sensitivity analyses of PPPASI, DLQI and the primary outcome at the primary week.

    Parameters
    ----------
    filled : dict of Completed
        What `ppp.efficacy.rows.missing_data.completed` gave.
    visits, patients : DataFrame
        Canonical frames of the whole cohort; `visits` may be None.
    study : Study

    Returns
    -------
    DataFrame
        Results rows, with ``missing`` = ``observed`` unless stated:

        - ``wilcoxon_pratt``, ``sign_test``, ``g_av``, ``log_ratio``, ``pitman_morgan``;
        - ``leave_one_out``, `level` ``estimate_min``, ``estimate_max``, ``ci_low_min``,
          ``ci_high_max``, ``p_max`` (in estimate and p_value), and ``most_influential``, `level`
          the study id, the mean change without that patient;
        - ``tipping_point`` (``mi``): estimate = the smallest worsening of the imputed scores, in
          points, at which the interval of the change reaches 0; ``tipping_curve`` (``mi``): the
          mean change when they are worse by `level` points, 13 steps to the width of the range;
        - ``binary_tipping`` of ``pppasi50`` and ``pga01``: the proportion when `level` of the
          patients with a missing response respond, n as for ``nri``; every count up to 50;
        - ``friedman``: Kendall's W of all weeks from baseline on; ``week`` is empty.
    """
    week, baseline = study.schedule.primary, study.schedule.baseline
    if week not in after_baseline(study):
        return results.frame([])
    rows = []
    for outcome in key_outcomes(visits, study):
        scores = filled[outcome].scores
        before, after = scores[baseline].to_numpy(), scores[week].to_numpy()
        here = partial(results.row, "sensitivity", outcome, week=week)
        rows += [
            here(statistic=name, value=estimator(before, after), missing="observed")
            for name, estimator in PAIRED.items()
        ]
        rows += _influence(partial(here, missing="observed"), before, after, scores.index)
        rows += _tipping(partial(here, missing="mi"), filled[outcome], outcome, study)
        visited = friedman(scores.to_numpy(), seed=study.run.seed)
        rows.append(here(statistic="friedman", value=visited, week=None, missing="observed"))
    return results.frame([*rows, *_binary_tipping(visits, patients, study)])


def _influence(here, before, after, ids) -> list[dict]:
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
    who = "" if found.most is None else ids[found.most]
    return [*rows, here(statistic="most_influential", value=found.without, level=who)]


def _tipping(here, data: Completed, outcome, study) -> list[dict]:
    found = _tipped(data, outcome, study)
    curve = list(zip(found.shifts, found.curve, strict=True))[::CURVE_STEP]
    return [here(statistic="tipping_point", value=found.point)] + [
        here(statistic="tipping_curve", value=estimate, level=f"{shift:g}")
        for shift, estimate in curve
    ]


def _tipped(data: Completed, outcome, study) -> Tipping:
    lowest, highest = score_range(outcome, study)
    if lowest is None or highest is None:
        why = "not applicable: the dictionary states no range of the score"
        return Tipping((), (), Estimate(method=robustness.TIPPING, note=why))
    visit = data.scores.columns.get_loc(study.schedule.primary)
    return tipping_point(data.tables, visit, lowest=lowest, highest=highest)


def _binary_tipping(visits, patients, study) -> list[dict]:
    rows = []
    for outcome, response in responses(visits, patients, study).items():
        if outcome not in TIPPED:
            continue
        reached = response.reached.loc[response.evaluable, study.schedule.primary]
        events, n, missing = int(reached.sum()), int(reached.count()), int(reached.isna().sum())
        listed = binary_tipping(events, n, missing)
        kept = np.unique(np.linspace(0, len(listed) - 1, LISTED + 1).round().astype(int))
        note = "" if missing else "not applicable: no response is missing"
        rows += [
            results.row(
                "sensitivity",
                outcome,
                "binary_tipping",
                estimate,
                level=str(more),
                week=study.schedule.primary,
                note=estimate.note or note,
            )
            for more, estimate in np.array(list(listed.items()), dtype=object)[kept]
        ]
    return rows


def regression_to_mean(visits: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """How much of the primary change regression to the mean alone could give.

    Parameters
    ----------
    visits, patients : DataFrame
        Canonical frames of the whole cohort; `visits` may be None.
    study : Study

    Returns
    -------
    DataFrame
        Results rows of the primary outcome at the primary week, complete pairs:
        ``explaining_correlation``, the largest test–retest correlation ρ at which regression to
        the mean explains the whole fall, whatever the usual mean; and ``expected_change``, the
        change expected of it alone, `level` such as ``ρ=0.5, μ=10``, for ρ = 0, 0.2, 0.4, 0.5,
        0.6, 0.7, 0.8, 0.9 and the usual means μ of `usual_means`.
    """
    outcome, week = study.endpoints.primary, study.schedule.primary
    if outcome not in key_outcomes(visits, study) or week not in after_baseline(study):
        return results.frame([])
    pairs = by_week(visits, patients, outcome, study)[[study.schedule.baseline, week]].dropna()
    before, after = pairs.to_numpy().T
    here = partial(results.row, "regression_to_mean", outcome, week=week, missing="observed")
    rows = [
        here(
            statistic="explaining_correlation",
            value=robustness.explaining_correlation(before, after),
        )
    ]
    if len(pairs):
        usual = usual_means(before.mean())
        grid = robustness.expected_change(before.mean(), correlation=CORRELATIONS, usual_mean=usual)
        rows += [
            here(
                statistic="expected_change",
                level=f"ρ={rho:g}, μ={mean:g}",
                value=Estimate(float(value), n=len(pairs), method=robustness.REGRESSION),
            )
            for rho, line in zip(CORRELATIONS, grid, strict=True)
            for mean, value in zip(usual, line, strict=True)
        ]
    return results.frame(rows)


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
