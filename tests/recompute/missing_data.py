"""Change and response with the gaps filled."""

import numpy as np
import pandas as pd

from . import imputation
from .cohort import LATER
from .efficacy import TARGETS
from .paired import mean_change
from .proportions import clopper_pearson, reached, wilson
from .rows import row

NOTEBOOK = "03_efficacy"


def rows(source):
    for outcome in ("pppasi", "dlqi"):
        yield from _changes(source.scores(outcome), outcome)
    for target, outcome in TARGETS.items():
        yield from _responses(source.scores(outcome), target)


def _changes(scores, outcome):
    carried, tables = scores.ffill(axis=1), imputation.tables(scores)
    for visit, week in enumerate(LATER, start=1):
        pair = carried[[0, week]].dropna().to_numpy()
        d = (pair[:, 1] - pair[:, 0]).round(9)
        locf = mean_change(None, None, d) | {"n": len(d)}
        whole = scores[[0, week]].dropna(how="any")
        if len(whole) == scores.notna().any(axis=1).sum():
            d = (whole[week] - whole[0]).to_numpy().round(9)
            mi = mean_change(None, None, d) | {"n": len(d)}
        else:
            mi = imputation.mean(tables[:, :, visit] - tables[:, :, 0])
        for missing, numbers in {"locf": locf, "mi": mi}.items():
            yield row(
                NOTEBOOK, "change", outcome, "mean_change", numbers, week=week, missing=missing
            )


def _responses(scores, target):
    judged = reached(scores, target)[1].to_numpy()
    carried = reached(scores.ffill(axis=1), target)[0][judged]
    tables = imputation.tables(scores)
    stacked = pd.DataFrame(np.vstack(tables), columns=scores.columns)
    filled = reached(stacked, target)[0]
    for week in LATER:
        hits = filled[week].to_numpy().reshape(len(tables), -1)[:, judged]
        k, n = int(carried[week].sum()), len(carried)
        found = {
            ("locf", "wilson"): wilson(k, n),
            ("locf", "clopper_pearson"): clopper_pearson(k, n),
            ("mi", "wilson"): imputation.proportion(hits),
        }
        for (missing, statistic), numbers in found.items():
            where = {"week": week, "missing": missing}
            yield row(NOTEBOOK, "responder", target, statistic, numbers, **where)
