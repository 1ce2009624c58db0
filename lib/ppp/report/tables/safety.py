"""Tables of exposure, adverse events and laboratory shifts."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.tables.table import Table

EXPOSURE = {
    "sum": "Total", "median": "Median a patient", "min": "Shortest", "max": "Longest"
}  # fmt: skip
KINDS = {"soc": "System organ class", "term": "Term"}
STATES = ("low", "normal", "high")
CP_NOTE = (
    "Patients: each counted once in a row; interval: exact (Clopper–Pearson), two-sided 95%. "
    "With no event its upper end is the bound."
)


def exposure(rows: pd.DataFrame, study) -> Table:
    """Show the time on treatment.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``exposure``.
    study : Study

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="exposure", outcome="patient_years")
    found = found[found["estimate"].notna()]
    by = found.set_index("statistic")
    lines = [
        {
            "what": shown,
            "years": text.number(by.loc[name, "estimate"]),
            "days": text.number(365.25 * by.loc[name, "estimate"], 0),
        }
        for name, shown in EXPOSURE.items()
        if name in by.index
    ]
    n = found["n"].max() if len(found) else 0
    method = dict.fromkeys(m for m in found["method"] if m)
    return Table(
        key="exposure",
        caption=f"Time on {study.drug} (n = {text.count(n)}).",
        frame=pd.DataFrame(lines, columns=["what", "years", "days"], dtype="str"),
        labels={"what": "Exposure", "years": "Patient-years", "days": "Days"},
        notes=tuple(f"Time: {m}." for m in method) + _notes(found),
    )


def _notes(found: pd.DataFrame) -> tuple[str, ...]:
    reasons = dict.fromkeys(found.loc[found["note"] != "", "note"])
    return tuple(f"{text.sentence(note)}." for note in reasons)


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
    found = results.pick(rows, analysis="adverse_event")
    lines = [
        {"what": shown} | _incidence(results.pick(found, outcome=code))
        for code, shown in names.AE_NAMES.items()
        if len(results.pick(found, outcome=code, statistic="patients"))
    ]
    if not found["estimate"].notna().any():
        lines = []
    columns = ["what", "patients", "percent", "events", "rate"]
    return Table(
        key="adverse-events",
        caption=f"Adverse events on treatment{_exposed(found)}.",
        frame=pd.DataFrame(lines, columns=columns, dtype="str"),
        labels={
            "what": "Adverse events", "patients": "Patients\nx/n", "percent": "%\n[exact 95% CI]",
            "events": "Events", "rate": "First events per 100\npatient-years (95% CI)",
        },
        notes=(
            CP_NOTE,
            "Rate: patients with a first event per 100 patient-years at risk, exact Poisson "
            "interval (Garwood).",
            "“Severe” is a grade of intensity, “serious” a regulatory category; neither implies "
            "the other.",
            f"On treatment: onset from the first dose to {study.safety.days_after_last_dose} days "
            "after the last.",
        ),
        empty="Adverse events were not recorded: this is not the same as none having occurred.",
    )  # fmt: skip


def _exposed(found: pd.DataFrame) -> str:
    n = results.pick(found, statistic="patients")["n"].dropna()
    return f" (n = {text.count(n.max())} exposed)" if len(n) else ""


def _incidence(found: pd.DataFrame) -> dict:
    by = found.drop_duplicates("statistic").set_index("statistic")
    patients = by.loc["patients"]
    if text.is_missing(patients["estimate"]):
        reason = patients["note"] or text.NOT_ESTIMABLE
        return {"patients": reason, "percent": "–", "events": "–", "rate": "–"}
    rate = by.loc["rate_per_100_py"] if "rate_per_100_py" in by.index else None
    empty = rate is None or text.is_missing(rate["estimate"])
    return {
        "patients": text.fraction(patients),
        "percent": text.percent_ci(patients),
        "events": text.count(by.loc["event_count", "estimate"]) if "event_count" in by.index
        else "–",
        "rate": "–" if empty else text.estimate_ci(rate, 1),
    }  # fmt: skip


def adverse_event_terms(rows: pd.DataFrame, study, *, limit: int = 60) -> Table:
    """Show adverse events by system organ class and by term, most frequent first.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event`` of outcomes ``soc`` and ``term``.
    study : Study
    limit : int
        Lines of each kind at most; a note tells how many were left out.

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="adverse_event", outcome=list(KINDS))
    found = found[found["level"] != ""]
    lines, notes = [], [CP_NOTE]
    for code, shown in KINDS.items():
        levels = list(results.pick(found, outcome=code)["level"].unique())
        for level in levels[:limit]:
            made = _incidence(results.pick(found, outcome=code, level=level))
            lines.append({"kind": shown, "what": level} | made)
        if len(levels) > limit:
            notes.append(f"{shown}: {len(levels) - limit} less frequent ones are not shown.")
    none = results.pick(rows, analysis="adverse_event", outcome="any", statistic="patients")
    occurred = none["estimate"].notna().any()
    return Table(
        key="adverse-event-terms",
        caption="Adverse events on treatment by system organ class and term"
        f"{_exposed(found)}.",
        frame=pd.DataFrame(
            lines, columns=["kind", "what", "patients", "percent", "events"], dtype="str"
        ),
        labels={
            "what": "Class or term", "patients": "Patients\nx/n",
            "percent": "%\n[exact 95% CI]", "events": "Events",
        },
        notes=tuple(notes),
        group="kind",
        empty="No adverse event occurred on treatment." if occurred
        else "Adverse events were not recorded: this is not the same as none having occurred.",
    )  # fmt: skip


def lab_shift(rows: pd.DataFrame, study) -> Table:
    """Show laboratory shifts: the state at baseline against the worst state on treatment.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``lab_shift``.
    study : Study

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="lab_shift", statistic="count")
    lines, notes = [], []
    for test in found["outcome"].unique():
        stats = results.pick(found, outcome=test)
        counts = stats.dropna(subset=["estimate"]).set_index("level")["estimate"]
        if counts.empty:
            notes.append(f"{test}: {stats['note'].iloc[0] or 'no data'}.")
        for state in STATES if counts.sum() else ():
            cells = {s: text.count(counts.get(f"{state}→{s}", 0)) for s in STATES}
            if sum(counts.get(f"{state}→{s}", 0) for s in STATES):
                test_n = f"{test} (n = {text.count(stats['n'].max())})"
                lines.append({"test": test_n, "baseline": text.sentence(state)} | cells)
    return Table(
        key="lab-shift",
        caption="Laboratory values against their reference limits: patients by state at baseline "
        "(rows) and worst state on treatment (columns).",
        frame=pd.DataFrame(lines, columns=["test", "baseline", *STATES], dtype="str"),
        labels={
            "baseline": "At baseline", "low": "Worst: low", "normal": "Worst: normal",
            "high": "Worst: high",
        },
        notes=("n: patients with a value at baseline and one after it. Rows without patients are "
               "left out. Worst: furthest outside its limits.", *notes),
        group="test",
        empty="Laboratory values with reference limits were not recorded.",
    )  # fmt: skip
