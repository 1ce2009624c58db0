"""Plan §0: a number or a reason, never infinity, never a warning (warnings are errors here)."""

import numpy as np
import pytest

from ppp.estimators import paired as changes
from ppp.estimators import proportions, signed_rank, survival
from ppp.estimators import two_group as groups
from ppp.estimators.estimate import CODES

PAIRED = {
    "mean_change": changes.mean_change,
    "mean_change_bca": lambda b, a: changes.mean_change_bca(b, a, seed=1),
    "paired_t": changes.paired_t,
    "sign_test": changes.sign_test,
    "pitman_morgan": changes.pitman_morgan,
    "hodges_lehmann": signed_rank.hodges_lehmann,
    "wilcoxon": signed_rank.wilcoxon_exact,
    "pratt": lambda b, a: signed_rank.wilcoxon_exact(b, a, zeros="pratt"),
    "rank_biserial": lambda b, a: signed_rank.rank_biserial(b, a, seed=1),
    "d_av": changes.d_av,
    "g_av": changes.g_av,
    "d_z": changes.d_z,
    "mean_percent": lambda b, a: changes.mean_percent_change(b, a, seed=1),
    "median_percent": lambda b, a: changes.median_percent_change(b, a, seed=1),
    "log_ratio": changes.log_ratio,
}


GROUPS = {
    "welch": groups.welch,
    "hedges_g": groups.hedges_g,
    "permutation": lambda a, b: groups.permutation(a, b, seed=1),
}


AWKWARD = {
    "nobody": ([], []),
    "all_missing": ([np.nan] * 4, [1, 2, 3, 4]),
    "one": ([5], [3]),
    "two": ([5, 6], [3, 5]),
    "three": ([5, 6, 7], [3, 5, 7]),
    "same_change": ([0.3, 0.2, 0.4, 1.3], [0.2, 0.1, 0.3, 1.2]),
    "no_change": ([5, 6, 7, 8], [5, 6, 7, 8]),
    "all_zero": ([0, 0, 0, 0], [0, 0, 0, 0]),
    "baseline_zero": ([0, 0, 4, 6, 8], [1, 0, 2, 2, 5]),
    "cleared": ([5, 6, 7, 9], [0, 0, 0, 0]),
    "one_changed": ([5, 6, 7, 9], [5, 6, 7, 2]),
    "opposite": ([5, 5, 5, 5], [3, 7, 3, 7]),
    "one_outlier": ([1, 1, 1, 1e6], [0, 0, 0, 0]),
    "nearly_equal": ([100.0, 100.0, 100.0, 100.0], [1, 1, 1, 1.000000001]),
    "missing_mixed": ([5, np.nan, 7, 8, 9], [1, 2, np.nan, 4, 2]),
}


FOLLOWED = {
    "nobody": ([], [], []),
    "all_missing": ([np.nan] * 4, [1, 0, 1, 0], [1, 1, 0, 0]),
    "one": ([9], [1], [1]),
    "one_censored": ([9], [0], [1]),
    "one_a_group": ([9, 4], [1, 1], [1, 0]),
    "all_on_day_0": ([0, 0, 0, 0], [1, 1, 1, 1], [1, 1, 0, 0]),
    "all_at_once": ([7, 7, 7, 7], [1, 1, 1, 1], [1, 1, 0, 0]),
    "half_at_once": ([7, 7, 7, 7], [1, 0, 1, 0], [1, 1, 0, 0]),
    "no_event": ([7, 8, 9, 9], [0, 0, 0, 0], [1, 1, 0, 0]),
    "one_group": ([7, 8, 9, 9], [1, 0, 1, 0], [1, 1, 1, 1]),
    "group_missing": ([7, 8, 9, 9], [1, 0, 1, 0], [1, np.nan, 1, np.nan]),
    "never_together": ([1, 2, 8, 9], [0, 0, 1, 1], [1, 1, 0, 0]),
    "fractions": ([0.1, 0.2, 0.30000000000000004, 0.4], [1, 1, 1, 1], [1, 0, 1, 0]),
}


def numbers(result):
    return [result.estimate, result.ci_low, result.ci_high, result.p_value]


def check(result):
    """A number or a reason, in words and, for programs, as known codes."""
    assert not np.isinf(numbers(result)).any()
    assert np.isfinite(result.estimate) or result.note
    assert result.method and "nan" not in result.note
    assert bool(result.code) >= bool(result.note) and set(result.code.split()) <= set(CODES)


@pytest.mark.parametrize("data", AWKWARD.values(), ids=AWKWARD)
@pytest.mark.parametrize("estimator", PAIRED.values(), ids=PAIRED)
def test_paired_estimators_give_a_number_or_a_reason(estimator, data):
    check(estimator(*data))


@pytest.mark.parametrize("data", AWKWARD.values(), ids=AWKWARD)
@pytest.mark.parametrize("estimator", GROUPS.values(), ids=GROUPS)
def test_group_estimators_give_a_number_or_a_reason(estimator, data):
    check(estimator(*data))


@pytest.mark.parametrize("estimator", PAIRED.values(), ids=PAIRED)
def test_fewer_than_three_pairs_are_not_inferred_from(estimator):
    assert estimator([], []).note == "no data"
    result = estimator([5, 6, 7], [3, 5, np.nan])
    assert np.isnan(numbers(result)).all()
    assert result.note == "only 2 patients, fewer than 3"


@pytest.mark.parametrize("estimator", PAIRED.values(), ids=PAIRED)
def test_pairs_of_unequal_length_are_an_error(estimator):
    with pytest.raises(ValueError, match="pairs"):
        estimator([1, 2, 3], [1, 2])


@pytest.mark.parametrize(
    "two", [proportions.newcombe, proportions.fisher_midp, proportions.conditional_odds_ratio]
)
@pytest.mark.parametrize(
    "counts",
    [
        (0, 0, 3, 9),
        (0, 0, 0, 0),
        (0, 8, 0, 20),
        (8, 8, 20, 20),
        (8, 8, 0, 20),
        (0, 8, 20, 20),
        (1, 1, 0, 1),
    ],
)
def test_two_proportions_give_a_number_or_a_reason(two, counts):
    check(two(*counts))


@pytest.mark.parametrize("name", ["wilson", "clopper_pearson", "upper_one_sided", "rule_of_three"])
def test_a_proportion_of_nobody_is_empty(name):
    result = getattr(proportions, name)(0, 0)
    assert np.isnan(result.estimate) and result.note == "no data"


@pytest.mark.parametrize("data", FOLLOWED.values(), ids=FOLLOWED)
def test_survival_gives_a_number_or_a_reason(data):
    times, events, _ = data
    curve = survival.kaplan_meier(times, events)
    assert not np.isinf(curve.to_numpy()).any() and curve["incidence"].between(0, 1).all()
    for result in (
        survival.log_rank(*data),
        *(survival.at(curve, times, events, day) for day in (0, 0.25, 7, 9, 100)),
    ):
        check(result)


@pytest.mark.parametrize("years", [0, np.nan, np.inf, 1e-9, 1e9])
@pytest.mark.parametrize("estimator", [survival.garwood, survival.upper_one_sided])
def test_rates_give_a_number_or_a_reason(estimator, years):
    result = estimator(0, years)
    assert not np.isinf(numbers(result)).any()
    assert np.isfinite(result.estimate) or result.note == "no time at risk"
