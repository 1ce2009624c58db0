"""What the swimmer plot shows is what the course of each patient holds."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from ppp import results
from ppp.safety import figures
from ppp.safety.rows import treatment

from ..artists import BLUE, INK, RED, SOFT, axes_of, bars, legend, marks, texts, ticks, upright

LIGHT_BLUE = "#56b4e9"


@pytest.fixture
def course():
    """Four patients: two of the subgroup, one of the others, one unknown; two stopped."""
    lanes = {
        "P1": (16.3, "no", "other", ""),
        "P2": (12.1, "yes", "own", "remission"),
        "P3": (9.7, "yes", "own", ""),
        "P4": (5.2, "", "", "wish to conceive"),
    }
    lanes = pd.DataFrame.from_dict(lanes, "index", columns=["weeks", "group", "side", "reason"])
    visits = [("P1", 0.0), ("P1", 4.1), ("P2", 8.3), ("P4", 3.9)]
    events = [
        ("P1", 2.4, "1", True),
        ("P2", 6.6, "3", True),
        ("P2", 6.5, "2", True),
        ("P3", 1.5, "2", False),
        ("P4", 4.8, "unknown", True),
    ]
    return treatment.Course(
        lanes.assign(start=pd.Timestamp("2024-01-01")),
        pd.DataFrame(visits, columns=["study_id", "week"]),
        pd.DataFrame(events, columns=["study_id", "week", "grade", "sure"]),
    )


def test_each_lane_of_the_swimmer_plot_is_its_patient(course, study):
    (axes,) = axes_of(figures.swimmer, results.frame([]), course, study)
    shown = {round((foot + top) / 2): (0, right) for _, right, foot, top, _ in bars(axes)}
    assert shown == {y: (0, weeks) for y, weeks in enumerate((16.3, 12.1, 9.7, 5.2))}
    assert ticks(axes.yaxis) == dict(enumerate(("P1", "P2*", "P3*", "P4")))
    low, high = axes.get_ylim()
    assert low > high
    key = {name: colour for name, (colour, _) in legend(axes).items()}
    own, other = key["* with SAPHO syndrome"], key["without SAPHO syndrome"]
    colours = [box[4] for box in bars(axes)]
    assert colours[:3] == [other, own, own] and len({*colours}) == 3
    lane = dict(zip(course.patients.index, range(4), strict=True))
    seen = [(week, lane[i]) for i, week in course.visits.itertuples(index=False)]
    assert sorted((x, np.floor(y + 0.5)) for x, y, *_ in marks(axes, "|")) == sorted(seen)


def test_events_have_the_place_and_the_mark_of_their_grade(course, study):
    (axes,) = axes_of(figures.swimmer, results.frame([]), course, study)
    shown = sorted((y, x, shape, face) for x, y, shape, face in marks(axes, *"o^sDXP"))
    assert [(round(y), x) for y, x, *_ in shown] == [
        (0, 2.4),
        *((1, x) for _, x, *_ in shown[1:3]),
        (2, 1.5),
        (3, 4.8),
    ]
    assert {x: mark for _, x, *mark in shown} == {
        2.4: ["o", LIGHT_BLUE],
        6.6: ["s", RED],
        6.5: ["^", BLUE],
        1.5: ["^", "#ffffff"],
        4.8: ["P", SOFT],
    }
    assert shown[1][0] != shown[2][0], "marks that would cover each other are apart"
    key = legend(axes)
    assert key["grade 1"] == (LIGHT_BLUE, "o") and key["grade 2"] == (BLUE, "^")
    assert key["grade 3"] == (RED, "s") and key["grade not recorded"] == (SOFT, "P")
    assert key["date incomplete"][0] == "#ffffff" and "grade 4" not in key


def test_stops_stand_at_the_end_of_the_bar_with_their_reason(course, study):
    (axes,) = axes_of(figures.swimmer, results.frame([]), course, study)
    stops = [(x, round((low + high) / 2)) for x, low, high in upright(axes, INK)]
    assert stops == [(5.2, 3), (12.1, 1)]
    going = [(round(x, 1), y) for x, y, *_ in marks(axes, ">")]
    assert going == [(pytest.approx(16.3, abs=0.3), 0), (pytest.approx(9.7, abs=0.3), 2)]
    reasons = {words: y for words, (_, y) in texts(axes).items()}
    assert reasons == {"remission": 1, "wish to conceive": 3}


@pytest.mark.parametrize("seed", range(5))
def test_no_mark_covers_another(seed, course, study):
    rng = np.random.default_rng(seed)
    weeks = np.sort(rng.uniform(0, 12, 25))
    drawn = pd.DataFrame({"study_id": "P1", "week": weeks, "grade": "1", "sure": True})
    crowded = course._replace(events=drawn.sample(frac=1, random_state=seed))
    (axes,) = axes_of(figures.swimmer, results.frame([]), crowded, study)
    shown = sorted((x, y) for x, y, *_ in marks(axes, *"o^sDXP"))
    width = axes.get_xlim()[1]
    close = [(a, b) for a, b in pairwise(shown) if b[0] - a[0] < width / 60]
    assert close and all(a[1] != b[1] for a, b in close)


def test_no_name_of_the_legend_is_cut(course, study):
    """The longest names, and reasons for stopping that leave the axes little room."""
    long = course.patients.assign(reason="lost to follow-up, address unknown")
    crowded = course._replace(patients=long)
    (axes,) = axes_of(figures.swimmer, results.frame([]), crowded, study)
    axes.figure.canvas.draw()
    shown = axes.get_legend().get_window_extent()
    assert shown.x0 >= 0 and shown.x1 <= axes.figure.bbox.x1
