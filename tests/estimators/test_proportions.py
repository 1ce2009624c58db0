import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from ppp.estimators import proportions


def test_wilson_matches_r(proportion, close):
    result = proportions.wilson(proportion["events"], proportion["n"])
    assert close((result.ci_low, result.ci_high), tuple(proportion["wilson"]))


def test_clopper_pearson_matches_r(proportion, close):
    result = proportions.clopper_pearson(proportion["events"], proportion["n"])
    assert close((result.ci_low, result.ci_high), tuple(proportion["clopper_pearson"]))


def test_upper_one_sided_matches_r(proportion, close):
    result = proportions.upper_one_sided(proportion["events"], proportion["n"])
    assert close(result.ci_high, proportion["upper_one_sided"])


def test_limits_are_exact_at_none_and_at_all():
    for interval in (proportions.wilson, proportions.clopper_pearson):
        assert interval(0, 28).ci_low == 0.0
        assert interval(28, 28).ci_high == 1.0


def test_rule_of_three_by_hand():
    result = proportions.rule_of_three(0, 28)
    assert (result.estimate, result.ci_high) == (0, pytest.approx(3 / 28))
    assert proportions.rule_of_three(0, 2).ci_high == 1
    assert np.isnan(proportions.rule_of_three(1, 28).ci_high)


def test_newcombe_matches_r(two_by_two, close):
    result = proportions.newcombe(*counts(two_by_two))
    assert close(result.estimate, two_by_two["difference"])
    assert close((result.ci_low, result.ci_high), tuple(two_by_two["newcombe"]))


def test_fisher_midp_matches_r(two_by_two, close):
    e1, n1, e0, n0 = counts(two_by_two)
    if e1 + e0 in (0, n1 + n0):
        pytest.skip("nobody or everybody has it: nothing to test")
    assert close(proportions.fisher_midp(e1, n1, e0, n0).p_value, two_by_two["midp"])


@pytest.mark.parametrize("share", [0, 1])
def test_fisher_midp_has_no_p_where_one_table_is_possible(share):
    result = proportions.fisher_midp(8 * share, 8, 20 * share, 20)
    assert result.estimate == 0
    assert np.isnan(result.p_value)
    assert "nothing to test" in result.note


@pytest.mark.parametrize("counts", [(1, 1, 3, 12), (3, 12, 0, 1), (0, 1, 1, 1)])
@pytest.mark.parametrize("name", ["newcombe", "fisher_midp", "conditional_odds_ratio"])
def test_a_group_of_one_patient_is_not_compared(name, counts):
    result = getattr(proportions, name)(*counts)
    assert np.isnan([result.estimate, result.ci_low, result.p_value]).all()
    assert result.code == "one_patient"


def test_conditional_odds_ratio_matches_r(two_by_two, close):
    result = proportions.conditional_odds_ratio(*counts(two_by_two))
    if two_by_two["x1"] + two_by_two["x2"] == 0:
        assert np.isnan(result.estimate) and "nobody" in result.note
        return
    ours = (result.estimate, result.ci_low, result.ci_high)
    theirs = (two_by_two["odds_ratio"], *two_by_two["odds_limits"])
    for mine, r in zip(ours, theirs, strict=True):
        if r in (None, "Inf"):
            assert np.isnan(mine) and result.note
        else:
            assert close(mine, r, 1e-3)


def test_sample_odds_ratio_takes_over_above_the_largest_conditional():
    result = proportions.conditional_odds_ratio(300, 1_000, 500, 1_800)
    truth = stats.contingency.odds_ratio([[300, 700], [500, 1300]], kind="conditional")
    assert result.method == "sample odds ratio"
    assert result.estimate == pytest.approx(truth.statistic, rel=1e-3)


def test_holm_matches_r(holm, close):
    assert close(multipletests(holm["p"], method="holm")[1].tolist(), holm["adjusted"])


def test_more_events_than_patients_is_an_error():
    with pytest.raises(ValueError, match="between 0 and n"):
        proportions.wilson(29, 28)


def counts(case):
    return case["x1"], case["n1"], case["x2"], case["n2"]
