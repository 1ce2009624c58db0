"""Bounds over every correlation: never beaten by random data, reached by constructed data."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ppp.published import bounds
from ppp.witness import Summary, find

GRID = {"n": 28, "low": 0, "high": 72, "step": "0.1"}
PPPASI = Summary("13.86", "2.76", **GRID), Summary("5.56", "1.08", **GRID)
DLQI = Summary("12.55", "4.56", 28, 0, 30), Summary("2.03", "1.13", 28, 0, 30)
N = 28


def largest(percent, r=(-1, 1), **how):
    return bounds.responders(*PPPASI, percent, r=r, **how).largest


def standard(x):
    return (x - x.mean(axis=-1, keepdims=True)) / x.std(axis=-1, ddof=1, keepdims=True)


def draws(sets, seed=1):
    """Pairs of scores with exactly the printed means and deviations, of many shapes and any r."""
    rng = np.random.default_rng(seed)
    shapes = [rng.normal, rng.exponential, rng.standard_cauchy]
    for k in range(sets):
        two_valued = rng.permutation(np.arange(N) < rng.integers(1, N)).astype(float)
        u = standard(shapes[k % 3](size=N) if k % 4 else two_valued)
        v = rng.normal(size=N) - 2 * (rng.random(N) < 0.5) * (k % 2)
        v = v - v.mean()
        v = standard(v - u * (v @ u) / (u @ u))
        r = rng.uniform(-1, 1)
        yield u, r * u + np.sqrt(1 - r**2) * v


def test_bounds_are_never_beaten_by_10_000_data_sets_with_the_printed_figures():
    (m0, s0), (m1, s1) = ((float(x.mean), float(x.sd)) for x in PPPASI)
    limits = {p: bounds.responders(*PPPASI, p, slack=False) for p in (50, 75, 90, 100)}
    worse = bounds.not_improved(*PPPASI, slack=False)
    least, most = bounds.paired_t_range(*PPPASI, slack=False)
    for u, v in draws(10_000):
        x, y = m0 + s0 * u, m1 + s1 * v
        for percent, bound in limits.items():
            count = (y <= (1 - percent / 100) * x - 1e-9).sum()
            loose = (y <= (1 - percent / 100) * x + 1e-9).sum()
            assert count <= bound.largest and loose >= bound.smallest
        assert (y >= x + 1e-9).sum() <= worse.largest
        t = (y - x).mean() / ((y - x).std(ddof=1) / np.sqrt(N))
        assert most.estimate - 1e-6 <= t <= least.estimate + 1e-6


@pytest.mark.parametrize("percent", [75, 90])
def test_largest_count_is_reached_within_1_by_a_constructed_data_set(percent):
    bound = largest(percent, slack=False)
    (m0, s0), (m1, s1) = ((float(x.mean), float(x.sd)) for x in PPPASI)
    reached = []
    for k in range(1, N):
        u = standard(np.array([1.0] * k + [0.0] * (N - k)))
        x, y = m0 + s0 * u, m1 - s1 * u
        if min(x.min(), y.min()) >= 0 and max(x.max(), y.max()) <= 72:
            reached.append(int((y <= (1 - percent / 100) * x + 1e-9).sum()))
    assert bound - 1 <= max(reached) <= bound


def test_smallest_count_of_pppasi_50_is_reached_within_1_by_a_constructed_data_set():
    bound = bounds.responders(*PPPASI, 50, slack=False).smallest
    (m0, s0), (m1, s1) = ((float(x.mean), float(x.sd)) for x in PPPASI)
    reached = []
    for k in range(1, N):
        u = standard(np.array([1.0] * k + [0.0] * (N - k)))
        reached.append(int((m1 - s1 * u <= 0.5 * (m0 + s0 * u)).sum()))
    assert bound <= min(reached) <= bound + 1


@pytest.mark.parametrize("seed", range(5))
def test_whole_number_data_with_the_rounded_figures_keep_to_the_bounds_with_slack(seed):
    rng = np.random.default_rng(seed)
    x, y = (np.array([int(10 * v) for v in find(s, seed=seed)]) for s in PPPASI)
    for order in (np.arange(N), np.arange(N)[::-1], *(rng.permutation(N) for _ in range(50))):
        for percent in (50, 75, 90, 100):
            bound = bounds.responders(*PPPASI, percent)
            count = int((100 * y[order] <= (100 - percent) * x).sum())
            assert bound.smallest <= count <= bound.largest


@given(st.lists(st.integers(-6, 6), min_size=2, max_size=9))
def test_count_bounds_hold_for_every_list_of_integers(values):
    n, mean = len(values), Fraction(sum(values), len(values))
    variance = sum((value - mean) ** 2 for value in values) / n
    bound = bounds.count_bounds((mean, mean), (variance, variance), n)
    assert bound.smallest <= sum(value <= 0 for value in values) <= bound.largest


@given(st.integers(-4, 4), st.integers(1, 40), st.integers(2, 9))
def test_count_bounds_are_reached_by_data_of_two_values(mean, square, n):
    bound = bounds.count_bounds((Fraction(mean),) * 2, (Fraction(square),) * 2, n)
    seen = []
    for k in range(1, n):
        up, down = ((square * share) ** 0.5 for share in ((n - k) / k, k / (n - k)))
        for a, b in ((mean + up, mean - down), (mean - up, mean + down)):
            values = [a] * k + [b] * (n - k)
            seen += [sum(v <= slip for v in values) for slip in (1e-9, -1e-9)]
    assert bound.smallest <= max(seen) and min(seen) <= bound.largest
    assert min(seen) <= bound.smallest + 1 and bound.largest - 1 <= max(seen)


@pytest.mark.parametrize("percent", [50, 75])
def test_a_score_that_is_better_when_higher_has_the_bounds_of_its_mirror(percent):
    grid = {"n": N, "low": -72, "high": 0, "step": "0.1"}
    mirror = [Summary(-x.mean, x.sd, **grid) for x in PPPASI]
    # A score of −13.86 that rises to −5.56 is worse when it falls; 50% of −13.86 is −6.93.
    worse = bounds.not_improved(*mirror, sign=-1)
    assert worse == bounds.not_improved(*PPPASI)
    risen = [Summary("20.0", "4.0", N, 0, 100), Summary("60.0", "6.0", N, 0, 100)]
    least = bounds.responders(*risen, percent, sign=-1, slack=False)
    (m0, s0), (m1, s1) = ((float(x.mean), float(x.sd)) for x in risen)
    for u, v in draws(300, seed=percent):
        count = ((m1 + s1 * v) >= (1 + percent / 100) * (m0 + s0 * u)).sum()
        assert least.smallest <= count <= least.largest


def test_responder_bounds_match_the_plan():
    assert [largest(75, (r, 1)) for r in (-1, 0, Fraction(1, 2))] == [11, 7, 4]
    assert [largest(p) for p in (90, 100)] == [2, 0]
    assert largest(100, ddof=0) == 1 and largest(100, ddof=0, slack=False) == 1
    worse = [bounds.not_improved(*PPPASI, r=(r, 1)).largest for r in (-1, 0, Fraction(1, 2))]
    assert worse == [4, 3, 2]


@pytest.mark.parametrize(
    ("pair", "slack", "t", "p"),
    [
        (PPPASI, False, ("11.44", "26.14"), ("7.4e-12", "1.0e-20")),
        (PPPASI, True, ("11.39", "26.33"), ("8.0e-12", "8.6e-21")),
        (DLQI, False, ("9.78", "16.23"), ("2.3e-10", "1.9e-15")),
        (DLQI, True, ("9.76", "16.29"), ("2.4e-10", "1.7e-15")),
    ],
)
def test_range_of_t_and_p_matches_the_plan(pair, slack, t, p):
    ends = bounds.paired_t_range(*pair, slack=slack)
    assert tuple(f"{-end.estimate:.2f}" for end in ends) == t
    assert tuple(f"{end.p_value:.1e}" for end in ends) == p


def test_change_by_correlation_matches_the_plan():
    found = bounds.mean_change(*PPPASI, Fraction(1, 2))
    assert (round(found.ci_low, 2), round(found.ci_high, 2)) == (-9.23, -7.37)
    widest, narrowest = (bounds.mean_change(*PPPASI, r) for r in (-1, 1))
    assert (round(widest.ci_low, 2), round(widest.ci_high, 2)) == (-9.79, -6.81)
    assert (round(narrowest.ci_low, 2), round(narrowest.ci_high, 2)) == (-8.95, -7.65)
    assert [round(bounds.d_z(*PPPASI, r).estimate, 2) for r in (-1, 1)] == [-2.16, -4.94]


def test_effect_sizes_without_a_correlation_match_the_plan():
    found = bounds.standardised(*PPPASI)
    names = ("d_av", "g_av", "d_mean_sd", "delta_baseline", "percent")
    assert [round(found[name], 2) for name in names] == [-3.96, -3.85, -4.32, -3.01, -59.88]
    assert round(bounds.standardised(*DLQI)["percent"], 1) == -83.8


def test_paired_statistics_match_scipy_on_data():
    rng = np.random.default_rng(3)
    x, y = rng.integers(0, 30, 12), rng.integers(0, 30, 12)
    figures = [Summary(f"{v.mean():.12f}", f"{v.std(ddof=1):.12f}", 12, 0, 30) for v in (x, y)]
    r = Fraction(np.corrcoef(x, y)[0, 1])
    found, truth = bounds.paired_t(*figures, r), stats.ttest_rel(y, x)
    assert found.estimate == pytest.approx(truth.statistic, rel=1e-9)
    assert found.p_value == pytest.approx(truth.pvalue, rel=1e-8)
    test = stats.pearsonr(x + y, y - x)
    t = test.statistic * np.sqrt(10 / (1 - test.statistic**2))
    assert bounds.pitman_morgan(*figures, r).estimate == pytest.approx(t, rel=1e-9)


def test_least_pitman_morgan_matches_the_plan_and_is_at_r_0():
    least = bounds.pitman_morgan(*PPPASI)
    assert f"{-least.estimate:.2f} {least.p_value:.1e}" == "5.52 8.6e-06"
    for k in range(-9, 10):
        at = bounds.pitman_morgan(*PPPASI, Fraction(k, 10))
        assert abs(at.estimate) >= abs(least.estimate)


def test_equal_deviations_have_no_upper_bound_of_t_and_no_warning():
    same = Summary("10.0", "2.0", 20, 0, 30), Summary("5.0", "2.0", 20, 0, 30)
    _, most = bounds.paired_t_range(*same)
    assert np.isnan(most.estimate) and "no bound" in most.note
    assert bounds.pitman_morgan(*same, slack=True).estimate == 0
    assert np.isnan(bounds.d_z(*same, 1).estimate)


def test_means_that_may_be_equal_have_a_least_t_of_0():
    near = Summary("10.00", "2.0", 20, 0, 30), Summary("10.01", "2.0", 20, 0, 30)
    least, _ = bounds.paired_t_range(*near)
    assert least.estimate == 0 and least.p_value == 1
