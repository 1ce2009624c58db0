"""Tables of scores and their change."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table, reasons

SHOWN = ["mean_change", "hodges_lehmann", "wilcoxon_exact", "d_av"]


def visits(rows: pd.DataFrame, study, *, group: str = "all") -> Table:
    """Show each score at each visit: n, missing, mean (SD; 95% CI), median (Q1–Q3), range.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``summary`` of visit fields.
    study : Study
    group : str
        ``all`` or ``column=value``.

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="summary", group=group)
    found = found[found["week"].notna()]
    lines = [
        {"outcome": names.with_unit(study, outcome), "week": text.count(week)} | _spread(stats)
        for (outcome, week), stats in found.groupby(["outcome", "week"], sort=False)
    ]
    columns = ["outcome", "week", "n", "mean", "ci", "median", "range"]
    return Table(
        key="visits",
        caption=f"Scores by visit, {names.group(study, group)}, observed values.",
        frame=pd.DataFrame(lines, columns=columns, dtype="str"),
        labels={
            "week": "Week",
            "n": "n (missing)",
            "mean": "Mean (SD)",
            "ci": "95% CI\nof the mean",
            "median": "Median (Q1–Q3)",
            "range": "Range",
        },
        notes=(
            "SD, standard deviation; Q1–Q3, quartiles. Missing: patients without that score "
            "at that visit. Interval of the mean: t. Medians and ranges describe these patients "
            "and have no interval.",
        ),
        group="outcome",
    )


def _spread(stats: pd.DataFrame) -> dict:
    by = stats.set_index("statistic")["estimate"]
    n = int(stats["n"].max())
    if n == 0:
        return {
            "n": f"0 ({text.count(by['n_missing'])})",
            "mean": "–",
            "ci": "–",
            "median": "–",
            "range": "–",
        }
    mean = stats.set_index("statistic").loc["mean"]
    sd = text.number(by["sd"]) if n > 1 else "–"
    return {
        "n": f"{n:,} ({text.count(by['n_missing'])})",
        "mean": f"{text.number(by['mean'])} ({sd})",
        "ci": "–"
        if text.is_missing(mean["ci_low"])
        else text.interval(mean["ci_low"], mean["ci_high"]),
        "median": f"{text.number(by['median'], 1)} "
        f"({text.number(by['q1'], 1)}–{text.number(by['q3'], 1)})",
        "range": text.span(by["min"], by["max"]),
    }


def change(rows: pd.DataFrame, study, *, group: str = "all") -> Table:
    """Show the change from baseline of each score at each visit, with interval and exact test.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``change``.
    study : Study
    group : str
        ``all`` or ``column=value``.

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="change", group=group, missing="observed", statistic=SHOWN)
    lines = [
        {"outcome": names.outcome(study, outcome), "week": text.count(week)} | _change(stats)
        for (outcome, week), stats in found.groupby(["outcome", "week"], sort=False)
    ]
    columns = ["outcome", "week", "n", "mean", "hl", "p", "d_av"]
    attained = found.loc[found["statistic"] == "hodges_lehmann", "ci_level"].dropna()
    return Table(
        key="change",
        caption=f"Change from baseline (week {study.schedule.baseline}), "
        f"{names.group(study, group)} with both values; negative is improvement.",
        frame=pd.DataFrame(lines, columns=columns, dtype="str"),
        labels={
            "week": "Week",
            "n": "n",
            "mean": "Mean change\n(95% CI)",
            "hl": "Hodges–Lehmann\n(CI)",
            "p": "Signed-rank p",
            "d_av": "Standardised\nchange (95% CI)",
        },
        notes=(
            "Mean change: interval of the paired t. Hodges–Lehmann: median of the pairwise "
            f"averages of change, interval from the signed-rank distribution{_attained(attained)}.",
            f"p: Wilcoxon signed-rank test, {_kind(found)}, unchanged scores left out, two-sided; "
            "not adjusted for the number of tests.",
            "Standardised change: mean change divided by √ of the mean of the two variances "
            "(d av).",
            *reasons(found, study),
        ),
        group="outcome",
    )


def _kind(found: pd.DataFrame) -> str:
    methods = found.loc[found["statistic"] == "wilcoxon_exact", "method"]
    if methods.str.contains("exact").all():
        return "exact also with ties"
    return "exact in smaller samples, the normal approximation in larger ones"


def _change(stats: pd.DataFrame) -> dict:
    by = stats.set_index("statistic")
    cells = {"mean": "mean_change", "hl": "hodges_lehmann", "d_av": "d_av"}
    made = {c: _cell(by.loc[s]) if s in by.index else "–" for c, s in cells.items()}
    p = by.loc["wilcoxon_exact", "p_value"] if "wilcoxon_exact" in by.index else None
    n = text.count(stats["n"].max())
    return {"n": n, "p": "–" if text.is_missing(p) else text.p_value(p)} | made


def _cell(row) -> str:
    return "–" if text.is_missing(row["estimate"]) else text.estimate_ci(row)


def _attained(levels) -> str:
    if not len(levels):
        return ""
    low, high = text.level(levels.min()), text.level(levels.max())
    return f", attained level {low}" if low == high else f", attained levels {low} to {high}"
