"""Sensitivity of the primary result, and regression to the mean: scipy, by hand, at the edges."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ppp import results
from ppp.efficacy.rows import missing_data, sensitivity

OTHERS = ["sign_test", "g_av", "log_ratio", "pitman_morgan"]


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def analysed(visits, patients, study):
    filled = missing_data.completed(visits, patients, study)
    return sensitivity.sensitivity(filled, visits, patients, study)


def scored(outcome="pppasi", **weeks):
    """One outcome by week: patients and visits."""
    ids = [f"P{i:02d}" for i in range(1, len(next(iter(weeks.values()))) + 1)]
    parts = [
        pd.DataFrame({"study_id": ids, "week": int(week[1:]), outcome: values})
        for week, values in weeks.items()
    ]
    return pd.concat(parts, ignore_index=True), pd.DataFrame({"study_id": ids})


def at(rows, outcome="pppasi", **where):
    return results.one(rows, outcome=outcome, **where)


def test_every_statistic_of_both_scores_at_the_primary_week(make_cohort, study):
    patients, visits = make_cohort(1)
    rows = analysed(visits, patients, study)
    assert not rows.duplicated(results.KEY).any()
    assert rows.loc[rows["estimate"].isna(), "note"].ne("").all()
    for outcome in ("pppasi", "dlqi"):
        part = results.pick(rows, outcome=outcome)
        assert {
            *OTHERS,
            "leave_one_out",
            "most_influential",
            "tipping_point",
            "tipping_curve",
            "friedman",
        } == set(part["statistic"])
        assert part.loc[part["statistic"] != "friedman", "week"].eq(12).all()
        assert at(rows, outcome, statistic="friedman", week=None)["n"] > 0
    assert set(results.pick(rows, statistic="binary_tipping")["outcome"]) == {"pppasi50", "pga01"}


@pytest.mark.parametrize(("baseline", "code"), [(0.0, "best_baseline"), (10.0, "")])
def test_who_had_nothing_to_improve_and_moves_the_result_is_marked(baseline, code, study):
    visits, patients = scored(w0=[20.0, 18, 22, 19, baseline], w12=[5.0, 4, 6, 5, 9])
    most = at(analysed(visits, patients, study), statistic="most_influential")
    assert (most["level"], most["code"]) == ("P05", code)
    assert most["note"] == ("0 at baseline, 9 at the visit" if code else "")


@pytest.mark.parametrize("seed", range(3))
def test_tests_match_scipy(seed, make_cohort, study):
    patients, visits = make_cohort(seed, n=40)
    rows = analysed(visits, patients, study)
    table = visits.pivot(index="study_id", columns="week", values="pppasi").astype(float)
    x, y = table[[0, 12]].dropna().to_numpy().T
    rose, changed = int((y > x).sum()), int((y != x).sum())
    assert at(rows, statistic="sign_test")["p_value"] == pytest.approx(
        stats.binomtest(rose, changed).pvalue
    )
    test = stats.pearsonr(y + x, y - x)
    assert at(rows, statistic="pitman_morgan")["p_value"] == pytest.approx(test.pvalue)
    complete = table[[0, 4, 8, 12]].dropna().to_numpy()
    friedman = stats.friedmanchisquare(*complete.T)
    assert at(rows, statistic="friedman")["p_value"] == pytest.approx(friedman.pvalue)


@pytest.mark.parametrize("seed", range(3))
def test_one_patient_less_is_a_refit(seed, make_cohort, study):
    patients, visits = make_cohort(seed)
    rows = results.pick(analysed(visits, patients, study), outcome="pppasi")
    table = visits.pivot(index="study_id", columns="week", values="pppasi").astype(float)
    change = (table[12] - table[0]).dropna()
    tests = {who: stats.ttest_1samp(change.drop(who), 0) for who in change.index}
    limits = {who: test.confidence_interval() for who, test in tests.items()}
    wanted = {
        "estimate_min": min(change.drop(who).mean() for who in change.index),
        "estimate_max": max(change.drop(who).mean() for who in change.index),
        "ci_low_min": min(limit.low for limit in limits.values()),
        "ci_high_max": max(limit.high for limit in limits.values()),
        "p_max": max(test.pvalue for test in tests.values()),
    }
    for level, value in wanted.items():
        assert at(rows, statistic="leave_one_out", level=level)["estimate"] == pytest.approx(value)
    assert at(rows, statistic="leave_one_out", level="p_max")["p_value"] == pytest.approx(
        wanted["p_max"]
    )
    most = at(rows, statistic="most_influential")
    assert most["level"] == (change - change.mean()).abs().idxmax()
    assert most["estimate"] == pytest.approx(change.drop(most["level"]).mean())
    assert most["ci_low"] == pytest.approx(limits[most["level"]].low)


def test_nothing_missing_tips_nothing(make_cohort, study):
    patients, visits = make_cohort(2, missing=0)
    rows = analysed(visits, patients, study)
    for outcome in ("pppasi", "dlqi"):
        row = at(rows, outcome, statistic="tipping_point")
        assert np.isnan(row["estimate"]) and row["note"].startswith("not applicable")
    assert results.pick(rows, statistic="tipping_curve").empty
    for outcome in ("pppasi50", "pga01"):
        row = at(rows, outcome, statistic="binary_tipping")
        assert row["level"] == "0" and "no response is missing" in row["note"]


def fallen(missing):
    """20 patients who fall from about 15 by about 10, the first `missing` of them unseen later."""
    rng = np.random.default_rng(7)
    scores = {
        week: (rng.normal(mean, 1, 20)).round(1)
        for week, mean in (("w0", 15), ("w4", 10), ("w8", 7), ("w12", 5))
    }
    scores["w12"][:missing] = np.nan
    return scored(**scores)


def test_the_tipping_point_lies_where_the_curve_crosses_nought(study):
    rows = analysed(*fallen(6), study)
    point = at(rows, statistic="tipping_point")
    curve = results.pick(rows, statistic="tipping_curve", outcome="pppasi")
    assert list(curve["level"].astype(float)) == [6.0 * step for step in range(13)]
    assert set(curve["missing"]) == {point["missing"]} == {"mi"}
    crossed = curve["ci_high"] >= 0
    first = float(curve.loc[crossed, "level"].iloc[0])
    assert first - 6 <= point["estimate"] <= first
    assert "worsened: 6" in point["note"]


def test_one_unseen_patient_never_tips_and_the_row_says_how_far_was_tried(study):
    visits, _ = fallen(1)
    many = pd.concat([visits.assign(study_id=visits["study_id"] + f"-{copy}") for copy in range(9)])
    ids = pd.DataFrame({"study_id": many["study_id"].unique()})
    at_12 = (many["week"] == 12) & many["pppasi"].isna()
    many.loc[at_12 & ~many["study_id"].str.endswith("-0"), "pppasi"] = 5.0
    row = at(analysed(many, ids, study), statistic="tipping_point")
    assert np.isnan(row["estimate"])
    assert row["note"] == "never tips, not even with 1 imputed worse by 72 points"


def test_binary_tipping_worked_by_hand(study):
    gone = np.nan
    visits, patients = scored(w0=[10, 10, 10, 10, 0], w12=[4, 6, gone, gone, 3])
    rows = results.pick(analysed(visits, patients, study), outcome="pppasi50")
    counted = [tuple(x) for x in rows[["level", "events", "n", "estimate"]].to_numpy().tolist()]
    assert counted == [("0", 1, 4, 0.25), ("1", 2, 4, 0.5), ("2", 3, 4, 0.75)]


def test_many_missing_responses_are_listed_evenly(study):
    visits, patients = scored(w0=[10.0] * 200, w12=[4.0] * 20 + [np.nan] * 180)
    rows = results.pick(analysed(visits, patients, study), statistic="binary_tipping")
    assert len(rows) == 51
    assert (rows["level"].iloc[0], rows["level"].iloc[-1]) == ("0", "180")


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_few_patients_are_empty_with_a_reason(n, make_cohort, study):
    patients, visits = make_cohort(4)
    patients = patients.head(n)
    for rows in (
        analysed(visits, patients, study),
        sensitivity.regression_to_mean(visits, patients, study),
    ):
        assert rows.loc[rows["estimate"].isna(), "note"].ne("").all()
        assert not np.isinf(rows[["estimate", "ci_low", "ci_high", "p_value"]]).any(axis=None)


def test_all_alike_and_all_gone_have_reasons(study):
    for later in ([5.0] * 8, [9.0] * 8, [np.nan] * 8):
        visits, patients = scored(w0=[9.0] * 8, w12=later)
        rows = analysed(visits, patients, study)
        assert rows.loc[rows["estimate"].isna(), "note"].ne("").all()
        assert not np.isinf(rows[["estimate", "ci_low", "ci_high", "p_value"]]).any(axis=None)


def test_not_recorded_gives_no_rows(study):
    patients = pd.DataFrame({"study_id": ["P01"]})
    for visits in (None, pd.DataFrame({"study_id": ["P01"], "week": [0]})):
        assert analysed(visits, patients, study).empty
        assert sensitivity.regression_to_mean(visits, patients, study).empty


def test_regression_to_the_mean_of_the_published_figures(study):
    visits, patients = scored(w0=[12.86, 13.86, 14.86], w12=[5.0, 5.56, 6.12])
    rows = sensitivity.regression_to_mean(visits, patients, study)
    assert at(rows, statistic="explaining_correlation")["estimate"] == pytest.approx(
        1 - 8.3 / 13.86
    )
    assert at(rows, level="ρ=0.4, μ=0")["estimate"] == pytest.approx(-0.6 * 13.86)
    assert at(rows, level="ρ=0.5, μ=10")["estimate"] == pytest.approx(-0.5 * 3.86)
    assert len(rows) == 1 + 8 * 3
    assert set(rows["n"]) == {3}
