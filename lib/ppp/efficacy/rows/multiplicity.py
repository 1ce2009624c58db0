"""Which p-values are tests of a plan, and what they are once their number is allowed for."""

from functools import partial
from math import nan

import pandas as pd
from statsmodels.stats.multitest import multipletests

from ppp import results
from ppp.catalogue.outcomes import key_measures

ESTIMATION = "estimation only: no null proportion exists, so there is no p-value"
STOPPED = "an earlier step has no p-value, so the sequence ends before this one"


def multiplicity(change: pd.DataFrame, responder: pd.DataFrame, study) -> pd.DataFrame:
    """Adjust the p-values of the efficacy page.

    The key measures (the primary endpoint's change first) at the primary week form a fixed
    sequence, in which each p is the largest up to it; a target is estimated, without p. All other
    exact signed-rank p-values of `change` form Holm's family; those that could not be computed do
    not count.

    Results rows ``fixed_sequence`` and ``holm``, one a test: `level` = its position in the
    sequence, or its rank among Holm's p-values (1 = smallest; empty without p); p_value adjusted,
    estimate empty; `note` says what it is, `code` why there is no p (``estimation``, ``stopped``,
    ``no_p``).

    Parameters
    ----------
    change, responder : DataFrame
        Results rows of `ppp.efficacy.rows.change`, for everyone.

    References
    ----------
    Holm S. A simple sequentially rejective multiple test procedure. Scand J Stat 1979;6:65-70.
    """
    tests = results.pick(change, statistic="wilcoxon_exact", missing="observed", group="all")
    tests = tests[tests["code"] != "not_recorded"].to_dict("records")
    sequence = _sequence(tests, responder, study)
    inside = [(code, study.schedule.primary) for code, _ in sequence]
    others = [test for test in tests if (test["outcome"], test["week"]) not in inside]
    return results.frame([*_fixed(sequence, study), *_holm(others)])


def _sequence(tests: list[dict], responder: pd.DataFrame, study) -> list[tuple]:
    """List code and test (None: estimation) of each step whose outcome was recorded."""
    week = study.schedule.primary
    if study.endpoints.primary == "none":
        return []
    tested = {test["outcome"]: test for test in tests if test["week"] == week}
    estimated = results.pick(responder, week=week)
    estimated = set(estimated.loc[estimated["code"] != "not_recorded", "outcome"])
    steps = []
    for code, key in key_measures(study):
        if key == "change" and code in tested:
            steps.append((code, tested[code]))
        elif key in estimated:
            steps.append((key, None))
    return steps


def _fixed(sequence: list[tuple], study) -> list[dict]:
    make = partial(results.row, "multiplicity", statistic="fixed_sequence", value=nan)
    make = partial(make, week=study.schedule.primary, method="fixed sequence")
    rows, largest = [], 0.0
    for position, (outcome, test) in enumerate(sequence, start=1):
        level = str(position)
        if test is None:
            rows.append(make(outcome, level=level, note=ESTIMATION, code="estimation"))
            continue
        note, code = f"step {level} of {len(sequence)} of the fixed sequence", ""
        if pd.isna(largest):
            note, code = STOPPED, "stopped"
        elif pd.isna(test["p_value"]):
            note, code, largest = f"no p-value: {test['note']}", "no_p", nan
        else:
            largest = max(largest, test["p_value"])
        about = {"missing": "observed", "n": test["n"], "note": note, "code": code}
        rows.append(make(outcome, level=level, p_value=largest, **about))
    return rows


def _holm(tests: list[dict]) -> list[dict]:
    make = partial(results.row, "multiplicity", statistic="holm", value=nan, missing="observed")
    make = partial(make, method="Holm")
    counted = [test for test in tests if pd.notna(test["p_value"])]
    counted.sort(key=lambda test: float(f"{test['p_value']:.9g}"))
    size = len(counted)
    adjusted = multipletests([t["p_value"] for t in counted], method="holm")[1] if size else []
    rows = []
    for rank, (test, p) in enumerate(zip(counted, adjusted, strict=True), start=1):
        about = {"level": str(rank), "p_value": float(p), "note": f"Holm, {size} p-values"}
        rows.append(make(test["outcome"], week=test["week"], n=test["n"], **about))
    for test in tests:
        if pd.isna(test["p_value"]):
            about = {"note": f"no p-value, not counted: {test['note']}", "code": "no_p"}
            rows.append(make(test["outcome"], week=test["week"], n=test["n"], **about))
    return rows
