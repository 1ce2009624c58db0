"""Which cell of the source each cleaned value is from: `cells`, and `SOURCES` of derived values."""

import numpy as np
import pandas as pd

from ppp.catalogue.dictionary import TABLES
from ppp.data.rows import Rows, is_blank
from ppp.data.scores import DLQI_ITEMS, PPPASI_COMPONENTS, WHOLE

COLUMNS = ["table", "study_id", "line", "week", "field", "sheet", "cell", "raw"]
CONVERTED = ("value", "unit", "test", "lln", "uln")
START = "patients.start_date"
# A value's own field unless it is here; "patients.start_date" is that field of the same patient.
SOURCES = {
    ("patients", "age_years"): ("age_years", "birth_date", "start_date"),
    ("patients", "last_visit_date"): ("last_visit_date", "visits.date"),
    **{(table, "study_id"): ("patient_id",) for table in TABLES},
    ("visits", "week"): ("week", "date", START),
    ("visits", "date"): ("date", "week", START),
    ("visits", WHOLE): (WHOLE, *PPPASI_COMPONENTS),
    ("visits", "dlqi"): ("dlqi", *DLQI_ITEMS),
    ("adverse_events", "start_earliest"): ("start_date",),
    ("adverse_events", "start_latest"): ("start_date",),
    ("adverse_events", "end_date"): ("end_date", "start_date"),
    ("adverse_events", "soc"): ("soc", "term"),
    ("adverse_events", "interest"): ("term",),
    **{("labs", field): CONVERTED for field in CONVERTED},
    ("labs", "date"): ("date", "week", START),
}


def cells(tables: dict[str, Rows], id_key: pd.DataFrame) -> pd.DataFrame:
    """List the filled cells of rows that are kept, with their addresses and what they hold.

    `id_key` has the patients who are analysed, ``patient_id`` and ``study_id``; `line` is the row
    of the cleaned table, counted from 0. Where rows of a patient were put together, it is the cell
    that the value is from.
    """
    key = id_key.set_index("patient_id")["study_id"]
    parts = [part for name, rows in tables.items() for part in _of_table(name, rows, key)]
    listed = pd.concat(parts, ignore_index=True)
    return listed.astype({"week": "Int64", "raw": "str", "sheet": "str", "cell": "str"})[COLUMNS]


def _of_table(table: str, rows: Rows, key: pd.Series):
    kept = np.flatnonzero(rows.kept & rows.values["patient_id"].isin(key.index))
    raw = rows.layout.raw
    blocks = rows.block[kept]
    about = pd.DataFrame({"study_id": rows.values["patient_id"].map(key), "week": None})
    about["week"] = rows.values["week"] if rows.has("week") else np.nan
    about = about.iloc[kept].reset_index(drop=True).assign(table=table)
    order = about.sort_values(["study_id", "week"], kind="stable") if table == "visits" else about
    about["line"] = pd.Series(range(len(order)), order.index)
    for field, headings in rows.layout.headings.items():
        letters = np.array([raw.letters.get(heading, "") for heading in headings], dtype=object)
        sheets = [raw.sheet_of(block) for block in range(len(headings))]
        sheets = [raw.sheet_with(h) if h else s for h, s in zip(headings, sheets, strict=True)]
        held = rows.raw[field].iloc[kept].reset_index(drop=True)
        filled = ~is_blank(held) & (letters[blocks] != "")
        place = letters[blocks] + pd.Series(rows.row_of(field)[kept]).astype(str).to_numpy()
        of = {"sheet": np.array(sheets, dtype=object)[blocks], "cell": place}
        yield about.assign(field=field, raw=held.map(str), **of)[filled]
