"""Time to the first adverse event, worked by hand."""

from math import exp, log, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ppp import results
from ppp.safety import figures, sentences, tables, timing
from ppp.safety import rows as safety
from ppp.safety.rows.incidence import first_events, time_to_event

START = pd.Timestamp("2023-01-01")
Z = stats.norm.ppf(0.975)


def day(number):
    return pd.NaT if number is None else START + pd.Timedelta(number, "D")


def patients(*stops, **more):
    ids = [f"P{i}" for i in range(1, len(stops) + 1)]
    stops = [day(stop) for stop in stops]
    return pd.DataFrame({"study_id": ids, "start_date": START, "stop_date": stops, **more})


def events(*rows):
    table = pd.DataFrame(rows, columns=["study_id", "start"])
    dates = pd.Series([day(x) for x in table["start"]], dtype="datetime64[us]")
    return pd.DataFrame({"study_id": table["study_id"], "term": "acne", "start_date": dates})


FIVE = patients(84, 84, 84, 40, 20, sapho=["yes", "yes", "no", "no", None])
"""P1 day 10; P2 day 28; P3 never; P4 after the end; P5 never, left on day 20."""
THEIRS = events(("P1", 10), ("P1", 50), ("P2", 28), ("P4", 50), ("P3", -5))


def test_first_events_worked_by_hand(study):
    found = first_events(THEIRS, FIVE, None, study)
    assert found["days"].tolist() == [10, 28, 84, 40, 20]
    assert found["event"].tolist() == [True, True, False, False, False]


def test_cumulative_incidence_of_five_patients_worked_by_hand(study):
    rows = time_to_event(THEIRS, FIVE, None, study)
    found = results.pick(rows, statistic="cumulative_incidence", group="all").set_index("week")
    assert list(found.index) == [4, 8, 12]
    assert found["estimate"].tolist() == pytest.approx([1 - 4 / 5 * 2 / 3] * 3)
    assert found["events"].tolist() == [2, 2, 2]
    assert set(found["n"]) == {5}
    left, spread = 4 / 5 * 2 / 3, 1 / (5 * 4) + 1 / (3 * 2)
    half = Z * sqrt(spread) / abs(log(left))
    limits = [1 - left ** exp(-half), 1 - left ** exp(half)]
    assert found.loc[4, ["ci_low", "ci_high"]].tolist() == pytest.approx(limits)
    assert set(found["ci_level"]) == {0.95}


def test_numbers_at_risk_and_the_curve_worked_by_hand(study):
    rows = time_to_event(THEIRS, FIVE, None, study)
    left = results.pick(rows, statistic="at_risk", group="all")
    assert left[["week", "estimate", "n"]].values.tolist() == [
        [0, 5, 5],
        [4, 3, 5],
        [8, 1, 5],
        [12, 1, 5],
    ]
    curve = results.pick(rows, statistic="curve", group="all")
    assert curve[["level", "n", "events"]].values.tolist() == [["10", 5, 1], ["28", 3, 2]]
    assert curve["estimate"].tolist() == pytest.approx([0.2, 7 / 15])
    assert curve[["ci_low", "ci_high"]].notna().all(axis=None)


def test_log_rank_of_two_groups_worked_by_hand(study):
    rows = time_to_event(THEIRS, FIVE, None, study)
    row = results.one(rows, statistic="log_rank")
    expected, variance = 2 / 4 + 1 / 3, 1 / 4 + 1 / 3 * 2 / 3
    chi2 = (2 - expected) ** 2 / variance
    assert row["group"] == "sapho=yes-no"
    assert row["estimate"] == pytest.approx(chi2)
    assert row["p_value"] == pytest.approx(stats.chi2.sf(chi2, 1))
    assert (row["n"], row["events"]) == (4, 2)


def test_groups_are_told_apart_and_a_missing_group_is_in_all_alone(study):
    rows = time_to_event(THEIRS, FIVE, None, study)
    n = results.pick(rows, statistic="at_risk", week=0).set_index("group")["n"]
    assert n.to_dict() == {"all": 5, "sapho=yes": 2, "sapho=no": 2}
    alone = time_to_event(THEIRS, FIVE.drop(columns="sapho"), None, study)
    assert set(alone["group"]) == {"all"}
    assert results.pick(alone, statistic="log_rank").empty


def test_before_the_first_event_the_bound_is_exact_for_those_at_risk(study):
    rows = time_to_event(events(("P1", 60)), FIVE, None, study)
    row = results.one(rows, statistic="cumulative_incidence", group="all", week=4)
    assert (row["estimate"], row["ci_low"], row["events"], row["n"]) == (0, 0, 0, 5)
    assert row["ci_high"] == pytest.approx(1 - 0.025 ** (1 / 4))
    assert "Clopper–Pearson" in row["method"]


def test_beyond_the_longest_time_nothing_is_known(study):
    rows = time_to_event(events(("P1", 10)), patients(40, 40), None, study)
    found = results.pick(rows, statistic="cumulative_incidence").set_index("week")
    assert found.loc[4, "estimate"] == 0.5
    assert found.loc[[8, 12], "estimate"].isna().all()
    assert set(found.loc[[8, 12], "note"]) == {"nobody observed so long"}
    left = results.pick(rows, statistic="at_risk").set_index("week")["estimate"]
    assert left.to_dict() == {0: 2, 4: 1, 8: 0, 12: 0}


def test_once_everybody_had_an_event_the_incidence_stays_one(study):
    rows = time_to_event(events(("P1", 3), ("P2", 30)), patients(84, 84), None, study)
    found = results.pick(rows, statistic="cumulative_incidence").set_index("week")
    assert found["estimate"].tolist() == [0.5, 1, 1]
    assert found.loc[[8, 12], ["ci_low", "ci_high", "ci_level"]].isna().all(axis=None)
    assert set(found.loc[[8, 12], "note"]) == {"everybody observed had the event"}
    rows = time_to_event(events(("P1", 3), ("P2", 30)), patients(84, 84, 9), None, study)
    last = results.one(rows, statistic="cumulative_incidence", week=12)
    assert (last["estimate"], last["events"], last["n"]) == (1, 2, 3)
    assert last["note"].startswith("everybody still at risk had the event")


def test_no_events_and_no_table_differ(study):
    none = time_to_event(events(), FIVE, None, study)
    found = results.pick(none, statistic="cumulative_incidence", group="all")
    assert set(found["estimate"]) == {0}
    assert results.pick(none, statistic="curve").empty
    assert "nothing to test" in results.one(none, statistic="log_rank")["note"]
    absent = time_to_event(None, FIVE, None, study)
    row = results.one(absent)
    assert np.isnan(row["estimate"])
    assert (row["outcome"], row["statistic"], row["note"]) == (
        "any",
        "cumulative_incidence",
        "not recorded",
    )


def test_the_plain_share_is_coded_where_nobody_left_before(study):
    rows = time_to_event(events(("P1", 30)), patients(84, 84, 40), None, study)
    by_week = results.pick(rows, statistic="cumulative_incidence")
    assert by_week["code"].tolist() == ["no_event", "crude", "crude"]
    left = time_to_event(events(("P1", 60)), patients(84, 84, 40), None, study)
    assert results.one(left, statistic="cumulative_incidence", week=12)["code"] == ""


def test_a_patient_without_a_known_time_is_left_out_and_said_so(study):
    rows = time_to_event(events(("P1", 10), ("P2", 5)), patients(84, None, 84), None, study)
    row = results.one(rows, statistic="cumulative_incidence", week=4)
    assert (row["n"], row["events"], row["estimate"]) == (2, 1, 0.5)
    assert "time on treatment unknown in 1" in row["note"]


def test_an_undated_event_among_dated_ones_falls_on_the_day_of_the_first_dose(study):
    rows = time_to_event(events(("P1", None), ("P2", 7)), patients(84, 84), None, study)
    assert results.pick(rows, statistic="curve")["level"].tolist() == ["0", "7"]
    assert results.one(rows, statistic="at_risk", week=0)["estimate"] == 2


def test_once_everybody_had_an_event_there_are_no_limits_and_a_reason(study):
    rows = time_to_event(events(("P1", 3), ("P2", 3)), patients(84, 84), None, study)
    row = results.one(rows, statistic="curve")
    assert (row["estimate"], row["n"], row["events"]) == (1, 2, 2)
    assert row[["ci_low", "ci_high", "ci_level"]].isna().all()
    assert "no limits" in row["note"]


def test_weeks_count_from_baseline(make_study):
    study = make_study("[schedule]\nbaseline = 2\nweeks = [2, 6]\nprimary = 6\n")
    rows = time_to_event(events(("P1", 28)), patients(84, 84), None, study)
    row = results.one(rows, statistic="cumulative_incidence")
    assert (row["week"], row["estimate"]) == (6, 0.5)
    assert results.pick(rows, statistic="at_risk")["week"].tolist() == [2, 6]


def test_a_group_of_one_patient_has_neither_curve_nor_test(make_cohort, study):
    patients, visits = make_cohort(2)
    one = patients.index == patients.index[patients["sapho"].notna()][0]
    patients["sapho"] = patients["sapho"].mask(patients["sapho"].notna(), "no").mask(one, "yes")
    none = pd.DataFrame({"study_id": [], "term": [], "start_date": pd.to_datetime([])})
    rows = time_to_event(none, patients, visits, study)
    test = results.one(rows, statistic="log_rank")
    assert (test["group"], test["code"]) == ("sapho=yes", "one_patient")
    assert set(rows["group"]) == {"all", "sapho=yes"} and np.isnan(test["p_value"])


def test_where_no_event_carries_a_date_no_time_is_given(study):
    """Counts stay; times, rates, symbols and days do not; one dated event brings them back."""
    treated = (patients(84, 84), None, study)
    table = events(("P1", None), ("P2", None))
    time = time_to_event(table, *treated)
    row = results.one(time)
    assert np.isnan(row["estimate"]) and row["code"] == "time_unknown"
    harms = safety.adverse_event(table, *treated)
    kept = results.one(harms, outcome="any", statistic="patients", level="", group="all")
    assert kept["events"] == 2
    rates = harms[harms["statistic"].str.contains("rate_")]
    assert len(rates) and rates["estimate"].isna().all() and set(rates["code"]) == {"time_unknown"}
    assert safety.course(table, *treated).events.empty
    listed = safety.listing(table, *treated)
    assert listed["day"].isna().all()
    rows = pd.concat([harms, time], ignore_index=True)
    said = str(sentences.events(rows, study))
    assert (
        said.count("No event carries a date") == 1 and "all 2 are counted as on treatment" in said
    )
    shown = tables.listing(listed, rows, study)
    assert "*" not in shown.to_text() and "(" not in "".join(shown.frame["events"])
    assert str(timing.time_to_event(rows, study)) == ""
    assert "No event began" not in str(sentences.outside_treatment(rows, study))
    drawn = figures.swimmer(rows, safety.course(table, *treated), study)
    assert "Symbols" not in drawn.caption and "carries a date" in drawn.caption
    one = events(("P1", None), ("P2", 7))
    assert "time_unknown" not in set(time_to_event(one, *treated)["code"])
    assert len(safety.course(one, *treated).events) == 2
