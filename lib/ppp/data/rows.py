"""Rows of one table on their way from raw cells to values, and which of them can be placed.

Each cell keeps its address. A row needs a known patient, a week, and no other that contradicts it.
"""

import csv
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ppp.catalogue.dictionary import plain
from ppp.data import values, words
from ppp.data.columns import Layout
from ppp.data.headings import NeverCalculated
from ppp.study import Study

# What each rule of cleaning means, what becomes of the cell or row, and what helps: ``rules.csv``.
with Path(__file__).with_name("rules.csv").open(encoding="utf-8", newline="") as file:
    _RULES = list(csv.DictReader(file))
MISSING, KEPT, QUARANTINE = (
    {row["rule"]: row["sentence"] for row in _RULES if row["becomes"] == fate}
    for fate in ("missing", "kept", "quarantined")
)
SENTENCES = MISSING | KEPT | QUARANTINE
REMEDIES = {row["rule"]: row["remedy"] for row in _RULES}


def action(rule: str) -> str:
    """Return ``missing`` (the cell became missing), ``kept`` (accepted with a warning) or empty."""
    return "missing" if rule in MISSING else "kept" if rule in KEPT else ""


@dataclass(frozen=True)
class Rows:
    """The rows of one table. All frames and arrays go row by row together."""

    layout: Layout
    raw: pd.DataFrame  # raw cells by canonical field
    values: pd.DataFrame  # what they mean, and derived fields
    rules: pd.DataFrame  # the rule that made a cell missing or warns; empty for a good cell
    row: np.ndarray  # its number in the source
    block: np.ndarray  # number of the block, always 0 in a long sheet
    fate: pd.Series  # the rule that quarantines the row; empty for a kept row
    copy_of: pd.Series  # numbers of the rows that a duplicate repeats or contradicts
    notes: tuple = ()  # further warnings: row, field (empty for the whole row), rule
    notices: tuple = ()  # of a column (with no field, the table): field, rule, words, cells
    home: pd.DataFrame | None = None  # where rows were merged: number of the row of each cell
    joined: int = 0  # how many rows were merged into others, unless another table has them
    others: tuple = ()  # of cells merged away: row, field, rule, raw value, patient

    @property
    def kept(self) -> pd.Series:
        """Which rows are not in quarantine."""
        return self.fate == ""

    def has(self, *names: str) -> bool:
        """Whether all these fields are there, recorded or derived."""
        return all(name in self.values for name in names)

    def cell(self, at: int, name: str) -> str:
        """Address of one cell (``C12``); of the whole row (``12:12``) where the field has none."""
        heading = self.layout.headings.get(name, {self.block[at]: None})[self.block[at]]
        row = self.row_of(name)[at]
        return f"{row}:{row}" if heading is None else self.layout.raw.cell(row, heading)

    def row_of(self, name: str) -> np.ndarray:
        """Return the number of the row in the source that each cell of a field is from."""
        merged = self.home is not None and name in self.home
        return self.home[name].to_numpy() if merged else self.row

    def only(self, which: np.ndarray) -> "Rows":
        """Keep some rows alone, as if the others were not in the source; before any warning."""
        frames = ("raw", "values", "rules", "fate", "copy_of")
        fewer = {name: getattr(self, name)[which].reset_index(drop=True) for name in frames}
        return replace(self, row=self.row[which], block=self.block[which], **fewer)

    def query(self, name: str, bad: pd.Series, rule: str) -> "Rows":
        """Make the cells of one field missing where `bad`, by a rule."""
        return replace(
            self,
            values=self.values.assign(**{name: self.values[name].mask(bad)}),
            rules=self.rules.assign(**{name: self.rules[name].mask(bad, rule)}),
        )

    def note(self, name: str, where: pd.Series, rule: str) -> "Rows":
        """Warn of the cells of one field (or, with no name, the rows) where `where`."""
        more = tuple((at, name, rule) for at in where.index[where & self.kept])
        return replace(self, notes=self.notes + more)

    def notice(self, name: str, rule: str, said: str, cells: int) -> "Rows":
        """Say something of a whole column, or with no name of the table."""
        return replace(self, notices=(*self.notices, (name, rule, said, cells)))

    def quarantine(self, where: pd.Series, rule: str) -> "Rows":
        """Put rows in quarantine that are not there yet."""
        return replace(self, fate=self.fate.mask(where & self.kept, rule))

    def derive(self, **columns: pd.Series) -> "Rows":
        """Add or replace values."""
        return replace(self, values=self.values.assign(**columns))


def stack(layout: Layout, study: Study) -> Rows:
    """Read every row that is not blank, in the order of the source, block by block within a row."""
    sheet = layout.raw.frame
    blocks = range(len(layout.weeks) if layout.weeks else 1)
    raw = pd.concat([_block(layout, number) for number in blocks], ignore_index=True)
    row, block = np.tile(sheet.index, len(blocks)), np.repeat(blocks, len(sheet))
    order = np.lexsort((block, row))
    order = order[_filled(raw, layout)[order]]
    raw = raw.iloc[order].reset_index(drop=True)
    raw, at = _parted(raw, layout, study)
    row, block = row[order][at].astype(int), block[order][at]
    if "patient_id" not in raw:
        raw = raw.assign(patient_id=pd.Series(map(str, row), index=raw.index, dtype=object))
    read, rules = _read(raw, layout, study)
    if layout.weeks:
        read = read.assign(week=np.array(layout.weeks, dtype=float)[block])
    nothing = pd.Series("", index=raw.index, dtype=object)
    return Rows(layout, raw, read, rules, row, block, nothing, nothing.copy())


def _parted(raw: pd.DataFrame, layout: Layout, study: Study) -> tuple[pd.DataFrame, np.ndarray]:
    """Give each event of a cell that names several a row of its own; and which row each was."""
    signs = study.separators.get("term") if layout.table == "adverse_events" else None
    if not signs or "term" not in raw:
        return raw, np.arange(len(raw))
    parts = [values.parted(c, signs) or [c] if isinstance(c, str) else [c] for c in raw["term"]]
    parted = raw.assign(term=pd.Series(parts, dtype=object)).explode("term")
    return parted.reset_index(drop=True), parted.index.to_numpy()


def _block(layout: Layout, number: int) -> pd.DataFrame:
    sheet = layout.raw.frame
    empty = pd.Series(np.nan, index=sheet.index, dtype=object)
    headings = {name: blocks[number] for name, blocks in layout.headings.items()}
    columns = {name: empty if h is None else sheet[h] for name, h in headings.items()}
    return pd.DataFrame(columns, index=sheet.index, dtype=object)


def _filled(raw: pd.DataFrame, layout: Layout) -> np.ndarray:
    filled = np.zeros(len(raw), dtype=bool)
    for name in raw:
        if name != "patient_id" or layout.weeks is None:
            filled |= ~is_blank(raw[name]).to_numpy()
    return filled


def is_blank(cells: pd.Series) -> pd.Series:
    """Tell which raw cells are empty or hold spaces alone."""
    return cells.isna() | words.where(cells, lambda text: not text.strip())


def _read(raw: pd.DataFrame, layout: Layout, study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    cells = {
        name: values.read_column(raw[name], values.reading(study, layout.table, name))
        for name in raw
        if name != "patient_id"
    }
    ids = [(None, "") if pd.isna(cell) else read_id(cell) for cell in raw["patient_id"]]
    ids = pd.DataFrame(ids, index=raw.index, columns=["value", "rule"], dtype=object)
    cells["patient_id"] = ids.astype({"value": "str"})
    return tuple(
        pd.DataFrame({name: cells[name][part] for name in raw}, index=raw.index)
        for part in ("value", "rule")
    )


def read_id(raw) -> tuple:
    """Read a patient id; markers of missing values are ids here.

    >>> read_id("P01 "), read_id(7.0), read_id("NA"), read_id("#REF!")
    (('P01', 'id_tidied'), ('7', ''), ('NA', ''), (None, 'error_value'))
    """
    text = values.tidy(raw)
    if isinstance(raw, NeverCalculated):
        return None, "formula_not_calculated"
    if text.upper() in values.ERRORS:
        return None, "error_value"
    return text or None, "id_tidied" if text and isinstance(raw, str) and raw != text else ""


def signature(rows: Rows, at: list[int]) -> list[tuple]:
    """Return what rows say, to tell copies apart; a bad cell counts by its raw text."""
    bad = rows.rules.iloc[at].isin(list(MISSING))
    said = rows.values.loc[:, list(rows.raw)].iloc[at].astype(object)
    text = rows.raw.iloc[at].map(values.tidy)
    said = said.where(~bad, text).where(lambda frame: frame.notna(), None)
    return list(said.itertuples(index=False, name=None))


def place_ids(rows: Rows) -> Rows:
    """Quarantine totals, headings that come again, and rows without a patient id."""
    ids = rows.values["patient_id"]
    has_ids = "patient_id" in rows.layout.headings
    sums = (
        words.are_totals(ids) if has_ids else words.hold_totals(rows.raw[[*rows.layout.headings]])
    )
    rows = rows.quarantine(sums, "totals_row")
    heading = {plain(name) for name in rows.layout.headings.get("patient_id", ())[:1]}
    again = words.where(ids, lambda text: plain(text) in heading)
    rows = rows.quarantine(again, "repeated_headings")
    return rows.quarantine(ids.isna(), "no_patient_id")


def place_patients(rows: Rows, patients: Rows) -> Rows:
    """Quarantine rows whose patient is not among the patients that are kept.

    In the sheet of the patients a row shares the fate of its patient, elsewhere the rule says so.
    """
    ids, of = rows.values["patient_id"], patients.values["patient_id"]
    if rows.layout.raw is patients.layout.raw:
        lost = patients.fate[~patients.kept].set_axis(patients.row[~patients.kept])
        row = pd.Series(rows.row, index=rows.raw.index)
        copy_of = row.map(patients.copy_of.set_axis(patients.row))
        shares = rows.kept & row.isin(lost.index)
        fate, copy_of = rows.fate.mask(shares, row.map(lost)), rows.copy_of.mask(shares, copy_of)
        rows = replace(rows, fate=fate, copy_of=copy_of)
    lost = ~ids.isin(of[patients.kept])
    rows = rows.quarantine(lost & ids.isin(of[~patients.kept]), "patient_set_aside")
    return rows.quarantine(lost, "unknown_patient")


def place_once(rows: Rows, key: list[str]) -> Rows:
    """Keep the first of exact copies; where rows of one `key` contradict each other, keep none."""
    live = rows.values.loc[rows.kept, key]
    again = live[live.duplicated(keep=False)]
    fate, copy_of = rows.fate.copy(), rows.copy_of.copy()
    said = dict(zip(again.index, signature(rows, list(again.index)), strict=True))
    for _, group in again.groupby(key, sort=False):
        at = list(group.index)
        exact = len({said[one] for one in at}) == 1
        fate[at[1:] if exact else at] = "duplicate_exact" if exact else "duplicate_contradictory"
        for one in at:
            others = at[:1] if exact else [other for other in at if other != one]
            if fate[one]:
                copy_of[one] = ";".join(str(rows.row[other]) for other in others)
    return replace(rows, fate=fate, copy_of=copy_of)


def warn_of_repeats(rows: Rows) -> Rows:
    """Warn of entries that repeat an earlier one exactly; events and labs are never dropped."""
    again = rows.values.loc[rows.kept].duplicated()
    again = again.reindex(rows.raw.index, fill_value=False)
    return rows.note("", again, "exact_repeat")
