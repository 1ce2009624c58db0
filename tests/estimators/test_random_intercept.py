import numpy as np
import pytest
from scipy import stats

from ppp.estimators.paired import mean_change
from ppp.estimators.random_intercept import random_intercept
from ppp.estimators.reml import compound_symmetry

GAPS = [  # -1: missing
    [10.8, 7.6, 5.4, 0],
    [20.1, -1, 10.1, 7],
    [21, -1, -1, -1],
    [13.2, 12.9, 9.2, -1],
    [12.4, -1, -1, 4.3],
    [14.3, 10, -1, -1],
    [15.9, 11.1, 8, -1],
    [-1, 13.1, 9.3, 6.5],
    [16.4, 11.5, 8.2, -1],
    [18.9, 13.2, 9.4, -1],
    [15.6, 10.9, 7.8, -1],
    [12.6, 8.8, 6.3, 4.4],
    [0, 9.8, 7, 4.9],
    [20.5, 14.3, 10.2, 7.2],
]


def test_changes_errors_and_df_match_nlme(longitudinal):
    values, r = longitudinal
    theirs = r["random_intercept"]
    found = random_intercept(values)
    df = theirs["df"][1]
    assert all(one.method.endswith(f"t with {df} df") for one in found)
    assert [one.estimate for one in found] == pytest.approx(theirs["estimate"][1:], rel=1e-4)
    errors = [(one.ci_high - one.ci_low) / 2 / stats.t.ppf(0.975, df) for one in found]
    assert errors == pytest.approx(theirs["se"][1:], rel=1e-3)
    assert [np.log(one.p_value) for one in found] == pytest.approx(
        np.log(theirs["p"][1:]), rel=1e-2
    )


def test_errors_match_nlme_where_a_third_of_the_scores_is_missing():
    """The PPPASI of tests/cohorts/gaps; R: lme(value ~ week, random = ~1 | id)."""
    values = np.array(GAPS, dtype=float)
    found = random_intercept(np.where(values < 0, np.nan, values))
    assert [one.estimate for one in found] == pytest.approx(
        [-3.2977831, -6.4622400, -9.3470225], rel=1e-5
    )
    errors = [(one.ci_high - one.ci_low) / 2 / stats.t.ppf(0.975, 25) for one in found]
    assert errors == pytest.approx([1.12917062, 1.13050878, 1.32673344], rel=1e-4)


def test_it_is_compound_symmetry_where_patients_agree_with_themselves(longitudinal):
    values, _ = longitudinal
    fit = compound_symmetry(values)
    contrasts = fit.mean[1:] - fit.mean[0]
    assert [one.estimate for one in random_intercept(values)] == pytest.approx(contrasts, rel=1e-4)


def test_with_nothing_missing_the_changes_are_those_of_the_paired_t(longitudinal):
    values, _ = longitudinal
    values = values[np.isfinite(values).all(axis=1)]
    truth = [mean_change(values[:, 0], after).estimate for after in values[:, 1:].T]
    assert [one.estimate for one in random_intercept(values)] == pytest.approx(truth, rel=1e-8)


def test_patients_who_do_not_agree_with_themselves_still_give_a_number():
    rng = np.random.default_rng(1)
    for found in random_intercept(rng.normal(10, 2, (20, 3))):
        assert np.isfinite(found.ci_low) or found.note


def test_the_order_of_patients_does_not_matter_and_the_unit_only_scales(longitudinal):
    values, _ = longitudinal
    one, other, tenfold = (random_intercept(x) for x in (values, values[::-1], 10 * values))
    for first, second, third in zip(one, other, tenfold, strict=True):
        assert second.ci_low == pytest.approx(first.ci_low, rel=1e-4)
        assert third.ci_low == pytest.approx(10 * first.ci_low, rel=1e-4)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (np.empty((0, 4)), "no data"),
        (np.full((5, 3), np.nan), "no data"),
        (np.ones((2, 3)), "only 2 patients"),
        (np.full((5, 3), 2.0), "do not vary"),
        (np.column_stack([np.arange(5.0), np.full(5, np.nan)]), "only one visit"),
        (np.column_stack([np.full(5, np.nan), np.arange(5.0), np.arange(5.0)]), "first visit"),
        (np.array([[1.0, np.nan], [np.nan, 2], [3, np.nan], [np.nan, 5]]), "seen twice"),
        (np.ones((2_001, 2)), "above 2,000"),
    ],
)
def test_what_cannot_be_fitted_is_empty_with_a_reason(values, why):
    for found in random_intercept(values):
        assert np.isnan(found.estimate) and why in found.note


@pytest.mark.parametrize(
    "values",
    [
        np.arange(9.0).reshape(3, 3),
        np.column_stack([np.full(6, 4.0), [1, 2, 3, 1, 2, 3]]),
        np.arange(5.0)[:, None] - [0.0, 1, 2],
        np.vstack([np.arange(5.0)[:, None] * [1.0, np.nan, np.nan], [[1, 2, 3]]]),
    ],
)
def test_awkward_tables_give_a_number_or_a_reason(values):
    for found in random_intercept(values):
        assert np.isfinite(found.estimate) or found.note
        assert not np.isinf([found.ci_low, found.ci_high]).any()


def test_a_visit_nobody_attended_is_empty_and_the_others_stand():
    rng = np.random.default_rng(4)
    values = rng.normal(10, 2, (12, 1)) + rng.normal(size=(12, 3))
    values[:, 1] = np.nan
    found = random_intercept(values)
    assert "nobody" in found[0].note and np.isfinite(found[1].ci_low)
