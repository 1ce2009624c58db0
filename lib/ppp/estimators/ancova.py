"""Score after, given the score before and the group: analysis of covariance."""

import numpy as np

from ppp.estimators.complete import constant, pairs, shortage
from ppp.estimators.estimate import Estimate

FULL_LEVERAGE = 1 - 1e-8


def ancova(
    before, after, group, *, interaction: bool = False, robust: bool = True, level: float = 0.95
) -> dict[str, Estimate]:
    """Regress the score after on the centred score before and the group.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        Scores of the same patients in the same order; only complete pairs are used.
    group : array_like of bool, shape (n,)
        True for the first group; a missing value leaves the patient out.
    interaction : bool
        Let the slope on the score before differ between the groups.
    robust : bool
        HC3 standard errors instead of the classical ones; t either way.
    level : float
        Confidence level.

    Returns
    -------
    dict of str to Estimate
        ``intercept`` (second group at the mean score before), ``before`` (slope), ``group``
        (first − second) and, when asked for, ``interaction`` (difference of the slopes). All are
        empty where a group has fewer than 3 patients, the score before does not vary in one, or
        one patient alone decides the fit (leverage 1).

    References
    ----------
    Vickers AJ, Altman DG. Analysing controlled trials with baseline and follow up measurements.
    BMJ 2001;323:1123-1124. https://doi.org/10.1136/bmj.323.7321.1123
    Long JS, Ervin LH. Using heteroscedasticity consistent standard errors in the linear
    regression model. Am Stat 2000;54:217-224. https://doi.org/10.1080/00031305.2000.10474549
    """
    from statsmodels.regression.linear_model import OLS

    before, after, first = _complete(before, after, group)
    names = ["intercept", "before", "group"] + ["interaction"] * interaction
    method = "ANCOVA, HC3" if robust else "ANCOVA"
    note = _unfit(before, first, interaction)
    if not note:
        centred = before - before.mean()
        columns = [np.ones(first.size), centred, first, centred * first][: len(names)]
        fit = OLS(after, np.column_stack(columns)).fit()
        note = _degenerate(fit, after)
    if note:
        return dict.fromkeys(names, Estimate(n=first.size, method=method, note=note))
    fit = fit.get_robustcov_results("HC3", use_t=True) if robust else fit
    numbers = zip(fit.params, *fit.conf_int(1 - level).T, fit.pvalues, strict=True)
    return {
        name: Estimate(
            float(value),
            float(low),
            float(high),
            level,
            first.size,
            p_value=float(p),
            method=method,
        )
        for name, (value, low, high, p) in zip(names, numbers, strict=True)
    }


def _complete(before, after, group):
    group = np.asarray(group, dtype=float)
    before = np.where(np.isfinite(group), np.asarray(before, dtype=float), np.nan)
    after = np.asarray(after, dtype=float)
    both = np.isfinite(before) & np.isfinite(after)
    return *pairs(before, after), (group[both] != 0).astype(float)


def _unfit(before, first, interaction) -> str:
    inside, outside = before[first == 1], before[first == 0]
    short = shortage(min(inside.size, outside.size))
    if short:
        return f"{short} in one of the groups"
    within = [constant(inside), constant(outside)]
    if all(within) or (interaction and any(within)):
        return "the score before does not vary within the groups"
    return ""


def _degenerate(fit, after) -> str:
    leverage = np.sum(np.linalg.qr(fit.model.exog)[0] ** 2, axis=1)
    if leverage.max() > FULL_LEVERAGE:
        return "one patient alone decides the fit"
    if fit.df_resid < 1 or fit.ssr <= 1e-18 * np.sum(after**2):
        return "the scores lie on the fitted lines, so there is no interval"
    return ""
