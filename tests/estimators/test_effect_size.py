import numpy as np
import pytest
from scipy.special import nctdtr

from ppp.estimators import paired as changes


@pytest.mark.parametrize("name", ["d_av", "g_av", "d_z"])
def test_standardised_change_matches_r(paired, close, name):
    before, after, r = paired
    result = getattr(changes, name)(before, after)
    theirs = r["effect"]
    if name not in theirs:
        assert np.isnan(result.estimate) and result.note
        return
    assert close(result.estimate, theirs[name])
    limits = theirs.get("d_z_limits" if name == "d_z" else "d_av_limits")
    if limits:
        assert close((result.ci_low, result.ci_high), tuple(limits))
    else:
        assert np.isnan(result.ci_low) and "no interval" in result.note


def test_noncentral_limits_hold_far_out_and_for_many():
    for n, size in ((28, 15.0), (1_000, 6.0), (1_000_000, 6.0)):
        low, high = changes.noncentral_limits(size, 1 / np.sqrt(n), n - 1, level=0.95)
        large = 1.96 * np.sqrt(1 / n + size**2 / (2 * (n - 1)))
        assert (high - low) / 2 == pytest.approx(large, rel=0.01)


@pytest.mark.parametrize("n", [3, 4, 8, 28, 1_000, 1_000_000])
@pytest.mark.parametrize("t", [0.0, 1e-6, 0.02, 1.0, 40.0, 900.0, 9_999.0])
def test_noncentral_limits_have_the_tails_of_the_distribution(n, t):
    limits = changes.noncentral_limits(t / np.sqrt(n), 1 / np.sqrt(n), n - 1, level=0.95)
    tails = [nctdtr(n - 1, limit * np.sqrt(n), t) for limit in limits]
    assert tails == pytest.approx([0.975, 0.025], abs=1e-7)
    mirrored = changes.noncentral_limits(-t / np.sqrt(n), 1 / np.sqrt(n), n - 1, level=0.95)
    assert mirrored == pytest.approx((-limits[1], -limits[0]), abs=1e-9)


def test_changes_that_hardly_vary_have_no_interval():
    result = changes.d_z([100.0] * 4, [1, 1, 1, 1.000000001])
    assert np.isnan(result.ci_low) and "hardly vary" in result.note
