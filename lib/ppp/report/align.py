"""Numbers under numbers, where neither HTML nor Word aligns on the decimal mark."""

import pandas as pd

from ppp.report.text import MINUS

NUMERIC = rf"^([+<{MINUS}]?\d[\d,]*)"
FIGURE_SPACE = "\u2007"
NO_BREAK_SPACE = "\u00a0"


def align(cells: pd.Series) -> pd.Series:
    r"""Pad numbers with figure spaces so that decimal marks stand under each other.

    Parameters
    ----------
    cells : Series of str
        One column; a cell that does not begin with a number is left as it is, others
        do not break across lines.

    Examples
    --------
    >>> align(pd.Series(["1.5", "12.5", "none at all"])).tolist()
    ['\u20071.5', '12.5', 'none at all']
    """
    heads = cells.str.extract(NUMERIC, expand=False).str.len()
    pads = (heads.max() - heads).fillna(0).astype(int)
    spaced = cells.where(heads.isna(), cells.str.replace(" ", NO_BREAK_SPACE))
    return pd.Series([FIGURE_SPACE * p + c for p, c in zip(pads, spaced, strict=True)], cells.index)
