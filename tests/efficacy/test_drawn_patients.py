"""What the figures of single patients show is what their frames and rows hold."""

import numpy as np
import pandas as pd
import pytest

from ppp import results
from ppp.efficacy import figures
from ppp.estimators.estimate import Estimate

from ..artists import (
    BLUE,
    ORANGE,
    across,
    areas,
    at,
    axes_of,
    bars,
    curves,
    legend,
    marks,
    near,
    patient_paths,
    texts,
    ticks,
    upright,
)

PATHS = {"P1": {0: 21.0, 4: 17.5, 12: 9.4}, "P2": {0: 12.3, 12: 3.2}, "P3": {4: 30.6, 12: 18.1}}


def estimate(x, low, high):
    return Estimate(x, low, high, 0.95, n=28)


def test_trajectories_show_each_patient_and_each_mean_with_its_interval(page_study):
    scores = pd.DataFrame(
        [(i, week, x) for i, path in PATHS.items() for week, x in reversed(path.items())],
        columns=["study_id", "week", "score"],
    )
    seen = {0: (16.2, 11.9, 22.8), 4: (24.5, 15.7, 29.3), 12: (10.6, 8.8, 14.1)}
    rows = [
        results.row(
            "summary", "pppasi", "mean", estimate(*(x - off for x in numbers)), week=w, group=group
        )
        for group, off in (("sapho=yes", 0.7), ("all", 0))
        for w, numbers in reversed(seen.items())
    ]
    (axes,) = axes_of(figures.trajectories, scores, results.frame(rows), page_study)
    whole = [[near(*p) for p in PATHS[who].items()] for who in ("P1", "P3")]
    broken = [[near(*p)] for p in PATHS["P2"].items()]  # not seen at week 4: no line over the gap
    assert patient_paths(axes) == sorted(whole + broken)
    assert {(x, y) for x, y, *_ in marks(axes, ".")} == {p for (p,) in broken}
    means = [near(week, numbers[0]) for week, numbers in seen.items()]
    assert curves(axes, BLUE) == [means]
    assert marks(axes, "o") == [(*point, "o", BLUE) for point in means]
    assert upright(axes, BLUE) == [near(week, *ends) for week, (_, *ends) in seen.items()]
    assert texts(axes) == {"mean 10.60": means[-1]}
    assert list(ticks(axes.xaxis)) == [0, 4, 12]
    low, high = axes.get_ylim()
    assert low == 0 and high > 30.6


@pytest.fixture
def changes():
    ids = [f"P{i}" for i in range(1, 6)]
    drops = [13.1, -7.4, -51.2, -76.8, -92.5]
    return pd.DataFrame({"change": drops, "marked": [0, 1, 0, 0, 1]}, index=ids).astype(
        {"marked": bool}
    )


def test_each_bar_of_the_waterfall_is_its_patient_in_the_colour_of_the_group(
    changes, page_rows, page_study
):
    (axes,) = axes_of(figures.waterfall, changes, page_rows, page_study)
    shown = bars(axes)
    assert [(left + right) / 2 for left, right, *_ in shown] == [0, 1, 2, 3, 4]
    wanted = [near(*sorted((0, x))) for x in changes["change"]]
    assert [box[2:4] for box in shown] == wanted
    key = {name: colour for name, (colour, _) in legend(axes).items()}
    assert key == {"With SAPHO syndrome (*)": ORANGE, "Other patients": BLUE}
    assert [box[4] for box in shown] == [ORANGE if mark else BLUE for mark in changes["marked"]]
    assert list(ticks(axes.xaxis).items()) == [
        (0, "P1"),
        (1, "P2*"),
        (2, "P3"),
        (3, "P4"),
        (4, "P5*"),
    ]
    assert across(axes) == [-90, -75, -50, 0]
    low, high = axes.get_ylim()
    assert low == -100 and high > 13.1


def test_bars_of_very_many_patients_are_the_same(page_rows, page_study):
    drops = np.linspace(31, -97, 150)
    marked = np.arange(150) % 3 == 0
    changes = pd.DataFrame({"change": drops, "marked": marked}, index=[f"P{i}" for i in range(150)])
    (axes,) = axes_of(figures.waterfall, changes, page_rows, page_study)
    shown = areas(axes)
    assert len(shown) == 150 and list(legend(axes)) == ["With SAPHO syndrome", "Other patients"]
    for i, (colour, path) in enumerate(shown):
        assert near(path[:, 0].min(), path[:, 0].max()) == (i - 0.5, i + 0.5)
        assert at(path, i) == sorted(near(0, drops[i]))
        assert colour == (ORANGE if marked[i] else BLUE)
