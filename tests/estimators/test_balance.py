import numpy as np
import pytest

from ppp.estimators import balance


def test_proportions_by_hand():
    found = balance.smd_proportions(0.375, 8, 0.35, 20)
    assert found.estimate == pytest.approx(0.025 / np.sqrt((0.375 * 0.625 + 0.35 * 0.65) / 2))


def test_two_levels_are_a_proportion():
    assert balance.smd_levels([3, 5], [7, 13]).estimate == pytest.approx(
        balance.smd_proportions(0.375, 8, 0.35, 20).estimate
    )


def test_three_levels_do_not_depend_on_their_order():
    one = balance.smd_levels([2, 3, 3], [8, 7, 5]).estimate
    other = balance.smd_levels([3, 2, 3], [5, 8, 7]).estimate
    assert one == pytest.approx(other) and one > 0


def test_three_levels_by_yang_and_dalton():
    difference = np.array([0.5 - 0.2, 0.25 - 0.4])
    covariance = np.array([[0.25 + 0.16, -0.125 - 0.08], [-0.125 - 0.08, 0.1875 + 0.24]]) / 2
    truth = np.sqrt(difference @ np.linalg.inv(covariance) @ difference)
    assert balance.smd_levels([4, 2, 2], [4, 8, 8]).estimate == pytest.approx(truth)


def test_a_level_that_nobody_has_changes_nothing():
    assert balance.smd_levels([3, 0, 5], [7, 0, 13]) == balance.smd_levels([3, 5], [7, 13])


@pytest.mark.parametrize(
    "found",
    [
        balance.smd([2, 2, 2], [2, 2, 2]),
        balance.smd_levels([5, 0], [9, 0]),
        balance.smd_proportions(1, 5, 1, 9),
    ],
)
def test_equal_groups_without_variance_differ_by_nothing(found):
    assert found.estimate == 0


@pytest.mark.parametrize(
    "found", [balance.smd([2, 2, 2], [3, 3, 3]), balance.smd_levels([5, 0], [0, 9])]
)
def test_different_groups_without_variance_have_no_smd(found):
    assert np.isnan(found.estimate) and found.note
