"""How many patients had had a first adverse event, over time."""

import textwrap

import numpy as np
import pandas as pd

from ppp import levels, results
from ppp.report import names, text
from ppp.report.figure import Figure, canvas, finish
from ppp.report.look import BLUE, INK, PAIR
from ppp.report.names import fit
from ppp.report.prose import Absent
from ppp.safety.window import WORDS, crude

ALL, OWN, OTHER = (INK, "-"), (PAIR[1], "-"), (BLUE, (0, (4, 1.5)))
SIGNS = {OWN: "——", OTHER: "— —", ALL: WORDS["figures.time_to_event.risk"]}
TICKS, LINE, APART = 7, 0.075, 0.015


def time_to_event(rows, study) -> Figure | Absent:
    """Draw the cumulative incidence with its band, for all and by group, over numbers at risk.

    Absent where nobody left without an event, so that counts say it, or time is not known.
    """
    if crude(rows):
        return Absent()
    words, key = WORDS["figures.time_to_event"], "time-to-event"
    rows = results.pick(rows, analysis="time_to_event", outcome="any")
    by_week = results.pick(rows, statistic="cumulative_incidence")
    known = by_week.dropna(subset=["estimate"])
    if known.empty:
        return Absent()
    groups, present = names.groups(known, study)[:2], set(known["group"])
    curves = {g: _curve(rows, known, g, study) for g in ["all", *groups] if g in present}
    panels = [[g for g in own if g in curves] for own in (["all"], groups)]
    panels = [own for own in panels if own]
    top = _top(known, curves.values())
    caption, alt = _caption(known, groups, study), _alt(known, list(curves), study)
    with canvas(78, panels=len(panels), squeeze=False, sharey=True) as (drawn, grid):
        for axes, own in zip(grid.flat, panels, strict=True):
            _panel(axes, rows, {g: curves[g] for g in own}, study, top=top)
        grid.flat[0].set(ylabel=words["y"], ylim=(0, top))
        return finish(drawn, study, key=key, caption=caption, alt=alt)


def _curve(rows, known, group: str, study) -> pd.DataFrame:
    """Make the steps of one group: weeks, estimate and limits in percent, to the last day."""
    steps = results.pick(rows, statistic="curve", group=group).dropna(subset=["estimate"])
    steps = steps.assign(week=levels.amounts(steps["level"]) / 7)
    steps = steps.dropna(subset=["week"]).sort_values("week", kind="stable")
    own = results.pick(known, group=group)
    last = float(own["week"].max()) - study.schedule.baseline
    end = max(last, float(steps["week"].max()) if len(steps) else 0.0)
    table = steps[["week", "estimate", "ci_low", "ci_high"]].astype(float)
    start = pd.DataFrame({"week": [0.0], "estimate": 0.0, "ci_low": np.nan, "ci_high": np.nan})
    table = pd.concat([start, table], ignore_index=True)
    table = pd.concat([table, table.tail(1).assign(week=end)], ignore_index=True)
    return table.assign(**{c: 100 * table[c] for c in ("estimate", "ci_low", "ci_high")})


def _top(known, curves) -> float:
    """Give the end of the axis: 100%, or a round share above what is drawn where all are rare."""
    drawn = [c[["estimate", "ci_high"]].to_numpy() for c in curves]
    reached = max(100 * known["ci_high"].max(), *(np.nanmax(part) for part in drawn))
    return next((top for top in (5, 10, 20, 50) if reached * 1.15 < top), 104)


def _style(group: str, study) -> tuple:
    """Give colour and dashes; the study's own group has its colour whether or not alone."""
    own = f"{study.subgroup.column}={study.subgroup.value}"
    return ALL if group == "all" else OWN if group == own else OTHER


def _panel(axes, rows, curves: dict, study, *, top: float) -> None:
    for i, (group, curve) in enumerate(curves.items()):
        colour, dashes = _style(group, study)
        _band(axes, curve, colour)
        _bound(axes, results.pick(rows, group=group), colour, 1 - APART * i, study)
        line = {"color": colour, "linestyle": dashes, "linewidth": 1.5, "clip_on": False}
        axes.step(curve["week"], curve["estimate"], where="post", **line)
    if list(curves) == ["all"]:
        axes.set_title(WORDS["figures.time_to_event.all"])
        _last_value(axes, rows, study, top)
    else:
        axes.set_title(fit(WORDS.write("figures.time_to_event.by", study), 40))
        _names(axes, curves, study, top)
    _at_risk(axes, rows, curves, study)


def _band(axes, curve: pd.DataFrame, colour: str) -> None:
    week, low, high = curve["week"], curve["ci_low"], curve["ci_high"]
    known = (low.notna() & high.notna()).to_numpy()
    if known.any():
        look = {"color": colour, "alpha": 0.14, "linewidth": 0}
        axes.fill_between(week, low, high, where=known, step="post", **look)


def _last(rows) -> pd.Series:
    by_week = results.pick(rows, statistic="cumulative_incidence").dropna(subset=["estimate"])
    return by_week.sort_values("week").iloc[-1]


def _bound(axes, own, colour: str, shift: float, study) -> None:
    """Draw how far the interval reaches at the last week where there was no event at all."""
    row = _last(own)
    if not row["events"] and not text.is_missing(row["ci_high"]):
        week = shift * (row["week"] - study.schedule.baseline)
        axes.vlines(week, 0, 100 * row["ci_high"], color=colour, linewidth=1.2, clip_on=False)


def _last_value(axes, rows, study, top: float) -> None:
    """Write the incidence at the last week that has one, in the corner that is free."""
    row = _last(results.pick(rows, group="all"))
    low, high = (0.97, 0.05, "right", "bottom"), (0.03, 0.97, "left", "top")
    x, y, ha, va = low if 100 * row["ci_low"] > 0.3 * top else high
    words = _incidence("last", row, study)
    axes.text(x, y, words, transform=axes.transAxes, ha=ha, va=va)


def _names(axes, curves: dict, study, top: float) -> None:
    """Put each group's name at the end of its line, apart where the lines end together."""
    ends = sorted((float(c["estimate"].iloc[-1]), g) for g, c in curves.items())
    lowest = -np.inf
    for y, group in ends:
        name = textwrap.fill(fit(names.group(study, group), 40), 15)
        high = top * LINE * (1 + name.count("\n"))
        lowest = max(lowest, y - high / 2, 0.0)
        colour, dashes = _style(group, study)
        place = {"transform": axes.get_yaxis_transform(), "clip_on": False}
        axes.plot([1.02, 1.07], [lowest + high / 2] * 2, color=colour, linestyle=dashes, **place)
        axes.text(1.09, lowest + high / 2, name, va="center", **place)
        lowest += high


def _at_risk(axes, rows, curves: dict, study) -> None:
    risk = results.pick(rows, statistic="at_risk", group=list(curves))
    risk = risk.dropna(subset=["estimate", "week"])
    weeks = sorted(risk["week"].astype(int).unique())
    weeks = weeks[:: -(-len(weeks) // TICKS) or 1]
    baseline = study.schedule.baseline
    axes.set_xticks([w - baseline for w in weeks])
    axes.set_xlabel(WORDS["figures.time_to_event.x"])
    axes.set_xlim(0, max(float(c["week"].iloc[-1]) for c in curves.values()) or 1)
    below = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
    below |= {"va": "top", "annotation_clip": False}
    for i, group in enumerate(curves):
        style, y = _style(group, study), -32 - 11 * i
        axes.annotate(SIGNS[style], (0, 0), xytext=(-10, y), ha="right", color=style[0], **below)
        own = results.pick(risk, group=group).drop_duplicates("week").set_index("week")["estimate"]
        for week in weeks:
            number = text.count(own.get(week))
            axes.annotate(number, (week - baseline, 0), xytext=(0, y), ha="center", **below)


def _caption(known, groups, study) -> str:
    words, whole = WORDS["figures.time_to_event"], results.pick(known, group="all")
    parts = {
        "known": text.between(whole["n"]),
        "apart": words["apart"] * bool(groups),
        "flat": words["flat"] * bool((whole["events"] == 0).all()),
    }
    return WORDS.write("figures.time_to_event.caption", study, **parts)


def _alt(known, groups: list[str], study) -> str:
    parts = []
    for group in groups:
        own = results.pick(known, group=group).sort_values("week")
        own = own[:: -(-len(own) // TICKS) or 1]
        weeks = text.listed(_incidence("alt_week", row, study) for _, row in own.iterrows())
        name = names.term(text.sentence(names.group(study, group)), 40)
        parts.append(WORDS.write("figures.time_to_event.alt_group", study, name=name, weeks=weeks))
    return WORDS.write("figures.time_to_event.alt", study, groups=" ".join(parts))


def _incidence(entry: str, row, study) -> str:
    alone = "_alone" if text.is_missing(row["ci_low"]) else ""
    return WORDS.write(f"figures.time_to_event.{entry}{alone}", study, row)
