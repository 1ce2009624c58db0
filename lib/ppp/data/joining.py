"""Several become one: rows of headings one, sheets one table, REDCap's checkboxes one list."""

from dataclasses import replace
from functools import partial

import pandas as pd

from ppp.catalogue import dictionary
from ppp.catalogue.dictionary import fold
from ppp.data.headings import RawTable
from ppp.data.headings import tidy as on_one_line
from ppp.data.values import tidy
from ppp.errors import SourceError
from ppp.study import Study

BOX, EACH = "___", "___*"


def one_heading(rows: list[dict], merged: list[range]) -> tuple[dict, dict]:
    """Join the rows of headings, outer before inner: "PPPASI" above "Week 0" is "PPPASI Week 0".

    A cell of an outer row counts for all columns that it is merged over; in a source without
    merged cells for the blank ones to its right. Returns heading and last row's heading by column.
    """
    texts = [{c: on_one_line(cell) for c, cell in row.items() if on_one_line(cell)} for row in rows]
    columns = sorted(set().union(*texts))
    *outer, last = texts
    above = [_carried(row, columns, merged) for row in outer]
    header = {}
    for column in columns:
        parts = [row[column] for row in (*above, last) if column in row]
        header[column] = " ".join(dict.fromkeys(parts))
    inner = {c: last.get(c, header[c]) for c in columns} if outer else {}
    return header, inner


def _carried(row: dict, columns: list, merged: list[range]) -> dict:
    if merged:
        return row | {c: row[span.start] for span in merged if span.start in row for c in span}
    filled = pd.Series(row, dtype=object).reindex(columns).ffill().dropna()
    return filled.to_dict()


def beside(sheets: list[RawTable]) -> RawTable:
    """Lay sheets side by side, one block each; a heading is told from its like by its sheet."""
    return RawTable(
        sheet=", ".join(one.sheet for one in sheets),
        where=f"{sheets[0].where.rsplit(', ', 1)[0]}, {', '.join(repr(s.sheet) for s in sheets)}",
        frame=pd.concat([one.frame.rename(columns=partial(within, one)) for one in sheets], axis=1)
        .sort_index()
        .rename_axis("row"),
        letters={within(one, h): letter for one in sheets for h, letter in one.letters.items()},
        inner={within(one, h): inner for one in sheets for h, inner in one.inner.items()},
        unread={f"{one.sheet}\n{c}": n for one in sheets for c, n in one.unread.items()},
        parts=tuple(sheets),
        likely=next((one.likely for one in sheets if one.likely), ""),
    )


def within(sheet: RawTable, heading: str) -> str:
    """Name a heading of one of several sheets."""
    return f"{sheet.sheet}\n{heading}"


def bare(heading: str) -> str:
    r"""Take the name of the sheet off again.

    >>> bare("W12\nPPPASI"), bare("PPPASI")
    ('PPPASI', 'PPPASI')
    """
    return heading.rpartition("\n")[2]


def with_lists(raw: RawTable, study: Study) -> RawTable:
    """Add a column for each heading such as ``prior_tx___*`` of ``[columns.patients]``.

    Its cells list the labels of the boxes ticked, with ``;`` between: what ``[codes.<field>]`` says
    of the part behind ``___``. Where no box is ticked the cell is empty. Raises SourceError at a
    box that is neither ticked nor not.
    """
    for field, heading in study.columns.get("patients", {}).items():
        stem, each, _ = on_one_line(heading).partition(EACH)
        boxes = tuple(box for box in raw.letters if box.startswith(stem + BOX) and box != heading)
        if each and boxes:
            labels = study.codes.get(field, {})
            raw = _with_list(raw, stem + EACH, {box: _label(box, labels) for box in boxes})
    return raw


def _label(box: str, labels: dict) -> str:
    stem, _, code = box.rpartition(BOX)
    return labels.get(code, f"{stem} {code}")


def _with_list(raw: RawTable, heading: str, labels: dict) -> RawTable:
    ticked = pd.DataFrame({box: _ticked(raw, box) for box in labels})
    listed = ticked.apply(
        lambda row: "; ".join(labels[box] for box in labels if row[box]) or None, axis=1
    )
    return replace(
        raw,
        frame=raw.frame.assign(**{heading: listed.astype(object)}),
        letters=raw.letters | {heading: raw.letters[next(iter(labels))]},
        boxes=raw.boxes | {heading: tuple(labels)},
    )


def _ticked(raw: RawTable, box: str) -> pd.Series:
    means = dictionary.find("sapho").aliases | {"checked": "yes", "unchecked": "no", "": "no"}
    cells = raw.frame[box].dropna().map(lambda cell: means.get(fold(tidy(cell))))
    for row in cells.index[cells.isna()][:1]:
        raise SourceError(
            f"{raw.where}: cell {raw.cell(row, box)} is of a checkbox, and neither ticked (1) nor "
            "not (0). To help: write 1 or 0, or leave it empty"
        )
    return (cells == "yes").reindex(raw.frame.index, fill_value=False)
