import numpy as np
import pytest

from ppp.estimators import survival


def test_garwood_matches_r(rate, close):
    result = survival.garwood(rate["events"], rate["years"])
    assert close(result.estimate, 100 * rate["events"] / rate["years"])
    assert close((result.ci_low, result.ci_high), tuple(rate["limits"]))


def test_upper_one_sided_matches_r(rate, close):
    result = survival.upper_one_sided(rate["events"], rate["years"])
    assert close(result.estimate, 100 * rate["events"] / rate["years"])
    assert np.isnan(result.ci_low) and result.ci_level == 0.95
    assert close(result.ci_high, rate["upper_one_sided"])


def test_rates_of_first_and_of_all_events_match_r(event_rate, close):
    case, truth = event_rate
    each = case.groupby("id").agg(days=("days", "max"), first=("onset", "min"))
    until = each["first"].fillna(each["days"])
    counts = {"first": (each["first"].count(), until), "all": (case["onset"].count(), each["days"])}
    for kind, (events, days) in counts.items():
        result = survival.garwood(events, days.sum() / 365.25)
        assert result.events == truth[kind]["events"]
        assert close(result.estimate, truth[kind]["rate"])
        assert close((result.ci_low, result.ci_high), tuple(truth[kind]["limits"]))


def test_one_sided_bound_of_no_event_by_hand():
    result = survival.upper_one_sided(0, 2.0, per=1, level=0.9)
    assert result.ci_high == pytest.approx(-np.log(0.1) / 2) and result.ci_level == 0.9


@pytest.mark.parametrize("years", [0, np.nan])
@pytest.mark.parametrize("estimator", [survival.garwood, survival.upper_one_sided])
def test_no_time_at_risk_has_no_rate(estimator, years):
    result = estimator(0, years)
    assert np.isnan([result.ci_low, result.ci_high, result.ci_level]).all() and result.method
    assert np.isnan(result.estimate) and result.note == "no time at risk"


def test_negative_time_is_an_error():
    for estimator in (survival.garwood, survival.upper_one_sided):
        with pytest.raises(ValueError, match="negative"):
            estimator(1, -1)
