"""Which p-values are tests of a plan, and what they are once their number is allowed for."""

import pandas as pd
from statsmodels.stats.multitest import multipletests

from ppp import results

ESTIMATION = "estimation only: no null proportion exists, so there is no p-value"
STOPPED = "an earlier step has no p-value, so the sequence ends before this one"


def multiplicity(change: pd.DataFrame, responder: pd.DataFrame, study) -> pd.DataFrame:
    """Adjust the p-values of the efficacy page.

    The primary endpoint's change, PGA 0/1 (estimation, without p) and DLQI change at the primary
    week form a fixed sequence, in which each p is the largest up to it. All other exact
    signed-rank p-values of `change` form Holm's family; those that could not be computed do not
    count.

    Parameters
    ----------
    change, responder : DataFrame
        Results rows of `ppp.efficacy.rows.change`, for everyone.
    study : Study

    Returns
    -------
    DataFrame
        Results rows ``fixed_sequence`` and ``holm``, one a test: `level` = its position in the
        sequence, or its rank among Holm's p-values (1 = smallest; empty without p); p_value
        adjusted, estimate empty; `note` says what it is.

    References
    ----------
    Holm S. A simple sequentially rejective multiple test procedure. Scand J Stat 1979;6:65-70.
    """
    tests = results.pick(change, statistic="wilcoxon_exact", missing="observed", group="all")
    sequence = _sequence(tests, responder, study)
    inside = [(outcome, study.schedule.primary) for outcome, _ in sequence]
    others = [
        test for test in tests.to_dict("records") if (test["outcome"], test["week"]) not in inside
    ]
    return results.frame([*_fixed(sequence, study), *_holm(others)])


def _sequence(tests, responder, study) -> list[tuple]:
    """List outcome and test (None: estimation) of each step whose outcome was recorded."""
    week, primary = study.schedule.primary, study.endpoints.primary
    if primary == "none":
        return []
    at_week = {t["outcome"]: t for t in results.pick(tests, week=week).to_dict("records")}
    response = results.pick(responder, outcome="pga01", week=week)
    steps = {primary: at_week.get(primary), "pga01": None, "dlqi": at_week.get("dlqi")}
    return [
        (outcome, test)
        for outcome, test in steps.items()
        if test or (outcome == "pga01" and len(response))
    ]


def _fixed(sequence, study) -> list[dict]:
    rows, largest = [], 0.0
    for position, (outcome, test) in enumerate(sequence, start=1):
        if test:
            note = f"step {position} of {len(sequence)} of the fixed sequence"
            if pd.isna(test["p_value"]) or pd.isna(largest):
                note = STOPPED if pd.isna(largest) else f"no p-value: {test['note']}"
                largest = float("nan")
            else:
                largest = max(largest, test["p_value"])
        rows.append(
            results.row(
                "multiplicity",
                outcome,
                "fixed_sequence",
                float("nan"),
                week=study.schedule.primary,
                level=str(position),
                missing="observed" if test else "",
                p_value=largest if test else float("nan"),
                n=test["n"] if test else None,
                method="fixed sequence",
                note=note if test else ESTIMATION,
            )
        )
    return rows


def _holm(tests) -> list[dict]:
    counted = [test for test in tests if pd.notna(test["p_value"])]
    counted.sort(key=lambda test: float(f"{test['p_value']:.9g}"))
    size = len(counted)
    adjusted = multipletests([t["p_value"] for t in counted], method="holm")[1] if size else []
    named = [
        (str(rank), float(p), f"Holm, {size} p-values") for rank, p in enumerate(adjusted, start=1)
    ]
    empty = [
        ("", float("nan"), f"no p-value, not counted: {test['note']}")
        for test in tests
        if pd.isna(test["p_value"])
    ]
    ordered = counted + [test for test in tests if pd.isna(test["p_value"])]
    return [
        results.row(
            "multiplicity",
            test["outcome"],
            "holm",
            float("nan"),
            week=test["week"],
            level=level,
            missing="observed",
            p_value=p,
            n=test["n"],
            method="Holm",
            note=note,
        )
        for test, (level, p, note) in zip(ordered, named + empty, strict=True)
    ]
