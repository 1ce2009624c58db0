"""What must not matter: unit, sign, and the order of the patients."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppp.estimators import paired as changes
from ppp.estimators import signed_rank, survival

ESTIMATORS = {
    "mean_change": changes.mean_change,
    "hodges_lehmann": signed_rank.hodges_lehmann,
    "paired_t": changes.paired_t,
    "wilcoxon": signed_rank.wilcoxon_exact,
    "d_av": changes.d_av,
    "d_z": changes.d_z,
}


IN_POINTS = {"mean_change", "hodges_lehmann"}


tenths = st.integers(0, 720).map(lambda x: x / 10)


cohort = st.lists(st.tuples(tenths, tenths), min_size=5, max_size=25).filter(
    lambda rows: len({round(a - b, 9) for b, a in rows}) > 2
)


followed = st.lists(
    st.tuples(st.integers(0, 84), st.booleans(), st.booleans()), min_size=1, max_size=30
)


def four(result):
    return [result.estimate, result.ci_low, result.ci_high, result.p_value]


@pytest.mark.parametrize("name", ESTIMATORS)
@settings(max_examples=25, deadline=None)
@given(rows=cohort, seed=st.integers(0, 99))
def test_the_order_of_patients_does_not_matter(name, rows, seed):
    before, after = np.array(rows).T
    order = np.random.default_rng(seed).permutation(len(rows))
    one, other = (ESTIMATORS[name](before[o], after[o]) for o in (slice(None), order))
    assert four(one) == pytest.approx(four(other), rel=1e-8, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("name", ESTIMATORS)
@settings(max_examples=25, deadline=None)
@given(rows=cohort)
def test_the_unit_matters_only_to_what_is_in_points(name, rows):
    before, after = np.array(rows).T
    one, tenfold = ESTIMATORS[name](before, after), ESTIMATORS[name](10 * before, 10 * after)
    factor = 10 if name in IN_POINTS else 1
    assert tenfold.p_value == pytest.approx(one.p_value, rel=1e-7, nan_ok=True)
    assert [tenfold.estimate, tenfold.ci_low] == pytest.approx(
        [factor * one.estimate, factor * one.ci_low], rel=1e-7, abs=1e-8, nan_ok=True
    )


@pytest.mark.parametrize("name", sorted(set(ESTIMATORS) - {"wilcoxon"}))
@settings(max_examples=25, deadline=None)
@given(rows=cohort)
def test_swapping_before_and_after_swaps_the_sign(name, rows):
    before, after = np.array(rows).T
    one, other = ESTIMATORS[name](before, after), ESTIMATORS[name](after, before)
    mirrored = [-other.estimate, -other.ci_high, -other.ci_low]
    assert [one.estimate, one.ci_low, one.ci_high] == pytest.approx(
        mirrored, rel=1e-8, abs=1e-9, nan_ok=True
    )


def test_arguments_are_left_as_they_were():
    before, after = np.array([5.0, 6, 7, np.nan]), np.array([1.0, 3, 2, 4])
    kept = before.copy(), after.copy()
    for estimator in ESTIMATORS.values():
        estimator(before, after)
    assert np.array_equal(before, kept[0], equal_nan=True) and np.array_equal(after, kept[1])


@settings(max_examples=50, deadline=None)
@given(rows=followed, seed=st.integers(0, 99))
def test_the_order_of_patients_does_not_matter_to_survival(rows, seed):
    one = np.array(rows, dtype=float)
    other = np.random.default_rng(seed).permutation(one)
    curves = [survival.kaplan_meier(*x[:, :2].T) for x in (one, other)]
    assert curves[0].equals(curves[1])
    tests = [four(survival.log_rank(*x.T)) for x in (one, other)]
    assert tests[0] == pytest.approx(tests[1], rel=1e-9, abs=1e-12, nan_ok=True)


@settings(max_examples=50, deadline=None)
@given(rows=followed)
def test_survival_by_day_or_by_week_and_under_either_name_is_the_same(rows):
    times, events, group = np.array(rows, dtype=float).T
    one, scaled = survival.kaplan_meier(times, events), survival.kaplan_meier(7 * times, events)
    assert one.drop(columns="day").equals(scaled.drop(columns="day"))
    named = np.where(group == 1, "a", "b")
    result = four(survival.log_rank(times, events, group))
    assert four(survival.log_rank(7 * times, events, named)) == pytest.approx(result, nan_ok=True)


@settings(max_examples=50, deadline=None)
@given(rows=followed)
def test_the_curve_rises_within_its_limits(rows):
    times, events = np.array(rows, dtype=float)[:, :2].T
    curve = survival.kaplan_meier(times, events)
    assert curve["incidence"].is_monotonic_increasing and curve["events"].is_monotonic_increasing
    limits = curve.dropna()
    assert (limits["ci_low"] <= limits["incidence"]).all()
    assert (limits["incidence"] <= limits["ci_high"]).all() and (limits["ci_high"] <= 1).all()
