import numpy as np
import pandas as pd
import pytest

from ppp.estimators import survival


def floats(values):
    """R's numbers, its missing ones as NaN."""
    return np.array(values, dtype=float)


def test_curve_matches_r(time_to_event, close):
    case, truth = time_to_event
    curve = survival.kaplan_meier(case["time"], case["event"])
    assert curve["day"].tolist() == truth["curve"]["day"]
    assert curve["at_risk"].tolist() == truth["curve"]["at_risk"]
    assert curve["events"].tolist() == truth["curve"]["events"]
    assert close(curve["incidence"].to_numpy(), floats(truth["curve"]["incidence"]))
    for ours, theirs in {"ci_low": "low", "ci_high": "high"}.items():
        limits = floats(truth["curve"][theirs])
        assert curve[ours].to_numpy() == pytest.approx(limits, rel=1e-8, nan_ok=True)


def test_every_day_of_the_curve_matches_r(time_to_event, close):
    case, truth = time_to_event
    times, events = case["time"], case["event"]
    curve = survival.kaplan_meier(times, events)
    assert survival.at_risk(times, truth["days"]).tolist() == truth["at_risk"]
    for i, day in enumerate(truth["days"]):
        result = survival.at(curve, times, events, day)
        assert close(result.estimate, truth["incidence"][i])
        assert result.n == len(case) and result.events == sum(events[times <= day])
        low, high = (
            (0, truth["none_yet"][i])
            if result.events == 0
            else floats([truth["low"][i], truth["high"][i]])
        )
        assert [result.ci_low, result.ci_high] == pytest.approx([low, high], rel=1e-8, nan_ok=True)
        assert ("Clopper–Pearson" in result.method) == (result.events == 0)


def test_a_curve_that_reached_one_stays_there_as_in_r(time_to_event):
    case, truth = time_to_event
    times, events = case["time"], case["event"]
    curve = survival.kaplan_meier(times, events)
    result = survival.at(curve, times, events, times.max() + 7)
    over = truth["afterwards"] == 1
    assert result.estimate == 1 if over else np.isnan(result.estimate)
    assert result.note == (survival.EVERYBODY if over else "nobody observed so long")


def test_log_rank_matches_r(time_to_event, close):
    case, truth = time_to_event
    result = survival.log_rank(case["time"], case["event"], case["group"])
    assert result.n == len(case) and result.events == case["event"].sum()
    if truth["log_rank"] is None:
        assert np.isnan([result.estimate, result.p_value]).all() and result.note
    else:
        assert close(result.estimate, truth["log_rank"]["statistic"], rel=1e-7)
        assert close(result.p_value, truth["log_rank"]["p"])


def test_curve_worked_by_hand():
    curve = survival.kaplan_meier([0, 2, 2, 2, 5], [1, 1, 1, 0, 0])
    assert curve[["day", "at_risk", "events"]].to_numpy().tolist() == [[0, 5, 1], [2, 4, 3]]
    assert curve["incidence"].tolist() == pytest.approx([0.2, 1 - 4 / 5 * 2 / 4])


def test_log_log_limits_worked_by_hand():
    low, high = survival.kaplan_meier([1, 2], [1, 0]).loc[0, ["ci_low", "ci_high"]]
    centre, half = np.log(np.log(2)), 1.959963984540054 * np.sqrt(1 / 2) / np.log(2)
    assert [low, high] == pytest.approx(
        [1 - np.exp(-np.exp(centre - half)), 1 - np.exp(-np.exp(centre + half))]
    )


def test_log_rank_worked_by_hand():
    """Day 1: one of 4, two a group; day 2: one of 3, one of the group; day 3: nobody to compare."""
    result = survival.log_rank([1, 2, 3, 4], [1, 1, 1, 0], ["a", "a", "b", "b"])
    expected = 2 / 4 + 1 / 3
    assert result.estimate == pytest.approx((2 - expected) ** 2 / (1 / 4 + 2 / 9))
    assert (result.n, result.events) == (4, 3)


def test_a_patient_who_leaves_on_a_day_of_events_is_still_at_risk():
    assert survival.kaplan_meier([3, 3], [1, 0])["at_risk"].tolist() == [2]


def test_no_event_so_far_has_the_exact_upper_limit_of_those_at_risk():
    times, events = [1, 1, 5, 5, 5], [0, 0, 1, 0, 0]
    result = survival.at(survival.kaplan_meier(times, events), times, events, 4)
    assert (result.estimate, result.ci_low) == (0, 0)
    assert result.ci_high == pytest.approx(1 - 0.025 ** (1 / 3))


def test_after_the_longest_time_there_is_no_estimate():
    times, events = [1, 2, 5], [1, 0, 0]
    curve = survival.kaplan_meier(times, events)
    assert survival.at(curve, times, events, 5).estimate == pytest.approx(1 / 3)
    result = survival.at(curve, times, events, 6)
    assert np.isnan(result.estimate) and result.note == "nobody observed so long"


def test_where_everybody_had_the_event_there_are_no_limits():
    times, events = [1, 2], [1, 1]
    result = survival.at(survival.kaplan_meier(times, events), times, events, 2)
    assert result.estimate == 1 and np.isnan([result.ci_low, result.ci_high]).all()
    assert result.note == "everybody observed had the event"
    later = survival.at(survival.kaplan_meier(times, events), times, events, 9)
    assert vars(later) == pytest.approx(vars(result), nan_ok=True)


def test_where_some_left_before_everybody_else_had_the_event_the_reason_says_no_more():
    times, events = [1, 2, 4], [1, 0, 1]
    for day in (4, 9):
        result = survival.at(survival.kaplan_meier(times, events), times, events, day)
        assert (result.estimate, result.n, result.events) == (1, 3, 2)
        assert np.isnan([result.ci_low, result.ci_high, result.ci_level]).all()
        assert result.note == "everybody still at risk had the event, so there are no limits"


def test_a_patient_who_leaves_on_the_last_day_keeps_the_curve_below_one():
    times, events = [1, 4, 4], [1, 1, 0]
    result = survival.at(survival.kaplan_meier(times, events), times, events, 5)
    assert np.isnan(result.estimate) and result.note == "nobody observed so long"


def test_patients_of_whom_something_is_unknown_are_left_out():
    times = pd.array([3, 5, 8, None, 9], dtype="Int64")
    events = pd.array([True, False, False, True, None], dtype="boolean")
    kept = [3, 5, 8], [True, False, False]
    curve = survival.kaplan_meier(times, events)
    pd.testing.assert_frame_equal(curve, survival.kaplan_meier(*kept))
    assert survival.at(curve, times, events, 4).n == 3
    assert survival.at_risk(times, [0, 9]).tolist() == [4, 1]
    group = ["yes", "no", None, "no", "no"]
    assert survival.log_rank(times, events, group).n == 2


@pytest.mark.parametrize(
    ("times", "events", "group", "note"),
    [
        ([], [], [], "no data"),
        ([None, np.nan], [1, 0], ["a", "b"], "no data"),
        ([3, 4], [1, 0], ["a", "a"], "no data in one of the groups"),
        ([3, 4, 5], [1, 0, 1], ["a", "b", "b"], "one patient in a group: no comparison"),
        ([3, 4] * 2, [0, 0] * 2, ["a", "b"] * 2, "no events, so there is nothing to test"),
        ([3, 4] * 2, [0, 1] * 2, ["a", "b"] * 2, "no event while it could have fallen in either"),
        ([4, 4] * 2, [1, 1] * 2, ["a", "b"] * 2, "no event while it could have fallen in either"),
    ],
)
def test_log_rank_gives_its_reason(times, events, group, note):
    result = survival.log_rank(times, events, group)
    assert np.isnan([result.estimate, result.p_value]).all()
    assert result.note.startswith(note)


def test_nobody_has_no_curve():
    curve = survival.kaplan_meier([], [])
    assert curve.empty and list(curve) == survival.CURVE
    assert survival.at(curve, [], [], 28).note == "no data"


@pytest.mark.parametrize("times", [[-1, 4], [np.inf, 4]])
def test_a_time_before_the_start_or_without_end_is_an_error(times):
    for call in (survival.kaplan_meier, lambda t, e: survival.log_rank(t, e, ["a", "b"])):
        with pytest.raises(ValueError, match="0 or later"):
            call(times, [1, 0])


def test_what_is_no_event_or_group_is_an_error():
    with pytest.raises(ValueError, match="0 or 1"):
        survival.kaplan_meier([3, 4], [1, 2])
    with pytest.raises(ValueError, match="equally long"):
        survival.kaplan_meier([3, 4], [1])
    with pytest.raises(ValueError, match="3 groups"):
        survival.log_rank([3, 4, 5], [1, 0, 1], ["a", "b", "c"])
    with pytest.raises(ValueError, match="day 0"):
        survival.at(survival.kaplan_meier([3], [1]), [3], [1], -1)


def test_level_widens_the_interval():
    times, events = [1, 2, 3, 4], [1, 0, 1, 0]
    wide = survival.kaplan_meier(times, events, level=0.99)
    narrow = survival.kaplan_meier(times, events, level=0.9)
    assert (wide["ci_low"] < narrow["ci_low"]).all() and (wide["ci_high"] > narrow["ci_high"]).all()
    assert survival.at(wide, times, events, 1, level=0.99).ci_level == 0.99
