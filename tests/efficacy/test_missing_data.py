"""Gaps in the scores: nothing missing changes nothing; otherwise by hand and against pandas."""

import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ppp import results
from ppp.efficacy.rows import change as efficacy
from ppp.efficacy.rows import missing_data

NUMBERS = ["estimate", "ci_low", "ci_high", "ci_level", "n", "events", "p_value"]


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def analysed(visits, patients, study):
    filled = missing_data.completed(visits, patients, study)
    return SimpleNamespace(
        filled=filled,
        change=missing_data.change(filled, study),
        responder=missing_data.responder(filled, study),
        pattern=missing_data.missing_pattern(visits, patients, study),
    )


def test_with_nothing_missing_every_way_is_the_observed_row_exactly(make_cohort, study):
    patients, visits = make_cohort(1, missing=0)
    found = analysed(visits, patients, study)
    change = efficacy.change(visits, patients, study)
    responder = efficacy.responder(visits, patients, study)
    truth = {"mean_change": change, "wilson": responder, "clopper_pearson": responder}
    for row in pd.concat([found.change, found.responder]).to_dict("records"):
        where = {name: row[name] for name in ("outcome", "week", "statistic")}
        observed = results.one(truth[row["statistic"]], missing="observed", **where)
        for name in NUMBERS:
            assert row[name] == observed[name] or (
                pd.isna(row[name]) and pd.isna(observed[name])
            ), (where, name)
        assert row["note"] == observed["note"]
    assert set(found.pattern["level"]) == {"●●●●"}
    assert (found.pattern["events"] == len(patients)).all()


def test_a_week_without_gaps_is_the_observed_row_exactly(make_cohort, study):
    patients, visits = make_cohort(2, missing=0)
    visits.loc[visits.index[30:36], ["pppasi", "dlqi", "pga"]] = np.nan
    found = analysed(visits, patients, study)
    observed = results.one(
        efficacy.change(visits, patients, study), outcome="pppasi", week=12, statistic="mean_change"
    )
    for missing in ("mi", "locf"):
        row = results.one(found.change, outcome="pppasi", week=12, missing=missing)
        assert row[NUMBERS[:5]].tolist() == observed[NUMBERS[:5]].tolist()
    row = results.one(found.change, outcome="pppasi", week=4, missing="mi")
    assert row["note"] == "6 of 28 imputed"


def test_every_outcome_week_and_way(make_cohort, study):
    patients, visits = make_cohort(3)
    found = analysed(visits, patients, study)
    assert set(found.filled) == {"pppasi", "dlqi", "pga"}
    assert set(found.change["outcome"]) == {"pppasi", "dlqi"}
    counts = {"mean_change": 2 * 3 * 2, "wilson": 9 * 3 * 2, "clopper_pearson": 9 * 3}
    made = pd.concat([found.change, found.responder])["statistic"].value_counts()
    assert made.to_dict() == counts
    for rows in (found.change, found.responder):
        assert not rows.duplicated(results.KEY).any()
        assert rows.loc[rows["estimate"].isna(), "note"].ne("").all()


@pytest.mark.parametrize("seed", range(3))
def test_last_value_carried_forward_is_ffill(seed, make_cohort, study):
    patients, visits = make_cohort(seed)
    found = analysed(visits, patients, study)
    table = (
        visits[visits["week"].isin([0, 4, 8, 12])]
        .pivot(index="study_id", columns="week", values="pppasi")
        .astype(float)
    )
    filled = table.reindex(patients["study_id"]).ffill(axis=1)
    for week in (4, 8, 12):
        row = results.one(found.change, outcome="pppasi", week=week, missing="locf")
        assert row["estimate"] == pytest.approx((filled[week] - filled[0]).mean())
        row = results.one(
            found.responder, outcome="pppasi50", week=week, missing="locf", statistic="wilson"
        )
        able = filled[filled[0] > 0]
        assert row["n"] == len(able)
        assert row["events"] == (able[week] <= able[0] / 2 + 1e-9).sum()


@pytest.mark.parametrize("seed", range(3))
def test_filled_responders_have_the_denominator_of_nri(seed, make_cohort, study):
    patients, visits = make_cohort(seed)
    found = analysed(visits, patients, study)
    nri = results.pick(efficacy.responder(visits, patients, study), missing="nri")
    for row in found.responder.to_dict("records"):
        where = {name: row[name] for name in ("outcome", "week", "statistic")}
        one = results.one(nri, **where)
        assert row["n"] == one["n"]
        assert row["estimate"] >= one["estimate"] - 1e-12
        assert 0 <= row["ci_low"] <= row["estimate"] <= row["ci_high"] <= 1


def test_the_same_seed_gives_the_same_rows(make_cohort, study):
    patients, visits = make_cohort(4)
    one, other = (analysed(visits, patients, study) for _ in range(2))
    pd.testing.assert_frame_equal(one.change, other.change)
    pd.testing.assert_frame_equal(one.responder, other.responder)


def test_patterns_worked_by_hand(study):
    gone = np.nan
    scores = {0: [9, 9, 9, gone], 4: [gone, 5, gone, gone], 12: [3, 3, 3, gone]}
    ids = ["P01", "P02", "P03", "P04"]
    visits = pd.concat(
        [
            pd.DataFrame({"study_id": ids, "week": week, "pppasi": values})
            for week, values in scores.items()
        ]
    )
    rows = missing_data.missing_pattern(visits, pd.DataFrame({"study_id": ids}), study)
    counted = list(zip(rows["level"], rows["events"], rows["n"], strict=True))
    assert counted == [("●○○●", 2, 4), ("○○○○", 1, 4), ("●●○●", 1, 4)]


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_few_patients_are_empty_with_a_reason(n, make_cohort, study):
    patients, visits = make_cohort(5, n=28)
    found = analysed(visits, patients.head(n), study)
    for rows in (found.change, found.responder, found.pattern):
        assert rows.loc[rows["estimate"].isna(), "note"].ne("").all()
    if n < 3:
        assert found.change["estimate"].isna().all()


def test_too_many_patients_are_not_imputed_and_the_row_says_so(study):
    n = 10_001
    ids = [f"P{i:05d}" for i in range(n)]
    scores = np.random.default_rng(1).integers(1, 300, (4, n)) / 10
    scores[3, :9] = np.nan
    visits = pd.concat(
        [
            pd.DataFrame({"study_id": ids, "week": week, "pppasi": values})
            for week, values in zip((0, 4, 8, 12), scores, strict=True)
        ]
    )
    found = analysed(visits, pd.DataFrame({"study_id": ids}), study)
    for rows in (found.change, found.responder):
        mi = results.pick(rows, missing="mi")
        assert mi["estimate"].isna().all()
        assert mi["note"].str.contains("not imputed above 10,000").all()
        assert results.pick(rows, missing="locf")["estimate"].notna().all()
