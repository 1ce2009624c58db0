import numpy as np
import pytest
from scipy import stats

from ppp.estimators import reml
from ppp.estimators.friedman import friedman
from ppp.estimators.longitudinal import mmrm
from ppp.estimators.paired import mean_change


def test_unstructured_fit_matches_nlme(longitudinal):
    values, r = longitudinal
    theirs = r["unstructured"]
    found = mmrm(values)
    reach = stats.t.ppf(0.975, len(values) - 1)
    assert found.covariance == "unstructured"
    assert found.log_likelihood == pytest.approx(theirs["log_likelihood"], rel=1e-6)
    for ours, key in ((found.contrasts, "change"), (found.means, "mean")):
        assert [e.estimate for e in ours] == pytest.approx(theirs[key], rel=1e-4)
        errors = [(e.ci_high - e.ci_low) / 2 / reach for e in ours]
        assert errors == pytest.approx(theirs[f"{key}_se"], rel=1e-3)


def test_compound_symmetry_matches_nlme(longitudinal):
    values, r = longitudinal
    theirs = r["compound_symmetry"]
    found = reml.compound_symmetry(values)
    assert found.mean == pytest.approx(theirs["mean"], rel=1e-4)
    assert np.sqrt(np.diag(found.mean_covariance)) == pytest.approx(theirs["mean_se"], rel=1e-3)
    assert found.log_likelihood == pytest.approx(theirs["log_likelihood"], rel=1e-6)


def test_contrasts_equal_the_paired_t_with_complete_data(close):
    rng = np.random.default_rng(1)
    values = (rng.normal(14, 3, (28, 1)) * [1, 0.8, 0.6, 0.4] + rng.normal(size=(28, 4))).round(1)
    for week, found in enumerate(mmrm(values).contrasts, start=1):
        truth = mean_change(values[:, 0], values[:, week])
        assert close(
            (found.estimate, found.ci_low, found.ci_high, found.p_value),
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
    found = mmrm(values)
    assert found.covariance == "compound symmetry"
    assert "compound symmetry" in found.contrasts[0].method
    assert "did not converge" in found.contrasts[0].note


def test_a_visit_nobody_attended_is_empty_with_a_reason():
    values = np.random.default_rng(4).normal(10, 2, (12, 3))
    values[:, 1] = np.nan
    found = mmrm(values)
    assert np.isnan(found.means[1].estimate) and "nobody" in found.means[1].note
    assert np.isfinite(found.contrasts[1].estimate)


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
    found = mmrm(values)
    for estimate in found.means + found.contrasts:
        assert np.isfinite(estimate.estimate) or estimate.note
        assert not np.isinf([estimate.ci_low, estimate.ci_high]).any()


def test_friedman_matches_r(longitudinal, close):
    values, r = longitudinal
    found = friedman(values, seed=1)
    assert found.n == r["friedman"]["n"]
    assert close((found.estimate, found.p_value), (r["friedman"]["w"], r["friedman"]["p"]))
    assert found.ci_low <= found.estimate <= found.ci_high


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
    found = friedman(values, seed=1)
    assert np.isnan(found.estimate) and why in found.note


def test_resampled_w_of_the_data_themselves_is_w():
    values = np.random.default_rng(5).integers(0, 5, (9, 4)).astype(float)
    from ppp.estimators import friedman as module

    shares = module._resampled(np.tile(values[:1], (4, 1)), 1)
    assert shares == pytest.approx(np.ones(shares.size))
