"""The table of adverse events by system organ class and term, with the worst grade."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table
from ppp.safety.tables import incidence

INDENT = "\N{EM SPACE}"
PLACE = ["outcome", "population", "level"]
GRADES = {
    "1": "Worst\ngrade 1",
    "2": "Worst\ngrade 2",
    "3": "Worst\ngrade ≥ 3",
    "unknown": "Grade not\nrecorded",
}
GATHERED = {"4": "3", "5": "3"}
ALONE = "System organ classes were not recorded: terms stand alone."


def adverse_event_terms(rows: pd.DataFrame, study, *, limit: int = 60) -> Table:
    """Show adverse events by class, and within each class by term, most frequent first.

    Where no class was recorded the terms stand alone, and a note says so.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event`` of outcomes ``any``, ``soc``, ``soc_term`` and ``term``.
    study : Study
    limit : int
        Lines at most, below the first; the least frequent terms are left out, and a note tells
        how many.

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="adverse_event")
    found = found[found["estimate"].notna()].reset_index(drop=True)
    heads = results.pick(found, outcome=["soc", "soc_term", "term"], statistic="patients")
    heads = heads[heads["level"] != ""]
    nested = (heads["outcome"] == "soc_term").any()
    chosen = _nested(heads, limit) if nested else heads[heads["outcome"] == "term"].head(limit)
    whole = results.pick(found, outcome="any", statistic="patients", level="")
    shown = _at(found, pd.concat([whole, chosen]))
    lines = _lines(shown, pd.concat([whole, chosen])) if len(chosen) else []
    kinds = ["soc", "soc_term"] if nested else ["term"]
    what = "system organ class and term" if nested else "term"
    return Table(
        key="adverse-event-terms",
        caption=f"Adverse events on treatment by {what}{incidence.exposed(found)}: patients with "
        "exact 95% intervals, events, and patients by their worst grade.",
        frame=pd.DataFrame(lines, columns=_columns(shown), dtype="str"),
        labels={"what": "Class and term" if nested else "Term"} | incidence.LABELS | GRADES,
        notes=incidence.notes(
            incidence.EXACT,
            _reading(nested, shown),
            _left_out(heads[heads["outcome"].isin(kinds)], chosen),
            incidence.remarks(results.pick(shown, statistic="patients"), names.AE_NAMES),
        )
        if lines
        else (),
        empty="No adverse event occurred on treatment." if len(whole) else incidence.ABSENT,
    )


def _nested(heads: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Choose the classes and the most frequent of their terms, each class before its terms."""
    classes = heads[heads["outcome"] == "soc"].head(limit)
    order = {f"soc={name}": place for place, name in enumerate(classes["level"])}
    terms = heads[(heads["outcome"] == "soc_term") & heads["population"].isin(list(order))]
    often = terms["events"].sort_values(ascending=False, kind="stable").index
    terms = terms.loc[often[: limit - len(classes)]].sort_index()
    place = pd.concat([classes["level"].radd("soc="), terms["population"]]).map(order)
    return pd.concat([classes, terms]).loc[place.sort_values(kind="stable").index]


def _at(found: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Take every statistic of the places that are shown."""
    wanted = pd.MultiIndex.from_frame(places[PLACE])
    return found[pd.MultiIndex.from_frame(found[PLACE]).isin(wanted)]


def _lines(shown: pd.DataFrame, places: pd.DataFrame) -> list[dict]:
    by = dict(list(shown.groupby(PLACE, sort=False)))
    return [
        {"what": _name(*place)} | incidence.cells(by[place]) | _worst(by[place])
        for place in places[PLACE].itertuples(index=False, name=None)
    ]


def _name(outcome: str, population: str, level: str) -> str:
    if outcome == "any":
        return names.AE_NAMES["any"]
    if outcome == "soc" and level == "not recorded":
        return "Class not recorded"
    return INDENT * (outcome == "soc_term") + names.term(level)


def _worst(found: pd.DataFrame) -> dict[str, str]:
    """Count patients by worst grade; grades 3 to 5 are gathered."""
    graded = found[found["statistic"].str.startswith("worst_grade_")]
    grade = graded["statistic"].str.removeprefix("worst_grade_").replace(GATHERED)
    counts = graded["estimate"].groupby(grade).sum()
    return {g: text.count(counts.get(g, 0)) for g in GRADES}


def _columns(shown: pd.DataFrame) -> list[str]:
    statistics = set(shown["statistic"])
    graded = any(f"worst_grade_{g}" in statistics for g in "12345")
    unknown = graded and "worst_grade_unknown" in statistics
    grades = [g for g in GRADES if graded and (g != "unknown" or unknown)]
    return ["what", "patients", "percent", "events", *grades]


def _reading(nested: bool, shown: pd.DataFrame) -> str:
    graded = len(_columns(shown)) > 4
    worst = ", and in the worst grade of the patient’s events there" if graded else ""
    if not nested:
        return f"{ALONE} A patient counts once in each term{worst}."
    return (
        f"A patient counts once in a class and once in each of its terms{worst}: terms need not "
        "add up to their class."
    )


def _left_out(heads: pd.DataFrame, chosen: pd.DataFrame) -> str:
    left = heads["outcome"].value_counts().sub(chosen["outcome"].value_counts(), fill_value=0)
    told = [
        text.plural(left.get(o, 0), one, many)
        for o, one, many in (
            ("soc", "class", "classes"),
            ("soc_term", "term", ""),
            ("term", "term", ""),
        )
        if left.get(o, 0)
    ]
    return f"Not shown: {text.listed(told)}, the least frequent." if told else ""
