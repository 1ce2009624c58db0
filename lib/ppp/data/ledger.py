"""What became of every raw cell and row: the ledger, the queries, the quarantine."""

import numpy as np
import pandas as pd

from ppp.data import notices
from ppp.data.columns import Layout
from ppp.data.grid import RawTable
from ppp.data.rows import Rows
from ppp.data.rules import KEPT, MISSING, action
from ppp.study import Study

LEVELS = ("read", "accepted", "warned", "queried", "quarantined", "unused")
QUERIES = [
    "sheet",
    "cell",
    "patient_id",
    "study_id",
    "week",
    "field",
    "raw",
    "rule",
    "action",
    "cells",
]
QUARANTINE = ["sheet", "row", "rule", "copy_of", "raw"]
UNTOUCHED, IN_QUARANTINE, ACCEPTED, WARNED, QUERIED = range(5)


def ledger(tables: dict[str, Rows]) -> pd.DataFrame:
    """Count rows and non-empty cells by what became of them.

    A cell that feeds two tables is counted once, for the first.

    Returns
    -------
    DataFrame
        `table`, `kind` (rows, cells), `level` (`LEVELS`), `count`. For each table and kind,
        read = accepted + queried + quarantined + unused; warned are a part of accepted.
    """
    cells = _cells(tables)
    counts = {name: {"rows": _rows(rows), "cells": cells[name]} for name, rows in tables.items()}
    lines = [
        (table, kind, level, int(count.get(level, 0)))
        for table, kinds in counts.items()
        for kind, count in kinds.items()
        for level in LEVELS
    ]
    return pd.DataFrame(lines, columns=["table", "kind", "level", "count"])


def _rows(rows: Rows) -> dict:
    kept = rows.kept.to_numpy()
    hidden = {int(place.split(":")[0]) for place in rows.layout.raw.hidden if place[0].isdigit()}
    noted = {at for at, name, _ in rows.notes if not name}
    warned = [at for at in np.flatnonzero(kept) if at in noted or rows.row[at] in hidden]
    return {
        "read": len(kept),
        "accepted": kept.sum(),
        "warned": len(warned),
        "quarantined": (~kept).sum(),
    }


def _cells(tables: dict[str, Rows]) -> dict:
    counts = {name: dict.fromkeys(LEVELS, 0) for name in tables}
    for sheet in _sheets(tables):
        sharing = {name: rows for name, rows in tables.items() if rows.layout.raw is sheet}
        state = _state(sheet, sharing)
        owner = _owners(sheet, sharing)
        filled = sheet.frame.notna().to_numpy()
        for column, heading in enumerate(sheet.frame):
            levels = state[filled[:, column], column]
            _add(counts[owner.get(heading) or next(iter(sharing))], levels, heading in owner)
        unread = sum(sheet.unread.values())
        first = counts[next(iter(sharing))]
        first["read"] += unread
        first["unused"] += unread
    return counts


def _sheets(tables: dict[str, Rows]) -> list[RawTable]:
    return list({id(rows.layout.raw): rows.layout.raw for rows in tables.values()}.values())


def _owners(sheet: RawTable, sharing: dict) -> dict:
    owners = {}
    for name, rows in sharing.items():
        owners = dict.fromkeys(rows.layout.used, name) | owners
    return owners


def _add(count: dict, levels: np.ndarray, used: bool):
    count["read"] += len(levels)
    if not used:
        count["unused"] += len(levels)
        return
    count["queried"] += (levels == QUERIED).sum()
    count["quarantined"] += (levels == IN_QUARANTINE).sum()
    count["warned"] += (levels == WARNED).sum()
    count["accepted"] += np.isin(levels, [UNTOUCHED, ACCEPTED, WARNED]).sum()


def _state(sheet: RawTable, sharing: dict) -> np.ndarray:
    state = np.full(sheet.frame.shape, UNTOUCHED, dtype=np.int8)
    place = {heading: column for column, heading in enumerate(sheet.frame)}
    for rows in sharing.values():
        level = _levels(rows)
        line = sheet.frame.index.get_indexer(rows.row)
        for name, headings in rows.layout.headings.items():
            for block, heading in enumerate(headings):
                if heading is not None:
                    here = rows.block == block
                    at = (line[here], place[heading])
                    state[at] = np.maximum(state[at], level[name].to_numpy()[here])
    return state


def _levels(rows: Rows) -> pd.DataFrame:
    rules = rows.rules
    level = pd.DataFrame(ACCEPTED, index=rules.index, columns=rules.columns, dtype=np.int8)
    level = level.mask(rules.isin(list(KEPT)) | _noted(rows), WARNED)
    level = level.mask(rules.isin(list(MISSING)), QUERIED)
    return level.mask(~rows.kept, IN_QUARANTINE, axis=0)


def _noted(rows: Rows) -> pd.DataFrame:
    noted = pd.DataFrame(False, index=rows.rules.index, columns=rows.rules.columns)
    for name in {name for _, name, _ in rows.notes} & set(noted):
        noted.loc[[at for at, field, _ in rows.notes if field == name], name] = True
    return noted


def queries(tables: dict[str, Rows], id_key: pd.DataFrame, study: Study) -> pd.DataFrame:
    """List every cell that became missing or was kept with a warning.

    Returns
    -------
    DataFrame
        `QUERIES`: `cell` is an address (``C12``), a row (``12:12``), a column (``C:C``) or merged
        cells (``C12:C14``); `cells` is how many non-empty cells a notice is about, 1 for a cell or
        a row's own warning. Rows in quarantine are listed there, not here.
    """
    lines = [line for rows in tables.values() for line in _row_queries(rows)]
    lines += [line for rows in tables.values() for line in _column_queries(rows.layout, study)]
    lines += [line for sheet in _sheets(tables) for line in _sheet_queries(sheet, tables)]
    table = pd.DataFrame(lines, columns=[name for name in QUERIES if name != "study_id"])
    key = id_key.set_index("patient_id")["study_id"]
    table = table.assign(study_id=table["patient_id"].map(key).fillna("")).astype({"week": "Int64"})
    return table.drop_duplicates(["sheet", "cell", "rule"], ignore_index=True)[QUERIES]


def _row_queries(rows: Rows):
    places = np.argwhere((rows.rules != "").to_numpy() & rows.kept.to_numpy()[:, None])
    rules, names = rows.rules.to_numpy(), list(rows.rules)
    found = [(at, names[column], rules[at, column]) for at, column in places]
    raw = {name: column.to_numpy() for name, column in rows.raw.items()}
    ids = rows.values["patient_id"].to_numpy()
    week = rows.values["week"].to_numpy() if rows.has("week") else np.full(len(ids), np.nan)
    for at, name, rule in sorted([*found, *rows.notes], key=lambda place: place[0]):
        yield {
            "sheet": rows.layout.raw.sheet,
            "cell": rows.cell(at, name),
            "patient_id": ids[at],
            "week": None if np.isnan(week[at]) else int(week[at]),
            "field": name,
            "raw": _raw(raw[name][at]) if name in raw else "",
            "rule": rule,
            "action": action(rule),
            "cells": 1,
        }


def _raw(cell) -> str:
    return "" if cell is None or cell != cell else str(cell)


def _notice(sheet: str, cell: str, rule: str, *, raw="", field="", cells=0) -> dict:
    return {
        "sheet": sheet,
        "cell": cell,
        "patient_id": "",
        "week": None,
        "field": field,
        "raw": raw,
        "rule": rule,
        "action": "kept",
        "cells": int(cells),
    }


def _sheet_queries(sheet: RawTable, tables: dict[str, Rows]):
    mine = [rows.layout.headings for rows in tables.values() if rows.layout.raw is sheet]
    fields = {
        heading: name
        for layout in mine
        for name, headings in layout.items()
        for heading in headings
    }
    used = set(fields)
    filled = sheet.frame.notna()
    columns = {letter: filled[heading].sum() for heading, letter in sheet.letters.items()}
    for place in sheet.hidden:
        name = place.split(":")[0]
        count = filled.loc[int(name)].sum() if name.isdigit() else columns[name]
        yield _notice(sheet.sheet, place, "hidden", cells=count)
    for place, heading, count in sheet.merged:
        yield _notice(
            sheet.sheet,
            place,
            "merged_cells",
            field=fields.get(heading, heading),
            raw=f"{count} cells",
            cells=count,
        )
    for heading, letter in sheet.letters.items():
        if heading not in used:
            yield _notice(
                sheet.sheet,
                f"{letter}:{letter}",
                "heading_unused",
                raw=heading,
                field=heading,
                cells=columns[letter],
            )
    for letter in sheet.headless:
        place = f"{letter}:{letter}"
        yield _notice(sheet.sheet, place, "heading_empty", cells=sheet.unread[letter])
    whole = filled.to_numpy().sum() + sum(sheet.unread.values())
    for rule, raw in sheet.notices:
        unused = rule == "sheet_unused"
        yield _notice(
            raw if unused else sheet.sheet, "", rule, raw=raw, cells=0 if unused else whole
        )


def _column_queries(layout: Layout, study: Study):
    for found in notices.of_columns(layout, study):
        letter = layout.raw.letters[found.pop("heading")]
        yield _notice(layout.raw.sheet, f"{letter}:{letter}", **found)


def quarantine(tables: dict[str, Rows]) -> pd.DataFrame:
    """List every row that could not be placed, with its rule and what it said."""
    lines = [line for rows in tables.values() for line in _quarantined(rows)]
    return pd.DataFrame(lines, columns=QUARANTINE)


def _quarantined(rows: Rows):
    for at in np.flatnonzero(~rows.kept.to_numpy()):
        filled = rows.raw.iloc[at].dropna()
        said = "; ".join(f"{name}={cell}" for name, cell in filled.items())
        yield {
            "sheet": rows.layout.raw.sheet,
            "row": int(rows.row[at]),
            "rule": rows.fate.iat[at],
            "copy_of": rows.copy_of.iat[at],
            "raw": said,
        }
