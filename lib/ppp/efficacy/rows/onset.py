"""When response was first seen: counts by visit, since the time between visits is unknown."""

import pandas as pd

from ppp import results
from ppp.catalogue.outcomes import outcomes
from ppp.cohort import after_baseline, members
from ppp.efficacy.rows.change import responses
from ppp.estimators.proportions import clopper_pearson


def first_response(
    visits: pd.DataFrame | None, patients: pd.DataFrame, study, *, group: str = "all"
) -> pd.DataFrame:
    """Count who had reached the least percentage of the primary score by each visit.

    Results rows ``first_response``: ``count`` (response first seen at the week) and
    ``clopper_pearson`` (seen at the week or before), n = patients with an evaluable baseline; a
    missed visit counts as not reached. The time itself is interval-censored: it lies between the
    last visit without response and the first one with it. Visits at which nobody was scored are
    left out; no rows with less than two others after baseline, or without percentages.
    """
    known = outcomes(study).get(study.endpoints.primary)
    steps = [target for target in (known.targets if known else ()) if target.rule == "percent"]
    judged = responses(visits, members(patients, group), study)
    if not steps or steps[0].code not in judged:
        return results.frame([])
    least = min(steps, key=lambda target: target.value).code
    reached, evaluable = judged[least].reached, judged[least].evaluable
    weeks = [week for week in after_baseline(study) if reached[week].notna().any()]
    if len(weeks) < 2:
        return results.frame([])
    so_far = reached.loc[evaluable, weeks].fillna(0).cummax(axis=1)
    firsts = so_far.diff(axis=1).fillna(so_far)
    rows, n, where = [], len(so_far), {"group": group, "missing": "nri"}
    for week in weeks:
        k, share = int(firsts[week].sum()), clopper_pearson(int(so_far[week].sum()), n)
        where["week"] = week
        rows += [
            results.row("first_response", least, "count", k, n=n, events=k, **where),
            results.row("first_response", least, "clopper_pearson", share, **where),
        ]
    return results.frame(rows)
