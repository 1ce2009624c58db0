"""Figures of change, patients, bands and doubt: drawn from frames, numbered from rows."""

import io
import warnings

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from ppp import results
from ppp.efficacy import figures
from ppp.efficacy.rows import drawn
from ppp.estimators.estimate import Estimate


def every_figure(visits, patients, rows, study):
    pairs = drawn.pairs(visits, study)
    return [
        figures.trajectories(drawn.scores(visits, study), rows, study),
        figures.waterfall(drawn.percent_changes(visits, patients, study), rows, study),
        figures.estimation(pairs, drawn.resampled_means(pairs, study), rows, study),
        figures.responders(rows, study),
        figures.change_by_visit(rows, study),
        figures.bands(rows, study),
        figures.regression_to_mean(drawn.chance(rows, study), rows, study),
        figures.tipping_point(rows, study),
    ]


def test_all_draw_without_a_warning_and_the_same_twice(scored, patients, page_rows, page_study):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = every_figure(scored, patients, page_rows, page_study)
    again = every_figure(scored, patients, page_rows, page_study)
    for figure, other in zip(made, again, strict=True):
        assert figure.svg == other.svg and figure.png == other.png
        assert "SYNTHETIC DATA" in figure.svg and "<dc:date>" not in figure.svg
        assert "nan" not in (figure.caption + figure.alt + figure.svg).lower()


def test_none_recorded_is_said(scored, patients, no_rows, page_study):
    for visits in (None, scored.head(0), scored.drop(columns="pppasi")):
        for figure in every_figure(visits, patients, no_rows, page_study):
            assert "not recorded" in figure.alt


def test_numbers_are_those_of_the_rows(scored, patients, page_rows, page_study):
    made = every_figure(scored, patients, page_rows, page_study)
    lines, falls, paired, shares, change, bands, chance, tipping = made
    assert "with its 95% confidence interval" in lines.caption
    assert "week 12 5.56 (4.56 to 6.56)" in lines.alt and "mean 5.56</text>" in lines.svg
    assert "mean −59.9%" in falls.alt and "4 patients" in falls.alt and "P01*" in falls.svg
    assert "−8.30 (−9.40 to −7.20), n = 27" in paired.alt and "−8.30</text>" in paired.svg
    assert "PGA 0/1 20 of 28 (71.4%)" in shares.alt
    assert "PPPASI week 12 −8.30 (−9.40 to −7.20)" in change.alt
    assert "Week 0: moderate effect 2 and very large effect 3. Week 12: no effect 5." in bands.alt
    assert "Very large effect: 3</text>" in bands.svg and "n = 5" in bands.caption
    assert "0.40 or less" in chance.alt and "unblinded scoring and selection" in chance.caption
    assert "when 17.5 points are added" in tipping.alt


def test_the_shape_of_resampled_means_is_drawn_where_they_vary(page_rows, page_study, scored):
    pairs = drawn.pairs(scored, page_study)
    given = figures.estimation(pairs, np.linspace(-9, -7, 99), page_rows, page_study)
    same = figures.estimation(pairs, np.full(99, -8.0), page_rows, page_study)
    assert "bootstrap" in given.caption and "bootstrap" not in same.caption
    assert given.alt == same.alt


@pytest.mark.parametrize("n", [99, 100, 500, 10_000])
def test_waterfall_of_many_patients_is_filled_and_small(n, patients, page_rows, make_page_study):
    ids = [f"P{i:05d}" for i in range(n)]
    visits = pd.concat(
        pd.DataFrame({"study_id": ids, "week": week, "pppasi": x})
        for week, x in {0: 20.0, 12: 10.0}.items()
    )
    study = make_page_study(synthetic=False)
    made = figures.waterfall(drawn.percent_changes(visits, patients, study), page_rows, study)
    picture = np.asarray(Image.open(io.BytesIO(made.png)).convert("RGB")).astype(int)
    blue = (picture[..., 2] > picture[..., 0] + 60).mean()
    assert blue > 0.2, "half of the axes is the fall of one half, in blue"
    assert len(made.svg) < 200_000 and "SYNTHETIC" not in made.svg


def test_why_nothing_is_drawn_is_said(page_study):
    rose = Estimate(n=28, note="the mean score did not fall")
    none = Estimate(note="not applicable: no score was imputed")
    rows = results.frame(
        [
            results.row("regression_to_mean", "pppasi", "explaining_correlation", rose, week=12),
            results.row("sensitivity", "pppasi", "tipping_point", none, week=12),
        ]
    )
    blank = figures.regression_to_mean(drawn.chance(rows, page_study), rows, page_study)
    assert "the mean score did not fall" in blank.alt
    assert "no score was imputed" in figures.tipping_point(rows, page_study).alt
