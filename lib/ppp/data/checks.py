"""Checks of whole rows: totals against parts, ends against starts."""

import numpy as np
import pandas as pd

from ppp.data import scores
from ppp.data.rows import Rows
from ppp.data.values import DATES, DAY, reading, span, tidy
from ppp.study import Study

TOLERANCE = 0.05 + 1e-9
TOLD = ("grade", "serious", "related", "action", "outcome")
NO_EVENT = ("no", "none", "not applicable", "unknown")


def check_today(rows: Rows, today: pd.Timestamp, study: Study) -> Rows:
    """Query dates after `today`, the day of cleaning; of a partial date, its first day."""
    for name in rows.layout.headings:
        if reading(study, rows.layout.table, name).kind in DATES:
            late = bounds(rows, name, study)[0] > today
            rows = rows.query(name, late, "in_future")
    return rows


def check_patients(rows: Rows) -> Rows:
    """Query a stop or a last visit before the start; give the age where only a birth date is."""
    for end in ("stop_date", "last_visit_date"):
        if rows.has("start_date", end):
            early = rows.values[end] < rows.values["start_date"]
            rows = rows.query(end, early, "end_before_start")
    if rows.has("age_years") or not rows.has("birth_date", "start_date"):
        return rows
    age = completed_years(rows.values["birth_date"], rows.values["start_date"])
    wrong = (age < 0) | (age > 120)
    return rows.query("birth_date", wrong, "out_of_range").derive(age_years=age.mask(wrong))


def blanks(rows: Rows, study: Study) -> Rows:
    """Read a blank as none in the lists of which ``study.toml`` says so (blank_means_none)."""
    for name in filter(rows.has, study.source.blank_means_none):
        raw = rows.raw.get(name, pd.Series(np.nan, index=rows.raw.index, dtype=object))
        blank = raw.isna() | (raw.map(tidy) == "")
        rows = rows.derive(**{name: rows.values[name].mask(blank, "")})
        if (blank & rows.kept).any():
            said = _counted((blank & rows.kept).sum(), "blank")
            rows = rows.notice(name, "blank_as_none", said, 0)
    return rows


def warn_of_listing(events: Rows, patients: Rows) -> Rows:
    """Warn where a listing of events is the patients' table, so that each patient has one."""
    having = set(events.values.loc[events.kept, "patient_id"])
    everyone = set(patients.values.loc[patients.kept, "patient_id"])
    if having != everyone:
        return events
    said = _counted(len(everyone), "patient")
    return events.notice("", "events_are_the_patients", said, 0)


def warn_of_codes(rows: Rows) -> Rows:
    """Warn of columns of codes none of which is understood."""
    for name in rows.layout.headings:
        bad = rows.kept & (rows.rules[name] == "not_a_choice")
        if bad.any() and rows.values.loc[rows.kept, name].isna().all():
            codes = ", ".join(sorted(set(rows.raw.loc[bad, name].map(tidy)))[:5])
            said = f"{_counted(bad.sum(), 'cell')}: {codes}"
            rows = rows.notice(name, "codes_unknown", said, bad.sum())
    return rows


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def completed_years(birth: pd.Series, day: pd.Series) -> pd.Series:
    """Age in completed years on a day; NaN where either date is missing.

    >>> birth = pd.Series(pd.to_datetime(["1990-07-02"]))
    >>> completed_years(birth, pd.Series(pd.to_datetime(["2022-07-01"]))).item()
    31.0
    """
    early = (day.dt.month * 100 + day.dt.day) < (birth.dt.month * 100 + birth.dt.day)
    years = (day.dt.year - birth.dt.year - early).astype(float)
    return years.where(birth.notna() & day.notna())


def check_events(rows: Rows, starts: pd.Series, study: Study) -> Rows:
    """Query events that end before they begin; warn of those before treatment.

    Where only the month or the year is known, both checks ask whether any day of it would do.
    Derives `start_earliest` and `start_latest` (and the same of the end) where the date is there.
    `starts` is the start of treatment, by patient id.
    """
    for name in ("start", "end"):
        if rows.has(f"{name}_date"):
            earliest, latest = bounds(rows, f"{name}_date", study)
            rows = rows.derive(**{f"{name}_earliest": earliest, f"{name}_latest": latest})
    if rows.has("start_date", "end_date"):
        early = rows.values["end_latest"] < rows.values["start_earliest"]
        rows = rows.query("end_date", early, "end_before_start")
    if rows.has("start_date"):
        treated = starts.reindex(rows.values["patient_id"]).to_numpy()
        rows = rows.note("start_date", rows.values["start_latest"] < treated, "before_start")
    return rows


def no_event(rows: Rows, *, shared: bool) -> pd.Series:
    """Tell which rows name no event: a word for none, or (in the patients' sheet) a blank.

    A row that says anything of an event besides dates is none of them.
    """
    empty = rows.rules["term"] == "word_for_none"
    blank = rows.values["term"].isna() & (rows.rules["term"] == "")
    told = rows.values[[name for name in TOLD if rows.has(name)]]
    return (empty | (blank & shared)) & (told.isna() | told.isin(NO_EVENT)).all(axis=1)


def check_limits(rows: Rows) -> Rows:
    """Query both limits of normal where the lower is above the upper."""
    if not rows.has("lln", "uln"):
        return rows
    turned = rows.values["lln"] > rows.values["uln"]
    return rows.query("lln", turned, "limits_reversed").query("uln", turned, "limits_reversed")


def bounds(rows: Rows, name: str, study: Study) -> tuple[pd.Series, pd.Series]:
    """Return the first and last day that a date may stand for; missing where nothing is known."""
    exact, codes = rows.values[name], reading(study, rows.layout.table, name).codes
    written = rows.raw.loc[rows.rules[name] == "date_partial", name].map(tidy)
    days = {text: span(tidy(codes.get(text, text))) for text in written.unique()}
    return tuple(
        exact.fillna(written.map({text: ends[end] for text, ends in days.items()}).astype(DAY))
        for end in (0, 1)
    )


def check_visits(rows: Rows) -> Rows:
    """Hold PPPASI and DLQI totals against their parts, and derive those that were not recorded."""
    if rows.has(*scores.PPPASI_COMPONENTS):
        rows = _pppasi(rows)
    if rows.has(*scores.DLQI_ITEMS):
        rows = _dlqi(rows)
    return rows


def _pppasi(rows: Rows) -> Rows:
    components = rows.values[list(scores.PPPASI_COMPONENTS)]
    parts = scores.pppasi(components)
    total = _recorded(rows, "pppasi")
    differs = (total - parts).abs() > TOLERANCE
    if differs.any():
        rows = rows.query("pppasi", differs, "pppasi_total_differs")
    rows = rows.derive(pppasi=total.fillna(parts).mask(differs))
    some = components.notna().any(axis=1)
    rows = rows.note("", some & total.isna() & parts.isna(), "pppasi_incomplete")
    for region, wrong in scores.inconsistent_area(rows.values).items():
        rows = rows.note(f"{region}_area", wrong, "area_and_signs_differ")
    return rows


def _dlqi(rows: Rows) -> Rows:
    parts, n_missing = scores.dlqi(rows.values)
    total = _recorded(rows, "dlqi")
    rows = rows.note("dlqi", (n_missing == 0) & ((total - parts).abs() > 0), "dlqi_total_differs")
    alone = total.isna() & (n_missing < len(scores.DLQI_ITEMS))
    rows = rows.note("", alone & (n_missing == 1), "dlqi_item_missing")
    rows = rows.note("", alone & (n_missing > 1), "dlqi_incomplete")
    return rows.derive(dlqi=total.fillna(parts))


def _recorded(rows: Rows, name: str) -> pd.Series:
    nothing = pd.Series(np.nan, index=rows.raw.index)
    return rows.values[name].astype(float) if rows.has(name) else nothing
