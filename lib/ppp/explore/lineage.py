"""Which cleaned values a results row is made of: declared by analysis, proved by tests/explore.

Exact for change and response as observed, summaries, counts, and each laboratory test; for other
analyses all weeks of the scores that it may use, and all patients of its group.
"""

import pandas as pd

from ppp.catalogue.dictionary import TABLES
from ppp.catalogue.outcomes import CHANGES, analysed, targets
from ppp.cohort import members
from ppp.data.scores import PPPASI_COMPONENTS

KEYS = ("study_id", "week", "test", "term")
OBSERVED = ("", "observed")
TIMES = ("start_date", "stop_date", "stop_reason", "last_visit_date")


def feeds(row, data, study) -> dict[str, pd.DataFrame]:
    """Mark the values that feed a row: by table a frame of bool, cleaned lines × their fields.

    A line's own keys (patient, week, test, term) are among them wherever one of its fields is.
    Nothing is marked for a row that is not made of the patients' data.
    """
    marks = {
        name: pd.DataFrame(False, table.index, table.columns)
        for name in TABLES
        if (table := getattr(data, name)) is not None
    }
    for part in PARTS.get(row["analysis"], ()):
        for table, fields, lines in part(row, data, study):
            if table in marks:
                fields = [field for field in fields if field in marks[table]]
                marks[table].loc[lines, fields] = True
    column, equals, _ = row["group"].partition("=")
    if equals and any(mark.any(axis=None) for mark in marks.values()):
        marks["patients"][column] = True
    for mark in marks.values():
        keys = [key for key in KEYS if key in mark]
        mark.loc[mark.any(axis=1), keys] = True
    return marks


def _group(row, data) -> list:
    whole = "=" not in row["group"] or "-" in row["group"]
    return list(members(data.patients, "all" if whole else row["group"])["study_id"])


def _score(code: str, study) -> str:
    target = targets(study).get(code)
    return target.outcome if target else code


def _of(table, row, data, weeks=None):
    """Give the lines of a table that are the group's, at some weeks."""
    frame = getattr(data, table)
    if frame is None:
        return []
    keep = frame["study_id"].isin(_group(row, data))
    return frame.index[keep & (frame["week"].isin(weeks) if weeks is not None else True)]


def _weeks(row, study) -> list:
    return [study.schedule.baseline, row["week"]]


def _observed(row, data, study):
    """Mark baseline and the row's week; where missing values are filled, all that may do so."""
    if row["missing"] not in OBSERVED or pd.isna(row["week"]):
        yield from _every(row, data, study)
    yield "visits", [_score(row["outcome"], study)], _of("visits", row, data, _weeks(row, study))


def _balance(row, data, study):
    yield from (_whole if row["outcome"] == "all" else _field)(row, data, study)


def _course(row, data, study):
    fields = [_score(row["outcome"], study), _score(row["level"], study)]
    yield "visits", fields, _of("visits", row, data)


def _every(row, data, study):
    """Mark every score at every week, and what the patients are like."""
    scores = analysed(data.visits, study, *CHANGES)
    yield "visits", scores, _of("visits", row, data)
    yield "patients", list(data.patients), _of("patients", row, data)


def _field(row, data, study):
    """Mark a patient's field, or a visit's at the row's week; levels are those of everybody."""
    name = _score(row["outcome"], study)
    if pd.isna(row["week"]) or data.visits is None or name not in data.visits:
        all_of_them = row["analysis"] == "count"
        lines = data.patients.index if all_of_them else _of("patients", row, data)
        yield "patients", [name], lines
    else:
        yield "visits", [name], _of("visits", row, data, [row["week"]])


def _parts(row, data, study):
    lines = _of("visits", row, data, [*_weeks(row, study), study.schedule.primary])
    yield "visits", [row["outcome"], *PPPASI_COMPONENTS], lines


def _treatment(row, data, study):
    yield "patients", TIMES, _of("patients", row, data)
    yield "visits", ["date"], _of("visits", row, data)
    if data.visits is not None:
        undated = data.visits.get("date", pd.Series(pd.NaT, data.visits.index)).isna()
        lines = _of("visits", row, data)
        yield "visits", list(data.visits), lines[undated[lines]]


def _visits(row, data, study):
    yield "visits", [] if data.visits is None else list(data.visits), _of("visits", row, data)


def _dose(row, data, study):
    yield "patients", ["dose_mg"], _of("patients", row, data)


def _events(row, data, study):
    lines = _of("adverse_events", row, data)
    yield "adverse_events", [] if not len(lines) else list(data.adverse_events), lines


def _test(row, data, study):
    """Mark every value of the row's test; of all tests where it is about several."""
    lines = _of("labs", row, data)
    if len(lines) and (data.labs["test"] == row["outcome"]).any():
        lines = lines[data.labs.loc[lines, "test"] == row["outcome"]]
    yield "labs", [] if not len(lines) else list(data.labs), lines
    yield "patients", ["start_date"], _of("patients", row, data)


def _whole(row, data, study):
    for part in (_every, _visits, _treatment, _events):
        yield from part(row, data, study)


PARTS = {
    "summary": (_field,),
    "count": (_field,),
    "balance": (_balance,),
    "prior": (_field,),
    "period": (_field,),
    "flow": (_treatment, _visits),
    "change": (_observed,),
    "responder": (_observed,),
    "band": (_course,),
    "correlation": (_course,),
    "cross": (_every,),
    "first_response": (_course,),
    "intercurrent": (_every, _treatment, _visits, _dose, _events),
    "longitudinal": (_course,),
    "missing_pattern": (_course,),
    "multiplicity": (_every,),
    "part": (_parts,),
    "regression_to_mean": (_course,),
    "sensitivity": (_every, _treatment),
    "group_difference": (_observed,),
    "detectable": (_every,),
    "sapho": (_course,),
    "exposure": (_treatment, _dose),
    "adverse_event": (_treatment, _events),
    "time_to_event": (_treatment, _events),
    "lab_value": (_test,),
    "lab_change": (_test,),
    "lab_shift": (_test,),
    "lab_grade": (_test,),
    "lab_event": (_treatment, _events, _test),
    "liver": (_test,),
    "published": (_whole,),
}
