"""Tables of the cleaning report: what was read, which values were lost, which rows excluded."""

import pandas as pd

from ppp import results
from ppp.catalogue.identifiers import initials, shown, shown_reason
from ppp.data.rows import REMEDIES, SENTENCES
from ppp.report import names, text
from ppp.report.table import Table
from ppp.report.words import Words

WORDS = Words("ppp.cleaning")
LEVELS = tuple(WORDS["levels"])
BLANK = "–"
NO_EVENT = "no_event"


def ledger(rows: pd.DataFrame, study) -> Table:
    """Show what was read from each sheet and what became of it, rows and cells."""
    return WORDS.table(
        "ledger",
        rows,
        study,
        across=LEVELS,
        heads=WORDS["levels"],
        blank="0",
        cells=lambda line: {"table": WORDS["names"][line.iloc[0]["group"]]},
    )


def lost(rows: pd.DataFrame, frame: pd.DataFrame, study, *, ids=(), places: int = 3) -> Table:
    """Show which values became missing, by rule and field, where they stand and what to do.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``query``.
    frame : DataFrame
        ``queries`` of the cleaned cohort: sheet, cell, field, raw, rule, action.
    ids : collection of str
        Patient ids, which are never shown.
    places : int
        Cells that are named at most.
    """
    rows = results.pick(rows, analysis="query", code="missing")
    most = rows.groupby("level")["events"].transform("sum")
    rows = rows.assign(most=most).sort_values(
        ["most", "level", "events"], ascending=[False, True, False], kind="stable"
    )
    frame = frame[frame["action"] == "missing"]

    def cells(line):
        return _lost(line.iloc[0], frame, study, set(ids), places)

    return WORDS.table("lost", rows, study, cells=cells)


def _lost(row, frame: pd.DataFrame, study, ids: set, places: int) -> dict:
    same = (frame["rule"] == row["level"]) & (frame["field"].fillna("") == row["outcome"])
    same = frame[same & (frame["sheet"] == row["group"])]
    pairs = zip(same["cell"].head(places), same["raw"].head(places), strict=True)
    cells = [f"{cell} ({shown(raw, ids)})" for cell, raw in pairs]
    more = len(same) - places
    tail = [WORDS.write("tables.lost.more", study, left=text.count(more))] * (more > 0)
    return {
        "rule": text.sentence(rule(row["level"])),
        "field": _label(study, row["outcome"], row["group"]),
        "where": f"{row['group']}: {', '.join([*cells, *tail])}",
        "remedy": REMEDIES.get(row["level"], BLANK),
    }


def corrections(frame: pd.DataFrame, study, *, usual=(), ids=(), limit: int = 40) -> Table:
    """List the corrections that were applied, with who made each and why.

    Parameters
    ----------
    frame : DataFrame
        ``corrections`` of the cleaned cohort: sheet, cell, old, new, reason, by.
    usual : collection of str
        Reasons that are shown; of one in other words only the length is.
    ids : collection of str
        Patient ids, which are never shown.
    """
    top, name = frame.fillna({"old": "", "new": ""}).head(limit), "tables.corrections"
    cells = {
        "where": top["sheet"] + ": " + top["cell"],
        "old": top["old"].map(lambda raw: shown(raw, set(ids))),
        "new": top["new"].map(lambda raw: shown(raw, set(ids))),
        "reason": top["reason"].map(lambda words: shown_reason(words, usual)),
        "by": top["by"].map(initials),
    }
    left = text.count(len(frame) - limit)
    more = [WORDS.write(f"{name}.more", study, left=left)] * (len(frame) > limit)
    return Table(
        key="corrections",
        caption=WORDS.write(f"{name}.caption", study, n=text.count(len(frame))),
        frame=pd.DataFrame(cells, dtype="str"),
        labels=WORDS[f"{name}.columns"],
        notes=(WORDS[f"{name}.note"].strip(), *more),
    )


def effect(rows: pd.DataFrame, study) -> Table:
    """Show each key result without and with the corrections, from rows ``correction``."""
    return WORDS.table("effect", rows, study)


def rule(code: str) -> str:
    """Say what a rule of cleaning found, within a sentence; without what follows from it."""
    said = SENTENCES.get(code, code.replace("_", " ")).partition(";")[0]
    said = said.partition(" (")[0]
    return names.lower(said) if said[1:2] != " " else said[:1].lower() + said[1:]


def quarantine(frame: pd.DataFrame, study, *, limit: int = 80) -> Table:
    """List the rows that could not be placed; their contents stay in the derived data.

    Not those that say that no event occurred, of which a note tells.

    Parameters
    ----------
    frame : DataFrame
        ``quarantine`` of the cleaned cohort: sheet, row, rule, copy_of.
    limit : int
        Rows that are shown at most; a note tells how many more there are.
    """
    calm, name = frame["rule"] == NO_EVENT, "tables.quarantine"
    frame = frame[~calm]
    top = frame.head(limit)
    cells = {column: _plain(top[column]) for column in ("sheet", "row")}
    cells |= {"rule": _plain(top["rule"]).map(rule), "copy": _plain(top["copy_of"])}
    left = text.plural(len(frame) - limit, "further row")
    more = [WORDS.write(f"{name}.more", study, left=left)] if len(frame) > limit else []
    more += [WORDS.write("no_event", study, n=int(calm.sum()))] if calm.any() else []
    return Table(
        key="quarantine",
        caption=WORDS.write(f"{name}.caption", study, n=text.count(len(frame))),
        frame=pd.DataFrame(cells, dtype="str"),
        labels=WORDS[f"{name}.columns"],
        notes=tuple(more),
        empty=WORDS[f"{name}.empty"],
    )


def _plain(values: pd.Series) -> pd.Series:
    return values.map(lambda x: BLANK if pd.isna(x) or x == "" else _whole(x)).astype("str")


def _whole(x) -> str:
    return f"{x:g}" if isinstance(x, float) else str(x)


def _label(study, field, sheet) -> str:
    if pd.isna(field) or not field:
        return BLANK
    return study.label(field, _table(study, sheet))


def _table(study, sheet: str) -> str:
    """Name the table that a sheet holds, empty where it holds none or several."""
    held = [
        name
        for name, own in study.source.sheets.items()
        if sheet in ([own] if isinstance(own, str) else own)
    ]
    return held[0] if len(held) == 1 else sheet * (sheet in WORDS["names"] and not held)
