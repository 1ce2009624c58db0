"""Sentences on who the patients are."""

from ppp import results
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.text import markdown as md
from ppp.results import first, usable


def population(rows, study) -> Prose:
    """Say who the patients are: number, sex, age, subgroup, primary score at baseline.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``flow``, ``summary`` and ``count``.
    study : Study
    """
    enrolled = first(rows, analysis="flow", outcome="patients", level="enrolled")
    opening = (
        f"**{text.plural(enrolled['estimate'], 'patient')}** started {md(study.drug)}."
        if usable(enrolled)
        else ""
    )
    parts = [_sex(rows), _age(rows, study), _subgroup(rows, study), _score(rows, study)]
    return Prose(" ".join([opening, *filter(None, parts)]).strip())


def _sex(rows) -> str:
    found = results.pick(rows, analysis="count", outcome="sex", group="all", statistic="count")
    if found.empty or not found["n"].max():
        return "Sex was not recorded."
    where = _recorded(rows, "sex")
    told = [
        f"{text.of(row)}{where} ({text.percent(row['events'] / row['n'])}) "
        f"{'was' if row['events'] == 1 else 'were'} {md(row['level'])}"
        for _, row in found.iterrows()
    ]
    return f"{text.listed(told)}."


def _recorded(rows, outcome: str) -> str:
    """Give the word after a denominator that leaves out patients without a record."""
    gap = first(rows, analysis="count", outcome=outcome, group="all", statistic="n_missing")
    return " recorded" if usable(gap) and gap["estimate"] else ""


def _age(rows, study) -> str:
    stats = results.pick(rows, analysis="summary", outcome="age_years", group="all")
    by = stats.set_index("statistic")["estimate"]
    if not len(by) or text.is_missing(by["mean"]):
        return "Age was not recorded."
    sd = "" if text.is_missing(by["sd"]) else f"SD {text.number(by['sd'], 1)}; "
    return (
        f"Mean age was **{text.number(by['mean'], 1)}** years ({sd}n = "
        f"{text.count(stats['n'].max())}), range {text.span(by['min'], by['max'])}."
    )


def _subgroup(rows, study) -> str:
    column, value = study.subgroup.column, str(study.subgroup.value)
    row = first(rows, analysis="count", outcome=column, group="all", level=value, statistic="count")
    label = md(study.label(column))
    if not usable(row) or not row["n"]:
        return f"{label} was not recorded."
    shown = (
        f"**{text.of(row)}**{_recorded(rows, column)} ({text.percent(row['events'] / row['n'])})"
    )
    if value == "yes":
        return f"{shown} had {label}."
    return f"{md(names.group(study, f'{column}={value}'))}: {shown}."


def _score(rows, study) -> str:
    outcome = study.endpoints.primary
    if outcome == "none":
        return ""
    by = results.pick(
        rows, analysis="summary", outcome=outcome, group="all", week=study.schedule.baseline
    ).set_index("statistic")
    label = md(study.label(outcome))
    if not len(by) or text.is_missing(by.loc["mean", "estimate"]):
        return f"{label} at baseline was not recorded."
    return (
        f"Mean {label} at baseline was **{text.number(by.loc['mean', 'estimate'])}** "
        f"(SD {text.number(by.loc['sd', 'estimate'])}; n = {text.count(by.loc['mean', 'n'])})."
    )


def flow(rows, study) -> Prose:
    """Say how many patients have the primary outcome at each visit, and who stopped and why.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``flow``.
    study : Study
    """
    found = results.pick(rows, analysis="flow", outcome="patients", statistic="count")
    parts = [_visits(found, study), _stopped(rows, found)]
    return Prose(" ".join(filter(None, parts)) or "Patient flow was not recorded.")


def _visits(found, study) -> str:
    level = "assessed" if len(results.pick(found, level="assessed")) else "visited"
    told = [
        f"{text.of(row)} at week {row['week']}"
        for _, row in results.pick(found, level=level).iterrows()
    ]
    what = (
        f"{md(study.label(study.endpoints.primary))} was recorded in"
        if level == "assessed"
        else "Patients were seen:"
    )
    return f"{what} {text.listed(told)}." if told else ""


def _stopped(rows, found) -> str:
    row = first(found, level="stopped")
    if row is None or text.is_missing(row["estimate"]):
        return "Whether patients stopped treatment was not recorded."
    reasons = results.pick(rows, analysis="flow", outcome="stop_reason")
    told = [f"{md(r['level'])} ({text.count(r['estimate'])})" for _, r in reasons.iterrows()]
    why = f": {text.listed(told)}" if told else ""
    n = row["estimate"]
    who = "No patient" if n == 0 else text.sentence(text.plural(n, "patient"))
    return f"{who} stopped treatment{why}."


def balance(rows, study) -> Prose:
    """Say which baseline difference between the groups is the largest.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``balance``.
    study : Study
    """
    found = results.pick(rows, analysis="balance", statistic="smd").dropna(subset=["estimate"])
    if found.empty:
        return Prose("The groups' balance at baseline could not be described.")
    top = found.loc[found["estimate"].abs().idxmax()]
    groups = [md(g) for g in names.pair(study, top["group"])]
    level = f" ({md(top['level'])})" if top["level"] else ""
    large = int((found["estimate"].abs() > 0.2).sum())
    return Prose(
        f"Of {text.plural(len(found), 'standardised difference')} at baseline "
        f"({groups[0]} minus {groups[1]}), {text.count(large)} exceed 0.2 in size; the largest is "
        f"that of {md(study.label(top['outcome']))}{level}: **{text.number(top['estimate'])}**. "
        "Groups differ by chance too; no tests are made."
    )


def missing(rows, study, outcome: str | None = None) -> Prose:
    """Say how many patients lack a score, by week.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``summary``.
    study : Study
    outcome : str, optional
        The primary endpoint unless given.
    """
    outcome = outcome or study.endpoints.primary
    found = results.pick(
        rows, analysis="summary", outcome=outcome, group="all", statistic="n_missing"
    )
    label = md(study.label(outcome))
    told = [
        f"{text.count(row['estimate'])} of {text.count(row['n'] + row['estimate'])} at week "
        f"{row['week']}"
        for _, row in found.iterrows()
    ]
    if not told:
        return Prose(f"{label} was not recorded.")
    if not found["estimate"].any():
        return Prose(f"No {label} is missing at any scheduled visit.")
    return Prose(f"{label} is missing in {text.listed(told)}.")
