"""All visits together, against R's nlme and stats."""

import numpy as np
import pytest
from scipy import stats

from ppp.estimators import longitudinal as repeated
from ppp.estimators import reml
from ppp.estimators.longitudinal import friedman, mmrm, random_intercept
from ppp.estimators.paired import mean_change


def test_unstructured_fit_matches_nlme(longitudinal):
    values, r = longitudinal
    theirs = r["unstructured"]
    result = mmrm(values)
    reach = stats.t.ppf(0.975, len(values) - 1)
    assert result.covariance == "unstructured"
    assert result.log_likelihood == pytest.approx(theirs["log_likelihood"], rel=1e-6)
    for ours, key in ((result.contrasts, "change"), (result.means, "mean")):
        assert [e.estimate for e in ours] == pytest.approx(theirs[key], rel=1e-4)
        errors = [(e.ci_high - e.ci_low) / 2 / reach for e in ours]
        assert errors == pytest.approx(theirs[f"{key}_se"], rel=1e-3)


def test_compound_symmetry_matches_nlme(longitudinal):
    values, r = longitudinal
    theirs = r["compound_symmetry"]
    result = reml.compound_symmetry(values)
    assert result.mean == pytest.approx(theirs["mean"], rel=1e-4)
    assert np.sqrt(np.diag(result.mean_covariance)) == pytest.approx(theirs["mean_se"], rel=1e-3)
    assert result.log_likelihood == pytest.approx(theirs["log_likelihood"], rel=1e-6)


def test_contrasts_equal_the_paired_t_with_complete_data(close):
    rng = np.random.default_rng(1)
    values = (rng.normal(14, 3, (28, 1)) * [1, 0.8, 0.6, 0.4] + rng.normal(size=(28, 4))).round(1)
    for week, result in enumerate(mmrm(values).contrasts, start=1):
        truth = mean_change(values[:, 0], values[:, week])
        assert close(
            (result.estimate, result.ci_low, result.ci_high, result.p_value),
            (truth.estimate, truth.ci_low, truth.ci_high, truth.p_value),
        )


def test_slope_of_the_likelihood_equals_its_differences():
    rng = np.random.default_rng(2)
    values = rng.normal(size=(15, 3))
    values[rng.random(values.shape) < 0.2] = np.nan
    patterns = reml.missing_patterns(values)
    covariance = np.cov(rng.normal(size=(3, 30)))
    _, slope = reml._likelihood(covariance, patterns)
    bump = np.zeros((3, 3))
    bump[0, 1] = bump[1, 0] = 1e-6
    up, down = (reml._likelihood(covariance + sign * bump, patterns)[0] for sign in (1, -1))
    assert (up - down) / 2e-6 == pytest.approx(2 * slope[0, 1], rel=1e-5)


def test_too_few_patients_fall_back_to_compound_symmetry_and_say_so():
    values = np.random.default_rng(3).normal(10, 2, (4, 4)) + np.arange(4)
    result = mmrm(values)
    assert result.covariance == "compound symmetry"
    assert "compound symmetry" in result.contrasts[0].method
    assert "did not converge" in result.contrasts[0].note


def test_a_visit_nobody_attended_is_empty_with_a_reason():
    values = np.random.default_rng(4).normal(10, 2, (12, 3))
    values[:, 1] = np.nan
    result = mmrm(values)
    assert np.isnan(result.means[1].estimate) and "nobody" in result.means[1].note
    assert np.isfinite(result.contrasts[1].estimate)


@pytest.mark.parametrize(
    "values",
    [
        np.empty((0, 4)),
        np.full((5, 3), np.nan),
        np.full((5, 3), 2.0),
        np.ones((2, 3)),
        np.array([[1.0, np.nan], [2, np.nan], [3, np.nan]]),
        np.arange(9.0).reshape(3, 3),
        np.array([[1.0, np.nan], [np.nan, 2], [3, np.nan], [np.nan, 5]]),
        np.column_stack([np.full(6, 4.0), [1, 2, 3, 1, 2, 3]]),
        np.vstack([np.arange(5.0)[:, None] * [1.0, np.nan, np.nan], [[1, 2, 3]]]),
    ],
)
def test_awkward_tables_give_a_number_or_a_reason(values):
    result = mmrm(values)
    for estimate in result.means + result.contrasts:
        assert np.isfinite(estimate.estimate) or estimate.note
        assert not np.isinf([estimate.ci_low, estimate.ci_high]).any()


def test_friedman_matches_r(longitudinal, close):
    values, r = longitudinal
    result = friedman(values, seed=1)
    assert result.n == r["friedman"]["n"]
    assert close((result.estimate, result.p_value), (r["friedman"]["w"], r["friedman"]["p"]))
    assert result.ci_low <= result.estimate <= result.ci_high


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (np.ones((5, 2)), "fewer than 3 visits"),
        (np.ones((5, 3)), "no patient's score changed"),
        (np.full((4, 3), np.nan), "no data"),
        (np.arange(6.0).reshape(2, 3), "fewer than 3"),
    ],
)
def test_friedman_says_why_it_is_empty(values, why):
    result = friedman(values, seed=1)
    assert np.isnan(result.estimate) and why in result.note


def test_resampled_w_of_the_data_themselves_is_w():
    values = np.random.default_rng(5).integers(0, 5, (9, 4)).astype(float)
    shares = repeated._resampled(np.tile(values[:1], (4, 1)), 1)
    assert shares == pytest.approx(np.ones(shares.size))


GAPS = [  # -1: missing
    [10.8, 7.6, 5.4, 0],
    [20.1, -1, 10.1, 7],
    [21, -1, -1, -1],
    [13.2, 12.9, 9.2, -1],
    [12.4, -1, -1, 4.3],
    [14.3, 10, -1, -1],
    [15.9, 11.1, 8, -1],
    [-1, 13.1, 9.3, 6.5],
    [16.4, 11.5, 8.2, -1],
    [18.9, 13.2, 9.4, -1],
    [15.6, 10.9, 7.8, -1],
    [12.6, 8.8, 6.3, 4.4],
    [0, 9.8, 7, 4.9],
    [20.5, 14.3, 10.2, 7.2],
]


def test_changes_errors_and_df_match_nlme(longitudinal):
    values, r = longitudinal
    theirs = r["random_intercept"]
    result = random_intercept(values)
    df = theirs["df"][1]
    assert all(one.method.endswith(f"t with {df} df") for one in result)
    assert [one.estimate for one in result] == pytest.approx(theirs["estimate"][1:], rel=1e-4)
    errors = [(one.ci_high - one.ci_low) / 2 / stats.t.ppf(0.975, df) for one in result]
    assert errors == pytest.approx(theirs["se"][1:], rel=1e-3)
    assert [np.log(one.p_value) for one in result] == pytest.approx(
        np.log(theirs["p"][1:]), rel=1e-2
    )


def test_errors_match_nlme_where_a_third_of_the_scores_is_missing():
    """The PPPASI of tests/cohorts/gaps; R: lme(value ~ week, random = ~1 | id)."""
    values = np.array(GAPS, dtype=float)
    result = random_intercept(np.where(values < 0, np.nan, values))
    assert [one.estimate for one in result] == pytest.approx(
        [-3.2977831, -6.4622400, -9.3470225], rel=1e-5
    )
    errors = [(one.ci_high - one.ci_low) / 2 / stats.t.ppf(0.975, 25) for one in result]
    assert errors == pytest.approx([1.12917062, 1.13050878, 1.32673344], rel=1e-4)


def test_it_is_compound_symmetry_where_patients_agree_with_themselves(longitudinal):
    values, _ = longitudinal
    fit = reml.compound_symmetry(values)
    contrasts = fit.mean[1:] - fit.mean[0]
    assert [one.estimate for one in random_intercept(values)] == pytest.approx(contrasts, rel=1e-4)


def test_patients_who_do_not_agree_with_themselves_still_give_a_number():
    rng = np.random.default_rng(1)
    for result in random_intercept(rng.normal(10, 2, (20, 3))):
        assert np.isfinite(result.ci_low) or result.note


def test_the_order_of_patients_does_not_matter_and_the_unit_only_scales(longitudinal):
    values, _ = longitudinal
    one, other, tenfold = (random_intercept(x) for x in (values, values[::-1], 10 * values))
    for first, second, third in zip(one, other, tenfold, strict=True):
        assert second.ci_low == pytest.approx(first.ci_low, rel=1e-4)
        assert third.ci_low == pytest.approx(10 * first.ci_low, rel=1e-4)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (np.empty((0, 4)), "no data"),
        (np.full((5, 3), np.nan), "no data"),
        (np.ones((2, 3)), "only 2 patients"),
        (np.full((5, 3), 2.0), "do not vary"),
        (np.column_stack([np.arange(5.0), np.full(5, np.nan)]), "only one visit"),
        (np.column_stack([np.full(5, np.nan), np.arange(5.0), np.arange(5.0)]), "first visit"),
        (np.array([[1.0, np.nan], [np.nan, 2], [3, np.nan], [np.nan, 5]]), "seen twice"),
        (np.ones((2_001, 2)), "above 2,000"),
    ],
)
def test_what_cannot_be_fitted_is_empty_with_a_reason(values, why):
    for result in random_intercept(values):
        assert np.isnan(result.estimate) and why in result.note


@pytest.mark.parametrize(
    "values",
    [
        np.arange(9.0).reshape(3, 3),
        np.column_stack([np.full(6, 4.0), [1, 2, 3, 1, 2, 3]]),
        np.arange(5.0)[:, None] - [0.0, 1, 2],
        np.vstack([np.arange(5.0)[:, None] * [1.0, np.nan, np.nan], [[1, 2, 3]]]),
    ],
)
def test_random_intercepts_of_awkward_tables_are_a_number_or_a_reason(values):
    for result in random_intercept(values):
        assert np.isfinite(result.estimate) or result.note
        assert not np.isinf([result.ci_low, result.ci_high]).any()


def test_random_intercepts_stand_beside_a_visit_nobody_attended():
    rng = np.random.default_rng(4)
    values = rng.normal(10, 2, (12, 1)) + rng.normal(size=(12, 3))
    values[:, 1] = np.nan
    result = random_intercept(values)
    assert "nobody" in result[0].note and np.isfinite(result[1].ci_low)
