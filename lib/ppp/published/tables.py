"""Tables of published figures: against this cohort, and against arithmetic."""

import pandas as pd

from ppp import levels, results
from ppp.catalogue.outcomes import outcome as about
from ppp.published.grim import runs
from ppp.report import names, text
from ppp.report.prose import Absent
from ppp.report.table import Table
from ppp.report.words import Words

WORDS = Words("ppp.published")
LEAST = {"any": -1, "positive": 0, "half": 0.5}


def comparison(rows: pd.DataFrame, figures, study) -> Table | Absent:
    """Show each published figure, what this cohort gives, the difference, and the verdict."""
    if not figures:
        return Absent()
    by = {figure.key: figure for figure in figures}
    printed = results.pick(rows, analysis="published", statistic="published")["method"]
    sources = "; ".join(filter(None, dict.fromkeys(printed)))
    whose = WORDS["tables.published." + ("synthetic" if study.synthetic else "own")]
    notes = {"whose": whose, "sources": sources, "omit": () if sources else ["sources"]}

    def cells(line):
        return _compared(by[line["outcome"].iloc[0]], line.iloc[0], study)

    return WORDS.table("published", rows, study, cells=cells, **notes)


def _compared(figure, row, study) -> dict:
    value, digits = row["estimate"], figure.decimals
    cohort, difference = "–", ""
    if not text.is_missing(value) and figure.kind == "p_below":
        cohort = text.p_scientific(value)
    elif not text.is_missing(value):
        cohort = text.number(value, digits)
        difference = text.number(value - float(figure.value), digits, signed=True)
    verdict = WORDS.write(f"tables.published.verdicts.{row['code'].split()[-1]}", study)
    return _printed(figure) | {"cohort": cohort, "difference": difference, "verdict": verdict}


def _printed(figure) -> dict:
    number = text.number(figure.value, figure.decimals)
    printed = f"<{number}" if figure.kind == "p_below" else number
    return {"label": figure.label, "printed": printed, "patients": text.count(figure.n)}


def audit(rows: pd.DataFrame, figures, study) -> Table | Absent:
    """Show what arithmetic says of each published figure, without any patient's data."""
    if not figures:
        return Absent()
    by = {figure.key: figure for figure in figures}
    untested = rows["code"].str.split().map(lambda codes: "untested" in codes)

    def cells(line):
        row = line.iloc[0]
        said = ["said"] * bool(row["note"])
        said += ["interval"] * (not text.is_missing(row["ci_low"]))
        verdict = WORDS.write(f"tables.audit.{'_'.join(said)}", study, row)
        return _printed(by[row["outcome"]]) | {"verdict": text.sentence(verdict)}

    return WORDS.table("audit", rows[~untested], study, cells=cells)


def sizes(rows: pd.DataFrame, study) -> Table | Absent:
    """Show the sample sizes that fit all means of a score, and means with SDs."""
    here = results.pick(rows, analysis="audit", statistic=["sizes_means", "sizes_all"])
    if here.empty:
        return Absent()

    def cells(line):
        codes = line.set_index("statistic")["code"]
        rule = text.sentence(WORDS[f"rule.{line['level'].iloc[0]}"])
        fitting = {"means": ranges(codes["sizes_means"]), "both": ranges(codes["sizes_all"])}
        return {"rule": rule} | fitting

    tried = "; ".join(dict.fromkeys(here["method"]))
    return WORDS.table("sizes", here, study, cells=cells, tried=tried)


def ranges(code: str) -> str:
    """Write the sample sizes of a row's code: "20–22, 25"."""
    return runs(map(int, code.split()))


def bounds(rows: pd.DataFrame, study) -> Table | Absent:
    """Show the paired comparison that the printed figures imply, by correlation."""
    changes = results.pick(rows, analysis="audit", statistic="mean_change")
    if changes.empty:
        return Absent()
    here = results.pick(rows, level=set(changes["level"]))
    notes = _footnotes(rows, changes, study) | {"sizes": text.between(changes["n"])}
    r = {"cells": lambda line: {"r": text.number(float(line["level"].iloc[0]), 1)}}
    return WORDS.table("bounds", here, study, **r, **notes)


def _footnotes(rows, changes, study) -> dict:
    """Choose the footnotes on the direction of a change and on cells that are empty."""
    known = [about(outcome, study) for outcome in changes["outcome"].unique()]
    lower = all(outcome is None or outcome.sign == 1 for outcome in known)
    here = results.pick(rows, analysis="audit", statistic=["mean_change", "paired_t", "d_z"])
    reasons = dict.fromkeys(here.loc[here["estimate"].isna(), "note"])
    omit = ["either" if lower else "lower"] + ["empty_cells"] * (not reasons)
    return {"omit": omit, "reasons": "; ".join(reasons)}


def responders(rows: pd.DataFrame, study) -> Table | Absent:
    """Show how many patients can have responded at most, and at least, with these figures."""
    here = results.pick(rows, analysis="audit", statistic=["largest", "smallest"])
    if here.empty:
        return Absent()

    def cells(line):
        """Name what patients are counted for, "PPPASI-75", and give their numbers by least r."""
        row = line.iloc[0]
        score, what = row["code"].partition("of:")[2], names.outcome(study, row["outcome"])
        if score:
            what = WORDS.write("not_improved", study, {"outcome": score})
        by = line.groupby("level")["events"]
        return {"what": what} | {
            name: text.between(by.get_group(levels.coefficient(r))) for name, r in LEAST.items()
        }

    sizes = text.between(here["n"])
    return WORDS.table("responder_bounds", here, study, cells=cells, sizes=sizes)
