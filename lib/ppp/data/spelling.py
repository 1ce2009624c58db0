"""One thing spelt in several ways: levels and terms are joined, patient ids are asked about."""

import re

import pandas as pd

from ppp.catalogue.dictionary import fold
from ppp.data.rows import Rows
from ppp.data.values import reading
from ppp.errors import SourceError
from ppp.study import Study

AS_TYPED = ("patient_id", "unit")  # g/L is not G/L
BETWEEN = re.compile(r"[;；]")
SHOWN = 3


def one_spelling(rows: Rows, study: Study) -> Rows:
    """Join spellings of one level, of one entry of a list, of one term; each cell has a notice.

    Of two that are as common the first by alphabet is kept.
    """
    for name in rows.layout.headings:
        kind = "" if name in AS_TYPED else reading(study, rows.layout.table, name).kind
        if kind in ("text", "list"):
            typed = rows.values[name]
            spelt = typed.map(_respelt(typed[rows.kept].dropna(), kind))
            changed = typed.notna() & (spelt != typed)
            if changed.any():
                rows = rows.derive(**{name: spelt.astype("str")})
                rows = rows.note(name, changed, "spelling_joined")
    return rows


def _respelt(typed: pd.Series, kind: str) -> dict:
    """Map each text to itself in the commonest spelling of all its entries."""
    texts = {text: _entries(text) if kind == "list" else [text] for text in typed.unique()}
    counts = typed.map(texts).explode().value_counts().sort_index()
    common = counts.sort_values(ascending=False, kind="stable").index
    best = {fold(entry): entry for entry in reversed(common)}
    made = {text: [best[fold(entry)] for entry in entries] for text, entries in texts.items()}
    return {
        text: text if made[text] == entries else "; ".join(dict.fromkeys(made[text]))
        for text, entries in texts.items()
    }


def _entries(text: str) -> list[str]:
    return list(filter(None, map(str.strip, BETWEEN.split(text)))) or [text]


def alike(text: str) -> str:
    """Write an id without what its spelling varies in.

    >>> [alike(text) for text in ("P01", "p 1", "007", "7.0", "P-10", "1-1", "-1")]
    ['p1', 'p1', '7', '7', 'p10', '1-1', '-1']
    """
    bare = re.sub(r"\.0+$", "", fold(text))
    bare = re.sub(r"(?<=[^\W\d_])[\s_.-]+|[\s_.-]+(?=[^\W\d_])", "", bare)
    return re.sub(r"(?<![\d.])0+(?=\d)", "", bare)


def check_ids(rows: Rows, patients: Rows):
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


def warn_of_ids(patients: Rows) -> Rows:
    """Warn of patients whose ids are so alike that they may be one."""
    spelt = patients.values["patient_id"].where(patients.kept).map(alike, "ignore")
    return patients.note("patient_id", spelt.notna() & spelt.duplicated(keep=False), "ids_alike")
