"""Who stopped, changed dose or was rescued by the primary visit: eight patients, by hand."""

import pandas as pd
import pytest

from ppp import results
from ppp.descriptives import rows as descriptives
from ppp.efficacy import context
from ppp.efficacy.rows import intercurrent

START = pd.Timestamp("2023-01-02")  # week 12 is day 84


def day(*numbers):
    return [pd.NaT if n is None else START + pd.Timedelta(n, "D") for n in numbers]


@pytest.fixture
def eight():
    """A on the day itself, B before, C after, D without a day, E without a date; F–H go on."""
    ids = list("ABCDEFGH")
    reasons = ["adverse event", "lack of efficacy", "remission", "other", None, None, None, None]
    patients = pd.DataFrame(
        {
            "study_id": ids,
            "start_date": day(*[0] * 8),
            "stop_date": day(84, 20, 85, None, 10, None, None, None),
            "stop_reason": pd.Series(reasons, dtype="str"),
            "last_visit_date": day(90, 90, 90, 90, 90, 84, 70, 69),
        }
    )
    events = pd.DataFrame(
        {
            "study_id": ["F", "F", "G", "G", "H", "A"],
            "action": ["interrupted", "interrupted", "dose reduced", "none", "interrupted", None],
            "start_date": day(5, 9, None, 3, 85, 4),
        }
    )
    return patients, events


def counts(rows, outcome):
    here = results.pick(rows, outcome=outcome)
    return dict(zip(here["level"], here["events"], strict=True))


def test_stops_by_their_day_and_reason(eight, study):
    patients, events = eight
    rows = intercurrent.intercurrent(events, patients, None, study)
    assert counts(rows, "stop") == {
        "on_treatment": 4,  # A, C, F and G, who was last seen on day 70 = 84 − 14
        "before": 2,  # B, E
        "after": 2,  # A, on the day itself, and C
        "untimed": 1,  # D
        "unseen": 1,  # H, last seen on day 69
    }
    reasons = {"lack of efficacy": 1, "unknown": 1}
    assert counts(rows, "stop_reason") == reasons
    assert set(rows["week"]) == {12} and not rows.duplicated(results.KEY).any()


def test_page_02_and_03_agree_on_stops(eight, study):
    patients, events = eight
    flow = descriptives.disposition(patients, None, study)
    stops = {x: results.one(flow, level=f"stopped_{x}")["events"] for x in ("before", "after")}
    rows = counts(intercurrent.intercurrent(events, patients, None, study), "stop")
    assert stops == {x: rows[x] for x in stops} == {"before": 2, "after": 2}


def test_actions_count_patients_whose_event_began_by_then(eight, study):
    patients, events = eight
    rows = intercurrent.intercurrent(events, patients, None, study)
    assert counts(rows, "interrupted") == {"before": 1}  # F twice; that of H began on day 85
    assert counts(rows, "dose_changed") == {"before": 1}  # of unknown day


def test_rescue_by_the_day_and_what_was_not_recorded(eight, study):
    patients, events = eight
    rescued = patients.assign(rescue_date=day(84, 85, *[None] * 6))
    rows = intercurrent.intercurrent(events, rescued, None, study)
    assert counts(rows, "rescue") == {"before": 1}
    bare = patients[["study_id", "start_date"]]
    rows = intercurrent.intercurrent(None, bare, None, study)
    assert set(rows["code"]) == {"not_recorded"} and rows["estimate"].isna().all()
    assert context.on_treatment(rows, study).text.startswith("Whether patients stopped")
    assert "not recorded" in context.estimand(rows, study).to_text()


def test_a_week_stands_in_for_dates(eight, study):
    patients, _ = eight
    patients = patients[["study_id"]].assign(stop_reason=pd.Series([None] * 8, dtype="str"))
    visits = pd.DataFrame({"study_id": ["A", "B", "C"], "week": [12, 10, 8], "pppasi": [1.0, 2, 3]})
    rows = intercurrent.intercurrent(None, patients, visits, study)
    found = counts(rows, "stop")
    assert (found["on_treatment"], found["unseen"]) == (2, 6)


def said(stops, reasons, study, n=28):
    made = [
        results.row("intercurrent", outcome, "count", k, level=level, week=12, n=n, events=k)
        for outcome, levels in (("stop", stops), ("stop_reason", reasons))
        for level, k in levels.items()
    ]
    return context.on_treatment(results.frame(made), study).text


@pytest.mark.parametrize(
    ("stops", "reasons", "words"),
    [
        ({"on_treatment": 28}, {}, "All **28** patients were on treatment at week 12."),
        (
            {"on_treatment": 26, "before": 2},
            {"adverse event": 2},
            "**26 of 28** patients were on treatment at week 12; 2 stopped earlier, for adverse "
            "events.",
        ),
        (
            {"on_treatment": 25, "before": 2, "after": 3, "untimed": 1},
            {"adverse event": 1, "unknown": 1},
            "**25 of 28** patients are known to have been on treatment at week 12; 2 stopped "
            "earlier, 1 for an adverse event and 1 for a reason not recorded; 3 stopped later; "
            "1 stopped on an unknown day.",
        ),
        (
            {"on_treatment": 26, "before": 2},
            {"lost to follow-up": 1, "other": 1},
            "**26 of 28** patients were on treatment at week 12; 2 stopped earlier, 1 lost to "
            "follow-up and 1 for another reason.",
        ),
        (
            {"on_treatment": 27, "before": 0, "unseen": 1},
            {},
            "**27 of 28** patients are known to have been on treatment at week 12; 1 without a "
            "recorded stop was last seen earlier.",
        ),
    ],
)
def test_the_sentence_is_read_off_the_rows(stops, reasons, words, study):
    assert said(stops, reasons, study) == words


def test_the_estimand_does_not_count_a_stop_of_unknown_date_as_none(eight, study):
    made = [
        results.row("intercurrent", "stop", "count", k, level=level, week=12, n=18, events=k)
        for level, k in (("on_treatment", 16), ("before", 0), ("untimed", 2))
    ]
    frame = context.estimand(results.frame(made), study).frame
    cell = frame.set_index("attribute").at["Intercurrent event: treatment stopped", "patients"]
    assert cell == "0 of 18; 2 more, date unknown"


@pytest.mark.parametrize("pairs", [8, 5])
def test_the_estimand_counts_complete_cases_and_says_who_stands_aside(pairs, eight, study):
    patients, events = eight
    where = {"week": 12, "missing": "observed", "n": pairs}
    change = results.row("change", "pppasi", "mean_change", -8.0, **where)
    rows = intercurrent.intercurrent(events, patients, None, study)
    table = context.estimand(pd.concat([rows, results.frame([change])]), study)
    assert table.frame["patients"].tolist()[-1] == str(pairs)
    assert any("3 patients without both scores" in note for note in table.notes) == (pairs == 5)


def test_the_estimand_has_the_count_of_each_event(eight, study):
    patients, events = eight
    rows = intercurrent.intercurrent(events, patients, None, study)
    table = context.estimand(rows, study).frame
    assert table["patients"].tolist() == [
        "8",
        "",
        "2 of 8 (lack of efficacy 1, reason not recorded 1); 1 more, date unknown",
        "1 of 8",
        "1 of 8",
        "not recorded",
        "",
    ]
