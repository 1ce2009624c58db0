"""What is not known is told apart: not recorded, none occurred, cannot be told, no denominator."""

import pandas as pd
import pytest

from ppp import results
from ppp.safety import rows as safety
from ppp.safety import sentences, tables, timing
from ppp.study import Study

PATIENTS = pd.DataFrame(
    {
        "study_id": [f"P{i:02d}" for i in range(1, 13)],
        "sapho": ["yes"] * 4 + ["no"] * 8,
        "start_date": pd.to_datetime(["2023-01-10"] * 12),
    }
)
EVENTS = pd.DataFrame(
    {
        "study_id": ["P01", "P01", "P03", "P06", "P08"],
        "term": ["Acne", "Headache", "Nausea", "Herpes zoster", "Acne"],
        "start_date": pd.to_datetime(
            ["2023-01-22", "2023-02-09", "2023-01-15", "2023-02-20", "2023-01-30"]
        ),
        "grade": pd.array([1, 1, 2, 3, 1], dtype="Int64"),
    }
)


@pytest.fixture
def made(make_study):
    """Rows of page 04, and its study, without visits or a stop."""

    def make(events=EVENTS, patients=PATIENTS, sections="", **how) -> tuple[pd.DataFrame, Study]:
        study = make_study(sections)
        about = (patients, None, study)
        parts = [safety.exposure(*about), safety.adverse_event(events, *about, **how)]
        return pd.concat([*parts, safety.time_to_event(events, *about, **how)]), study

    return make


def kind(rows, outcome, statistic="patients"):
    return results.one(
        rows, analysis="adverse_event", outcome=outcome, level="", statistic=statistic, group="all"
    )


def told(rows, study) -> str:
    """Everything that page 04 says of adverse events."""
    prose = ("key_results", "events", "time_to_event", "outside_treatment")
    shown = [
        str(getattr(sentences if hasattr(sentences, name) else timing, name)(rows, study))
        for name in prose
    ]
    for name in ("adverse_events", "adverse_event_terms", "special_interest"):
        shown.append(getattr(tables, name)(rows, study).to_text())
    return "\n".join(shown)


def test_events_without_a_time_are_recorded_all_the_same(made):
    """Four of twelve have an event; what is not known is the time on treatment."""
    rows, study = made()
    said = told(rows, study)
    assert "**4 of 12** patients (33.3%; exact 95% CI 9.9% to 65.1%)" in said
    assert "Time to the first event is not estimable: time on treatment unknown in 12 of 12" in said
    assert "without limit in 12 patients whose end of treatment is not known" in said
    assert "were not recorded. This does not mean" not in said
    assert "Time on treatment is not known" in str(timing.exposure(rows, study))


def test_a_scale_from_mild_to_severe_cannot_tell_of_a_death(made):
    rows, study = made()
    row = kind(rows, "death")
    assert pd.isna(row["estimate"]) and pd.isna(row["events"]) and row["code"] == "cannot_tell"
    assert "Death: cannot be told without an outcome, a grade above 3 or" in told(rows, study)
    for known in (
        EVENTS.assign(outcome="recovered"),
        EVENTS.assign(grade=pd.array([1, 1, 2, 4, 1], dtype="Int64")),
    ):
        assert kind(made(known)[0], "death")["events"] == 0
    stopped = PATIENTS.assign(stop_reason=["death", *["remission"] * 11])
    assert kind(made(patients=stopped)[0], "death")["events"] == 1


def test_a_listing_of_events_gives_counts_and_no_incidence(made):
    had = PATIENTS[PATIENTS["study_id"].isin(EVENTS["study_id"])]
    rows, study = made(patients=had, ascertained=False)
    row = kind(rows, "any")
    assert pd.isna(row["estimate"]) and pd.isna(row["n"]) and row["events"] == 4
    assert kind(rows, "any", "event_count")["estimate"] == 5
    here = results.pick(rows, analysis="adverse_event")
    assert here["n"].isna().all() and here["ci_low"].isna().all()
    said = told(rows, study)
    assert "Incidence is not estimable: the source lists only patients with an event" in said
    assert "4 of 4" not in said and "4/4" not in said and "100" not in said


def test_patients_who_all_had_an_event_have_an_incidence_where_others_could_be_listed(made):
    had = PATIENTS[PATIENTS["study_id"].isin(EVENTS["study_id"])]
    assert kind(made(patients=had)[0], "any")["n"] == 4


def test_an_empty_table_says_that_none_occurred(made):
    rows, study = made(EVENTS.head(0))
    said = told(rows, study)
    assert "No adverse event occurred on treatment." in said
    assert (
        "Not reported as an adverse event: Serious infection" in said
        and "each 0 of 12 (up to 26.5%)" in said
    )
    assert "were not recorded" not in said
    assert str(sentences.events(rows, study)) == ""


def test_a_field_that_nobody_filled_in_is_not_one_that_is_absent(made):
    empty = EVENTS.assign(serious=pd.array([pd.NA] * 5, dtype="str"))
    assert kind(made(empty)[0], "serious")["code"] == "unreadable"
    assert kind(made()[0], "serious")["code"] == "not_recorded"


def test_repeats_durations_and_partial_dates_worked_by_hand(made):
    """P01's acne is entered twice; nausea lasts 5 days, acne 10; zoster is dated to the month."""
    start = EVENTS["start_date"]
    events = EVENTS.assign(
        start_earliest=start.where(EVENTS["term"] != "Herpes zoster", pd.Timestamp("2023-01-01")),
        start_latest=start.where(EVENTS["term"] != "Herpes zoster", pd.Timestamp("2023-01-31")),
        end_date=start + pd.to_timedelta([10, None, 5, 3, None], unit="D"),
        outcome=["recovered", "ongoing", "recovered", "recovered", pd.NA],
    )
    events = pd.concat([events, events.head(1)], ignore_index=True)
    patients = PATIENTS.assign(stop_date=pd.Timestamp("2023-06-01"))
    rows, study = made(events, patients)
    assert kind(rows, "repeated", "event_count")["estimate"] == 1
    days = results.pick(rows, outcome="duration").set_index("statistic")["estimate"]
    assert days.to_dict() == {"median": 10.0, "min": 5.0, "max": 10.0}  # 10, 5, 10; not the zoster
    ended = results.pick(rows, outcome="event_outcome").set_index("level")["events"].to_dict()
    assert ended == {"recovered": 4, "not recorded": 1, "ongoing": 1}
    first = results.pick(rows, analysis="time_to_event").set_index("statistic")
    assert first.loc["first_partial", ["n", "events"]].tolist() == [4, 1]
    assert first.loc["on_day_0", "events"] == 1
    said = told(rows, study)
    assert "1 of 4 first events has no exact date; 1 of these counts on the first day." in said
    assert "Of 6 events, 1 repeats another in every field; it was counted." in said
    by_group = results.pick(rows, outcome="any", statistic="group_patients")
    assert by_group[["events", "n"]].to_numpy().tolist() == [[2, 4], [2, 8]]


def test_the_plain_share_has_one_interval(made):
    """Nobody left before the last event, so Kaplan–Meier adds no second interval."""
    patients = PATIENTS.assign(stop_date=pd.Timestamp("2023-06-01"))
    rows, study = made(patients=patients)
    assert str(timing.time_to_event(rows, study)) == ""
    said = str(sentences.events(rows, study))
    assert "had occurred in 3 of 12 patients by week 4, 4 by week 8 and 4 by week 12." in said
