"""Two rows of headings become one, and several sheets one table."""

from functools import partial

import pandas as pd

from ppp.data.headings import RawTable, tidy


def joined(rows: list[dict], merged: list[range]) -> tuple[dict, dict]:
    """Join the rows of headings, outer before inner: "PPPASI" above "Week 0" is "PPPASI Week 0".

    A cell of an outer row counts for all columns that it is merged over; in a source without
    merged cells for the blank ones to its right. Returns heading and last row's heading by column.
    """
    texts = [{c: tidy(cell) for c, cell in row.items() if tidy(cell)} for row in rows]
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
