import numpy as np
import pingouin

from ppp.estimators import balance
from ppp.estimators import two_group as groups


def split(case):
    change = case["post"] - case["pre"]
    return change[case["group"] == 1], change[case["group"] == 0]


def test_welch_matches_r(two_group, close):
    case, r = two_group
    found = groups.welch(*split(case))
    welch = r["welch"]
    assert close(
        (found.estimate, found.ci_low, found.ci_high, found.p_value),
        (r["difference"], welch["low"], welch["high"], welch["p"]),
    )


def test_hedges_g_matches_r(two_group, close):
    case, r = two_group
    found = groups.hedges_g(*split(case))
    assert close(found.estimate, r["hedges_g"])
    assert close((found.ci_low, found.ci_high), tuple(r["d_limits"]))


def test_hedges_g_is_j_times_pingouins_cohen(two_group, close):
    a, b = split(two_group[0])
    cohen = pingouin.compute_effsize(a, b, eftype="cohen")
    factor = groups.small_sample_factor(len(a) + len(b) - 2)
    assert close(groups.hedges_g(a, b).estimate, factor * cohen)


def test_smd_matches_r(two_group, close):
    case, r = two_group
    assert close(balance.smd(*split(case)).estimate, r["smd"])


def test_swapping_the_groups_swaps_the_sign(two_group, close):
    a, b = split(two_group[0])
    one, other = groups.welch(a, b), groups.welch(b, a)
    assert close(
        (one.estimate, one.ci_low, one.p_value), (-other.estimate, -other.ci_high, other.p_value)
    )


def test_equal_values_in_both_groups_have_no_interval():
    found = groups.welch([2, 2, 2], [5.1, 5.1, 5.1, 5.1])
    assert np.isnan(found.ci_low) and "neither group varies" in found.note


def test_one_group_without_variance_is_compared_all_the_same(close):
    found = groups.welch([0.1] * 5, [1.0, 2.0, 4.0])
    assert np.isfinite([found.ci_low, found.ci_high, found.p_value]).all()
