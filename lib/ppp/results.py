"""The results row: one statistic a row, where analysis and report meet (after CDISC ARS)."""

from pathlib import Path

import numpy as np
import pandas as pd

from ppp.errors import ResultError

COLUMNS = (
    "notebook analysis population group outcome week level missing statistic estimate ci_low "
    "ci_high ci_level n events p_value method note code"
).split()
TEXT = "notebook analysis population group outcome level missing statistic method note code".split()
WHOLE = ["week", "n", "events"]
REAL = ["estimate", "ci_low", "ci_high", "ci_level", "p_value"]
KEY = COLUMNS[:9]


def row(analysis, outcome, statistic, value, **where) -> dict:
    """Make one results row, a dict with an entry a column of `COLUMNS`.

    An `Estimate` as `value` fills every numeric column; a plain number fills `estimate` alone.
    Further columns by name: `code` holds tokens with spaces between, by which programs tell
    reasons, methods and flags apart; `note` and `method` are for people.
    """
    unknown = set(where) - set(COLUMNS)
    if unknown:
        raise TypeError(f"not a column of results: {', '.join(sorted(unknown))}")
    blank = dict.fromkeys(TEXT, "") | dict.fromkeys(WHOLE) | dict.fromkeys(REAL, np.nan)
    named = {"analysis": analysis, "outcome": outcome, "statistic": statistic}
    numbers = vars(value) if hasattr(value, "ci_low") else {"estimate": value}
    return blank | {"group": "all", "population": "all"} | named | numbers | where


def frame(rows) -> pd.DataFrame:
    """Gather rows (dicts of `row`) into a table with the columns and types of ``results.csv``."""
    return _typed(pd.DataFrame(list(rows), columns=COLUMNS))


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    types = dict.fromkeys(TEXT, "str") | dict.fromkeys(WHOLE, "Int64") | dict.fromkeys(REAL, float)
    whole = table.reindex(columns=COLUMNS)
    return whole.fillna(dict.fromkeys(TEXT, "")).astype(types)


def pick(rows: pd.DataFrame, **where) -> pd.DataFrame:
    """Rows whose columns equal the given values; a list means any of them, None means empty."""
    keep = pd.Series(True, index=rows.index)
    for column, wanted in where.items():
        values = rows[column]
        if wanted is None:
            keep &= values.isna()
        elif isinstance(wanted, (list, tuple, set)):
            keep &= values.isin(list(wanted))
        else:
            keep &= (values == wanted).fillna(False).astype(bool)
    return rows[keep]


def one(rows: pd.DataFrame, **where) -> pd.Series:
    """Return the single row that fits; ResultError when none fits, or more than one."""
    found = pick(rows, **where)
    if len(found) != 1:
        asked = ", ".join(f"{k}={v}" for k, v in where.items())
        raise ResultError(f"{len(found)} results rows with {asked}; exactly one is needed")
    return found.iloc[0]


def first(rows, **where):
    """Return the one row that fits, None where it was not made; ResultError at more than one."""
    found = pick(rows, **where)
    return None if found.empty else one(rows, **where)


def usable(row) -> bool:
    """Tell whether a row is there and has an estimate."""
    return row is not None and row["estimate"] == row["estimate"]


def has_code(rows: pd.DataFrame, token: str) -> pd.Series:
    """Tell which rows have a token in their `code`."""
    return rows["code"].str.split().map(lambda tokens: token in tokens).astype(bool)


def save(rows: pd.DataFrame, folder: Path, notebook: str) -> Path:
    """Write one notebook's rows to ``folder/rows/<notebook>.csv``, aside and then renamed."""
    path = Path(folder) / "rows" / f"{notebook}.csv"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_suffix(".csv.part")
    rows.assign(notebook=notebook).to_csv(aside, index=False)
    aside.chmod(0o600)
    return aside.replace(path)


def load(path: Path) -> pd.DataFrame:
    """Read rows that `save` wrote (or a whole ``results.csv``)."""
    empty = {name: [""] for name in WHOLE + REAL}
    types = dict.fromkeys(TEXT, "str")
    return _typed(pd.read_csv(path, dtype=types, keep_default_na=False, na_values=empty))
