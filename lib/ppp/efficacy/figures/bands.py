"""Migration between the bands of a score, from baseline to the primary week."""

import numpy as np
import pandas as pd
import seaborn as sns

from ppp import levels, results
from ppp.catalogue.outcomes import in_order, outcomes
from ppp.report import names, text
from ppp.report.figure import NARROW, Figure, canvas, finish, note
from ppp.report.look import BLUE, INK
from ppp.report.words import Words

WORDS = Words("ppp.efficacy")
WIDTH = 0.16
STEPS = np.linspace(0, 1, 41)
EASE = 3 * STEPS**2 - 2 * STEPS**3


def bands(rows, study, *, outcome: str | None = None) -> Figure:
    """Draw how many patients moved from each band at baseline to each at the primary week.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``band``.
    outcome : str, optional
        A score with bands; unless given, the first of the key results that has such rows.
    """
    key, rows = names.key("bands", outcome), results.pick(rows, analysis="band", group="all")
    outcome = outcome or _first(rows, study)
    rows = results.pick(rows, outcome=outcome)
    weeks = (study.schedule.baseline, study.schedule.primary)
    about = {"outcome": outcome, "week": weeks[1]}
    words = WORDS.within("figures.bands", study, about)
    moved, n = results.pick(rows, statistic="moved"), rows["n"].max()
    if moved.empty:
        return note(study, key=key, caption=words("caption_absent"), reason=words("absent"))
    labels = [label for label, *_ in outcomes(study)[outcome].bands]
    shades = dict(zip(labels, sns.light_palette(BLUE, len(labels) + 1)[1:], strict=True))
    counts = [_counts(rows, week, labels) for week in weeks]
    with canvas(92, width=NARROW) as (drawn, axes):
        _ribbons(axes, moved, *counts, shades)
        for x, (sizes, week) in enumerate(zip(counts, weeks, strict=True)):
            _column(axes, x, sizes, shades)
            at = words("week", week=week)
            axes.text(x, -0.02 * n, at, ha="center", va="top", color=INK)
        axes.set(xlim=(-0.1, 1.1), ylim=(-0.08 * n, n))
        axes.set_axis_off()
        caption = words("caption", n=text.count(n))
        told = [
            words("alt_week", week=week, counts=text.listed(_said(sizes)))
            for sizes, week in zip(counts, weeks, strict=True)
        ]
        alt = words("alt", counts=" ".join(told))
        return finish(drawn, study, key=key, caption=caption, alt=alt)


def _first(rows, study) -> str:
    with_bands = [code for code, outcome in outcomes(study).items() if outcome.bands]
    return in_order(list(rows["outcome"].unique()) or with_bands, study)[0]


def _counts(rows, week: int, labels) -> pd.Series:
    here = results.pick(rows, statistic="count", week=week).set_index("level")
    return here["events"].astype(int).reindex(labels, fill_value=0)


def _said(sizes) -> list[str]:
    return [f"{band} {text.count(k)}" for band, k in sizes.items() if k]


def _starts(sizes) -> dict:
    return dict(zip(sizes.index, np.cumsum(sizes.to_numpy()) - sizes.to_numpy(), strict=True))


def _ribbons(axes, moved, before, after, shades) -> None:
    left, right = _starts(before), _starts(after)
    size = {levels.shift_of(r["level"]): int(r["events"]) for _, r in moved.iterrows()}
    x = WIDTH / 2 + STEPS * (1 - WIDTH)
    for one in shades:
        for other in shades:
            k = size.get((one, other), 0)
            if k:
                low = left[one] + EASE * (right[other] - left[one])
                axes.fill_between(x, low, low + k, color=shades[one], alpha=0.55, linewidth=0)
            left[one] += k
            right[other] += k


def _column(axes, x: int, sizes, shades) -> None:
    side, apart, y = -1 if x == 0 else 1, 0.04 * sizes.sum(), -np.inf
    starts = _starts(sizes)
    for band, size in sizes[sizes > 0].items():
        style = {"color": shades[band], "edgecolor": "white", "linewidth": 0.8}
        axes.bar(x, size, width=WIDTH, bottom=starts[band], **style)
        y = max(starts[band] + size / 2, y + apart)
        shown = f"{text.sentence(band)}: {text.count(size)}"
        align = "right" if side < 0 else "left"
        axes.text(x + side * 0.12, y, shown, va="center", color=INK, ha=align)
