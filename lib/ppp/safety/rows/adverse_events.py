"""What treatment cost: adverse events with exact limits, and what was not seen with its bounds."""

import numpy as np
import pandas as pd

from ppp import levels, results
from ppp.catalogue.recorded import by_frequency, dates
from ppp.cohort import alone, groups, members
from ppp.estimators.proportions import clopper_pearson
from ppp.safety.rows import incidence, special_interest
from ppp.safety.rows.incidence import bounds, counts, event_rates, listed, worst_grades
from ppp.safety.rows.treatment import EMERGENT, placed, treatment, undated

SEVERE = 3
FATAL = 5
CHANGED = ("dose reduced", "dose increased", "interrupted")
NEEDED = {
    "serious": ["serious"],
    "grade3": ["grade"],
    "related": ["related"],
    "discontinued": ["action"],
    "dose_changed": ["action"],
    "death": ["outcome", "grade"],
}
STOPPED_FOR = {"discontinued": "adverse event", "death": "death"}
SOURCES = {"action": "the action taken", "outcome": "the outcome", "grade": "the grade"}
ONE_SIDED = ("upper_one_sided", "rule_of_three", "rate_upper_one_sided")
RATES = ("rate_per_100_py", "event_rate_per_100_py", "rate_upper_one_sided")
LIMITS = ("ci_low", "ci_high", "ci_level")
OUTSIDE = {"before": "before_treatment", "after": "after_window"}
UNNAMED = "not recorded"
ONLY_LISTED = "the source lists only patients with an event"
NO_SIGN_OF_DEATH = "cannot be told without an outcome, a grade above 3 or a reason for stopping"


def adverse_event(
    adverse_events: pd.DataFrame | None,
    patients: pd.DataFrame,
    visits: pd.DataFrame | None,
    study,
    *,
    ascertained: bool = True,
) -> pd.DataFrame:
    """Patients with adverse events, events, and rates, with exact limits.

    Events of the window (see `treatment.placed`) count; the others are listed apart. No table of
    events means not recorded, never "no events". Every patient is exposed; where the source lists
    only patients with an event (not `ascertained`, as cleaning tells), events and patients are
    counted, without a share or a rate (code ``listing``). Statistics:

    - ``patients`` (with an event, of n exposed; Clopper–Pearson) and ``event_count``;
    - ``rate_per_100_py``: first events per time at risk, which ends at the first event or with
      treatment (Garwood); `note` counts the patients whose first event came later;
    - ``event_rate_per_100_py``: all events with onset during treatment per time on treatment
      (Garwood, which takes repeated events as independent);
    - where nobody had one also ``upper_one_sided``, ``rule_of_three``, ``rate_upper_one_sided``;
    - ``worst_grade_1`` … ``worst_grade_unknown``: patients by their worst grade in that level, as
      they occur; none where no event has a grade;
    - ``group_patients``: the same, by the study's two groups.

    Outcomes:

    - ``any``; ``serious`` (serious = yes); ``grade3`` (grade ≥ 3, "severe"); ``related``
      (related = yes); ``dose_changed`` (dose reduced, dose increased or interrupted);
    - ``discontinued``: action withdrawn; ``death``: outcome fatal or grade 5. Or the patient's
      stop reason is an adverse event, or death, and none of these events of the patient says so:
      such a patient counts as one event at the end of treatment. Grades tell of a death only where
      one is above 3, so that the scale goes beyond severe; ``cannot_tell`` where nothing could;
    - ``grade``, by level: each patient once by the worst, each event by its own;
    - ``soc``, ``term``, and ``soc_term`` (population ``soc=<name>``), one `level` a name;
    - ``special`` (any category of interest), ``interest``, ``common``, ``interest_term``,
      ``uncaught``: see `special_interest.rows`;
    - ``event_outcome``: events by their outcome; ``duration``: ``median``, ``min`` and ``max`` days
      from start to end of the n events where both are known to the day;
    - ``before_treatment``, ``after_window``: counts by term and, with an empty level, in all;
      ``not_emergent``: both together;
    - ``partial_date``: events of the window whose start is known to the ``month`` or the ``year``
      only, or that no date places (``none``); ``repeated``: events that repeat another in every
      field.

    Names are ordered by patients, then events, then name. Where the fields behind an outcome were
    not recorded, its estimates are empty and `code` is ``not_recorded``; rates are empty with the
    code ``time_unknown`` where no event carries a date; ``gap:k/n``: of k of n
    events they were not. ``unnamed``: the level stands for events without that name.

    References
    ----------
    Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404; Garwood 1936,
    doi:10.1093/biomet/28.3-4.437; Hanley & Lippman-Hand 1983, doi:10.1001/jama.1983.03330370053031.
    """
    if adverse_events is None:
        return results.frame(incidence.not_recorded("any"))
    time = treatment(patients, visits, study)
    events = placed(adverse_events, patients, visits, study)
    emergent = events[events["window"] == "on"]
    ungraded = emergent.drop(columns="grade", errors="ignore")
    graded = emergent if _has(emergent, "grade") else ungraded
    made = _kind_rows(graded, patients, time, study, events.columns)
    made += _grade_rows(graded, time)
    made += _named_rows(graded, time, classed=_has(events, "soc"))
    made += special_interest.rows(emergent, time)
    made += _outside_rows(events, time) + _course_rows(emergent, time)
    if undated(events):
        made = [_undated(row) if row["statistic"] in RATES else row for row in made]
    if not ascertained:
        made = [_only_listed(row) for row in made if row["statistic"] not in ONE_SIDED]
    return results.frame(made)


def _undated(row: dict) -> dict:
    """Empty a rate: when the events began, and so the time at risk, is not known."""
    empty = dict.fromkeys(["estimate", *LIMITS], np.nan) | {"n": None, "events": None}
    return row | empty | {"note": incidence.UNDATED, "code": "time_unknown"}


def _only_listed(row: dict) -> dict:
    """Keep the counts of a row whose denominator is not known."""
    about = {"code": f"{row['code']} listing".strip(), "n": None}
    shares = ("patients", "group_patients", "rate_per_100_py", "event_rate_per_100_py")
    if row["statistic"] in shares and row["events"] is not None:
        about |= dict.fromkeys(["estimate", *LIMITS], np.nan)
        about["note"] = "; ".join(filter(None, [ONLY_LISTED, row["note"]]))
    return row | about


def _has(table: pd.DataFrame, field: str) -> bool:
    return field in table and bool(table[field].notna().any())


def _kind_rows(emergent: pd.DataFrame, patients, time, study, given) -> list[dict]:
    made = []
    for kind, events in _kinds(emergent, patients, time).items():
        if events is None:
            made += incidence.not_recorded(kind, **_unknown(given, kind))
            continue
        note, code = _known_from(emergent, patients, kind)
        alone = int(events["implied"].sum()) if "implied" in events else 0
        note += f"; by that reason alone in {alone}" if alone and " or " in note else ""
        line = incidence.tally(events.assign(level=""), time, names=[""])
        worst = [worst_grades] if kind == "any" else []
        line = line.assign(note=note, code=code)
        made += incidence.rows(line, kind, counts, event_rates, bounds, *worst)
        made += _by_group(kind, events, patients, study)
    return made


def _unknown(given: pd.Index, kind: str) -> dict[str, str]:
    """Say why nothing is known of a kind: no field, no readable entry, or none that could tell."""
    if kind == "death":
        return {"note": NO_SIGN_OF_DEATH, "code": "cannot_tell"}
    there = given.intersection(NEEDED[kind])
    return {"note": incidence.UNREADABLE, "code": "unreadable"} if len(there) else {}


def _by_group(kind: str, events: pd.DataFrame, patients: pd.DataFrame, study) -> list[dict]:
    """Count the patients of each of the study's two groups who had an event of a kind.

    Not where a group is one patient: its column would be a case record.
    """
    made, compared = [], groups(patients, study)
    for group in compared if len(compared) == 2 and not alone(patients, study) else ():
        own = members(patients, group)["study_id"]
        k = int(own.isin(events["study_id"]).sum())
        made.append(
            incidence.row(kind, "group_patients", clopper_pearson(k, len(own)), group=group)
        )
    return made


def _kinds(emergent: pd.DataFrame, patients: pd.DataFrame, time: pd.DataFrame) -> dict:
    """Give the events of each kind, None where nothing recorded could tell of it."""
    fatal = {"outcome": lambda x: x == "fatal", "grade": lambda x: x >= FATAL}
    kinds = {
        "any": emergent,
        "death": _where(emergent, **{x: fatal[x] for x in _tell_of_death(emergent)}),
        "serious": _where(emergent, serious=lambda x: x == "yes"),
        "grade3": _where(emergent, grade=lambda x: x >= SEVERE),
        "special": special_interest.of_interest(emergent),
        "discontinued": _where(emergent, action=lambda x: x == "withdrawn"),
        "dose_changed": _where(emergent, action=lambda x: x.isin(CHANGED)),
        "related": _where(emergent, related=lambda x: x == "yes"),
    }
    for kind, reason in STOPPED_FOR.items():
        kinds[kind] = _with_stopped(kinds[kind], patients, time, reason)
    return kinds


def _tell_of_death(emergent: pd.DataFrame) -> list[str]:
    """Name the fields that could tell of a death; grades do where the scale goes beyond severe."""
    beyond = "grade" in emergent and bool((emergent["grade"] > SEVERE).any())
    return ["outcome"] + ["grade"] * beyond


def _where(events: pd.DataFrame, **conditions) -> pd.DataFrame | None:
    """Events that meet any condition on a recorded field; None where no field was recorded."""
    if events.empty:
        return events
    recorded = {field: test for field, test in conditions.items() if _has(events, field)}
    if not recorded:
        return None
    met = [test(events[field]).fillna(False).astype(bool) for field, test in recorded.items()]
    return events[np.logical_or.reduce(met)]


def _with_stopped(
    known: pd.DataFrame | None, patients: pd.DataFrame, time: pd.DataFrame, reason: str
) -> pd.DataFrame | None:
    """Add an event at the end of treatment for each patient who stopped for it without one."""
    if not _has(patients, "stop_reason"):
        return known
    stopped = patients.loc[patients["stop_reason"].eq(reason).fillna(False), "study_id"]
    further = stopped if known is None else stopped[~stopped.isin(known["study_id"])]
    days = time["days"].reindex(further).fillna(0.0)
    implied = days.rename("onset").rename_axis("study_id").reset_index().assign(implied=True)
    if known is None or known.empty:
        return implied
    known = known[["study_id", "onset"]].assign(implied=False)
    return pd.concat([known, implied], ignore_index=True)


def _known_from(emergent: pd.DataFrame, patients: pd.DataFrame, kind: str) -> tuple[str, str]:
    """Say from which fields a kind is known, where there are several; count events without."""
    needed = _tell_of_death(emergent) if kind == "death" else NEEDED.get(kind, ())
    fields = [field for field in needed if _has(emergent, field)]
    sources = [SOURCES[field] for field in fields if kind in STOPPED_FOR]
    if kind in STOPPED_FOR and _has(patients, "stop_reason"):
        sources.append("the reason for stopping")
    basis = " or ".join(filter(None, [", ".join(sources[:-1]), *sources[-1:]]))
    if kind == "special":
        return special_interest.gap(emergent)
    notes = [f"by {basis}"] if sources else []
    unknown = int(emergent[fields].isna().all(axis=1).sum()) if fields else 0
    if unknown:
        notes.append(f"not recorded for {unknown} of {len(emergent)} events")
    return "; ".join(notes), f"gap:{unknown}/{len(emergent)}" if unknown else ""


def _grade_rows(emergent: pd.DataFrame, time: pd.DataFrame) -> list[dict]:
    if len(emergent) and "grade" not in emergent:
        return incidence.not_recorded("grade", ["patients", "event_count"])
    line = incidence.tally(emergent.assign(level=""), time, names=[""]).iloc[0]
    n = line["n"]
    each = emergent.get("grade", pd.Series(dtype="Int64")).astype("Int64").astype("str")
    events = each.fillna("unknown").value_counts()
    made = []
    for level in incidence.GRADES if events.get("unknown", 0) else incidence.GRADES[:-1]:
        share = clopper_pearson(int(line.get(incidence.WORST + level, 0)), n)
        made.append(incidence.row("grade", "patients", share, level=level))
        made.append(_event_count("grade", events.get(level, 0), n, level=level))
    return made


def _event_count(outcome: str, k: int, n: int, **where) -> dict:
    return incidence.row(outcome, "event_count", float(k), n=n, events=int(k), **where)


def _named_rows(emergent: pd.DataFrame, time: pd.DataFrame, *, classed: bool) -> list[dict]:
    """Give the rows of each class, where any event has one, each term, and both together."""
    if emergent.empty:
        return []
    parts = [counts, event_rates, worst_grades]
    named = _named(emergent, "term")
    terms = incidence.rows(incidence.tally(named, time), "term", *parts)
    if not classed:
        return [*incidence.not_recorded("soc", ["patients"]), *terms]
    of = _named(emergent, "soc")
    classes = incidence.tally(of, time)
    unnamed = classes["level"].isin(of.loc[of["soc"].isna(), "level"])
    classes = classes.assign(code=np.where(unnamed, "unnamed", ""))
    populations = [levels.within("soc", name) for name in of["level"]]
    inside = incidence.tally(named.assign(population=populations), time, by=("population", "level"))
    order = [levels.within("soc", name) for name in classes["level"]]
    inside = incidence.by_population(inside, order)
    within = incidence.rows(inside, "soc_term", counts, worst_grades)
    return incidence.rows(classes, "soc", *parts) + terms + within


def _named(events: pd.DataFrame, field: str) -> pd.DataFrame:
    return events.assign(level=events[field].astype("str").fillna(UNNAMED))


def _outside_rows(events: pd.DataFrame, time: pd.DataFrame) -> list[dict]:
    """List the events before and after the window, by term and in all."""
    made = []
    for window, outcome in OUTSIDE.items():
        apart = events[events["window"] == window]
        whole = incidence.tally(apart.assign(level=""), time, names=[""])
        made += incidence.rows(whole, outcome, listed)
        made += incidence.rows(incidence.tally(_named(apart, "term"), time), outcome, listed)
    return [*made, _event_count("not_emergent", (events["window"] != "on").sum(), len(time))]


def _course_rows(emergent: pd.DataFrame, time: pd.DataFrame) -> list[dict]:
    """Count events by their outcome, with their duration; those of uncertain date; repeats."""
    known, n = emergent["certain"].value_counts(), len(time)
    made = [
        _event_count("partial_date", known.get(level, 0), n, level=level)
        for level in ("month", "year", "none")
    ]
    again = emergent.drop(columns=list(EMERGENT)).duplicated().sum()
    made.append(_event_count("repeated", again, n))
    if not _has(emergent, "outcome"):
        return made
    ended = by_frequency(emergent["outcome"].astype("str").fillna(UNNAMED))
    made += [_event_count("event_outcome", k, n, level=level) for level, k in ended.items()]
    days = durations(emergent).dropna()
    numbers = {"median": days.median(), "min": days.min(), "max": days.max()}
    return made + [
        incidence.row("duration", statistic, number, n=len(days), events=len(days))
        for statistic, number in numbers.items()
        if len(days)
    ]


def durations(events: pd.DataFrame) -> pd.Series:
    """Days from start to end of each event; NaN where one of them is not known to the day."""
    start, end = dates(events, "start_date"), dates(events, "end_date")
    days = (end - start).dt.days.astype(float)
    return days.where((events["certain"] == "day") & (days >= 0))
