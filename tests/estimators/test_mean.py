"""The mean of one column, against scipy, and where it has no interval."""

import numpy as np
import pytest
from scipy import stats

from ppp.estimators.mean import mean


def test_limits_match_scipy():
    values = np.random.default_rng(1).gamma(2, 3, 28)
    found = mean([*values, np.nan])
    limits = stats.t.interval(0.95, 27, values.mean(), stats.sem(values))
    assert found.n == 28
    assert (found.ci_low, found.ci_high) == pytest.approx(limits)


@pytest.mark.parametrize(
    ("values", "estimate", "why"),
    [
        ([], None, "no data"),
        ([np.nan], None, "no data"),
        ([4], 4, "only 1 patient"),
        ([4, 6], 5, "only 2 patients"),
        ([0.1] * 9, 0.1, "all scores are equal"),
    ],
)
def test_no_interval_has_a_reason(values, estimate, why):
    found = mean(values)
    assert why in found.note and np.isnan(found.ci_low)
    assert (
        np.isnan(found.estimate) if estimate is None else found.estimate == pytest.approx(estimate)
    )
