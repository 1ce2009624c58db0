import numpy as np
import pytest

from ppp.analysis.estimators import rates


def test_garwood_matches_r(rate, close):
    found = rates.garwood(rate["events"], rate["years"])
    assert close(found.estimate, 100 * rate["events"] / rate["years"])
    assert close((found.ci_low, found.ci_high), tuple(rate["limits"]))


def test_upper_limit_of_no_event_by_hand():
    assert rates.garwood(0, 2.0, per=1).ci_high == pytest.approx(-np.log(0.025) / 2)


@pytest.mark.parametrize("years", [0, np.nan])
def test_no_time_at_risk_has_no_rate(years):
    found = rates.garwood(0, years)
    assert np.isnan(found.estimate) and found.note == "no time at risk"


def test_negative_time_is_an_error():
    with pytest.raises(ValueError, match="negative"):
        rates.garwood(1, -1)
