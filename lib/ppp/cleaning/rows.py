"""What became of the source: rows and cells, queries and quarantined rows, counted."""

import pandas as pd

from ppp import results
from ppp.cleaning import shown


def flow(ledger: pd.DataFrame) -> pd.DataFrame:
    """Count the rows and cells that were read, and what became of them.

    Results rows: outcome ``rows`` or ``cells``, group = table (``all`` for the sum over tables),
    estimate = ``events`` = the count, n = what was read of that table.

    Parameters
    ----------
    ledger : DataFrame
        Columns ``table``, ``kind`` (rows or cells), ``level`` and ``count``, as cleaning gives it.
    """
    total = ledger.groupby(["kind", "level"], sort=False, as_index=False)["count"].sum()
    counts = pd.concat([ledger, total.assign(table="all")], ignore_index=True)
    read = counts[counts["level"] == "read"].set_index(["table", "kind"])["count"]
    return results.frame(
        results.row(
            "flow",
            c.kind,
            "count",
            c.count,
            group=c.table,
            level=c.level,
            n=read.get((c.table, c.kind)),
            events=c.count,
        )
        for c in counts.rename_axis(None).itertuples(index=False)
    )


def queries(frame: pd.DataFrame) -> pd.DataFrame:
    """Count the queries and warnings by rule, sheet and field.

    Results rows: outcome = field (may be empty), level = rule, group = sheet, estimate = ``events``
    = cells, n = notices, ``code`` = what was done: ``missing``, ``kept`` or ``marker`` (read as
    missing).

    Parameters
    ----------
    frame : DataFrame
        ``queries`` of the cleaned cohort: sheet, field, rule, action, and ``cells``, the number of
        raw cells that a notice is about (1 where it is not told).
    """
    told = frame["cells"] if "cells" in frame else pd.Series(1, index=frame.index)
    done = frame["action"].mask(frame["rule"] == "missing_marker", "marker")
    each = frame.assign(cells=told.fillna(1).astype(int), done=done).fillna({"field": ""})
    counts = each.groupby(["rule", "sheet", "field", "done"], sort=False)["cells"]
    counts = counts.agg(["sum", "size"])
    return results.frame(
        results.row(
            "query",
            field,
            "count",
            cells,
            group=str(sheet),
            level=rule,
            n=notices,
            events=cells,
            code=done,
        )
        for (rule, sheet, field, done), cells, notices in counts.itertuples()
    )


def quarantine(frame: pd.DataFrame) -> pd.DataFrame:
    """Count the quarantined rows by rule, most frequent first.

    Results rows: outcome ``rows``, level = rule, estimate = ``events`` = rows, n = all.

    Parameters
    ----------
    frame : DataFrame
        ``quarantine`` of the cleaned cohort: sheet, row, rule, copy_of.
    """
    counts = frame["rule"].value_counts()
    return results.frame(
        results.row("quarantine", "rows", "count", k, level=rule, n=len(frame), events=k)
        for rule, k in counts.items()
    )


def losses(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the share of each important column that was lost to queries.

    Results rows ``loss``: group = table, level = the commonest rule, ``events`` lost of the n cells
    that were filled in; the primary endpoint first. `frame` is ``losses`` of the cleaned cohort.
    """
    return results.frame(
        results.row(
            "loss",
            c.field,
            "proportion",
            c.lost / c.filled,
            group=c.table,
            level=c.rule,
            n=c.filled,
            events=c.lost,
        )
        for c in frame.itertuples()
    )


def codes(frame: pd.DataFrame, ids=()) -> pd.DataFrame:
    """Count the codes that were not understood, by field; `level` is what may be shown of each.

    `frame` is ``queries`` of the cleaned cohort with its raw values, `ids` are those of patients.
    """
    frame = frame[frame["rule"] == "not_a_choice"]
    said = frame.assign(code=[shown.code(raw, ids) for raw in frame["raw"]])
    counts = said.groupby("field", sort=False)["code"].value_counts()
    return results.frame(
        results.row("code", field, "count", k, level=code, n=counts[field].sum(), events=k)
        for (field, code), k in counts.items()
    )


def asked(rows: pd.DataFrame) -> pd.DataFrame | None:
    """Give the rows of questions about the data as a whole; None where there is none."""
    found = results.pick(rows, analysis="integrity")
    return None if found.empty else found
