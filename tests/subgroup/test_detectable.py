"""What two groups could show: the figures of the plan, and at the edges."""

import numpy as np
import pandas as pd
import pytest

from ppp import results
from ppp.subgroup.rows import detectable


def cohort(first, second):
    """Changes of both groups, and who reaches PPPASI-50 (a change of −6 from 10)."""
    changes = np.array([*first, *second], dtype=float)
    ids = [f"P{i:02d}" for i in range(1, len(changes) + 1)]
    scores = {0: 10.0, 12: 10 + changes}
    visits = pd.concat(
        [
            pd.DataFrame({"study_id": ids, "week": week, "pppasi": values})
            for week, values in scores.items()
        ]
    )
    sapho = ["yes"] * len(first) + ["no"] * len(second)
    return visits, pd.DataFrame({"study_id": ids, "sapho": sapho})


def test_8_against_20_give_the_differences_of_the_plan(study):
    visits, patients = cohort([-6, -4] * 4, [-6] * 14 + [-4] * 6)
    rows = detectable(visits, patients, study)
    assert set(rows["group"]) == {"sapho=yes-no"}
    by = rows.set_index(["outcome", "level"])
    assert by.loc[("sd_units", "80%"), "estimate"] == pytest.approx(1.22, abs=0.005)
    assert by.loc[("sd_units", "90%"), "estimate"] == pytest.approx(1.41, abs=0.005)
    sides = np.var([-6, -4] * 4), np.var([-6] * 14 + [-4] * 6)
    pooled = np.sqrt((8 * sides[0] + 20 * sides[1]) / 26)
    assert by.loc[("pppasi", "80%"), "estimate"] == pytest.approx(
        pooled * by.loc[("sd_units", "80%"), "estimate"]
    )
    below = by.loc[("pppasi50", "80% below")]
    assert below["estimate"] == pytest.approx(0.13, abs=0.005)
    assert below["code"].endswith("against:14/20 in:sapho=no")
    above = by.loc[("pppasi50", "80% above")]
    assert np.isnan(above["estimate"]) and "not even 100 %" in above["note"]


@pytest.mark.parametrize("sizes", [(0, 5), (1, 5), (2, 2), (3, 0), (0, 0)])
def test_small_groups_are_empty_with_a_reason(sizes, study):
    visits, patients = cohort([-6.0] * sizes[0], [-5.0, -4.0, -3.0, -2.0, -1.0][: sizes[1]])
    rows = detectable(visits, patients, study)
    assert rows.loc[rows["estimate"].isna(), "note"].ne("").all()
    assert results.pick(rows, statistic="minimum_detectable_difference")["estimate"].isna().all()


def test_equal_changes_have_no_difference_in_points(study):
    rows = detectable(*cohort([-6.0] * 4, [-4.0] * 5), study)
    by = rows.set_index(["outcome", "level"])
    assert by.loc[("sd_units", "80%"), "estimate"] > 1
    assert by.loc[("pppasi", "80%"), "note"] == "the changes do not vary"


def test_not_recorded_gives_no_rows(study):
    visits, patients = cohort([-6.0] * 4, [-4.0] * 5)
    assert detectable(visits, patients.drop(columns="sapho"), study).empty
    assert detectable(None, patients, study).empty
