"""What became of every raw cell and row: the ledger, the queries, the quarantine."""

from collections import Counter
from itertools import chain

import numpy as np
import pandas as pd

from ppp.catalogue.dictionary import fold
from ppp.data import lab_values
from ppp.data.columns import Layout
from ppp.data.headings import RawTable
from ppp.data.joining import bare
from ppp.data.rows import KEPT, MISSING, Rows, action
from ppp.data.terms import public_name
from ppp.data.values import DATES, Reading, parted, read_cell, reading, tidy, without_unit
from ppp.study import Study

LEVELS = ("read", "accepted", "warned", "queried", "quarantined", "unused")
QUERIES = "sheet cell patient_id study_id week field raw rule action cells".split()
QUARANTINE = ["sheet", "row", "rule", "copy_of", "raw"]
UNTOUCHED, IN_QUARANTINE, ACCEPTED, WARNED, QUERIED = range(5)


def ledger(tables: dict[str, Rows], left_out: int = 0) -> pd.DataFrame:
    """Count rows and non-empty cells (`kind`) by what became of them (`level`).

    Read = accepted + queried + quarantined + unused; warned are a part of accepted. A cell that
    feeds two tables is counted once, for the first. Where patients are `left_out` by a filter, kind
    ``filter`` has how many of how many.
    """
    cells = _cells(tables)
    counts = {name: {"rows": _rows(rows), "cells": cells[name]} for name, rows in tables.items()}
    for sheet in _sheets(tables):
        first = next(n for n, rows in tables.items() if sheet.sheet in rows.layout.raw.sheets)
        for level in ("read", "quarantined"):
            counts[first]["rows"][level] += len(sheet.ragged)
    lines = [
        (table, kind, level, int(count.get(level, 0)))
        for table, kinds in counts.items()
        for kind, count in kinds.items()
        for level in LEVELS
    ]
    if left_out:
        everyone = int(tables["patients"].kept.sum())
        pairs = (("read", everyone), ("left_out", left_out))
        lines += [("patients", "filter", level, count) for level, count in pairs]
    return pd.DataFrame(lines, columns=["table", "kind", "level", "count"])


def _rows(rows: Rows) -> dict:
    kept = rows.kept.to_numpy()
    hidden = [
        {int(place.split(":")[0]) for place in part.hidden if place[0].isdigit()}
        for part in rows.layout.raw.parts or (rows.layout.raw,)
    ]
    noted = {at for at, name, _ in rows.notes if not name}
    sheet = rows.block if rows.layout.raw.parts else np.zeros(len(kept), int)
    warned = [at for at in np.flatnonzero(kept) if at in noted or rows.row[at] in hidden[sheet[at]]]
    joined = rows.joined
    counts = (len(kept) + joined, kept.sum() + joined, len(warned), (~kept).sum())
    return dict(zip(("read", "accepted", "warned", "quarantined"), counts, strict=True))


def _cells(tables: dict[str, Rows]) -> dict[str, Counter]:
    counts = {name: Counter() for name in tables}
    for sheet in _sheets(tables):
        sharing = {n: r for n, r in tables.items() if sheet.sheet in r.layout.raw.sheets}
        first, owners = next(iter(sharing)), {}
        for name, rows in reversed(sharing.items()):
            owners |= dict.fromkeys(_fields(sheet, rows), name)
        state, filled = _state(sheet, sharing), sheet.frame.notna().to_numpy()
        for column, heading in enumerate(sheet.frame):
            if heading in sheet.boxes:
                continue
            levels = state[filled[:, column], column]
            owner = owners.get(heading)
            counts[owner or first].update(_by_level(levels) if owner else _unused(len(levels)))
        counts[first].update(_unused(sum(sheet.unread.values())))
        lost = sum(len(list(filter(None, line))) for line in sheet.ragged.values())
        counts[first].update({"read": lost, "quarantined": lost})
    return counts


def _fields(sheet: RawTable, rows: Rows) -> dict:
    """Give the headings of one sheet that feed a table, with their fields."""
    raw = rows.layout.raw
    return {
        one: name
        for name, headings in rows.layout.headings.items()
        for heading in filter(None, headings)
        if raw.sheet_with(heading) == sheet.sheet
        for one in (bare(heading), *sheet.boxes.get(bare(heading), ()))
    }


def _sheets(tables: dict[str, Rows]) -> list[RawTable]:
    """List each sheet once, those that lie side by side one by one."""
    found = {}
    for rows in tables.values():
        for part in rows.layout.raw.parts or (rows.layout.raw,):
            found.setdefault(part.sheet, part)
    return list(found.values())


def _unused(count: int) -> dict:
    return {"read": count, "unused": count}


def _by_level(levels: np.ndarray) -> dict:
    return {
        "read": len(levels),
        "accepted": np.isin(levels, [UNTOUCHED, ACCEPTED, WARNED]).sum(),
        "warned": (levels == WARNED).sum(),
        "queried": (levels == QUERIED).sum(),
        "quarantined": (levels == IN_QUARANTINE).sum(),
    }


def _state(sheet: RawTable, sharing: dict) -> np.ndarray:
    """Level of each cell of a sheet; the gravest where it feeds several tables."""
    state = np.full(sheet.frame.shape, UNTOUCHED, dtype=np.int8)
    place = {heading: column for column, heading in enumerate(sheet.frame)}
    for rows in sharing.values():
        level = _levels(rows)
        for name, headings in rows.layout.headings.items():
            line = sheet.frame.index.get_indexer(rows.row_of(name))
            for block, heading in enumerate(headings):
                if heading is None or rows.layout.raw.sheet_with(heading) != sheet.sheet:
                    continue
                here = rows.block == block
                at = (line[here], place[bare(heading)])
                np.maximum.at(state, at, level[name].to_numpy()[here])
        for row, name, rule, *_ in rows.others:
            at = sheet.frame.index.get_loc(row), place[rows.layout.headings[name][0]]
            state[at] = max(state[at], QUERIED if rule in MISSING else WARNED)
    for heading, boxes in sheet.boxes.items():
        state[:, [place[box] for box in boxes]] = state[:, [place[heading]]]
    return state


def _levels(rows: Rows) -> pd.DataFrame:
    rules = rows.rules
    noted = pd.DataFrame(False, index=rules.index, columns=rules.columns)
    for name in {name for _, name, _ in rows.notes} & set(noted):
        noted.loc[[at for at, field, _ in rows.notes if field == name], name] = True
    level = pd.DataFrame(ACCEPTED, index=rules.index, columns=rules.columns, dtype=np.int8)
    level = level.mask(rules.isin(list(KEPT)) | noted, WARNED)
    level = level.mask(rules.isin(list(MISSING)), QUERIED)
    return level.mask(~rows.kept, IN_QUARANTINE, axis=0)


def queries(
    tables: dict[str, Rows], id_key: pd.DataFrame, study: Study, today: pd.Timestamp
) -> pd.DataFrame:
    """List every cell that became missing or was kept with a warning, of rows that are kept.

    `cell` is an address (``C12``), a row (``12:12``), a column (``C:C``) or merged cells
    (``C12:C14``); `cells` is how many filled cells a notice is about, 1 for a row's own warning.
    """
    lines = [
        *chain(*(_of_rows(rows, today) for rows in tables.values())),
        *chain(*map(_of_tables, tables.values())),
        *chain(*(_of_columns(rows.layout, study) for rows in tables.values())),
        *chain(*(_of_sheet(sheet, tables) for sheet in _sheets(tables))),
    ]
    table = pd.DataFrame(lines, columns=[name for name in QUERIES if name != "study_id"])
    key = id_key.set_index("patient_id")["study_id"]
    table = table.assign(
        study_id=table["patient_id"].map(key).fillna(""), action=table["rule"].map(action)
    )
    table = table.astype({"week": "Int64", "cells": "int64"})
    return table.drop_duplicates(["sheet", "cell", "rule"], ignore_index=True)[QUERIES]


def _query(sheet: str, cell: str, rule: str, **more) -> dict:
    nothing = {"patient_id": "", "week": None, "field": "", "raw": "", "cells": 0}
    return nothing | {"sheet": sheet, "cell": cell, "rule": rule} | more


def _of_rows(rows: Rows, today: pd.Timestamp):
    places = np.argwhere((rows.rules != "").to_numpy() & rows.kept.to_numpy()[:, None])
    rules, names = rows.rules.to_numpy(), list(rows.rules)
    ruled = [(at, names[column], rules[at, column]) for at, column in places]
    raw = {name: column.to_numpy() for name, column in rows.raw.items()}
    ids = rows.values["patient_id"].to_numpy()
    week = rows.values["week"].to_numpy() if rows.has("week") else np.full(len(ids), np.nan)
    for at, name, rule in sorted([*ruled, *rows.notes], key=lambda place: place[0]):
        cell = raw[name][at] if name in raw else None
        who = {"patient_id": ids[at], "week": None if np.isnan(week[at]) else int(week[at])}
        said = "" if pd.isna(cell) else str(cell)
        said += f" (after {today:%Y-%m-%d}, the day of cleaning)" if rule == "in_future" else ""
        place, sheet = rows.cell(at, name), rows.layout.raw.sheet_of(rows.block[at])
        yield _query(sheet, place, rule, field=name, raw=said, cells=1, **who)
    for row, name, rule, said, who in rows.others:
        place = rows.layout.raw.cell(row, rows.layout.headings[name][0])
        who = {"patient_id": who, "field": name, "raw": str(said), "cells": 1}
        yield _query(rows.layout.raw.sheet, place, rule, **who)


def _of_tables(rows: Rows):
    """Say what holds for a whole column, or the whole table."""
    raw = rows.layout.raw
    for name, rule, said, cells in rows.notices:
        heading = next(filter(None, rows.layout.headings[name])) if name else ""
        place = "{0}:{0}".format(raw.letters[heading]) if name else ""
        sheet = raw.sheet_with(heading) if name else raw.sheet
        yield _query(sheet, place, rule, field=name, raw=said, cells=cells)


def _of_sheet(sheet: RawTable, tables: dict[str, Rows]):
    """Say what is hidden, merged, without a heading or not used."""
    fields = {h: name for rows in tables.values() for h, name in _fields(sheet, rows).items()}
    name, filled = sheet.sheet, sheet.frame.notna()
    columns = {letter: filled[heading].sum() for heading, letter in sheet.letters.items()}
    for place in sheet.hidden:
        line = place.split(":")[0]
        count = filled.loc[int(line)].sum() if line.isdigit() else columns[line]
        yield _query(name, place, "hidden", cells=count)
    for place, heading, count in sheet.merged:
        field = fields.get(heading, public_name(heading))
        raw = f"{count} cells"
        yield _query(name, place, "merged_cells", field=field, raw=raw, cells=count)
    for heading, letter in sheet.letters.items():
        if heading not in fields:
            place, count = f"{letter}:{letter}", columns[letter]
            field = public_name(heading)
            yield _query(name, place, "heading_unused", raw=heading, field=field, cells=count)
    for letter in sheet.headless:
        yield _query(name, f"{letter}:{letter}", "heading_empty", cells=sheet.unread[letter])
    whole = filled.to_numpy().sum() + sum(sheet.unread.values())
    for rule, raw in sheet.notices:
        if rule == "sheet_unused":
            yield _query(raw, "", rule, raw=raw)
        else:
            yield _query(name, "", rule, raw=raw, cells=whole)


def _of_columns(layout: Layout, study: Study):
    """Say where codes, marks, text dates, decimal commas and units were read by a declared rule."""
    for name, heading, rule, marks in _declared(layout, study):
        counts, letter = marks.value_counts(), layout.raw.letters[heading]
        listed = ", ".join(sorted(map(tidy, counts.index))[:5]) + " …" * (len(counts) > 5)
        count, place = len(marks), f"{letter}:{letter}"
        raw = f"{count} {'cell' if count == 1 else 'cells'}: {listed}"
        sheet = layout.raw.sheet_with(heading)
        yield _query(sheet, place, rule, field=name, raw=raw, cells=count)


def _declared(layout: Layout, study: Study):
    """Field, heading, rule and the marks that it read, for each column and declared rule."""
    for name, headings in layout.headings.items():
        if name == "patient_id":
            continue
        how = reading(study, layout.table, name)
        for heading in dict.fromkeys(heading for heading in headings if heading is not None):
            cells = layout.raw.frame[heading].dropna()
            keys = pd.Series(list(zip(map(type, cells), cells, strict=True)), cells.index)
            rules = keys.map({key: _declared_rule(key[1], how) for key in keys.unique()})
            for rule in sorted(set(rules) - {""}):
                yield name, heading, rule, cells[rules == rule]
    for name, rule, marks in lab_values.declared(layout, study) if layout.table == "labs" else ():
        if len(marks):
            yield name, layout.headings[name][0], rule, marks


def _declared_rule(cell, how: Reading) -> str:
    text = tidy(cell)
    value, rule = read_cell(cell, how)
    if text in how.missing and text not in how.codes and not rule:
        return "missing_marker" if text else ""
    if value is None or rule in ("free_text_grouped", "word_for_none"):
        return ""
    number = how.kind in ("number", "integer")
    is_word = number and fold(text) in how.aliases
    if text in how.codes or (how.kind == "choice" and value != text) or is_word:
        return "code_translated"
    if not isinstance(cell, str):
        return ""
    if how.kind in DATES and not how.from_text:
        return "date_as_text"
    if how.separators and len(parted(text, how.separators)) > 1:
        return "entries_parted"
    if how.unit and without_unit(text, how) != text:
        return "unit_taken_off"
    return "decimal_comma_declared" if number and how.decimal == "," and "," in text else ""


def quarantine(tables: dict[str, Rows]) -> pd.DataFrame:
    """List every row that could not be placed, with its rule and what it said."""
    ragged = (
        (sheet.sheet, row, "ragged_line", "", "; ".join(filter(None, line)))
        for sheet in _sheets(tables)
        for row, line in sheet.ragged.items()
    )
    rows = chain(*map(_quarantined, tables.values()))
    return pd.DataFrame(chain(rows, ragged), columns=QUARANTINE)


def _quarantined(rows: Rows):
    for at in np.flatnonzero(~rows.kept.to_numpy()):
        filled = rows.raw.iloc[at].dropna()
        said = "; ".join(f"{name}={cell}" for name, cell in filled.items())
        sheet, row = rows.layout.raw.sheet_of(rows.block[at]), int(rows.row[at])
        yield sheet, row, rows.fate.iat[at], rows.copy_of.iat[at], said
