import numpy as np
import pytest

from ppp.estimators import imputation

from .conftest import EXPECTED, read


@pytest.mark.parametrize("name", EXPECTED["imputed"])
def test_rubins_rules_match_r(name, close):
    r = EXPECTED["imputed"][name]
    tables = read(name).pivot(index="table", columns="id", values="change").to_numpy()
    n = tables.shape[1]
    pooled = imputation.rubin(tables.mean(axis=1), tables.var(axis=1, ddof=1) / n, df=n - 1)
    theirs = r["mean"]
    for key in ("estimate", "variance", "df", "increase"):
        assert close(getattr(pooled, key), theirs[key])
    result = imputation.pooled_mean(tables)
    assert close((result.ci_low, result.ci_high, result.p_value), (*theirs["limits"], theirs["p"]))
    share = imputation.pooled_proportion((tables <= -7).astype(float))
    assert close(
        (share.estimate, share.ci_low, share.ci_high),
        (r["share"]["estimate"], *r["share"]["limits"]),
    )


def test_barnard_rubin_worked_by_hand(close):
    result = imputation.rubin([1, 2, 3], [0.5, 0.5, 0.5], df=27)
    share = (4 / 3) / (11 / 6)
    old, seen = 2 / share**2, 28 / 30 * 27 * (1 - share)
    assert close((result.variance, result.df), (11 / 6, old * seen / (old + seen)))
    assert imputation.rubin([2, 2, 2], [0.5, 0.4, 0.6], df=27) == imputation.Pooled(
        2.0, 0.5, 27, 0.0
    )


def test_a_proportion_of_patients_who_differ_between_tables_has_no_whole_count():
    result = imputation.pooled_proportion([[1, 0, 1, np.nan], [1, 1, 1, 1], [1, 0, 1, 0]])
    assert result.n == 3 and result.events is None
    assert 0 <= result.ci_low < result.estimate < result.ci_high <= 1


@pytest.mark.parametrize("reached", [np.empty((0, 3)), np.full((2, 3), np.nan)])
def test_a_proportion_of_nobody_is_empty(reached):
    assert imputation.pooled_proportion(reached).note == "no data"


def test_all_imputed_from_nothing_has_no_interval():
    assert "too much" in imputation.pooled_proportion([[1.0], [0.0]]).note
