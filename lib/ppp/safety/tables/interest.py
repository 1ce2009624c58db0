"""The table of adverse events of special interest: every category, zeros with their bounds."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table
from ppp.safety.harms import WORDS
from ppp.safety.tables import incidence
from ppp.safety.tables.event_terms import INDENT

TERMS = ["interest_term", "common_term"]
PARTS = {
    "interest": "Of special interest with JAK inhibitors",
    "common": "Common with JAK inhibitors",
}


def special_interest(rows: pd.DataFrame, study, *, limit: int = 10) -> Table:
    """Show the adverse events of special interest for JAK inhibitors, every category.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event`` of outcomes ``interest`` and ``common``, and
        ``interest_term`` (population ``interest=<category>``), the terms of a category.
    study : Study
    limit : int
        Terms of a category at most; a note tells how many were left out.

    Returns
    -------
    Table
    """
    found = pd.concat([results.pick(rows, analysis="adverse_event", outcome=o) for o in PARTS])
    found = found[found["level"] != ""]
    named = results.pick(rows, analysis="adverse_event", outcome=TERMS)
    lines, left = [], 0
    for (code, level), of in found.groupby(["outcome", "level"], sort=False):
        if (of["statistic"] == "patients").any():
            terms = _terms(results.pick(named, population=f"{code}={level}"))
            own = [{"what": names.term(level)} | incidence.cells(of), *terms[:limit]]
            lines += [{"part": PARTS[code]} | line for line in own]
            left += len(terms[limit:])
    if not found["estimate"].notna().any():
        lines = []
    return Table(
        key="special-interest",
        caption="Adverse events of special interest for JAK inhibitors on treatment"
        f"{incidence.exposed(found)}: patients with exact 95% intervals, events, and rates per 100 "
        "patient-years.",
        frame=pd.DataFrame(lines, columns=["part", "what", *incidence.LABELS], dtype="str"),
        labels={"what": "Category"} | incidence.LABELS,
        notes=incidence.notes(
            f"{WORDS} One term may be in several categories; a zero says that no recorded term "
            "named the category.",
            f"{incidence.EXACT} {incidence.bounds(found)}",
            *incidence.RATE_NOTES,
            f"{incidence.remarks(found, {})} {_left_out(left)}",
            "CK: creatine kinase; MACE: major adverse cardiovascular event; NMSC: non-melanoma "
            "skin cancer; VTE: venous thromboembolism.",
        )
        if lines
        else (),
        group="part",
        empty=incidence.ABSENT,
    )


def _terms(found: pd.DataFrame) -> list[dict]:
    """Write the terms of one category, which have no rates."""
    by = found[found["estimate"].notna() & (found["level"] != "")].groupby("level", sort=False)
    lines = [
        _term(level, of.set_index("statistic"))
        for level, of in by
        if (of["statistic"] == "patients").any()
    ]
    return [{"what": INDENT + names.term(level)} | line for level, line in lines]


def _term(level: str, by: pd.DataFrame) -> tuple[str, dict]:
    patients = by.loc["patients"]
    sure = not text.is_missing(patients["ci_low"])
    return level, {
        "patients": text.fraction(patients),
        "percent": text.percent_ci(patients) if sure else "",
        "events": text.count(by["estimate"].get("event_count")),
        "rate": "",
        "event_rate": "",
    }


def _left_out(n: int) -> str:
    return f"Not shown: {text.plural(n, 'term')}, the least frequent." if n else ""
