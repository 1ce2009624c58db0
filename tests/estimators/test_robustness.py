import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppp.estimators.imputation import Imputed, impute
from ppp.estimators.paired import mean_change
from ppp.estimators.proportions import clopper_pearson
from ppp.estimators.robustness import (
    binary_tipping,
    expected_change,
    explaining_correlation,
    leave_one_out,
    tipping_point,
)

tenths = st.integers(-200, 200).map(lambda x: x / 10)


def test_range_and_most_influential_match_r(paired, close):
    before, after, r = paired
    result = leave_one_out(before, after)
    if "leave_one_out" not in r:
        assert result.note
        return
    theirs = r["leave_one_out"]
    ranges = [result.estimate, result.ci_low, result.ci_high, result.p_value]
    assert close([low for low, _ in ranges], theirs["lowest"])
    assert close([high for _, high in ranges], theirs["highest"])
    kept = np.flatnonzero(np.isfinite(before) & np.isfinite(after))
    assert result.most == kept[theirs["most"] - 1]
    assert close(result.distance, theirs["distance"])


@settings(max_examples=50, deadline=None)
@given(d=st.lists(tenths, min_size=4, max_size=20))
def test_every_refit_is_the_paired_t_of_the_others(d):
    d = np.array(d)
    result = leave_one_out(np.zeros(d.size), d)
    if np.ptp(d) == 0:
        assert result.note
        return
    refits = [mean_change(np.zeros(d.size - 1), np.delete(d, i)) for i in range(d.size)]
    for name in ("estimate", "ci_low", "ci_high", "p_value"):
        values = np.array([getattr(refit, name) for refit in refits])
        values = values[np.isfinite(values)]
        assert getattr(result, name) == pytest.approx((values.min(), values.max()), abs=1e-8)
    one = refits[result.most]
    assert result.without.estimate == pytest.approx(one.estimate, abs=1e-9)
    assert result.without.ci_low == pytest.approx(one.ci_low, abs=1e-8, nan_ok=True)


@settings(max_examples=20, deadline=None)
@given(d=st.lists(tenths, min_size=4, max_size=20, unique=True), seed=st.integers(0, 99))
def test_order_sign_and_unit_matter_only_as_they_should(d, seed):
    d = np.array(d)
    order = np.random.default_rng(seed).permutation(d.size)
    zero = np.zeros(d.size)
    result, shuffled = leave_one_out(zero, d), leave_one_out(zero, d[order])
    assert result.estimate == pytest.approx(shuffled.estimate)
    mirrored, tenfold = leave_one_out(d, zero), leave_one_out(zero, 10 * d)
    assert result.estimate == pytest.approx((-mirrored.estimate[1], -mirrored.estimate[0]))
    assert result.ci_low[0] == pytest.approx(-mirrored.ci_high[1])
    assert tenfold.ci_high == pytest.approx((10 * result.ci_high[0], 10 * result.ci_high[1]))
    assert tenfold.distance == pytest.approx(result.distance)


def test_the_position_counts_the_missing():
    before = [np.nan, 9, 9, 9, np.nan, 9, 9]
    assert leave_one_out(before, [1, 4, 5, 4, 1, 5, 9]).most == 6


def test_a_refit_without_variance_has_no_interval_and_says_so():
    result = leave_one_out([5, 6, 7, 9], [5, 6, 7, 2])
    assert result.most == 3 and result.without.estimate == 0
    assert np.isnan(result.without.ci_low) and "all others" in result.without.note
    assert np.isfinite(result.ci_low).all() and "without one patient" in result.note


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ([], [], "no data"),
        ([5.0], [3.0], "only 1 patient,"),
        ([5.0] * 3, [3.0, 2, 1], "than 4"),
        ([5.0] * 5, [3.0] * 5, "same amount"),
        (np.zeros(10_001), np.arange(10_001.0), "above 10,000"),
    ],
)
def test_what_is_skipped_says_why(before, after, why):
    result = leave_one_out(before, after)
    assert why in result.note and np.isnan(result.estimate).all() and result.most is None


def test_pairs_of_unequal_length_are_an_error():
    with pytest.raises(ValueError, match="pairs"):
        leave_one_out([1, 2, 3], [1, 2])


def test_the_published_means_are_explained_at_a_correlation_of_two_fifths():
    before, after = np.full(28, 13.86), np.full(28, 5.56)
    assert explaining_correlation(before, after).estimate == pytest.approx(1 - 8.30 / 13.86)
    assert explaining_correlation(before, after).estimate <= 0.4012


def test_the_grid_worked_by_hand():
    result = expected_change(12, correlation=[0, 0.5, 1], usual_mean=[0, 8])
    assert result.tolist() == [[-12, -4], [-6, -2], [0, 0]]


def test_at_the_explaining_correlation_the_expected_change_is_the_one_seen():
    rng = np.random.default_rng(1)
    before, after = rng.normal(14, 3, 28), rng.normal(9, 3, 28)
    result = explaining_correlation(before, after, usual_mean=5)
    expected = expected_change(before.mean(), correlation=result.estimate, usual_mean=5)
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
    result = explaining_correlation(before, after, usual_mean=usual)
    assert np.isnan(result.estimate) and why in result.note


def test_a_fall_beyond_any_correlation_says_so():
    result = explaining_correlation([9, 10, 11], [1, 2, 3], usual_mean=8)
    assert result.estimate < 0 and "no correlation" in result.note


BEFORE = np.array([14.0, 12, 16, 15, 13, 14, 12, 15])


AFTER = np.array([6.0, 5, 9, 7, 5, 6, 6, 7])


def filled(after, gaps, tables=1):
    """Tables that all impute the same scores, so that pooling is the paired t."""
    values = np.tile(np.column_stack([BEFORE, after]), (tables, 1, 1))
    missing = np.zeros((8, 2), dtype=bool)
    missing[gaps, 1] = True
    return Imputed(values, missing)


def test_the_point_is_where_the_paired_t_touches_zero():
    gaps = [1, 4, 6, 7]
    result = tipping_point(filled(AFTER, gaps), 1, lowest=0, highest=72)
    shift = result.point.estimate
    worse = AFTER.copy()
    worse[gaps] += shift
    assert mean_change(BEFORE, worse).ci_high == pytest.approx(0, abs=1e-4)
    for other, sign in ((shift - 0.01, -1), (shift + 0.01, 1)):
        worse[gaps] = AFTER[gaps] + other
        assert np.sign(mean_change(BEFORE, worse).ci_high) == sign


def test_the_curve_starts_unworsened_and_is_clipped_to_the_range():
    result = tipping_point(filled(AFTER, [0]), 1, lowest=0, highest=20)
    assert result.shifts[0] == 0 and result.shifts[-1] == 20
    assert result.curve[0].estimate == pytest.approx(np.mean(AFTER - BEFORE))
    worst = AFTER.copy()
    worst[0] = 20
    assert result.curve[-1].estimate == pytest.approx(np.mean(worst - BEFORE))
    means = [one.estimate for one in result.curve]
    assert means == sorted(means)


def test_one_gap_never_tips_and_the_note_says_how_far_it_was_tried():
    point = tipping_point(filled(AFTER, [0]), 1, lowest=0, highest=20).point
    assert np.isnan(point.estimate)
    assert point.note == "never tips, not even with 1 imputed worse by 20 points"


def test_an_interval_that_holds_zero_tips_at_once():
    after = BEFORE + np.array([-3, 3, -2, 2, -1, 1, -4, 3])
    point = tipping_point(filled(after, [0]), 1, lowest=0, highest=72).point
    assert (point.estimate, point.note) == (0, "the interval reaches 0 without any worsening")
    point = tipping_point(filled(BEFORE + (BEFORE - AFTER), [0]), 1, lowest=0, highest=72).point
    assert (point.estimate, point.note) == (0, "the score rose without any worsening")


def test_without_gaps_it_does_not_apply():
    complete = impute(np.column_stack([BEFORE, AFTER]), seed=1)
    result = tipping_point(complete, 1, lowest=0, highest=72)
    assert result.curve == () and result.point.note.startswith("not applicable")


def test_what_could_not_be_imputed_says_so():
    result = tipping_point(impute(np.empty((0, 2)), seed=1), 1, lowest=0, highest=72)
    assert result.point.note == "no data"


def test_of_scores_that_vary_in_nothing_the_point_is_empty_with_the_reason():
    result = tipping_point(filled(BEFORE - 5, [2]), 1, lowest=0, highest=72)
    assert np.isnan(result.point.estimate) and "same amount" in result.point.note


def test_only_the_imputed_scores_at_the_visit_are_worsened():
    rng = np.random.default_rng(1)
    values = rng.normal(14, 3, (28, 1)) * [1, 0.7, 0.4] + rng.normal(size=(28, 3))
    values[:5, 2], values[5:9, 1], values[9, 0] = np.nan, np.nan, np.nan
    imputed = impute(values, seed=1)
    kept = imputed.values.copy()
    result = tipping_point(imputed, 2, lowest=-50, highest=50)
    assert "worsened: 5" in result.point.note or np.isnan(result.point.estimate)
    gained = result.curve[1].estimate - result.curve[0].estimate
    assert gained == pytest.approx(5 / 28 * result.shifts[1], rel=1e-6)
    assert np.array_equal(imputed.values, kept)


def test_every_count_among_the_missing_has_its_exact_interval():
    result = binary_tipping(18, 25, 3)
    assert result == {more: clopper_pearson(18 + more, 28) for more in range(4)}
    assert binary_tipping(18, 28, 0) == {0: clopper_pearson(18, 28)}
    assert binary_tipping(0, 0, 0)[0].note == "no data"


def test_a_million_missing_are_listed_a_thousand_times():
    result = binary_tipping(10, 20, 1_000_000)
    assert len(result) == 1_000 and {0, 1_000_000} <= set(result)
