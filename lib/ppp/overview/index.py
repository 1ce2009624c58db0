"""The index: the answer in cards and an abstract, then its limits, patients, reports, files."""

from dataclasses import dataclass

import pandas as pd

from ppp import results
from ppp.catalogue.outcomes import key_measures, targets
from ppp.cleaning import sentences as cleaning
from ppp.efficacy import sentences as efficacy
from ppp.report import names, text
from ppp.report.page import Content, Heading
from ppp.report.prose import Prose
from ppp.report.templates import template
from ppp.report.words import Words
from ppp.results import KEY, first, usable
from ppp.safety import sentences as safety

WORDS = Words("ppp.overview")
STOPS = ("before", "after", "undated")


def abstract(rows, study) -> Prose:
    """Write the Results paragraph of the abstract, in its order, from this cohort's rows.

    What was not recorded is left out.
    """
    said = _patients(rows, study) + _age(rows, study)
    for outcome in _scores(study):
        said += _score(rows, study, outcome)
    for target in _targets(study):
        said += _reached(rows, study, target)
    return said + _severe(rows, study)


def beyond(rows, study) -> Prose:
    """Add what an abstract leaves out: stricter targets, and events that were not severe."""
    said = Prose("")
    if efficacy.response(rows, study, _first_target(study)) is not None:
        said += efficacy.thresholds(rows, study)
    for outcome in ("any", "related", "serious"):
        if usable(_event(rows, outcome)):
            said += safety.incidence(rows, study, outcome)
    return said


def _scores(study) -> list[str]:
    return [outcome for outcome, key in key_measures(study) if key == "change"]


def _targets(study) -> list[str]:
    return [key for _, key in key_measures(study) if key != "change"]


def _first_target(study) -> str:
    of_primary = [t.code for t in targets(study).values() if t.outcome == study.endpoints.primary]
    return next(iter(of_primary), "")


def _event(rows, outcome: str):
    return first(
        rows, analysis="adverse_event", outcome=outcome, statistic="patients", level="", group="all"
    )


def _enrolled(rows):
    return first(rows, analysis="flow", outcome="patients", level="enrolled")


def _patients(rows, study) -> Prose:
    total = _enrolled(rows)
    if not usable(total):
        return Prose("")
    column, value = study.subgroup.column, str(study.subgroup.value)
    sexes = results.pick(rows, analysis="count", outcome="sex", group="all", statistic="count")
    sex = sexes["level"].iloc[0] if len(sexes) else ""
    shares = [_share(rows, *of, study) for of in dict.fromkeys([("sex", sex), (column, value)])]
    patients = text.plural(total["estimate"], "patient")
    listed = "; ".join(["", *filter(None, shares)])
    return WORDS.say("abstract.patients", study, patients=patients, shares=Prose(listed))


def _share(rows, field: str, level: str, study) -> str:
    """Say how many had a level of a field, of those of whom it is known; empty where of none."""
    rows = results.pick(rows, analysis="count", outcome=field, group="all", week=None)
    row = first(rows, statistic="count", level=level)
    if not usable(row) or pd.isna(row["n"]) or not row["n"]:
        return ""
    gap = first(rows, statistic="n_missing")
    unknown = Prose("")
    if usable(gap) and gap["estimate"]:
        unknown = WORDS.say("abstract.unknown", study, gap, label=names.lower(study.label(field)))
    group = level if field == "sex" else names.group(study, f"{field}={level}")
    return WORDS.say("abstract.share", study, row, group=group, unknown=unknown).text


def _age(rows, study) -> Prose:
    total = _enrolled(rows)
    rows = results.pick(rows, analysis="summary", outcome="age_years", week=None, group="all")
    rows = rows.drop_duplicates("statistic")
    mean = first(rows, statistic="mean")
    if not usable(mean):
        return Prose("")
    about = ["abstract.age_sd"] * bool(usable(first(rows, statistic="sd")))
    if not usable(total) or mean["n"] != total["n"]:
        about.append("abstract.mean_n")
    said = [WORDS.say(entry, study, rows=rows).text for entry in about]
    brackets = Prose(f" ({'; '.join(said)})" if said else "")
    return WORDS.say("abstract.age", study, rows=rows, about=brackets)


def _score(rows, study, outcome: str) -> Prose:
    total = _enrolled(rows)
    rows = results.pick(rows, outcome=outcome, group="all")
    week = study.schedule.primary
    changes = results.pick(rows, analysis="change", week=week, missing="observed")
    change = first(changes, statistic="mean_change")
    pairs = change["n"] if usable(change) else None
    summary = results.pick(rows, analysis="summary")
    at = [results.pick(summary, week=w) for w in (study.schedule.baseline, week)]
    if not all(usable(first(visit, statistic="mean")) for visit in at):
        return Prose("")
    before, after = (_mean(visit, pairs, study) for visit in at)
    named = {"before": before, "after": after, "week": week}
    named["outcome"] = names.outcome(study, outcome)
    if not usable(change) or text.is_missing(change["ci_low"]):
        return WORDS.say("abstract.score", study, **named)
    test = "".join(efficacy.tests(rows, study, outcome))
    named |= {"test": Prose(test), "of": _of_all(change, total, study)}
    if usable(first(changes, statistic="mean_before")):
        return WORDS.say("abstract.score_pairs", study, rows=changes, **named)
    return WORDS.say("abstract.score_change", study, rows=changes, **named)


def _of_all(row, total, study) -> Prose:
    """Add "of 28 patients" to an n that is not the cohort's."""
    if not usable(total) or row["n"] == total["n"]:
        return Prose("")
    return WORDS.say("abstract.of_all", study, total)


def _mean(visit, pairs, study) -> Prose:
    """Write a mean with its SD, and with its n where it is not that of the pairs."""
    about = []
    if usable(first(visit, statistic="sd")):
        about.append(WORDS.say("abstract.mean_sd", study, rows=visit).text)
    if first(visit, statistic="mean")["n"] != pairs:
        about.append(WORDS.say("abstract.mean_n", study, rows=visit).text)
    brackets = Prose(f" ({'; '.join(about)})" if about else "")
    return WORDS.say("abstract.mean", study, rows=visit, about=brackets)


def _reached(rows, study, target: str) -> Prose:
    row = efficacy.response(rows, study, target)
    if not usable(row):
        return Prose("")
    rule = WORDS.say(f"abstract.{row['missing']}", study)
    named = {"clopper_pearson": row, "share": WORDS.share(study, row), "rule": rule}
    return WORDS.say("abstract.reached", study, row, **named)


def _severe(rows, study) -> Prose:
    row = _event(rows, "grade3")
    if not usable(row):
        return Prose("")
    entry = "severe" if row["events"] else "no_severe"
    gap = safety.gap(row, study, "grade_gap")
    known = {"share": WORDS.share(study, row, gap), "gap": Prose(f"; {gap}" if gap.text else "")}
    return WORDS.say(f"abstract.{entry}", study, patients=row, **known)


@dataclass(frozen=True)
class Card:
    """One headline figure: what it is, the number, its interval, its denominator."""

    label: str
    value: str
    interval: str
    n: str


def cards(rows, study) -> list[Card]:
    """Make at most four cards, in the order of key results; what was not recorded has none."""
    made = []
    for outcome, key in key_measures(study):
        if key == "change":
            row = first(
                rows,
                analysis="change",
                outcome=outcome,
                week=study.schedule.primary,
                group="all",
                statistic="mean_change",
                missing="observed",
            )
            alone = usable(row) and text.is_missing(row["ci_low"])
            of = _of_all(row, _enrolled(rows), study).text if usable(row) else ""
            made.append(_card("change_alone" if alone else "change", row, study, of=of))
        else:
            made.append(_card("response", efficacy.response(rows, study, key), study))
    severe = _event(rows, "grade3")
    gap = safety.gap(severe, study, "grade_gap").text if usable(severe) else ""
    made = [*made[:3], _card("severe", severe, study, gap=f"; {gap}" if gap else "")]
    return [card for card in made if card]


def _card(kind: str, row, study, **words) -> Card | None:
    if not usable(row):
        return None
    rule = WORDS.write(f"cards.{row['missing']}", study) if kind == "response" else ""
    if row["statistic"] != "mean_change" and text.few(row):
        kind += "_few"
    values = words | {row["statistic"]: row, "rule": rule}
    return Card(*WORDS.write_all(f"cards.{kind}", study, row, **values))


def index(study, reports, *, rows, paragraph: str, downloads) -> Content:
    """Make the content of ``index.html``.

    Parameters
    ----------
    reports : sequence of Report
        All of the set, in order, with their states.
    rows : DataFrame
        All results rows of the run; every number on the index is one of them. One that two
        notebooks give is taken once.
    paragraph : str
        The study in one paragraph.
    downloads : sequence of tuple
        File name, what it holds, bytes.
    """
    rows = rows.drop_duplicates(KEY[1:])
    limits = WORDS.say("index.uncontrolled", study)
    if study.synthetic:
        limits += WORDS.say("index.synthetic", study)
    if waiting := uncoded(rows):
        limits += WORDS.say("index.uncoded", study, n=waiting)
    limits += efficacy.constant(rows, study) + cleaning.losses(rows, study)
    answer, steps, parts = abstract(rows, study), flow(rows, study), WORDS["index.parts"]
    html = template("contents.html.j2").render(
        title=study.title,
        paragraph=paragraph,
        parts=parts,
        abstract=answer.to_html(),
        beyond=beyond(rows, study).to_html(),
        limit=limits.to_html(),
        cards=cards(rows, study),
        flow=steps,
        reports=reports,
        downloads=[(file, what, text.size(n)) for file, what, n in downloads],
    )
    there = {"results": bool(answer.text), "flow": bool(steps), "downloads": bool(downloads)}
    shown = (Heading(2, id, words) for id, words in parts.items() if there.get(id, True))
    return Content(html, study.title, tuple(shown))


def uncoded(rows) -> int:
    """Count the cells with an entry of free text that nobody has approved a name for."""
    return int(results.pick(rows, analysis="query", level="term_uncoded")["events"].sum())


def flow(rows, study) -> list[tuple[str, str]]:
    """List the steps from the rows of the source to each visit, and who stopped treatment.

    From results rows ``flow``.

    Returns
    -------
    list of tuple of str
        Step and count.
    """
    alike = first(rows, analysis="query", level="ids_alike")
    rows = results.pick(rows, analysis="flow", statistic="count").dropna(subset=["estimate"])
    source, patients = results.pick(rows, group="all"), results.pick(rows, outcome="patients")
    counts = {
        "read": first(source, outcome="rows", level="read"),
        "quarantined": first(source, outcome="rows", level="quarantined"),
        "queried": first(source, outcome="cells", level="queried"),
        "left_out": first(source, outcome="filter", level="left_out"),
        "enrolled": first(patients, level="enrolled"),
        "ids_alike": alike,
    }
    steps = [
        (WORDS.write(f"flow.{entry}", study, row), text.count(row["estimate"]))
        for entry, row in counts.items()
        if row is not None
    ]
    level = "assessed" if len(results.pick(patients, level="assessed")) else "visited"
    visits = results.pick(patients, level=level)
    steps += [
        (WORDS.write(f"flow.{level}", study, row), text.of(row)) for _, row in visits.iterrows()
    ]
    stops = {time: first(patients, level=f"stopped_{time}") for time in STOPS}
    unknown = stops["undated"] is not None and stops["undated"]["events"] > 0
    entries = {"before": "stopped_before_known"} if unknown else {}
    return steps + [
        (WORDS.write(f"flow.{entries.get(time, row['level'])}", study, row), text.of(row))
        for time, row in stops.items()
        if row is not None
    ]


def titles(name: str, study) -> dict[str, str]:
    """Give title, question and short name of a report that go by the study, else nothing."""
    entries = WORDS["reports"].get(name, ())
    return {entry: WORDS.write(f"reports.{name}.{entry}", study) for entry in entries}
