"""One way to write a results row: a template such as ``"{mean_change:ci}"`` is filled from rows.

In braces stands a value by name, or a statistic and how it is written; ``{newcombe:ci|welch:ci}``
takes the first that was made, ``{wilson[nri]:of}`` the row of that rule, group or level.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import pandas as pd

from ppp.errors import ResultError
from ppp.report import text

SLOT = re.compile(r"\{([^{}]+)\}")
PART = re.compile(r"(?P<name>\w+)(?:\[(?P<which>[^\]]*)\])?(?::(?P<how>\w+))?")
WHICH = ("missing", "group", "level", "outcome", "week")


@cache
def catalogue(package: str) -> dict:
    """Read the ``words.toml`` of a package; empty where it has none."""
    file = files(package) / "words.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


@cache
def digits(statistic: str) -> int:
    """Decimals of a statistic, by ``statistics.toml``."""
    places = {"digits_1": 1, "share": 1}
    return next((n for name, n in reversed(places.items()) if statistic in _listed(name)), 2)


def scale(statistic: str) -> int:
    """100 for a share, which is written in percent, else 1."""
    return 100 if statistic in _listed("share") else 1


@cache
def _listed(name: str) -> frozenset:
    lists = tomllib.loads((Path(__file__).parent / "statistics.toml").read_text("utf-8"))
    return frozenset(lists[name]["statistics"])


def _number(row, sign=1) -> str:
    value = row["estimate"]
    if text.is_missing(value):
        return text.number(None, note=row["note"])
    return text.number(sign * scale(row["statistic"]) * value, digits(row["statistic"]))


def _limits(row, sign=1) -> str:
    ends = [row["ci_low"], row["ci_high"]][::sign]
    if any(map(text.is_missing, ends)):
        return text.interval(None, None)
    factor = sign * scale(row["statistic"])
    return text.interval(*(factor * end for end in ends), digits(row["statistic"]))


def _ci(row) -> str:
    return text.estimate_ci(row, digits(row["statistic"]), scale=scale(row["statistic"]))


def _with_percent(row) -> str:
    return text.fraction(row) + ("" if text.few(row) else f", {text.percent_ci(row)}")


def _three(value: float) -> str:
    """Write a number with about three significant figures, two decimals at most."""
    return text.number(value, 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2)


WRITERS: dict[str, Callable] = {
    "value": _number,
    "fall": lambda row: _number(row, -1),
    "limits": _limits,
    "fall_limits": lambda row: _limits(row, -1),
    "ci": _ci,
    "ci_level": lambda row: text.level(row["ci_level"]),
    "low": lambda row: text.number(row["ci_low"], digits(row["statistic"])),
    "high": lambda row: text.number(row["ci_high"], digits(row["statistic"])),
    "p": lambda row: text.p_value(row["p_value"]),
    "p_phrase": lambda row: text.p_phrase(row["p_value"]),
    "p_small": lambda row: text.p_scientific(row["p_value"]),
    "p_most": lambda row: text.p_scientific(row["p_value"], up=True),
    "n": lambda row: text.count(row["n"]),
    "events": lambda row: text.count(row["events"]),
    "count": lambda row: text.count(row["estimate"]),
    "of": text.of,
    "fraction": text.fraction,
    "count_percent": text.count_percent,
    "percent": lambda row: text.percent(row["estimate"]),
    "percent_limits": text.percent_interval,
    "percent_high": lambda row: text.percent(row["ci_high"]),
    "percent_ci": text.percent_ci,
    "fraction_ci": _with_percent,
    "whole": lambda row: text.number(row["estimate"], 0),
    "one": lambda row: text.number(row["estimate"], 1),
    "two": lambda row: text.number(row["estimate"], 2),
    "magnitude": lambda row: text.number(abs(row["estimate"]), 2),
    "magnitude_one": lambda row: text.number(abs(row["estimate"]), 1),
    "three": lambda row: _three(row["estimate"]),
    "share": lambda row: text.percent(row["events"] / row["n"]),
    "rate": lambda row: text.rate(row["estimate"]),
    "rate_high": lambda row: text.rate(row["ci_high"]),
    "rate_limits": text.rate_interval,
    "rate_ci": lambda row: f"{text.rate(row['estimate'])} ({text.rate_interval(row)})",
    "in_days": lambda row: text.days(row["estimate"]),
    "in_weeks": lambda row: text.number(row["estimate"] * 365.25 / 7, 1),
    "note": lambda row: row["note"],
}
NEEDS = {  # the number without which a writer has nothing to write; else the estimate
    how: column
    for column, writers in {
        "p_value": "p p_phrase p_small p_most",
        "ci_low": "limits fall_limits percent_limits low rate_limits ci_level",
        "ci_high": "high percent_high rate_high",
        "n": "n of fraction count_percent share",
        "events": "events",
        "note": "note",
    }.items()
    for how in writers.split()
} | {"fraction_ci": ("events", "estimate")}


def fill(
    template: str,
    values: Mapping | None = None,
    rows: pd.DataFrame | None = None,
    *,
    blank: str | None = None,
    escape: Callable = str,
) -> str:
    """Fill a template: text with slots in braces.

    Parameters
    ----------
    values : words by name (escaped, unless they are `Prose`), or results rows by name, which a slot
        writes as it says (``{nri:of}``). The entry ``row`` is written by a slot that names a writer
        alone (``{ci}``).
    rows : results rows; a slot may name a statistic among them.
    blank : stands for a row that was not made or has no such number; without it that is an error.
    escape : what the page's markup needs done to words of the data.

    Raises ResultError at a slot that nothing fills, or that more than one row fits.
    """
    values = values or {}

    def put(slot: re.Match) -> str:
        for part in slot[1].split("|"):
            written = _written(part, values, rows, blank, escape)
            if written is not None:
                return written
        if blank is None:
            raise ResultError(f"nothing fills {slot[0]} in {template!r}")
        return blank

    return SLOT.sub(put, template)


def _written(part, values, rows, blank, escape) -> str | None:
    slot = PART.fullmatch(part)
    if slot is None:
        raise ResultError(f"{{{part}}} is no slot")
    name, how = slot["name"], slot["how"]
    if name in values and how is None:
        value = values[name]
        return value.text if hasattr(value, "text") else escape(str(value))
    row, how = _row(name, slot["which"], how, values, rows)
    if row is None:
        return None
    if how not in WRITERS:
        raise ResultError(f"{{{part}}}: there is no way {how!r} to write a row")
    if blank is not None and _lacks(row, how):
        return None
    written = WRITERS[how](row)
    return escape(written) if how == "note" else written


def _lacks(row, how) -> bool:
    if how == "percent_ci" and text.few(row):
        return True
    needed = NEEDS.get(how, "estimate")
    values = [row[column] for column in ([needed] if isinstance(needed, str) else needed)]
    return any(not v if isinstance(v, str) else text.is_missing(v) for v in values)


def _row(name, which, how, values, rows):
    if name in values:
        return values[name], how
    if name in WRITERS and how is None and "row" in values:
        return values["row"], name
    if rows is None:
        return None, how
    fit = rows[rows["statistic"] == name]
    if which is not None:
        fit = fit[(fit[list(WHICH)].astype(str) == which).any(axis=1)]
    if len(fit) > 1:
        raise ResultError(f"{len(fit)} rows fit {name}[{which or ''}]")
    return (None if fit.empty else fit.iloc[0]), how
