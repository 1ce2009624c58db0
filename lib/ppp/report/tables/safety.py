"""Tables of exposure, adverse events and laboratory shifts."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.tables.table import Table

EXPOSURE = {
    "sum": "Total", "median": "Median a patient", "min": "Shortest", "max": "Longest"
}  # fmt: skip
KINDS = {"soc": "System organ class", "term": "Term"}
SIDES = {"low": "below", "high": "above"}
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
        notes=(*(f"Time on treatment: {m} patients." for m in method), *_notes(found),
               *(["Time was recorded, not estimated: no intervals."] if lines else [])),
    )  # fmt: skip


def _notes(found: pd.DataFrame) -> tuple[str, ...]:
    reasons = dict.fromkeys(found.loc[found["note"] != "", "note"])
    return tuple(f"{text.sentence(note)}." for note in reasons)


def _remarks(found: pd.DataFrame, shown: dict) -> list[str]:
    """Tell each remark of the rows once, after the names of the lines that it is about."""
    told = {}
    noted = found[(found["note"] != "") & found["estimate"].notna()]
    for _, row in noted.iterrows():
        name = shown.get(row["outcome"]) or row["level"]
        for words in row["note"].split("; "):
            told.setdefault(words, {})[name] = None
    return [f"{', '.join(names)}: {words}." for words, names in told.items()]


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
            *_bounds(found),
            f"Rate: {_RATE}",
            "“Severe” is a grade of intensity, “serious” a regulatory category; neither implies "
            "the other.",
            f"On treatment: onset from the first dose to {_days(study)} days after the last."
            f"{_outside(found, study)}",
            *_remarks(results.pick(found, outcome=list(names.AE_NAMES)), names.AE_NAMES),
        ),
        empty="Adverse events were not recorded: this is not the same as none having occurred.",
    )  # fmt: skip


_RATE = (
    "patients with a first event up to the end of treatment per 100 patient-years up to that event "
    "or that end, exact Poisson interval (Garwood). A first event in the days after the last dose "
    "counts among the patients, not in the rate."
)


def _days(study) -> int:
    return study.safety.days_after_last_dose


def _bounds(found: pd.DataFrame) -> list[str]:
    """Give the three upper bounds of a zero, once for each number exposed."""
    none = results.pick(found, level="")
    none = none[none["outcome"].isin(names.AE_NAMES)]
    two = results.pick(none, statistic="patients")
    told = []
    for _, row in two[two["events"].eq(0).fillna(False)].drop_duplicates("n").iterrows():
        mine = results.pick(none, outcome=row["outcome"]).set_index("statistic")["ci_high"]
        others = {"one-sided 95% bound": "upper_one_sided", "rule of three": "rule_of_three"}
        more = "".join(f"; {w} {text.percent(mine[s])}" for w, s in others.items() if s in mine)
        n, high = text.count(row["n"]), text.percent(row["ci_high"])
        told.append(f"No event in {n}: two-sided exact upper limit {high}{more}.")
    return told


def _outside(found: pd.DataFrame, study) -> str:
    outside = results.pick(found, outcome="not_emergent")["estimate"].sum()
    if not outside:
        return ""
    are = "is" if outside == 1 else "are"
    return (
        f" {text.plural(outside, 'event')} outside that window (before treatment or more than "
        f"{_days(study)} days after) {are} not counted here."
    )


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
    lines, shown, notes = [], found.head(0), [CP_NOTE]
    for code, kind in KINDS.items():
        levels = list(results.pick(found, outcome=code)["level"].unique())
        shown = pd.concat([shown, results.pick(found, outcome=code, level=levels[:limit])])
        for level in levels[:limit]:
            made = _incidence(results.pick(found, outcome=code, level=level))
            lines.append({"kind": kind, "what": level} | made)
        if len(levels) > limit:
            notes.append(f"{kind}: {len(levels) - limit} less frequent ones are not shown.")
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
        notes=(*notes, *_remarks(results.pick(shown, statistic="patients"), {})),
        group="kind",
        empty="No adverse event occurred on treatment." if occurred
        else "Adverse events were not recorded: this is not the same as none having occurred.",
    )  # fmt: skip


def lab_shift(rows: pd.DataFrame, study) -> Table:
    """Show, test by test, who left the reference limits after baseline, and who was outside then.

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
    for test in sorted(found["outcome"].unique(), key=str.casefold):
        stats = results.pick(found, outcome=test)
        counts = stats.dropna(subset=["estimate"]).set_index("level")["estimate"]
        if counts.empty:
            notes.append(f"{test}: {stats['note'].iloc[0] or 'no data'}.")
        elif counts.sum():
            lines.append({"test": test} | _left(counts))
    return Table(
        key="lab-shift",
        caption="Laboratory values against their reference limits: patients within the limits at "
        "baseline whose worst later value lay outside them, and patients outside at baseline.",
        frame=pd.DataFrame(lines, columns=["test", "n", *SIDES, "outside"], dtype="str"),
        labels={
            "test": "Test", "n": "Within limits\nat baseline, n", "low": "Later below,\nx/n",
            "high": "Later above,\nx/n", "outside": "Already outside\nat baseline",
        },
        notes=("Patients with a value at baseline and one after it; later: the worst value on "
               "treatment, furthest outside its limits. Counts of patients, described without "
               "intervals.", *notes),
        empty="Laboratory values with reference limits were not recorded.",
    )  # fmt: skip


def _left(counts: pd.Series) -> dict:
    states = counts.index.str.split("→").str[0]
    n = counts[states == "normal"].sum()
    later = {s: f"{text.count(counts.get(f'normal→{s}', 0))}/{text.count(n)}" for s in SIDES}
    before = {SIDES[s]: counts[states == s].sum() for s in SIDES}
    told = ", ".join(f"{text.count(k)} {side}" for side, k in before.items() if k)
    return {"n": text.count(n), "outside": told or "0"} | (
        later if n else dict.fromkeys(SIDES, "–")
    )
