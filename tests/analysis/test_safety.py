"""Exposure and adverse events: by hand, against scipy, and patient by patient."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ppp import results
from ppp.analysis import safety

START = pd.Timestamp("2023-01-01")
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


def estimate(rows, outcome, statistic, level=""):
    return results.one(rows, outcome=outcome, statistic=statistic, level=level)


def test_exposure_worked_by_hand(cohort, study):
    rows = safety.exposure(*cohort, study).set_index("statistic")
    years = np.array([84, 84, 40, 0]) / 365.25
    assert set(rows["n"]) == {4}
    assert rows.loc["sum", "estimate"] == pytest.approx(years.sum())
    assert rows.loc["median", "estimate"] == pytest.approx(62 / 365.25)
    assert rows.loc["min", "estimate"] == 0
    assert rows.loc["max", "estimate"] == pytest.approx(84 / 365.25)
    assert set(rows["note"]) == {""}
    told = "start to stop in 1, to the last visit in 3, by visit week in 0"
    assert set(rows["method"]) == {told}


def test_exposure_without_dates_comes_from_the_last_visits_week(study):
    patients = pd.DataFrame({"study_id": ["P01", "P02", "P03"]})
    visits = pd.DataFrame({
        "study_id": ["P01", "P01", "P02", "P02"], "week": [0, 12, 4, 12], "pga": [3, 1, 2, None],
    })  # fmt: skip
    rows = safety.exposure(patients, visits, study).set_index("statistic")
    assert rows.loc["sum", "estimate"] == pytest.approx(16 * 7 / 365.25)
    assert rows.loc["sum", "n"] == 2
    assert "unknown in 1" in rows.loc["sum", "note"]
    assert "start to stop in 0" in rows.loc["sum", "method"]
    assert "by visit week in 2" in rows.loc["sum", "method"]


def test_exposure_of_nobody_is_empty_with_a_reason(study):
    rows = safety.exposure(pd.DataFrame({"study_id": ["P01"]}), None, study)
    assert rows["estimate"].isna().all()
    assert set(rows["note"]) == {"no data"}


def test_an_absent_table_is_not_recorded(cohort, study):
    rows = safety.adverse_event(None, *cohort, study)
    assert set(rows["outcome"]) == {"any"}
    assert rows["estimate"].isna().all()
    assert set(rows["note"]) == {"not recorded"}


def test_an_empty_table_is_no_events_with_upper_bounds(cohort, study):
    rows = safety.adverse_event(events(), *cohort, study)
    for outcome in ("any", "serious", "grade3", "related", "discontinued", "death"):
        row = estimate(rows, outcome, "patients")
        assert (row["estimate"], row["events"], row["n"]) == (0, 0, 4)
        assert row["ci_high"] == pytest.approx(1 - 0.025 ** (1 / 4))
        bound = estimate(rows, outcome, "upper_one_sided")
        assert bound["ci_high"] == pytest.approx(1 - 0.05 ** (1 / 4))
        assert estimate(rows, outcome, "rule_of_three")["ci_high"] == pytest.approx(3 / 4)
        rate = estimate(rows, outcome, "rate_per_100_py")
        expected = 100 * stats.chi2.ppf(0.975, 2) / 2 / (208 / 365.25)
        assert rate["ci_high"] == pytest.approx(expected)


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


def test_an_undated_event_beside_a_late_one_counts_at_the_end_of_treatment(cohort, study):
    rows = safety.adverse_event(events(("P03", "acne", 70), ("P03", "acne", None)), *cohort, study)
    rate = estimate(rows, "any", "rate_per_100_py")
    assert (rate["events"], rate["estimate"]) == (1, pytest.approx(100 / (208 / 365.25)))


def test_an_event_without_a_date_counts_and_is_noted(cohort, study):
    rows = safety.adverse_event(events(("P02", "acne", None)), *cohort, study)
    row = estimate(rows, "any", "patients")
    assert row["events"] == 1
    assert row["note"] == "1 without a known onset, counted"
    assert estimate(rows, "any", "rate_per_100_py")["estimate"] == pytest.approx(36525 / 208)


def test_fields_that_were_not_recorded_are_not_zero(cohort, study):
    rows = safety.adverse_event(events(("P01", "acne", 5)), *cohort, study)
    for outcome in ("serious", "grade3", "related", "discontinued", "death"):
        row = estimate(rows, outcome, "patients")
        assert np.isnan(row["estimate"])
        assert row["note"] == "not recorded"
        assert results.pick(rows, outcome=outcome, statistic="rule_of_three").empty
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
        action=["none", "Drug withdrawn", "dose reduced", "not withdrawn"],
        outcome=["recovered", "not fatal", "Fatal", "ongoing"],
    )
    rows = safety.adverse_event(table, *cohort, study)
    expected = {"serious": 1, "grade3": 2, "related": 1, "discontinued": 1, "death": 1}
    for outcome, patients in expected.items():
        assert estimate(rows, outcome, "patients")["events"] == patients, outcome
    assert estimate(rows, "related", "event_count")["estimate"] == 2
    assert "1 of 4 events" in estimate(rows, "grade3", "patients")["note"]


def test_a_stop_for_an_adverse_event_is_a_discontinuation(cohort, study):
    patients, visits = cohort
    patients = patients.assign(stop_reason=[None, None, "Adverse event", "lack of effect"])
    table = events(("P03", "acne", 39)).assign(action="none")
    rows = safety.adverse_event(table, patients, visits, study)
    row = estimate(rows, "discontinued", "patients")
    assert (row["events"], row["note"]) == (1, "by the action taken or the reason for stopping")
    table = table.assign(action="drug withdrawn")
    rows = safety.adverse_event(table, patients, visits, study)
    assert estimate(rows, "discontinued", "event_count")["estimate"] == 1


def random_events(patients, seed, n=60):
    rng = np.random.default_rng(seed)
    chosen = patients.iloc[rng.integers(0, len(patients), n)].reset_index(drop=True)
    onset = chosen["start_date"] + pd.to_timedelta(rng.integers(-20, 140, n), "D")
    terms = np.array(list(TERMS))[rng.integers(0, len(TERMS), n)]
    return pd.DataFrame(
        {
            "study_id": chosen["study_id"],
            "term": terms,
            "soc": [TERMS[term] for term in terms],
            "start_date": onset.where(rng.random(n) > 0.1),
            "grade": pd.array(rng.integers(1, 6, n), dtype="Int64"),
        }
    )


@pytest.mark.parametrize("seed", range(4))
def test_every_term_matches_a_recount_patient_by_patient(seed, make_cohort, study):
    patients, visits = make_cohort(seed)
    table = random_events(patients, seed)
    rows = safety.adverse_event(table, patients, visits, study)
    for term in TERMS:
        patients_with, in_time, count, days = 0, 0, 0, 0.0
        for p in patients.itertuples():
            end = p.last_visit_date if pd.isna(p.stop_date) else p.stop_date
            theirs = table[(table["study_id"] == p.study_id) & (table["term"] == term)]
            onsets = theirs["start_date"]
            inside = theirs[
                onsets.isna() | onsets.between(p.start_date, end + pd.Timedelta(30, "D"))
            ]
            whole = (end - p.start_date).days
            first = (inside["start_date"].fillna(end).min() - p.start_date).days
            patients_with += len(inside) > 0
            in_time += first <= whole
            count += len(inside)
            days += np.fmin(first, whole)
        assert estimate(rows, "term", "patients", term)["events"] == patients_with
        assert estimate(rows, "term", "event_count", term)["estimate"] == count
        rate = estimate(rows, "term", "rate_per_100_py", term)
        assert rate["estimate"] == pytest.approx(100 * in_time / (days / 365.25))


@pytest.mark.parametrize("seed", range(3))
def test_totals_are_coherent_and_do_not_depend_on_order(seed, make_cohort, study):
    patients, visits = make_cohort(seed)
    table = random_events(patients, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = safety.adverse_event(table, patients, visits, study)
        shuffled = safety.adverse_event(table[::-1], patients[::-1], visits[::-1], study)
    pd.testing.assert_frame_equal(rows, shuffled, rtol=1e-12)
    assert not rows.duplicated(results.KEY).any()
    total = estimate(rows, "any", "event_count")["estimate"]
    for outcome in ("soc", "term"):
        parts = results.pick(rows, outcome=outcome, statistic="event_count")
        assert parts["estimate"].sum() == total
    for term, soc in TERMS.items():
        parent = estimate(rows, "soc", "patients", soc)["events"]
        assert parent >= estimate(rows, "term", "patients", term)["events"]
    kept = int(total) + estimate(rows, "not_emergent", "event_count")["estimate"]
    assert kept == len(table)


def labs(*values, **limits):
    """Make values of one test: (patient, week, value)."""
    table = pd.DataFrame(values, columns=["study_id", "week", "value"])
    return table.assign(test="ALT", **limits)


def shifts(rows):
    found = results.pick(rows, analysis="lab_shift").set_index("level")
    return found.loc[found["events"] > 0, "events"].to_dict(), set(found["n"])


def test_lab_shifts_worked_by_hand(study):
    table = labs(
        ("P01", 0, 20), ("P01", 4, 45), ("P01", 12, 30),
        ("P02", 0, 50), ("P02", 4, 60),
        ("P03", 0, 20), ("P03", 4, 5), ("P03", 12, 100),
        ("P04", 0, 20), ("P04", 12, 40),
        ("P05", 0, 20), ("P05", 4, None),
        ("P06", 4, 20),
        lln=10.0, uln=40.0,
    )  # fmt: skip
    patients = pd.DataFrame({"study_id": [f"P0{i}" for i in range(1, 7)]})
    rows = safety.lab_shift(table, patients, study)
    assert len(rows) == 9
    counts = {"normal→high": 2, "high→high": 1, "normal→normal": 1}
    assert shifts(rows) == (counts, {4})


def test_lab_dates_are_placed_by_the_start_of_treatment(study):
    table = pd.DataFrame(
        {
            "study_id": ["P01"] * 3,
            "test": "CK",
            "value": [500.0, 100.0, 20.0],
            "lln": 40.0,
            "uln": 200.0,
            "date": [day(-30), day(-2), day(28)],
        }
    )
    patients = pd.DataFrame({"study_id": ["P01"], "start_date": [START]})
    assert shifts(safety.lab_shift(table, patients, study)) == ({"normal→low": 1}, {1})


def test_labs_without_limits_or_without_a_table(study):
    patients = pd.DataFrame({"study_id": ["P01"]})
    assert safety.lab_shift(None, patients, study).empty
    row = safety.lab_shift(labs(("P01", 0, 20)), patients, study).iloc[0]
    assert np.isnan(row["estimate"])
    assert row["note"] == "no value with both a reference limit and a time"
