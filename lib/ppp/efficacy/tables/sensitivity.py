"""Tables of how far the answer hangs on the estimator, on missing values and on one patient."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table, reasons

RULES = {
    "observed": "observed",
    "nri": "missing as failure (NRI)",
    "locf": "last value carried forward",
    "mi": "multiple imputation",
    "": "",
}
ALL_ALIKE = (
    "No value is missing here, so that observed, NRI, last value carried forward and multiple "
    "imputation are the same."
)
BY_RULE = (
    "Multiple imputation: % [interval] pooled over the imputed data sets, without a count. NRI and "
    "“all missing as responders” are the least and the most that the missing values allow "
    "(–: not computed)."
)
CHANGES = {
    "mean_change": "Mean change, paired t",
    "mean_change_bca": "Mean change, bootstrap",
    "hodges_lehmann": "Hodges–Lehmann median",
    "mmrm_change": "Mean change, mixed model (MMRM)",
    "random_intercept_change": "Mean change, random intercept",
}
TESTS = {
    "wilcoxon_exact": "Signed rank, zeros dropped (W⁺)",
    "wilcoxon_pratt": "Signed rank, zeros ranked (Pratt; W⁺)",
    "sign_test": "Sign test (share that rose)",
    "friedman": "All visits, Friedman (Kendall’s W)",
    "pitman_morgan": "Spread fell, Pitman–Morgan (r)",
}
SIZES = {
    "d_av": "Standardised change (d av)",
    "g_av": "Small-sample corrected (g av; interval of d av)",
    "d_z": "In SDs of change (d z)",
    "log_ratio": "Ratio to baseline, geometric mean",
    "mean_percent_change": "Mean percent change",
    "median_percent_change": "Median percent change",
}
PARTS = {"Change, points": CHANGES, "Tests": TESTS, "Size": SIZES}
ONE_DIGIT = ("wilcoxon_exact", "wilcoxon_pratt", "mean_percent_change", "median_percent_change")
KINDS = ["change", "longitudinal", "sensitivity"]


def sensitivity(rows: pd.DataFrame, study, *, outcome: str | None = None) -> Table:
    """Show one change by every estimator and every rule for missing values.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``change``, ``longitudinal`` and ``sensitivity``.
    study : Study
    outcome : str, optional
        The primary endpoint unless given.

    Returns
    -------
    Table
        Of the primary week; Friedman's test is of all visits.
    """
    key, outcome = names.key("sensitivity", outcome), outcome or study.endpoints.primary
    week = study.schedule.primary
    found = results.pick(rows, analysis=KINDS, outcome=outcome, group="all", level="")
    here = (found["week"].isna() | (found["week"] == week)).fillna(True).astype(bool)
    found = found[here].drop_duplicates(["statistic", "missing"])
    shown = found[found["statistic"].isin([s for part in PARTS.values() for s in part])]
    lines = [
        {"part": part, "what": name} | _line(row)
        for part, statistics in PARTS.items()
        for statistic, name in statistics.items()
        for _, row in _ordered(shown, statistic).iterrows()
    ]
    columns = ["part", "what", "rule", "n", "value", "level", "p"]
    return Table(
        key=key,
        caption=f"{names.outcome(study, outcome)}: change from week {study.schedule.baseline} to "
        f"week {week} by every estimator and every rule for missing values; negative is "
        "improvement.",
        frame=pd.DataFrame(lines, columns=columns, dtype="str"),
        labels={
            "what": "Estimate",
            "rule": "Missing values",
            "n": "n",
            "value": "Value (interval)",
            "level": "Level",
            "p": "p",
        },
        notes=(
            "Observed: patients with the values needed; the mixed models use every recorded visit. "
            "Last value carried forward is shown for comparison only. p-values are not adjusted.",
            *_remarks(shown),
        ),
        group="part",
    )


def _remarks(shown) -> list[str]:
    every = {s: name for part in PARTS.values() for s, name in part.items()}
    told = {}
    for _, row in shown[shown["note"] != ""].iterrows():
        rule = RULES[row["missing"]] if row["statistic"] == "mean_change" else ""
        told.setdefault(row["note"], []).append(
            ", ".join(filter(None, [every[row["statistic"]], rule]))
        )
    return [f"{'; '.join(dict.fromkeys(who))}: {words}." for words, who in told.items()]


def _ordered(found, statistic: str) -> pd.DataFrame:
    mine = results.pick(found, statistic=statistic)
    return mine.sort_values("missing", key=lambda rules: rules.map(list(RULES).index))


def _line(row) -> dict:
    digits = 1 if row["statistic"] in ONE_DIGIT else 2
    return {
        "rule": RULES[row["missing"]],
        "n": text.count(row["n"]),
        "value": "–" if text.is_missing(row["estimate"]) else text.estimate_ci(row, digits),
        "level": "" if text.is_missing(row["ci_low"]) else text.level(row["ci_level"]),
        "p": "" if text.is_missing(row["p_value"]) else text.p_value(row["p_value"]),
    }


def responder_rules(rows: pd.DataFrame, study, *, week: int | None = None) -> Table:
    """Show responders by every rule for missing values, and the least and most there can be.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``responder`` (``wilson``) and ``sensitivity`` (``binary_tipping``).
    study : Study
    week : int, optional
        The primary week unless given.

    Returns
    -------
    Table
    """
    week = study.schedule.primary if week is None else week
    found = results.pick(rows, analysis="responder", statistic="wilson", week=week, group="all")
    extremes = results.pick(
        rows, analysis="sensitivity", statistic="binary_tipping", week=week, group="all"
    )
    lines = []
    for outcome in found["outcome"].unique():
        mine = results.pick(found, outcome=outcome)
        cells = {rule: _share(results.pick(mine, missing=rule)) for rule in list(RULES)[:4]}
        most = _extreme(results.pick(extremes, outcome=outcome))
        lines.append({"what": names.outcome(study, outcome)} | cells | {"most": most})
    complete = bool(lines) and all(len(set(list(line.values())[1:5])) == 1 for line in lines)
    shown = ["observed"] if complete else [*list(RULES)[:4], "most"]
    told = (ALL_ALIKE,) if complete else (BY_RULE,)
    return Table(
        key="responder-rules",
        caption=f"Responders at week {week} by the rule for missing values: x/n, % [Wilson 95% "
        "CI].",
        frame=pd.DataFrame(lines, columns=["what", *shown], dtype="str"),
        labels={
            "what": "Target",
            "nri": "Missing as\nfailure (NRI)",
            "observed": "By every rule" if complete else "Observed",
            "locf": "Last value\ncarried forward",
            "mi": "Multiple\nimputation",
            "most": "All missing\nas responders",
        },
        notes=(*told, *reasons(found, study)),
    )


def _share(found) -> str:
    if found.empty or not found.iloc[0]["n"] or text.is_missing(found.iloc[0]["estimate"]):
        return "–"
    row = found.iloc[0]
    count = "" if text.is_missing(row["events"]) else f"{text.fraction(row)}, "
    return count + text.percent_ci(row)


def _extreme(found) -> str:
    known = found[found["estimate"].notna() & found["level"].str.isdigit()]
    if known.empty:
        return "–"
    return _share(known.loc[[known["level"].astype(int).idxmax()]])


def missing_patterns(rows: pd.DataFrame, study) -> Table:
    """Show which visits have a score: the patterns, most frequent first.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``missing_pattern``: ``level`` such as ``●●○●``, ``events`` of ``n``.
    study : Study

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="missing_pattern", group="all")
    found = found[found["events"].notna()].sort_values("events", ascending=False, kind="stable")
    weeks = text.listed(str(w) for w in study.schedule.weeks)
    lines = [
        {
            "outcome": names.outcome(study, outcome),
            "pattern": row["level"],
            "patients": text.count_percent(row),
        }
        for outcome in found["outcome"].unique()
        for _, row in results.pick(found, outcome=outcome).iterrows()
    ]
    n = f", n = {text.between(found['n'])}" if len(found) else ""
    return Table(
        key="missing-patterns",
        caption=f"Patterns of recorded scores over weeks {weeks}{n}.",
        frame=pd.DataFrame(lines, columns=["outcome", "pattern", "patients"], dtype="str"),
        labels={"pattern": f"Weeks {weeks}", "patients": "Patients"},
        notes=("● recorded, ○ missing.",),
        group="outcome",
    )


def leave_one_out(rows: pd.DataFrame, study, *, outcome: str | None = None) -> Table:
    """Show the range of the mean change when each patient in turn is left out.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``sensitivity``, statistic ``leave_one_out``.
    study : Study
    outcome : str, optional
        The primary endpoint unless given.

    Returns
    -------
    Table
    """
    key, outcome = names.key("leave-one-out", outcome), outcome or study.endpoints.primary
    found = results.pick(
        rows, analysis="sensitivity", outcome=outcome, group="all", statistic="leave_one_out"
    )
    by = found.drop_duplicates("level").set_index("level")["estimate"].dropna()
    lines = [
        {"what": name, "value": _extreme_value(by, level)}
        for level, name in EXTREMES.items()
        if level in by.index
    ]
    n = f", n = {text.count(found['n'].max())}" if len(lines) else ""
    return Table(
        key=key,
        caption=f"{names.outcome(study, outcome)}: mean change from week "
        f"{study.schedule.baseline} to week {study.schedule.primary} without each patient in "
        f"turn{n}.",
        frame=pd.DataFrame(lines, columns=["what", "value"], dtype="str"),
        labels={"what": "Over all refits", "value": "Value"},
        notes=("Intervals and p-values: paired t.", *reasons(found, study)),
        empty=next(iter(found.loc[found["estimate"].isna(), "note"]), "") or "Not recorded.",
    )


EXTREMES = {
    "estimate_min": "Lowest mean change",
    "estimate_max": "Highest mean change",
    "ci_low_min": "Lowest lower limit",
    "ci_high_max": "Highest upper limit",
    "p_max": "Largest p",
}


def _extreme_value(by, level: str) -> str:
    return text.p_value(by[level]) if level == "p_max" else text.number(by[level])
