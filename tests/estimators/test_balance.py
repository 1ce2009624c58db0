import numpy as np
import pytest

from ppp.estimators.balance import (
    _distances,
    chance_beyond,
    smd,
    smd_bootstrap,
    smd_levels,
    smd_levels_bootstrap,
)

from .test_two_group import split


def test_two_levels_are_a_proportion_by_hand():
    result = smd_levels([3, 5], [7, 13])
    assert result.estimate == pytest.approx(0.025 / np.sqrt((0.375 * 0.625 + 0.35 * 0.65) / 2))


def test_three_levels_do_not_depend_on_their_order():
    one = smd_levels([2, 3, 3], [8, 7, 5]).estimate
    other = smd_levels([3, 2, 3], [5, 8, 7]).estimate
    assert one == pytest.approx(other) and one > 0


def test_three_levels_by_yang_and_dalton():
    difference = np.array([0.5 - 0.2, 0.25 - 0.4])
    covariance = np.array([[0.25 + 0.16, -0.125 - 0.08], [-0.125 - 0.08, 0.1875 + 0.24]]) / 2
    truth = np.sqrt(difference @ np.linalg.inv(covariance) @ difference)
    assert smd_levels([4, 2, 2], [4, 8, 8]).estimate == pytest.approx(truth)


def test_a_level_that_nobody_has_changes_nothing():
    assert smd_levels([3, 0, 5], [7, 0, 13]) == smd_levels([3, 5], [7, 13])


@pytest.mark.parametrize("result", [smd([2, 2, 2], [2, 2, 2]), smd_levels([5, 0], [9, 0])])
def test_equal_groups_without_variance_differ_by_nothing(result):
    assert result.estimate == 0


@pytest.mark.parametrize("result", [smd([2, 2, 2], [3, 3, 3]), smd_levels([5, 0], [0, 9])])
def test_different_groups_without_variance_have_no_smd(result):
    assert np.isnan(result.estimate) and result.note


def test_percentile_limits_match_boot(two_group):
    case, r = two_group
    result = smd_bootstrap(*split(case), seed=1)
    low, high = r["smd_percentile"]
    assert [result.ci_low, result.ci_high] == pytest.approx([low, high], abs=0.05 * (high - low))
    assert result.estimate == pytest.approx(r["smd"], rel=1e-8)


def test_the_normal_interval_meets_the_bootstrap_at_its_largest_size():
    rng = np.random.default_rng(1)
    a, b = rng.gamma(2, 2, 2_001), rng.gamma(3, 2, 1_500)
    rough, drawn = smd_bootstrap(a, b, seed=1), smd_bootstrap(a[:2_000], b, seed=1)
    width = drawn.ci_high - drawn.ci_low
    assert "normal" in rough.method and "bootstrap" in drawn.method
    assert [rough.ci_low, rough.ci_high] == pytest.approx(
        [drawn.ci_low, drawn.ci_high], abs=0.1 * width
    )


def test_levels_with_two_levels_are_those_of_the_patients_themselves():
    a, b = np.repeat([1, 0], [50, 90]), np.repeat([1, 0], [80, 60])
    rng = np.random.default_rng(1)
    drawn = []
    for _ in range(4_000):
        x, y = rng.choice(a, 140), rng.choice(b, 140)
        drawn.append(smd_levels([x.sum(), 140 - x.sum()], [y.sum(), 140 - y.sum()]).estimate)
    result = smd_levels_bootstrap([50, 90], [80, 60], seed=2)
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    assert [result.ci_low, result.ci_high] == pytest.approx([low, high], abs=0.05 * (high - low))


def test_distances_of_resamples_are_those_of_smd_levels():
    rng = np.random.default_rng(3)
    first, second = (
        rng.multinomial(12, [0.2, 0.3, 0.5], 50),
        rng.multinomial(9, [0.6, 0.3, 0.1], 50),
    )
    truth = [smd_levels(a, b).estimate for a, b in zip(first, second, strict=True)]
    assert _distances(first / 12, second / 9) == pytest.approx(
        np.array(truth), nan_ok=True, rel=1e-6, abs=1e-6
    )


def test_estimates_are_those_without_an_interval():
    a, b = [1.0, 2, 3, 4, np.nan], [2.0, 3, 5, 7]
    assert smd_bootstrap(a, b, seed=1).estimate == smd(a, b).estimate
    assert (
        smd_levels_bootstrap([3, 4, 5], [6, 2, 4], seed=1).estimate
        == smd_levels([3, 4, 5], [6, 2, 4]).estimate
    )


@pytest.mark.parametrize(
    "groups",
    [
        ([], []),
        ([1, 2], [1, 2, 3]),
        ([2, 2, 2], [2, 2, 2]),
        ([2, 2, 2], [3, 3, 3]),
        ([2, 2, 2], [3, 3, 4]),
        ([1, 2, 3], [1, 2, 3]),
    ],
)
def test_awkward_groups_give_a_number_or_a_reason(groups):
    result = smd_bootstrap(*groups, seed=1)
    assert np.isfinite(result.estimate) or result.note
    assert not np.isinf([result.ci_low, result.ci_high]).any()


@pytest.mark.parametrize(
    "counts",
    [
        ([0, 0], [1, 2]),
        ([3, 0], [4, 0]),
        ([3, 0], [0, 4]),
        ([3, 0], [2, 2]),
        ([1, 1, 0], [0, 1, 1]),
        ([8, 0], [20, 0]),
        ([1_000_000, 2], [5, 2_000_000]),
    ],
)
def test_awkward_counts_give_a_number_or_a_reason(counts):
    result = smd_levels_bootstrap(*counts, seed=1)
    assert np.isfinite(result.estimate) or result.note
    assert not np.isinf([result.ci_low, result.ci_high]).any()


def test_as_many_large_differences_by_chance_as_random_groups_show():
    rng = np.random.default_rng(3)
    drawn = rng.normal(size=(4000, 28))
    first, second = drawn[:, :8], drawn[:, 8:]
    spread = np.sqrt((first.var(axis=1, ddof=1) + second.var(axis=1, ddof=1)) / 2)
    found = np.abs((first.mean(axis=1) - second.mean(axis=1)) / spread) > 0.2
    assert chance_beyond(8, 20, limit=0.2) == pytest.approx(0.6326, abs=5e-4)
    assert found.mean() == pytest.approx(chance_beyond(8, 20, limit=0.2), abs=0.03)
