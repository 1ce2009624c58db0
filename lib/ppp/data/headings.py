"""Headings that are not where ``study.toml`` says, all at once, and what to write instead."""

import re
from collections import Counter

from ppp.catalogue import dictionary
from ppp.catalogue.dictionary import plain
from ppp.data.grid import Grid, RawTable, tidy
from ppp.errors import hint
from ppp.study import Study
from ppp.study.sections import Source

ROWS_TRIED = 5
WORD = "(?:weeks?|wks?|wochen?|wo|w|第)"
START = "baseline|base|bl|beginn|start|vorher|基线|治疗前"
VISIT = rf"(?P<visit>{WORD}[ ._-]*\d+(?: ?周)?|\d+ ?(?:周|{WORD})?|{START})"
PLACES = [
    re.compile(rf"[ ._(-]*{VISIT}\)?$", re.IGNORECASE),
    re.compile(rf"^\(?{VISIT}[ ._)-]+", re.IGNORECASE),
]


def known(study: Study) -> set[str]:
    """Return all headings that a field answers to or ``study.toml`` names, as `plain` does."""
    fields = [field for table in dictionary.TABLES for field in dictionary.fields(table).values()]
    words = {word for field in fields for word in field.synonyms}
    named = [heading for table in dictionary.TABLES for heading, _ in wanted(table, study)]
    return words | {plain(tidy(heading)) for heading in named}


def wanted(table: str, study: Study) -> list[tuple[str, str]]:
    """List the headings that ``study.toml`` names for one table, each with its key."""
    named = [
        (heading, f"[columns.{table}] {name}")
        for name, heading in study.columns.get(table, {}).items()
    ]
    extras = {name: extra.heading for name, extra in study.extra.get(table, {}).items()}
    wide = dict(study.wide.get(table, {}))
    labels = wide.pop("labels", ())
    for section, templates in (("wide", wide), ("extra", extras)):
        for name, template in templates.items():
            key = f"[{section}.{table}] {name}"
            named += [(heading, key) for heading in _spelt(template, labels)]
    return named


def _spelt(template, labels) -> list[str]:
    if isinstance(template, dict):
        return list(template.values())
    return [template.replace("{label}", label) for label in labels] or [template]


def likely_row(grid: Grid, source: Source, words: set[str]) -> int | None:
    """Find a row just below the heading row that holds more known `words`; None where none does."""
    best, most = None, max(1, sum(plain(text) in words for text in grid.header.values()))
    first = source.header_row + 1
    for row in range(first, first + ROWS_TRIED):
        cells = [column.get(row) for column in grid.columns.values()]
        count = sum(isinstance(cell, str) and plain(tidy(cell)) in words for cell in cells)
        if count > most:
            best, most = row, count
    return best


def absent(tables: dict[str, RawTable], grids: dict[str, Grid], study: Study) -> list[str]:
    """List the headings that ``study.toml`` names and that are not there: one line a sheet.

    `grids` are the sheets of `tables` as they were before headings were dropped.
    """
    lines = []
    for sheet in {raw.sheet: raw for raw in tables.values()}.values():
        named = [
            pair for table, raw in tables.items() if raw is sheet for pair in wanted(table, study)
        ]
        gone = [pair for pair in dict.fromkeys(named) if tidy(pair[0]) not in sheet.letters]
        if gone:
            named = {tidy(heading) for heading, _ in named}
            free = [heading for heading in sheet.letters if heading not in named]
            lines.append(
                f"{sheet.where}: {_gone(gone, free)}. "
                f"The headings are: {', '.join(sheet.letters)}{advice(sheet)}"
            )
    there = {text: 0 for grid in grids.values() for text in grid.header.values()}
    gone = [(text, "[source] drop") for text in study.source.drop if tidy(text) not in there]
    if gone:
        gone = _gone(gone, there, listed=True)
        lines.append(f"{study.source.path.name}: {gone}. Correct it, or remove it from drop")
    return lines


def _gone(gone: list, there, *, listed: bool = False) -> str:
    each = [
        f"{heading!r} ({key}){hint(tidy(heading), there, listed=listed and len(gone) == 1)}"
        for heading, key in gone
    ]
    return f"there {'is no heading' if len(each) == 1 else 'are no headings'} {', '.join(each)}"


def advice(sheet: RawTable) -> str:
    """Suggest another heading row, where one looks like it; else say nothing."""
    if not sheet.likely_row:
        return ""
    return (
        f". Row {sheet.likely_row} looks like the headings: "
        f"set [source] header_row = {sheet.likely_row}"
    )


def side_by_side(sheets, study: Study) -> str:
    """Say how to read visits that lie side by side, where headings look like it; else nothing.

    One of the two ways out is a piece of ``study.toml`` made from the headings.
    """
    if "visits" in study.wide:
        return ""
    visits = [visit for sheet in sheets for visit in map(_as_visit, sheet.letters) if visit]
    if len(visits) < 2:
        return ""
    baseline = study.schedule.baseline
    labels = {label: baseline if week is None else week for *_, label, week in visits}
    fields = {
        name: Counter(t for field, t, *_ in visits if field == name).most_common(1)[0][0]
        for name, *_ in visits
    }
    pairs = ", ".join(f'"{label}" = {week}' for label, week in labels.items())
    lines = ["[wide.visits]", f"labels = {{ {pairs} }}"]
    lines += [f'{name} = "{template}"' for name, template in fields.items()]
    name, template, label, _ = visits[0]
    return (
        f". Headings such as {template.replace('{label}', label)!r} look like one column a visit: "
        f"give one row a patient and visit instead (patient_id, week, {name}, …), or write in "
        "study.toml:\n" + "\n".join(f"    {line}" for line in lines)
    )


def _as_visit(heading: str) -> tuple | None:
    """Take a heading apart: field, template, label, week (None for the baseline)."""
    fields = {
        name: field
        for name, field in dictionary.fields("visits").items()
        if name not in ("patient_id", "week", "date")
    }
    if any(plain(heading) in field.synonyms for field in fields.values()):
        return None
    for place in PLACES:
        match = place.search(heading)
        word = plain(heading.replace(match[0], " ")) if match else ""
        for name in (name for name, field in fields.items() if word in field.synonyms):
            (start, end), digits = match.span("visit"), re.search(r"\d+", match["visit"])
            template = heading[:start] + "{label}" + heading[end:]
            return name, template, match["visit"], int(digits[0]) if digits else None
    return None
