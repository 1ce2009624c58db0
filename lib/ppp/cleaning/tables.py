"""Tables of the cleaning report: the sum of what was read, and each query and quarantine."""

import pandas as pd

from ppp import results
from ppp.report import text
from ppp.report.table import Table
from ppp.report.words import Words

WORDS = Words("ppp.cleaning")
LEVELS = tuple(WORDS["levels"])


def ledger(rows: pd.DataFrame, study) -> Table:
    """Show what was read from each sheet and what became of it, rows and cells, with the sum."""
    sums = []
    for kind in ("rows", "cells"):
        counts = results.pick(rows, analysis="flow", outcome=kind, group="all")
        by = counts.set_index("level")["estimate"].reindex(list(LEVELS), fill_value=0)
        if len(counts):
            sums.append(WORDS.write(f"tables.ledger.sum.{kind}", study, **by.map(text.count)))
    return WORDS.table(
        "ledger",
        rows,
        study,
        across=LEVELS,
        heads=WORDS["levels"],
        blank="0",
        sums=sums,
        cells=lambda line: {"table": WORDS["names"][line.iloc[0]["group"]]},
    )


def query_counts(rows: pd.DataFrame, study) -> Table:
    """Count the queries and warnings by rule and field, from rows ``query``."""
    rows = results.pick(rows, analysis="query")
    rows = rows.sort_values("events", ascending=False, kind="stable")
    return WORDS.table(
        "query_counts",
        rows,
        study,
        notices=text.plural(int(rows["n"].sum()), "notice"),
        cells=lambda line: {
            "rule": rule(line.iloc[0]["level"]),
            "field": _label(study, line.iloc[0]["outcome"], line.iloc[0]["group"]),
            "done": WORDS["done"].get(line.iloc[0]["code"], line.iloc[0]["code"]),
        },
    )


def rule(code: str) -> str:
    """Write the name of a rule of cleaning."""
    return code.replace("_", " ")


def queries(frame: pd.DataFrame, study, *, limit: int = 80) -> Table:
    """List the cells that were queried or warned of; the raw values stay in the derived data.

    Parameters
    ----------
    frame : DataFrame
        ``queries`` of the cleaned cohort: sheet, cell, study_id, week, field, rule, action.
    limit : int
        Rows that are shown at most; a note tells how many more there are.
    """
    top = frame.head(limit)
    done = top["action"].mask(top["rule"] == "missing_marker", "marker")
    fields = zip(top["field"], top["sheet"], strict=True)
    cells = {
        "patient": _plain(top["study_id"]),
        "week": top["week"].map(text.count),
        "field": [_label(study, field, sheet) for field, sheet in fields],
        "cell": _plain(top["sheet"]) + "!" + _plain(top["cell"]),
        "rule": _plain(top["rule"]).map(rule),
        "action": done.replace(WORDS["done"]),
    }
    notices = text.plural(len(frame), "notice")
    notes = [*_more(frame, limit, study), WORDS["tables.queries.raw"]]
    return _listing("queries", cells, study, notes, notices=notices)


def quarantine(frame: pd.DataFrame, study, *, limit: int = 80) -> Table:
    """List the rows that could not be placed; their contents stay in the derived data.

    Parameters
    ----------
    frame : DataFrame
        ``quarantine`` of the cleaned cohort: sheet, row, rule, copy_of.
    limit : int
        Rows that are shown at most.
    """
    top = frame.head(limit)
    cells = {name: _plain(top[name]) for name in ("sheet", "row")}
    cells |= {"rule": _plain(top["rule"]).map(rule), "copy": _plain(top["copy_of"])}
    notes = _more(frame, limit, study)
    return _listing("quarantine", cells, study, notes, n=text.count(len(frame)))


def _listing(name: str, cells: dict, study, notes, **values) -> Table:
    return Table(
        key=name,
        caption=WORDS.write(f"tables.{name}.caption", study, **values),
        frame=pd.DataFrame(cells, dtype="str"),
        labels=WORDS[f"tables.{name}.columns"],
        notes=tuple(notes),
        empty=WORDS[f"tables.{name}.empty"],
    )


def _plain(values: pd.Series) -> pd.Series:
    return values.map(lambda x: "–" if pd.isna(x) or x == "" else _whole(x)).astype("str")


def _whole(x) -> str:
    return f"{x:g}" if isinstance(x, float) else str(x)


def _label(study, field, sheet) -> str:
    if pd.isna(field) or not field:
        return "–"
    return study.label(field, _table(study, sheet))


def _table(study, sheet: str) -> str:
    """Name the table that a sheet holds, empty where it holds none or several."""
    held = [name for name, own in study.source.sheets.items() if own == sheet]
    return held[0] if len(held) == 1 else sheet * (sheet in WORDS["names"] and not held)


def _more(frame: pd.DataFrame, limit: int, study) -> list[str]:
    left = len(frame) - limit
    further = text.plural(left, "further line")
    return [WORDS.write("tables.queries.more", study, left=further)] if left > 0 else []
