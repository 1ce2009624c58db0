"""The two groups by themselves, and their difference, against scipy and statsmodels."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.formula.api import ols
from statsmodels.stats.proportion import confint_proportions_2indep

from ppp import results
from ppp.descriptives import rows as descriptives
from ppp.efficacy.rows import change as efficacy
from ppp.subgroup import rows as subgroup
from ppp.subgroup import sentences


def changes(visits, patients, value, week, field="pppasi"):
    """Return the changes of one group, by a plain merge."""
    ids = patients.loc[patients["sapho"] == value, "study_id"]
    columns = visits.loc[visits["study_id"].isin(ids), ["study_id", "week", field]]
    before, after = (columns[columns["week"] == w].drop(columns="week") for w in (0, week))
    both = before.merge(after, on="study_id", suffixes=("_0", "_w")).dropna()
    return (both[f"{field}_w"] - both[f"{field}_0"]).to_numpy()


@pytest.mark.parametrize("seed", range(4))
def test_difference_of_changes_is_the_welch_of_scipy(seed, make_cohort, study):
    patients, visits = make_cohort(seed, n=80)
    rows = subgroup.group_difference(visits, patients, study)
    for week in (4, 8, 12):
        yes, no = (changes(visits, patients, value, week) for value in ("yes", "no"))
        test = stats.ttest_ind(yes, no, equal_var=False)
        found = results.pick(rows, outcome="pppasi", week=week).set_index("statistic")
        assert {"welch", "permutation", "hedges_g"} < set(found.index)
        assert set(found["n"]) == {len(yes) + len(no)}
        assert found.loc["welch", "estimate"] == pytest.approx(yes.mean() - no.mean())
        limits = test.confidence_interval()
        assert found.loc["welch", "ci_low"] == pytest.approx(limits.low)
        assert found.loc["welch", "p_value"] == pytest.approx(test.pvalue)


@pytest.mark.parametrize("seed", range(3))
def test_ancova_is_the_regression_of_statsmodels_with_hc3(seed, make_cohort, study):
    patients, visits = make_cohort(seed, n=60)
    rows = subgroup.group_difference(visits, patients, study)
    table = visits.pivot(index="study_id", columns="week", values="dlqi").astype(float)
    table = table[[0, 8]].set_axis(["x", "y"], axis=1)
    table["first"] = patients.set_index("study_id")["sapho"].map({"yes": 1.0, "no": 0.0})
    table = table.dropna()
    table["x"] -= table["x"].mean()
    fit = ols("y ~ x * first", table).fit(cov_type="HC3", use_t=True)
    for statistic, term in (("ancova", "first"), ("ancova_interaction", "x:first")):
        row = results.one(rows, outcome="dlqi", week=8, statistic=statistic)
        assert row["n"] == len(table)
        assert row["estimate"] == pytest.approx(fit.params[term])
        assert (row["ci_low"], row["ci_high"]) == pytest.approx(tuple(fit.conf_int().loc[term]))
        assert row["p_value"] == pytest.approx(fit.pvalues[term])


@pytest.mark.parametrize("seed", range(3))
def test_difference_of_responders_is_newcombes(seed, make_cohort, study):
    patients, visits = make_cohort(seed, n=40)
    rows = subgroup.group_difference(visits, patients, study)
    within = subgroup.responder(visits, patients, study)
    for outcome in ("pppasi50", "pga01", "dlqi_mcid"):
        where = {"outcome": outcome, "week": 12, "missing": "observed", "statistic": "wilson"}
        yes, no = (results.one(within, group=f"sapho={x}", **where) for x in ("yes", "no"))
        counts = (yes["events"], yes["n"], no["events"], no["n"])
        expected = confint_proportions_2indep(*map(int, counts), method="newcomb")
        row = results.one(rows, outcome=outcome, week=12, statistic="newcombe")
        assert row["estimate"] == pytest.approx(yes["estimate"] - no["estimate"])
        assert (row["ci_low"], row["ci_high"]) == pytest.approx(expected)
        row = results.one(rows, outcome=outcome, week=12, statistic="fisher_midp")
        tested = 0 < yes["events"] + no["events"] < yes["n"] + no["n"]
        assert (0 < row["p_value"] <= 1) if tested else "nothing to test" in row["note"]


def test_rows_say_group_and_contrast(make_cohort, study):
    patients, visits = make_cohort(1)
    assert set(subgroup.group_difference(visits, patients, study)["group"]) == {"sapho=yes-no"}
    for rows in (
        subgroup.summary(patients, visits, study),
        subgroup.count(patients, visits, study),
        subgroup.change(visits, patients, study),
        subgroup.responder(visits, patients, study),
    ):
        assert list(rows["group"].unique()) == ["sapho=yes", "sapho=no"]
        assert not rows.duplicated(results.KEY).any()


def test_groups_add_up_to_those_with_a_recorded_value(make_cohort, study):
    patients, visits = make_cohort(2, n=60)
    known = patients[patients["sapho"].notna()]
    parts = subgroup.responder(visits, patients, study)
    whole = efficacy.responder(visits, known, study)
    parts = parts[parts["statistic"] == "wilson"]
    for (outcome, week, missing), part in parts.groupby(["outcome", "week", "missing"]):
        both = results.pick(part, statistic="wilson")
        one = results.one(whole, outcome=outcome, week=week, missing=missing, statistic="wilson")
        assert (both["events"].sum(), both["n"].sum()) == (one["events"], one["n"])


def test_the_second_group_of_another_column_is_found(make_cohort, make_study):
    study = make_study('[subgroup]\ncolumn = "sex"\nvalue = "male"\n')
    patients, visits = make_cohort(3)
    rows = subgroup.group_difference(visits, patients, study)
    assert set(rows["group"]) == {"sex=male-female"}


def test_groups_that_were_not_recorded_give_no_rows(make_cohort, study):
    patients, visits = make_cohort(4)
    patients = patients.drop(columns="sapho")
    assert subgroup.change(visits, patients, study).empty
    assert subgroup.summary(patients, visits, study).empty
    assert subgroup.group_difference(visits, patients, study).empty
    assert list(subgroup.change(visits, patients, study).columns) == results.COLUMNS


@pytest.mark.parametrize("members", [0, 1, 2])
def test_too_small_a_group_is_empty_with_a_reason(members, make_cohort, study):
    patients, visits = make_cohort(5, n=20, missing=0)
    patients["sapho"] = pd.Series(["yes"] * members + ["no"] * (20 - members), dtype="str")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = subgroup.group_difference(visits, patients, study)
        within = subgroup.change(visits, patients, study)
        everything = [
            rows,
            within,
            subgroup.responder(visits, patients, study),
            subgroup.summary(patients, visits, study),
            descriptives.balance(patients, study, visits=visits),
        ]
    means = results.pick(rows, statistic=["welch", "permutation", "hedges_g"])
    assert means["estimate"].isna().all()
    small = results.pick(within, group="sapho=yes")
    assert small.loc[small["statistic"] != "improved", "estimate"].isna().all()
    assert set(results.pick(small, statistic="mean_change")["n"]) == {members}
    for table in everything:
        assert table.loc[table["estimate"].isna(), "note"].ne("").all()
        numbers = table[["estimate", "ci_low", "ci_high", "p_value"]].to_numpy()
        assert not np.isinf(numbers).any()


def test_a_group_of_one_patient_is_not_compared(make_cohort, study):
    patients, visits = make_cohort(2)
    one = patients.index == patients.index[patients["sapho"].notna()][0]
    patients["sapho"] = patients["sapho"].mask(patients["sapho"].notna(), "no").mask(one, "yes")
    rows = subgroup.group_difference(visits, patients, study)
    assert rows[["group", "code"]].values.tolist() == [["sapho=yes", "one_patient"]]
    assert rows[["estimate", "ci_low", "p_value"]].isna().all(axis=None)
    assert subgroup.detectable(visits, patients, study).empty
    change = subgroup.change(visits, patients, study)
    assert str(sentences.key_results(pd.concat([change, rows]), study)) == (
        "- One patient with SAPHO syndrome: no comparison."
    )


def test_a_visit_with_one_patient_of_a_group_gives_no_difference_of_response(study):
    seen = [("P1", 20, 5), ("P2", 20, None), ("P3", 20, 5), ("P4", 20, 20), ("P5", 20, 20)]
    visits = pd.DataFrame(
        [(i, week, x) for i, *scores in seen for week, x in zip((0, 12), scores, strict=True)],
        columns=["study_id", "week", "pppasi"],
    )
    sapho = ["yes", "yes", "no", "no", "no"]
    patients = pd.DataFrame({"study_id": [i for i, *_ in seen], "sapho": sapho})
    rows = subgroup.group_difference(visits, patients, study)
    row = results.one(rows, outcome="pppasi50", week=12, statistic="newcombe")
    assert np.isnan(row["estimate"]) and row["code"] == "one_patient"
