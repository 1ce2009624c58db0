"""Sentences on who the patients are."""

from ppp import results
from ppp.catalogue.outcomes import outcomes
from ppp.report import names, text
from ppp.report.prose import Prose, bullets
from ppp.report.words import Words
from ppp.results import first, usable

WORDS = Words("ppp.descriptives")


def limits(study) -> Prose:
    """List what this page cannot show."""
    return WORDS.limits(study)


def glossary(rows, study):
    """Explain the terms of this page."""
    return WORDS.glossary(study, rows)


def key_results(rows, study) -> Prose:
    """Say who the patients were, who was seen, what is missing, how the groups differ."""
    parts = (population, flow, missing, balance)
    return bullets(*(part(rows, study).text for part in parts))


def population(rows, study) -> Prose:
    """Say who the patients are: number, sex, age, subgroup, primary score at baseline."""
    enrolled = first(rows, analysis="flow", outcome="patients", level="enrolled")
    said = Prose("")
    if usable(enrolled):
        patients = text.plural(enrolled["estimate"], "patient")
        said = WORDS.say("population.started", study, patients=patients)
    for part in (_sex, _age, _subgroup, _score):
        said += part(rows, study)
    return said


def _counted(rows, outcome: str, **where):
    return results.pick(
        rows, analysis="count", outcome=outcome, group="all", statistic="count", **where
    )


def _share(row, rows, study) -> dict:
    """Name what a count says; "recorded" follows a denominator that leaves out patients."""
    gap = first(rows, analysis="count", outcome=row["outcome"], group="all", statistic="n_missing")
    part = usable(gap) and bool(gap["estimate"])
    return {
        "of": text.of(row),
        "percent": text.percent(row["events"] / row["n"]),
        "recorded": WORDS.say("population.recorded", study) if part else Prose(""),
    }


def _sex(rows, study) -> Prose:
    counts = _counted(rows, "sex")
    if counts.empty or not counts["n"].max():
        return WORDS.say("population.sex_absent", study)
    said = [
        WORDS.say(
            f"population.sex_{'one' if row['events'] == 1 else 'many'}",
            study,
            level=row["level"],
            **_share(row, rows, study),
        ).text
        for _, row in counts.iterrows()
    ]
    return Prose(f"{text.listed(said)}.")


def _age(rows, study) -> Prose:
    stats = results.pick(rows, analysis="summary", outcome="age_years", group="all")
    by = stats.set_index("statistic")["estimate"]
    if not len(by) or text.is_missing(by["mean"]):
        return WORDS.say("population.age_absent", study)
    sd = Prose("")
    if not text.is_missing(by["sd"]):
        sd = WORDS.say("population.sd", study, sd=text.number(by["sd"], 1))
    return WORDS.say(
        "population.age",
        study,
        mean=text.number(by["mean"], 1),
        sd=sd,
        n=text.count(stats["n"].max()),
        range=text.span(by["min"], by["max"]),
    )


def _subgroup(rows, study) -> Prose:
    column, value = study.subgroup.column, str(study.subgroup.value)
    row = first(_counted(rows, column, level=value))
    label = study.label(column)
    if not usable(row) or not row["n"]:
        return WORDS.say("population.group_absent", study, label=label)
    named = {"label": label, "group": names.group(study, f"{column}={value}")}
    entry = "population.group_yes" if value == "yes" else "population.group"
    return WORDS.say(entry, study, **named, **_share(row, rows, study))


def _score(rows, study) -> Prose:
    outcome = study.endpoints.primary
    if outcome == "none":
        return Prose("")
    by = results.pick(
        rows, analysis="summary", outcome=outcome, group="all", week=study.schedule.baseline
    )
    if not usable(first(by, statistic="mean")):
        return WORDS.say("population.score_absent", study)
    return WORDS.say("population.score", study, rows=by)


def flow(rows, study) -> Prose:
    """Say how many patients have the primary outcome at each visit, and who stopped and why."""
    rows = results.pick(rows, analysis="flow", statistic="count")
    counts = results.pick(rows, outcome="patients")
    said = _visits(counts, study) + _stopped(rows, counts, study)
    return said if said.text else WORDS.say("flow.absent", study)


def assessed(rows) -> str:
    """Name what is told of each visit: ``assessed`` where the primary score was, or ``visited``."""
    return "assessed" if len(results.pick(rows, level="assessed")) else "visited"


def _visits(counts, study) -> Prose:
    level = assessed(counts)
    visits = [
        WORDS.say("flow.visit", study, row).text
        for _, row in results.pick(counts, level=level).iterrows()
    ]
    listed = Prose(text.listed(visits))
    return WORDS.say(f"flow.{level}", study, visits=listed) if visits else Prose("")


def _stopped(rows, counts, study) -> Prose:
    row = first(counts, level="stopped")
    if not usable(row):
        return WORDS.say("flow.stops_absent", study)
    if not row["estimate"]:
        return WORDS.say("flow.none_stopped", study)
    reasons = [
        WORDS.say("flow.reason", study, level=r["level"], n=text.count(r["estimate"])).text
        for _, r in results.pick(rows, outcome="stop_reason").iterrows()
    ]
    return WORDS.say(
        "flow.stopped_why" if reasons else "flow.stopped",
        study,
        patients=text.sentence(text.plural(row["estimate"], "patient")),
        reasons=Prose(text.listed(reasons)),
    )


def balance(rows, study) -> Prose:
    """Say which baseline difference between the groups is the largest."""
    rows = results.pick(rows, analysis="balance", statistic="smd").dropna(subset=["estimate"])
    if rows.empty:
        return WORDS.say("balance.absent", study)
    top = rows.loc[rows["estimate"].abs().idxmax()]
    one, other = names.pair(study, top["group"])
    return WORDS.say(
        "balance.said",
        study,
        differences=text.plural(len(rows), "standardised difference"),
        first=one,
        second=other,
        large=text.count((rows["estimate"].abs() > 0.2).sum()),
        label=study.label(top["outcome"]),
        level=Prose(f" ({text.markdown(top['level'])})" if top["level"] else ""),
        value=text.number(top["estimate"]),
    )


def missing(rows, study, outcome: str | None = None) -> Prose:
    """Say how many patients lack a score, the primary endpoint unless given, by week."""
    outcome = outcome or study.endpoints.primary
    gaps = results.pick(
        rows, analysis="summary", outcome=outcome, group="all", statistic="n_missing"
    )
    named = {"outcome": names.inside(study, outcome)}
    if gaps.empty:
        return WORDS.say("missing.absent", study, **named)
    if not gaps["estimate"].any():
        return WORDS.say("missing.none", study, **named)
    visits = [
        WORDS.say(
            "missing.visit",
            study,
            n=text.count(row["estimate"]),
            all=text.count(row["n"] + row["estimate"]),
            week=row["week"],
        ).text
        for _, row in gaps.iterrows()
    ]
    return WORDS.say("missing.some", study, visits=Prose(text.listed(visits)), **named)


def missing_scores(rows, study) -> Prose:
    """Say how many patients lack each score that is analysed in full, by week."""
    recorded = rows["outcome"].unique()
    said = missing(rows, study)
    for code, outcome in outcomes(study).items():
        if outcome.analysis == "full" and code in recorded:
            said += missing(rows, study, code)
    return said
