"""Rows of one table on their way from raw cells to values; each cell keeps its address."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ppp.data import values
from ppp.data.columns import Layout
from ppp.data.rules import MISSING
from ppp.study import Study


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
        row = self.row[at]
        return f"{row}:{row}" if heading is None else self.layout.raw.cell(row, heading)

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
    row, block = row[order].astype(int), block[order]
    if "patient_id" not in raw:
        raw = raw.assign(patient_id=pd.Series(map(str, row), index=raw.index, dtype=object))
    read, rules = _read(raw, layout, study)
    if layout.weeks:
        read = read.assign(week=np.array(layout.weeks, dtype=float)[block])
    nothing = pd.Series("", index=raw.index, dtype=object)
    return Rows(layout, raw, read, rules, row, block, nothing, nothing.copy())


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
            texts = [cell for cell in raw[name].dropna().unique() if isinstance(cell, str)]
            blank = [text for text in texts if not text.strip()]
            filled |= (raw[name].notna() & ~raw[name].isin(blank)).to_numpy()
    return filled


def _read(raw: pd.DataFrame, layout: Layout, study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    cells = {
        name: values.read_column(raw[name], values.reading(study, layout.table, name))
        for name in raw
        if name != "patient_id"
    }
    ids = [(None, "") if pd.isna(cell) else values.read_id(cell) for cell in raw["patient_id"]]
    ids = pd.DataFrame(ids, index=raw.index, columns=["value", "rule"], dtype=object)
    cells["patient_id"] = ids.astype({"value": "str"})
    return tuple(
        pd.DataFrame({name: cells[name][part] for name in raw}, index=raw.index)
        for part in ("value", "rule")
    )


def signature(rows: Rows, at: list[int]) -> list[tuple]:
    """Return what rows say, to tell copies apart; a bad cell counts by its raw text."""
    bad = rows.rules.iloc[at].isin(list(MISSING))
    said = rows.values.loc[:, list(rows.raw)].iloc[at].astype(object)
    text = rows.raw.iloc[at].map(values.tidy)
    said = said.where(~bad, text).where(lambda frame: frame.notna(), None)
    return list(said.itertuples(index=False, name=None))
