"""Patient by patient, and events against laboratory values, worked by hand."""

import pandas as pd

from ppp import results
from ppp.catalogue import special_interest
from ppp.catalogue.lab_tests import known
from ppp.laboratory import rows as laboratory
from ppp.safety import rows as safety
from ppp.safety import tables

PATIENTS = pd.DataFrame(
    {
        "study_id": ["P1", "P2", "P3", "P4"],
        "start_date": pd.to_datetime(["2023-01-01"] * 4),
        "stop_date": pd.to_datetime(["2023-06-01"] * 4),
    }
)
EVENTS = pd.DataFrame(
    {
        "study_id": ["P1", "P1", "P2", "P3"],
        "term": ["CK increased", "Acne", "CPK elevated", "Nausea"],
        "start_date": pd.to_datetime(["2023-01-31", "2023-01-11", "2023-02-01", "2022-12-01"]),
        "grade": pd.array([2, 1, 1, 1], dtype="Int64"),
        "related": ["yes", "no", "no", "no"],
        "action": ["interrupted", "none", "not applicable", "none"],
        "outcome": ["recovered", "ongoing", "recovered", "recovered"],
    }
)
LABS = pd.DataFrame(
    [
        (who, week, "CK", value, "U/L", 200.0)
        for who, values in {"P1": (100, 400), "P2": (100, 150), "P3": (100, 900)}.items()
        for week, value in zip((0, 12), values, strict=True)
    ],
    columns=["study_id", "week", "test", "value", "unit", "uln"],
)


def test_one_line_a_patient_without_dates(study):
    listed = safety.listing(EVENTS, PATIENTS, None, study)
    table = tables.listing(listed, results.frame([]), study)
    assert table.frame.values.tolist() == [
        [
            "P1",
            "Acne (1; 10), CK increased (2; 30)",
            "2",
            "yes",
            "interrupted",
            "ongoing, recovered",
        ],
        ["P2", "CPK elevated (1; 31)", "1", "no", "none", "recovered"],
    ]
    assert "n = 2 with an event" in table.caption and "2023" not in table.to_text()
    few = tables.listing(listed, results.frame([]), study, limit=1)
    assert len(few.frame) == 1 and "1 further patient is not listed." in " ".join(few.notes)


def test_an_event_dated_to_the_month_is_marked(study):
    partial = EVENTS.head(1).assign(
        start_earliest=pd.Timestamp("2023-01-01"), start_latest=pd.Timestamp("2023-01-31")
    )
    table = tables.listing(safety.listing(partial, PATIENTS, None, study), results.frame([]), study)
    assert table.frame["events"].tolist() == ["CK increased (2; 0*)"]
    assert "* Without an exact date" in " ".join(table.notes)


def test_laboratory_values_against_events(study):
    """P1 is worse and reported, P2 reported only, P3 worse only; P4 has no values."""
    listed = safety.listing(EVENTS, PATIENTS, None, study)
    rows = safety.lab_event(listed, laboratory.worsened(LABS, PATIENTS, study))
    counts = rows[rows["level"] == ""].set_index("statistic")["events"].to_dict()
    assert counts == {"worse": 2, "reported": 2, "both": 1} and set(rows["n"]) == {3}
    table = tables.lab_event(rows, study)
    assert table.frame.values.tolist() == [
        ["CK increased or rhabdomyolysis", "2", "2", "1", "P3", "P2"]
    ]


def test_nothing_is_compared_where_one_source_is_missing(study):
    listed = safety.listing(EVENTS, PATIENTS, None, study)
    assert safety.lab_event(listed, laboratory.worsened(None, PATIENTS, study)).empty
    assert safety.lab_event(None, laboratory.worsened(LABS, PATIENTS, study)).empty


def test_every_category_compared_is_one_of_the_reviewed_table():
    compared = {test.event for test in known().values() if test.event}
    assert compared and compared <= set(special_interest.names()["category"])


def test_no_action_is_told_from_an_action_not_recorded(study):
    rows = EVENTS.head(3).assign(action=["not applicable", "interrupted", None], related=None)
    table = tables.listing(safety.listing(rows, PATIENTS, None, study), results.frame([]), study)
    assert table.frame["action"].tolist() == ["interrupted", "–"]
    assert "related" not in table.frame and "–: not recorded." in " ".join(table.notes)
    calm = EVENTS.head(1).assign(action="none")
    table = tables.listing(safety.listing(calm, PATIENTS, None, study), results.frame([]), study)
    assert table.frame["action"].tolist() == ["none"]
