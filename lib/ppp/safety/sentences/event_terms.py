"""Sentences on the terms of adverse events: the frequent, the unsorted, and those set apart."""

from ppp import results
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.text import markdown as md
from ppp.results import first as first_row
from ppp.results import usable
from ppp.safety import harms
from ppp.safety.sentences.adverse_events import incidence


def terms(rows, study, *, limit: int = 5) -> Prose:
    """Name the most frequent terms, with patients of those exposed; ties are named together.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event`` of outcome ``term``.
    study : Study
    limit : int
        Terms that are named at least; all terms as frequent as the last of them are named too,
        unless these are so many that they are better left to the table.
    """
    found = _patients(rows, "term")
    if found.empty:
        nothing = incidence(rows, study, "any")
        said = "**" in nothing.text or nothing.text == harms.NOT_RECORDED
        return nothing if said else Prose("")
    ties = [of for _, of in found.groupby("events", sort=False)]
    ties.sort(key=lambda of: -of["events"].iloc[0])
    named, count = [], 0
    while ties and count < limit and (not named or count + len(ties[0]) <= 2 * limit):
        count += len(ties[0])
        named.append(ties.pop(0))
    if count > 2 * limit:
        each = text.of(named[0].iloc[0])
        return Prose(f"Each of {text.count(count)} terms was recorded in {each} patients.")
    left = [f"{text.plural(len(of), 'further term')} in {_in_patients(of)}" for of in ties[:1]]
    if len(ties) > 1:
        left = [f"{text.plural(sum(map(len, ties)), 'further term')} in the table"]
    return Prose(f"Most frequent: {'; '.join([*map(_tie, named), *left])}.")


def _patients(rows, outcome: str):
    found = results.pick(rows, analysis="adverse_event", outcome=outcome, statistic="patients")
    return found[found["estimate"].notna() & (found["level"] != "")]


def _tie(of) -> str:
    each = " each" if len(of) > 1 else ""
    return f"{text.listed(map(_named, of['level']))} ({text.of(of.iloc[0])}{each})"


def _in_patients(of) -> str:
    each = " each" if len(of) > 1 else ""
    return f"{text.of(of.iloc[0])} patients{each}"


def _named(level: str) -> str:
    return md(names.term(level))


def uncaught(rows, study, *, limit: int = 20) -> Prose:
    """List the terms that no category of special interest and no organ class sorts.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event`` of outcome ``uncaught``.
    study : Study
    limit : int
        Terms that are named.
    """
    found = _patients(rows, "uncaught")
    if found.empty:
        if _patients(rows, "term").empty:
            return terms(rows, study)
        return Prose("Every recorded term has a system organ class or falls in a category.")
    told = [f"{_named(r['level'])} ({text.of(r)})" for _, r in found.head(limit).iterrows()]
    if len(found) > limit:
        told.append(f"{text.count(len(found) - limit)} more")
    has, are = ("has", "is") if len(found) == 1 else ("have", "are")
    return Prose(
        f"{text.plural(len(found), 'term')} {has} neither a system organ class nor a category, and "
        f"{are} to be read one by one: {text.listed(told)}."
    )


def outside_treatment(rows, study, *, limit: int = 10) -> Prose:
    """Say which events lie before the first dose or after the window.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event`` of outcomes ``before_treatment`` and ``after_window``.
    study : Study
    limit : int
        Terms of each that are named.
    """
    totals = harms.outside(rows)
    if not totals:
        return Prose(harms.NOT_RECORDED) if _nothing(rows) else Prose("")
    days = text.plural(study.safety.days_after_last_dose, "day")
    where = {
        "before_treatment": f"before {harms.first_day(study)}",
        "after_window": f"more than {days} after the last",
    }
    told = [
        f"**{text.plural(k, 'event')}** {where[o]}{_examples(rows, o, limit)}"
        for o, k in totals.items()
        if k
    ]
    if not told:
        return Prose(f"No recorded event lies {text.listed(where.values(), 'or')}.")
    are = "lies" if sum(totals.values()) == 1 else "lie"
    return Prose(
        f"{text.listed(told)} {are} outside treatment and {are.replace('lie', 'count')} "
        "in no other number."
    )


def _nothing(rows) -> bool:
    return not usable(
        first_row(rows, analysis="adverse_event", outcome="any", level="", statistic="patients")
    )


def _examples(rows, outcome: str, limit: int) -> str:
    found = _patients(rows, outcome)
    told = [_named(level) for level in found["level"].head(limit)]
    if len(found) > limit:
        told.append(text.plural(len(found) - limit, "further term"))
    return f" ({text.listed(told)})" if told else ""


def partial_dates(rows, study) -> Prose:
    """Say how many events have no exact date, and where they were placed.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event`` of outcome ``partial_date``.
    study : Study
    """
    placed = harms.placed(rows)
    if placed:
        return Prose(f"{text.sentence(placed)}.")
    if _nothing(rows):
        return Prose(harms.NOT_RECORDED)
    every = first_row(
        rows, analysis="adverse_event", outcome="any", level="", statistic="event_count"
    )
    if not usable(every) or not every["estimate"]:
        return Prose("")
    known = results.pick(rows, analysis="adverse_event", outcome="partial_date")
    return Prose("Every event on treatment has an exact date of onset." * bool(len(known)))
