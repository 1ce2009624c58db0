"""Sentences of the cleaning report."""

from ppp import results
from ppp.report import text
from ppp.report.prose import Prose
from ppp.report.text import markdown as md

NOUNS = {"cells": "non-empty cells", "rows": "rows"}


def ledger(rows, study) -> Prose:
    """Say what became of the rows and the cells, with the sum.

    Parameters
    ----------
    rows : DataFrame
        Results rows of analysis ``flow``.
    study : Study
    """
    parts = [_sum(_counts(rows, kind), noun) for kind, noun in NOUNS.items()]
    return Prose(" ".join(filter(None, parts)) or "What was read was not counted.")


def _counts(rows, kind) -> dict:
    found = results.pick(rows, analysis="flow", outcome=kind, group="all", statistic="count")
    return dict(zip(found["level"], found["estimate"], strict=True))


def _sum(counts: dict, noun: str) -> str:
    if "read" not in counts:
        return ""
    n = {
        level: counts.get(level, 0)
        for level in ("accepted", "warned", "queried", "quarantined", "unused")
    }
    warned = f" ({text.count(n['warned'])} of them with a warning)" if n["warned"] else ""
    rest = text.listed(
        f"**{text.count(n[level])}** {level}" for level in ("queried", "quarantined", "unused")
    )
    return (
        f"Of **{text.count(counts['read'])}** {noun}, **{text.count(n['accepted'])}** were "
        f"accepted{warned}, {rest}."
    )


def queries(frame, study) -> Prose:
    """Say how many cells were queried, and which rules they broke.

    Parameters
    ----------
    frame : DataFrame
        ``queries`` of the cleaned cohort.
    study : Study
    """
    if not len(frame):
        return Prose("No cell was queried.")
    marks = frame["rule"] == "missing_marker"
    missing = int((frame["action"] == "missing").sum())
    kept = int(((frame["action"] == "kept") & ~marks).sum())
    covered = (
        f" in {text.plural(frame.loc[marks, 'cells'].sum(), 'cell')}"
        if "cells" in frame and marks.any()
        else ""
    )
    marked = (
        f"; markers of what is not known were read as missing{covered} "
        f"({text.plural(int(marks.sum()), 'notice')})"
        if marks.any()
        else ""
    )
    rules = frame["rule"].value_counts()
    told = text.listed(f"{md(r.replace('_', ' '))} ({text.count(n)})" for r, n in rules.items())
    return Prose(
        f"**{text.plural(missing, 'cell')}** became missing; **{text.plural(kept, 'warning')}** "
        f"{'was' if kept == 1 else 'were'} given, with the values kept{marked}. Rules: {told}."
    )


def quarantine(frame, study) -> Prose:
    """Say how many rows were quarantined, and why.

    Parameters
    ----------
    frame : DataFrame
        ``quarantine`` of the cleaned cohort.
    study : Study
    """
    if not len(frame):
        return Prose("No row was quarantined.")
    rules = frame["rule"].value_counts()
    told = text.listed(f"{md(r.replace('_', ' '))} ({text.count(n)})" for r, n in rules.items())
    one = len(frame) == 1
    return Prose(
        f"**{text.plural(len(frame), 'row')}** {'was' if one else 'were'} quarantined: {told}."
    )
