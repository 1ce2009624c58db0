"""Sentences on change and response; change on treatment is never called its effect."""

from ppp import results
from ppp.report import names, text
from ppp.report.prose import Prose, first, usable
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
    return first(
        rows,
        analysis="change",
        outcome=outcome,
        week=week,
        group="all",
        statistic=statistic,
        missing="observed",
    )


def _why(row) -> str:
    note = f" ({md(row['note'])})" if row["note"] else ""
    return f"{text.NOT_ESTIMABLE}{note}; n = {text.count(row['n'])}"


def _unit(study, outcome) -> str:
    return md(study.unit(outcome) or "points")


def moved(row, unit: str, *, digits: int = 2, test: str = "") -> str:
    """Say "fell by **8.30** points (95% CI 7.20 to 9.40; n = 28)", or rose, or changed.

    "Fell" and "rose" are said only where the whole interval lies on one side of 0.

    Parameters
    ----------
    row : Series
        A results row whose estimate is a change.
    unit : str
        Follows the number; "%" stands at it.
    digits : int
        Decimals.
    test : str
        Name and p-value of a test, for the brackets.
    """
    x, low, high = row["estimate"], row["ci_low"], row["ci_high"]
    n = "; ".join(filter(None, [f"n = {text.count(row['n'])}", test]))
    if text.is_missing(low) or text.is_missing(high):
        why = f": {md(row['note'])}" if row["note"] else ""
        return f"changed by {_amount(x, unit, digits)} (no interval{why}; {n})"
    level = text.level(row["ci_level"])
    if high < 0:
        limits = text.interval(-high, -low, digits)
        return f"fell by {_amount(-x, unit, digits)} ({level} CI {limits}; {n})"
    verb = "rose" if low > 0 else "changed"
    limits = text.interval(low, high, digits)
    either = "" if low > 0 else ", which includes a fall and a rise"
    return f"{verb} by {_amount(x, unit, digits)} ({level} CI {limits}{either}; {n})"


def _amount(x, unit: str, digits: int) -> str:
    joined = unit if unit == "%" else ""
    return f"**{text.number(x, digits)}{joined}**" + (f" {unit}" if unit and not joined else "")


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
    p = (
        ""
        if test is None or text.is_missing(test["p_value"])
        else (
            f"Wilcoxon signed-rank test, {text.p_phrase(test['p_value'])}"
            f"{', exact' if 'exact' in test['method'] else ''}"
        )
    )
    return Prose(
        f"By the Hodges–Lehmann median of change, {label} "
        f"{moved(row, _unit(study, outcome), test=p)} from week {study.schedule.baseline} to week "
        f"{week}."
    )


def effect_size(rows, study, outcome: str | None = None, week: int | None = None) -> Prose:
    """Give the standardised change (d av).

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
        f"Standardised by the two visits' SDs (d av), mean {label} {moved(row, 'SD')} by week "
        f"{week}."
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
    return Prose(
        f"Relative to its own baseline, {label} {moved(row, '%', digits=1)} on average by week "
        f"{week}."
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
    row = first(rows, analysis="longitudinal", outcome=outcome, week=week, statistic="mmrm_change")
    if row is None:
        return Prose(f"No mixed model was fitted to {label}.")
    if not usable(row):
        return Prose(f"The mixed model's change in {label} at week {week} is {_why(row)}.")
    return Prose(
        f"In the mixed model for repeated measures, which uses every recorded visit, mean {label} "
        f"{moved(row, _unit(study, outcome))} by week {week}.{_structure(row)}"
    )


def _structure(row) -> str:
    if "compound symmetry" not in row["method"]:
        return ""
    return (
        " The model with a free covariance did not converge; this one takes variances and "
        "correlations to be the same at all visits (compound symmetry)."
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
    found = results.pick(
        rows, analysis="responder", outcome=outcome, week=week, group="all", statistic="wilson"
    )
    nri, seen = first(found, missing="nri"), first(found, missing="observed")
    if nri is None and seen is None:
        return Prose(f"{label} was not recorded.")
    main = nri if usable(nri) else seen
    if not usable(main):
        return Prose(f"{label} at week {week} is {_why(main)}.")
    return Prose(
        f"{label} at week {week}: **{text.of(main)}** patients "
        f"({text.percent(main['estimate'])}; {text.level(main['ci_level'])} CI "
        f"{text.percent_interval(main)}, Wilson; {_rule(main, seen)})."
    )


def _rule(main, seen) -> str:
    if main["missing"] != "nri":
        return "observed"
    if not usable(seen):
        return "missing counted as failure"
    if seen["n"] == main["n"]:
        return "no value missing"
    return f"missing counted as failure; observed {text.of(seen)}"


def thresholds(rows, study) -> Prose:
    """Say how many reached the lowest threshold of improvement, and the higher ones beside it.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``responder`` (``pppasi50``, ``pppasi75``, …).
    study : Study
    """
    outcomes = [f"pppasi{share}" for share in sorted(study.endpoints.responders)]
    known = [row for row in (response(rows, study, o) for o in outcomes) if usable(row)]
    if not known:
        return Prose(f"Response by {md(study.label('pppasi'))} was not recorded.")
    lowest, *higher = known
    told = {}
    for row in higher:
        told.setdefault(_beside(rows, row), []).append(row["outcome"].removeprefix("pppasi"))
    parts = [f"{text.listed(f'-{x}' for x in shares)}: {counts}" for counts, shares in told.items()]
    more = f" {md(study.label('pppasi'))}{'; '.join(parts)}." if parts else ""
    return Prose(responders(rows, study, lowest["outcome"]).text + more)


def response(rows, study, outcome: str):
    """Return the row of a responder outcome at the primary week: NRI, else observed, else None."""
    found = results.pick(
        rows,
        analysis="responder",
        outcome=outcome,
        group="all",
        week=study.schedule.primary,
        statistic="wilson",
    )
    nri = first(found, missing="nri")
    return nri if usable(nri) else first(found, missing="observed")


def _beside(rows, row) -> str:
    exact = first(
        rows,
        analysis="responder",
        statistic="clopper_pearson",
        **{x: row[x] for x in ("outcome", "week", "missing", "group")},
    )
    if row["events"] == 0 and usable(exact):
        return f"{text.of(row)} (exact 95% upper limit {text.percent(exact['ci_high'])})"
    return f"{text.of(row)} ({text.level(row['ci_level'])} CI {text.percent_interval(row)})"
