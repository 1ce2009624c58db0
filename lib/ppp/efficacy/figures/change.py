"""Figures of responders and of change by visit."""

import seaborn as sns

from ppp import results
from ppp.report import names, text
from ppp.report.figure import Figure, canvas, finish, note
from ppp.report.look import BLUE, INK, SOFT


def responders(rows, study, *, missing: str = "nri", group: str = "all") -> Figure:
    """Draw responder percentages by visit as bars with Wilson intervals.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``responder``.
    study : Study
    missing : str
        ``nri`` (missing counted as failure) or ``observed``.
    group : str
        ``all`` or ``column=value``.

    Returns
    -------
    Figure
    """
    found = results.pick(
        rows, analysis="responder", statistic="wilson", group=group, missing=missing
    ).dropna(subset=["estimate"])
    rule = "missing counted as failure (NRI)" if missing == "nri" else "observed values"
    caption = f"Responders by visit, {names.group(study, group)}, {rule}"
    if found.empty:
        reason = "Responders: not recorded."
        return note(study, key="responders", caption=caption + ".", reason=reason)
    weeks = sorted(found["week"].unique())
    shades = dict(zip(weeks, sns.light_palette(BLUE, len(weeks) + 1)[1:], strict=True))
    with canvas(72) as (drawn, axes):
        ticks, middles = _bars(axes, found, shades)
        axes.set_xticks([x for x, _ in ticks], [str(w) for _, w in ticks])
        axes.tick_params(axis="x", length=0)
        for x, outcome in middles:
            axes.annotate(
                _two_lines(names.outcome(study, outcome)),
                (x, 0),
                xytext=(0, -26),
                ha="center",
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                va="top",
            )
        axes.set(ylim=(0, 104), ylabel="Responders, % (95% CI)")
        axes.set_xlabel("Week", loc="left", labelpad=1)
        last = results.pick(found, week=int(weeks[-1]))
        n = text.between(found["n"])
        told = text.listed(
            f"{names.outcome(study, r['outcome'])} {text.of(r)} ({text.percent(r['estimate'])})"
            for _, r in last.iterrows()
        )
        return finish(
            drawn,
            study,
            key="responders",
            caption=f"{caption}; bars with Wilson 95% intervals, n = {n}.",
            alt=f"Bars of responder percentages by week. At week {weeks[-1]}: {told}.",
        )


def _bars(axes, found, shades) -> tuple[list, list]:
    ticks, middles, x = [], [], 0.0
    for outcome in found["outcome"].unique():
        start = x
        for _, row in results.pick(found, outcome=outcome).sort_values("week").iterrows():
            height = 100 * row["estimate"]
            reach = [[height - 100 * row["ci_low"]], [100 * row["ci_high"] - height]]
            reach = [[max(0.0, r[0])] for r in reach]
            axes.bar(x, height, width=0.85, color=shades[row["week"]])
            axes.errorbar(x, height, reach, color=INK, linewidth=0.8, capsize=2)
            ticks.append((x, row["week"]))
            x += 1
        middles.append(((start + x - 1) / 2, outcome))
        x += 0.7
    return ticks, middles


def _two_lines(name: str) -> str:
    return name.replace(" improved by ", "\nimproved by ")


def change_by_visit(rows, study, *, group: str = "all") -> Figure:
    """Draw the mean change from baseline with its interval, by visit, one panel a score.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``change``, statistic ``mean_change``.
    study : Study
    group : str
        ``all`` or ``column=value``.

    Returns
    -------
    Figure
    """
    found = results.pick(
        rows, analysis="change", statistic="mean_change", group=group, missing="observed"
    ).dropna(subset=["estimate"])
    caption = f"Mean change from week {study.schedule.baseline}, {names.group(study, group)}"
    outcomes = list(found["outcome"].unique())[:4]
    if not outcomes:
        reason = "Change from baseline: not recorded."
        return note(study, key="change", caption=caption + ".", reason=reason)
    with canvas(62, panels=len(outcomes), squeeze=False) as (drawn, grid):
        for axes, outcome in zip(grid.flat, outcomes, strict=True):
            _change_panel(axes, results.pick(found, outcome=outcome), study, outcome)
        told = text.listed(
            f"{names.outcome(study, r['outcome'])} week {r['week']} {text.estimate_ci(r)}"
            for _, r in found[found["outcome"].isin(outcomes)].iterrows()
        )
        n = f"n = {text.between(found['n'])} observed pairs"
        return finish(
            drawn,
            study,
            key="change",
            caption=f"{caption}, with 95% intervals of the paired t; {n}. Below 0 is improvement.",
            alt=f"Mean change by week. {told}.",
        )


def _change_panel(axes, found, study, outcome) -> None:
    found = found.sort_values("week")
    x = [study.schedule.baseline, *found["week"].astype(int)]
    low = (found["estimate"] - found["ci_low"]).fillna(0)
    high = (found["ci_high"] - found["estimate"]).fillna(0)
    axes.axhline(0, color=SOFT, linewidth=0.6, linestyle=":")
    axes.plot(x, [0, *found["estimate"]], color=BLUE)
    axes.errorbar(
        x[1:],
        found["estimate"],
        [low, high],
        color=BLUE,
        fmt="o",
        markersize=4,
        capsize=2.5,
        linewidth=1,
    )
    axes.set(xticks=x, xlabel="Week", title=names.outcome(study, outcome))
    axes.set_ylabel(f"Change, {study.unit(outcome) or 'points'}")
