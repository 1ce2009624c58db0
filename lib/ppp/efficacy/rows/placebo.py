"""Published placebo arms in palmoplantar pustulosis, to set beside this cohort; no control."""

import pandas as pd

from ppp import results
from ppp.catalogue.outcomes import outcomes
from ppp.estimators.estimate import Estimate
from ppp.estimators.proportions import clopper_pearson
from ppp.study import ROOT

FILE = ROOT / "data" / "placebo.csv"
HALF_A_DIGIT = 0.0005 + 1e-9
SHOWN = ["mean_change", "clopper_pearson"]


def arms() -> pd.DataFrame:
    """Read ``data/placebo.csv``: one published figure of one arm a row, with its source.

    `estimate` is a mean change (visit − baseline) of a score, or the proportion, 0–1, that reached
    a target; `n` is missing where the denominator was not stated.
    """
    text = dict.fromkeys(["trial", "entry", "outcome", "measure", "source", "doi"], "str")
    return pd.read_csv(FILE, dtype=text | {"n": "Int64"}).fillna({"doi": ""})


def placebo(rows: pd.DataFrame, study) -> pd.DataFrame:
    """Give the placebo arms' mean changes and responses in outcomes that this study has too.

    Results rows ``placebo`` of population ``placebo arms``, at the week of the arm, `level` the
    trial: ``mean_change`` as published; ``clopper_pearson`` of the whole count that gives the
    printed percentage, or ``proportion`` without interval where no count does. No rows where none
    of the scores whose change was published was recorded: DLQI alone is asked in every skin
    disease.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``change`` and ``responder`` of this study.
    """
    known = results.pick(rows, statistic=SHOWN, group="all").dropna(subset=["estimate"])
    published = arms()
    here = published[published["outcome"].isin(known["outcome"])]
    if not set(here["outcome"]) & set(outcomes(study)):
        return results.frame([])
    return results.frame(_row(arm, study) for _, arm in here.iterrows())


def _row(arm, study) -> dict:
    events = None if pd.isna(arm["n"]) else round(arm["estimate"] * arm["n"])
    if arm["outcome"] in outcomes(study):
        statistic, value = "mean_change", _as_published(arm)
    elif events is not None and abs(events / arm["n"] - arm["estimate"]) < HALF_A_DIGIT:
        statistic, value = "clopper_pearson", clopper_pearson(events, int(arm["n"]))
    else:
        statistic, value = "proportion", _as_published(arm)
    where = {"level": arm["trial"], "population": "placebo arms", "missing": "published"}
    return results.row("placebo", arm["outcome"], statistic, value, week=arm["week"], **where)


def _as_published(arm) -> Estimate:
    level = float("nan") if pd.isna(arm["ci_low"]) else 0.95
    limits = arm["ci_low"], arm["ci_high"], level
    return Estimate(arm["estimate"], *limits, arm["n"], method=arm["measure"])
