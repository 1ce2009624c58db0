"""The file of published figures: one line a figure, with where it is printed."""

import csv
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ppp.errors import StudyError

KINDS = ("patients", "count", "mean", "sd", "p_below", "week", "responder", "adverse_event")
COUNTED = ("count", "responder", "adverse_event")
NEEDED = ("key", "label", "value", "decimals", "kind", "field")
WHOLE = ("decimals", "n", "week")
EXACT = ("value", "min", "max", "step")


@dataclass(frozen=True)
class Published:
    """One published figure; its fields are the columns of the file.

    Attributes
    ----------
    key, label : str
        Short name (outcome of the results rows); what a table calls it.
    value : Decimal
        With as many decimals as were printed.
    decimals : int
        Kept apart, since a spreadsheet drops the last 0 of 10.50.
    kind : str
        One of `KINDS`.
    n, week : int or None
        Patients behind the figure; visit.
    field, level, group : str
        Where the figure is to be found in this cohort's results rows.
    min, max, step : Decimal or None
        Range and granularity of one patient's value, for means and deviations.
    values : str
        These in words, "integer totals" for instance.
    source : str
        Where it is printed.
    """

    key: str
    label: str
    value: Decimal
    decimals: int
    kind: str
    n: int | None
    field: str
    week: int | None
    level: str
    group: str
    min: Decimal | None
    max: Decimal | None
    step: Decimal | None
    values: str
    source: str


def read(path: Path | None) -> tuple[Published, ...]:
    """Read a file of published figures; no file, no figures.

    Raises
    ------
    StudyError
        Naming file, line and column: a column missing, an unknown kind, a key twice, no number.
    """
    if path is None:
        return ()
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        lacking = [name for name in NEEDED if name not in (reader.fieldnames or ())]
        if lacking:
            hint = "; it is separated by ; and not by commas" * (";" in str(reader.fieldnames))
            raise StudyError(f"{path}: there is no column {', '.join(lacking)}{hint or '; add it'}")
        figures = tuple(_figure(path, reader.line_num, line) for line in reader if _filled(line))
    keys = [figure.key for figure in figures]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise StudyError(f"{path}: key {', '.join(twice)} is there twice; give each its own")
    return figures


def _filled(line: dict) -> bool:
    return any(cell and cell.strip() for cell in line.values() if isinstance(cell, str))


def _figure(path, line_number: int, line: dict) -> Published:
    cells = {f.name: (line.get(f.name) or "").strip() for f in fields(Published)}
    where = f"{path}, line {line_number} ({cells['key']})"
    if cells["kind"] not in KINDS:
        raise StudyError(f"{where}: kind {cells['kind']!r} is none of {', '.join(KINDS)}")
    made = {name: _number(where, name, cells[name], int) for name in WHOLE}
    made |= {name: _number(where, name, cells[name], Decimal) for name in EXACT}
    if made["value"] is None or made["decimals"] is None or not cells["key"]:
        raise StudyError(f"{where}: key, value and decimals must be given")
    needed = ("n", "min", "max", "step") if cells["kind"] in ("mean", "sd") else ()
    needed = ("n",) if cells["kind"] in COUNTED else needed
    empty = [name for name in needed if made[name] is None]
    if empty:
        raise StudyError(f"{where}: a {cells['kind']} needs {', '.join(empty)}")
    if cells["kind"] in COUNTED and made["value"] not in range(made["n"] + 1):
        raise StudyError(
            f"{where}: value {made['value']} is no count from 0 to n = {made['n']}; a percentage "
            "is not a count"
        )
    value = made["value"].quantize(Decimal(1).scaleb(-made["decimals"]))
    if value != made["value"]:
        raise StudyError(
            f"{where}: value {made['value']} has more than {made['decimals']} decimals"
        )
    return Published(**cells | made | {"value": value, "group": cells["group"] or "all"})


def _number(where, name, text, kind):
    if not text:
        return None
    try:
        number = kind(text)
    except (ValueError, InvalidOperation):
        number = None
    if number is None or (kind is Decimal and not number.is_finite()):
        wanted = "a whole number" if kind is int else "a number such as 12.55"
        raise StudyError(f"{where}: {name} must be {wanted}, not {text!r}")
    return number
