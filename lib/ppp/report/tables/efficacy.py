"""Tables of scores, their change, and responders."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.tables.table import Table, reasons

ESTIMATES = {
    "mean_change": "Mean change",
    "mean_change_bca": "Mean change, bootstrap interval",
    "hodges_lehmann": "Hodges–Lehmann median of change",
    "mmrm_change": "Mean change, mixed model",
    "paired_t": "Paired t",
    "wilcoxon_exact": "Signed rank W⁺ (worse)",
    "d_av": "Standardised change, average SD (d av)",
    "d_z": "Standardised change, SD of change (d z)",
    "rank_biserial": "Rank-biserial correlation",
    "mean_percent_change": "Mean percent change, %",
    "median_percent_change": "Median percent change, %",
}
SHOWN = ["mean_change", "hodges_lehmann", "wilcoxon_exact", "d_av", "rank_biserial"]
ONE_DIGIT = ("mean_percent_change", "median_percent_change", "wilcoxon_exact")


def visits(rows: pd.DataFrame, study, *, group: str = "all") -> Table:
    """Show each score at each visit: n, missing, mean (SD), median (Q1–Q3), range.

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
    columns = ["outcome", "week", "n", "mean", "median", "range"]
    return Table(
        key="visits",
        caption=f"Scores by visit, {names.group(study, group)}, observed values.",
        frame=pd.DataFrame(lines, columns=columns, dtype="str"),
        labels={
            "week": "Week", "n": "n (missing)", "mean": "Mean (SD)",
            "median": "Median (Q1–Q3)", "range": "Range",
        },
        notes=("SD, standard deviation; Q1–Q3, quartiles. Missing: patients without that score "
               "at that visit.",),
        group="outcome",
    )  # fmt: skip


def _spread(stats: pd.DataFrame) -> dict:
    by = stats.set_index("statistic")["estimate"]
    n = int(stats["n"].max())
    if n == 0:
        return {"n": f"0 ({text.count(by['n_missing'])})", "mean": "–", "median": "–", "range": "–"}
    sd = text.number(by["sd"]) if n > 1 else "–"
    return {
        "n": f"{n:,} ({text.count(by['n_missing'])})",
        "mean": f"{text.number(by['mean'])} ({sd})",
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
    columns = ["outcome", "week", "n", "mean", "hl", "p", "d_av", "rank"]
    attained = found.loc[found["statistic"] == "hodges_lehmann", "ci_level"].dropna()
    return Table(
        key="change",
        caption=f"Change from baseline (week {study.schedule.baseline}), "
        f"{names.group(study, group)} with both values; negative is improvement.",
        frame=pd.DataFrame(lines, columns=columns, dtype="str"),
        labels={
            "week": "Week", "n": "n", "mean": "Mean change\n(95% CI)",
            "hl": "Hodges–Lehmann\n(exact CI)", "p": "Exact p",
            "d_av": "Standardised\nchange (95% CI)", "rank": "Rank-biserial\n(95% CI)",
        },
        notes=(
            "Mean change: interval of the paired t. Hodges–Lehmann: median of the pairwise "
            f"averages of change, interval from the signed-rank distribution{_attained(attained)}.",
            "Exact p: Wilcoxon signed-rank test, exact with midranks, zeros dropped, two-sided; "
            "not adjusted for the number of tests.",
            "Standardised change: mean change divided by the average SD of the two visits "
            "(d av). Rank-biserial: −1 when every patient improved; bootstrap interval.",
            *reasons(found, study),
        ),
        group="outcome",
    )  # fmt: skip


def _change(stats: pd.DataFrame) -> dict:
    by = stats.set_index("statistic")
    cells = {"mean": "mean_change", "hl": "hodges_lehmann", "d_av": "d_av", "rank": "rank_biserial"}
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


def estimates(
    rows: pd.DataFrame, study, *, outcome: str | None = None, week: int | None = None
) -> Table:
    """Show every estimate of one change side by side, to see whether the method matters.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``change`` and ``longitudinal``.
    study : Study
    outcome, week : optional
        The primary endpoint and week unless given.

    Returns
    -------
    Table
    """
    key, outcome = names.key("estimates", outcome), outcome or study.endpoints.primary
    week = study.schedule.primary if week is None else week
    found = results.pick(rows, analysis=["change", "longitudinal"], group="all",
                         outcome=outcome, week=week)  # fmt: skip
    by = found.drop_duplicates("statistic").set_index("statistic")
    lines = [_estimate(by.loc[s], s) for s in ESTIMATES if s in by.index]
    columns = ["what", "n", "estimate", "level", "p", "method"]
    return Table(
        key=key,
        caption=f"{names.outcome(study, outcome)}: change from week {study.schedule.baseline} to "
        f"week {week} by every method; negative is improvement.",
        frame=pd.DataFrame(lines, columns=columns, dtype="str"),
        labels={
            "what": "Estimate", "n": "n", "estimate": "Value (interval)", "level": "Level",
            "p": "p", "method": "Method",
        },
        notes=reasons(by, study),
    )  # fmt: skip


def _estimate(row, statistic: str) -> dict:
    digits = 1 if statistic in ONE_DIGIT else 2
    empty = text.is_missing(row["estimate"])
    return {
        "what": ESTIMATES[statistic],
        "n": text.count(row["n"]),
        "estimate": "–" if empty else text.estimate_ci(row, digits),
        "level": "" if text.is_missing(row["ci_low"]) else text.level(row["ci_level"]),
        "p": "" if text.is_missing(row["p_value"]) else text.p_value(row["p_value"]),
        "method": row["method"],
    }


def responders(rows: pd.DataFrame, study, *, group: str = "all") -> Table:
    """Show responders at each visit: observed and with missing as failure, both intervals.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``responder``.
    study : Study
    group : str
        ``all`` or ``column=value``.

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="responder", group=group)
    lines = [
        {"outcome": names.outcome(study, outcome), "week": text.count(week)} | _response(stats)
        for (outcome, week), stats in found.groupby(["outcome", "week"], sort=False)
    ]
    columns = ["outcome", "week", "nri_x", "nri", "nri_cp", "observed_x", "observed", "observed_cp"]
    return Table(
        key="responders",
        caption=f"Responders by visit, {names.group(study, group)}: patients who reached the "
        "target among those with an evaluable baseline (missing counted as failure, NRI), and "
        "among those observed.",
        frame=pd.DataFrame(lines, columns=columns, dtype="str"),
        labels={
            "week": "Week", "nri_x": "NRI\nx/n", "nri": "NRI, %\n[Wilson 95% CI]",
            "nri_cp": "NRI\nexact 95% CI", "observed_x": "Observed\nx/n",
            "observed": "Observed, %\n[Wilson 95% CI]", "observed_cp": "Observed\nexact 95% CI",
        },
        notes=(
            "NRI, non-responder imputation. Wilson: score interval; exact: Clopper–Pearson.",
            *_definitions(found, study),
        ),
        group="outcome",
    )  # fmt: skip


def _response(stats: pd.DataFrame) -> dict:
    cells = {}
    for rule in ("nri", "observed"):
        by = results.pick(stats, missing=rule).set_index("statistic")
        wilson = by.loc["wilson"] if "wilson" in by.index else None
        none = wilson is None or not wilson["n"]
        exact = by.loc["clopper_pearson"] if "clopper_pearson" in by.index else None
        cells |= {
            f"{rule}_x": "–" if none else text.fraction(wilson),
            rule: "–" if none else text.percent_ci(wilson),
            f"{rule}_cp": "–" if none or exact is None else _limits(exact),
        }
    return cells


def _limits(row) -> str:
    if text.is_missing(row["ci_low"]):
        return "–"
    return text.interval(100 * row["ci_low"], 100 * row["ci_high"], 1)


def _definitions(found: pd.DataFrame, study) -> tuple[str, ...]:
    have = set(found["outcome"])
    score = study.label("pppasi")
    told = [
        (any(o.startswith("pppasi") for o in have),
         f"{score}-50: {score} at least 50% below baseline; likewise 75, 90, 100."),
        ("dlqi_mcid" in have, f"{study.label('dlqi')} improved by ≥ 4: among those with a baseline "
         "of 4 or more."),
    ]  # fmt: skip
    return tuple(words for present, words in told if present)
