"""Sentences on who the patients are."""

from ppp import levels, results
from ppp.catalogue.outcomes import outcomes
from ppp.report import names, text
from ppp.report.prose import Prose, bullets
from ppp.report.words import Words
from ppp.results import first, usable

WORDS = Words("ppp.descriptives")
STOPS = ("stopped_before", "stopped_after", "stopped_undated")


def limits(study) -> Prose:
    """List what this page cannot show."""
    return WORDS.limits(study, omit=["recorded"] if study.consecutive else [])


def glossary(rows, study):
    """Explain the terms of this page."""
    return WORDS.glossary(study, rows)


def key_results(rows, study) -> Prose:
    """Say who the patients were, who was seen and who stopped, how the groups differ."""
    parts = (population, prior_treatments, flow, stops, balance)
    return bullets(*(part(rows, study).text for part in parts))


def circumstances(study) -> Prose:
    """Say how the study was done, as ``study.toml`` states it, and what it does not state."""
    known = {what: getattr(study, key) for key, what in WORDS["circumstances.items"].items()}
    stated = [
        WORDS.say("circumstances.stated", study, what=what, said=said).text
        for what, said in known.items()
        if said
    ]
    known.pop(WORDS["circumstances.items.consecutive"])  # a limitation where it is not stated
    left = [names.lower(what) for what, said in known.items() if not said]
    if left:
        stated.append(WORDS.say("circumstances.not_stated", study, what=text.listed(left)).text)
    return bullets(*stated)


def population(rows, study) -> Prose:
    """Say who the patients are: number, period, sex, age, subgroup, primary score at baseline.

    A denominator stands where it is not all patients. Of a field without any value rows ``query``
    tell whether it was not recorded, or could not be read.
    """
    enrolled = first(rows, analysis="flow", outcome="patients", level="enrolled")
    said = Prose("")
    if usable(enrolled):
        patients = text.plural(enrolled["estimate"], "patient")
        when = _period(rows, enrolled["n"], study)
        said = WORDS.say("population.started", study, patients=patients, when=when)
    for part in (_sex, _age, _subgroup, _score):
        said += part(rows, study)
    return said


def _period(rows, n: int, study) -> Prose:
    first_, last = (first(rows, analysis="period", statistic=name) for name in ("first", "last"))
    if first_ is None:
        return Prose("")
    entry = "month" if first_["level"] == last["level"] else "months"
    dated = WORDS.say("population.dated", study, first_) if first_["n"] < n else Prose("")
    months = {"first": _month(first_["level"]), "last": _month(last["level"])}
    return WORDS.say(f"population.{entry}", study, dated=dated, **months)


def _month(level: str) -> str:
    year, number = levels.month_of(level)
    return f"{WORDS['months'][number - 1]} {year}"


def _counted(rows, outcome: str, **where):
    return results.pick(
        rows, analysis="count", outcome=outcome, group="all", statistic="count", **where
    )


def _absent(rows, field: str, study) -> Prose:
    """Say that a field was not recorded, or that what was recorded could not be read."""
    lost = results.pick(rows, analysis="query", outcome=field, code="missing")
    entry = "unread" if len(lost) else "absent"
    cells = text.plural(int(lost["events"].sum()), "value")
    return WORDS.say(f"population.{entry}", study, label=study.label(field), cells=cells)


def _share(row, rows, study) -> dict:
    """Name what a count says, and of how many the field was not recorded."""
    gap = first(rows, analysis="count", outcome=row["outcome"], group="all", statistic="n_missing")
    part = usable(gap) and gap["estimate"] > 0
    label = names.lower(study.label(row["outcome"]))
    return {
        "of": text.of(row),
        "percent": Prose("" if text.few(row) else f" ({text.percent(row['events'] / row['n'])})"),
        "gap": WORDS.say("population.gap", study, gap, label=label) if part else Prose(""),
    }


def _sex(rows, study) -> Prose:
    counts = _counted(rows, "sex")
    if counts.empty or not counts["n"].max():
        return _absent(rows, "sex", study)
    row = counts.iloc[0]
    entry = "one" if row["events"] == 1 else "many"
    words = {"level": row["level"], **_share(row, rows, study)}
    return WORDS.say(f"population.sex_{entry}", study, **words)


def _age(rows, study) -> Prose:
    stats = results.pick(rows, analysis="summary", outcome="age_years", group="all")
    by = stats.set_index("statistic")["estimate"]
    if not len(by) or text.is_missing(by["mean"]):
        return _absent(rows, "age_years", study)
    about = [] if text.is_missing(by["sd"]) else [f"SD {text.number(by['sd'], 1)}"]
    about += [f"n = {text.count(stats['n'].max())}"] * bool(by["n_missing"])
    return WORDS.say(
        "population.age",
        study,
        mean=text.number(by["mean"], 1),
        about=_brackets(about),
        range=text.span(by["min"], by["max"]),
    )


def _brackets(about: list[str]) -> Prose:
    return Prose(f" ({'; '.join(about)})" if about else "")


def _subgroup(rows, study) -> Prose:
    column, value = study.subgroup.column, str(study.subgroup.value)
    if column == "sex":
        return Prose("")
    row = first(_counted(rows, column, level=value))
    if not usable(row) or not row["n"]:
        return _absent(rows, column, study)
    named = {
        "label": names.lower(study.label(column)),
        "group": names.group(study, f"{column}={value}"),
    }
    entry = "population.group_yes" if value == "yes" else "population.group"
    return WORDS.say(entry, study, **named, **_share(row, rows, study))


def _score(rows, study) -> Prose:
    outcome = study.endpoints.primary
    if outcome == "none":
        return Prose("")
    by = results.pick(
        rows, analysis="summary", outcome=outcome, group="all", week=study.schedule.baseline
    )
    mean, sd, gap = (first(by, statistic=name) for name in ("mean", "sd", "n_missing"))
    if not usable(mean):
        return WORDS.say("population.score_absent", study)
    about = [f"SD {text.number(sd['estimate'])}"] * bool(usable(sd))
    about += [f"n = {text.count(mean['n'])}"] * bool(gap["estimate"])
    return WORDS.say("population.score", study, mean=mean, about=_brackets(about))


def prior_treatments(rows, study) -> Prose:
    """Say how many prior treatments the patients had, from rows ``prior``."""
    rows = results.pick(rows, analysis="prior")
    if not usable(first(rows, statistic="median")):
        return WORDS.say("prior.absent", study)
    counts = results.pick(rows, statistic="count")
    told = counts[counts["events"] > 0]
    listed = [_prior(row, study) for _, row in told.iterrows()]
    median = first(rows, statistic="median")
    span = text.span(*(first(rows, statistic=end)["estimate"] for end in ("min", "max")))
    return WORDS.say(
        "prior.said", study, median, rows, counts=Prose(text.listed(listed)), range=span
    )


def _prior(row, study) -> str:
    more = row["level"].startswith(levels.above(0)[0])
    entry = "more" if more else "none" if row["level"] == levels.amount(0) else "some"
    return WORDS.say(f"prior.{entry}", study, row, number=levels.above_of(row["level"])).text


def flow(rows, study) -> Prose:
    """Say how many patients have the primary outcome at each visit."""
    rows = results.pick(rows, analysis="flow", statistic="count", outcome="patients")
    level = assessed(rows)
    visits = [
        WORDS.say("flow.visit", study, row).text
        for _, row in results.pick(rows, level=level).iterrows()
    ]
    listed = Prose(text.listed(visits))
    return WORDS.say(f"flow.{level if visits else 'absent'}", study, visits=listed)


def assessed(rows) -> str:
    """Name what is told of each visit: ``assessed`` where the primary score was, or ``visited``."""
    return "assessed" if len(results.pick(rows, level="assessed")) else "visited"


def stops(rows, study) -> Prose:
    """Say how many stopped treatment before and after the primary week, and why."""
    rows = results.pick(rows, analysis="flow", statistic="count")
    total = first(rows, outcome="patients", level="stopped")
    if not usable(total):
        return WORDS.say("stops.absent", study)
    if not total["estimate"]:
        return WORDS.say("stops.none", study)
    counts = [first(rows, outcome="patients", level=time) for time in STOPS]
    undated = counts[-1] is not None and counts[-1]["events"] > 0
    said = Prose("")
    for row in counts:
        if row is not None and (row["events"] or row["level"] == STOPS[0]):
            said += _stopped(row, rows, study, known="_known" if undated else "")
    return said


def _stopped(row, rows, study, *, known: str) -> Prose:
    reasons = [
        WORDS.say("stops.reason", study, level=reason, n=text.count(n)).text
        for reason, n in reasons_of(rows, row["level"])
    ]
    why = Prose(f": {text.listed(reasons)}" if reasons else "")
    patients = text.plural(row["events"], "patient") if row["events"] else WORDS["stops.nobody"]
    entry = row["level"] + known * (row["level"] == STOPS[0])
    return WORDS.say(f"stops.{entry}", study, row, patients=patients, reasons=why)


def reasons_of(rows, time: str) -> list[tuple]:
    """List the reasons of those who stopped at a time of `STOPS`, with their numbers."""
    rows = results.pick(rows, outcome="stop_reason", population=time)
    unknown = WORDS["stops.no_reason"]
    return [(row["level"] or unknown, row["estimate"]) for _, row in rows.iterrows()]


def balance(rows, study) -> Prose:
    """Say how many baseline differences are large, how many by chance, and which is the largest."""
    rows = results.pick(rows, analysis="balance")
    alone, rows = first(rows, code="one_patient"), rows.dropna(subset=["estimate"])
    differences = results.pick(rows, statistic="smd")
    if alone is not None:
        return Prose(text.markdown(names.alone(study, alone["group"])))
    if differences.empty:
        return WORDS.say("balance.absent", study)
    size = differences["estimate"].abs().round(2)
    top = differences[size == size.max()]
    entry = "largest" if len(top) == 1 else "equal"
    labels = Prose(text.listed(_difference(row, study) for _, row in top.iterrows()))
    largest = WORDS.say(f"balance.{entry}", study, top.iloc[0], labels=labels)
    apart = differences[(differences["ci_low"] > 0) | (differences["ci_high"] < 0)]
    if len(apart):
        listed = Prose(text.listed(_difference(row, study) for _, row in apart.iterrows()))
        largest += WORDS.say("balance.apart", study, listed=listed)
    large = first(rows, statistic="large")
    return (Prose("") if large is None else WORDS.say("balance.said", study, large, rows)) + largest


def _difference(row, study) -> str:
    level = Prose(f" ({text.markdown(row['level'])})" if row["level"] else "")
    return WORDS.say("balance.name", study, label=study.label(row["outcome"]), level=level).text


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
