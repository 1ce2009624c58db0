"""A row's key, its numbers, and how both are compared with ``results.csv``."""

from dataclasses import dataclass
from math import isclose, nan

import pandas as pd

from .owed import OWED

KEY = [
    "notebook",
    "analysis",
    "group",
    "outcome",
    "week",
    "level",
    "missing",
    "statistic",
    "population",
]
NUMBERS = ["estimate", "ci_low", "ci_high", "ci_level", "n", "events", "p_value"]
WITHIN = 1e-8
COUNTED = ("interest_term", "uncaught", "before_treatment", "after_window")


@dataclass(frozen=True)
class Between:
    """A number that chance or an optimiser decides: anything from `low` to `high` will do."""

    low: float
    high: float


@dataclass(frozen=True)
class Either:
    """A number that chance decides, of which there are several."""

    options: tuple


def near(value, slack):
    """Within `slack` of the value."""
    return Between(value - slack, value + slack)


def row(notebook, analysis, outcome, statistic, numbers, **where):
    """Key and numbers of one expected row; a number that is not named must be empty."""
    where = {"group": "all", "population": "all", "week": None, "level": "", "missing": ""} | where
    where |= {"notebook": notebook, "analysis": analysis, "outcome": outcome}
    where |= {"statistic": statistic}
    unknown = set(numbers) - set(NUMBERS)
    if unknown or set(where) != set(KEY):
        raise ValueError(f"not a row: {where}, {numbers}")
    return tuple(where[name] for name in KEY), numbers


def is_owed(key):
    """Whether a row of this key must be recomputed."""
    where = dict(zip(KEY, key, strict=True))
    return (where["analysis"], where["statistic"]) in OWED


def owed(rows):
    """Those rows that must be recomputed."""
    return {key: numbers for key, numbers in rows.items() if is_owed(key)}


def load(path):
    """``results.csv`` as {key: row}; two rows with one key are an error."""
    table = pd.read_csv(
        path, keep_default_na=False, na_values={name: [""] for name in [*NUMBERS, "week"]}
    )
    keys = [
        tuple(
            None if name == "week" and pd.isna(x) else x for name, x in zip(KEY, line, strict=True)
        )
        for line in table[KEY].itertuples(index=False)
    ]
    if len(set(keys)) < len(keys):
        raise ValueError(f"rows with the same key: {pd.Series(keys).duplicated().sum()}")
    return dict(zip(keys, table.to_dict("records"), strict=True))


def compare(found, wanted):
    """Every difference between the rows found and the rows wanted, as text."""
    wrong = [f"missing: {key}" for key in wanted if key not in found]
    wrong += [f"without a recomputation: {key}" for key in found if key not in wanted]
    for key in (key for key in wanted if key in found):
        wrong += [f"{key}: {text}" for text in _differences(found[key], wanted[key])]
    return wrong


def _differences(line, numbers):
    for name in NUMBERS:
        value = numbers.get(name, nan)
        if not _agree(line[name], value, zero=0 if name == "p_value" else 1e-12):
            yield f"{name} is {line[name]!r}, recomputed {value!r}"
    promised = () if line["outcome"] in COUNTED else OWED[line["analysis"], line["statistic"]]
    for name in ("estimate", *promised):
        if pd.isna(line[name]) and not line["note"]:
            yield f"an empty {name} without a note"


def _agree(found, wanted, zero):
    if isinstance(wanted, Either):
        return any(_agree(found, option, zero) for option in wanted.options)
    if isinstance(wanted, Between):
        slack = WITHIN * max(abs(wanted.low), abs(wanted.high))
        return wanted.low - slack <= found <= wanted.high + slack
    if wanted is None or pd.isna(wanted):
        return pd.isna(found)
    return isclose(found, wanted, rel_tol=WITHIN, abs_tol=zero)
