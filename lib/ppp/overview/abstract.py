"""The Results paragraph of the abstract, written from results rows."""

from ppp import results
from ppp.efficacy.sentences import change as efficacy
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.text import markdown as md
from ppp.results import first, usable
from ppp.safety import sentences as safety


def abstract(rows, study) -> Prose:
    """Write the Results paragraph of the abstract, in its order, from this cohort's rows.

    Parameters
    ----------
    rows : DataFrame
        Results rows of the cohort; what was not recorded is left out.
    study : Study

    Returns
    -------
    Prose
    """
    parts = [_patients(rows, study), _age(rows, study)]
    outcomes = dict.fromkeys((study.endpoints.primary, "pppasi", "dlqi"))
    parts += [_scores(rows, study, outcome) for outcome in outcomes]
    parts += [_reached(rows, study), _severe(rows, study)]
    return Prose(" ".join(filter(None, parts)))


def beyond(rows, study) -> Prose:
    """Add what an abstract leaves out: stricter targets, and events that were not severe.

    Parameters
    ----------
    rows : DataFrame
        Results rows of the cohort; what was not recorded is left out.
    study : Study
    """
    told = Prose("")
    if len(results.pick(rows, analysis="responder", outcome="pppasi50")):
        told += efficacy.thresholds(rows, study)
    for outcome in ("any", "related", "serious"):
        row = first(
            rows,
            analysis="adverse_event",
            outcome=outcome,
            statistic="patients",
            level="",
            group="all",
        )
        if usable(row):
            told += safety.incidence(rows, study, outcome)
    return told


def _patients(rows, study) -> str:
    total = first(rows, analysis="flow", outcome="patients", level="enrolled")
    if not usable(total):
        return ""
    sexes = _sexes(rows, "all")
    told = f"A total of **{text.plural(total['estimate'], 'patient')}** were included"
    told += f", {sexes}" if sexes else ""
    column, value = study.subgroup.column, str(study.subgroup.value)
    group = first(
        rows,
        analysis="count",
        outcome=column,
        level=value,
        group="all",
        statistic="count",
        week=None,
    )
    if not usable(group):
        return told + "."
    within = _sexes(rows, f"{column}={value}")
    inside = f" ({within})" if within else ""
    named = md(names.group(study, f"{column}={value}"))
    return f"{told}; {text.count(group['estimate'])} {named}{inside}."


def _sexes(rows, group: str) -> str:
    found = results.pick(rows, analysis="count", outcome="sex", group=group, statistic="count")
    by = found.drop_duplicates("level").set_index("level")["estimate"]
    return text.listed(f"{text.count(by[s])} {s}" for s in ("male", "female") if s in by)


def _age(rows, study) -> str:
    mean, sd = (_summary(rows, "age_years", None, name) for name in ("mean", "sd"))
    if not usable(mean):
        return ""
    spread = f" (SD {text.number(sd['estimate'], 1)})" if usable(sd) else ""
    return f"Mean age was **{text.number(mean['estimate'], 1)}** years{spread}."


def _summary(rows, outcome, week, statistic):
    return first(
        rows, analysis="summary", outcome=outcome, week=week, group="all", statistic=statistic
    )


def _scores(rows, study, outcome: str) -> str:
    weeks = (study.schedule.baseline, study.schedule.primary)
    means = [_summary(rows, outcome, week, "mean") for week in weeks]
    sds = [_summary(rows, outcome, week, "sd") for week in weeks]
    if not all(map(usable, means)):
        return ""
    row = first(
        rows,
        analysis="change",
        outcome=outcome,
        week=weeks[1],
        group="all",
        statistic="mean_change",
        missing="observed",
    )
    pairs = row["n"] if usable(row) else None
    shown = [_mean(mean, sd, pairs) for mean, sd in zip(means, sds, strict=True)]
    told = f"Mean {md(study.label(outcome))} was {shown[0]} at week {weeks[0]} and {shown[1]} at "
    told += f"week {weeks[1]}"
    test = first(
        rows,
        analysis="change",
        outcome=outcome,
        week=weeks[1],
        group="all",
        statistic="paired_t",
        missing="observed",
    )
    if not usable(row) or text.is_missing(row["ci_low"]):
        return told + "."
    limits = f"{text.level(row['ci_level'])} CI {text.interval(row['ci_low'], row['ci_high'])}"
    p = (
        ""
        if test is None or text.is_missing(test["p_value"])
        else (f"; paired t, {text.p_phrase(test['p_value'])}")
    )
    change = f"mean change **{text.number(row['estimate'])}** ({limits}{p}; n = {row['n']})"
    return f"{told}, {change}."


def _mean(mean, sd, pairs) -> str:
    """Write a mean with its SD, and with its n where it is not that of the pairs."""
    spread = f"SD {text.number(sd['estimate'])}" if usable(sd) else ""
    other = f"n = {text.count(mean['n'])}" if mean["n"] != pairs else ""
    about = "; ".join(filter(None, [spread, other]))
    return text.number(mean["estimate"]) + (f" ({about})" if about else "")


def _reached(rows, study) -> str:
    row = efficacy.response(rows, study, "pga01")
    if not usable(row):
        return ""
    rule = "missing counted as failure" if row["missing"] == "nri" else "of those observed"
    limits = f"{text.level(row['ci_level'])} CI {text.percent_interval(row)}"
    return (
        f"**{text.of(row)}** patients ({text.percent(row['estimate'])}; {limits}) reached "
        f"{md(names.outcome(study, 'pga01'))} at week {study.schedule.primary}, {rule}."
    )


def _severe(rows, study) -> str:
    row = first(
        rows,
        analysis="adverse_event",
        outcome="grade3",
        statistic="patients",
        group="all",
        level="",
    )
    if not usable(row):
        return ""
    if row["events"]:
        return (
            f"Severe adverse events (grade 3 or more) were reported in **{text.of(row)}** patients "
            f"({text.percent(row['estimate'])}; exact {text.level(row['ci_level'])} CI "
            f"{text.percent_interval(row)})."
        )
    return (
        f"No severe adverse event (grade 3 or more) was reported ({text.of(row)}; the exact 95% "
        f"interval reaches {text.percent(row['ci_high'])})."
    )
