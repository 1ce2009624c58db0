"""Sentences on change and response; change on treatment is never called its effect."""

from ppp import results
from ppp.report import names, text
from ppp.report.sentences.prose import Prose, first, usable
from ppp.report.text import markdown as md


def change(rows, study, outcome: str | None = None, week: int | None = None) -> Prose:
    """Say by how much a score changed, with its interval and n.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``change``.
    study : Study
    outcome : str, optional
        The primary endpoint unless given.
    week : int, optional
        The primary week unless given.
    """
    outcome, week = _default(study, outcome, week)
    label = md(names.outcome(study, outcome))
    row = _change(rows, outcome, week, "mean_change")
    if row is None:
        return Prose(f"{label} was not recorded.")
    if not usable(row):
        return Prose(f"The mean change in {label} at week {week} is {_why(row)}.")
    return Prose(
        f"Mean {label} {moved(row, _unit(study, outcome))} from week {study.schedule.baseline} "
        f"to week {week}."
    )


def _default(study, outcome, week):
    return outcome or study.endpoints.primary, study.schedule.primary if week is None else week


def _change(rows, outcome, week, statistic):
    return first(rows, analysis="change", outcome=outcome, week=week, group="all",
                 statistic=statistic, missing="observed")  # fmt: skip


def _why(row) -> str:
    note = f" ({md(row['note'])})" if row["note"] else ""
    return f"{text.NOT_ESTIMABLE}{note}; n = {text.count(row['n'])}"


def _unit(study, outcome) -> str:
    return md(study.unit(outcome) or "points")


def moved(row, unit: str) -> str:
    """Say "fell by **8.30** points (95% CI 7.20 to 9.40; n = 28)", or rose, or changed.

    "Fell" and "rose" are said only where the whole interval lies on one side of 0.

    Parameters
    ----------
    row : Series
        A results row whose estimate is a change.
    unit : str
    """
    x, low, high = row["estimate"], row["ci_low"], row["ci_high"]
    n = f"n = {text.count(row['n'])}"
    if text.is_missing(low) or text.is_missing(high):
        why = f": {md(row['note'])}" if row["note"] else ""
        return f"changed by **{text.number(x)}** {unit} (no interval{why}; {n})"
    level = text.level(row["ci_level"])
    if high < 0:
        limits = text.interval(-high, -low)
        return f"fell by **{text.number(-x)}** {unit} ({level} CI {limits}; {n})"
    verb = "rose" if low > 0 else "changed"
    limits = text.interval(low, high)
    either = "" if low > 0 else ", an interval that includes a fall and a rise"
    return f"{verb} by **{text.number(x)}** {unit} ({level} CI {limits}; {n}){either}"


def location(rows, study, outcome: str | None = None, week: int | None = None) -> Prose:
    """Give the Hodges–Lehmann change with its attained level, and the exact test.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``change``.
    study : Study
    outcome, week : optional
        The primary endpoint and week unless given.
    """
    outcome, week = _default(study, outcome, week)
    label = md(names.outcome(study, outcome))
    row = _change(rows, outcome, week, "hodges_lehmann")
    if not usable(row):
        reason = "was not recorded" if row is None else f"is {_why(row)}"
        return Prose(f"The Hodges–Lehmann change in {label} {reason}.")
    test = _change(rows, outcome, week, "wilcoxon_exact")
    p = "" if test is None or text.is_missing(test["p_value"]) else (
        f"; Wilcoxon signed-rank test, {text.p_phrase(test['p_value'])}"
        f"{', exact' if 'exact' in test['method'] else ''}"
    )  # fmt: skip
    return Prose(
        f"The Hodges–Lehmann median change in {label} at week {week} was "
        f"**{text.number(row['estimate'])}** {_unit(study, outcome)} ({_limits(row)}; "
        f"n = {text.count(row['n'])}{p})."
    )


def _limits(row) -> str:
    if text.is_missing(row["ci_low"]):
        return "no interval"
    return f"{text.level(row['ci_level'])} CI {text.interval(row['ci_low'], row['ci_high'])}"


def effect_size(rows, study, outcome: str | None = None, week: int | None = None) -> Prose:
    """Give the standardised change, in units of the average SD of the two visits.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``change``.
    study : Study
    outcome, week : optional
        The primary endpoint and week unless given.
    """
    outcome, week = _default(study, outcome, week)
    label = md(names.outcome(study, outcome))
    row = _change(rows, outcome, week, "d_av")
    if not usable(row):
        reason = "was not recorded" if row is None else f"is {_why(row)}"
        return Prose(f"The standardised change in {label} {reason}.")
    return Prose(
        f"In units of the average SD of the two visits the change in {label} at week {week} was "
        f"**{text.number(row['estimate'])}** ({_limits(row)}; n = {text.count(row['n'])})."
    )


def percent_change(rows, study, outcome: str | None = None, week: int | None = None) -> Prose:
    """Give the mean percent change.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``change``.
    study : Study
    outcome, week : optional
        The primary endpoint and week unless given.
    """
    outcome, week = _default(study, outcome, week)
    label = md(names.outcome(study, outcome))
    row = _change(rows, outcome, week, "mean_percent_change")
    if not usable(row):
        reason = "was not recorded" if row is None else f"is {_why(row)}"
        return Prose(f"The percent change in {label} {reason}.")
    limits = "no interval" if text.is_missing(row["ci_low"]) else (
        f"{text.level(row['ci_level'])} CI {text.interval(row['ci_low'], row['ci_high'], 1)}"
    )  # fmt: skip
    return Prose(
        f"Relative to its own baseline, {label} changed by **{text.number(row['estimate'], 1)}%** "
        f"on average at week {week} ({limits}; n = {text.count(row['n'])})."
    )


def longitudinal(rows, study, outcome: str | None = None, week: int | None = None) -> Prose:
    """Give the mixed model's change, which uses patients with missing visits too.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``longitudinal``.
    study : Study
    outcome, week : optional
        The primary endpoint and week unless given.
    """
    outcome, week = _default(study, outcome, week)
    label = md(names.outcome(study, outcome))
    row = first(rows, analysis="longitudinal", outcome=outcome, week=week,
                statistic="mmrm_change")  # fmt: skip
    if row is None:
        return Prose(f"No mixed model was fitted to {label}.")
    if not usable(row):
        return Prose(f"The mixed model's change in {label} at week {week} is {_why(row)}.")
    return Prose(
        f"In the mixed model for repeated measures, which uses every recorded visit, mean {label} "
        f"{moved(row, _unit(study, outcome))} by week {week}."
    )


def responders(rows, study, outcome: str, week: int | None = None) -> Prose:
    """Say how many reached a target: missing as failure first, then among those observed.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``responder``.
    study : Study
    outcome : str
        ``pppasi75``, ``pga01``, …
    week : int, optional
        The primary week unless given.
    """
    week = study.schedule.primary if week is None else week
    label = md(names.outcome(study, outcome))
    found = results.pick(rows, analysis="responder", outcome=outcome, week=week, group="all",
                         statistic="wilson")  # fmt: skip
    nri, seen = first(found, missing="nri"), first(found, missing="observed")
    if nri is None and seen is None:
        return Prose(f"{label} was not recorded.")
    main = nri if usable(nri) else seen
    if not usable(main):
        return Prose(f"{label} at week {week} is {_why(main)}.")
    rule = "missing counted as failure" if main["missing"] == "nri" else "observed"
    other = f"; observed {text.of(seen)}" if main["missing"] == "nri" and usable(seen) else ""
    return Prose(
        f"{label} at week {week}: **{text.of(main)}** patients "
        f"({text.percent(main['estimate'])}; 95% CI {text.percent_interval(main)}, Wilson; "
        f"{rule}{other})."
    )
