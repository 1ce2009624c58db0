import numpy as np
import pytest

from ppp.estimators.regression_to_mean import expected_change, explaining_correlation


def test_the_published_means_are_explained_at_a_correlation_of_two_fifths():
    before, after = np.full(28, 13.86), np.full(28, 5.56)
    assert explaining_correlation(before, after).estimate == pytest.approx(1 - 8.30 / 13.86)
    assert explaining_correlation(before, after).estimate <= 0.4012


def test_the_grid_worked_by_hand():
    found = expected_change(12, correlation=[0, 0.5, 1], usual_mean=[0, 8])
    assert found.tolist() == [[-12, -4], [-6, -2], [0, 0]]


def test_at_the_explaining_correlation_the_expected_change_is_the_one_seen():
    rng = np.random.default_rng(1)
    before, after = rng.normal(14, 3, 28), rng.normal(9, 3, 28)
    found = explaining_correlation(before, after, usual_mean=5)
    expected = expected_change(before.mean(), correlation=found.estimate, usual_mean=5)
    assert expected.item() == pytest.approx(np.mean(after - before))


def test_simulated_patients_at_a_flare_regress_as_expected():
    rng = np.random.default_rng(2)
    usual, spread, correlation = 8.0, 3.0, 0.6
    covariance = spread**2 * np.array([[1, correlation], [correlation, 1]])
    first, second = rng.multivariate_normal([usual] * 2, covariance, 400_000).T
    flare = first > 12
    expected = expected_change(first[flare].mean(), correlation=correlation, usual_mean=usual)
    assert np.mean((second - first)[flare]) == pytest.approx(expected.item(), rel=0.02)


@pytest.mark.parametrize(
    ("before", "after", "usual", "why"),
    [
        ([], [], 0, "no data"),
        ([5, 6], [1, 2], 0, "fewer than 3"),
        ([5, 6, 7], [5, 6, 7], 0, "did not fall"),
        ([5, 6, 7], [6, 7, 8], 0, "did not fall"),
        ([5, 6, 7], [1, 2, 3], 6, "not above"),
    ],
)
def test_what_has_no_answer_says_why(before, after, usual, why):
    found = explaining_correlation(before, after, usual_mean=usual)
    assert np.isnan(found.estimate) and why in found.note


def test_a_fall_beyond_any_correlation_says_so():
    found = explaining_correlation([9, 10, 11], [1, 2, 3], usual_mean=8)
    assert found.estimate < 0 and "no correlation" in found.note
