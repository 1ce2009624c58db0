"""A table of strings: one object for the page (HTML), a console (text) and Word (JSON)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from ppp.report import names
from ppp.report.templates import template
from ppp.report.text import MINUS, sentence

JSON = "application/vnd.ppp.table+json"
NUMERIC = rf"^([+<{MINUS}]?\d[\d,]*)"
FIGURE_SPACE = "\u2007"
NO_BREAK_SPACE = "\u00a0"
INDENT = "\N{EM SPACE}"


@dataclass(frozen=True)
class Table:
    """Strings in rows and columns, with the words around them.

    Attributes
    ----------
    key : short name; the element's id is ``tbl-<key>``.
    caption : what is shown, with n, units and method; without a number (the page numbers).
    frame : strings; the first column (after `group`) heads its row.
    labels : column to header; a line break is kept. A column without one keeps its name.
    notes : footnotes, which name the tests.
    group : column whose values head blocks of rows, or "".
    empty : what stands in place of rows when there are none.
    """

    key: str
    caption: str
    frame: pd.DataFrame
    labels: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    group: str = ""
    empty: str = "Not recorded."

    def __post_init__(self):
        if not self.key or not self.caption.strip():
            raise ValueError(f"table {self.key!r} needs a key and a caption")

    @property
    def columns(self) -> list[str]:
        """The columns that are shown, row headers first."""
        return [c for c in self.frame.columns if c != self.group]

    @property
    def header(self) -> list[str]:
        """Header texts of the columns that are shown."""
        return [self.labels.get(c, c) for c in self.columns]

    def as_dict(self) -> dict:
        """All that another writer (Word, CSV) needs, as plain lists and strings."""
        return {
            "key": self.key,
            "caption": self.caption,
            "header": self.header,
            "rows": self.frame[self.columns].astype(str).values.tolist(),
            "groups": self.frame[self.group].astype(str).tolist() if self.group else [],
            "notes": list(self.notes),
            "empty": self.empty,
        }

    def to_html(self) -> str:
        """Render with caption, header scopes, blocks and footnotes.

        An em space before the header of a row becomes a padding, which also holds where it wraps.
        """
        header = self.header if len(self.frame) else self.header[:1]
        return template("table.html.j2").render(table=self, heads=header, rows=self._lines())

    def _lines(self) -> list[dict]:
        if self.frame.empty:
            return [{"head": self.empty}]
        first, *rest = self.columns
        frame = self.frame.astype("str")
        cells = frame[rest].apply(align)
        blocks = frame[self.group] if self.group else pd.Series("", frame.index)
        new = blocks.ne(blocks.shift())
        return [
            {
                "block": block if is_new else "",
                "head": head.removeprefix(INDENT),
                "indented": head.startswith(INDENT),
                "cells": line,
            }
            for block, is_new, head, line in zip(
                blocks, new, frame[first], cells.values.tolist(), strict=True
            )
        ]

    def to_text(self) -> str:
        """Render for a console."""
        heads = {c: label.replace("\n", " ") for c, label in self.labels.items()}
        shown = self.frame.rename(columns=heads).to_string(index=False)
        return "\n".join([self.caption, shown if len(self.frame) else self.empty, *self.notes])

    def __repr__(self) -> str:
        return self.to_text()

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/html": self.to_html(), "text/plain": self.to_text(), JSON: self.as_dict()}


def reasons(rows: pd.DataFrame, study) -> tuple[str, ...]:
    """Make the footnotes that say why a cell is empty, or what is odd about a number."""
    noted = rows[rows["note"] != ""]
    empty = dict.fromkeys(noted.loc[noted["estimate"].isna(), "note"])
    told = [f"–: not estimable ({'; '.join(empty)})."] if empty else []
    many = len(rows[["outcome", "week"]].drop_duplicates()) > 1
    for words, found in noted[noted["estimate"].notna()].groupby("note", sort=False):
        places = dict.fromkeys(
            f"{names.outcome(study, o)} week {w}"
            for o, w in zip(found["outcome"], found["week"], strict=True)
        )
        told.append(sentence(words) + (f": {', '.join(places)}." if many else "."))
    return tuple(told)


def align(cells: pd.Series) -> pd.Series:
    r"""Pad numbers with figure spaces so that decimal marks stand under each other.

    A cell that does not begin with a number stays as it is; others do not break across lines.

    >>> align(pd.Series(["1.5", "12.5", "none at all"])).tolist()
    ['\u20071.5', '12.5', 'none at all']
    """
    heads = cells.str.extract(NUMERIC, expand=False).str.len()
    pads = (heads.max() - heads).fillna(0).astype(int)
    spaced = cells.where(heads.isna(), cells.str.replace(" ", NO_BREAK_SPACE))
    return pd.Series([FIGURE_SPACE * p + c for p, c in zip(pads, spaced, strict=True)], cells.index)
