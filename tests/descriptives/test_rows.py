"""Flow, summaries, counts and balance, against plain pandas and by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ppp import results
from ppp.cohort import groups
from ppp.descriptives import rows as descriptives
from ppp.errors import StudyError

SUMMARIES = {
    "mean": np.mean,
    "sd": lambda x: np.std(x, ddof=1),
    "median": np.median,
    "q1": lambda x: np.percentile(x, 25),
    "q3": lambda x: np.percentile(x, 75),
    "min": np.min,
    "max": np.max,
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("group", ["all", "sapho=yes"])
def test_summaries_match_numpy(seed, group, make_cohort, study):
    patients, visits = make_cohort(seed)
    rows = descriptives.summary(patients, visits, study, group=group)
    chosen = patients if group == "all" else patients.query("sapho == 'yes'")
    for field in ("pppasi", "dlqi", "pga", "crp_mg_l"):
        for week in (0, 4, 8, 12):
            seen = visits[(visits["week"] == week) & visits["study_id"].isin(chosen["study_id"])]
            values = seen[field].dropna().to_numpy()
            found = results.pick(rows, outcome=field, week=week, group=group, missing="observed")
            found = found.set_index("statistic")
            assert (found["n"] == len(values)).all()
            assert found.loc["n_missing", "estimate"] == len(chosen) - len(values)
            for name, function in SUMMARIES.items():
                assert found.loc[name, "estimate"] == pytest.approx(function(values))


def test_patient_fields_have_no_week_and_no_missing_rule(make_cohort, study):
    rows = descriptives.summary(*make_cohort(1), study)
    age = results.pick(rows, outcome="age_years")
    assert age["week"].isna().all()
    assert set(age["missing"]) == {""}
    assert len(results.pick(rows, week=6)) == 0


def test_nothing_recorded_at_a_week_is_empty_with_a_reason(make_cohort, study):
    patients, visits = make_cohort(2)
    visits = visits[visits["week"] != 12]
    rows = results.pick(descriptives.summary(patients, visits, study), outcome="dlqi", week=12)
    by_name = rows.set_index("statistic")
    assert by_name.loc["n_missing", "estimate"] == len(patients)
    assert by_name.drop("n_missing")["estimate"].isna().all()
    assert set(by_name.drop("n_missing")["note"]) == {"no data"}


def test_one_patient_has_a_mean_but_no_sd(make_cohort, study):
    patients, visits = make_cohort(3, n=1, missing=0)
    rows = descriptives.summary(patients, visits, study)
    age = results.pick(rows, outcome="age_years").set_index("statistic")
    assert age.loc["mean", "estimate"] == patients["age_years"][0]
    assert np.isnan(age.loc["sd", "estimate"])
    assert age.loc["sd", "note"] == "needs two values"


@pytest.mark.parametrize("seed", range(3))
def test_counts_match_value_counts(seed, make_cohort, study):
    patients, visits = make_cohort(seed)
    rows = descriptives.count(patients, visits, study)
    for field in ("sex", "sapho"):
        values = patients[field].dropna()
        for level in values.unique():
            row = results.one(rows, outcome=field, level=level, statistic="proportion")
            assert (row["events"], row["n"]) == ((values == level).sum(), len(values))
            assert row["estimate"] == (values == level).mean()
    pga = visits.loc[visits["week"] == 12, "pga"].dropna()
    for grade in range(5):
        row = results.one(rows, outcome="pga", week=12, level=str(grade), statistic="count")
        assert (row["estimate"], row["n"]) == ((pga == grade).sum(), len(pga))


def test_levels_that_do_not_occur_are_counted_as_zero(study):
    patients = pd.DataFrame({"study_id": ["P01"], "sex": ["female"], "sapho": ["no"]})
    rows = descriptives.count(patients, None, study)
    assert results.one(rows, outcome="sex", level="male", statistic="count")["estimate"] == 0
    none = descriptives.count(patients, None, study, group="sapho=yes")
    row = results.one(none, outcome="sex", level="male", statistic="proportion")
    assert np.isnan(row["estimate"])
    assert row["note"] == "no data"


def test_prior_treatments_are_counted_by_entry_worked_by_hand(study):
    listed = ["acitretin; methotrexate", "acitretin", None, "acitretin;acitretin"]
    patients = pd.DataFrame({"study_id": list("abcd"), "prior_treatments": listed})
    rows = descriptives.count(patients.astype("str"), None, study)
    counts = results.pick(rows, statistic="count")
    assert list(zip(counts["level"], counts["events"], counts["n"], strict=True)) == [
        ("acitretin", 3, 3),
        ("methotrexate", 1, 3),
    ]
    assert results.one(rows, statistic="n_missing")["estimate"] == 1


def test_own_fields_of_the_study_are_summarised_or_counted(make_cohort, make_study):
    study = make_study(
        '[extra.visits]\nnlr = { heading = "NLR" }\n'
        'flare = { heading = "F", codes = { "1" = "yes", "0" = "no" } }\n'
        '[extra.patients]\nclass = { heading = "C", codes = { "1" = "IL-17", "2" = "IL-23" } }\n'
        'weight = { heading = "W", unit = "kg" }\n'
    )
    patients, visits = make_cohort(4)
    patients = patients.assign(weight=70.0, **{"class": "IL-17"})
    visits = visits.assign(nlr=2.5, flare="no")
    summary = descriptives.summary(patients, visits, study)
    assert results.one(summary, outcome="weight", statistic="mean")["estimate"] == 70
    assert results.one(summary, outcome="nlr", week=8, statistic="median")["estimate"] == 2.5
    counts = results.pick(descriptives.count(patients, visits, study), statistic="count")
    assert results.one(counts, outcome="class", level="IL-23")["events"] == 0
    assert results.one(counts, outcome="flare", level="yes", week=12)["events"] == 0


def test_not_recorded_gives_no_rows(study):
    patients = pd.DataFrame({"study_id": ["P01", "P02"]})
    assert descriptives.summary(patients, None, study).empty
    assert descriptives.count(patients, None, study).empty
    assert descriptives.balance(patients, study).empty


@pytest.mark.parametrize("seed", range(3))
def test_disposition_matches_pandas(seed, make_cohort, study):
    patients, visits = make_cohort(seed)
    rows = descriptives.disposition(patients, visits, study)
    assert results.one(rows, level="enrolled")["estimate"] == len(patients)
    for week in (0, 4, 8, 12):
        seen = visits[visits["week"] == week]
        assert results.one(rows, level="visited", week=week)["estimate"] == len(seen)
        assessed = results.one(rows, level="assessed", week=week)
        assert assessed["estimate"] == seen["pppasi"].count()
    stopped = patients["stop_date"].notna().sum()
    assert results.one(rows, level="stopped")["estimate"] == stopped
    reasons = results.pick(rows, outcome="stop_reason")
    assert reasons["estimate"].sum() == stopped


def test_stops_that_were_not_recorded_are_not_zero(study):
    rows = descriptives.disposition(pd.DataFrame({"study_id": ["P01"]}), None, study)
    row = results.one(rows, level="stopped")
    assert np.isnan(row["estimate"])
    assert row["note"] == "not recorded"


def test_smd_matches_austins_formulas(make_cohort, study):
    patients, visits = make_cohort(5, n=60)
    rows = descriptives.balance(patients, study, visits=visits)
    assert set(rows["group"]) == {"sapho=yes-no"}
    yes, no = (patients[patients["sapho"] == x] for x in ("yes", "no"))
    pooled = np.sqrt((yes["age_years"].var() + no["age_years"].var()) / 2)
    expected = (yes["age_years"].mean() - no["age_years"].mean()) / pooled
    assert results.one(rows, outcome="age_years")["estimate"] == pytest.approx(expected)
    p, q = ((x["sex"].dropna() == "female").mean() for x in (yes, no))
    expected = (p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 2)
    sex = results.one(rows, outcome="sex")
    assert sex["level"] == "female"
    assert sex["estimate"] == pytest.approx(expected)
    assert results.one(rows, outcome="pppasi")["week"] == 0
    assert "sapho" not in set(rows["outcome"])


def test_a_subgroup_column_with_three_values_is_refused_by_name(make_study):
    study = make_study(
        '[extra.patients]\nclass = { heading = "C" }\n[subgroup]\ncolumn = "class"\nvalue = "a"\n'
    )
    patients = pd.DataFrame({"study_id": list("xyz"), "class": ["a", "b", "c"]}).astype("str")
    with pytest.raises(StudyError, match=r"class.*2 other values"):
        groups(patients, study)


@pytest.mark.parametrize("seed", range(2))
def test_rows_do_not_depend_on_the_order_of_patients(seed, make_cohort, study):
    patients, visits = make_cohort(seed)
    shuffled = patients.sample(frac=1, random_state=seed).reset_index(drop=True)
    turned = visits.sample(frac=1, random_state=seed).reset_index(drop=True)
    for function in (descriptives.summary, descriptives.count, descriptives.disposition):
        pd.testing.assert_frame_equal(
            function(patients, visits, study), function(shuffled, turned, study), rtol=1e-12
        )


def test_arguments_are_not_changed(make_cohort, study):
    patients, visits = make_cohort(6)
    before = patients.copy(), visits.copy()
    descriptives.count(patients, visits, study)
    descriptives.balance(patients, study, visits=visits)
    pd.testing.assert_frame_equal(patients, before[0])
    pd.testing.assert_frame_equal(visits, before[1])


def test_means_of_scores_have_the_t_interval_of_scipy(make_cohort, study):
    patients, visits = make_cohort(5)
    rows = descriptives.summary(patients, visits, study)
    scores = visits.loc[visits["week"] == 8, "pppasi"].dropna().astype(float)
    row = results.one(rows, outcome="pppasi", week=8, statistic="mean")
    limits = stats.t.interval(0.95, len(scores) - 1, scores.mean(), scores.sem())
    assert (row["ci_low"], row["ci_high"], row["ci_level"]) == pytest.approx((*limits, 0.95))
    assert row["n"] == len(scores) and row["method"] == "t"
    others = results.pick(rows, statistic=["sd", "median", "n_missing"])
    assert results.pick(rows, outcome="age_years")["ci_low"].isna().all()
    assert others["ci_low"].isna().all()


def test_standardised_differences_have_an_interval_around_them_or_a_reason(make_cohort, study):
    patients, visits = make_cohort(6, n=40)
    rows = results.pick(descriptives.balance(patients, study, visits=visits), statistic="smd")
    there = rows["ci_low"].notna()
    assert there.mean() > 0.9
    assert rows.loc[~there, "note"].ne("").all()
    assert (rows["ci_low"] <= rows["estimate"])[there].all()
    assert (rows["estimate"] <= rows["ci_high"])[there].all()
    again = results.pick(descriptives.balance(patients, study, visits=visits), statistic="smd")
    pd.testing.assert_frame_equal(rows, again)
