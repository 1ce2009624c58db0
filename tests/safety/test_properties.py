"""What holds for adverse events whatever the data: generated tables of a few patients."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from ppp import results
from ppp.safety import rows as safety
from ppp.study import Study

START = pd.Timestamp("2023-03-15")
CLASSES = {
    "Acne": "Skin",
    "Eczema": "Skin",
    "Herpes zoster": "Infections",
    "Headache": None,
    "Pneumonia": "Infections",
    "Peripheral artery occlusion": "Vascular",
}
FEW = settings(max_examples=5)
FEWER = settings(max_examples=3)
DATES = ["start_date", "start_earliest", "start_latest"]
SUBJECT = ["outcome", "population", "level"]
CATEGORIES = ["interest", "common"]


@pytest.fixture(scope="module")
def study():
    return Study.load("data/demo")


@st.composite
def patients_of_a_study(draw):
    days = draw(st.lists(st.integers(0, 100), min_size=1, max_size=8))
    ids = [f"P{number:02d}" for number in range(1, len(days) + 1)]
    sapho = [draw(st.sampled_from(["yes", "no", None])) for _ in ids]
    return pd.DataFrame(
        {
            "study_id": pd.Series(ids, dtype="str"),
            "sapho": pd.Series(sapho, dtype="str"),
            "start_date": START,
            "stop_date": START + pd.to_timedelta(days, unit="D"),
        }
    )


@st.composite
def an_event(draw, ids):
    term = draw(st.sampled_from(sorted(CLASSES)))
    yes_no = st.sampled_from(["yes", "no", None])
    return {
        "study_id": draw(st.sampled_from(ids)),
        "term": term,
        "soc": CLASSES[term],
        **dict(zip(DATES, draw(dates()), strict=True)),
        "grade": draw(st.sampled_from([1, 2, 3, 4, 5, None])),
        "serious": draw(yes_no),
        "related": draw(yes_no),
        "action": draw(st.sampled_from(["none", "interrupted", "withdrawn", None])),
        "outcome": draw(st.sampled_from(["recovered", "fatal", None])),
    }


@st.composite
def dates(draw):
    day = START + pd.Timedelta(draw(st.integers(-60, 150)), "D")
    known = draw(st.sampled_from(["day", "day", "month", "year", "none"]))
    if known in ("day", "none"):
        return (day,) * 3 if known == "day" else (pd.NaT,) * 3
    span = day.to_period(known[0].upper())
    return pd.NaT, span.start_time, span.end_time.normalize()


def frame(rows):
    columns = [
        "study_id",
        "term",
        "soc",
        *DATES,
        "grade",
        "serious",
        "related",
        "action",
        "outcome",
    ]
    types = dict.fromkeys(columns, "str") | dict.fromkeys(DATES, "datetime64[us]")
    return pd.DataFrame(rows, columns=columns).astype(types | {"grade": "Int64"})


@st.composite
def cohorts(draw):
    patients = draw(patients_of_a_study())
    events = st.lists(an_event(list(patients["study_id"])), max_size=20)
    return patients, frame(draw(events))


def counts(rows, statistic):
    found = results.pick(rows, analysis="adverse_event", statistic=statistic)
    return found.set_index(SUBJECT)["events"].dropna().astype(int)


def adverse_event(events, patients, study):
    return safety.adverse_event(events, patients, None, study)


@FEW
@given(cohorts())
def test_no_share_is_over_one_and_no_patient_without_an_event(study, cohort):
    patients, events = cohort
    rows = adverse_event(events, patients, study)
    whole = rows[~rows["statistic"].eq("group_patients") & ~rows["outcome"].eq("duration")]
    assert (whole["n"].dropna() == len(patients)).all()
    shares = results.pick(rows, statistic="patients")
    shares = shares[shares["ci_high"].notna()]
    assert shares["estimate"].between(0, 1).all()
    assert (shares["ci_low"] <= shares["estimate"]).all()
    assert (shares["estimate"] <= shares["ci_high"]).all() and (shares["ci_high"] <= 1).all()
    k, n = counts(rows, "patients"), counts(rows, "event_count")
    n, k = n.align(k, join="inner")
    worst = k.index.get_level_values("outcome") == "grade"
    assert (k <= n).all() and ((k > 0) == (n > 0))[~worst].all()


@FEW
@given(cohorts())
def test_a_class_and_a_category_hold_their_terms(study, cohort):
    patients, events = cohort
    rows = adverse_event(events, patients, study)
    inner = results.pick(rows, outcome="soc_term")
    for population, terms in inner.groupby("population"):
        whole = results.pick(rows, outcome="soc", level=population.removeprefix("soc="))
        for statistic in ("patients", "event_count"):
            parts = results.pick(terms, statistic=statistic)["events"]
            events_of_class = results.one(whole, statistic=statistic)["events"]
            assert parts.max() <= events_of_class <= parts.sum()
            if statistic == "event_count":
                assert events_of_class == parts.sum()
    classed = (results.pick(rows, outcome="soc")["level"] != "").any()
    for outcome in ("soc", "term") if classed else ("term",):
        parts = results.pick(rows, outcome=outcome, statistic="event_count")["events"]
        assert parts.sum() == counts(rows, "event_count")["any", "all", ""]
    check_categories(rows)


def check_categories(rows):
    for statistic in ("patients", "event_count"):
        parts = results.pick(rows, outcome="interest_term", statistic=statistic)
        of = parts.groupby(parts["population"].str.removeprefix("interest="))["events"]
        whole = results.pick(rows, outcome=CATEGORIES, statistic=statistic)
        whole = whole.set_index("level")["events"].dropna()
        assert set(of.groups) == set(whole.index[whole > 0])
        for category, terms in of:
            assert terms.max() <= whole[category] <= terms.sum()
            assert statistic == "patients" or whole[category] == terms.sum()


@FEW
@given(cohorts())
def test_each_patient_has_one_worst_grade(study, cohort):
    patients, events = cohort
    rows = adverse_event(events, patients, study)
    worst = rows[rows["statistic"].str.startswith("worst_grade_")]
    whole = counts(rows, "patients")
    for subject, k in worst.groupby(SUBJECT)["events"].sum().items():
        assert k == whole[subject]
    for statistic in ("patients", "event_count"):
        by_grade = results.pick(rows, outcome="grade", statistic=statistic).dropna(subset="events")
        wanted = counts(rows, statistic)["any", "all", ""] if len(by_grade) else 0
        assert by_grade["events"].sum() == wanted


@FEWER
@given(cohorts(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_of_no_consequence(study, cohort, chance):
    patients, events = cohort
    order = chance.sample(range(len(events)), len(events))
    shuffled = events.iloc[order].set_axis(range(len(events)))
    turned = patients.iloc[::-1].reset_index(drop=True)
    for analysis in (safety.adverse_event, safety.time_to_event):
        once = analysis(events, patients, None, study)
        assert_frame_equal(analysis(shuffled, turned, None, study), once)


@FEWER
@given(cohorts(), st.data())
def test_another_patients_event_lowers_no_count(study, cohort, data):
    patients, events = cohort
    newcomer = patients.tail(1).assign(study_id="P99")
    more = pd.concat([patients, newcomer], ignore_index=True)
    event = frame([data.draw(an_event(["P99"]))])
    before = adverse_event(events, more, study)
    after = adverse_event(pd.concat([events, event], ignore_index=True), more, study)
    for statistic in ("patients", "event_count"):
        old, new = (counts(rows, statistic) for rows in (before, after))
        new = new.reindex(old.index).fillna(0)
        assert (new >= old).all() and (new <= old + 1).all()


@FEW
@given(cohorts())
def test_rates_count_what_came_on_treatment(study, cohort):
    patients, events = cohort
    rows = adverse_event(events, patients, study)
    first, every = counts(rows, "rate_per_100_py"), counts(rows, "event_rate_per_100_py")
    assert (first <= counts(rows, "patients").reindex(first.index)).all()
    assert (every <= counts(rows, "event_count").reindex(every.index)).all()
    assert (first <= every).all() and ((first > 0) == (every > 0)).all()
    years = (patients["stop_date"] - patients["start_date"]).dt.days.sum() / 365.25
    rates = results.pick(rows, statistic="rate_per_100_py").dropna(subset="estimate")
    assert (rates["estimate"] >= 100 * rates["events"] / years - 1e-9).all()
    assert not np.isinf(rows[["estimate", "ci_low", "ci_high"]].to_numpy()).any()


@FEW
@given(cohorts())
def test_incidence_lies_in_0_to_1_and_never_falls(study, cohort):
    patients, events = cohort
    rows = safety.time_to_event(events, patients, None, study)
    for _, found in results.pick(rows, analysis="time_to_event").groupby("group"):
        curve = results.pick(found, statistic="curve")
        curve = curve.iloc[curve["level"].astype(float).argsort()]
        weeks = results.pick(found, statistic="cumulative_incidence").sort_values("week")
        at_risk = results.pick(found, statistic="at_risk").sort_values("week")
        for table in (curve, weeks):
            known = table.dropna(subset="estimate")
            assert known["estimate"].between(0, 1).all()
            assert known["estimate"].is_monotonic_increasing
            limits = known.dropna(subset=["ci_low", "ci_high"])
            assert (limits["ci_low"] <= limits["estimate"] + 1e-12).all()
            assert (limits["estimate"] <= limits["ci_high"] + 1e-12).all()
            assert limits[["ci_low", "ci_high"]].stack().between(0, 1).all()
        assert at_risk["estimate"].is_monotonic_decreasing
        assert curve["events"].is_monotonic_increasing


@FEWER
@given(patients_of_a_study())
def test_a_table_that_is_absent_is_not_an_empty_one(study, patients):
    absent, empty = (adverse_event(table, patients, study) for table in (None, frame([])))
    assert absent["estimate"].isna().all()
    assert set(absent["code"]) == {"not_recorded"}
    assert set(counts(empty, "patients")) == set(counts(empty, "event_count")) == {0}
    none = results.pick(empty, outcome=CATEGORIES, statistic="patients")
    assert len(none) and none["ci_high"].gt(0).all()
    absent, empty = (
        safety.time_to_event(table, patients, None, study) for table in (None, frame([]))
    )
    assert absent["estimate"].isna().all() and set(absent["code"]) == {"not_recorded"}
    assert results.pick(empty, statistic="curve").empty
    known = results.pick(empty, statistic="cumulative_incidence")["estimate"].dropna()
    assert (known == 0).all()
