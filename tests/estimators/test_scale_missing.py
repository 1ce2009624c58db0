"""A million patients with gaps: what goes on is quick, and what stops says at what size."""

import time
import tracemalloc

import numpy as np
import pytest
from scipy import stats

from ppp.estimators import (
    balance_interval,
    detectable,
    imputation,
    influence,
    proportions,
    random_intercept,
    tipping,
)

MILLION = 1_000_000
COUNTS = [300_000, 400_000, 200_000, 600_000]
GOES_ON = {
    "locf_changes": lambda x: imputation.locf_changes(x)[-1],
    "smd_bootstrap": lambda x: balance_interval.smd_bootstrap(x[:1000, 0], x[:, 0], seed=1),
    "smd_levels": lambda x: balance_interval.smd_levels_bootstrap(COUNTS[:2], COUNTS[2:], seed=1),
    "fisher_midp": lambda x: proportions.fisher_midp(*COUNTS),
    "detectable": lambda x: detectable.detectable_proportions(400_000, 600_000, 0.7)[0],
    "binary_tipping": lambda x: tipping.binary_tipping(600_000, MILLION, MILLION)[0],
}
STOPS = {
    "imputed_changes": lambda x: imputation.imputed_changes(imputation.impute(x, seed=1))[-1],
    "tipping_point": lambda x: (
        tipping.tipping_point(imputation.impute(x, seed=1), 3, lowest=0, highest=72).point
    ),
    "leave_one_out": lambda x: influence.leave_one_out(x[:, 0], x[:, 3]),
    "random_intercept": lambda x: random_intercept.random_intercept(x)[-1],
}


@pytest.fixture(scope="module")
def values():
    rng = np.random.default_rng(1)
    values = (rng.normal(14, 3, (MILLION, 1)) * [1, 0.8, 0.6, 0.4]).round(1)
    values[:, 1:][rng.random((MILLION, 3)) < 0.1] = np.nan
    return values


def measured(run, values):
    tracemalloc.start()
    start = time.perf_counter()
    found = run(values)
    took, peak = time.perf_counter() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found, took, peak


@pytest.mark.parametrize("run", GOES_ON.values(), ids=GOES_ON)
def test_a_million_patients_take_seconds(run, values):
    found, took, peak = measured(run, values)
    assert np.isfinite(found.estimate)
    assert took < 10 and peak < 500e6


@pytest.mark.parametrize("run", STOPS.values(), ids=STOPS)
def test_what_stops_says_at_what_size_and_costs_little(run, values):
    found, took, peak = measured(run, values)
    assert "above" in found.note and np.isnan(found.estimate).all()
    assert took < 10 and peak < 500e6


def test_ten_thousand_patients_are_still_imputed_in_seconds(values):
    start = time.perf_counter()
    found = imputation.imputed_changes(imputation.impute(values[:10_000], seed=1))
    assert all(np.isfinite(one.ci_low) for one in found)
    assert time.perf_counter() - start < 20


def test_mid_p_of_thousands_is_that_of_scipys_hypergeometric(close):
    e1, n1, e0, n0 = 900, 1_400, 2_200, 3_600
    first = np.arange(0, n1 + 1)
    chance = stats.hypergeom.pmf(first, n1 + n0, e1 + e0, n1)
    truth = chance[chance <= chance[e1] * (1 + 1e-7)].sum() - chance[e1] / 2
    assert close(proportions.fisher_midp(e1, n1, e0, n0).p_value, truth)
