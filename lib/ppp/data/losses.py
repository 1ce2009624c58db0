"""What cleaning took: a run stops where nothing is left, or too little of the primary endpoint.

Else it says last which share of the important columns was lost, and which headings came near.
"""

import difflib
import re
from collections import Counter

import numpy as np
import pandas as pd

from ppp.catalogue import dictionary, vocabulary
from ppp.catalogue.dictionary import plain
from ppp.catalogue.identifiers import found
from ppp.catalogue.outcomes import outcomes
from ppp.data.columns import PARTS
from ppp.data.rows import MISSING, REMEDIES, SENTENCES, Rows
from ppp.data.values import DATE_FORMATS, ERRORS, ISO, NUMBER, fits, tidy
from ppp.data.words import UNKNOWN
from ppp.errors import SourceError
from ppp.study import Study

SHARE, FEW, LONGEST_CODE = 0.25, 3, 3
SHORT = re.compile(r"[<>≤≥~≈约+-]*\s?(?:\d{1,4}(?:[.,]\d{1,4})?)?(?P<rest>.*)")
NUMBER_ALONE = r"^[+-]?\d+([.,]\d+)?"
NO_DATA = ("example_row", "totals_row", "repeated_headings", "no_event")
BLAMED = {
    "no_patient_id": ("patient_id",),
    "unknown_patient": ("patient_id",),
    "no_week": ("week", "date"),
    "outside_window": ("date",),
    "further_visit": ("date",),
    "not_a_date": ("date",),
    "in_future": ("date",),
    "no_term": ("term",),
    "no_test": ("test",),
}
IMPORTANT = {
    "patients": ("sex", "age_years", "birth_date", "start_date", "stop_date"),
    "visits": ("date",),
    "adverse_events": ("term", "grade", "start_date", "end_date"),
    "labs": ("value", "date"),
}
LOSSES = ["table", "field", "filled", "lost", "rule", "cure"]
MOST, SHORTEST, LIKE = 6, 3, 0.8


def check_dates(tables: dict[str, Rows], study: Study):
    """Stop where no date of a column is in the declared format, and say which formats would fit."""
    for rows in tables.values():
        fields = dictionary.fields(rows.layout.table)
        for name in rows.rules:
            lost = np.flatnonzero(rows.rules[name] == "not_a_date")
            texts = [tidy(cell) for cell in rows.raw[name].iloc[lost]]
            dated = any(sign.isdigit() for sign in "".join(texts))
            known = rows.values[name].notna() | (rows.rules[name] == "date_partial")
            if name in fields and dated and not known.any():
                raise SourceError(_no_dates(rows, name, lost, texts, study))


def _no_dates(rows: Rows, name: str, lost: np.ndarray, texts: list, study: Study) -> str:
    return (
        f"{rows.layout.raw.where}: not one of the {_cells(len(lost))} of {name} is a date (rule "
        f"not_a_date: they are not date cells, and not written as date_format = "
        f'"{study.source.date_format}" says), such as {_example(rows, lost[0], [name])}. '
        f"To help: {_date_format(texts)}"
    )


def _date_format(texts: list[str]) -> str:
    ways = [way for way in (*DATE_FORMATS, "%Y%m%d") if all(fits(text, way) for text in texts)]
    fitting = [f'date_format = "{way}"' for way in ways]
    remedy = f"set [source] {' or '.join(fitting)}" if fitting else REMEDIES["not_a_date"]
    return f"{remedy}, whichever it is" if len(fitting) > 1 else remedy


def check_rows(rows: Rows, study: Study):
    """Stop where a table has rows and none can be placed, or no patient is there at all.

    An empty table of adverse events says that none occurred, and laboratory values may be missing.
    """
    table = rows.layout.table
    if rows.kept.any() or table == "labs":
        return
    fates = rows.fate[~rows.fate.isin(NO_DATA)]
    if fates.empty:
        if table == "patients" or (table == "visits" and study.endpoints.primary != "none"):
            raise SourceError(
                f"{rows.layout.raw.where}: there are no rows of {table} below the headings (row "
                f"{study.source.header_row}). To help: fill the sheet in, or name the sheet that "
                "holds them under [source.sheets]"
            )
        return
    rule, count = Counter(fates).most_common(1)[0]
    at = fates.index[fates == rule][0]
    raise SourceError(
        f"{rows.layout.raw.where}: not one of the {len(fates)} rows of {table} could be used; "
        f"{_blame(rule, count)}, such as {_example(rows, at, BLAMED.get(rule, ()))}. "
        f"To help: {REMEDIES[rule]}"
    )


def check_primary(visits: Rows | None, study: Study):
    """Stop where the primary endpoint was filled in and no value is left, or too many are queries.

    Above a quarter of the cells (`SHARE`), and `FEW` cells, something of study.toml is wrong and
    not of single cells.
    """
    primary = study.endpoints.primary
    if visits is None or primary == "none" or not visits.has(primary):
        return
    if visits.values.loc[visits.kept, primary].notna().any():
        for name in (primary, *PARTS.get(primary, ())):
            _check_share(visits, name, study)
        return
    causes = list(_causes(visits, primary))
    causes = [cause for cause in causes if cause[0] != "missing_marker"] or causes
    if not causes:
        return
    rule, count = Counter(rule for rule, *_ in causes).most_common(1)[0]
    at, name = next((at, name) for cause, at, name in causes if cause == rule)
    raise SourceError(
        f"{visits.layout.raw.where}: of the primary endpoint {primary}, {_cells(len(causes))} "
        f"{'is' if len(causes) == 1 else 'are'} filled in and not one value is left; "
        f"{_blame(rule, count)}, such as {_example(visits, at, [name])}. "
        f"To help: {REMEDIES[rule]}"
    )


def _check_share(visits: Rows, name: str, study: Study):
    if name not in visits.raw:
        return
    rules = visits.rules[name]
    lost = visits.kept & rules.isin(list(MISSING)) & visits.raw[name].notna()
    read = visits.kept & visits.values[name].notna() & visits.raw[name].notna()
    count, filled = lost.sum(), (lost | read).sum()
    if count <= max(FEW, SHARE * filled):
        return
    rule, most = Counter(rules[lost]).most_common(1)[0]
    at = lost.index[lost & (rules == rule)]
    raise SourceError(
        f"{visits.layout.raw.where}: {count} of the {_cells(filled)} of the primary endpoint "
        f"({name}) could not be read, more than a quarter; {_blame(rule, most)}, such as "
        f"{_example(visits, at[0], [name])}. To help: {cure(visits, name, rule, at, study)}"
    )


def cure(rows: Rows, name: str, rule: str, at: pd.Index, study: Study) -> str:
    """Give the line of study.toml that would read the cells; where there is none, what to do."""
    texts = rows.raw[name][at].map(tidy)
    if rule in ("decimal_comma", "decimal_point"):
        mark = {"decimal_comma": ",", "decimal_point": "."}[rule]
        return f"write in study.toml, under [source]: decimal = {_marks(rows, name, mark, study)}"
    if rule == "not_a_date":
        typed = [tidy(cell) for cell in rows.raw[name].dropna() if isinstance(cell, str)]
        return _date_format([text for text in typed if not ISO.fullmatch(text)])
    if rule == "not_a_choice":
        return _codes(name, texts)
    units = set(texts.str.replace(NUMBER_ALONE, "", regex=True).str.strip())
    brief = len(units) <= 3 and all(map(_is_mark, units))  # else it may name a person
    if rule not in ("not_a_number", "percentage") or not brief:
        return REMEDIES[rule]
    if len(units) == 1 and texts.str.match(r"\d").all():
        return f'write in study.toml, under [units]: {name} = "{units.pop()}"'
    if not texts.str.contains(r"\d", regex=True).any():
        marks = ", ".join(f'"{mark}"' for mark in [*study.source.missing, *texts.unique()])
        return f"if it means “not known”, write in study.toml, under [source]: missing = [{marks}]"
    return REMEDIES[rule]


def _codes(name: str, texts: pd.Series) -> str:
    """Write the codes that are not understood, where they are brief, to be filled in."""
    found, known = sorted(set(texts)), dictionary.find(name)
    if known is None or max(map(len, found)) > LONGEST_CODE:
        return REMEDIES["not_a_choice"]
    pairs = ", ".join(f'"{code}" = "…"' for code in found)
    listed = ", ".join(known.choices)
    return f"write in study.toml, under [codes]: {name} = {{ {pairs} }}, for … one of {listed}"


def _marks(rows: Rows, name: str, mark: str, study: Study) -> str:
    """Declare the mark for all columns, or for one where another column has the other mark."""
    others = rows.raw.drop(columns=[name, "patient_id"])
    typed = {cell for other in others for cell in others[other].dropna() if isinstance(cell, str)}
    own = study.source.decimal_of(rows.layout.table, name)
    if not any(NUMBER[own].fullmatch(tidy(cell)) and own in cell for cell in typed):
        return f'"{mark}"'
    table = rows.layout.table
    wide, extra = study.wide.get(table, {}), study.extra.get(table, {})
    section = "extra" if name in extra else "wide" if name in wide else "columns"
    return f'{{ "{section}.{table}.{name}" = "{mark}" }}'


def _causes(rows: Rows, primary: str):
    noted = {at: rule for at, name, rule in rows.notes if not name}
    for name in (primary, *PARTS.get(primary, ())):
        cells = rows.raw[name].dropna() if name in rows.raw else pd.Series(dtype=object)
        filled = cells.map(tidy).ne("") & ~rows.fate[cells.index].isin(NO_DATA)
        for at in cells.index[filled]:
            rule = rows.fate[at] or rows.rules[name][at]
            yield rule or noted.get(at, "missing_marker"), at, name


def _blame(rule: str, count: int) -> str:
    return f"{count} by the rule {rule} ({SENTENCES[rule]})"


def _example(rows: Rows, at: int, names) -> str:
    """Name a cell, and what it says where that is a short number, a known unit or mark alone."""
    names = [name for name in names if name in rows.layout.headings]
    filled = [name for name in names if pd.notna(rows.raw[name].iat[at])]
    name = (filled or names or [""])[0]
    if not name:
        return f"row {rows.row[at]}"
    cell = rows.cell(at, name)
    text = tidy(rows.raw[name].iat[at]) if filled and name != "patient_id" else ""
    said = f" ({text!r})" if _points_to_nobody(text) else ""
    return f"cell {cell}{said}" if ":" not in cell else f"row {rows.row[at]}"


def _points_to_nobody(text: str) -> bool:
    """Tell whether a text is a number of few digits, with or without a unit, or a mark."""
    match = SHORT.fullmatch(text)
    return bool(text and match and _is_mark(match["rest"].strip()) and not found(text))


def _is_mark(text: str) -> bool:
    known = not text or text.casefold() in UNKNOWN or text.upper() in {*ERRORS, "TRUE", "FALSE"}
    return bool(known or vocabulary.name(text, "unit") or vocabulary.is_plain(text))


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def lost(tables: dict[str, Rows], study: Study) -> pd.DataFrame:
    """Count what queries took of each important column: the primary first, then by share.

    Columns `LOSSES`: cells filled in and lost, of rows that are kept; the commonest rule, and the
    line that cures it. Columns that lost nothing are left out.
    """
    primary = study.endpoints.primary
    scores = [primary, *PARTS.get(primary, ()), *outcomes(study)]
    lines = [
        (name, field, *counted)
        for name, rows in tables.items()
        for field in dict.fromkeys([*(scores if name == "visits" else ()), *IMPORTANT[name]])
        if (counted := _counted(rows, field, study))
    ]
    table = pd.DataFrame(lines, columns=LOSSES)
    minor = ~table["field"].isin([primary, *PARTS.get(primary, ())])
    order = pd.DataFrame({"minor": minor, "kept": -table["lost"] / table["filled"]})
    return table.loc[order.sort_values(["minor", "kept"], kind="stable").index].reset_index(
        drop=True
    )


def _counted(rows: Rows, field: str, study: Study) -> tuple | None:
    if field not in rows.raw:
        return None
    rules = rows.rules[field]
    bad = rows.kept & rows.raw[field].notna() & rules.isin(list(MISSING))
    if not bad.any():
        return None
    read = rows.kept & rows.raw[field].notna() & ~bad & rows.values[field].notna()
    rule = rules[bad].value_counts().index[0]
    helps = cure(rows, field, rule, rules.index[bad & (rules == rule)], study)
    return int((bad | read).sum()), int(bad.sum()), rule, helps


def near_headings(tables: dict[str, Rows], study: Study) -> list[str]:
    """Say which headings that are not used resemble a field that no column has."""
    said = []
    for name, rows in tables.items():
        raw, fields = rows.layout.raw, dictionary.fields(name)
        words = {w: f for f, field in fields.items() for w in field.synonyms}
        words = {w: f for w, f in words.items() if f not in rows.layout.headings}
        used = {h for other in tables.values() for hs in other.layout.headings.values() for h in hs}
        if rows.layout.weeks is not None or raw.parts:
            continue
        for heading in [h for h in raw.letters if h not in used]:
            field = _near(plain(heading), words)
            if field:
                said.append(
                    f"Not used: the heading {heading!r} ({raw.sheet}, column "
                    f"{raw.letters[heading]}); did you mean {field}? Then write in study.toml, "
                    f'under [columns.{name}]: {field} = "{heading}"'
                )
    return list(dict.fromkeys(said))


def _near(heading: str, words: dict) -> str:
    within = [w for w in words if len(w) >= SHORTEST and f" {w} " in f" {heading} "]
    close = difflib.get_close_matches(heading, words, n=1, cutoff=LIKE)
    return words[max(within, key=len)] if within else words[close[0]] if close else ""


def last_lines(tables: dict[str, Rows], lost: pd.DataFrame, study: Study) -> list[str]:
    """Write the last lines of a run: the losses, each with its cure, and the headings."""
    said = [
        f"Lost to queries: {study.label(row.field, row.table)}, {row.lost} of {row.filled} values "
        f"({row.lost / row.filled:.1%}), most by the rule {row.rule}. To help: {row.cure}"
        for row in lost.itertuples()
    ]
    near = near_headings(tables, study)
    more = [f"Further columns that lost values: {len(said) - MOST}, see 01_cleaning.html"]
    return [*said[:MOST], *more * (len(said) > MOST), *near[:MOST]]
