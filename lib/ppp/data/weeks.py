"""When a row was: its week as recorded, else by its date, held against the start of treatment."""

import numpy as np
import pandas as pd

from ppp.data.rows import Rows
from ppp.errors import SourceError
from ppp.study import Schedule, Study

FEW = 0.2


def scheduled(study: Study, visits: Rows | None) -> Study:
    """Take the weeks from the visits' data where ``study.toml`` gives neither weeks nor labels.

    Those of at least a fifth of the patients who were seen count, baseline and primary always.
    Raises SourceError where nobody was seen at the baseline or the primary week.
    """
    if study.has_own_weeks:
        return study
    asked = study.schedule.baseline, study.schedule.primary
    common = _common(visits, asked) or set(Schedule().weeks)
    if study.endpoints.primary == "none":
        common |= set(asked)
    for key, week in zip(("baseline", "primary"), asked, strict=True):
        if week not in common:
            listed = ", ".join(map(str, sorted(common)))
            where = visits.layout.raw.where if visits else study.source.path.name
            remedy = f"set [schedule] {key} to one of them, or list [schedule] weeks"
            if key == "primary" and "week" in study.changed:
                remedy = "give one of them after baseline as week"
            raise SourceError(
                f"{where}: no visit is at week {week}, the {key} week; the weeks "
                f"are {listed}. To help: {remedy}"
            )
    return study.with_weeks(sorted(common))


def _common(visits: Rows | None, asked: tuple) -> set[int]:
    if visits is None or not visits.has("week"):
        return set()
    seen = visits.values.loc[visits.kept, ["patient_id", "week"]].dropna().drop_duplicates()
    shares = seen["week"].value_counts() / seen["patient_id"].nunique()
    return {int(week) for week, share in shares.items() if share >= FEW or week in asked}


def at_baseline(rows: Rows, schedule: Schedule) -> pd.Series:
    """Say by row number which are at baseline; without weeks, at the patient's first date."""
    if rows.has("week"):
        first = rows.values["week"] == schedule.baseline
    elif rows.has("date"):
        first = rows.values.groupby("patient_id")["date"].transform("min") == rows.values["date"]
    else:
        first = pd.Series(False, index=rows.raw.index)
    return first.groupby(rows.row).any()


def check_days(rows: Rows, starts: pd.Series, schedule: Schedule) -> Rows:
    """Query dates before the start in a week after baseline, or far from the week beside them."""
    if not rows.has("week", "date"):
        return rows
    week, day = rows.values["week"], days(rows, starts)
    early = (day < 0) & (week > schedule.baseline)
    apart = (day - 7 * week).abs() > schedule.window_days
    rows = rows.query("date", early, "visit_before_start")
    return rows.query("date", apart & ~early, "week_and_date_differ")


def days(rows: Rows, starts: pd.Series) -> pd.Series:
    """Count the days from the start of treatment (by patient id) to each date, NaN without both."""
    if not rows.has("date"):
        return pd.Series(np.nan, index=rows.raw.index)
    start = starts.reindex(rows.values["patient_id"]).to_numpy()
    return (rows.values["date"] - start).dt.days.astype(float)


def place_times(rows: Rows, starts: pd.Series) -> Rows:
    """Quarantine rows with neither a week nor a date that counts from the start of treatment.

    Where a date was there and could not be read, its rule says why.
    """
    week = rows.values["week"] if rows.has("week") else pd.Series(np.nan, index=rows.raw.index)
    lost = week.isna() & days(rows, starts).isna()
    unread = lost & (rows.raw["week"].isna() if "week" in rows.raw else True)
    for rule in set(rows.rules.loc[unread].get("date", ())) - {""}:
        rows = rows.quarantine(unread & (rows.rules["date"] == rule), rule)
    return rows.quarantine(lost, "no_week").derive(week=week)


def place_weeks(rows: Rows, starts: pd.Series, schedule: Schedule) -> Rows:
    """Give each visit its week: the recorded one, else that of the scheduled visit its date is.

    The last visit up to the first dose is the baseline; at any other week the nearest counts, of
    two as near the later. Others in a window, and those in none, are set aside.
    """
    rows = place_times(rows, starts)
    recorded, day = rows.values["week"], days(rows, starts)
    dated = rows.kept & recorded.isna()
    away = pd.DataFrame({week: (day.where(dated) - 7 * week).abs() for week in schedule.weeks})
    away = away.where(away <= schedule.window_days)
    patients = rows.values["patient_id"]
    taken = set(zip(patients[rows.kept], recorded[rows.kept], strict=True))
    week = recorded.fillna(_chosen(patients, day, _on_their_side(away, day, schedule), taken))
    left = dated & week.isna()
    rows = rows.quarantine(left & away.notna().any(axis=1), "further_visit")
    rows = rows.quarantine(left, "outside_window").derive(week=week)
    return rows.note("week", week.notna() & ~week.isin(schedule.weeks), "week_not_scheduled")


def _on_their_side(away: pd.DataFrame, day: pd.Series, schedule: Schedule) -> pd.DataFrame:
    """Leave out weeks up to baseline for visits after the first dose, and the other way round."""
    before = day <= max(0, 7 * schedule.baseline)
    sides = {week: before if week <= schedule.baseline else ~before for week in away}
    return away.where(pd.DataFrame(sides))


def _chosen(patients: pd.Series, day: pd.Series, away: pd.DataFrame, taken: set) -> pd.Series:
    """Name the week of each visit that is the nearest to it of its patient's, by row."""
    near = away.dropna(how="all")
    found = pd.DataFrame({"patient": patients, "week": near.idxmin(axis=1).astype(float)}).dropna()
    found = found.assign(day=day, away=near.min(axis=1))
    pairs = pd.MultiIndex.from_frame(found[["patient", "week"]])
    order = {"by": ["away", "day"], "ascending": [True, False], "kind": "stable"}
    found = found[~pairs.isin(taken)].sort_values(**order)
    best = found.groupby(["patient", "week"])["day"].transform("first")
    return found.loc[found["day"] == best, "week"].reindex(day.index)
