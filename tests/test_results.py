"""The results row: what is written is what is read, and a lookup is never silently ambiguous."""

import numpy as np
import pandas as pd
import pytest

from ppp import results
from ppp.errors import ResultError
from ppp.estimators.estimate import Estimate


@pytest.fixture
def rows():
    value = Estimate(-8.3, -9.4, -7.2, 0.95, n=28, p_value=1e-12, method="paired t")
    none = Estimate(n=1, note="fewer than 3 pairs")
    return results.frame(
        [
            results.row("change", "pppasi", "mean_change", value, week=12, missing="observed"),
            results.row("change", "pppasi", "mean_change", none, week=8, missing="observed"),
            results.row("count", "sex", "count", 18, level="female", events=18, n=28),
            results.row("count", "sex", "count", 1, level="NA", events=1, n=28),
        ]
    )


def test_rows_survive_a_round_trip_through_csv(rows, tmp_path):
    path = results.save(rows, tmp_path, "03_efficacy")
    again = results.load(path)
    pd.testing.assert_frame_equal(again, rows.assign(notebook="03_efficacy").astype(again.dtypes))


def test_an_empty_table_keeps_columns_and_types(tmp_path):
    path = results.save(results.frame([]), tmp_path, "x")
    assert list(results.load(path).columns) == results.COLUMNS


def test_pick_by_value_list_and_absence(rows):
    assert len(results.pick(rows, week=[8, 12])) == 2
    assert len(results.pick(rows, week=None)) == 2
    assert results.one(rows, analysis="change", week=12)["estimate"] == -8.3


def test_an_ambiguous_or_missing_row_is_an_error(rows):
    with pytest.raises(ResultError, match="2 results rows with analysis=change"):
        results.one(rows, analysis="change")
    with pytest.raises(ResultError, match=r"^0 results rows"):
        results.one(rows, outcome="pga")


def test_an_unknown_column_is_refused():
    with pytest.raises(TypeError, match="wek"):
        results.row("change", "pppasi", "mean_change", np.nan, wek=12)
