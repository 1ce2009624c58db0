"""The file of published figures: one line a figure, with where it is printed."""

import csv
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ppp.errors import StudyError
from ppp.published.grim import Attainable, attainable
from ppp.witness import Summary

KINDS = ("patients", "count", "mean", "sd", "p_below", "week", "responder", "adverse_event")
COUNTED = ("count", "responder", "adverse_event")
NEEDED = ("key", "label", "value", "decimals", "kind", "field")
WHOLE = ("decimals", "n", "week")
EXACT = ("value", "min", "max", "step")


@dataclass(frozen=True)
class Published:
    """One published figure; its fields are the columns of the file.

    `key` is the outcome of the results rows, `label` what a table calls it; `value` has as many
    `decimals` as were printed (a spreadsheet drops the last 0 of 10.50). `n` patients are behind
    it; `field`, `level`, `group` and `week` say where it is in this cohort's results rows. `min`,
    `max` and `step` are the grid of one patient's value, `values` these in words.
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

    @property
    def where(self) -> dict:
        """Group, week and level of its results rows."""
        return {"group": self.group, "week": self.week, "level": self.level}


def read(path: Path | None) -> tuple[Published, ...]:
    """Read a file of published figures; no file, no figures.

    A StudyError names file, line and column: one missing, an unknown kind, a key twice, no number.
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


def attainable_by_key(figures: tuple[Published, ...]) -> dict[str, Attainable]:
    """Audit each mean with its deviation; the keys of both lead to the same finding."""
    audited = {}
    for mean, sd in moments(figures):
        audited[mean.key] = audited[sd.key] = attainable(_summary(mean, sd))
    return audited


def moments(figures) -> list[tuple[Published, Published]]:
    """Pair each mean with the deviation of the same field, week and group."""
    sds = {(f.field, f.week, f.group): f for f in figures if f.kind == "sd"}
    means = [f for f in figures if f.kind == "mean"]
    return [(f, sds[place]) for f in means if (place := (f.field, f.week, f.group)) in sds]


def _summary(mean: Published, sd: Published) -> Summary:
    return Summary(mean.value, sd.value, mean.n, mean.min, mean.max, mean.step)


def changes(figures) -> dict[str, tuple[Summary, Summary, int]]:
    """Fields with a mean and a deviation at two visits of as many patients: first and last."""
    visits = [p for p in moments(figures) if p[0].group == "all" and p[0].week is not None]
    found = {}
    for field in dict.fromkeys(mean.field for mean, _ in visits):
        several = sorted((p for p in visits if p[0].field == field), key=lambda p: p[0].week)
        first, last = several[0], several[-1]
        if first[0].n == last[0].n and first[0].week < last[0].week:
            found[field] = (_summary(*first), _summary(*last), last[0].week)
    return found


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
        wrong = f"value {made['value']} is no count from 0 to n = {made['n']}"
        raise StudyError(f"{where}: {wrong}; a percentage is not a count")
    value = made["value"].quantize(Decimal(1).scaleb(-made["decimals"]))
    if value != made["value"]:
        decimals = made["decimals"]
        raise StudyError(f"{where}: value {made['value']} has more than {decimals} decimals")
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
