"""Peaks of transaminases against peaks of bilirubin (eDISH), with Hy's law marked."""

import numpy as np
import pandas as pd

from ppp import results
from ppp.report import text
from ppp.report.absent import Absent
from ppp.report.figure import Figure, canvas, finish
from ppp.report.lines import MANY
from ppp.report.look import BLUE, INK, PAIR, SOFT, VERMILION
from ppp.safety.figures.lab_values import in_weeks

KEY = "edish"
CAPTION = "Highest ALT or AST against highest bilirubin after baseline"
TRANSAMINASE, BILIRUBIN, ALP = ("ALT", "AST"), "Bilirubin", "ALP"
AT_TRANSAMINASE, AT_BILIRUBIN, AT_ALP = 3.0, 2.0, 2.0
BLOCKED = "Cross: upper right, but ALP 2 × ULN or more; counted as “Bilirubin > 2×ULN, other”."
SLACK = 1 + 1e-9
LEAST, NAMED = 0.05, 12
MARKS = {
    "neither": ("o", SOFT),
    "temple": ("^", BLUE),
    "cholestasis": ("s", PAIR[1]),
    "blocked": ("X", PAIR[1]),
    "hy": ("D", VERMILION),
}
CORNERS = {
    "hy": ("Potential Hy’s law", 0.99, 0.98),
    "temple": ("Temple’s corollary", 0.99, 0.03),
    "cholestasis": ("Bilirubin > 2×ULN, other", 0.01, 0.98),
    "neither": ("Neither", 0.01, 0.03),
}


def edish(labs, patients, rows, study) -> Figure | Absent:
    """Draw each patient's peak transaminase and peak bilirubin as multiples of the upper limits.

    Parameters
    ----------
    labs : DataFrame or None
        Canonical laboratory values.
    patients : DataFrame
    rows : DataFrame
        Results rows ``liver``; every number that is printed comes from them.
    study : Study

    Returns
    -------
    Figure or Absent
        Absent where the rows place no patient: nothing recorded, or no bilirubin.
    """
    found = results.pick(rows, analysis="liver", outcome="edish", statistic="patients")
    known = found.dropna(subset=["estimate"]).drop_duplicates("level").set_index("level")
    peaks = _peaks(in_weeks(labs, patients, study))
    if known.empty or peaks.empty:
        return Absent()
    with canvas(86) as (drawn, axes):
        _points(axes, peaks)
        _axes(axes, peaks)
        _corners(axes, known)
        n = text.count(known["n"].iloc[0])
        told = text.listed(f"{CORNERS[q][0]} {text.of(known.loc[q])}" for q in _order(known))
        return finish(
            drawn,
            study,
            key=KEY,
            caption=f"{CAPTION}, as multiples of the upper limit of normal (ULN), logarithmic "
            f"axes (eDISH); one mark a patient, n = {n} with both. Lines: 3 × ULN of ALT or AST, "
            f"2 × ULN of bilirubin.{_about_alp(peaks, known)}",
            alt=f"Scatter plot in four quadrants. {told}.",
        )


def _peaks(seen: pd.DataFrame) -> pd.DataFrame:
    """Highest multiples after baseline, by patient, and the quadrant of each."""
    later = seen[(seen["week"] > 0) & (seen["uln"] > 0)]
    ratio = later.assign(ratio=later["value"] / later["uln"])
    wide = ratio.pivot_table(index="study_id", columns="test", values="ratio", aggfunc="max")
    wide = wide.reindex(columns=[*TRANSAMINASE, BILIRUBIN, ALP]).astype(float)
    peaks = pd.DataFrame(
        {"x": wide[list(TRANSAMINASE)].max(axis=1), "y": wide[BILIRUBIN], "alp": wide[ALP]}
    ).dropna(subset=["x", "y"])
    enzyme, jaundice = (peaks["x"] > AT_TRANSAMINASE * SLACK, peaks["y"] > AT_BILIRUBIN * SLACK)
    blocked = peaks["alp"] >= AT_ALP / SLACK
    kinds = [enzyme & jaundice & ~blocked, enzyme & jaundice, enzyme, jaundice]
    peaks["kind"] = np.select(kinds, ["hy", "blocked", "temple", "cholestasis"], "neither")
    return peaks.assign(x=peaks["x"].clip(lower=LEAST), y=peaks["y"].clip(lower=LEAST))


def _points(axes, peaks: pd.DataFrame) -> None:
    many = len(peaks) > MANY
    size, edge = (2.5, 0) if many else (4.5, 0.4)
    for kind, (marker, colour) in MARKS.items():
        own = peaks[peaks["kind"] == kind]
        if own.empty:
            continue
        axes.plot(
            own["x"],
            own["y"],
            marker,
            color=colour,
            markersize=size,
            markeredgecolor="white",
            markeredgewidth=edge,
            rasterized=many,
        )
    outside = peaks[peaks["kind"] != "neither"].sort_values(["x", "y"], kind="stable")
    for i, point in outside.iterrows() if len(outside) <= NAMED else ():
        axes.annotate(
            str(i),
            (point["x"], point["y"]),
            xytext=(5, 0),
            va="center",
            color=INK,
            textcoords="offset points",
            fontsize=7,
        )


def _axes(axes, peaks: pd.DataFrame) -> None:
    lines = {"color": SOFT, "linewidth": 0.7, "linestyle": (0, (4, 2)), "zorder": 0}
    axes.axvline(AT_TRANSAMINASE, **lines)
    axes.axhline(AT_BILIRUBIN, **lines)
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="Peak ALT or AST, × ULN (log scale)",
        ylabel="Peak bilirubin, × ULN (log scale)",
    )
    for axis, values in ((axes.xaxis, peaks["x"]), (axes.yaxis, peaks["y"])):
        low, high = min(0.1, values.min() * 0.8), max(12.0, values.max() * 1.5)
        ticks = [t for t in (0.1, 0.3, 1, 2, 3, 10, 30, 100, 300, 1000) if low <= t <= high]
        axis.set_ticks(ticks, [f"{t:g}" for t in ticks])
        axis.set_ticks([], minor=True)
        (axes.set_xlim if axis is axes.xaxis else axes.set_ylim)(low, high)


def _order(known: pd.DataFrame) -> list[str]:
    return [kind for kind in CORNERS if kind in known.index]


def _corners(axes, known: pd.DataFrame) -> None:
    for kind in _order(known):
        name, x, y = CORNERS[kind]
        axes.text(
            x,
            y,
            f"{name}: {text.of(known.loc[kind])}",
            transform=axes.transAxes,
            ha="right" if x > 0.5 else "left",
            va="top" if y > 0.5 else "bottom",
        )


def _about_alp(peaks: pd.DataFrame, known: pd.DataFrame) -> str:
    told = f" {BLOCKED}" if (peaks["kind"] == "blocked").any() else ""
    why = known["note"].get("hy", "")
    return f"{told} {text.sentence(why)}." if why else told
