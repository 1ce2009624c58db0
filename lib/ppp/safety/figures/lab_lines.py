"""Laboratory values of each patient over time, one panel a test, with the laboratory's limits."""

import numpy as np
import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.figure import Figure, canvas, finish, note
from ppp.report.labels import fit
from ppp.report.lines import MANY, patient_lines
from ppp.report.look import GREY, INK, SOFT
from ppp.safety.figures.lab_values import in_weeks

KEY = "lab-lines"
ACROSS, MOST, ROOM = 4, 20, 25
CAPTION = "Laboratory values by week since baseline"
DRAWN = (
    "each patient (grey), the median at scheduled weeks (black), and the laboratory’s lower and "
    "upper limits of normal (dashed)"
)
NOT_RECORDED = "Laboratory values: not recorded."
NOTHING = "Laboratory values: none has both a number and a time."
BOTH, SAME = 2, 0.02
SIDES = {"lln": "lower", "uln": "upper"}
DASHES = (0, (4, 2))


def lab_lines(labs, patients, rows, study) -> Figure:
    """Draw each patient's values in grey, the median in ink, and the limits dashed, by test.

    Parameters
    ----------
    labs : DataFrame or None
        Canonical laboratory values: ``study_id``, ``test``, ``value``; ``unit``, ``lln``, ``uln``,
        ``week`` or ``date`` as far as recorded.
    patients : DataFrame
    rows : DataFrame
        Results rows ``lab_shift``: the panels follow the order of their tests.
    study : Study

    Returns
    -------
    Figure
        At most 20 tests, those of most patients; the caption says how many are left out, and where
        limits are not drawn because they are more than two on one side.
    """
    seen = in_weeks(labs, patients, study)
    if seen.empty:
        reason = NOT_RECORDED if labs is None or labs.empty else NOTHING
        return note(study, key=KEY, caption=CAPTION + ".", reason=reason)
    panels = _panels(seen, rows)
    chosen = panels[:MOST]
    across = min(len(chosen), ACROSS)
    tiers = -(-len(chosen) // across)
    with canvas(12 + 34 * tiers, tiers=tiers, panels=across, squeeze=False) as (drawn, grid):
        told = [
            _panel(axes, name, found, study)
            for axes, (name, found) in zip(grid.flat, chosen, strict=False)
        ]
        for axes in grid.flat[len(chosen) :]:
            axes.remove()
        for axes in grid.flat[max(len(chosen) - across, 0) : len(chosen)]:
            axes.set_xlabel("Weeks since baseline")
        left = len(panels) - len(chosen)
        more = f" {text.plural(left, 'further test')} not drawn." if left else ""
        more = _without_limits(chosen) + more
        return finish(
            drawn,
            study,
            key=KEY,
            caption=f"{CAPTION}: {DRAWN}; n = {text.count(seen['study_id'].nunique())}, observed "
            f"values.{more}",
            alt=f"Small panels of lines, one a test. {' '.join(told)}",
        )


def _panels(seen: pd.DataFrame, rows: pd.DataFrame) -> list[tuple]:
    """Split by test and unit; the tests of most patients are kept, in the order of the rows."""
    listed = results.pick(rows, analysis="lab_shift")["outcome"].unique()
    place = {test: number for number, test in enumerate(listed)}
    split = [(key, found) for key, found in seen.groupby(["test", "unit"])]
    size = {key: found["study_id"].nunique() for key, found in split}
    split.sort(key=lambda item: (-size[item[0]], item[0][0].casefold(), item[0]))
    kept = sorted(
        split[:MOST],
        key=lambda item: (place.get(item[0][0], len(place)), item[0][0].casefold(), item[0]),
    )
    return kept + split[MOST:]


def _panel(axes, name: tuple[str, str], found: pd.DataFrame, study) -> str:
    """Draw one test and tell it in words."""
    patient_lines(axes, found, "week", "value")
    alone = found[found.groupby("study_id")["value"].transform("size") == 1]
    if len(alone):
        axes.plot(
            alone["week"],
            alone["value"],
            ".",
            color=GREY,
            markersize=3,
            zorder=1,
            rasterized=len(alone) > MANY,
        )
    for limit in (x for side in SIDES for x in _drawn(found[side])):
        axes.axhline(limit, color=SOFT, linewidth=0.7, linestyle=DASHES)
    medians = _medians(found, study)
    axes.plot(medians.index, medians, "o-", color=INK, linewidth=1.4, markersize=2.5, zorder=3)
    unit = f", {fit(name[1].replace('^9', '⁹'), 9)}" if name[1] else ""
    axes.set_title(fit(name[0], ROOM - len(unit)) + unit)
    axes.set_xticks(_ticks(found, study))
    axes.margins(x=0.04, y=0.08)
    return _told(name, found, medians)


def _limits(recorded: pd.Series) -> list[float]:
    """Give the limits that differ by more than 2 %; of those that agree, the most frequent."""
    counts = (
        recorded.dropna().value_counts().sort_index().sort_values(ascending=False, kind="stable")
    )
    different = []
    while len(counts):
        different.append(counts.index[0])
        counts = counts[np.abs(counts.index - different[-1]) > SAME * abs(different[-1])]
    return different


def _drawn(recorded: pd.Series) -> list[float]:
    """Give the limits of one side: one, or two (as of women and men); none where there are more."""
    different = _limits(recorded)
    return different if len(different) <= BOTH else []


def _without_limits(panels: list[tuple]) -> str:
    many = [
        f"{names.term(name[0], 40)} ({words})"
        for name, found in panels
        for side, words in SIDES.items()
        if len(_limits(found[side])) > BOTH
    ]
    return f" More than two different limits, not drawn: {text.listed(many)}." if many else ""


def _medians(found: pd.DataFrame, study) -> pd.Series:
    """Median by scheduled week, of each patient's value nearest to it within the window."""
    weeks = np.array(study.schedule.weeks, dtype=float) - study.schedule.baseline
    away = np.abs(found["week"].to_numpy()[:, None] - weeks)
    table = found.assign(slot=weeks[away.argmin(axis=1)], away=away.min(axis=1))
    near = table[table["away"] * 7 <= study.schedule.window_days]
    near = near.sort_values(["away", "week", "value"], kind="stable")
    return near.drop_duplicates(["study_id", "slot"]).groupby("slot")["value"].median()


def _ticks(found: pd.DataFrame, study) -> list[int]:
    weeks = [week - study.schedule.baseline for week in study.schedule.weeks]
    low, high = found["week"].min() - 1, found["week"].max() + 1
    within = [week for week in weeks if low <= week <= high]
    return within[:: -(-len(within) // 6) or 1]


def _told(name: tuple[str, str], found: pd.DataFrame, medians: pd.Series) -> str:
    test, unit = names.term(name[0], 40), names.term(name[1], 12)
    patients = text.plural(found["study_id"].nunique(), "patient")
    shown = f"{test}{f', {unit}' if unit else ''}: {patients}"
    if medians.empty:
        return shown + "."
    ends = medians.iloc[[0, -1]] if len(medians) > 1 else medians
    medians_told = (f"week {week:g} {_number(value)}" for week, value in ends.items())
    return f"{shown}, median {text.listed(medians_told)}."


def _number(value: float) -> str:
    return text.number(value, 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2)
