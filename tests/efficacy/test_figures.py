"""Figures of change, patients and doubt: drawn from frames, numbered from rows."""

import io
import re
import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from PIL import Image

from ppp import results
from ppp.efficacy import figures
from ppp.efficacy.rows import drawn
from ppp.estimators.estimate import Estimate
from ppp.report.look import PAIR


def every_figure(visits, patients, rows, study):
    return [
        figures.trajectories(drawn.scores(visits, study), rows, study),
        figures.waterfall(drawn.percent_changes(visits, patients, study), rows, study),
        figures.responders(rows, study),
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


def test_nothing_to_draw_is_said(scored, patients, no_rows, page_study):
    for visits in (None, scored.head(0), scored.drop(columns="pppasi")):
        for figure in every_figure(visits, patients, no_rows, page_study):
            assert re.search("No |not ", figure.alt)


def test_numbers_are_those_of_the_rows(scored, patients, page_rows, page_study):
    made = every_figure(scored, patients, page_rows, page_study)
    lines, falls, shares, tipping = made
    assert "with its 95% confidence interval" in lines.caption
    assert "week 12 5.56 (4.56 to 6.56)" in lines.alt and "mean 5.56</text>" in lines.svg
    assert "mean −59.9%" in falls.alt and "4 patients" in falls.alt and "P01*" in falls.svg
    assert "PGA 0/1 20 of 28 (71.4%)" in shares.alt
    assert "when 17.5 points are added" in tipping.alt


def test_error_bars_of_responders_are_the_exact_intervals(page_rows, page_study, monkeypatch):
    """Bars and their ends are those of the rows, in their order."""
    seen = {}

    def kept(drawn, *args, **words):
        (axes,) = drawn.axes
        seen["bars"] = [bar.get_height() for bars in axes.containers for bar in _rectangles(bars)]
        seen["ends"] = [
            segment[:, 1].tolist() for lines in axes.collections for segment in lines.get_segments()
        ]

    monkeypatch.setattr(figures.change, "finish", kept)
    figures.responders(page_rows, page_study)
    here = results.pick(page_rows, statistic="clopper_pearson", missing="nri")
    assert seen["bars"] == pytest.approx((100 * here["estimate"]).tolist())
    limits = [
        [100 * low, 100 * high] for low, high in zip(here["ci_low"], here["ci_high"], strict=True)
    ]
    assert np.allclose(seen["ends"], limits)


def _rectangles(container):
    return [part for part in container if hasattr(part, "get_height")]


def test_the_waterfall_has_the_subgroup_in_its_colour(
    scored, patients, page_rows, page_study, monkeypatch
):
    seen = []

    def kept(drawn, *args, **words):
        bars = [bar for bars in drawn.axes[0].containers for bar in bars]
        seen.extend((bar.get_height(), to_hex(bar.get_facecolor())) for bar in bars)

    monkeypatch.setattr(figures.patients, "finish", kept)
    changes = drawn.percent_changes(scored, patients, page_study)
    figures.waterfall(changes, page_rows, page_study)
    colours = [to_hex(PAIR[int(mark)]) for mark in changes["marked"]]
    assert seen[: len(changes)] == list(zip(changes["change"], colours, strict=True))


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
    none = Estimate(note="not applicable: no score was imputed")
    rows = [results.row("sensitivity", "pppasi", "tipping_point", none, week=12)]
    assert "no score was imputed" in figures.tipping_point(results.frame(rows), page_study).alt
