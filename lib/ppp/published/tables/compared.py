"""Tables of published figures: against this cohort, and against arithmetic."""

import pandas as pd

from ppp import results
from ppp.published.scientific import p_scientific
from ppp.report import text
from ppp.report.absent import Absent
from ppp.report.table import Table

FAMILIES = ("rounding", "truncation", "ceiling")


def comparison(rows: pd.DataFrame, figures, study) -> Table | Absent:
    """Show each published figure, what this cohort gives, the difference, and the verdict.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``published``.
    figures : sequence
        The published figures, with key, label, value, decimals and kind.
    study : Study

    Returns
    -------
    Table or Absent
        Absent where the study names no published figures.
    """
    if not figures:
        return Absent()
    lines = [_compared(rows, figure) for figure in figures]
    whose = "this synthetic cohort" if study.synthetic else "this cohort"
    return Table(
        key="published",
        caption=f"Published figures and {whose}, in the order of the abstract.",
        frame=pd.DataFrame(
            lines, columns=["figure", "published", "cohort", "difference", "verdict"], dtype="str"
        ),
        labels={
            "figure": "Figure",
            "published": "Published",
            "cohort": "This cohort",
            "difference": "Difference",
            "verdict": "Verdict",
        },
        notes=(
            "Reproduced: the cohort's figure, rounded, is the printed one. Difference: cohort "
            "minus published. For p: below the printed bound (paired t).",
            *_sources(rows),
        ),
    )


def _compared(rows, figure) -> dict:
    made = results.one(rows, analysis="published", outcome=figure.key, statistic="recomputed")
    value, bound = made["estimate"], figure.kind == "p_below"
    none = text.is_missing(value)
    printed = text.number(figure.value, figure.decimals)
    shown = "–" if none else text.number(value, figure.decimals)
    if bound and not none:
        shown = p_scientific(value)
    apart = (
        ""
        if none or bound
        else text.number(value - float(figure.value), figure.decimals, signed=True)
    )
    return {
        "figure": figure.label,
        "published": f"<{printed}" if bound else printed,
        "cohort": shown,
        "difference": apart,
        "verdict": text.sentence(made["note"]),
    }


def _sources(rows) -> tuple[str, ...]:
    found = results.pick(rows, analysis="published", statistic="published")["method"]
    told = [source for source in dict.fromkeys(found) if source]
    return (f"Published in: {'; '.join(told)}.",) if told else ()


def audit(rows: pd.DataFrame, figures, study) -> Table | Absent:
    """Show what arithmetic says of each published figure, without any patient's data.

    Parameters
    ----------
    rows, figures, study
        As in `comparison`.
    """
    if not figures:
        return Absent()
    lines = []
    for figure in figures:
        made = results.one(rows, analysis="published", outcome=figure.key, statistic="audit")
        printed = text.number(figure.value, figure.decimals)
        lines.append(
            {
                "figure": figure.label,
                "published": f"<{printed}" if figure.kind == "p_below" else printed,
                "n": text.count(figure.n),
                "verdict": text.sentence("; ".join(filter(None, [made["note"], _within(made)])))
                + ".",
            }
        )
    return Table(
        key="audit",
        caption="What the published figures allow, from the figures alone.",
        frame=pd.DataFrame(lines, columns=["figure", "published", "n", "verdict"], dtype="str"),
        labels={"figure": "Figure", "published": "Published", "n": "n", "verdict": "Verdict"},
        notes=(
            "Means: GRIM. SDs: GRIMMER with exact reachability, dividing by n − 1 or by n. "
            "Rounding: half up, half to even, half down; besides, truncation and ceiling.",
        ),
    )


def _within(row) -> str:
    """Tell the interval of a share; nothing where there is none."""
    if text.is_missing(row["ci_low"]):
        return ""
    return f"exact 95% interval {text.percent_interval(row)}"


def sizes(rows: pd.DataFrame, study) -> Table | Absent:
    """Show the sample sizes that fit all means of a score, and means with SDs.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``audit``.
    study : Study
    """
    found = results.pick(rows, analysis="audit", statistic=["sizes_means", "sizes_all"])
    if found.empty:
        return Absent()
    lines = []
    for outcome in found["outcome"].unique():
        for family in FAMILIES:
            by = results.pick(found, outcome=outcome, level=family).set_index("statistic")["note"]
            shown = {"means": runs(by["sizes_means"]), "all": runs(by["sizes_all"])}
            named = {"outcome": study.label(outcome), "rule": text.sentence(family)}
            lines.append(named | shown)
    tried = "; ".join(dict.fromkeys(found["method"]))
    return Table(
        key="sizes",
        caption="Numbers of patients that would fit the published figures of both visits.",
        frame=pd.DataFrame(lines, columns=["outcome", "rule", "means", "all"], dtype="str"),
        labels={"rule": "Figures made by", "means": "Both means", "all": "Both means and SDs"},
        notes=(f"Tried: {tried}. The SD divides by n − 1 or by n.",),
        group="outcome",
    )


def runs(listed: str) -> str:
    """Write "20, 21, 22, 25" as "20–22, 25".

    Examples
    --------
    >>> runs("29, 31, 33"), runs("20, 21, 22, 25"), runs("")
    ('29, 31, 33', '20–22, 25', 'none')
    """
    found: list[list[int]] = []
    for size in map(int, filter(None, listed.split(", "))):
        if found and size == found[-1][1] + 1:
            found[-1][1] = size
        else:
            found.append([size, size])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in found) or "none"


def counts(rows: pd.DataFrame, figures, study) -> Table | Absent:
    """Show the published counts with their intervals.

    Parameters
    ----------
    rows, figures, study
        As in `comparison`.
    """
    found = results.pick(rows, analysis="audit", statistic=["wilson", "clopper_pearson"])
    if found.empty:
        return Absent()
    lines = []
    for figure in figures:
        by = results.pick(found, outcome=figure.key).set_index("statistic")
        if len(by):
            exact, wilson = by.loc["clopper_pearson"], by.loc["wilson"]
            shares = {"exact": text.percent_ci(exact), "wilson": text.percent_ci(wilson)}
            lines.append({"figure": figure.label, "x": text.fraction(exact)} | shares)
    return Table(
        key="published-counts",
        caption="Published counts with 95% intervals.",
        frame=pd.DataFrame(lines, columns=["figure", "x", "exact", "wilson"], dtype="str"),
        labels={
            "figure": "Figure",
            "x": "x/n",
            "exact": "%\n[exact 95% CI]",
            "wilson": "%\n[Wilson 95% CI]",
        },
        notes=("Exact: Clopper–Pearson, two-sided.",),
    )
