"""Migration between the bands of DLQI, from baseline to the primary week."""

import numpy as np
import pandas as pd
import seaborn as sns

from ppp import results
from ppp.report import names, text
from ppp.report.figure import NARROW, Figure, canvas, finish, note
from ppp.report.look import BLUE, INK

FIELD = "dlqi_band"
WIDTH = 0.16
STEPS = np.linspace(0, 1, 41)
EASE = 3 * STEPS**2 - 2 * STEPS**3


def dlqi_bands(visits, rows, study, *, band) -> Figure:
    """Draw how many patients moved from each DLQI band at baseline to each at the primary week.

    Parameters
    ----------
    visits : DataFrame or None
        Canonical visits: study_id, week, dlqi.
    rows : DataFrame
        Results rows ``count`` of ``dlqi_band`` by week; counts are printed only where they are.
    study : Study
    band : callable
        Makes ordered bands, best first, from scores (`ppp.data.scores.dlqi_band`).

    Returns
    -------
    Figure
    """
    start, week = study.schedule.baseline, study.schedule.primary
    label = names.outcome(study, "dlqi")
    caption = f"{label} bands at week {start} and week {week}"
    table = _table(visits, band, start, week)
    if table is None or not table.to_numpy().sum():
        return note(
            study,
            key="dlqi-bands",
            caption=caption + ".",
            reason=f"{label} at both visits: not recorded.",
        )
    n = int(table.to_numpy().sum())
    shades = dict(zip(table.index, _shades(len(table)), strict=True))
    counts = {w: _counts(rows, table.index, w, n) for w in (start, week)}
    with canvas(92, width=NARROW) as (drawn, axes):
        _ribbons(axes, table, shades)
        for x, sizes, at in ((0, table.sum(axis=1), start), (1, table.sum(axis=0), week)):
            _column(axes, x, sizes, shades, counts[at])
            axes.text(x, -0.02 * n, f"Week {at}", ha="center", va="top", color=INK)
        axes.set(xlim=(-0.1, 1.1), ylim=(-0.08 * n, n))
        axes.set_axis_off()
        return finish(
            drawn,
            study,
            key="dlqi-bands",
            caption=f"{caption}: each ribbon is the patients who moved from one band to another, "
            f"the best band at the foot; n = {n:,} with both values.",
            alt=f"Ribbons between {label} bands. {_told(counts, label)}",
        )


def _table(visits, band, start, week):
    if visits is None or "dlqi" not in visits:
        return None
    wide = visits.pivot(index="study_id", columns="week", values="dlqi")
    wide = wide.reindex(columns=[start, week]).apply(band).dropna()
    return pd.crosstab(wide[start], wide[week], dropna=False)


def _shades(size: int) -> list:
    return sns.light_palette(BLUE, size + 1)[1:]


def _counts(rows, bands, week, n) -> dict:
    """Return band → count from rows, where they are of the patients that are drawn."""
    found = results.pick(
        rows, analysis="count", outcome=FIELD, group="all", week=int(week), statistic="count"
    )
    made = dict(zip(found["level"], found["events"], strict=True))
    return {b: int(made[b]) for b in bands if b in made} if sum(made.values()) == n else {}


def _ribbons(axes, table, shades) -> None:
    left = dict(zip(table.index, _starts(table.sum(axis=1)), strict=True))
    right = dict(zip(table.columns, _starts(table.sum(axis=0)), strict=True))
    x = WIDTH / 2 + STEPS * (1 - WIDTH)
    for one in table.index:
        for other in table.columns:
            size = table.loc[one, other]
            if size:
                low = left[one] + EASE * (right[other] - left[one])
                axes.fill_between(x, low, low + size, color=shades[one], alpha=0.55, linewidth=0)
            left[one] += size
            right[other] += size


def _starts(sizes) -> np.ndarray:
    return np.cumsum(sizes.to_numpy()) - sizes.to_numpy()


def _column(axes, x: int, sizes, shades, counts) -> None:
    side, apart, y = -1 if x == 0 else 1, 0.04 * sizes.sum(), -np.inf
    for band, start, size in zip(sizes.index, _starts(sizes), sizes, strict=True):
        if not size:
            continue
        axes.bar(
            x, size, width=WIDTH, bottom=start, color=shades[band], edgecolor="white", linewidth=0.8
        )
        shown = f"{text.sentence(band)}{f': {text.count(counts[band])}' if band in counts else ''}"
        y = max(start + size / 2, y + apart)
        axes.text(
            x + side * 0.12, y, shown, va="center", color=INK, ha="right" if side < 0 else "left"
        )


def _told(counts, label: str) -> str:
    told = [
        f"Week {week}: " + text.listed(f"{b} {text.count(k)}" for b, k in made.items() if k) + "."
        for week, made in counts.items()
        if made
    ]
    return " ".join(told) or f"How many patients had each {label} band is not in the results."
