"""What the corrections changed: each key figure without and with them."""

from functools import partial

import pandas as pd

from ppp import results
from ppp.catalogue.outcomes import leading_targets
from ppp.cohort import by_week
from ppp.efficacy.rows.change import responder
from ppp.estimators.paired import mean_change
from ppp.safety.rows.adverse_events import adverse_event


def corrected(data) -> pd.DataFrame | None:
    """Give the corrections that a cleaned cohort had; None where it had none."""
    return None if data.corrections.empty else data.corrections


def effect(before, after, study) -> pd.DataFrame:
    """Give the key results of a cohort cleaned without its corrections, and with them.

    Results rows ``correction``, level ``before`` and ``after``: patients; the mean change of the
    primary endpoint (paired t) and its leading responses at the primary week; patients with an
    adverse event. Each is made as on its own page.

    Parameters
    ----------
    before, after : Cohort
        `before` is None where the source cannot be read without its corrections; then it has no
        rows. No rows at all where nothing was corrected.
    """
    if corrected(after) is None:
        return results.frame([])
    both = [("before", before), ("after", after)]
    return results.frame(row for level, data in both if data for row in _key(data, level, study))


def _key(data, level: str, study):
    study = study.with_weeks(data.weeks)
    here = partial(results.row, "correction", level=level)
    yield here("patients", "count", len(data.patients), n=len(data.patients))
    primary, week = study.endpoints.primary, study.schedule.primary
    if data.visits is not None and primary in data.visits:
        scores = by_week(data.visits, data.patients, primary, study)
        pair = (scores[study.schedule.baseline].to_numpy(), scores[week].to_numpy())
        yield here(primary, "mean_change", mean_change(*pair), week=week, missing="observed")
    made = [
        results.pick(
            responder(data.visits, data.patients, study),
            outcome=leading_targets(study),
            week=week,
            statistic="clopper_pearson",
            missing="nri",
        ),
        results.pick(
            adverse_event(
                data.adverse_events, data.patients, data.visits, study, ascertained=data.ascertained
            ),
            outcome="any",
            statistic="patients",
            level="",
            group="all",
        ),
    ]
    for row in pd.concat(made).to_dict("records"):
        yield row | {"analysis": "correction", "level": level}
