import numpy as np
import pytest
from scipy import stats

from ppp.estimators.ancova import ancova

NAMES = ["intercept", "before", "group", "interaction"]


@pytest.mark.parametrize("interaction", [False, True])
@pytest.mark.parametrize("robust", [False, True])
def test_coefficients_and_errors_match_r(two_group, close, interaction, robust):
    case, r = two_group
    theirs = r["interaction" if interaction else "ancova"]
    found = ancova(case["pre"], case["post"], case["group"], interaction=interaction, robust=robust)
    errors = theirs["hc3" if robust else "se"]
    for name, value, error in zip(NAMES, theirs["estimate"], errors, strict=False):
        half = (found[name].ci_high - found[name].ci_low) / 2
        assert close(found[name].estimate, value)
        assert close(half / stats.t.ppf(0.975, theirs["df"]), error)


def test_p_of_the_group_matches_r(two_group, close):
    case, r = two_group
    found = ancova(case["pre"], case["post"], case["group"])
    assert close(found["group"].p_value, r["ancova"]["p_hc3"][2])


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ([5, 6, 7, 5, 6, 7], [1, 2, 3, 1, 2, 3], "fitted lines"),
        ([5, 5, 5, 6, 6, 6], [1, 2, 3, 4, 2, 1], "does not vary"),
        ([5, 6, 7, 8, np.nan, np.nan], [1, 2, 3, 4, 2, 1], "fewer than 3"),
    ],
)
def test_what_cannot_be_fitted_is_empty_with_a_reason(before, after, why):
    found = ancova(before, after, [1, 1, 1, 0, 0, 0])
    assert np.isnan(found["group"].estimate) and why in found["group"].note


def test_one_patient_who_decides_the_fit_is_named_as_the_reason():
    found = ancova([5, 5, 9, 4, 6, 7], [1, 2, 3, 4, 2, 1], [1, 1, 1, 0, 0, 0], interaction=True)
    assert "alone decides" in found["group"].note
