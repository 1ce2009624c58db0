"""Peaks of transaminases against peaks of bilirubin (eDISH), with Hy's law marked."""

import pandas as pd

from ppp import results
from ppp.catalogue.lab_tests import HIGH_BILIRUBIN, HIGH_TRANSAMINASE
from ppp.report import text
from ppp.report.figure import MANY, Figure, canvas, finish
from ppp.report.look import BLUE, INK, PAIR, SOFT, VERMILION
from ppp.report.prose import Absent
from ppp.report.words import Words

WORDS = Words("ppp.laboratory")
LEAST, NAMED = 0.05, 12
MARKS = {
    "neither": ("o", SOFT),
    "temple": ("^", BLUE),
    "cholestasis": ("s", PAIR[1]),
    "blocked": ("X", PAIR[1]),
    "hy": ("D", VERMILION),
}
CORNERS = {
    "hy": (0.99, 0.98),
    "temple": (0.99, 0.03),
    "cholestasis": (0.01, 0.98),
    "neither": (0.01, 0.03),
}


def edish(peaks, rows, study) -> Figure | Absent:
    """Draw each patient's peak transaminase and peak bilirubin as multiples of the upper limits.

    `peaks` is as `ppp.laboratory.rows.peaks` gives them; every number that is printed comes from
    rows ``liver``. Absent where these place no patient.
    """
    here = results.pick(rows, analysis="liver", outcome="edish", statistic="patients")
    here = here.dropna(subset=["estimate"]).set_index("level")
    both = peaks.dropna(subset=["quadrant"])
    if here.empty or both.empty:
        return Absent()
    points = pd.DataFrame(
        {
            "x": both["transaminase"].clip(lower=LEAST),
            "y": both["bilirubin"].clip(lower=LEAST),
            "kind": both["quadrant"].mask(both["blocked"], "blocked"),
        }
    )
    quadrants = [(kind, here.loc[kind]) for kind in CORNERS if kind in here.index]
    with canvas(86) as (drawn, axes):
        _points(axes, points)
        _axes(axes, points, study)
        for kind, row in quadrants:
            _corner(axes, kind, row, study)
        told = text.listed(_quadrant("alt_quadrant", *pair, study) for pair in quadrants)
        return finish(
            drawn,
            study,
            key="edish",
            caption=_caption(here, both["blocked"].any(), study),
            alt=WORDS.write("figures.edish.alt", study, quadrants=told),
        )


def _caption(here: pd.DataFrame, blocked: bool, study) -> str:
    caption = WORDS.write("figures.edish.caption", study, n=text.count(here["n"].iloc[0]))
    parts = [caption, WORDS["figures.edish.blocked"] * bool(blocked)]
    why = here["note"].get("hy", "")
    parts += [WORDS.write("figures.edish.note", study, note=text.sentence(why))] if why else []
    return " ".join(filter(None, parts))


def _quadrant(entry: str, kind: str, row, study) -> str:
    name = WORDS[f"figures.edish.names.{kind}"]
    return WORDS.write(f"figures.edish.{entry}", study, row, name=name)


def _corner(axes, kind: str, row, study) -> None:
    x, y = CORNERS[kind]
    axes.text(
        x,
        y,
        _quadrant("quadrant", kind, row, study),
        transform=axes.transAxes,
        ha="right" if x > 0.5 else "left",
        va="top" if y > 0.5 else "bottom",
    )


def _points(axes, points: pd.DataFrame) -> None:
    many = len(points) > MANY
    size, edge = (2.5, 0) if many else (4.5, 0.4)
    for kind, (marker, colour) in MARKS.items():
        own = points[points["kind"] == kind]
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
    outside = points[points["kind"] != "neither"].sort_values(["x", "y"], kind="stable")
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


def _axes(axes, points: pd.DataFrame, study) -> None:
    lines = {"color": SOFT, "linewidth": 0.7, "linestyle": (0, (4, 2)), "zorder": 0}
    axes.axvline(HIGH_TRANSAMINASE, **lines)
    axes.axhline(HIGH_BILIRUBIN, **lines)
    axes.set(
        xscale="log", yscale="log", xlabel=WORDS["figures.edish.x"], ylabel=WORDS["figures.edish.y"]
    )
    for axis, values in ((axes.xaxis, points["x"]), (axes.yaxis, points["y"])):
        low, high = min(0.1, values.min() * 0.8), max(12.0, values.max() * 1.5)
        ticks = [t for t in (0.1, 0.3, 1, 2, 3, 10, 30, 100, 300, 1000) if low <= t <= high]
        axis.set_ticks(ticks, [f"{t:g}" for t in ticks])
        axis.set_ticks([], minor=True)
        (axes.set_xlim if axis is axes.xaxis else axes.set_ylim)(low, high)
