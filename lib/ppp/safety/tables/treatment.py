"""Tables of time: on treatment, why it stopped, and to the first adverse event."""

from dataclasses import replace

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.table import Table
from ppp.safety.window import WORDS


def exposure(rows: pd.DataFrame, study) -> Table:
    """Show the time on treatment, in all and, where doses were recorded, by the dose at the start.

    From rows ``exposure`` of outcomes ``patient_years`` and ``dose_mg``.
    """
    rows = results.pick(rows, analysis="exposure", outcome=["patient_years", "dose_mg"])
    whole = results.pick(rows, outcome="patient_years").dropna(subset=["estimate"])
    doses = results.pick(rows, outcome="dose_mg")
    doses = doses[doses["level"] != ""] if len(whole) else doses[:0]
    table = WORDS.table(
        "exposure",
        pd.concat([whole, doses]),
        study,
        cells=lambda line: {"what": _what(line.iloc[0])},
        omit=() if len(doses) else ("patients",),
        treated=text.count(whole["n"].max() if len(whole) else 0),
        basis=[
            WORDS.write("tables.exposure.words.basis", study, method=method)
            for method in whole["method"].unique()
            if method
        ],
        reasons=[f"{text.sentence(note)}." for note in whole["note"].unique() if note],
    )
    if not len(doses):
        frame = table.frame.drop(columns="block", errors="ignore")
        table = replace(table, frame=frame, group="")
    return table if len(whole) else replace(table, notes=())


def _what(row) -> str:
    if row["outcome"] == "dose_mg":
        return names.level(names.term(row["level"]))
    return WORDS[f"tables.exposure.words.{row['statistic']}"]


def stop_reasons(rows: pd.DataFrame, study, *, limit: int = 60) -> Table:
    """Show why patients stopped treatment, and in how many no stop was recorded.

    From rows ``exposure`` of outcome ``stop_reason``; a note counts the lines beyond `limit`.
    """
    rows = results.pick(rows, analysis="exposure", outcome="stop_reason", statistic="count")
    rows = rows.dropna(subset=["estimate"])
    left, words = len(rows) - limit, "tables.stop_reasons.words"
    table = WORDS.table(
        "stop_reasons",
        rows.head(limit),
        study,
        cells=lambda line: {"what": names.level(names.term(line["level"].iloc[0]))},
        treated=WORDS.write(f"{words}.treated", study, rows.iloc[0]) if len(rows) else "",
        left=WORDS.write(f"{words}.left", study, n=left) if left > 0 else "",
    )
    return table if len(rows) else replace(table, notes=())


def time_to_event(rows: pd.DataFrame, study) -> Table:
    """Show the cumulative incidence of a first adverse event by week, of all and of each group.

    From rows ``time_to_event``.
    """
    rows = results.pick(rows, analysis="time_to_event", outcome="any")
    rows = rows[rows["week"].notna()]
    by_week = results.pick(rows, statistic="cumulative_incidence")
    places = by_week[["group", "week"]].drop_duplicates()
    rows = places.merge(rows, on=["group", "week"])[rows.columns]
    groups = ["all", *names.groups(by_week, study)]
    whole = results.pick(by_week, group="all")
    n = whole["n"].dropna()
    codes = zip(whole["week"], whole["code"], strict=True)
    weeks = [str(week) for week, code in codes if "crude" in code.split()]
    empty = by_week.loc[by_week["estimate"].isna() & (by_week["note"] != ""), "note"].unique()
    words = "tables.time_to_event.words"
    table = WORDS.table(
        "time_to_event",
        pd.concat([results.pick(rows, group=group) for group in groups]),
        study,
        cells=lambda line: _group(line, study),
        nothing=WORDS["notes.nothing"],
        known=WORDS.write(f"{words}.known", study, n=text.count(n.max())) if len(n) else "",
        crude=_crude(weeks, study) if weeks else "",
        reasons=[WORDS.write("notes.reason", study, reason=reason) for reason in empty],
    )
    return table if len(by_week) else replace(table, notes=())


def _group(line: pd.DataFrame, study) -> dict[str, str]:
    part = text.sentence(names.group(study, line["group"].iloc[0]))
    known = results.usable(results.first(line, statistic="cumulative_incidence"))
    return {"part": part} | ({} if known else {"blank": "–"})


def _crude(weeks: list[str], study) -> str:
    listed = text.listed(weeks)
    return WORDS.write("tables.time_to_event.words.crude", study, n=len(weeks), weeks=listed)
