"""Which rows can be placed: a known patient, a week, and no other row that says otherwise."""

from dataclasses import replace

import numpy as np
import pandas as pd

from ppp.catalogue.dictionary import fold, plain
from ppp.data.rows import Rows, signature
from ppp.study import Schedule

TOTALS = set(
    "total|totals|grand total|subtotal|sum|sums|mean|means|average|averages|avg|median|sd|std|"
    "mean sd|mean ± sd|min|max|range|summe|gesamt|gesamtsumme|insgesamt|mittelwert|mittel|"
    "durchschnitt|合计|总计|总和|小计|共计|总数|平均|平均值|平均数|均值|均数|中位数|标准差|合計|總計|"
    "平均値".split("|")
)


def place_ids(rows: Rows) -> Rows:
    """Quarantine totals, headings that come again, and rows without a patient id."""
    ids = rows.values["patient_id"]
    rows = rows.quarantine(_totals(rows), "totals_row")
    heading = {plain(name) for name in rows.layout.headings.get("patient_id", ())[:1]}
    rows = rows.quarantine(_matches(ids, heading, plain), "repeated_headings")
    return rows.quarantine(ids.isna(), "no_patient_id")


def _totals(rows: Rows) -> pd.Series:
    if "patient_id" in rows.layout.headings:
        return _matches(rows.values["patient_id"], TOTALS, _total_word)
    cells = [_matches(rows.raw[name], TOTALS, _total_word) for name in rows.layout.headings]
    return pd.concat(cells, axis=1).any(axis=1)


def _total_word(text) -> str:
    words = fold(text).rstrip(":. ")
    return words if words.isascii() else words.replace(" ", "")


def _matches(column: pd.Series, words: set, write) -> pd.Series:
    texts = [cell for cell in column.dropna().unique() if isinstance(cell, str)]
    return column.isin([cell for cell in texts if write(cell) in words])


def place_patients(rows: Rows, patients: Rows) -> Rows:
    """Quarantine rows whose patient is not among the patients that are kept."""
    known = patients.values.loc[patients.kept, "patient_id"]
    if rows.layout.raw is patients.layout.raw:
        totals = np.isin(rows.row, patients.row[patients.fate == "totals_row"])
        rows = rows.quarantine(pd.Series(totals, index=rows.raw.index), "totals_row")
    return rows.quarantine(~rows.values["patient_id"].isin(known), "unknown_patient")


def place_weeks(rows: Rows, starts: pd.Series, schedule: Schedule) -> Rows:
    """Give each row its week: the recorded one, else that of the nearest scheduled visit.

    `starts` is the start of treatment, by patient id; without it a date gives no week.
    """
    nothing = pd.Series(np.nan, index=rows.raw.index)
    week = rows.values["week"] if rows.has("week") else nothing
    day = nothing
    if rows.has("date"):
        start = starts.reindex(rows.values["patient_id"])
        day = (rows.values["date"] - start.to_numpy()).dt.days.where(week.isna())
    nearest = _nearest(day, schedule)
    lost = week.isna() & nearest.isna()
    rows = rows.quarantine(lost & day.notna(), "outside_window").quarantine(lost, "no_week")
    week = week.fillna(nearest)
    rows = rows.derive(week=week)
    return rows.note("week", week.notna() & ~week.isin(schedule.weeks), "week_not_scheduled")


def _nearest(day: pd.Series, schedule: Schedule) -> pd.Series:
    weeks = np.array(schedule.weeks, dtype=float)
    away = np.abs(day.to_numpy(dtype=float)[:, None] - 7 * weeks[None, :])
    closest = np.where(np.isnan(away), np.inf, away)
    week = pd.Series(weeks[closest.argmin(axis=1)], index=day.index)
    return week.where(closest.min(axis=1) <= schedule.window_days)


def place_once(rows: Rows, key: list[str]) -> Rows:
    """Keep the first of exact copies; where rows of one `key` contradict each other, keep none."""
    live = rows.values.loc[rows.kept, key]
    again = live[live.duplicated(keep=False)]
    fate, copy_of = rows.fate.copy(), rows.copy_of.copy()
    said = dict(zip(again.index, signature(rows, list(again.index)), strict=True))
    for _, group in again.groupby(key, sort=False):
        at = list(group.index)
        exact = len({said[one] for one in at}) == 1
        fate[at[1:] if exact else at] = "duplicate_exact" if exact else "duplicate_contradictory"
        for one in at:
            others = at[:1] if exact else [other for other in at if other != one]
            if fate[one]:
                copy_of[one] = ";".join(str(rows.row[other]) for other in others)
    return replace(rows, fate=fate, copy_of=copy_of)


def merge_repeats(rows: Rows) -> Rows:
    """Drop rows that only repeat a patient in a long sheet that holds patients and visits.

    A row without any patient field besides the id, or with the same as an earlier row, is a visit
    and no second patient.
    """
    said = pd.Series(signature(rows, list(range(len(rows.raw)))), index=rows.raw.index)
    bare = rows.values.drop(columns="patient_id").isna().all(axis=1)
    first = ~rows.values["patient_id"].duplicated()
    known = rows.values["patient_id"].isin(rows.values.loc[~bare, "patient_id"])
    keep = (~rows.kept | ((~bare | (first & ~known)) & ~said.duplicated())).to_numpy()
    frames = ("raw", "values", "rules", "fate", "copy_of")
    fewer = {name: getattr(rows, name)[keep].reset_index(drop=True) for name in frames}
    return replace(rows, row=rows.row[keep], block=rows.block[keep], **fewer)


def warn_of_repeats(rows: Rows) -> Rows:
    """Warn of entries that repeat an earlier one exactly; events and labs are never dropped."""
    again = rows.values.loc[rows.kept].duplicated()
    again = again.reindex(rows.raw.index, fill_value=False)
    return rows.note("", again, "exact_repeat")
