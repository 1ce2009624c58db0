"""Tables of laboratory values against their limits, and of the liver tests together."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.absent import Absent
from ppp.report.table import Table

SIDES = {"low": "below", "high": "above"}
NO_LIMIT = {"low": "no lower limit", "high": "no upper limit"}
POTENTIAL = (
    "Potential Hy’s law: other causes are to be excluded first; a patient whose ALP is not known "
    "counts there. Peaks together: patients with a peak of a transaminase and of bilirubin, not "
    "necessarily on one day."
)
TOGETHER = "ALT or AST with bilirubin (eDISH)"


def lab_shift(rows: pd.DataFrame, study, *, limit: int = 60) -> Table:
    """Show, test by test, who left the reference limits after baseline, and who was outside then.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``lab_shift``; the tests stand in their order.
    study : Study
    limit : int
        Tests at most; a note tells how many were left out.

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="lab_shift", statistic="count")
    tests = list(found["outcome"].unique())
    by = dict(list(found.groupby("outcome")))
    lines, notes = [], []
    for test in tests[:limit]:
        counts = by[test].dropna(subset=["estimate"]).set_index("level")["estimate"]
        told = " ".join(by[test]["note"])
        if counts.empty:
            notes.append(f"{names.term(test)}: {by[test]['note'].iloc[0] or 'no data'}.")
        elif counts.sum():
            without = {s: "–" for s, words in NO_LIMIT.items() if words in told}
            lines.append({"test": names.term(test)} | _left(counts) | without)
    if len(tests) > limit:
        notes.append(f"{text.plural(len(tests) - limit, 'further test')} not shown.")
    return Table(
        key="lab-shift",
        caption="Laboratory values against their reference limits: patients within the limits at "
        "baseline whose worst later value lay outside them, and patients outside at baseline.",
        frame=pd.DataFrame(lines, columns=["test", "n", *SIDES, "outside"], dtype="str"),
        labels={
            "test": "Test",
            "n": "Within limits\nat baseline, n",
            "low": "Later below,\nx/n",
            "high": "Later above,\nx/n",
            "outside": "Already outside\nat baseline",
        },
        notes=(
            "Patients with a value at baseline and one after it; later: the worst value after "
            "baseline, furthest outside its limits. –: no such limit, or nobody within limits "
            "at baseline. Counts of patients, described without intervals.",
            *notes,
        ),
        empty="Laboratory values with reference limits were not recorded.",
    )


def _left(counts: pd.Series) -> dict:
    states = counts.index.str.split("→").str[0]
    n = counts[states == "normal"].sum()
    later = {s: f"{text.count(counts.get(f'normal→{s}', 0))}/{text.count(n)}" for s in SIDES}
    before = {SIDES[s]: counts[states == s].sum() for s in SIDES}
    told = ", ".join(f"{text.count(k)} {side}" for side, k in before.items() if k)
    return {"n": text.count(n), "outside": told or "0"} | (
        later if n else dict.fromkeys(SIDES, "–")
    )


def liver(rows: pd.DataFrame, study) -> Table | Absent:
    """Show how high the liver tests rose, one by one and together (quadrants of eDISH).

    Parameters
    ----------
    rows : DataFrame
        Results rows ``liver``.
    study : Study

    Returns
    -------
    Table or Absent
        Absent where none of the tests was recorded with its upper limit.
    """
    found = results.pick(rows, analysis="liver", statistic="patients")
    known = found[found["estimate"].notna()]
    if known.empty:
        return Absent()
    remarks = dict.fromkeys(found.loc[found["note"] != "", "note"])
    told = [f"{text.sentence(note)}." for note in remarks]
    if "edish" not in set(known["outcome"]):
        told.append("Hy’s law cannot be looked for.")
    return Table(
        key="liver",
        caption="Highest ALT or AST and highest bilirubin after baseline, as multiples of their "
        f"upper limits (ULN; n = {text.between(known['n'])}): patients with exact 95% intervals.",
        frame=pd.DataFrame(_singly(known) + _together(known), dtype="str"),
        labels={"what": "Peak values", "patients": "Patients\nx/n", "percent": "%\n[exact 95% CI]"},
        notes=(
            "Patients with a peak after baseline and its upper limit. Interval: exact "
            "(Clopper–Pearson), two-sided 95%; with no patient its upper end is the bound.",
            *([POTENTIAL] if "edish" in set(known["outcome"]) else []),
            *told,
        ),
        group="part",
    )


def _singly(known: pd.DataFrame) -> list[dict]:
    return [
        _line("Each test", f"{shown} {row['level'].replace('>', '> ')}×ULN", row)
        for outcome, shown in names.LIVER_TESTS.items()
        for _, row in results.pick(known, outcome=outcome).iterrows()
    ]


def _together(known: pd.DataFrame) -> list[dict]:
    by = results.pick(known, outcome="edish").set_index("level")
    shown = {code: words for code, words in names.LIVER_NAMES.items() if code in by.index}
    return [_line(TOGETHER, words, by.loc[code]) for code, words in shown.items()]


def _line(part: str, what: str, row) -> dict:
    cells = {"patients": text.fraction(row), "percent": text.percent_ci(row)}
    return {"part": part, "what": what} | cells
