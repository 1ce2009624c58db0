"""Regression to the mean: the fall that chance alone gives to patients who came at a flare."""

import numpy as np
import seaborn as sns

from ppp import results
from ppp.report import names, text
from ppp.report.figure import NARROW, Figure, canvas, finish, note
from ppp.report.look import BLUE, INK

GRID = 201
NOT_EXCLUDED = (
    "The natural course, concomitant treatment, unblinded scoring and selection stay possible "
    "everywhere."
)


def regression_to_mean(rows, study, *, outcome: str | None = None) -> Figure:
    """Draw the change expected without treatment over test–retest correlation and usual mean.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``regression_to_mean`` (``explaining_correlation``) and ``change``
        (``mean_change``); together they give the mean before: change / (ρ − 1).
    study : Study
    outcome : str, optional
        The primary endpoint unless given.

    Returns
    -------
    Figure
    """
    key, outcome = names.key("regression-to-mean", outcome), outcome or study.endpoints.primary
    week, label = study.schedule.primary, names.outcome(study, outcome)
    caption = f"Change in {label} expected from regression to the mean alone"
    bound = _row(
        rows, analysis="regression_to_mean", outcome=outcome, statistic="explaining_correlation"
    )
    change = _row(
        rows,
        analysis="change",
        outcome=outcome,
        week=week,
        group="all",
        statistic="mean_change",
        missing="observed",
    )
    if _empty(bound) or _empty(change) or bound["estimate"] >= 1:
        return note(
            study,
            key=key,
            caption=caption + ".",
            reason=f"Regression to the mean in {label}: {_why(bound)}.",
        )
    before = change["estimate"] / (bound["estimate"] - 1)
    with canvas(92, width=NARROW) as (drawn, axes):
        _map(drawn, axes, before, study.unit(outcome) or "points")
        _observed(axes, before, change)
        axes.set(xlim=(0, 1), ylim=(0, before))
        axes.set_xlabel("Test–retest correlation ρ, untreated")
        axes.set_ylabel(f"Usual mean {label} of these patients")
        return finish(
            drawn,
            study,
            key=key,
            caption=f"{caption}, −(1 − ρ) × (baseline mean − usual mean), over the test–retest "
            f"correlation ρ and the patients' usual mean{_line_words(bound)}; n = "
            f"{text.count(bound['n'])}. {NOT_EXCLUDED}",
            alt=f"Map of the change in {label} expected from regression to the mean. The observed "
            f"mean change to week {week} is {text.estimate_ci(change)}. {_told(bound)}",
        )


def _row(rows, **where):
    found = results.pick(rows, **where)
    return None if found.empty else found.iloc[0]


def _empty(row) -> bool:
    return row is None or text.is_missing(row["estimate"])


def _why(row) -> str:
    return "not recorded" if row is None else row["note"] or text.NOT_ESTIMABLE


def _map(drawn, axes, before: float, unit: str) -> None:
    correlation, usual = np.meshgrid(np.linspace(0, 1, GRID), np.linspace(0, before, GRID))
    expected = -(1 - correlation) * (before - usual)
    shades = sns.light_palette(BLUE, as_cmap=True, reverse=True)
    filled = axes.contourf(correlation, usual, expected, levels=8, cmap=shades)
    drawn.colorbar(filled, ax=axes, label=f"Expected change, {unit}", drawedges=False)


def _observed(axes, before: float, change) -> None:
    """Draw where chance alone gives the observed change, and the ends of its interval."""
    lines = {
        "estimate": ("-", 2.0, f"Observed change, {text.number(change['estimate'])}"),
        "ci_low": ("--", 0.9, "Ends of its interval"),
        "ci_high": ("--", 0.9, None),
    }
    for column, (style, width, name) in lines.items():
        observed = change[column]
        if text.is_missing(observed) or not -before < observed < 0:
            continue
        correlation = np.linspace(0, 1 + observed / before, GRID)
        usual = before + observed / (1 - correlation)
        axes.plot(correlation, usual, style, color=INK, linewidth=width, label=name)
    if axes.lines:
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), borderpad=0)
    axes.annotate(
        "chance alone gives less",
        (0.97, 0.95),
        xycoords="axes fraction",
        ha="right",
        va="top",
        color=INK,
    )


def _line_words(bound) -> str:
    if bound["estimate"] < 0:
        return (
            ". Nowhere on the map, for any correlation from 0 and any usual mean from 0, is it as "
            "large as the observed change: chance alone does not suffice"
        )
    return (
        ". On the line chance alone gives the observed change (dashed: the ends of its 95% "
        "interval), below and left of it more, so there chance alone is not excluded; above and "
        "right of it chance alone does not suffice"
    )


def _told(bound) -> str:
    if bound["estimate"] < 0:
        return "No correlation of 0 or more gives a change as large."
    return (
        "Chance alone gives a change as large only if the test–retest correlation is "
        f"{text.number(bound['estimate'])} or less."
    )
