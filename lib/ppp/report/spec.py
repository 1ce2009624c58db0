"""A table from its spec in ``words.toml``: which rows, one line for what, a template a column."""

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table
from ppp.report.write import fill

BLANK = "–"


def build(
    spec: Mapping,
    name: str,
    rows: pd.DataFrame,
    study,
    *,
    key: str = "",
    across: Iterable[str] = (),
    omit: Iterable[str] = (),
    cells: Callable[[pd.DataFrame], Mapping] | None = None,
    **values,
) -> Table:
    """Make a table from results rows.

    Parameters
    ----------
    spec : mapping
        As ``words.toml`` has it. ``caption``; ``columns``, name → [heading, cell]; and optionally
        ``rows`` (column = value: which rows), ``line`` (columns of `rows` that make a line,
        ``["outcome"]`` unless given), ``block`` (heads a block of lines), ``notes`` (name →
        footnote), ``empty`` (what is said where there is no line), ``across`` (``by``, a column
        whose values become columns, with their ``head``; ``cell`` fills them), and ``parts``, a
        list of
        such specs whose lines follow each other.
    name, key : str
        `key`, or `name` with hyphens, becomes the id of the table.
    rows : DataFrame
        Results rows; cells are filled from those of their line.
    across : iterable of str
        The values that become columns, in their order.
    omit : iterable of str
        Names of columns and footnotes that are left out.
    cells : callable, optional
        Takes the rows of a line, gives further words and rows by name.
    **values
        Words for captions, headings, cells and footnotes. A footnote that is one slot alone may
        be filled by a list, and becomes as many.
    """
    omit, across = set(omit), list(across)
    values = about(study) | values
    columns = {c: part for c, part in spec["columns"].items() if c not in omit}
    lines = []
    for part in spec.get("parts", [{}]):
        lines += _lines({**spec, **part}, columns, rows, study, across, cells, values)
    heads = {
        c: _words(part[0] if isinstance(part, list) else "", values, study)
        for c, part in columns.items()
    }
    for code in across:
        heads[code] = _head(spec["across"], code, values, study)
    block = ["block"] if any("block" in line for line in lines) else []
    return Table(
        key=key or name.replace("_", "-"),
        caption=_words(spec["caption"], values, study),
        frame=pd.DataFrame(lines, columns=[*block, *heads], dtype="str"),
        labels=heads,
        notes=_notes(spec, omit, values, study),
        group="block" if block else "",
        **({"empty": _words(spec["empty"], values, study)} if "empty" in spec else {}),
    )


def _words(template: str, values, study) -> str:
    return fill(template, values)


def _head(across, code: str, values, study) -> str:
    return text.sentence(
        fill(across["head"], values | {across["by"]: code} | about(study, {across["by"]: code}))
    )


def _notes(spec, omit, values, study) -> tuple[str, ...]:
    notes = []
    for name, note in spec.get("notes", {}).items():
        whole = values.get(note[1:-1]) if note.startswith("{") else None
        if name in omit:
            continue
        if isinstance(whole, (list, tuple)):
            notes += whole
        else:
            notes.append(_words(note, values, study))
    return tuple(note.strip() for note in notes if note.strip())


def _lines(spec, columns, rows, study, across, cells, values) -> list[dict]:
    picked = results.pick(rows, **spec.get("rows", {}))
    lines = []
    for _, line in picked.groupby(spec.get("line", ["outcome"]), sort=False, dropna=False):
        first = line.iloc[0]
        known = values | about(study, first) | {"n": text.count(line["n"].max())}
        known |= cells(line) if cells else {}
        made = {}
        if "block" in spec:
            made["block"] = fill(spec["block"], known, line, blank=BLANK)
        for name, column in columns.items():
            template = spec.get(name, column[1] if isinstance(column, list) else column)
            made[name] = fill(template, known, line, blank=BLANK)
        for code in across:
            mine = line[line[spec["across"]["by"]] == code]
            here = known | {"n": text.count(mine["n"].max() if len(mine) else None)}
            made[code] = fill(
                spec.get("cell", spec["across"].get("cell", "")), here, mine, blank=BLANK
            )
        lines.append(made)
    return lines


def about(study, row=None) -> dict:
    """Name what a row is of, and what a study always has, as templates call it.

    Parameters
    ----------
    row : Series or dict, optional
        Any of outcome, week, group, level, note of a results row.
    """
    known = {
        "baseline": study.schedule.baseline,
        "primary_week": study.schedule.primary,
        "primary": names.outcome(study, study.endpoints.primary),
        "drug": study.drug,
        "subgroup": study.label(study.subgroup.column),
    }
    if row is None:
        return known
    have = row.get("outcome", "")
    known |= {"outcome": names.outcome(study, have), "unit": study.unit(have) or "points"}
    known |= {"level": row.get("level", "")}
    if not pd.isna(row.get("week", pd.NA)):
        known["week"] = text.count(row["week"])
    known["group"] = names.group(study, row.get("group", "all"))
    if isinstance(row, pd.Series):
        known["row"] = row
        known["note"] = row["note"]
        known["why"] = f" ({row['note']})" if row["note"] else ""
    return known
