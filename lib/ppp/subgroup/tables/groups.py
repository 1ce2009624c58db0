"""Tables of the two groups: each by itself, and their difference."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table, reasons

EXPLORATORY = "Exploratory; not adjusted for the number of comparisons."


def subgroup(rows: pd.DataFrame, study, *, week: int | None = None) -> Table:
    """Show change and response within each group at one week.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``change`` and ``responder`` of the groups (and of all, if there).
    study : Study
    week : int, optional
        The primary week unless given.

    Returns
    -------
    Table
    """
    week = study.schedule.primary if week is None else week
    found = results.pick(rows, analysis=["change", "responder"], week=week)
    groups = names.groups(found, study)
    lines = _changes(found, study, groups) + _responses(found, study, groups)
    label = study.label(study.subgroup.column)
    return Table(
        key="subgroup",
        caption=f"Change from baseline and response at week {week} within each {label} group.",
        frame=pd.DataFrame(lines, columns=["part", "what", *groups], dtype="str"),
        labels={"what": "Outcome"} | {g: text.sentence(names.group(study, g)) for g in groups},
        notes=(
            "Mean change with the interval of the paired t and the number of pairs; negative is "
            "improvement. Response: x/n, % [Wilson 95% CI], observed values.",
            EXPLORATORY + " Two intervals side by side are no comparison: see the differences.",
        ),
        group="part",
        empty=f"{label} was not recorded.",
    )


def _changes(found, study, groups) -> list[dict]:
    picked = results.pick(
        found, analysis="change", statistic="mean_change", group=groups, missing="observed"
    )
    lines = []
    for outcome in picked["outcome"].unique():
        by = results.pick(picked, outcome=outcome).set_index("group")
        cells = {g: _mean(by.loc[g]) if g in by.index else "–" for g in groups}
        lines.append(
            {"part": "Mean change (95% CI)", "what": names.outcome(study, outcome)} | cells
        )
    return lines


def _mean(row) -> str:
    n = f"n = {text.count(row['n'])}"
    shown = "–" if text.is_missing(row["estimate"]) else text.estimate_ci(row)
    return f"{shown}; {n}"


def _responses(found, study, groups) -> list[dict]:
    picked = results.pick(
        found, analysis="responder", statistic="wilson", missing="observed", group=groups
    )
    lines = []
    for outcome in picked["outcome"].unique():
        by = results.pick(picked, outcome=outcome).set_index("group")
        cells = {g: _share(by.loc[g]) if g in by.index else "–" for g in groups}
        lines.append(
            {"part": "Responders, observed", "what": names.outcome(study, outcome)} | cells
        )
    return lines


def _share(row) -> str:
    if not row["n"]:
        return "–"
    return f"{text.fraction(row)}, {text.percent_ci(row)}"


def group_difference(rows: pd.DataFrame, study, *, week: int | None = None) -> Table:
    """Show the difference of the two groups in change and in response, with its interval.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``group_difference``.
    study : Study
    week : int, optional
        The primary week unless given.

    Returns
    -------
    Table
    """
    week = study.schedule.primary if week is None else week
    found = results.pick(rows, analysis="group_difference", week=week)
    lines = [_difference(found, outcome, study) for outcome in found["outcome"].unique()]
    title, minus = f"Difference between the groups at week {week}", ""
    if len(found):
        first, second = names.pair(study, found["group"].iloc[0])
        minus = f", {first} minus {second}"
    return Table(
        key="group-difference",
        caption=f"{title}{minus}.",
        frame=pd.DataFrame(
            lines, columns=["part", "what", "n", "difference", "p", "g"], dtype="str"
        ),
        labels={
            "what": "Outcome",
            "n": "n",
            "difference": "Difference (95% CI)",
            "p": "p",
            "g": "Hedges g (95% CI)",
        },
        notes=(
            "Change: difference of mean changes, Welch interval; p: exact permutation test (or a "
            "seeded sample of permutations where there are too many).",
            "Response: difference in percentage points, Newcombe hybrid score interval; p: Fisher "
            "mid-p.",
            EXPLORATORY + " A wide interval is compatible with a difference either way and tells "
            "nothing about equality.",
            *reasons(found, study),
        ),
        group="part",
        empty=f"{study.label(study.subgroup.column)} was not recorded.",
    )


def _difference(found, outcome, study) -> dict:
    by = results.pick(found, outcome=outcome).set_index("statistic")
    share = "newcombe" in by.index
    main = by.loc["newcombe" if share else "welch"]
    test = "fisher_midp" if share else "permutation"
    p = by.loc[test, "p_value"] if test in by.index else None
    empty = text.is_missing(main["estimate"])
    shown = text.estimate_ci(main, 1, scale=100) if share else text.estimate_ci(main)
    g = by.loc["hedges_g"] if "hedges_g" in by.index else None
    return {
        "part": "Response, percentage points" if share else "Change from baseline",
        "what": names.outcome(study, outcome),
        "n": text.count(main["n"]),
        "difference": "–" if empty else shown,
        "p": "–" if text.is_missing(p) else text.p_value(p),
        "g": "" if share or g is None or text.is_missing(g["estimate"]) else text.estimate_ci(g),
    }
