"""Laboratory values of each patient over time, one panel a test, with the laboratory's limits."""

import numpy as np
import pandas as pd

from ppp import results
from ppp.laboratory.tables import further
from ppp.report import names, text
from ppp.report.figure import MANY, Figure, canvas, finish, note, patient_lines
from ppp.report.look import GREY, INK, SOFT
from ppp.report.names import fit
from ppp.report.words import Words
from ppp.results import has_code

WORDS = Words("ppp.laboratory")
KEY = "lab-lines"
ACROSS, MOST, ROOM = 4, 20, 25
BOTH = 2
AGREE = 0.02
SIDES = ("lln", "uln")
DASHES = (0, (4, 2))


def lab_lines(values: pd.DataFrame, rows, study) -> Figure:
    """Draw each patient's values in grey, the median in ink, and the limits dashed, by test.

    `values` is as `ppp.laboratory.rows.values` gives them; counts and medians are rows
    ``lab_value``. At most 20 tests, those of most patients; the caption says how many are left
    out, and where limits are not drawn because they are more than two on one side.
    """
    here = results.pick(rows, analysis="lab_value")
    counts = results.pick(here, statistic="count")
    everyone, counts = results.pick(counts, outcome="any"), counts[counts["outcome"] != "any"]
    if counts.empty:
        why = "unplaced" if has_code(here, "unplaced").any() else "absent"
        caption, reason = (WORDS[f"figures.courses.{x}"] for x in ("absent_caption", why))
        return note(study, key=KEY, caption=caption, reason=reason)
    most = counts.sort_values("estimate", ascending=False, kind="stable").head(MOST).index
    by_panel = dict(list(values.groupby(["test", "unit"])))
    panels = [
        (row, by_panel[row["outcome"], row["level"]], _medians(here, row, study))
        for _, row in counts[counts.index.isin(most)].iterrows()
    ]
    across = min(len(panels), ACROSS)
    tiers = -(-len(panels) // across)
    with canvas(12 + 34 * tiers, tiers=tiers, panels=across, squeeze=False) as (drawn, grid):
        for axes, panel in zip(grid.flat, panels, strict=False):
            _panel(axes, *panel, study)
        for axes in grid.flat[len(panels) :]:
            axes.remove()
        for axes in grid.flat[max(len(panels) - across, 0) : len(panels)]:
            axes.set_xlabel(WORDS["figures.courses.axis"])
        told = " ".join(_told(row, medians, study) for row, _, medians in panels)
        parts = [
            WORDS.write("figures.courses.caption", study, everyone.iloc[0], n=_n(everyone.iloc[0])),
            _without_limits(panels, study),
            further("further_not_drawn", len(counts) - len(panels), study),
        ]
        return finish(
            drawn,
            study,
            key=KEY,
            caption=" ".join(filter(None, parts)),
            alt=WORDS.write("figures.courses.alt", study, tests=told),
        )


def _n(row) -> str:
    return text.count(row["n"])


def _medians(here: pd.DataFrame, row, study) -> pd.DataFrame:
    """Pick the medians of a panel, by week since baseline."""
    where = {"outcome": row["outcome"], "level": row["level"], "statistic": "median"}
    medians = results.pick(here, **where)
    return medians.set_index(medians["week"].astype(float) - study.schedule.baseline)


def _panel(axes, row, drawn: pd.DataFrame, medians: pd.DataFrame, study) -> None:
    patient_lines(axes, drawn, "week", "value")
    alone = drawn[drawn.groupby("study_id")["value"].transform("size") == 1]
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
    for recorded in (limits(drawn[side]) for side in SIDES):
        for limit in recorded if len(recorded) <= BOTH else ():
            axes.axhline(limit, color=SOFT, linewidth=0.7, linestyle=DASHES)
    axes.plot(
        medians.index, medians["estimate"], "o-", color=INK, linewidth=1.4, markersize=2.5, zorder=3
    )
    unit = f", {fit(row['level'].replace('^9', '⁹'), 9)}" if row["level"] else ""
    axes.set_title(fit(row["outcome"], ROOM - len(unit)) + unit)
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


def _told(row, medians: pd.DataFrame, study) -> str:
    """Tell a panel in words: patients, and the first and the last median."""
    test, unit = names.term(row["outcome"], 40), names.term(row["level"], 12)
    name = WORDS.write("figures.courses.with_unit", study, test=test, unit=unit) if unit else test
    ends = medians.iloc[[0, -1]] if len(medians) > 1 else medians
    told = text.listed(
        WORDS.write("figures.courses.alt_median", study, median, week=f"{week:g}")
        for week, median in ends.iterrows()
    )
    entry = f"{'alt_medians' if told else 'alt_test'}.{'one' if row['n'] == 1 else 'several'}"
    words = {"test": name, "n": _n(row), "medians": told}
    return WORDS.write(f"figures.courses.{entry}", study, **words)


def limits(recorded: pd.Series) -> list[float]:
    """Give the limits of one side that differ by more than 2 %, the most frequent first.

    >>> limits(pd.Series([73, 73, 73.39, 97.26, 97.26, 97, np.nan]))
    [73.0, 97.26]
    """
    counts = (
        recorded.dropna().value_counts().sort_index().sort_values(ascending=False, kind="stable")
    )
    different = []
    while len(counts):
        different.append(float(counts.index[0]))
        counts = counts[np.abs(counts.index - different[-1]) > AGREE * abs(different[-1])]
    return different
