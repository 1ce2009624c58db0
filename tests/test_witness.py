"""Witnesses against brute force, the decimal module, and figures worked out independently."""

import decimal
from decimal import Decimal
from fractions import Fraction
from itertools import combinations_with_replacement
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppp.witness import RULES, Summary, find, moments, printed_as, with_moments

DECIMAL_ROUNDING = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "half_down": decimal.ROUND_HALF_DOWN,
    "truncation": decimal.ROUND_DOWN,
    "ceiling": decimal.ROUND_CEILING,
}
DLQI = {"n": 28, "low": 0, "high": 30}
PPPASI = {"n": 28, "low": 0, "high": 72, "step": "0.1"}
CONSISTENT = [
    Summary("36.3", "10.5", n=28, low=18, high=90),
    Summary("13.86", "2.76", **PPPASI),
    Summary("5.56", "1.08", **PPPASI),
    Summary("12.54", "4.56", **DLQI),
    Summary("12.57", "4.56", **DLQI),
    Summary("2.04", "1.14", **DLQI),
]


def printed(value: Fraction, decimals: int) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-decimals), decimal.ROUND_HALF_UP))


def sd(values, ddof: int = 1) -> Decimal:
    exact = [Fraction(value) for value in values]
    centre = sum(exact) / len(exact)
    variance = sum((value - centre) ** 2 for value in exact) / (len(exact) - ddof)
    return (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()


@pytest.mark.parametrize("summary", CONSISTENT, ids=lambda s: f"{s.mean}±{s.sd}")
def test_witness_of_the_published_figures_prints_as_they_do(summary):
    values = find(summary)
    assert len(values) == summary.n
    assert list(values) == sorted(values)
    assert summary.low <= values[0] and values[-1] <= summary.high
    assert all((value - summary.low) % summary.step == 0 for value in values)
    decimals = -summary.mean.as_tuple().exponent
    mean = sum(map(Fraction, values)) / len(values)
    assert printed(mean, decimals) == str(summary.mean)
    assert printed(Fraction(sd(values)), decimals) == str(summary.sd)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("ddof", [0, 1])
def test_dlqi_12_55_has_no_witness_by_any_rule(rule, ddof):
    assert find(Summary("12.55", "4.56", **DLQI), rule=rule, ddof=ddof) is None


@pytest.mark.parametrize("deviation", ["1.12", "1.13"])
def test_dlqi_2_04_reaches_1_14_but_not_1_13(deviation):
    assert find(Summary("2.04", deviation, **DLQI)) is None


def test_dlqi_2_03_has_a_witness_by_truncation_only():
    figures = Summary("2.03", "1.13", **DLQI)
    assert [rule for rule in RULES if find(figures, rule=rule)] == ["truncation"]
    assert sum(find(figures, rule="truncation")) == 57


def test_dlqi_2_00_reaches_1_13_not_with_the_sample_deviation():
    assert find(Summary("2.00", "1.13", **DLQI)) is None


@pytest.mark.parametrize(
    ("ddof", "fitting"), [(1, [33, 38]), (0, [29, 40])], ids=["sample", "population"]
)
def test_sample_sizes_from_20_to_40_that_fit_all_dlqi_figures(ddof, fitting):
    def fits(n, mean, deviation):
        return find(Summary(mean, deviation, n=n, low=0, high=30), ddof=ddof) is not None

    both = [n for n in range(20, 41) if fits(n, "12.55", "4.56") and fits(n, "2.03", "1.13")]
    assert both == fitting


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=40), st.integers(0, 1))
def test_figures_of_real_data_always_have_a_witness(values, ddof):
    mean = printed(Fraction(sum(values), len(values)), 2)
    deviation = printed(Fraction(sd(values, ddof)), 2)
    figures = Summary(mean, deviation, n=len(values), low=0, high=30)
    assert find(figures, ddof=ddof) is not None


@settings(deadline=None)
@given(st.integers(-400, 400), st.sampled_from(sorted(DECIMAL_ROUNDING)), st.integers(0, 2))
def test_rounding_rules_match_the_decimal_module(eighths, rule, decimals):
    value = Fraction(eighths, 8)
    unit = Decimal(1).scaleb(-decimals)
    figure = (Decimal(eighths) / 8).quantize(unit, DECIMAL_ROUNDING[rule])
    if rule in ("half_up", "half_down") and value < 0:
        return  # decimal rounds halves away from 0, the rules upwards and downwards
    interval = printed_as(figure, rule)
    assert interval.low <= value <= interval.high
    assert interval.low_closed or value != interval.low
    assert interval.high_closed or value != interval.high


@settings(deadline=None)
@given(
    st.integers(2, 9),
    st.integers(0, 8),
    st.sampled_from(sorted(RULES)),
    st.integers(0, 1),
    st.integers(0, 1),
    st.data(),
)
def test_find_agrees_with_all_multisets_by_every_rule(n, top, rule, ddof, decimals, data):
    n = min(n, 6)
    unit = Decimal(1).scaleb(-decimals)
    mean = unit * data.draw(st.integers(-int(2 / unit), int((top - 1) / unit)))
    deviation = unit * data.draw(st.integers(0, int((top // 2 + 1) / unit)))
    figures = Summary(mean, deviation, n=n, low=-2, high=top - 2)
    means, variances = printed_as(mean, rule), printed_as(deviation, rule).squared()

    def prints(values):
        centre = Fraction(sum(values), n)
        spread = sum((value - centre) ** 2 for value in values) / (n - ddof)
        return holds(means, centre) and holds(variances, spread)

    some = any(map(prints, combinations_with_replacement(range(-2, top - 1), n)))
    values = find(figures, rule=rule, ddof=ddof)
    assert (values is not None) == some
    assert values is None or prints([int(value) for value in values])


def holds(interval, value) -> bool:
    above = interval.low < value or (interval.low_closed and interval.low == value)
    below = value < interval.high or (interval.high_closed and interval.high == value)
    return above and below


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 14), st.integers(1, 9), st.data())
def test_with_moments_agrees_with_a_plain_dynamic_programme(n, top, data):
    reached = {(0, 0)}
    for _ in range(n):
        reached = {(s + v, q + v * v) for s, q in reached for v in range(top + 1)}
    total = data.draw(st.integers(0, n * top))
    for squares in range(total * top + 2):
        values = with_moments(total, squares, n=n, top=top)
        assert (values is not None) == ((total, squares) in reached)
        if values:
            assert (sum(values), sum(v * v for v in values)) == (total, squares)
            assert len(values) == n and values[0] >= 0 and values[-1] <= top


@pytest.mark.parametrize(
    ("mean", "deviation", "more"),
    [
        ("12", "40", {"high": 72, "step": "0.1"}),
        ("12", "17", {"high": 30}),
        ("13.86", "28.4", {"high": 72, "step": "0.1"}),
        ("12.55", "14.9", {"high": 30}),
    ],
)
def test_a_deviation_that_cannot_be_is_refused_at_once(mean, deviation, more):
    began = process_time()
    find(Summary(mean, deviation, n=200, low=0, **more))
    assert process_time() - began < 1


def test_moments_share_their_parity():
    pairs = list(moments(Summary("12.54", "4.56", **DLQI)))
    assert pairs
    assert all((squares - total) % 2 == 0 for total, squares in pairs)


def test_the_seed_decides():
    figures = Summary("13.86", "2.76", **PPPASI)
    assert find(figures, seed=1) == find(figures, seed=1)
    assert find(figures, seed=1) != find(figures, seed=2)


def test_scores_that_do_not_start_at_0():
    values = find(Summary("-1.5", "0.71", n=2, low=-3, high=0))
    assert values == (Decimal(-2), Decimal(-1))


def test_no_spread_and_the_widest_spread():
    assert find(Summary("3.0", "0.0", n=5, low=0, high=10)) == (Decimal(3),) * 5
    widest = find(Summary("15.00", "15.04", n=200, low=0, high=30))
    assert widest == (Decimal(0),) * 100 + (Decimal(30),) * 100
    assert find(Summary("15.0", "15.2", n=200, low=0, high=30)) is None


def test_a_float_is_refused():
    with pytest.raises(TypeError, match="not a float"):
        Summary(12.5, "4.56", **DLQI)


def test_figures_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="n at least 2"):
        Summary("1", "1", n=1, low=0, high=4)
