"""Patient ids that differ in zeros, capitals, spaces or ".0" alone, and may be one patient."""

import re

import pandas as pd

from ppp.catalogue.dictionary import fold
from ppp.data.rows import Rows
from ppp.errors import SourceError

SHOWN = 3


def alike(text: str) -> str:
    """Write an id without what its spelling varies in.

    >>> [alike(text) for text in ("P01", "p 1", "007", "7.0", "P-10", "1-1", "-1")]
    ['p1', 'p1', '7', '7', 'p10', '1-1', '-1']
    """
    bare = re.sub(r"\.0+$", "", fold(text))
    bare = re.sub(r"(?<=[^\W\d_])[\s_.-]+|[\s_.-]+(?=[^\W\d_])", "", bare)
    return re.sub(r"(?<![\d.])0+(?=\d)", "", bare)


def check(rows: Rows, patients: Rows):
    """Stop where an id is unknown, and like one of the patients' table but for its spelling."""
    unknown = rows.values["patient_id"][rows.fate == "unknown_patient"]
    places = pd.Series(patients.row, index=patients.values["patient_id"].map(alike, "ignore"))
    own = places[patients.kept.to_numpy()].groupby(level=0).first()
    row = unknown.map(alike).map(own).dropna()
    if row.empty:
        return
    pairs = [
        f"{_place(rows, at)} and {_place(patients, patients.row.tolist().index(line))}"
        for at, line in row.drop_duplicates().head(SHOWN).items()
    ]
    more = " …" * (row.nunique() > SHOWN)
    raise SourceError(
        f"{rows.layout.raw.where}: ids of {rows.layout.table} differ from those of the patients "
        f"in zeros, capitals, spaces or .0 alone ({len(row)} of {len(rows.raw)} rows): "
        f"{', '.join(pairs)}{more}. To help: write each id alike in both"
    )


def _place(rows: Rows, at: int) -> str:
    cell = rows.cell(at, "patient_id").split(":")[0]
    return f"{rows.layout.raw.sheet_of(rows.block[at])}!{cell}"


def warn(patients: Rows) -> Rows:
    """Warn of patients whose ids are so alike that they may be one."""
    spelt = patients.values["patient_id"].where(patients.kept).map(alike, "ignore")
    return patients.note("patient_id", spelt.notna() & spelt.duplicated(keep=False), "ids_alike")
