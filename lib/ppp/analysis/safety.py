"""What treatment cost: adverse events with exact limits (and `exposure`, `lab_shift`)."""

from math import nan

import numpy as np
import pandas as pd

from ppp import results
from ppp.analysis.estimators import proportions, rates
from ppp.analysis.exposure import DAYS_A_YEAR, exposure, treatment
from ppp.analysis.fields import dates
from ppp.analysis.laboratory import lab_shift

__all__ = ["adverse_event", "exposure", "lab_shift", "treatment"]

SEVERE = 3
FATAL = 5
NEEDED = {"serious": "serious", "grade3": "grade", "related": "related"}
WITHDRAWN = (
    r"(drug|treatment)?\s*(permanently\s*)?(withdrawn|discontinued)(\s*permanently)?|(永久)?停药"
)
ADVERSE = r"adverse\s*(drug\s*)?(event|reaction|effect)s?|side\s*effects?|toxicity|不良(事件|反应)"
DEATH = r"fatal|death|died|dead|死亡"


def adverse_event(
    adverse_events: pd.DataFrame | None,
    patients: pd.DataFrame,
    visits: pd.DataFrame | None,
    study,
) -> pd.DataFrame:
    """Patients with adverse events, events, and rates, with exact limits.

    Treatment-emergent events only: onset from the start date to the end of treatment (see
    `treatment`) plus ``safety.days_after_last_dose``. An event that cannot be placed, because
    its onset or the patient's start is unknown, counts as treatment-emergent; `note` gives the
    number. Events outside that window are counted in outcome ``not_emergent``.

    Parameters
    ----------
    adverse_events : DataFrame or None
        One row an event. None: not recorded, never "no events". Empty: none occurred.
    patients, visits : DataFrame
        Canonical frames of the cohort; every patient is exposed. `visits` may be None.
    study : Study

    Returns
    -------
    DataFrame
        Results rows ``patients`` (patients with an event of n exposed; Clopper–Pearson),
        ``event_count`` and ``rate_per_100_py`` (first events up to the end of treatment per time at
        risk, which ends at the first event or with treatment; Garwood; a patient whose first
        event came later gives time and no event, and `note` counts them); where nobody had one
        also ``upper_one_sided`` and ``rule_of_three``. Outcomes:

        - ``any``; ``serious`` (serious = yes); ``grade3`` (grade ≥ 3, "severe");
          ``related`` (related = yes);
        - ``discontinued``: the action taken reads "withdrawn" or "discontinued" ("drug
          withdrawn", "permanently discontinued", 停药), or the patient's stop reason reads
          "adverse event" (or reaction, side effect, toxicity, 不良事件) and none of the patient's
          events has that action; such a patient counts as one event at the end of treatment;
          `note` says which of the two was recorded;
        - ``death``: outcome reads "fatal", "death", "died" or 死亡, or grade 5;
        - ``soc`` and ``term``, one `level` a name, most patients first.

        Where the fields behind an outcome were not recorded, its estimates are empty and `note`
        is "not recorded".

    References
    ----------
    Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404; Garwood 1936,
    doi:10.1093/biomet/28.3-4.437; Hanley & Lippman-Hand 1983, doi:10.1001/jama.1983.03330370053031.
    """
    if adverse_events is None:
        return results.frame(_not_recorded("any"))
    time = treatment(patients, visits, study)
    placed = _place(adverse_events, time)
    inside = _emergent(placed, study)
    emergent = placed[inside]
    rows = []
    for outcome, events in _kinds(emergent, patients, time).items():
        if events is None:
            rows += _not_recorded(outcome)
        else:
            gap = _basis(emergent, patients, outcome) or _gap(emergent, outcome)
            rows += _incidence_rows(events.assign(level=""), time, outcome, names=[""], gap=gap)
    for field in ("soc", "term"):
        rows += _named_rows(emergent, time, field)
    outside = int((~inside).sum())
    rows.append(results.row("adverse_event", "not_emergent", "event_count", outside,
                            n=len(time), events=outside))  # fmt: skip
    return results.frame(rows)


def _not_recorded(outcome: str, statistics=("patients", "event_count", "rate_per_100_py")) -> list:
    return [
        results.row("adverse_event", outcome, statistic, nan, note="not recorded")
        for statistic in statistics
    ]


def _place(adverse_events: pd.DataFrame, time: pd.DataFrame) -> pd.DataFrame:
    """Add ``onset`` (days since the start, NaN unknown) and ``late`` (days after the end)."""
    events = adverse_events[adverse_events["study_id"].isin(time.index)]
    began = time.reindex(events["study_id"]).set_index(events.index)
    onset = (dates(events, "start_date") - began["start"]).dt.days.astype(float)
    return events.assign(onset=onset, late=onset - began["days"])


def _emergent(placed: pd.DataFrame, study) -> pd.Series:
    before = placed["onset"] < 0
    return ~(before | (placed["late"] > study.safety.days_after_last_dose))


def _has(table: pd.DataFrame, field: str) -> bool:
    return field in table and bool(table[field].notna().any())


def _kinds(emergent: pd.DataFrame, patients: pd.DataFrame, time: pd.DataFrame) -> dict:
    """Give the events of each summary outcome, None where its fields were not recorded."""
    return {
        "any": emergent,
        "serious": _where(emergent, serious=lambda x: x == "yes"),
        "grade3": _where(emergent, grade=lambda x: x >= SEVERE),
        "related": _where(emergent, related=lambda x: x == "yes"),
        "discontinued": _discontinued(emergent, patients, time),
        "death": _where(emergent, outcome=_reads(DEATH), grade=lambda x: x >= FATAL),
    }


def _gap(emergent: pd.DataFrame, outcome: str) -> str:
    """Say how many events lack the field that the outcome needs."""
    field = NEEDED.get(outcome)
    unknown = int(emergent[field].isna().sum()) if field in emergent else 0
    return f"not recorded for {unknown} of {len(emergent)} events" if unknown else ""


def _basis(emergent: pd.DataFrame, patients: pd.DataFrame, outcome: str) -> str:
    """Say from which fields it is known that an event led to stopping."""
    known = {"the action taken": (emergent, "action"),
             "the reason for stopping": (patients, "stop_reason")}  # fmt: skip
    told = [words for words, where in known.items() if _has(*where)]
    return f"by {' or '.join(told)}" if told and outcome == "discontinued" else ""


def _reads(pattern: str):
    """Make a test whether the whole of a text is the pattern, in any case."""
    return lambda text: text.astype("str").str.strip().str.fullmatch(pattern, case=False)


def _where(events: pd.DataFrame, **conditions) -> pd.DataFrame | None:
    """Events that meet any condition on a recorded field; None where no field was recorded."""
    if events.empty:
        return events
    recorded = {field: test for field, test in conditions.items() if _has(events, field)}
    if not recorded:
        return None
    met = [test(events[field]).fillna(False).astype(bool) for field, test in recorded.items()]
    return events[np.logical_or.reduce(met)]


def _discontinued(emergent, patients, time) -> pd.DataFrame | None:
    withdrawn = _where(emergent, action=_reads(WITHDRAWN))
    if not _has(patients, "stop_reason"):
        return withdrawn
    known = emergent.head(0) if withdrawn is None else withdrawn
    stopped = patients.loc[_reads(ADVERSE)(patients["stop_reason"]).fillna(False), "study_id"]
    further = stopped[~stopped.isin(known["study_id"])]
    implied = pd.DataFrame({"study_id": further, "onset": time["days"].reindex(further).to_numpy()})
    return pd.concat([known[["study_id", "onset"]], implied], ignore_index=True)


def _named_rows(emergent: pd.DataFrame, time: pd.DataFrame, field: str) -> list[dict]:
    if emergent.empty:
        return []
    if not _has(emergent, field):
        return _not_recorded(field, ["patients"])
    events = emergent.assign(level=emergent[field].astype("str").fillna("not recorded"))
    return _incidence_rows(events, time, field)


def _tally(events: pd.DataFrame, time: pd.DataFrame, names: list[str] | None) -> pd.DataFrame:
    """Count by level: patients, events, undated events, and first events per time at risk.

    An undated event is taken to have begun at the end of treatment. A first event after that
    (``later``) is none of the time at risk, which ends with treatment.
    """
    whole = time["days"].reindex(events["study_id"]).to_numpy()
    at = events["onset"].clip(lower=0).fillna(pd.Series(whole, index=events.index))
    each = events.assign(at=at, dated=events["onset"].notna()).groupby(["level", "study_id"])
    each = each.agg(first=("at", "min"), size=("at", "size"), dated=("dated", "sum"))
    days = time["days"].reindex(each.index.get_level_values("study_id")).to_numpy()
    during = each["first"] <= days
    table = pd.DataFrame({
        "patients": 1, "events": each["size"], "undated": each["size"] - each["dated"],
        "first": during.astype(int), "later": (each["first"] > days).astype(int),
        "after_first": (days - each["first"]).where(during, 0.0),
    }).groupby("level").sum()  # fmt: skip
    table = table.sort_values(["patients", "events"], ascending=False, kind="stable")
    table = table if names is None else table.reindex(names, fill_value=0)
    years = (time["days"].sum() - table["after_first"]).clip(lower=0) / DAYS_A_YEAR
    return table.assign(years=years)


def _incidence_rows(
    events: pd.DataFrame, time: pd.DataFrame, outcome: str, *, names=None, gap: str = ""
) -> list[dict]:
    rows, n, known = [], len(time), int(time["days"].count())
    for t in _tally(events, time, names).reset_index(names="level").to_dict("records"):
        where = {"level": t["level"]}
        undated = f"{t['undated']} without a known onset, counted" if t["undated"] else ""
        note = "; ".join(filter(None, [gap, undated]))
        later = f"{t['later']} first affected after the end of treatment, not in the rate"
        late = "; ".join(filter(None, [note, later if t["later"] else ""]))
        rate = rates.garwood(t["first"], t["years"], per=100)
        rows += [
            _row(outcome, "patients", proportions.clopper_pearson(t["patients"], n), note, **where),
            _row(outcome, "event_count", float(t["events"]), note, n=n, events=t["events"],
                 **where),
            _row(outcome, "rate_per_100_py", rate, late, n=known, **where),
        ]  # fmt: skip
        if t["patients"] == 0:
            rows += [
                _row(outcome, "upper_one_sided", proportions.upper_one_sided(0, n), gap, **where),
                _row(outcome, "rule_of_three", proportions.rule_of_three(0, n), gap, **where),
            ]
    return rows


def _row(outcome: str, statistic: str, value, note: str, **where) -> dict:
    notes = [x for x in (getattr(value, "note", ""), note) if x]
    return results.row("adverse_event", outcome, statistic, value, note="; ".join(notes), **where)
