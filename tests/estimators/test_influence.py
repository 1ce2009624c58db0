import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppp.estimators.influence import leave_one_out
from ppp.estimators.paired import mean_change

tenths = st.integers(-200, 200).map(lambda x: x / 10)


def test_range_and_most_influential_match_r(paired, close):
    before, after, r = paired
    found = leave_one_out(before, after)
    if "leave_one_out" not in r:
        assert found.note
        return
    theirs = r["leave_one_out"]
    ranges = [found.estimate, found.ci_low, found.ci_high, found.p_value]
    assert close([low for low, _ in ranges], theirs["lowest"])
    assert close([high for _, high in ranges], theirs["highest"])
    kept = np.flatnonzero(np.isfinite(before) & np.isfinite(after))
    assert found.most == kept[theirs["most"] - 1]
    assert close(found.distance, theirs["distance"])


def test_cooks_distance_is_that_of_statsmodels(close):
    from statsmodels.regression.linear_model import OLS

    d = np.random.default_rng(1).normal(-8, 3, 28).round(1)
    truth = OLS(d, np.ones(28)).fit().get_influence().cooks_distance[0]
    found = leave_one_out(np.zeros(28), d)
    assert found.most == np.argmax(truth) and close(found.distance, truth.max())


@settings(max_examples=50, deadline=None)
@given(d=st.lists(tenths, min_size=4, max_size=20))
def test_every_refit_is_the_paired_t_of_the_others(d):
    d = np.array(d)
    found = leave_one_out(np.zeros(d.size), d)
    if np.ptp(d) == 0:
        assert found.note
        return
    refits = [mean_change(np.zeros(d.size - 1), np.delete(d, i)) for i in range(d.size)]
    for name in ("estimate", "ci_low", "ci_high", "p_value"):
        values = np.array([getattr(refit, name) for refit in refits])
        values = values[np.isfinite(values)]
        assert getattr(found, name) == pytest.approx((values.min(), values.max()), abs=1e-8)
    one = refits[found.most]
    assert found.without.estimate == pytest.approx(one.estimate, abs=1e-9)
    assert found.without.ci_low == pytest.approx(one.ci_low, abs=1e-8, nan_ok=True)


@settings(max_examples=20, deadline=None)
@given(d=st.lists(tenths, min_size=4, max_size=20, unique=True), seed=st.integers(0, 99))
def test_order_sign_and_unit_matter_only_as_they_should(d, seed):
    d = np.array(d)
    order = np.random.default_rng(seed).permutation(d.size)
    zero = np.zeros(d.size)
    found, shuffled = leave_one_out(zero, d), leave_one_out(zero, d[order])
    assert found.estimate == pytest.approx(shuffled.estimate)
    mirrored, tenfold = leave_one_out(d, zero), leave_one_out(zero, 10 * d)
    assert found.estimate == pytest.approx((-mirrored.estimate[1], -mirrored.estimate[0]))
    assert found.ci_low[0] == pytest.approx(-mirrored.ci_high[1])
    assert tenfold.ci_high == pytest.approx((10 * found.ci_high[0], 10 * found.ci_high[1]))
    assert tenfold.distance == pytest.approx(found.distance)


def test_the_position_counts_the_missing():
    before = [np.nan, 9, 9, 9, np.nan, 9, 9]
    assert leave_one_out(before, [1, 4, 5, 4, 1, 5, 9]).most == 6


def test_a_refit_without_variance_has_no_interval_and_says_so():
    found = leave_one_out([5, 6, 7, 9], [5, 6, 7, 2])
    assert found.most == 3 and found.without.estimate == 0
    assert np.isnan(found.without.ci_low) and "all others" in found.without.note
    assert np.isfinite(found.ci_low).all() and "without one patient" in found.note


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
    found = leave_one_out(before, after)
    assert why in found.note and np.isnan(found.estimate).all() and found.most is None


def test_pairs_of_unequal_length_are_an_error():
    with pytest.raises(ValueError, match="pairs"):
        leave_one_out([1, 2, 3], [1, 2])
