"""Sentences on two groups: exploratory, compatible with, never a claim of equality."""

from ppp import results
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.text import markdown as md
from ppp.results import first, usable

UNINFORMATIVE = "not informative about equality"


def exploratory(rows, study) -> Prose:
    """Say first that the comparison is exploratory, and how small the groups are.

    Parameters
    ----------
    rows : DataFrame
        Results rows of the groups (``change`` or ``summary``).
    study : Study
    """
    label = md(study.label(study.subgroup.column))
    groups = names.groups(rows, study)
    if not groups:
        return Prose(f"{label} was not recorded: there are no groups to describe.")
    sizes = text.listed(f"{text.count(_size(rows, g))} {md(names.group(study, g))}" for g in groups)
    return Prose(
        f"**Exploratory.** {label} groups: {sizes}. The groups were not randomised, nothing is "
        "adjusted for the number of comparisons, and an interval that includes 0 does not show "
        "that the groups are alike."
    )


def _size(rows, group: str):
    found = results.pick(rows, group=group, statistic="n_missing")
    if len(found):
        return (found["n"] + found["estimate"]).max()
    return results.pick(rows, group=group)["n"].max()


def contrast(rows, study) -> Prose:
    """Say which group is subtracted from which in every difference.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``group_difference``.
    study : Study
    """
    found = results.pick(rows, analysis="group_difference")
    if found.empty:
        return Prose("")
    return Prose(f"Differences are {_minus(found['group'].iloc[0], study)}.")


def _minus(group: str, study) -> str:
    return " minus ".join(md(g) for g in names.pair(study, group))


def group_difference(
    rows, study, outcome: str | None = None, week: int | None = None, *, contrast: bool = True
) -> Prose:
    """Say what differences between the groups the data are compatible with.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``group_difference``.
    study : Study
    outcome : str, optional
        A score, or a responder outcome; the primary endpoint unless given.
    week : int, optional
        The primary week unless given.
    contrast : bool
        Say which group is subtracted from which.
    """
    outcome = outcome or study.endpoints.primary
    week = study.schedule.primary if week is None else week
    found = results.pick(rows, analysis="group_difference", outcome=outcome, week=week)
    label = md(names.outcome(study, outcome))
    if found.empty:
        return Prose(f"{label} cannot be compared between groups: not recorded.")
    share = "newcombe" in set(found["statistic"])
    row = first(found, statistic="newcombe" if share else "welch")
    if not usable(row):
        why = f" ({md(row['note'])})" if row is not None and row["note"] else ""
        return Prose(f"The difference in {label} at week {week} is {text.NOT_ESTIMABLE}{why}.")
    minus = f" ({_minus(row['group'], study)})" if contrast else ""
    return Prose(_difference(row, found, study, f"{label} at week {week}{minus}"))


def _difference(row, found, study, label: str) -> str:
    share = row["statistic"] == "newcombe"
    scale, digits = (100, 1) if share else (1, 2)
    unit = "percentage points" if share else md(study.unit(row["outcome"]) or "points")
    what = "proportion with" if share else "mean change in"
    told = f"**{text.number(scale * row['estimate'], digits)}** {unit}"
    opening = f"The difference in {what} {label} was {told}"
    n = f"n = {text.count(row['n'])}"
    if text.is_missing(row["ci_low"]):
        return f"{opening} (no interval; {n}); {UNINFORMATIVE}."
    limits = text.interval(scale * row["ci_low"], scale * row["ci_high"], digits)
    test = first(found, statistic="fisher_midp" if share else "permutation")
    name = "Fisher mid-p" if share else "permutation test"
    p = (
        ""
        if test is None or text.is_missing(test["p_value"])
        else (f"; {name}, {text.p_phrase(test['p_value'])}")
    )
    return (
        f"{opening}, compatible with differences from {limits} {unit} "
        f"({text.level(row['ci_level'])} CI; {n}{p}); {UNINFORMATIVE}."
    )
