"""Mean change of laboratory values from baseline, by scheduled week and to the last value."""

import pandas as pd

from ppp import results
from ppp.estimators import paired
from ppp.laboratory.rows.values import at_weeks, values
from ppp.laboratory.rows.values import ordered as tests_in_order


def lab_change(labs: pd.DataFrame | None, patients: pd.DataFrame, study) -> pd.DataFrame:
    """Mean change of each test from baseline, the last value up to the first dose.

    Outcome = test, level = unit, n patients with both values, t interval and paired t-test:
    ``mean_change`` by scheduled week (the value nearest to it within the window) and
    ``mean_change_last``, to each patient's last value after baseline; ``mean_baseline`` and
    ``sd_baseline`` of those with a last value. Tests as in `lab_shift`.
    """
    if labs is None:
        return results.frame([])
    placed = values(labs, patients, study)
    made = []
    for test in tests_in_order(placed["test"]):
        for unit, found in placed[placed["test"] == test].groupby("unit"):
            made += _change_rows(test, unit, found, study)
    return results.frame(made)


def _change_rows(test: str, unit: str, found: pd.DataFrame, study) -> list[dict]:
    by_day = found.sort_values(["days", "value"], kind="stable")
    before = by_day[by_day["days"] <= 0].groupby("study_id")["value"].last()
    later = by_day[by_day["days"] > 0]
    last = later.groupby("study_id")["value"].last()
    both = before.index.intersection(last.index)
    if both.empty:
        return []

    def row(statistic: str, value, **where) -> dict:
        return results.row("lab_change", test, statistic, value, level=unit, **where)

    made = [
        row("mean_baseline", before[both].mean(), n=len(both)),
        row("sd_baseline", before[both].std(), n=len(both)),
        row("mean_change_last", paired.mean_change(before[both], last[both])),
    ]
    for week, x in at_weeks(later, study).groupby("slot"):
        if week <= study.schedule.baseline:
            continue
        at = x.set_index("study_id")["value"]
        same = before.index.intersection(at.index)
        made.append(row("mean_change", paired.mean_change(before[same], at[same]), week=int(week)))
    return made
