"""The forest plot of the two groups and their difference."""

import pandas as pd

from ppp import results
from ppp.catalogue.outcomes import outcomes
from ppp.report import names, text
from ppp.report.figure import Figure, canvas, finish, note
from ppp.report.look import BLUE, INK, PAIR, SOFT

GROUPS = (
    ": {who} (paired t intervals), and the difference between the groups, "
    "which is the interaction of group and time (Welch interval){adjusted}. Exploratory."
)
DIFFERENCES = {"welch": "Difference", "ancova": "Difference, adjusted"}
ADJUSTED = ", also at the mean baseline score (adjusted; ANCOVA, HC3)"


def forest(rows, study, *, outcome: str | None = None, week: int | None = None) -> Figure:
    """Draw the mean change of everyone, of each group, and the difference of the groups.

    From results rows ``change`` (``mean_change``) and ``group_difference`` (``welch``, and
    ``ancova`` where it is there). No group has a p-value. `outcome` is the primary endpoint unless
    given. `week` is the primary week unless given.
    """
    key, outcome = names.key("forest", outcome), outcome or study.endpoints.primary
    week = study.schedule.primary if week is None else week
    label = names.inside(study, outcome)
    caption = f"Mean change in {label} from week {study.schedule.baseline} to week {week}"
    lines = _lines(rows, study, outcome, week)
    if not any(not text.is_missing(row["estimate"]) for _, row, _ in lines):
        return note(
            study,
            key=key,
            caption=caption + " by group.",
            reason=f"Change in {label} by group: {'not estimable' if lines else 'not recorded'}.",
        )
    with canvas(20 + 7.5 * len(lines)) as (drawn, axes):
        axes.axvline(0, color=SOFT, linewidth=0.6, linestyle=":")
        for y, (_, row, colour) in enumerate(lines):
            _line(axes, y, row, colour)
        axes.set_yticks(range(len(lines)), [name for name, _, _ in lines])
        axes.set_ylim(len(lines) - 0.5, -0.6)
        axes.tick_params(axis="y", length=0)
        unit = study.unit(outcome) or "points"
        axes.set_xlabel(f"Change in {label}, {unit} (95% CI); {_better(study, outcome)}")
        axes.annotate(
            "n; estimate (95% CI)",
            (1.02, -1),
            xycoords=("axes fraction", "data"),
            va="center",
            color=SOFT,
            annotation_clip=False,
        )
        told = "; ".join(f"{name}: n = {_numbers(row)}" for name, row, _ in lines)
        return finish(
            drawn, study, key=key, caption=caption + _words(lines), alt=f"Forest plot. {told}."
        )


def _better(study, outcome: str) -> str:
    falls = outcomes(study)[outcome].sign > 0
    return f"{'negative' if falls else 'positive'}: improvement, or more of it in the first group"


def _lines(rows, study, outcome, week) -> list[tuple]:
    change = results.pick(
        rows,
        analysis="change",
        outcome=outcome,
        week=week,
        statistic="mean_change",
        missing="observed",
    )
    groups = names.groups(rows, study)
    order = zip(["all", *groups], (INK, PAIR[1], PAIR[0]), strict=False)
    lines = []
    for group, colour in order:
        found = results.pick(change, group=group).drop_duplicates(["group"])
        name = text.sentence(names.group(study, group))
        lines += [(name, row, colour) for _, row in found.iterrows()]
    for statistic, name in DIFFERENCES.items():
        found = results.pick(
            rows, analysis="group_difference", outcome=outcome, week=week, statistic=statistic
        ).head(1)
        lines += [(name, row, BLUE) for _, row in found.iterrows()]
    return lines


def _words(lines) -> str:
    if len(lines) < 2:
        return "; groups were not recorded."
    everyone = any(row["group"] == "all" for _, row, _ in lines)
    who = "all patients and each group" if everyone else "each group"
    adjusted = any(row["statistic"] == "ancova" for _, row, _ in lines)
    return GROUPS.format(who=who, adjusted=ADJUSTED if adjusted else "")


def _line(axes, y: int, row: pd.Series, colour: str) -> None:
    if not text.is_missing(row["estimate"]):
        marker = "D" if row["analysis"] == "group_difference" else "o"
        axes.plot(row["estimate"], y, marker, color=colour, markersize=5)
    if not text.is_missing(row["ci_low"]):
        axes.plot([row["ci_low"], row["ci_high"]], [y, y], color=colour, linewidth=1.2)
    axes.annotate(
        _numbers(row),
        (1.02, y),
        xycoords=("axes fraction", "data"),
        va="center",
        annotation_clip=False,
    )


def _numbers(row) -> str:
    shown = "–" if text.is_missing(row["estimate"]) else text.estimate_ci(row)
    return f"{text.count(row['n'])}; {shown}"
