"""Figures of responders and of change by visit."""

import seaborn as sns

from ppp import results
from ppp.catalogue.outcomes import targets
from ppp.efficacy.direction import improvement
from ppp.report import names, text
from ppp.report.figure import Figure, canvas, finish, note
from ppp.report.look import BLUE, INK, SOFT
from ppp.report.words import Words

WORDS = Words("ppp.efficacy")
PANELS = 4


def responders(rows, study, *, missing: str = "nri") -> Figure:
    """Draw responder percentages by visit as bars with Wilson intervals.

    Parameters
    ----------
    missing : str
        ``nri`` (missing counted as failure) or ``observed``.
    """
    here = {"analysis": "responder", "statistic": "wilson", "group": "all", "missing": missing}
    rows = results.pick(rows, **here).dropna(subset=["estimate"])
    rule = WORDS[f"figures.responders.rule.{missing}"]
    words = WORDS.within("figures.responders", study, rule=rule)
    if rows.empty:
        caption = words("caption_absent")
        return note(study, key="responders", caption=caption, reason=words("absent"))
    weeks = sorted(rows["week"].unique())
    shades = dict(zip(weeks, sns.light_palette(BLUE, len(weeks) + 1)[1:], strict=True))
    with canvas(72) as (drawn, axes):
        ticks, middles = _bars(axes, rows, shades)
        axes.set_xticks([x for x, _ in ticks], [str(week) for _, week in ticks])
        axes.tick_params(axis="x", length=0)
        style = {"ha": "center", "va": "top", "xytext": (0, -26), "textcoords": "offset points"}
        style["xycoords"] = ("data", "axes fraction")
        for x, outcome in middles:
            axes.annotate(_name(study, outcome), (x, 0), **style)
        axes.set(ylim=(0, 104), ylabel=words("y"))
        axes.set_xlabel(words("x"), loc="left", labelpad=1)
        last = results.pick(rows, week=int(weeks[-1]))
        said = text.listed(
            WORDS.write("figures.responders.alt_one", study, row) for _, row in last.iterrows()
        )
        caption = words("caption", n=text.between(rows["n"]))
        alt = words("alt", week=weeks[-1], said=said)
        return finish(drawn, study, key="responders", caption=caption, alt=alt)


def _name(study, code: str) -> str:
    """Name a target, in two lines where the name is long."""
    target, name = targets(study)[code], names.outcome(study, code)
    label = names.outcome(study, target.outcome)
    return name.replace(f"{label} ", f"{label}\n", 1) if target.rule == "by" else name


def _bars(axes, rows, shades) -> tuple[list, list]:
    ticks, middles, x = [], [], 0.0
    for outcome in rows["outcome"].unique():
        start = x
        for _, row in results.pick(rows, outcome=outcome).sort_values("week").iterrows():
            height = 100 * row["estimate"]
            reach = height - 100 * row["ci_low"], 100 * row["ci_high"] - height
            axes.bar(x, height, width=0.85, color=shades[row["week"]])
            reach = [[max(0.0, end)] for end in reach]
            axes.errorbar(x, height, reach, color=INK, linewidth=0.8, capsize=2)
            ticks.append((x, row["week"]))
            x += 1
        middles.append(((start + x - 1) / 2, outcome))
        x += 0.7
    return ticks, middles


def change_by_visit(rows, study) -> Figure:
    """Draw the mean change from baseline with its interval, by visit, one panel a score."""
    here = {"analysis": "change", "statistic": "mean_change", "group": "all"}
    rows = results.pick(rows, missing="observed", **here).dropna(subset=["estimate"])
    words = WORDS.within("figures.change", study)
    outcomes = list(rows["outcome"].unique())[:PANELS]
    if not outcomes:
        caption = words("caption_absent")
        return note(study, key="change", caption=caption, reason=words("absent"))
    with canvas(62, panels=len(outcomes), squeeze=False) as (drawn, grid):
        for axes, outcome in zip(grid.flat, outcomes, strict=True):
            _change_panel(axes, results.pick(rows, outcome=outcome), study, outcome)
        said = text.listed(
            WORDS.write("figures.change.alt_one", study, row)
            for _, row in results.pick(rows, outcome=outcomes).iterrows()
        )
        better = improvement(study, outcomes)
        caption = words("caption", n=text.between(rows["n"]), improvement=better)
        return finish(drawn, study, key="change", caption=caption, alt=words("alt", said=said))


def _change_panel(axes, rows, study, outcome) -> None:
    rows = rows.sort_values("week")
    words = WORDS.within("figures.change", study, {"outcome": outcome})
    x = [study.schedule.baseline, *rows["week"].astype(int)]
    low = (rows["estimate"] - rows["ci_low"]).fillna(0)
    high = (rows["ci_high"] - rows["estimate"]).fillna(0)
    axes.axhline(0, color=SOFT, linewidth=0.6, linestyle=":")
    axes.plot(x, [0, *rows["estimate"]], color=BLUE)
    style = {"color": BLUE, "fmt": "o", "markersize": 4, "capsize": 2.5, "linewidth": 1}
    axes.errorbar(x[1:], rows["estimate"], [low, high], **style)
    axes.set(xticks=x, xlabel=words("x"), title=names.outcome(study, outcome))
    axes.set_ylabel(words("y"))
