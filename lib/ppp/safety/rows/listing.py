"""Adverse events patient by patient, and events held against the laboratory values."""

import pandas as pd

from ppp import results
from ppp.catalogue.lab_tests import known
from ppp.safety.rows import special_interest
from ppp.safety.rows.treatment import placed

FIELDS = ("term", "grade", "related", "action", "outcome")
NOTHING_DONE = ("none", "not applicable")


def listing(
    adverse_events: pd.DataFrame | None, patients: pd.DataFrame, visits: pd.DataFrame | None, study
) -> pd.DataFrame | None:
    """List the events on treatment by patient and day, without dates.

    ``study_id``, ``term``, ``day`` since the first dose (the earliest possible; missing without a
    date), ``sure`` (it is known), ``grade``, ``worst`` of the patient, ``related``, ``action``,
    ``ended`` (the outcome), ``n`` events of the patient, and ``interest`` where cleaning
    told it. None where events were not recorded.
    """
    events = placed(adverse_events, patients, visits, study)
    if events is None:
        return None
    events = events[events["window"] == "on"]
    blank = pd.Series(pd.NA, index=events.index)
    told = ["interest"] if "interest" in events else []
    made = events[["study_id", *told]]
    made = made.assign(**{name: events.get(name, blank) for name in FIELDS})
    made = made.rename(columns={"outcome": "ended"})
    made["action"] = made["action"].replace(dict.fromkeys(NOTHING_DONE, "none"))
    made["grade"] = made["grade"].astype("Int64")
    day, sure = events["onset"].mask(events["certain"] == "none"), events["certain"] == "day"
    of = made.groupby("study_id")
    made = made.assign(day=day, sure=sure, worst=of["grade"].transform("max"))
    made = made.assign(n=of["study_id"].transform("size"))
    return made.sort_values(["study_id", "day", "term"], kind="stable", ignore_index=True)


def lab_event(events: pd.DataFrame | None, worse: dict[str, pd.Series]) -> pd.DataFrame:
    """Patients whose laboratory values became worse, against those with such an event.

    `events` is what `listing` gives, `worse` what `ppp.laboratory.rows.worsened` does. Outcome = a
    category of special interest (`ppp.catalogue.lab_tests`), of the n patients with a grade of one
    of its tests at baseline and afterwards: ``worse`` (a test has a higher CTCAE grade),
    ``reported`` (an event of the category), ``both``; and one row a patient, whose study id is the
    `level`, for each who was ``worse_only`` or ``reported_only``. No rows where either source was
    not recorded.
    """
    if events is None:
        return results.frame([])
    found = special_interest.named(events)
    made = []
    categories: dict[str, list] = {}
    for test in known().values():
        if test.event and test.name in worse:
            categories.setdefault(test.event, []).append(worse[test.name])
    for category, values in categories.items():
        by_values = pd.concat(values).groupby(level=0).any()
        named = found.loc[found["category"] == category, "event"]
        reported = by_values.index.isin(events.loc[named, "study_id"])
        made += _compared(category, by_values, pd.Series(reported, by_values.index))
    return results.frame(made)


def _compared(category: str, worse: pd.Series, reported: pd.Series) -> list[dict]:
    counts = {"worse": worse, "reported": reported, "both": worse & reported}
    made = [_row(category, name, met.sum(), len(worse)) for name, met in counts.items()]
    apart = {"worse_only": worse & ~reported, "reported_only": reported & ~worse}
    return made + [
        _row(category, name, 1, len(worse), level=who)
        for name, met in apart.items()
        for who in sorted(met.index[met])
    ]


def _row(category: str, statistic: str, k: int, n: int, **where) -> dict:
    return results.row("lab_event", category, statistic, float(k), n=n, events=int(k), **where)
