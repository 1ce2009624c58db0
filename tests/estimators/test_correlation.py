"""Spearman's correlation against scipy and pingouin, and where it is empty."""

import numpy as np
import pingouin
import pytest

from ppp.estimators.correlation import spearman


def test_by_hand():
    """Ranks 1–6 against 2 1 4 3 6 5: Σd² = 6, so r = 1 − 6·6/(6·35); z ± 1.96/√3."""
    r = spearman([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5])
    assert r.estimate == pytest.approx(1 - 36 / 210)
    z, half = np.arctanh(r.estimate), 1.959964 / np.sqrt(3)
    assert (r.ci_low, r.ci_high) == pytest.approx((np.tanh(z - half), np.tanh(z + half)), abs=1e-6)


def test_as_pingouin_with_ties_and_gaps():
    rng = np.random.default_rng(1)
    x, y = rng.integers(0, 6, 30).astype(float), rng.integers(0, 6, 30).astype(float)
    x[3] = y[7] = np.nan
    found, other = spearman(x, y), pingouin.corr(x, y, method="spearman").iloc[0]
    assert found.n == 28
    assert found.estimate == pytest.approx(other["r"])
    assert found.p_value == pytest.approx(other["p_val"])
    assert np.round([found.ci_low, found.ci_high], 2) == pytest.approx(other["CI95"])


@pytest.mark.parametrize(
    ("x", "y", "code"),
    [
        ([], [], "no_data"),
        ([1, 2, 3, 4], [1, 2, 4, 3], "too_few"),
        ([1, 1, 1, 1, 1], [1, 2, 4, 3, 5], "zero_variance"),
        ([0, 0, 0, 0, 0], [0, 0, 0, 0, 0], "zero_variance"),
        ([1, 2, 3, 4, np.nan], [1, 2, 4, 3, 5], "too_few"),
    ],
)
def test_empty_with_the_reason(x, y, code):
    found = spearman(x, y)
    assert np.isnan(found.estimate) and found.code == code and found.note


def test_ranks_that_agree_have_no_interval():
    found = spearman([1, 2, 3, 4, 5], [5, 4, 3, 2, 1])
    assert found.estimate == -1 and np.isnan(found.ci_low) and found.code == "degenerate"
