"""What became of the source, counted, and what the corrections changed: results rows."""

from functools import partial

import pandas as pd

from ppp import results
from ppp.catalogue.identifiers import shown_code
from ppp.catalogue.outcomes import leading_targets
from ppp.cohort import by_week
from ppp.efficacy.rows.change import responder
from ppp.estimators.paired import mean_change
from ppp.safety.rows.adverse_events import adverse_event


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
    said = frame.assign(code=[shown_code(raw, ids) for raw in frame["raw"]])
    counts = said.groupby("field", sort=False)["code"].value_counts()
    return results.frame(
        results.row("code", field, "count", k, level=code, n=counts[field].sum(), events=k)
        for (field, code), k in counts.items()
    )


def asked(rows: pd.DataFrame) -> pd.DataFrame | None:
    """Give the rows of questions about the data as a whole; None where there is none."""
    found = results.pick(rows, analysis="integrity")
    return None if found.empty else found


def corrected(data) -> pd.DataFrame | None:
    """Give the corrections that a cleaned cohort had; None where it had none."""
    return None if data.corrections.empty else data.corrections


def effect(before, after, study) -> pd.DataFrame:
    """Give the key results of a cohort cleaned without its corrections, and with them.

    Results rows ``correction``, level ``before`` and ``after``: patients; the mean change of the
    primary endpoint (paired t) and its leading responses at the primary week; patients with an
    adverse event. Each is made as on its own page.

    Parameters
    ----------
    before, after : Cohort
        `before` is None where the source cannot be read without its corrections; then it has no
        rows. No rows at all where nothing was corrected.
    """
    if corrected(after) is None:
        return results.frame([])
    both = [("before", before), ("after", after)]
    return results.frame(row for level, data in both if data for row in _key(data, level, study))


def _key(data, level: str, study):
    study = study.with_weeks(data.weeks)
    here = partial(results.row, "correction", level=level)
    yield here("patients", "count", len(data.patients), n=len(data.patients))
    primary, week = study.endpoints.primary, study.schedule.primary
    if data.visits is not None and primary in data.visits:
        scores = by_week(data.visits, data.patients, primary, study)
        pair = (scores[study.schedule.baseline].to_numpy(), scores[week].to_numpy())
        yield here(primary, "mean_change", mean_change(*pair), week=week, missing="observed")
    made = [
        results.pick(
            responder(data.visits, data.patients, study),
            outcome=leading_targets(study),
            week=week,
            statistic="clopper_pearson",
            missing="nri",
        ),
        results.pick(
            adverse_event(
                data.adverse_events, data.patients, data.visits, study, ascertained=data.ascertained
            ),
            outcome="any",
            statistic="patients",
            level="",
            group="all",
        ),
    ]
    for row in pd.concat(made).to_dict("records"):
        yield row | {"analysis": "correction", "level": level}
