"""Laboratory values as figures draw them: in weeks since baseline, finite numbers only."""

import numpy as np
import pandas as pd

NUMBERS = ("value", "lln", "uln")


def in_weeks(labs: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Place laboratory values in weeks since baseline.

    Parameters
    ----------
    labs : DataFrame or None
        ``study_id``, ``test``, ``value``; ``unit``, ``lln``, ``uln``, ``week`` and ``date`` as far
        as they were recorded. None: not recorded.
    patients : DataFrame
        ``start_date`` places values that have a date and no week.
    study : Study

    Returns
    -------
    DataFrame
        ``study_id``, ``test``, ``unit`` (empty where unknown), ``value``, ``lln``, ``uln``,
        ``week``; values without a number or without a time are left out. Empty where nothing was
        recorded.
    """
    columns = ["study_id", "test", "unit", *NUMBERS, "week"]
    if labs is None or not {"study_id", "test", "value"} <= set(labs.columns):
        return pd.DataFrame(columns=columns)
    numbers = {name: _number(labs, name) for name in NUMBERS}
    weeks = _number(labs, "week") - study.schedule.baseline
    unit = labs["unit"].astype("str") if "unit" in labs else pd.Series("", index=labs.index)
    table = labs[["study_id", "test"]].assign(
        **numbers, unit=unit.fillna(""), week=weeks.fillna(_dated(labs, patients))
    )
    known = table[["study_id", "test", "value", "week"]].notna().all(axis=1)
    return table.loc[known, columns].reset_index(drop=True)


def _number(labs: pd.DataFrame, name: str) -> pd.Series:
    blank = pd.Series(np.nan, index=labs.index)
    return labs.get(name, blank).astype(float).replace([np.inf, -np.inf], np.nan)


def _dated(labs: pd.DataFrame, patients: pd.DataFrame) -> pd.Series:
    if "date" not in labs or "start_date" not in patients:
        return pd.Series(np.nan, index=labs.index)
    start = patients.drop_duplicates("study_id").set_index("study_id")["start_date"]
    began = pd.to_datetime(start).reindex(labs["study_id"]).set_axis(labs.index)
    return (pd.to_datetime(labs["date"]) - began).dt.days / 7
