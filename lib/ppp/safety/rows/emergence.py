"""Which adverse events belong to treatment, and on which day each is taken to have begun."""

import numpy as np
import pandas as pd

from ppp.catalogue.recorded import dates
from ppp.safety.rows.exposure import treatment

DAYS_OF_A_MONTH = 31


def placed(
    adverse_events: pd.DataFrame | None, patients: pd.DataFrame, visits: pd.DataFrame | None, study
) -> pd.DataFrame | None:
    """Place each adverse event before, on or after treatment.

    The window reaches from the first dose plus ``safety.days_after_first_dose`` (0) to the end of
    treatment (see `exposure.treatment`) plus ``safety.days_after_last_dose``, both ends included.
    An event lies outside only if every day on which it can have begun does. An event is a row:
    repeated episodes stay separate.

    Parameters
    ----------
    adverse_events : DataFrame or None
        One row an event; `start_earliest` and `start_latest` enclose a start that is known to the
        month or the year only, and are taken to be `start_date` where they are not given.
    patients, visits : DataFrame
        Canonical frames of the cohort; `visits` may be None. Events of nobody in `patients` are
        left out.
    study : Study

    Returns
    -------
    DataFrame or None
        The events with three columns more; None where they were not recorded.

        - ``window``: ``before``, ``on`` or ``after``; ``on`` where no date, or no first dose, is
          known.
        - ``onset``: days from the first dose to the earliest day on which the event can have
          begun; within the window never below its first day, and that day where it is unknown.
        - ``certain``: whether the start is known to the ``day``, the ``month`` or the ``year``;
          ``none`` where no date, or no first dose, is known.
    """
    if adverse_events is None:
        return None
    time = treatment(patients, visits, study)
    events = adverse_events[adverse_events["study_id"].isin(time.index)]
    own = time.reindex(events["study_id"]).set_axis(events.index)
    first, last = (_since(bound, own["start"]) for bound in _bounds(events))
    late = first > own["days"] + study.safety.days_after_last_dose
    begin = float(study.safety.days_after_first_dose)
    window = np.select([last < begin, late], ["before", "after"], "on")
    onset = first.where(window != "on", first.clip(lower=begin).fillna(begin))
    return events.assign(onset=onset, window=window, certain=_certain(first, last))


def _bounds(events: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    exact = dates(events, "start_date")
    earliest, latest = (dates(events, x).fillna(exact) for x in ("start_earliest", "start_latest"))
    return earliest, latest


def _since(day: pd.Series, start: pd.Series) -> pd.Series:
    return (day - start).dt.days.astype(float)


def _certain(first: pd.Series, last: pd.Series) -> np.ndarray:
    span = last - first
    known = [span == 0, span < DAYS_OF_A_MONTH, span.notna()]
    return np.select(known, ["day", "month", "year"], "none")
