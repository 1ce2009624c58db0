"""The figure of this cohort beside published placebo arms."""

import pandas as pd

from ppp import results
from ppp.catalogue.outcomes import outcomes
from ppp.efficacy.context import arm, beside_placebo
from ppp.report.figure import canvas, finish
from ppp.report.look import BLUE, SOFT
from ppp.report.prose import Absent
from ppp.report.words import Words
from ppp.report.write import scale

WORDS = Words("ppp.efficacy")
ROW = 6.5


def placebo(rows, study):
    """Draw change and response in this cohort and in published placebo arms, one panel an outcome.

    From results rows ``placebo``, and this cohort's ``change`` and ``responder``. Nothing where
    there are no placebo arms.
    """
    here = beside_placebo(rows, study)
    if here.empty:
        return Absent()
    words = WORDS.within("figures.placebo", study)
    codes, lines = list(here["outcome"].unique()), list(here["level"].unique())
    size = {"panels": len(codes), "squeeze": False, "sharey": True}
    with canvas(22 + ROW * len(lines), **size) as (drawn, grid):
        for axes, code in zip(grid.flat, codes, strict=True):
            kind = "change" if code in outcomes(study) else "share"
            _panel(axes, results.pick(here, outcome=code), lines)
            axes.set_xlabel(words(f"x_{kind}", {"outcome": code}))
        grid.flat[0].set_yticks(range(len(lines)), [arm(study, line) for line in lines])
        grid.flat[0].set_ylim(len(lines) - 0.5, -0.5)
        alt = words("alt", said="; ".join(_said(here, study, line) for line in lines))
        return finish(drawn, study, key="placebo", caption=words("caption"), alt=alt)


def _panel(axes, rows, lines) -> None:
    for _, row in rows.iterrows():
        y, factor = lines.index(row["level"]), scale(row["statistic"])
        colour = SOFT if row["level"] else BLUE
        if pd.notna(row["ci_low"]):
            ends = [factor * row["ci_low"], factor * row["ci_high"]]
            axes.plot(ends, [y, y], color=colour, linewidth=1.2)
        axes.plot(factor * row["estimate"], y, "o", color=colour, markersize=4.5)
    if scale(rows["statistic"].iloc[0]) == 100:
        axes.set_xlim(-8, 108)
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.08)


def _said(here, study, line: str) -> str:
    shown = [
        WORDS.write(f"figures.placebo.alt_{row['statistic']}", study, row)
        for _, row in results.pick(here, level=line).iterrows()
    ]
    return f"{arm(study, line)}: {', '.join(shown)}"
