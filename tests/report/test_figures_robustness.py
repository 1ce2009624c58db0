"""Figures of paired change, DLQI bands, regression to the mean, the tipping point, the forest."""

import re
import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ppp import results
from ppp.data.scores import dlqi_band
from ppp.estimators.estimate import Estimate
from ppp.report import figures

BAD = re.compile(r"\b(nan|inf|NaN|None|<NA>)\b")


def value(x, low=float("nan"), high=float("nan"), **more):
    return Estimate(x, low, high, 0.95, **more)


def regression_rows(change, bound):
    return results.frame(
        [
            results.row("change", "pppasi", "mean_change", change, week=12, missing="observed"),
            results.row(
                "regression_to_mean",
                "pppasi",
                "explaining_correlation",
                bound,
                week=12,
                missing="observed",
            ),
        ]
    )


@pytest.fixture
def dlqi(visits):
    return visits.assign(dlqi=[12.0, 8, 25, 14, 3, 11, 1.0, 4, 5, 1, None, 0])


def test_all_draw_without_a_warning_and_without_nan(visits, dlqi, rows, study):
    change = value(-8.3, -9.2, -7.4, n=28)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = [
            figures.estimation(visits, rows, study),
            figures.dlqi_bands(dlqi, rows, study, band=dlqi_band),
            figures.regression_to_mean(regression_rows(change, value(0.4, n=28)), study),
        ]
    for figure in made:
        assert not BAD.search(figure.caption + figure.alt) and "nan" not in figure.svg.lower()


def test_none_recorded_is_said(visits, empty, study):
    for given in (None, visits.head(0), visits.drop(columns="pppasi")):
        assert "not recorded" in figures.estimation(given, empty, study).alt
        assert "not recorded" in figures.dlqi_bands(given, empty, study, band=dlqi_band).alt
    assert "not recorded" in figures.regression_to_mean(empty, study).alt
    assert "not recorded" in figures.tipping_point(empty, study).alt


def test_trajectories_draw_the_interval_of_the_rows(visits, rows, study):
    at = rows["statistic"].eq("mean") & rows["outcome"].eq("pppasi")
    limits = {"ci_low": rows["estimate"] - 1, "ci_high": rows["estimate"] + 1}
    given = rows.assign(ci_level=0.95, **{c: x.where(at) for c, x in limits.items()})
    made = figures.trajectories(visits, given, study)
    assert "with its 95% confidence interval" in made.caption
    assert "week 12 5.56 (4.56 to 6.56)" in made.alt
    assert "interval" not in figures.trajectories(visits, rows, study).caption


def test_estimation_prints_only_what_its_row_says(visits, rows, study):
    made = figures.estimation(visits, rows, study)
    assert "−8.30 (−9.40 to −7.20), n = 27" in made.alt and "−8.30</text>" in made.svg
    given = figures.estimation(visits, rows, study, distribution=np.linspace(-9, -7, 99))
    assert "bootstrap" in given.caption and given.alt == made.alt
    assert figures.estimation(visits, rows, study).svg == made.svg


def test_estimation_of_equal_changes_has_no_distribution(rows, study):
    frame = pd.DataFrame(
        {"study_id": ["P01", "P02"] * 2, "week": [0, 0, 12, 12], "pppasi": [9.0, 8, 4, 3]}
    )
    assert "bootstrap" not in figures.estimation(frame, rows, study).caption


def test_bands_print_counts_only_from_rows(dlqi, empty, study):
    bare = figures.dlqi_bands(dlqi, empty, study, band=dlqi_band)
    assert "not in the results" in bare.alt and "effect:" not in bare.svg
    counts = {
        0: {"moderate effect": 1, "very large effect": 3, "extremely large effect": 1},
        12: {"no effect": 3, "small effect": 2},
    }
    rows = results.frame(
        results.row("count", "dlqi_band", "count", k, week=week, level=level, n=5, events=k)
        for week, levels in counts.items()
        for level, k in levels.items()
    )
    made = figures.dlqi_bands(dlqi, rows, study, band=dlqi_band)
    assert "Week 12: no effect 3 and small effect 2." in made.alt
    assert "Very large effect: 3</text>" in made.svg and "n = 5" in made.caption


def test_regression_to_the_mean_has_its_bound_and_its_limits(study):
    made = figures.regression_to_mean(
        regression_rows(value(-8.3, -9.2, -7.4, n=28), value(0.4, n=28)), study
    )
    assert "0.40 or less" in made.alt and "−8.30 (−9.20 to −7.40)" in made.alt
    assert "unblinded scoring and selection stay possible" in made.caption
    rose = Estimate(n=28, note="the mean score did not fall")
    blank = figures.regression_to_mean(regression_rows(value(0.5, n=28), rose), study)
    assert "the mean score did not fall" in blank.alt


def test_tipping_curve_from_rows_and_from_the_analysis_agree(study):
    curve = [(0.0, value(-8, -9, -7)), (10.0, value(-5, -7, -3)), (20.0, value(-2, -5, 1))]
    point = results.row("sensitivity", "pppasi", "tipping_point", value(17.5, n=28), week=12)
    listed = [
        results.row("sensitivity", "pppasi", "tipping_curve", e, week=12, level=f"{s:g}")
        for s, e in curve
    ]
    tipping = SimpleNamespace(shifts=[s for s, _ in curve], curve=[e for _, e in curve])
    made = figures.tipping_point(results.frame([point, *listed]), study)
    given = figures.tipping_point(results.frame([point]), study, tipping=tipping)
    assert made.svg == given.svg and "when 17.5 points are added" in made.alt


def test_tipping_without_gaps_is_not_applicable(study):
    none = Estimate(note="not applicable: no score was imputed")
    rows = results.frame([results.row("sensitivity", "pppasi", "tipping_point", none, week=12)])
    assert "not applicable: no score was imputed" in figures.tipping_point(rows, study).alt


def test_forest_has_the_adjusted_difference_and_no_p(rows, study):
    where = {"group": "sapho=yes-no", "week": 12, "missing": "observed"}
    row = results.row(
        "group_difference", "pppasi", "ancova", value(-0.5, -1.6, 0.5, n=27, p_value=0.2), **where
    )
    made = figures.forest(pd.concat([rows, results.frame([row])], ignore_index=True), study)
    assert "Difference, adjusted: n = 27; −0.50 (−1.60 to 0.50)" in made.alt
    assert "interaction" in made.caption and not re.search(r"\bp [=<]", made.svg + made.alt)
