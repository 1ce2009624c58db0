"""Change and responders, against plain pandas and scipy, and by hand."""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from ppp import results
from ppp.efficacy import tables
from ppp.efficacy.rows import change as efficacy

REAL = Path(__file__).parents[1] / "cohorts" / "dlqi_phase3"
STATISTICS = [
    "mean_change",
    "mean_change_bca",
    "hodges_lehmann",
    "wilcoxon_exact",
    "wilcoxon_zeros_dropped",
    "paired_t",
    "d_av",
    "d_z",
    "rank_biserial",
    "mean_percent_change",
    "median_percent_change",
]


def pairs(visits, field, week):
    """Return baseline and visit of the patients who have both, by a plain merge."""
    columns = ["study_id", field]
    before = visits.loc[visits["week"] == 0, columns].dropna()
    after = visits.loc[visits["week"] == week, columns].dropna()
    both = before.merge(after, on="study_id", suffixes=("_0", "_w"))
    return both[f"{field}_0"].to_numpy(), both[f"{field}_w"].to_numpy()


def frames(scores):
    """Make one patient a row of `scores`: outcome → list of (baseline, week 12)."""
    n = len(next(iter(scores.values())))
    ids = [f"P{i:02d}" for i in range(n)]
    visits = [
        pd.DataFrame({"study_id": ids, "week": week})
        .assign(**{name: [pair[at] for pair in values] for name, values in scores.items()})
        .astype(dict.fromkeys(scores, float))
        for at, week in enumerate((0, 12))
    ]
    return pd.concat(visits, ignore_index=True), pd.DataFrame({"study_id": ids})


@pytest.mark.parametrize("seed", range(4))
def test_mean_change_is_the_paired_t_of_scipy(seed, make_cohort, study):
    patients, visits = make_cohort(seed)
    rows = efficacy.change(visits, patients, study)
    for field in ("pppasi", "dlqi", "pga"):
        for week in (4, 8, 12):
            before, after = pairs(visits, field, week)
            test = stats.ttest_rel(after, before)
            row = results.one(rows, outcome=field, week=week, statistic="mean_change")
            assert row["n"] == len(before)
            assert row["estimate"] == pytest.approx(np.mean(after - before))
            limits = test.confidence_interval()
            assert (row["ci_low"], row["ci_high"]) == pytest.approx((limits.low, limits.high))
            row = results.one(rows, outcome=field, week=week, statistic="paired_t")
            assert row["p_value"] == pytest.approx(test.pvalue)


def test_every_statistic_of_the_contract_at_every_week_after_baseline(make_cohort, study):
    patients, visits = make_cohort(1)
    rows = efficacy.change(visits, patients, study)
    assert set(rows["outcome"]) == {"pppasi", "dlqi", "pga"}
    for (outcome, _), part in rows.groupby(["outcome", "week"]):
        grade = [*(s for s in STATISTICS if s != "hodges_lehmann"), "improved", "improved"]
        pairs = ["mean_before", "mean_after"]  # where somebody has one score alone
        made = [name for name in part["statistic"] if name not in pairs]
        assert made == (grade if outcome == "pga" else STATISTICS)
    assert set(rows["week"]) == {4, 8, 12}
    assert set(rows["missing"]) == {"observed"}
    assert not rows.duplicated(results.KEY).any()


def test_a_fall_is_negative_in_every_statistic(study):
    scores = [(10 + i, 4 + i / 2) for i in range(12)]
    rows = efficacy.change(*frames({"pppasi": scores}), study)
    at_12 = results.pick(rows, week=12).set_index("statistic")["estimate"]
    assert at_12.pop("wilcoxon_exact") == at_12.pop("wilcoxon_zeros_dropped") == 0
    assert (at_12 < 0).all()


def test_nothing_seen_at_a_week_is_empty_with_a_reason(make_cohort, study):
    patients, visits = make_cohort(3)
    visits = visits[visits["week"] != 8]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = efficacy.change(visits, patients, study)
        responders = efficacy.responder(visits, patients, study)
    at_8 = results.pick(rows, week=8)
    assert at_8["estimate"].isna().all()
    assert set(at_8["n"]) == {0}
    assert at_8["note"].ne("").all()
    judged = results.pick(responders, week=8)
    assert set(judged["missing"]) == {"observed", "nri"} and judged["estimate"].isna().all()
    for rows in (at_8, judged):
        assert set(rows["code"]) == {"not_recorded"}
        assert set(rows["note"]) == {"not recorded at week 8"} and set(rows["n"]) == {0}


def test_a_visit_that_only_others_attended_counts_as_failure_in_a_group(make_cohort, study):
    patients, visits = make_cohort(3)
    theirs = set(patients.loc[patients["sapho"] == "yes", "study_id"])
    gone = visits["study_id"].isin(theirs) & (visits["week"] == 8)
    rows = efficacy.responder(visits[~gone], patients, study, group="sapho=yes")
    nri = results.one(rows, week=8, missing="nri", outcome="pppasi50", statistic="wilson")
    assert nri["estimate"] == 0 and nri["n"] > 0


def test_grades_are_counted_worked_by_hand(study):
    pga = [(3, 3), (3, 2), (4, 2), (2, 3), (4, 1), (3, float("nan"))]
    rows = efficacy.change(*frames({"pga": pga}), study)
    better = results.pick(rows, week=12, statistic="improved").set_index("level")
    assert better["events"].to_dict() == {"1": 3, "2": 2} and set(better["n"]) == {5}
    limits = stats.binomtest(3, 5).proportion_ci(method="exact")
    assert tuple(better.loc["1", ["ci_low", "ci_high"]]) == pytest.approx(tuple(limits))


def test_patients_without_a_baseline_are_said(study):
    gone = float("nan")
    rows = efficacy.responder(*frames({"pga": [(3, 1), (gone, 1), (gone, 2)]}), study)
    row = results.one(rows, outcome="pga01", missing="nri", week=12, statistic="clopper_pearson")
    assert row["note"] == "among 1 of 3 patients with an evaluable baseline"
    assert row["code"] == "left_out"


@pytest.mark.parametrize("seed", range(4))
def test_responders_match_plain_pandas(seed, make_cohort, study):
    patients, visits = make_cohort(seed)
    rows = efficacy.responder(visits, patients, study)
    for week in (4, 8, 12):
        expected = recount(visits, week)
        for outcome, (events, observed, evaluable) in expected.items():
            for missing, (hits, n) in {"observed": observed, "nri": (events, evaluable)}.items():
                found = results.pick(rows, outcome=outcome, week=week, missing=missing)
                assert set(found["statistic"]) == {"wilson", "clopper_pearson"}
                assert set(found["events"]) == {hits}
                assert set(found["n"]) == {n}


def recount(visits, week):
    """Count responders patient by patient: events with a baseline, observed pair, evaluable."""
    at = {w: visits[visits["week"] == w].set_index("study_id") for w in (0, week)}
    counts = {}
    targets = {f"pppasi{k}": ("pppasi", k) for k in (50, 75, 90, 100)}
    targets |= {"pga01": ("pga", None), "dlqi01": ("dlqi", None), "dlqi_mcid": ("dlqi", "mcid")}
    for outcome, (field, rule) in targets.items():
        hits = seen = hits_with_baseline = evaluable = 0
        for patient in sorted(set(at[0].index) | set(at[week].index)):
            before = at[0][field].get(patient, np.nan)
            after = at[week][field].get(patient, np.nan)
            if rule is None:
                fit = judged = not np.isnan(before)
                hit = after <= 1
            elif rule == "mcid":
                fit = judged = before >= 4
                hit = before - after >= 4
            else:
                fit = judged = before > 0
                hit = after - before * (100 - rule) / 100 <= 1e-9
            evaluable += fit
            seen += judged and not np.isnan(after)
            hits += judged and hit
            hits_with_baseline += fit and hit
        counts[outcome] = (hits_with_baseline, (hits, seen), evaluable)
    return counts


def test_without_any_baseline_a_value_to_reach_is_counted_of_all_who_have_the_score(study):
    gone = float("nan")
    rows = efficacy.responder(*frames({"pga": [(gone, 1), (gone, 2), (gone, gone)]}), study)
    seen = results.one(
        rows, outcome="pga01", missing="observed", week=12, statistic="clopper_pearson"
    )
    assert (seen["events"], seen["n"]) == (1, 2)


def test_responders_worked_by_hand(study):
    gone = float("nan")
    pppasi = [(20, 10), (20, 10.1), (10, 1), (0, 0), (8, 0), (12, gone), (gone, 3)]
    dlqi = [(3, 0), (4, 0), (10, 6.5), (10, 6), (5, 1), (9, gone), (gone, 1)]
    pga = [(3, 1), (3, 2), (4, 0), (gone, 1), (3, gone), (2, 2), (2, 1)]
    rows = efficacy.responder(*frames({"pppasi": pppasi, "dlqi": dlqi, "pga": pga}), study)
    expected = {
        "pppasi50": ((3, 4), (3, 5)),
        "pppasi75": ((2, 4), (2, 5)),
        "pppasi90": ((2, 4), (2, 5)),
        "pppasi100": ((1, 4), (1, 5)),
        "pga01": ((3, 5), (3, 6)),
        "dlqi01": ((3, 5), (3, 6)),
        "dlqi_mcid": ((3, 4), (3, 5)),
    }
    for outcome, counts in expected.items():
        for missing, (events, n) in zip(("observed", "nri"), counts, strict=True):
            row = results.one(
                rows, outcome=outcome, missing=missing, week=12, statistic="clopper_pearson"
            )
            assert (row["events"], row["n"]) == (events, n), (outcome, missing)
            assert row["estimate"] == pytest.approx(events / n)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tenths=st.integers(1, 720), percent=st.sampled_from([50, 75, 90]))
def test_a_score_on_the_threshold_responds(study, tenths, percent):
    baseline = tenths / 10
    visits, patients = frames({"pppasi": [(baseline, (100 - percent) * tenths / 1000)]})
    response = efficacy.responses(visits, patients, study)[f"pppasi{percent}"]
    assert response.reached.loc["P00", 12] == 1


@pytest.mark.parametrize("seed", range(2))
def test_a_group_is_the_analysis_of_its_patients_alone(seed, make_cohort, study):
    patients, visits = make_cohort(seed, n=40)
    chosen = patients[patients["sapho"] == "no"]
    theirs = visits[visits["study_id"].isin(chosen["study_id"])]
    for function in (efficacy.change, efficacy.responder):
        whole = function(visits, patients, study, group="sapho=no")
        alone = function(theirs, chosen, study)
        assert set(whole["group"]) == {"sapho=no"}
        pd.testing.assert_frame_equal(whole.assign(group="all"), alone)


def test_mmrm_of_complete_data_is_the_paired_t(make_cohort, study):
    patients, visits = make_cohort(4, missing=0)
    model = efficacy.longitudinal(visits, study)
    change = efficacy.change(visits, patients, study)
    for outcome in ("pppasi", "dlqi"):
        for week in (4, 8, 12):
            ours = results.one(model, outcome=outcome, week=week, statistic="mmrm_change")
            t = results.one(change, outcome=outcome, week=week, statistic="mean_change")
            for column in ("estimate", "ci_low", "ci_high"):
                assert ours[column] == pytest.approx(t[column], rel=1e-4)


def test_visit_means_and_the_simpler_model_of_complete_data_are_plain_means(make_cohort, study):
    patients, visits = make_cohort(4, missing=0)
    model = efficacy.longitudinal(visits, study)
    assert list(results.pick(model, outcome="dlqi", statistic="mmrm_mean")["week"]) == [0, 4, 8, 12]
    at = visits.groupby("week")["dlqi"].agg(["mean", "sem"])
    for week in (0, 4, 8, 12):
        row = results.one(model, outcome="dlqi", week=week, statistic="mmrm_mean")
        half = stats.t.ppf(0.975, len(patients) - 1) * at.loc[week, "sem"]
        assert row["estimate"] == pytest.approx(at.loc[week, "mean"], rel=1e-6)
        assert row["ci_high"] - row["estimate"] == pytest.approx(half, rel=1e-4)
        if week:
            row = results.one(model, outcome="dlqi", week=week, statistic="random_intercept_change")
            assert row["estimate"] == pytest.approx(at.loc[week, "mean"] - at.loc[0, "mean"])


@pytest.mark.skipif(not (REAL / "visits.csv").exists(), reason="the real cohort is not here")
def test_real_phase_3_dlqi_gives_the_published_recomputation(make_study):
    raw = pd.read_csv(REAL / "visits.csv")
    visits = pd.DataFrame(
        {
            "study_id": raw["USUBJID"],
            "week": raw["VISIT"].map({"Baseline": 0, "Week 16": 16}),
            "dlqi": raw["DLQI_SCORE"].astype(float),
        }
    )
    patients = pd.DataFrame({"study_id": raw["USUBJID"].unique()})
    study = make_study("[schedule]\nprimary = 16\nweeks = [0, 16]\n[endpoints]\nprimary = 'dlqi'\n")
    row = results.one(efficacy.change(visits, patients, study), statistic="mean_change")
    assert row["n"] == 283
    assert (row["estimate"], row["ci_low"], row["ci_high"]) == pytest.approx(
        (-7.696113074204947, -8.473639976501502, -6.918586171908391)
    )
    rows = results.pick(efficacy.responder(visits, patients, study), statistic="wilson")
    for outcome, missing, events, n in (
        ("dlqi01", "observed", 133, 283),
        ("dlqi01", "nri", 133, 300),
        ("dlqi_mcid", "observed", 205, 244),
    ):
        row = results.one(rows, outcome=outcome, missing=missing)
        assert (row["events"], row["n"]) == (events, n)


def test_who_had_the_value_at_baseline_is_named_and_does_not_respond_by_worsening(study):
    scores = {"pppasi": [(0, 4.9), (4, 4), (20, 3)], "dlqi": [(0, 1), (10, 1), (10, 10)]}
    rows = efficacy.responder(*frames(scores), study)
    at = results.pick(rows, week=12, statistic="clopper_pearson", missing="nri")
    counts = dict(zip(at["outcome"], at["events"], strict=True))
    assert (counts["pppasi_abs5"], counts["dlqi01"]) == (2, 2)
    had = results.pick(rows, statistic="at_baseline").set_index("outcome")["events"]
    assert had.to_dict() == {"pppasi_abs3": 1, "pppasi_abs5": 2, "dlqi01": 1}
    notes = " ".join(tables.responders(rows, study).notes)
    assert "Already so at baseline" in notes and "DLQI 0/1 1 of 3" in notes


def test_means_of_the_pairs_stand_only_where_somebody_has_one_score_alone(study):
    gone = float("nan")
    rows = efficacy.change(*frames({"pppasi": [(10, 4), (20, 6), (30, gone), (gone, 50)]}), study)
    means = results.pick(rows, statistic=["mean_before", "mean_after"])
    assert means["estimate"].tolist() == [15, 5] and means["n"].tolist() == [2, 2]
    rows = efficacy.change(*frames({"pppasi": [(10, 4), (20, 6), (gone, gone)]}), study)
    assert results.pick(rows, statistic="mean_before").empty
