"""A long sheet that feeds several tables: rows that complete each other are one patient.

A patient is put together field by field; a row takes part only in the tables that it fills in.
"""

from dataclasses import replace

import pandas as pd

from ppp.data.rows import Rows, is_blank, signature

VARYING = ("age_years", "dose_mg", "bmi", "disease_duration_years")
PLACE = {
    "visits": ("patient_id", "week"),
    "labs": ("patient_id", "week", "date"),
    "adverse_events": ("patient_id",),
}


def filled_in(rows: Rows) -> Rows:
    """Drop the rows of a shared sheet that say nothing in this table: no visit, test or event.

    A date alone is a visit.
    """
    said = rows.raw.drop(columns=list(PLACE[rows.layout.table]), errors="ignore")
    empty = said.apply(is_blank).all(axis=1)
    return rows.only((~empty | ~rows.kept).to_numpy())


def completed(rows: Rows) -> Rows:
    """Merge rows of a plain table that complete each other, with a warning; not copies of a row.

    Where one field has two values they may be two persons, and nothing is merged.
    """
    ids = rows.values.loc[rows.kept, "patient_id"]
    again = rows.values.loc[ids.index[ids.duplicated(keep=False)]]
    if again.empty:
        return rows
    said = pd.Series(signature(rows, list(again.index)), index=again.index)
    agree = (again.groupby("patient_id").nunique() <= 1).all(axis=1)
    several = said.groupby(again["patient_id"]).nunique() > 1
    which = rows.values["patient_id"].isin(agree.index[agree & several]) & rows.kept
    if not which.any():
        return rows
    made = one_a_patient(rows, pd.Series(dtype=bool), which)
    joined = made.values["patient_id"].isin(set(rows.values["patient_id"][which])) & made.kept
    made = made.note("", joined, "rows_merged")
    return replace(made, joined=len(rows.raw) - len(made.raw))


def one_a_patient(rows: Rows, at_baseline: pd.Series, which: pd.Series | bool = True) -> Rows:
    """Merge the kept rows of each patient (of those in `which`), field by field.

    A field with two values is queried in every cell that holds one; of a trait that changes with
    time the value `at_baseline` (by row number of the source) counts, with a warning.
    """
    kept = rows.kept & which
    ids = rows.values.loc[kept, "patient_id"]
    blank = (rows.values.isna() & (rows.rules == "")).drop(columns="patient_id").all(axis=1)
    own = blank[kept].sort_values(kind="stable").index
    own = ids[own].drop_duplicates().index.sort_values()
    at = own.union(kept.index[~kept])
    first = pd.Series(rows.row, index=kept.index).map(at_baseline).eq(True)
    cells = {
        name: _cells(rows, name, ids, first[kept]) for name in rows.raw if name != "patient_id"
    }
    homes = pd.DataFrame({"patient_id": at}, index=at)
    notes, others = [], []
    for name, (home, differs, early) in cells.items():
        rows = rows.query(name, differs.reindex(kept.index, fill_value=False), "values_differ")
        homes[name] = home.reindex(ids[own]).set_axis(own).reindex(at).fillna(homes["patient_id"])
        homes[name] = homes[name].astype(int)
        notes += [(place, name) for place in homes.index[homes[name].isin(early)]]
        told = kept & (rows.rules[name] != "") & ~rows.raw.index.isin(homes[name])
        others += [(one, name, rows.rules[name][one]) for one in told.index[told]]
    return _merged(rows, at, homes, notes, others)


def _cells(rows: Rows, name: str, ids: pd.Series, first: pd.Series) -> tuple:
    """Say which cell each patient has a field from, which differ, which were taken as the first."""
    said = rows.values.loc[ids.index, name].dropna()
    of = ids[said.index]
    differs = said.groupby(of).transform("nunique") > 1
    early = said.index[:0]
    if name in VARYING:
        start = said[differs & first[said.index]]
        once = start.groupby(ids[start.index]).transform("nunique") == 1
        early = ids[start.index[once]].drop_duplicates().index
        differs &= ~of.isin(ids[early])
    empty = ids.index[(rows.rules.loc[ids.index, name] != "")]
    order = ids[[*early, *said.index, *empty]]
    order = order[~order.duplicated()]
    return pd.Series(order.index, index=order), differs, early


def _merged(rows: Rows, at: pd.Index, homes: pd.DataFrame, notes: list, others: list) -> Rows:
    ids, number = rows.values["patient_id"], pd.Series(rows.row, index=rows.raw.index)
    frames = {
        part: pd.DataFrame(
            {n: frame[n].loc[homes[n]].set_axis(at) for n in frame if n in homes}, index=at
        ).reset_index(drop=True)
        for part in ("raw", "values", "rules")
        for frame in [getattr(rows, part)]
    }
    place = {one: number for number, one in enumerate(at)}
    return replace(
        rows.only(rows.raw.index.isin(at)),
        **frames,
        home=homes.apply(lambda column: column.map(number)).reset_index(drop=True),
        notes=tuple((place[one], name, "value_at_baseline") for one, name in notes),
        others=tuple(
            (number[i], name, rule, rows.raw[name][i], ids[i]) for i, name, rule in others
        ),
    )
