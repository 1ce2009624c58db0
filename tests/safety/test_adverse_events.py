"""Adverse events: by hand, against scipy, and patient by patient."""

from time import perf_counter

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ppp import results
from ppp.safety import rows as safety

START = pd.Timestamp("2023-01-01")
KINDS = ("any", "serious", "grade3", "related", "discontinued", "dose_changed", "death")
TERMS = {"acne": "Skin", "eczema": "Skin", "herpes zoster": "Infections", "headache": "Nervous"}


def day(number):
    return START + pd.Timedelta(number, "D")


@pytest.fixture
def cohort():
    """Four patients from day 0: to day 84, 84, 40 (stopped) and 0."""
    patients = pd.DataFrame(
        {
            "study_id": ["P01", "P02", "P03", "P04"],
            "start_date": START,
            "stop_date": [pd.NaT, pd.NaT, day(40), pd.NaT],
            "last_visit_date": [day(84), pd.NaT, day(84), day(0)],
        }
    )
    visits = pd.DataFrame(
        {
            "study_id": ["P01", "P02", "P02", "P03"],
            "week": [0, 0, 12, 0],
            "date": [day(0), day(0), day(84), day(0)],
        }
    )
    return patients, visits


def events(*rows):
    """Make events of (patient, term, day of onset or None) and further fields."""
    table = pd.DataFrame(
        {
            "study_id": [row[0] for row in rows],
            "term": [row[1] for row in rows],
            "soc": [TERMS[row[1]] for row in rows],
            "start_date": [pd.NaT if row[2] is None else day(row[2]) for row in rows],
        }
    )
    return table.astype({"study_id": "str", "term": "str", "start_date": "datetime64[us]"})


def estimate(rows, outcome, statistic, level="", population="all"):
    where = {"outcome": outcome, "level": level, "population": population}
    return results.one(rows, statistic=statistic, **where)


def numbers(rows, **where):
    """Map level → estimate, in the order of the rows."""
    found = results.pick(rows, **where)
    return dict(zip(found["level"], found["estimate"], strict=True))


def test_an_absent_table_is_not_recorded(cohort, study):
    rows = safety.adverse_event(None, *cohort, study)
    assert set(rows["outcome"]) == {"any"}
    assert rows["estimate"].isna().all()
    assert set(rows["code"]) == {"not_recorded"}


def test_an_empty_table_is_no_events_with_upper_bounds(cohort, study):
    rows = safety.adverse_event(events(), *cohort, study)
    years = 208 / 365.25
    for outcome in KINDS:
        row = estimate(rows, outcome, "patients")
        assert (row["estimate"], row["events"], row["n"]) == (0, 0, 4)
        assert row["ci_high"] == pytest.approx(1 - 0.025 ** (1 / 4))
        bound = estimate(rows, outcome, "upper_one_sided")
        assert bound["ci_high"] == pytest.approx(1 - 0.05 ** (1 / 4))
        assert estimate(rows, outcome, "rule_of_three")["ci_high"] == pytest.approx(3 / 4)
        for statistic in ("rate_per_100_py", "event_rate_per_100_py"):
            rate = estimate(rows, outcome, statistic)
            assert rate["ci_high"] == pytest.approx(100 * stats.chi2.ppf(0.975, 2) / 2 / years)
    assert set(numbers(rows, outcome="grade", statistic="patients").values()) == {0}
    assert results.pick(rows, outcome=["soc", "term", "soc_term", "uncaught"]).empty
    assert numbers(rows, outcome="before_treatment") == numbers(rows, outcome="after_window")
    assert set(results.pick(rows, outcome="not_emergent")["estimate"]) == {0}


def test_the_one_sided_bound_of_a_rate_worked_by_hand(cohort, study):
    rows = safety.adverse_event(events(("P01", "acne", 10)).assign(serious="no"), *cohort, study)
    row = estimate(rows, "serious", "rate_upper_one_sided")
    assert (row["estimate"], row["events"], row["n"], row["ci_level"]) == (0, 0, 4, 0.95)
    assert row["ci_high"] == pytest.approx(100 * -np.log(0.05) / (208 / 365.25))
    assert np.isnan(row["ci_low"])
    assert results.pick(rows, outcome="any", statistic="rate_upper_one_sided").empty


def test_incidence_and_rate_worked_by_hand(cohort, study):
    table = events(("P01", "acne", 10), ("P01", "acne", 30), ("P03", "headache", 20))
    rows = safety.adverse_event(table, *cohort, study)
    row = estimate(rows, "any", "patients")
    limits = stats.binomtest(2, 4).proportion_ci()
    assert (row["events"], row["n"], row["estimate"]) == (2, 4, 0.5)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((limits.low, limits.high))
    assert estimate(rows, "any", "event_count")["estimate"] == 3
    rate = estimate(rows, "any", "rate_per_100_py")
    at_risk = (10 + 84 + 20 + 0) / 365.25
    assert rate["events"] == 2
    assert rate["estimate"] == pytest.approx(200 / at_risk)
    assert rate["ci_low"] == pytest.approx(100 * stats.chi2.ppf(0.025, 4) / 2 / at_risk)
    acne = estimate(rows, "term", "rate_per_100_py", "acne")
    assert acne["estimate"] == pytest.approx(100 / ((10 + 84 + 40) / 365.25))
    every = estimate(rows, "any", "event_rate_per_100_py")
    assert (every["events"], every["n"], every["ci_level"]) == (3, 4, 0.95)
    assert every["estimate"] == pytest.approx(300 / (208 / 365.25))
    high = 100 * stats.chi2.ppf(0.975, 8) / 2 / (208 / 365.25)
    assert every["ci_high"] == pytest.approx(high)
    assert results.pick(rows, outcome="any", statistic="rule_of_three").empty


def test_only_treatment_emergent_events_count(cohort, study):
    table = events(
        ("P03", "acne", -1), ("P03", "acne", 71), ("P03", "headache", 70), ("P03", "eczema", 0)
    )
    rows = safety.adverse_event(table, *cohort, study)
    terms = results.pick(rows, outcome="term", statistic="patients")
    assert set(terms["level"]) == {"headache", "eczema"}
    assert estimate(rows, "not_emergent", "event_count")["estimate"] == 2


def test_a_first_event_after_treatment_is_incidence_but_not_rate(cohort, study):
    table = events(("P03", "headache", 70), ("P01", "headache", 10), ("P01", "headache", 90))
    rows = safety.adverse_event(table, *cohort, study)
    assert estimate(rows, "any", "patients")["events"] == 2
    rate = estimate(rows, "any", "rate_per_100_py")
    assert (rate["events"], rate["n"]) == (1, 4)
    assert rate["estimate"] == pytest.approx(100 / ((10 + 84 + 40 + 0) / 365.25))
    assert rate["note"] == "1 first affected after the end of treatment, not in the rate"


def test_an_event_after_treatment_is_not_in_the_rate_of_all_events(cohort, study):
    table = events(("P03", "acne", 10), ("P03", "acne", 40), ("P03", "acne", 41))
    rows = safety.adverse_event(table, *cohort, study)
    assert estimate(rows, "any", "event_count")["estimate"] == 3
    rate = estimate(rows, "any", "event_rate_per_100_py")
    assert (rate["events"], rate["note"]) == (2, "")
    assert estimate(rows, "any", "rate_per_100_py")["note"] == ""


def test_an_undated_event_counts_on_the_day_of_the_first_dose(cohort, study):
    rows = safety.adverse_event(events(("P03", "acne", 70), ("P03", "acne", None)), *cohort, study)
    assert estimate(rows, "any", "patients")["events"] == 1
    rate = estimate(rows, "any", "rate_per_100_py")
    assert (rate["events"], rate["estimate"]) == (1, pytest.approx(100 / (168 / 365.25)))
    assert numbers(rows, outcome="partial_date") == {"month": 0, "year": 0, "none": 1}


def test_an_event_before_the_last_dose_counts_in_no_rate_of_unknown_time(study):
    patients = pd.DataFrame({"study_id": ["P01", "P02"], "start_date": [START, pd.NaT]})
    rows = safety.adverse_event(
        events(("P01", "acne", 9), ("P02", "acne", 3)), patients, None, study
    )
    assert estimate(rows, "any", "patients")["events"] == 2
    for statistic in ("rate_per_100_py", "event_rate_per_100_py"):
        row = estimate(rows, "any", statistic)
        assert np.isnan(row["estimate"])
        assert (row["n"], row["note"]) == (0, "no time at risk")
    assert numbers(rows, outcome="partial_date") == {"month": 0, "year": 0, "none": 1}


def test_partial_dates_are_counted_by_what_is_known(cohort, study):
    table = events(*[("P01", "acne", 20)] * 6).assign(
        start_date=[day(9)] + [pd.NaT] * 5,
        start_earliest=pd.to_datetime(
            ["2023-01-10", "2023-02-01", "2023-01-01", "2023-01-01", None, "2022-01-01"]
        ),
        start_latest=pd.to_datetime(
            ["2023-01-10", "2023-02-28", "2023-01-31", "2023-12-31", None, "2022-12-31"]
        ),
    )
    rows = safety.adverse_event(table, *cohort, study)
    assert numbers(rows, outcome="partial_date") == {"month": 2, "year": 1, "none": 1}
    assert estimate(rows, "any", "event_count")["estimate"] == 5
    assert numbers(rows, outcome="before_treatment", statistic="patients") == {"": 1, "acne": 1}


def test_fields_that_were_not_recorded_are_not_zero(cohort, study):
    rows = safety.adverse_event(events(("P01", "acne", 5)), *cohort, study)
    for outcome in KINDS[1:]:
        found = results.pick(rows, outcome=outcome)
        assert found["estimate"].isna().all()
        assert "event_rate_per_100_py" in set(found["statistic"])
        row = estimate(rows, outcome, "patients")
        assert np.isnan(row["estimate"])
        assert row["code"] == ("cannot_tell" if outcome == "death" else "not_recorded")
        assert results.pick(rows, outcome=outcome, statistic="rule_of_three").empty
    assert set(results.pick(rows, outcome="grade")["note"]) == {"not recorded"}
    assert not rows["statistic"].str.startswith("worst_grade").any()
    nameless = events(("P01", "acne", 5)).drop(columns="soc")
    row = results.one(safety.adverse_event(nameless, *cohort, study), outcome="soc")
    assert row["note"] == "not recorded"


def test_severe_serious_related_and_death_worked_by_hand(cohort, study):
    table = events(
        ("P01", "acne", 1), ("P01", "acne", 2), ("P02", "headache", 3), ("P03", "eczema", 4)
    ).assign(
        grade=pd.array([1, 3, 5, pd.NA], dtype="Int64"),
        serious=["no", "no", "yes", None],
        related=["yes", "yes", "no", "no"],
        action=["interrupted", "withdrawn", "dose reduced", None],
        outcome=["recovered", "unknown", "fatal", "ongoing"],
    )
    rows = safety.adverse_event(table, *cohort, study)
    expected = {
        "serious": 1,
        "grade3": 2,
        "related": 1,
        "discontinued": 1,
        "dose_changed": 2,
        "death": 1,
    }
    for outcome, patients in expected.items():
        assert estimate(rows, outcome, "patients")["events"] == patients, outcome
    assert estimate(rows, "related", "event_count")["estimate"] == 2
    for kind in ("serious", "grade3", "dose_changed"):
        row = estimate(rows, kind, "patients")
        assert (row["note"], row["code"]) == ("not recorded for 1 of 4 events", "gap:1/4")
    assert estimate(rows, "death", "patients")["note"] == "by the outcome or the grade"


def test_a_stop_for_an_adverse_event_is_a_discontinuation(cohort, study):
    patients, visits = cohort
    patients = patients.assign(stop_reason=[None, None, "adverse event", "lack of effect"])
    table = events(("P03", "acne", 39)).assign(action="none")
    rows = safety.adverse_event(table, patients, visits, study)
    row = estimate(rows, "discontinued", "patients")
    note = "by the action taken or the reason for stopping; by that reason alone in 1"
    assert (row["events"], row["note"]) == (1, note)
    table = table.assign(action="withdrawn")
    rows = safety.adverse_event(table, patients, visits, study)
    assert estimate(rows, "discontinued", "event_count")["estimate"] == 1


def test_a_stop_because_of_death_is_a_death_once(cohort, study):
    patients, visits = cohort
    patients = patients.assign(stop_reason=[None, None, "death", "remission"])
    table = events(("P03", "acne", 39), ("P01", "headache", 5)).assign(outcome="recovered")
    rows = safety.adverse_event(table, patients, visits, study)
    row = estimate(rows, "death", "patients")
    note = "by the outcome or the reason for stopping; by that reason alone in 1"
    assert (row["events"], row["note"]) == (1, note)
    rate = estimate(rows, "death", "rate_per_100_py")
    assert (rate["events"], rate["estimate"]) == (1, pytest.approx(100 / (208 / 365.25)))
    rows = safety.adverse_event(
        table.assign(outcome=["fatal", "recovered"]), patients, visits, study
    )
    assert estimate(rows, "death", "event_count")["estimate"] == 1
    assert estimate(rows, "discontinued", "patients")["events"] == 0


def test_grades_count_each_patient_once_by_the_worst_worked_by_hand(cohort, study):
    table = events(
        ("P01", "acne", 1),
        ("P01", "acne", 2),
        ("P01", "headache", 3),
        ("P02", "acne", 4),
        ("P02", "headache", 5),
        ("P03", "headache", 6),
    ).assign(grade=pd.array([1, 2, 1, pd.NA, 3, pd.NA], dtype="Int64"))
    rows = safety.adverse_event(table, *cohort, study)
    patients = results.pick(rows, outcome="grade", statistic="patients")
    assert list(patients["level"]) == ["1", "2", "3", "4", "5", "unknown"]
    assert list(patients["events"]) == [0, 1, 1, 0, 0, 1]
    limits = stats.binomtest(1, 4).proportion_ci()
    row = estimate(rows, "grade", "patients", "2")
    assert (row["estimate"], row["ci_low"]) == (0.25, pytest.approx(limits.low))
    assert list(numbers(rows, outcome="grade", statistic="event_count").values()) == [
        2,
        1,
        1,
        0,
        0,
        2,
    ]
    assert worst(rows, "any") == {"2": 1, "3": 1, "unknown": 1}
    assert worst(rows, "term", "acne") == {"2": 1, "unknown": 1}
    assert worst(rows, "term", "headache") == {"1": 1, "3": 1, "unknown": 1}
    assert worst(rows, "soc", "Skin") == {"2": 1, "unknown": 1}
    assert worst(rows, "soc_term", "headache", "soc=Nervous") == worst(rows, "term", "headache")
    every = safety.adverse_event(table.dropna(subset="grade"), *cohort, study)
    assert "unknown" not in numbers(every, outcome="grade")


def worst(rows, outcome, level="", population="all"):
    found = results.pick(rows, outcome=outcome, level=level, population=population)
    found = found[found["statistic"].str.startswith("worst_grade_")]
    assert (found["estimate"] == found["events"]).all()
    assert found["ci_low"].isna().all()
    return dict(zip(found["statistic"].str[12:], found["events"], strict=True))


def test_repeated_episodes_are_separate_events(cohort, study):
    rows = safety.adverse_event(events(*[("P01", "acne", 10)] * 3), *cohort, study)
    assert estimate(rows, "term", "event_count", "acne")["estimate"] == 3
    assert estimate(rows, "term", "patients", "acne")["events"] == 1


def test_terms_nest_in_their_class_most_patients_first_worked_by_hand(cohort, study):
    table = events(
        ("P01", "eczema", 1),
        ("P01", "eczema", 2),
        ("P02", "acne", 3),
        ("P01", "headache", 4),
        ("P02", "headache", 5),
        ("P03", "headache", 6),
        ("P03", "herpes zoster", 7),
    )
    rows = safety.adverse_event(table, *cohort, study)
    assert numbers(rows, outcome="soc", statistic="patients") == {
        "Nervous": 0.75,
        "Skin": 0.5,
        "Infections": 0.25,
    }
    assert list(numbers(rows, outcome="soc", statistic="patients")) == [
        "Nervous",
        "Skin",
        "Infections",
    ]
    assert list(numbers(rows, outcome="term", statistic="patients")) == [
        "headache",
        "eczema",
        "acne",
        "herpes zoster",
    ]
    nested = results.pick(rows, outcome="soc_term", statistic="event_count")
    assert nested[["population", "level", "events"]].values.tolist() == [
        ["soc=Nervous", "headache", 3],
        ["soc=Skin", "eczema", 2],
        ["soc=Skin", "acne", 1],
        ["soc=Infections", "herpes zoster", 1],
    ]
    assert results.pick(rows, outcome="soc_term", statistic="rate_per_100_py").empty


def test_names_of_equal_counts_are_ordered_without_case(cohort, study):
    table = events(*[("P01", "acne", 1)] * 4).assign(term=["b", "A", "a", "C"], soc="x")
    rows = safety.adverse_event(table, *cohort, study)
    assert list(numbers(rows, outcome="term", statistic="patients")) == ["A", "a", "b", "C"]


def test_a_class_that_is_missing_in_part_is_a_level_of_its_own(cohort, study):
    table = events(("P01", "acne", 1), ("P02", "acne", 2), ("P03", "headache", 3))
    table["soc"] = pd.Series([None, "Skin", None], dtype="str")
    rows = safety.adverse_event(table, *cohort, study)
    assert numbers(rows, outcome="soc", statistic="event_count") == {"not recorded": 2, "Skin": 1}
    classes = results.pick(rows, outcome="soc", statistic="patients")
    assert classes["code"].tolist() == ["unnamed", ""]
    nested = results.pick(rows, outcome="soc_term", statistic="patients")
    assert nested[["population", "level"]].values.tolist() == [
        ["soc=not recorded", "acne"],
        ["soc=not recorded", "headache"],
        ["soc=Skin", "acne"],
    ]
    assert numbers(rows, outcome="uncaught", statistic="patients") == {"headache": 1}


def test_a_class_that_was_never_recorded_leaves_the_terms_alone(cohort, study):
    table = events(("P01", "acne", 1)).assign(soc=pd.Series([None], dtype="str"))
    rows = safety.adverse_event(table, *cohort, study)
    assert results.one(rows, outcome="soc")["note"] == "not recorded"
    assert results.pick(rows, outcome="soc_term").empty
    assert numbers(rows, outcome="term", statistic="patients") == {"acne": 0.25}


def test_a_class_recorded_before_treatment_alone_was_recorded(cohort, study):
    table = events(("P01", "acne", -9), ("P02", "headache", 3))
    table["soc"] = pd.Series(["Skin", None], dtype="str")
    rows = safety.adverse_event(table, *cohort, study)
    assert numbers(rows, outcome="soc", statistic="patients") == {"not recorded": 0.25}
    assert set(results.pick(rows, outcome="soc")["note"]) == {""}
    nested = results.pick(rows, outcome="soc_term", statistic="patients")
    assert nested[["population", "level"]].values.tolist() == [["soc=not recorded", "headache"]]


def test_events_outside_the_window_are_listed_apart_worked_by_hand(cohort, study):
    table = events(
        ("P03", "acne", -1),
        ("P03", "acne", -9),
        ("P01", "headache", -2),
        ("P03", "eczema", 71),
        ("P03", "acne", 30),
    )
    rows = safety.adverse_event(table, *cohort, study)
    before = {"outcome": "before_treatment"}
    assert numbers(rows, **before, statistic="event_count") == {"": 3, "acne": 2, "headache": 1}
    assert numbers(rows, **before, statistic="patients") == {"": 2, "acne": 1, "headache": 1}
    assert numbers(rows, outcome="after_window", statistic="patients") == {"": 1, "eczema": 1}
    assert estimate(rows, "not_emergent", "event_count")["estimate"] == 4
    listed = results.pick(rows, outcome=["before_treatment", "after_window"])
    assert set(listed["n"]) == {4}
    assert listed["ci_low"].isna().all()


def test_ten_thousand_patients_and_two_hundred_thousand_events_take_seconds(study):
    rng, n, m = np.random.default_rng(1), 10_000, 200_000
    ids = np.array([f"P{i:05d}" for i in range(n)])
    patients = pd.DataFrame({"study_id": ids, "start_date": START})
    patients["stop_date"] = START + pd.to_timedelta(rng.integers(1, 365, n), "D")
    term = rng.integers(0, 400, m)
    table = pd.DataFrame(
        {
            "study_id": ids[rng.integers(0, n, m)],
            "term": np.array([f"term {i}" for i in range(400)])[term],
            "soc": np.array([f"class {i}" for i in range(26)])[term % 26],
            "start_date": START + pd.to_timedelta(rng.integers(-20, 400, m), "D"),
            "grade": pd.array(rng.integers(1, 4, m), dtype="Int64"),
            "serious": np.array(["yes", "no"])[rng.integers(0, 2, m)],
        }
    )
    began = perf_counter()
    rows = safety.adverse_event(table, patients, None, study)
    assert perf_counter() - began < 30
    total = estimate(rows, "any", "event_count")["estimate"]
    assert total + estimate(rows, "not_emergent", "event_count")["estimate"] == m


@pytest.mark.parametrize(("yes", "columns"), [(1, 0), (2, 2)])
def test_a_group_of_one_patient_has_no_column(cohort, study, yes, columns):
    patients, visits = cohort
    patients = patients.assign(sapho=["yes"] * yes + ["no"] * (4 - yes))
    rows = safety.adverse_event(events(("P01", "acne", 3)), patients, visits, study)
    by_group = results.pick(rows, outcome="any", statistic="group_patients")
    assert len(by_group) == columns
