from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppp.estimators import imputation
from ppp.estimators.paired import mean_change
from ppp.estimators.proportions import wilson


def visits(n=28, seed=1, missing=0.15):
    rng = np.random.default_rng(seed)
    values = (rng.normal(14, 3, (n, 1)) * [1, 0.8, 0.6, 0.4] + rng.normal(size=(n, 4))).round(1)
    values[:, 1:][rng.random((n, 3)) < missing] = np.nan
    return values


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(3, 40))
def test_with_nothing_missing_all_agree_exactly(seed, n):
    values = visits(n, seed, missing=0)
    truth = [mean_change(values[:, 0], values[:, week]) for week in (1, 2, 3)]
    imputed = imputation.impute(values, seed=seed)
    carried = imputation.locf_changes(values)
    for other in (imputation.imputed_changes(imputed), carried):
        assert [replace(result, method="") for result in other] == [
            replace(result, method="") for result in truth
        ]
    reached = (values[:, 3] <= values[:, 0] / 2).astype(float)
    pooled = imputation.pooled_proportion(reached[None])
    assert replace(pooled, method="") == replace(wilson(int(reached.sum()), n), method="")


def test_draws_are_those_of_statsmodels_seed_for_seed():
    from statsmodels.imputation.mice import MICEData

    values = visits()
    ours = imputation.impute(values, seed=3, imputations=2).values
    frame = pd.DataFrame(values, columns=list("abcd"))
    theirs = MICEData(frame, rng=np.random.default_rng(3))
    theirs.k_pmm = imputation.DONORS
    theirs.update_all(imputation.BURN_IN + imputation.BETWEEN)
    assert np.array_equal(ours[0], theirs.data.to_numpy())
    theirs.update_all(imputation.BETWEEN)
    assert np.array_equal(ours[1], theirs.data.to_numpy())


def test_the_seed_decides_and_the_global_state_is_left_alone():
    values = visits()
    kept = values.copy()
    np.random.seed(5)
    first = imputation.impute(values, seed=1)
    drawn = np.random.random()
    np.random.seed(6)
    again = imputation.impute(values, seed=1)
    np.random.seed(5)
    assert np.random.random() == drawn
    assert np.array_equal(first.values, again.values)
    assert not np.array_equal(first.values, imputation.impute(values, seed=2).values)
    assert np.array_equal(values, kept, equal_nan=True)


def test_seen_scores_stay_and_gaps_take_scores_that_were_seen():
    values = visits()
    imputed = imputation.impute(values, seed=1)
    seen = np.isfinite(values)
    assert imputed.values.shape == (50, 28, 4) and np.isfinite(imputed.values).all()
    assert (imputed.values[:, seen] == values[seen]).all()
    for week in range(4):
        assert set(imputed.values[:, :, week].ravel()) <= set(values[seen[:, week], week])


def test_imputation_recovers_what_dropout_on_the_last_score_takes_away():
    rng = np.random.default_rng(8)
    start = rng.normal(14, 3, 2_000)
    middle = start * 0.7 + rng.normal(0, 1, 2_000)
    last = middle * 0.6 + rng.normal(0, 1, 2_000)
    values = np.column_stack([start, middle, np.where(middle > 11, np.nan, last)])
    truth = np.mean(last - start)
    result = imputation.imputed_changes(imputation.impute(values, seed=1))[1]
    seen = mean_change(values[:, 0], values[:, 2])
    assert result.n == 2_000 and seen.n < 1_800
    assert abs(result.estimate - truth) < 0.25 < abs(seen.estimate - truth)


def test_the_order_of_patients_hardly_matters_and_the_unit_only_scales():
    values = visits(60, seed=2)
    result = imputation.imputed_changes(imputation.impute(values, seed=1))[2]
    order = np.random.default_rng(1).permutation(60)
    other = imputation.imputed_changes(imputation.impute(values[order], seed=1))[2]
    tenfold = imputation.imputed_changes(imputation.impute(10 * values, seed=1))[2]
    width = result.ci_high - result.ci_low
    assert abs(result.estimate - other.estimate) < width / 10
    assert tenfold.estimate == pytest.approx(10 * result.estimate, abs=width)


def test_notes_count_what_was_imputed_and_carried():
    values = visits()
    values[0, 1:] = np.nan
    gaps = int(np.isnan(values[:, 3]).sum())
    assert imputation.imputed_changes(imputation.impute(values, seed=1))[2].note == (
        f"{gaps} of 28 imputed"
    )
    result = imputation.locf_changes(values)[2]
    only = int(np.isnan(values[:, 1:]).all(axis=1).sum())
    assert result.note == f"{gaps} carried forward, {only} of them from the first visit"


def test_a_patient_never_seen_and_a_visit_nobody_attended_are_left_out():
    values = visits()
    values[4], values[:, 2] = np.nan, np.nan
    imputed = imputation.impute(values, seed=1)
    result = imputation.imputed_changes(imputed)
    assert np.isnan(imputed.values[:, 4]).all() and np.isnan(imputed.values[:, :, 2]).all()
    assert result[2].n == 27
    assert np.isnan(result[1].estimate) and "nobody" in result[1].note


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (np.empty((0, 4)), "no data"),
        (np.full((5, 3), np.nan), "no data"),
        (np.array([[5.0, 3], [6, 2]]), "only 2 patients"),
        (visits(4, missing=0.3), "too few to impute"),
        (
            np.column_stack([np.arange(10_001.0), np.full(10_001, np.nan), np.ones(10_001)])[:, :2],
            "nobody",
        ),
        (np.column_stack([np.arange(10_001.0), np.r_[np.nan, np.ones(10_000)]]), "above 10,000"),
    ],
)
def test_what_cannot_be_imputed_is_empty_with_a_reason(values, why):
    imputed = imputation.impute(values, seed=1)
    for result in imputation.imputed_changes(imputed):
        assert np.isnan(result.estimate) and why in result.note


@pytest.mark.parametrize(
    "values",
    [
        np.column_stack([np.full(9, 4.0), np.r_[np.ones(8), np.nan]]),
        np.column_stack([np.arange(9.0), np.r_[np.zeros(8), np.nan]]),
        np.column_stack([np.arange(9.0), np.arange(9.0), np.r_[np.arange(8.0), np.nan]]),
        np.column_stack([np.arange(9.0), np.r_[np.arange(8.0) - 3, np.nan]]),
        np.column_stack([np.r_[np.nan, np.arange(8.0)], np.r_[np.arange(8.0) % 3, np.nan]]),
    ],
)
def test_awkward_tables_give_a_number_without_a_warning(values):
    for result in imputation.imputed_changes(imputation.impute(values, seed=1)):
        assert np.isfinite(result.estimate)
        assert not np.isinf([result.ci_low, result.ci_high]).any()
        assert np.isfinite(result.ci_low) or result.note


def test_locf_matches_r(longitudinal, close):
    values, r = longitudinal
    for result, theirs in zip(imputation.locf_changes(values), r["locf"], strict=True):
        assert close(
            (result.estimate, result.ci_low, result.ci_high, result.p_value),
            tuple(theirs[key] for key in ("estimate", "low", "high", "p")),
        )
