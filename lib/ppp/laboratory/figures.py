"""Figures of laboratory values: courses by test, and the liver tests (eDISH)."""

import numpy as np
import pandas as pd

from ppp import results
from ppp.catalogue.lab_tests import HIGH_BILIRUBIN, HIGH_TRANSAMINASE
from ppp.laboratory.tables import WORDS, further
from ppp.report import names, text
from ppp.report.figure import MANY, Figure, canvas, finish, note, patient_lines
from ppp.report.look import BLUE, GREY, INK, PAIR, SOFT, VERMILION
from ppp.report.names import fit
from ppp.report.prose import Absent
from ppp.results import has_code

ACROSS, MOST, ROOM, BOTH, AGREE = 4, 20, 22, 2, 0.02
SIDES = ("lln", "uln")
DASHED = {"color": SOFT, "linewidth": 0.7, "linestyle": (0, (4, 2))}
LEAST, NAMED = 0.05, 12
TICKS = (0.1, 0.3, 1, 2, 3, 10, 30, 100, 300, 1000)
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


def lab_lines(values: pd.DataFrame, rows, study) -> Figure:
    """Draw each patient's values in grey, the median in ink, and the limits dashed, by test.

    `values` is as `ppp.laboratory.rows.values` gives them. At most 20 tests, those of most
    patients; the caption says how many are left out, and where limits are not drawn because they
    are more than two on one side.
    """
    key, here = "lab-lines", results.pick(rows, analysis="lab_value")
    counts = results.pick(here, statistic="count")
    everyone, counts = results.pick(counts, outcome="any"), counts[counts["outcome"] != "any"]
    if counts.empty:
        why = "unplaced" if has_code(here, "unplaced").any() else "absent"
        caption, reason = (WORDS[f"figures.courses.{x}"] for x in ("absent_caption", why))
        return note(study, key=key, caption=caption, reason=reason)
    most = counts.sort_values("estimate", ascending=False, kind="stable").head(MOST).index
    by_panel = dict(list(values.groupby(["test", "unit"])))
    panels = [
        (row, by_panel[row["outcome"], row["level"]], _medians(here, row, study))
        for _, row in counts[counts.index.isin(most)].iterrows()
    ]
    n = text.count(everyone["n"].iloc[0])
    parts = [
        WORDS.write("figures.courses.caption", study, everyone.iloc[0], n=n),
        _without_limits(panels, study),
        further("further_not_drawn", len(counts) - len(panels), study),
    ]
    tests = " ".join(_course_words(row, medians, study) for row, _, medians in panels)
    alt = WORDS.write("figures.courses.alt", study, tests=tests)
    across = min(len(panels), ACROSS)
    tiers = -(-len(panels) // across)
    with canvas(12 + 32 * tiers, tiers=tiers, panels=across, squeeze=False) as (drawn, grid):
        _panels(grid, panels, _course, WORDS["figures.courses.axis"], study)
        return finish(drawn, study, key=key, caption=" ".join(filter(None, parts)), alt=alt)


def _panels(grid, panels: list[tuple], draw, x: str, study) -> None:
    """Draw each panel on its axes, drop the axes left over, and name the lowest x axes."""
    for axes, panel in zip(grid.flat, panels, strict=False):
        draw(axes, *panel, study)
    for axes in grid.flat[len(panels) :]:
        axes.remove()
    for axes in grid.flat[max(len(panels) - grid.shape[1], 0) : len(panels)]:
        axes.set_xlabel(x)


def _medians(here: pd.DataFrame, row, study) -> pd.DataFrame:
    """Pick the medians of a panel, by week since baseline."""
    where = {"outcome": row["outcome"], "level": row["level"], "statistic": "median"}
    medians = results.pick(here, **where)
    return medians.set_index(medians["week"].astype(float) - study.schedule.baseline)


def _course(axes, row, drawn: pd.DataFrame, medians: pd.DataFrame, study) -> None:
    patient_lines(axes, drawn, "week", "value")
    alone = drawn[drawn.groupby("study_id")["value"].transform("size") == 1]
    if len(alone):
        dots = {"color": GREY, "markersize": 3, "zorder": 1, "rasterized": len(alone) > MANY}
        axes.plot(alone["week"], alone["value"], ".", **dots)
    for recorded in (limits(drawn[side]) for side in SIDES):
        for limit in recorded if len(recorded) <= BOTH else ():
            axes.axhline(limit, **DASHED)
    line = {"color": INK, "linewidth": 1.4, "markersize": 2.5, "zorder": 3}
    axes.plot(medians.index, medians["estimate"], "o-", **line)
    lines = row["outcome"], row["level"].replace("^9", "⁹")
    axes.set_title("\n".join(fit(line, ROOM) for line in lines if line))
    axes.set_xticks(_ticks(drawn, study))
    axes.margins(x=0.04, y=0.08)


def _without_limits(panels: list[tuple], study) -> str:
    many = [
        WORDS.write(f"figures.courses.{side}", study, test=names.term(row["outcome"], 40))
        for row, drawn, _ in panels
        for side in SIDES
        if len(limits(drawn[side])) > BOTH
    ]
    words = WORDS.write("figures.courses.many_limits", study, tests=text.listed(many))
    return words * bool(many)


def _ticks(drawn: pd.DataFrame, study) -> list[int]:
    weeks = [week - study.schedule.baseline for week in study.schedule.weeks]
    low, high = drawn["week"].min() - 1, drawn["week"].max() + 1
    within = [week for week in weeks if low <= week <= high]
    return within[:: -(-len(within) // 6) or 1]


def _course_words(row, medians: pd.DataFrame, study) -> str:
    """Tell a panel in words: patients, and the first and the last median."""
    words = WORDS.within("figures.courses", study)
    test, unit = names.term(row["outcome"], 40), names.term(row["level"], 12)
    name = words("with_unit", test=test, unit=unit) if unit else test
    ends = medians.iloc[[0, -1]] if len(medians) > 1 else medians
    ends = [words("alt_median", median, week=f"{week:g}") for week, median in ends.iterrows()]
    entry = f"{'alt_medians' if ends else 'alt_test'}.{'one' if row['n'] == 1 else 'several'}"
    return words(entry, test=name, n=text.count(row["n"]), medians=text.listed(ends))


def limits(recorded: pd.Series) -> list[float]:
    """Give the limits of one side that differ by more than 2 %, the most frequent first.

    >>> limits(pd.Series([73, 73, 73.39, 97.26, 97.26, 97, np.nan]))
    [73.0, 97.26]
    """
    counts = recorded.dropna().value_counts().sort_index()
    counts = counts.sort_values(ascending=False, kind="stable")
    different = []
    while len(counts):
        different.append(float(counts.index[0]))
        counts = counts[np.abs(counts.index - different[-1]) > AGREE * abs(different[-1])]
    return different


def edish(peaks, rows, study) -> Figure | Absent:
    """Draw each patient's peak transaminase and peak bilirubin as multiples of the upper limits.

    `peaks` is as `ppp.laboratory.rows.peaks` gives them. Absent where nobody's bilirubin is above
    twice its limit: the sentence then says it all.
    """
    here = results.pick(rows, analysis="liver", outcome="edish", statistic="patients")
    here = here.dropna(subset=["estimate"]).set_index("level")
    both = peaks.dropna(subset=["quadrant"])
    if not here.reindex(["hy", "cholestasis"])["events"].gt(0).fillna(False).any() or both.empty:
        return Absent()
    points = both[["transaminase", "bilirubin"]].clip(lower=LEAST).set_axis(["x", "y"], axis=1)
    points = points.assign(kind=both["quadrant"].mask(both["blocked"], "blocked"))
    quadrants = [(kind, here.loc[kind]) for kind in CORNERS if kind in here.index]
    caption = _edish_caption(here, both["blocked"].any(), study)
    listed = text.listed(_quadrant("alt_quadrant", *pair, study) for pair in quadrants)
    alt = WORDS.write("figures.edish.alt", study, quadrants=listed)
    with canvas(86) as (drawn, axes):
        _points(axes, points)
        _multiples(axes, points)
        for kind, row in quadrants:
            x, y = CORNERS[kind]
            side = {"ha": "right" if x > 0.5 else "left", "va": "top" if y > 0.5 else "bottom"}
            words = _quadrant("quadrant", kind, row, study)
            axes.text(x, y, words, transform=axes.transAxes, **side)
        return finish(drawn, study, key="edish", caption=caption, alt=alt)


def _edish_caption(here: pd.DataFrame, blocked: bool, study) -> str:
    words, why = WORDS.within("figures.edish", study), here["note"].get("hy", "")
    parts = [
        words("caption", n=text.count(here["n"].iloc[0])),
        WORDS["figures.edish.blocked"] * bool(blocked),
        words("note", note=text.sentence(why)) if why else "",
    ]
    return " ".join(filter(None, parts))


def _quadrant(entry: str, kind: str, row, study) -> str:
    name = WORDS[f"figures.edish.names.{kind}"]
    return WORDS.write(f"figures.edish.{entry}", study, row, name=name)


def _points(axes, points: pd.DataFrame) -> None:
    many = len(points) > MANY
    size, edge = (2.5, 0) if many else (4.5, 0.4)
    style = {"markersize": size, "markeredgecolor": "white", "markeredgewidth": edge}
    for kind, (marker, colour) in MARKS.items():
        own = points[points["kind"] == kind]
        if len(own):
            axes.plot(own["x"], own["y"], marker, color=colour, rasterized=many, **style)
    outside = points[points["kind"] != "neither"].sort_values(["x", "y"], kind="stable")
    beside = {"xytext": (5, 0), "textcoords": "offset points", "va": "center"}
    for i, point in outside.iterrows() if len(outside) <= NAMED else ():
        axes.annotate(str(i), (point["x"], point["y"]), color=INK, **beside)


def _multiples(axes, points: pd.DataFrame) -> None:
    axes.axvline(HIGH_TRANSAMINASE, zorder=0, **DASHED)
    axes.axhline(HIGH_BILIRUBIN, zorder=0, **DASHED)
    axes.set(xscale="log", yscale="log")
    axes.set(xlabel=WORDS["figures.edish.x"], ylabel=WORDS["figures.edish.y"])
    for axis, values in ((axes.xaxis, points["x"]), (axes.yaxis, points["y"])):
        low, high = min(0.1, values.min() * 0.8), max(12.0, values.max() * 1.5)
        ticks = [t for t in TICKS if low <= t <= high]
        axis.set_ticks(ticks, [f"{t:g}" for t in ticks])
        axis.set_ticks([], minor=True)
        (axes.set_xlim if axis is axes.xaxis else axes.set_ylim)(low, high)
