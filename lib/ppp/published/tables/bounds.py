"""Tables of what published means and SDs imply of change and response, by the correlation."""

import pandas as pd

from ppp import results
from ppp.published.scientific import p_scientific
from ppp.report import names, text
from ppp.report.absent import Absent
from ppp.report.table import Table

SIZES = {
    "d_av": "Average of the two variances (d av)",
    "g_av": "The same, small-sample factor (g av)",
    "d_mean_sd": "Mean of the two SDs",
    "delta_baseline": "SD before",
    "percent": "Fall of the mean, %",
    "ratio_of_means": "Ratio of the means, after over before",
    "cv_before": "Coefficient of variation before",
    "cv_after": "Coefficient of variation after",
}
FROM = {"-1.00": "any r", "0.00": "r ≥ 0", "0.50": "r ≥ 0.5"}


def scores(rows: pd.DataFrame) -> list[str]:
    """List the scores with published figures of two visits.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``audit``.
    """
    return list(results.pick(rows, analysis="audit", statistic="mean_change")["outcome"].unique())


def bounds(rows: pd.DataFrame, study) -> Table | Absent:
    """Show the paired comparison that the printed figures imply, by correlation.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``audit``.
    study : Study
    """
    found = results.pick(rows, analysis="audit")
    at = results.pick(found, statistic="mean_change")
    if at.empty:
        return Absent()
    lines = [
        _at(results.pick(found, outcome=row["outcome"]), row, study) for _, row in at.iterrows()
    ]
    return Table(
        key="bounds",
        caption="The change that the published means and SDs imply, by the correlation r of the "
        f"two visits, which is not published (n = {text.between(at['n'])}).",
        frame=pd.DataFrame(lines, columns=["outcome", "r", "change", "t", "p", "d_z"], dtype="str"),
        labels={
            "r": "r",
            "change": "Mean change (95% CI)",
            "t": "Paired t",
            "p": "p",
            "d_z": "Change over its SD (d z)",
        },
        notes=(
            "Figures as printed, n − 1 in the SDs; interval and p of the paired t. Negative is "
            "improvement. At r = −1 and r = 1 stand the extremes.",
        ),
        group="outcome",
    )


def _at(found, row, study) -> dict:
    same = {"outcome": row["outcome"], "level": row["level"]}
    by = results.pick(found, **same).set_index("statistic")
    t = by.loc["paired_t"]
    return {
        "outcome": study.label(row["outcome"]),
        "r": text.number(float(row["level"]), 1),
        "change": text.estimate_ci(row),
        "t": text.number(t["estimate"], note=t["note"]),
        "p": p_scientific(t["p_value"]),
        "d_z": text.number(by.loc["d_z", "estimate"], note=by.loc["d_z", "note"]),
    }


def effect_sizes(rows: pd.DataFrame, study) -> Table | Absent:
    """Show the effect sizes that need no correlation.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``audit``.
    study : Study
    """
    found = results.pick(rows, analysis="audit", statistic=list(SIZES))
    if found.empty:
        return Absent()
    shown = list(found["outcome"].unique())
    lines = []
    for statistic, what in SIZES.items():
        by = results.pick(found, statistic=statistic).set_index("outcome")["estimate"]
        digits = 1 if statistic == "percent" else 3 if statistic[:2] in ("ra", "cv") else 2
        lines.append({"what": what} | {s: text.number(by[s], digits) for s in shown})
    return Table(
        key="effect-sizes",
        caption="Size of the published change in units that need no correlation.",
        frame=pd.DataFrame(lines, columns=["what", *shown], dtype="str"),
        labels={"what": "Unit"} | {s: study.label(s) for s in shown},
        notes=("Change is after minus before: negative is improvement.",),
    )


def responders(rows: pd.DataFrame, study) -> Table | Absent:
    """Show how many patients can have responded at most, and at least, with these figures.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``audit``.
    study : Study
    """
    found = results.pick(
        rows, analysis="audit", statistic=["largest", "smallest"], level=list(FROM)
    )
    if found.empty:
        return Absent()
    lines = []
    for outcome in found["outcome"].unique():
        by = results.pick(found, outcome=outcome).set_index(["level", "statistic"])["events"]
        cells = {
            level: f"{text.count(by[level, 'smallest'])} to {text.count(by[level, 'largest'])}"
            for level in FROM
        }
        lines.append({"what": target(study, outcome)} | cells)
    return Table(
        key="responder-bounds",
        caption=f"How many of {text.between(found['n'])} patients the published means and SDs "
        "allow, whatever the distribution.",
        frame=pd.DataFrame(lines, columns=["what", *FROM], dtype="str"),
        labels={"what": "Patients", **FROM},
        notes=(
            "Largest: Cantelli. Smallest: Samuelson. r, correlation of the two visits. Half a unit "
            "of the last printed digit is allowed on every figure.",
        ),
    )


def target(study, outcome: str) -> str:
    """Name what patients are counted for: "PPPASI-75", "PPPASI not improved"."""
    if outcome.endswith("_not_improved"):
        return f"{study.label(outcome.removesuffix('_not_improved'))} not improved"
    return names.outcome(study, outcome)
