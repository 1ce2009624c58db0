"""Tables of the cleaning report: the sum of what was read, and each query and quarantine."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table

LEVELS = ("read", "accepted", "warned", "queried", "quarantined", "unused")
KINDS = {"rows": "Rows", "cells": "Non-empty cells"}
ACTIONS = {"missing": "set to missing", "kept": "kept, with a warning"}
READ_AS_MISSING = "read as missing"


def ledger(rows: pd.DataFrame, study) -> Table:
    """Show what was read from each sheet and what became of it, rows and cells, with the sum.

    Parameters
    ----------
    rows : DataFrame
        Results rows of analysis ``flow``.
    study : Study

    Returns
    -------
    Table
    """
    found = results.pick(rows, analysis="flow", outcome=list(KINDS), statistic="count")
    lines, notes = [], []
    for kind, shown in KINDS.items():
        counts = found[found["outcome"] == kind].pivot_table(
            index="group", columns="level", values="estimate", sort=False, aggfunc="first"
        )
        for table, line in counts.reindex(columns=LEVELS, fill_value=0).iterrows():
            cells = {level: text.count(line[level]) for level in LEVELS}
            lines.append({"kind": shown, "table": names.TABLE_NAMES.get(table, table)} | cells)
            if table == "all":
                notes.append(f"{shown}: {balance(line)}.")
    notes.append("“With a warning” counts what is also in “accepted”.")
    return Table(
        key="ledger",
        caption="What was read from the source, and what became of it: each row and each "
        "non-empty cell is counted once.",
        frame=pd.DataFrame(lines, columns=["kind", "table", *LEVELS], dtype="str"),
        labels={
            "table": "Table",
            "read": "Read",
            "accepted": "Accepted",
            "warned": "of which\nwith a warning",
            "queried": "Queried",
            "quarantined": "Quarantined",
            "unused": "Unused",
        },
        notes=tuple(notes),
        group="kind",
    )


def balance(line) -> str:
    """Write the sum that must hold: "10 read = 8 accepted + 1 queried + 1 quarantined + 0 unused".

    Parameters
    ----------
    line : mapping of str to number
        Counts by level of the ledger.
    """
    parts = " + ".join(
        f"{text.count(line[level])} {level}" for level in LEVELS if level not in ("read", "warned")
    )
    return f"{text.count(line['read'])} read = {parts}"


def queries(frame: pd.DataFrame, study, *, limit: int = 80) -> Table:
    """List the cells that were queried or warned of; the raw values stay in the derived data.

    Parameters
    ----------
    frame : DataFrame
        ``queries`` of the cleaned cohort: sheet, cell, study_id, week, field, rule, action.
    study : Study
    limit : int
        Rows that are shown at most; a note tells how many more there are.

    Returns
    -------
    Table
    """
    shown = frame.head(limit)
    lines = pd.DataFrame(
        {
            "patient": _plain(shown["study_id"]),
            "week": shown["week"].map(text.count),
            "field": [
                _label(study, field, sheet)
                for field, sheet in zip(shown["field"], shown["sheet"], strict=True)
            ],
            "cell": _plain(shown["sheet"]) + "!" + _plain(shown["cell"]),
            "rule": _plain(shown["rule"]).str.replace("_", " "),
            "action": [
                action(*found) for found in zip(shown["rule"], shown["action"], strict=True)
            ],
        },
        dtype="str",
    )
    return Table(
        key="queries",
        caption=f"Queried cells and warnings ({text.plural(len(frame), 'notice')}), with "
        "the rule that each broke.",
        frame=lines,
        labels={
            "patient": "Patient",
            "week": "Week",
            "field": "Field",
            "cell": "Sheet and cell",
            "rule": "Rule",
            "action": "What was done",
        },
        notes=(
            *_more(frame, limit),
            "Raw values are not shown; they are in queries.csv of the "
            "derived data, which stay at the centre.",
        ),
        empty="No cell was queried.",
    )


def query_counts(frame: pd.DataFrame, study) -> Table:
    """Count the queries and warnings by rule and field.

    Parameters
    ----------
    frame : DataFrame
        ``queries`` of the cleaned cohort.
    study : Study

    Returns
    -------
    Table
    """
    by = ["rule", "sheet", "field", "action"]
    each = frame.assign(cells=cells(frame)).fillna({"field": ""})
    counts = each.groupby(by, sort=False)["cells"].sum()
    lines = [
        {
            "rule": rule.replace("_", " "),
            "field": _label(study, field, sheet),
            "action": action(rule, done),
            "cells": text.count(n),
        }
        for (rule, sheet, field, done), n in counts.sort_values(
            ascending=False, kind="stable"
        ).items()
    ]
    return Table(
        key="query-counts",
        caption=f"Queried cells and warnings by rule and field "
        f"({text.plural(len(frame), 'notice')}; one notice may cover many cells).",
        frame=pd.DataFrame(lines, columns=["rule", "field", "action", "cells"], dtype="str"),
        labels={"rule": "Rule", "field": "Field", "action": "What was done", "cells": "Cells"},
        empty="No cell was queried.",
    )


def action(rule: str, done: str) -> str:
    """Say what was done with a cell: a marker of missing values is read as what it says.

    >>> action("missing_marker", "kept"), action("out_of_range", "missing")
    ('read as missing', 'set to missing')
    """
    return READ_AS_MISSING if rule == "missing_marker" else ACTIONS.get(done, done)


def cells(frame: pd.DataFrame) -> pd.Series:
    """Give the number of raw cells that each line of the queries is about, 1 where not told."""
    told = frame["cells"] if "cells" in frame else pd.Series(1, index=frame.index)
    return told.fillna(1).astype(int)


def quarantine(frame: pd.DataFrame, study, *, limit: int = 80) -> Table:
    """List the rows that could not be placed; their contents stay in the derived data.

    Parameters
    ----------
    frame : DataFrame
        ``quarantine`` of the cleaned cohort: sheet, row, rule, copy_of.
    study : Study
    limit : int
        Rows that are shown at most.

    Returns
    -------
    Table
    """
    shown = frame.head(limit)
    lines = pd.DataFrame(
        {
            "sheet": _plain(shown["sheet"]),
            "row": _plain(shown["row"]),
            "rule": _plain(shown["rule"]).str.replace("_", " "),
            "copy": _plain(shown["copy_of"]),
        },
        dtype="str",
    )
    return Table(
        key="quarantine",
        caption=f"Quarantined rows (n = {text.count(len(frame))}), which nothing else uses.",
        frame=lines,
        labels={"sheet": "Sheet", "row": "Row", "rule": "Rule", "copy": "Copy of row"},
        notes=_more(frame, limit),
        empty="No row was quarantined.",
    )


def _plain(values: pd.Series) -> pd.Series:
    return values.map(lambda x: "–" if pd.isna(x) or x == "" else _whole(x)).astype("str")


def _whole(x) -> str:
    return f"{x:g}" if isinstance(x, float) else str(x)


def _label(study, field, sheet) -> str:
    if pd.isna(field) or not field:
        return "–"
    return study.label(field, names.table(study, sheet))


def _more(frame: pd.DataFrame, limit: int) -> tuple[str, ...]:
    left = len(frame) - limit
    return (f"{text.plural(left, 'further line')} not shown.",) if left > 0 else ()
