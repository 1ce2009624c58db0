import numpy as np
import pytest

from ppp.estimators.detectable import detectable_difference, detectable_proportions

from .conftest import each


@each("detectable")
def detectable(request):
    return request.param


def test_standardised_difference_matches_r(detectable):
    result = detectable_difference(detectable["n1"], detectable["n0"], power=detectable["power"])
    assert result.estimate == pytest.approx(detectable["difference"], rel=1e-8)


def test_proportions_match_enumeration_by_r(detectable):
    sizes = detectable["n1"], detectable["n0"], detectable["reference"]
    result = detectable_proportions(*sizes, power=detectable["power"])
    for one, end in zip(result, ("below", "above"), strict=True):
        if detectable[end] is None:
            assert np.isnan(one.estimate) and "not even" in one.note
        else:
            assert one.estimate == pytest.approx(detectable[end], abs=1e-9)


def test_the_normal_approximation_meets_the_exact_power_at_its_largest_size():
    exact, rough = (detectable_proportions(n, n, 0.5)[0] for n in (200, 201))
    assert "exact" in exact.method and "normal" in rough.method
    assert exact.estimate == pytest.approx(rough.estimate, abs=0.01)


@pytest.mark.parametrize("sizes", [(0, 20), (0, 0)])
def test_an_empty_group_detects_nothing_and_says_why(sizes):
    assert "no data" in detectable_difference(*sizes).note
    assert all("no data" in result.note for result in detectable_proportions(*sizes, 0.5))


def test_groups_too_small_for_a_mean_say_so():
    assert "fewer than 3" in detectable_difference(2, 20).note


@pytest.mark.parametrize("reference", [0.0, 1.0])
def test_a_reference_at_the_end_has_one_side_only(reference):
    below, above = detectable_proportions(20, 20, reference)
    assert np.isfinite(below.estimate) == (reference == 1)
    assert np.isfinite(above.estimate) == (reference == 0)
