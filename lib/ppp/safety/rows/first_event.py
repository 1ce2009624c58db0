"""Time from the first dose to a patient's first adverse event, in all and by the two groups."""

from math import nan

import pandas as pd

from ppp import levels, results
from ppp.cohort import after_baseline, contrast, groups, members
from ppp.estimators import survival
from ppp.estimators.estimate import Estimate
from ppp.safety.rows.treatment import placed, treatment

DAYS_A_WEEK = 7


def time_to_event(
    adverse_events: pd.DataFrame | None, patients: pd.DataFrame, visits: pd.DataFrame | None, study
) -> pd.DataFrame:
    """Cumulative incidence of a first adverse event on treatment, 1 − Kaplan–Meier.

    A patient's time ends at the first event, or with treatment; an event after that end does not
    count. A patient whose time on treatment is unknown is left out.

    Returns
    -------
    DataFrame
        Outcome ``any``, for ``all`` and for each of the study's two groups:

        - ``cumulative_incidence`` at each scheduled week after baseline: log–log interval; with
          no event so far the exact bound of those at risk on that day; 1, without limits, once
          everybody still at risk had an event; else empty beyond the longest time; code
          ``crude`` where it is the plain share, since nobody left before without an event;
        - ``at_risk`` at each scheduled week from baseline on: patients with that time or longer;
        - ``curve``: `level` = day from the first dose, one a distinct day with an event; n at
          risk just before, events so far;
        - ``log_rank`` of the two groups (group a contrast, ``sapho=yes-no``), as description.

    References
    ----------
    Kaplan & Meier 1958, doi:10.1080/01621459.1958.10501452; Kalbfleisch & Prentice 2002,
    doi:10.1002/9781118032985; Mantel 1966.
    """
    if adverse_events is None:
        missing = _row("cumulative_incidence", nan, note="not recorded", code="not_recorded")
        return results.frame([missing])
    times = first_events(adverse_events, patients, visits, study)
    compared = groups(patients, study)
    compared = compared if len(compared) == 2 else ()
    rows = []
    for group in ("all", *compared):
        own = times.reindex(members(patients, group)["study_id"])
        rows += _group_rows(own, group, study)
    if compared:
        rows.append(_log_rank_row(times, patients, compared))
    return results.frame(rows)


def first_events(
    adverse_events: pd.DataFrame, patients: pd.DataFrame, visits: pd.DataFrame | None, study
) -> pd.DataFrame:
    """Give each patient's ``days`` to the first event on treatment, or to the end of treatment.

    ``event`` is True where they end with one; ``days`` are NaN where the time is unknown.
    """
    whole = treatment(patients, visits, study)["days"]
    events = placed(adverse_events, patients, visits, study)
    emergent = events[events["window"] == "on"]
    first = emergent.groupby("study_id")["onset"].min().reindex(whole.index)
    happened = first <= whole
    return pd.DataFrame({"days": whole.where(~happened, first), "event": happened})


def _row(statistic: str, value, **where) -> dict:
    return results.row("time_to_event", "any", statistic, value, **where)


def _group_rows(times: pd.DataFrame, group: str, study) -> list[dict]:
    baseline, later = study.schedule.baseline, after_baseline(study)
    days, event = times["days"], times["event"]
    unknown = int(days.isna().sum())
    note = f"time on treatment unknown in {unknown}" if unknown else ""
    curve = survival.kaplan_meier(days, event)
    rows = []
    for week in later:
        by_then = survival.at(curve, days, event, DAYS_A_WEEK * (week - baseline))
        rows.append(_row("cumulative_incidence", by_then, group=group, week=week))
        rows[-1]["note"] = "; ".join(filter(None, [by_then.note, note]))
        rows[-1]["code"] = " ".join(filter(None, [rows[-1]["code"], "crude" * _crude(by_then)]))
    weeks = [baseline, *later]
    left = survival.at_risk(days, [DAYS_A_WEEK * (week - baseline) for week in weeks])
    rows += [
        _row("at_risk", float(k), group=group, week=week, n=int(days.count()))
        for week, k in zip(weeks, left, strict=True)
    ]
    return rows + [
        _row("curve", _point(point), group=group, level=levels.amount(point.day))
        for point in curve.itertuples()
    ]


def _crude(by_then: Estimate) -> bool:
    return bool(by_then.events) and abs(by_then.estimate - by_then.events / by_then.n) < 1e-9


def _point(point) -> Estimate:
    open_ended = pd.isna(point.ci_low)
    return Estimate(
        point.incidence,
        point.ci_low,
        point.ci_high,
        nan if open_ended else 0.95,
        int(point.at_risk),
        int(point.events),
        method=survival.METHOD,
        note=survival.NO_LIMITS if open_ended else "",
    )


def _log_rank_row(times: pd.DataFrame, patients: pd.DataFrame, compared) -> dict:
    sides = [times.reindex(members(patients, group)["study_id"]) for group in compared]
    both = pd.concat(sides)
    side = [place for place, own in enumerate(sides) for _ in range(len(own))]
    found = survival.log_rank(both["days"], both["event"], side)
    return _row("log_rank", found, group=contrast(compared))
