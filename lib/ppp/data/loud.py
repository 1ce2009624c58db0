"""What a run says last: the share lost of important columns, and headings half recognised."""

import difflib

import pandas as pd

from ppp.catalogue import dictionary
from ppp.catalogue.dictionary import plain
from ppp.catalogue.outcomes import outcomes
from ppp.data import losses
from ppp.data.columns import PARTS
from ppp.data.rows import Rows
from ppp.data.rules import MISSING
from ppp.study import Study

IMPORTANT = {
    "patients": ("sex", "age_years", "birth_date", "start_date", "stop_date"),
    "visits": ("date",),
    "adverse_events": ("term", "grade", "start_date", "end_date"),
    "labs": ("value", "date"),
}
LOSSES = ["table", "field", "filled", "lost", "rule", "cure"]
MOST, SHORTEST, LIKE = 6, 3, 0.8


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
    cure = losses.cure(rows, field, rule, rules.index[bad & (rules == rule)], study)
    return int((bad | read).sum()), int(bad.sum()), rule, cure


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
