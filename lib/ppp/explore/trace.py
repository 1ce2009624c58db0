"""From a row of ``results.csv`` or a cleaned value back to the cells of the workbook.

What it gives holds patients' raw text: it stays with those who may see the charts.
"""

import pandas as pd

from ppp.data import store
from ppp.data.cells import SOURCES
from ppp.explore.lineage import feeds
from ppp.report import text
from ppp.report.table import Table
from ppp.report.words import Words
from ppp.report.write import fill

WORDS = Words("ppp.explore")
COLUMNS = ["study_id", "table", "week", "field", "value", "cell", "raw", "query"]
MOST = 400


def of_row(row, data, study) -> pd.DataFrame:
    """Give the cells behind a results row, one a line: `COLUMNS`.

    `value` is what cleaning made of the cell, `cell` its ``sheet!address``, `raw` what it holds,
    `query` the rules that say what was done to it. Empty for a row that is made of no patient.
    Raises StopRun where cleaning has not said where values are from.
    """
    if row["notebook"].startswith("01"):
        return _of_cleaning(row, study)
    return _cells(feeds(row, data, study), data, study)


def of_value(data, study, table: str, field: str, who: str) -> pd.DataFrame:
    """Give the cells behind a field of one patient, at all weeks or in all lines: `COLUMNS`."""
    frame = getattr(data, table)
    mark = pd.DataFrame(False, frame.index, frame.columns)
    mark.loc[frame["study_id"] == who, field] = True
    return _cells({table: mark}, data, study)


def shown(cells: pd.DataFrame) -> Table:
    """Set cells out as a table, `MOST` at most."""
    ids = cells["study_id"].replace("", pd.NA).nunique()
    about = {"cells": text.plural(len(cells), "cell"), "patients": text.plural(ids, "patient")}
    about["more"] = fill(WORDS["trace.more"], {"n": MOST}) if len(cells) > MOST else ""
    frame = cells.head(MOST).astype("str").replace({"nan": "", "<NA>": "", "NaT": ""}).fillna("")
    labels = dict(zip(COLUMNS, WORDS["trace.heads"], strict=True))
    caption = fill(WORDS["trace.caption"], about)
    empty = WORDS["trace.empty"]
    return Table(key="trace", caption=caption, frame=frame, labels=labels, empty=empty)


def _cells(marks: dict[str, pd.DataFrame], data, study) -> pd.DataFrame:
    listed, queries, _ = store.cells(study)
    wanted = pd.concat([_wanted(table, mark, data) for table, mark in marks.items()])
    wanted = wanted.drop_duplicates()
    near = wanted["line"] >= 0
    own = listed.merge(wanted[near], on=["table", "study_id", "line", "field"])
    of_patient = wanted[~near].drop(columns="line")
    found = pd.concat([own, listed.merge(of_patient, on=["table", "study_id", "field"])])
    found = found.drop_duplicates(["sheet", "cell", "table", "field", "line"])
    found = found.sort_values(["study_id", "table", "line"], kind="stable", ignore_index=True)
    found["value"] = [
        getattr(data, table)[field].get(line, "") if field in getattr(data, table) else ""
        for table, field, line in found[["table", "field", "line"]].itertuples(index=False)
    ]
    return _addressed(found, queries)


def _wanted(table: str, mark: pd.DataFrame, data) -> pd.DataFrame:
    """List the fields that are asked for, by line; line −1 for a field of the patient elsewhere."""
    ids, parts = getattr(data, table)["study_id"], []
    for field in mark:
        lines = mark.index[mark[field]]
        names = SOURCES.get((table, field), (field,))
        for name in names:
            of, _, bare = name.rpartition(".")
            about = {"table": of or table, "study_id": ids[lines], "field": bare}
            parts.append(pd.DataFrame(about | {"line": -1 if of else lines}))
    return (
        pd.concat(parts) if parts else pd.DataFrame(columns=["table", "study_id", "field", "line"])
    )


def _addressed(found: pd.DataFrame, queries: pd.DataFrame) -> pd.DataFrame:
    told = queries["rule"] + " (" + queries["action"] + ")"
    rules = told.groupby([queries["sheet"], queries["cell"]]).agg("; ".join).rename("query")
    found = found.merge(rules.reset_index(), how="left", on=["sheet", "cell"])
    found["cell"] = found["sheet"] + "!" + found["cell"]
    return found.fillna({"query": ""})[COLUMNS]


def _of_cleaning(row, study) -> pd.DataFrame:
    """Give what a row of the account of cells counts."""
    listed, queries, quarantine = store.cells(study)
    if row["analysis"] == "query":
        found = queries[(queries["rule"] == row["level"]) & (queries["field"] == row["outcome"])]
        return _addressed(found.assign(table="", value=""), queries)
    if row["analysis"] == "quarantine":
        found = quarantine[quarantine["rule"] == row["level"]]
        place = found["sheet"] + "!" + found["row"] + ":" + found["row"]
        found = found.assign(cell=place, study_id="", table="", field="", value="", week="")
        return found.assign(query=found["rule"])[COLUMNS]
    found = listed if row["group"] == "all" else listed[listed["table"] == row["group"]]
    return _addressed(found.assign(value=""), queries)
