"""PPPASI, DLQI and PGA against hand-worked examples and the properties of their definitions."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppp.data import scores

HAND_WORKED = {
    "right_palm": (2, 1, 2, 3),
    "left_palm": (1, 0, 1, 3),
    "right_sole": (1, 1, 1, 3),
    "left_sole": (1, 0, 1, 3),
}
GRADE, AREA = st.integers(0, 4), st.integers(0, 6)
REGION = st.tuples(GRADE, GRADE, GRADE, AREA)
REGIONS = st.fixed_dictionaries(dict.fromkeys(scores.REGION_WEIGHT, REGION))
ITEMS = st.lists(st.integers(0, 3), min_size=10, max_size=10)


def components(regions: dict) -> pd.DataFrame:
    values = [value for region in scores.REGION_WEIGHT for value in regions[region]]
    return pd.DataFrame([values], columns=scores.PPPASI_COMPONENTS)


def pppasi(regions: dict) -> float:
    return scores.pppasi(components(regions)).item()


def dlqi(items: list) -> tuple:
    total, n_missing = scores.dlqi(pd.DataFrame([items], columns=scores.DLQI_ITEMS))
    return total.item(), n_missing.item()


def test_pppasi_worked_by_hand():
    assert pppasi(HAND_WORKED) == 8.7


def test_pppasi_limits():
    assert pppasi(dict.fromkeys(scores.REGION_WEIGHT, (4, 4, 4, 6))) == 72
    assert pppasi(dict.fromkeys(scores.REGION_WEIGHT, (0, 0, 0, 0))) == 0


@given(REGIONS, st.sampled_from(scores.PPPASI_COMPONENTS))
def test_pppasi_grows_with_each_item(regions, item):
    frame = components(regions)
    worse = frame.assign(**{item: frame[item] + 1})
    assert scores.pppasi(worse).item() >= scores.pppasi(frame).item()


@given(REGIONS)
def test_pppasi_of_right_and_left_swapped(regions):
    other_side = {
        region: regions[
            region.replace(*(("right", "left") if "right" in region else ("left", "right")))
        ]
        for region in regions
    }
    assert pppasi(other_side) == pppasi(regions)


@given(REGIONS)
def test_pppasi_moves_in_tenths_and_is_never_a_tenth(regions):
    total = pppasi(regions)
    assert total == round(total, 1)
    assert total != 0.1
    assert 0 <= total <= 72


@pytest.mark.parametrize("item", scores.PPPASI_COMPONENTS)
def test_pppasi_with_any_component_missing_is_missing(item):
    frame = components(HAND_WORKED).astype(float).assign(**{item: float("nan")})
    assert scores.pppasi(frame).isna().all()


def test_pppasi_keeps_the_index_and_its_argument():
    frame = components(HAND_WORKED).set_axis([7]).assign(week=12)
    before = frame.copy()
    assert scores.pppasi(frame).index.tolist() == [7]
    pd.testing.assert_frame_equal(frame, before)


def test_inconsistent_area_by_region():
    regions = HAND_WORKED | {"right_palm": (0, 0, 0, 2), "left_sole": (1, 0, 0, 0)}
    verdict = scores.inconsistent_area(components(regions))
    assert verdict.loc[0].to_dict() == {
        "right_palm": True,
        "left_palm": False,
        "right_sole": False,
        "left_sole": True,
    }


def test_inconsistent_area_says_nothing_about_missing_values():
    frame = components(dict.fromkeys(scores.REGION_WEIGHT, (None, 0, 0, 2)))
    assert not scores.inconsistent_area(frame).any(axis=None)


@given(ITEMS)
def test_dlqi_is_the_sum_of_its_items(items):
    assert dlqi(items) == (sum(items), 0)


@given(ITEMS, st.integers(0, 9))
def test_dlqi_one_missing_item_counts_0(items, place):
    with_gap = [None if k == place else value for k, value in enumerate(items)]
    assert dlqi(with_gap) == (sum(items) - items[place], 1)


@given(ITEMS, st.sets(st.integers(0, 9), min_size=2))
def test_dlqi_with_two_or_more_missing_is_not_scored(items, places):
    total, n_missing = dlqi([None if k in places else value for k, value in enumerate(items)])
    assert pd.isna(total)
    assert n_missing == len(places)
