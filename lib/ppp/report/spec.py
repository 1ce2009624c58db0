"""A table from its spec in ``words.toml``: which rows, one line for what, a template a column."""

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table
from ppp.report.write import SLOT, catalogue, fill

BLANK = "–"


def build(
    spec: Mapping,
    name: str,
    rows: pd.DataFrame,
    study,
    *,
    key: str = "",
    across: Iterable[str] = (),
    heads: Mapping[str, str] | None = None,
    omit: Iterable[str] = (),
    blank: str = BLANK,
    cells: Callable[[pd.DataFrame], Mapping] | None = None,
    **values,
) -> Table:
    """Make a table from results rows; its cells are filled from the rows of their line.

    `spec`, from ``words.toml``, has ``caption``; ``columns``, name → [heading, cell]; optionally
    ``rows`` (column = value: which rows), ``line`` (columns of `rows` that make a line,
    ``["outcome"]`` unless given), ``block`` (heads a block of lines), ``notes`` (name → footnote),
    ``empty`` (what is said where there is no line), ``across`` (``by``, a column whose values
    become columns, with their ``head``; ``cell`` fills them), and ``parts``, a list of such specs
    whose lines follow each other.

    Parameters
    ----------
    name, key : `key`, or `name` with hyphens, becomes the id of the table.
    across, heads : the values that become columns, in order, and headings in place of ``head``.
    omit : names of columns and footnotes that are left out.
    blank : stands for a row that was not made, or has no such number.
    cells : takes the rows of a line, gives further words and rows by name.
    **values : words for captions, headings, cells and footnotes. A footnote that is one slot alone
        may be filled by a list, and becomes as many.
    """
    omit, across = set(omit), list(across)
    values = about(study) | values
    columns = {name: part for name, part in spec["columns"].items() if name not in omit}
    lines = []
    for part in spec.get("parts", [{}]):
        for words, line in _lines({**spec, **part}, rows, study, cells):
            made = _cells({**spec, **part}, columns, across, values | words, line, blank)
            lines.append(made)
    labels = {name: fill(part[0], values) for name, part in columns.items()}
    for code in across:
        labels[code] = heads[code] if heads else _head(spec["across"], code, values, study)
    block = ["block"] if any("block" in line for line in lines) else []
    return Table(
        key=key or name.replace("_", "-"),
        caption=fill(spec["caption"], values),
        frame=pd.DataFrame(lines, columns=[*block, *labels], dtype="str"),
        labels=labels,
        notes=_notes(spec, omit, values) + _few(spec, rows),
        group="block" if block else "",
        **({"empty": fill(spec["empty"], values)} if "empty" in spec else {}),
    )


def _lines(spec, rows, study, cells):
    """Give the rows of each line, and the words that its cells may name."""
    picked = results.pick(rows, **spec.get("rows", {}))
    for _, line in picked.groupby(spec.get("line", ["outcome"]), sort=False, dropna=False):
        words = about(study, line.iloc[0]) | {"n": text.count(line["n"].max())}
        yield words | (cells(line) if cells else {}), line


def _cells(spec, columns, across, words, line, blank) -> dict[str, str]:
    made = {}
    if "block" in spec:
        made["block"] = fill(spec["block"], words, line, blank=blank)
    for name, (_, template) in columns.items():
        made[name] = _cell(spec.get(name, template), words, line, blank)
    for code in across:
        here = line[line[spec["across"]["by"]] == code]
        n = text.count(here["n"].max() if len(here) else None)
        made[code] = _cell(spec["cell"], words | {"n": n}, here, blank)
    return made


def _cell(template: str, words, rows, blank: str) -> str:
    """Fill a cell; one blank where none of its slots has a value."""
    written = fill(template, words, rows, blank=blank)
    empty = SLOT.search(template) and written == SLOT.sub(blank, template)
    return blank if empty else written


def _head(across, code: str, values, study) -> str:
    named = about(study, {across["by"]: code})
    return text.sentence(fill(across["head"], values | {across["by"]: code} | named))


def _notes(spec, omit, values) -> tuple[str, ...]:
    notes = []
    for name, note in spec.get("notes", {}).items():
        listed = values.get(note[1:-1]) if note.startswith("{") else None
        if name not in omit:
            notes += listed if isinstance(listed, (list, tuple)) else [fill(note, values)]
    return tuple(note.strip() for note in notes if note.strip())


def _few(spec, rows) -> tuple[str, ...]:
    """Say that counts of few patients have no percentage, where the table has such counts."""
    told = any(how in str(spec) for how in (":percent_ci", ":fraction_ci", "count_percent"))
    here = told and any(text.few(row) for _, row in rows.dropna(subset=["events"]).iterrows())
    return (catalogue("ppp.report")["brackets"]["few"],) if here else ()


def about(study, row=None) -> dict:
    """Name what a row (or any part of one) is of, and what a study always has, for templates."""
    known = {
        "baseline": study.schedule.baseline,
        "primary_week": study.schedule.primary,
        "primary": names.outcome(study, study.endpoints.primary),
        "drug": study.drug,
        "subgroup": study.label(study.subgroup.column),
        "inside_subgroup": names.lower(study.label(study.subgroup.column)),
    }
    if row is None:
        return known
    have = row.get("outcome", "")
    known |= {"outcome": names.outcome(study, have), "unit": study.unit(have) or "points"}
    known |= {"inside": names.inside(study, have), "measured": names.with_unit(study, have)}
    known |= {"level": row.get("level", "")}
    if not pd.isna(row.get("week", pd.NA)):
        known["week"] = text.count(row["week"])
    known["group"] = names.group(study, row.get("group", "all"))
    if isinstance(row, pd.Series):
        known["row"] = row
        known["note"] = row["note"]
        known["why"] = f" ({row['note']})" if row["note"] else ""
    return known
