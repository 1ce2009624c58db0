"""Change, responders and the longitudinal model, for everyone and within the groups."""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import t as student

from . import reml
from .cohort import GROUPS, LATER, WEEKS
from .paired import change_rows
from .proportions import clopper_pearson, reached, wilson
from .rows import Between, near, row

PLACEBO = Path(__file__).parents[2] / "data" / "placebo.csv"
OUTCOMES = ("pppasi", "dlqi", "pga")
TARGETS = {
    "pppasi50": "pppasi",
    "pppasi75": "pppasi",
    "pppasi90": "pppasi",
    "pppasi100": "pppasi",
    "pppasi_abs3": "pppasi",
    "pppasi_abs5": "pppasi",
    "pga01": "pga",
    "dlqi01": "dlqi",
    "dlqi_mcid": "dlqi",
}
SLACK = 1e-5  # of an optimiser, in standard errors
LIMITS = {"wilson": wilson, "clopper_pearson": clopper_pearson}


def rows(source):
    for group in GROUPS:
        notebook = "03_efficacy" if group == "all" else "05_sapho_subgroup"
        yield from _change(source, group, notebook)
        yield from _responders(source, group, notebook)
    yield from _longitudinal(source)
    yield from _placebo()


def _placebo():
    """Published percentages whose whole count, tried one after the other, prints the same."""
    for arm in pd.read_csv(PLACEBO).dropna(subset="n").to_dict("records"):
        n, percent = int(arm["n"]), round(100 * arm["estimate"], 1)
        counts = [k for k in range(n + 1) if round(100 * k / n, 1) == percent]
        if arm["outcome"] in TARGETS and counts:
            where = {"week": arm["week"], "level": arm["trial"], "missing": "published"}
            where |= {"population": "placebo arms", "outcome": arm["outcome"]}
            numbers = clopper_pearson(counts[0], n)
            yield row(
                "03_efficacy", "placebo", statistic="clopper_pearson", numbers=numbers, **where
            )


def _change(source, group, notebook):
    for outcome in OUTCOMES:
        scores = source.scores(outcome, group)
        for week in LATER:
            where = {"group": group, "week": week, "missing": "observed"}
            found = change_rows(scores[0].to_numpy(float), scores[week].to_numpy(float))
            if outcome == "pga":
                del found["hodges_lehmann"]
                fall = (scores[0] - scores[week]).dropna()
                for grades in (1, 2):
                    numbers = clopper_pearson(int((fall >= grades).sum()), len(fall))
                    level = {"level": str(grades)}
                    yield row(notebook, "change", outcome, "improved", numbers, **where | level)
            for statistic, numbers in found.items():
                yield row(notebook, "change", outcome, statistic, numbers, **where)


def _responders(source, group, notebook):
    for target, outcome in TARGETS.items():
        hit, judged = reached(source.scores(outcome, group), target)
        for week in LATER:
            counts = {
                "observed": (int(hit[week].sum()), int(hit[week].notna().sum())),
                "nri": (int(hit.loc[judged, week].sum()), int(judged.sum())),
            }
            for missing, (k, n) in counts.items():
                where = {"group": group, "week": week, "missing": missing}
                for statistic, limits in LIMITS.items():
                    yield row(notebook, "responder", target, statistic, limits(k, n), **where)


def _longitudinal(source):
    for outcome in ("pppasi", "dlqi"):
        scores = source.scores(outcome).to_numpy(float)
        scores = scores[~np.isnan(scores).all(axis=1)]
        means, changes = reml.visits(scores)
        for week, found in zip(WEEKS, means, strict=True):
            numbers = _likely(*found, len(scores))
            del numbers["p_value"]
            yield _visit(outcome, "mmrm_mean", week, numbers)
        for week, found in zip(LATER, changes, strict=True):
            yield _visit(outcome, "mmrm_change", week, _likely(*found, len(scores)))


def _visit(outcome, statistic, week, numbers):
    return row(
        "03_efficacy", "longitudinal", outcome, statistic, numbers, week=week, missing="observed"
    )


def _likely(estimate, error, n):
    half, t = student.ppf(0.975, n - 1) * error, abs(estimate) / error
    low, high = (2 * student.sf(t * (1 + sign * 10 * SLACK), n - 1) for sign in (1, -1))
    return {
        "estimate": near(estimate, SLACK * error),
        "n": n,
        "ci_level": 0.95,
        "ci_low": near(estimate - half, 3 * SLACK * error),
        "ci_high": near(estimate + half, 3 * SLACK * error),
        "p_value": Between(low, high),
    }
