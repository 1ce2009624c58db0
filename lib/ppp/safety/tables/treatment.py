"""Tables of time on treatment and of why it stopped."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table
from ppp.safety.harms import days

EXPOSURE = {"sum": "Total", "median": "Median per patient", "min": "Shortest", "max": "Longest"}
DOSES = "By daily dose at the start, mg"


def exposure(rows: pd.DataFrame, study) -> Table:
    """Show the time on treatment, in all and, where doses were recorded, by the dose at the start.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``exposure`` of outcomes ``patient_years`` and ``dose_mg``.
    study : Study

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="exposure", outcome="patient_years")
    found = found[found["estimate"].notna()]
    by = found.set_index("statistic")["estimate"]
    lines = [
        {"part": "All patients", "what": shown, "patients": ""} | _time(by[name])
        for name, shown in EXPOSURE.items()
        if name in by
    ]
    n = text.count(found["n"].max() if len(found) else 0)
    doses = _doses(results.pick(rows, analysis="exposure", outcome="dose_mg")) if lines else []
    columns = ["part", "what", "patients"] if doses else ["what"]
    reasons = dict.fromkeys(found.loc[found["note"] != "", "note"])
    return Table(
        key="exposure",
        caption=f"Time on {study.drug} (n = {n}).",
        frame=pd.DataFrame(lines + doses, columns=[*columns, "years", "days"], dtype="str"),
        labels={
            "what": "Exposure",
            "patients": "Patients\nx/n",
            "years": "Patient-years",
            "days": "Days",
        },
        notes=(*_read(found), *(f"{text.sentence(note)}." for note in reasons)) if lines else (),
        group="part" if doses else "",
    )


def _time(years: float) -> dict[str, str]:
    known = not text.is_missing(years)
    return {"years": text.number(years) if known else "–", "days": days(years) if known else "–"}


def _doses(found: pd.DataFrame) -> list[dict]:
    """Write the doses at the start, in the order of the rows, with patients and their time."""
    counts = results.pick(found, statistic="count")
    counts = counts[counts["estimate"].notna() & (counts["level"] != "")]
    years = results.pick(found, statistic="sum").drop_duplicates("level")
    years = years.set_index("level")["estimate"]
    return [
        {
            "part": DOSES,
            "what": names.level(names.term(row["level"])),
            "patients": text.fraction(row),
        }
        | _time(years.get(row["level"]))
        for _, row in counts.iterrows()
    ]


def _read(found: pd.DataFrame) -> list[str]:
    """Say what days are, and in how many patients each end of treatment was taken."""
    method = dict.fromkeys(m for m in found["method"] if m)
    return [
        "Days are the date of the stop, or else of the last visit, minus the date of the first "
        "dose. Described, without intervals.",
        *(f"Time on treatment: {m} patients." for m in method),
    ]


def stop_reasons(rows: pd.DataFrame, study, *, limit: int = 60) -> Table:
    """Show why patients stopped treatment, and in how many no stop was recorded.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``exposure`` of outcome ``stop_reason``.
    study : Study
    limit : int
        Lines at most; a note tells how many were left out.

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="exposure", outcome="stop_reason", statistic="count")
    found = found[found["estimate"].notna()]
    lines = [
        {
            "what": names.level(names.term(row["level"])),
            "patients": text.fraction(row),
            "percent": text.percent(row["events"] / row["n"]),
        }
        for _, row in found.head(limit).iterrows()
    ]
    n = f" (n = {text.count(found['n'].max())} treated)" if len(found) else ""
    more = [f"{text.plural(len(found) - limit, 'less frequent reason')} not shown."]
    return Table(
        key="stop-reasons",
        caption=f"Reasons recorded for stopping {study.drug}{n}: patients, each once, and their "
        "share.",
        frame=pd.DataFrame(lines, columns=["what", "patients", "percent"], dtype="str"),
        labels={"what": "Reason for stopping", "patients": "Patients\nx/n", "percent": "%"},
        notes=(
            "Counts of patients, described without intervals. “No stop recorded”: on treatment "
            "for all that the source says.",
            *(more if len(found) > limit else []),
        )
        if lines
        else (),
        empty="Neither a date nor a reason of stopping was recorded.",
    )
