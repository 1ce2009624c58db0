import numpy as np
import pytest

from ppp.estimators.imputation import Imputed, impute
from ppp.estimators.paired import mean_change
from ppp.estimators.proportions import wilson
from ppp.estimators.tipping import binary_tipping, tipping_point

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
    found = tipping_point(filled(AFTER, gaps), 1, lowest=0, highest=72)
    shift = found.point.estimate
    worse = AFTER.copy()
    worse[gaps] += shift
    assert mean_change(BEFORE, worse).ci_high == pytest.approx(0, abs=1e-4)
    for other, sign in ((shift - 0.01, -1), (shift + 0.01, 1)):
        worse[gaps] = AFTER[gaps] + other
        assert np.sign(mean_change(BEFORE, worse).ci_high) == sign


def test_the_curve_starts_unworsened_and_is_clipped_to_the_range():
    found = tipping_point(filled(AFTER, [0]), 1, lowest=0, highest=20)
    assert found.shifts[0] == 0 and found.shifts[-1] == 20
    assert found.curve[0].estimate == pytest.approx(np.mean(AFTER - BEFORE))
    worst = AFTER.copy()
    worst[0] = 20
    assert found.curve[-1].estimate == pytest.approx(np.mean(worst - BEFORE))
    means = [one.estimate for one in found.curve]
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
    found = tipping_point(complete, 1, lowest=0, highest=72)
    assert found.curve == () and found.point.note.startswith("not applicable")


def test_what_could_not_be_imputed_says_so():
    found = tipping_point(impute(np.empty((0, 2)), seed=1), 1, lowest=0, highest=72)
    assert found.point.note == "no data"


def test_of_scores_that_vary_in_nothing_the_point_is_empty_with_the_reason():
    found = tipping_point(filled(BEFORE - 5, [2]), 1, lowest=0, highest=72)
    assert np.isnan(found.point.estimate) and "same amount" in found.point.note


def test_only_the_imputed_scores_at_the_visit_are_worsened():
    rng = np.random.default_rng(1)
    values = rng.normal(14, 3, (28, 1)) * [1, 0.7, 0.4] + rng.normal(size=(28, 3))
    values[:5, 2], values[5:9, 1], values[9, 0] = np.nan, np.nan, np.nan
    imputed = impute(values, seed=1)
    kept = imputed.values.copy()
    found = tipping_point(imputed, 2, lowest=-50, highest=50)
    assert "5 imputed" in found.point.note or np.isnan(found.point.estimate)
    gained = found.curve[1].estimate - found.curve[0].estimate
    assert gained == pytest.approx(5 / 28 * found.shifts[1], rel=1e-6)
    assert np.array_equal(imputed.values, kept)


def test_every_count_among_the_missing_has_its_wilson_interval():
    found = binary_tipping(18, 25, 3)
    assert found == {more: wilson(18 + more, 28) for more in range(4)}
    assert binary_tipping(18, 28, 0) == {0: wilson(18, 28)}
    assert binary_tipping(0, 0, 0)[0].note == "no data"


def test_a_million_missing_are_listed_a_thousand_times():
    found = binary_tipping(10, 20, 1_000_000)
    assert len(found) == 1_000 and {0, 1_000_000} <= set(found)
