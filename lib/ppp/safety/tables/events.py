"""Tables of adverse events: the summary lines, the grades, and what lies outside treatment."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table
from ppp.safety import harms
from ppp.safety.tables import incidence

KINDS = (
    "“Severe” is a grade of intensity, “serious” a regulatory category; neither implies the other. "
    "Change of dose: reduced, increased or interrupted."
)
UNGRADED = "A patient is without a grade only where none of the patient’s events has one."


def adverse_events(rows: pd.DataFrame, study) -> Table:
    """Show the summary lines of adverse events, zeros included with their upper bounds.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event``.
    study : Study

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="adverse_event", outcome=list(names.AE_NAMES), level="")
    by = dict(list(found.groupby("outcome", sort=False)))
    lines = [
        {"what": shown} | incidence.cells(by[code])
        for code, shown in names.AE_NAMES.items()
        if code in by and (by[code]["statistic"] == "patients").any()
    ]
    if not found["estimate"].notna().any():
        lines = []
    return Table(
        key="adverse-events",
        caption=f"Adverse events on treatment{incidence.exposed(found)}: patients with exact 95% "
        "intervals, events, and rates per 100 patient-years.",
        frame=pd.DataFrame(lines, columns=["what", *incidence.LABELS], dtype="str"),
        labels={"what": "Adverse events"} | incidence.LABELS,
        notes=incidence.notes(
            f"{incidence.EXACT} {incidence.bounds(found)}",
            *incidence.RATE_NOTES,
            KINDS,
            incidence.remarks(found, names.AE_NAMES),
            incidence.window(rows, study),
        )
        if lines
        else (),
        empty=incidence.ABSENT,
    )


def adverse_event_grades(rows: pd.DataFrame, study) -> Table:
    """Show patients by their worst grade, each once, and events by their grade.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event`` of outcome ``grade``.
    study : Study

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="adverse_event", outcome="grade")
    found = found[found["estimate"].notna()]
    by = dict(list(found.groupby("level", sort=False)))
    lines = [
        {"what": shown} | incidence.cells(by[code])
        for code, shown in names.AE_GRADES.items()
        if code in by
    ]
    columns = ["what", "patients", "percent", "events"]
    return Table(
        key="adverse-event-grades",
        caption=f"Adverse events on treatment by grade{incidence.exposed(found)}: patients by "
        "their worst grade with exact 95% intervals, and events.",
        frame=pd.DataFrame(lines, columns=columns, dtype="str"),
        labels={"what": "Worst grade"} | incidence.LABELS,
        notes=incidence.notes(
            "Each patient is counted once, at the worst grade of any event; each event at its own "
            "grade. Interval: exact (Clopper–Pearson), two-sided 95%.",
            incidence.bounds(found),
            UNGRADED if "unknown" in by else "",
        )
        if lines
        else (),
        empty="Grades of adverse events were not recorded.",
    )


def outside_treatment(rows: pd.DataFrame, study, *, limit: int = 30) -> Table:
    """List the events before the first dose and those after the window, apart from all others.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event`` of outcomes ``before_treatment`` and ``after_window``.
    study : Study
    limit : int
        Terms of each at most; a note tells how many were left out.

    Returns
    -------
    Table
    """
    after = f"More than {text.plural(study.safety.days_after_last_dose, 'day')} after the last dose"
    parts = {"before_treatment": f"Before {harms.first_day(study)}", "after_window": after}
    found = results.pick(rows, analysis="adverse_event", outcome=list(parts))
    lines, notes = [], []
    for code, shown in parts.items():
        terms, left = _listed(results.pick(found, outcome=code), limit)
        lines += [{"part": shown} | line for line in terms]
        notes += [f"{shown}: {text.plural(left, 'less frequent term')} not shown."] * bool(left)
    totals = harms.outside(rows)
    return Table(
        key="outside-treatment",
        caption=f"Adverse events outside treatment{incidence.exposed(found)}: patients and events, "
        "counted in no other table.",
        frame=pd.DataFrame(lines, columns=["part", "what", "patients", "events"], dtype="str"),
        labels={"what": "Term", "patients": "Patients\nx/n", "events": "Events"},
        notes=(
            f"Counted elsewhere as on treatment: {harms.window(study)}. Counts, without intervals: "
            "nobody was observed for a stated time before or after.",
            *notes,
        )
        if lines
        else (),
        group="part",
        empty="No recorded event lies outside treatment." if totals else incidence.ABSENT,
    )


def _listed(found: pd.DataFrame, limit: int) -> tuple[list[dict], int]:
    """Write the total and the terms of one part, and count the terms left out."""
    patients = results.pick(found, statistic="patients")
    patients = patients[patients["events"].gt(0).fillna(False)].drop_duplicates("level")
    events = results.pick(found, statistic="event_count").drop_duplicates("level")
    events = events.set_index("level")["estimate"]
    total, terms = patients[patients["level"] == ""], patients[patients["level"] != ""]
    lines = [
        {
            "what": names.term(row["level"]) or "All",
            "patients": text.fraction(row),
            "events": text.count(events.get(row["level"])),
        }
        for _, row in pd.concat([total, terms.head(limit)]).iterrows()
    ]
    return lines, max(len(terms) - limit, 0)
