"""What the figures of laboratory values show is what their values and rows hold."""

import pandas as pd
import pytest

from ppp import results
from ppp.estimators.estimate import Estimate
from ppp.laboratory import figures

from ..artists import (
    BLUE,
    INK,
    ORANGE,
    RED,
    SOFT,
    across,
    along,
    axes_of,
    curves,
    marks,
    near,
    patient_paths,
    texts,
    ticks,
)

LIMITS = {"ALT": (7.5, 41.5), "Zinc": (10.5, 19.5)}
COURSES = {
    "ALT": {
        "P1": {0.0: 22.0, 4.1: 35.5, 12.0: 28.0},
        "P2": {0.0: 30.5, 11.7: 44.0},
        "P3": {4.0: 19},
    },
    "Zinc": {"P1": {0.0: 12.5, 12.0: 14.0}, "P2": {0.0: 17.0, 12.0: 11.5}},
}
MEDIANS = {"ALT": {2: 26.3, 6: 27.4, 14: 36.6}, "Zinc": {2: 14.8, 14: 12.7}}
STUDY = "[schedule]\nbaseline = 2\nprimary = 14\nweeks = [2, 6, 14]\n"


@pytest.fixture
def late_study(study, tmp_path):
    """A study whose baseline is week 2."""
    file = tmp_path / "study.toml"
    file.write_text(file.read_text(encoding="utf-8") + STUDY, encoding="utf-8")
    return type(study).load(tmp_path)


def courses():
    rows = [results.row("lab_value", "any", "count", 3.0, n=3)]
    for test, medians in MEDIANS.items():
        k = len(COURSES[test])
        rows.append(results.row("lab_value", test, "count", float(k), level="U/L", n=k))
        for week, x in medians.items():
            rows.append(results.row("lab_value", test, "median", x, level="U/L", week=week, n=2))
    values = [
        (i, test, "U/L", week, x, *LIMITS[test])
        for test, patients in COURSES.items()
        for i, path in patients.items()
        for week, x in reversed(path.items())
    ]
    names = ["study_id", "test", "unit", "week", "value", "lln", "uln"]
    return pd.DataFrame(values, columns=names), results.frame(rows)


def test_each_panel_shows_its_patients_its_medians_and_its_limits(late_study):
    panels = axes_of(figures.lab_lines, *courses(), late_study)
    assert [axes.get_title(loc="left") for axes in panels] == ["ALT\nU/L", "Zinc\nU/L"]
    for test, axes in zip(COURSES, panels, strict=True):
        paths = sorted([near(*p) for p in path.items()] for path in COURSES[test].values())
        assert patient_paths(axes) == paths
        alone = [near(*path[0]) for path in paths if len(path) == 1]
        assert [mark[:2] for mark in marks(axes, ".")] == alone
        medians = [near(week - 2, x) for week, x in MEDIANS[test].items()]
        assert marks(axes, "o") == [(*point, "o", INK) for point in medians]
        assert across(axes) == list(LIMITS[test])
        assert list(ticks(axes.xaxis)) == [0, 4, 12]
        low, high = axes.get_ylim()
        assert low < LIMITS[test][0] and high > LIMITS[test][1]
    assert curves(panels[0], INK) == [[near(week - 2, x) for week, x in MEDIANS["ALT"].items()]]


PEAKS = pd.DataFrame.from_dict(
    {
        "P1": (0.7, 0.4, "neither", False),
        "P2": (5.5, 0.9, "temple", False),
        "P3": (1.6, 2.7, "cholestasis", False),
        "P4": (4.4, 3.1, "cholestasis", True),
        "P5": (8.8, 6.2, "hy", False),
        "P6": (0.01, 0.3, "neither", False),
    },
    "index",
    columns=["transaminase", "bilirubin", "quadrant", "blocked"],
).rename_axis("study_id")
CORNERS = {  # name, patients, right, upper
    "hy": ("Potential Hy’s law", 11, True, True),
    "temple": ("Temple’s corollary", 12, True, False),
    "cholestasis": ("Bilirubin > 2×ULN, other", 13, False, True),
    "neither": ("Neither", 14, False, False),
}


@pytest.fixture
def quadrants(study):
    rows = [
        results.row("liver", "edish", "patients", Estimate(k / 50, n=50, events=k), level=kind)
        for kind, (_, k, *_) in CORNERS.items()
    ]
    (axes,) = axes_of(figures.edish, PEAKS, results.frame(rows), study)
    return axes


def test_each_patient_is_a_mark_of_its_quadrant_at_its_peaks(quadrants):
    shown = {(x, y): mark for x, y, *mark in marks(quadrants, *"o^sXD")}
    assert shown == {
        (0.7, 0.4): ["o", SOFT],
        (5.5, 0.9): ["^", BLUE],
        (1.6, 2.7): ["s", ORANGE],
        (4.4, 3.1): ["X", ORANGE],
        (8.8, 6.2): ["D", RED],
        (0.05, 0.3): ["o", SOFT],
    }
    told = texts(quadrants)
    for i in ("P2", "P3", "P4", "P5"):
        assert told[i] == near(*PEAKS.loc[i, ["transaminase", "bilirubin"]])
    assert "P1" not in told


def test_the_quadrants_have_their_counts_in_their_corners(quadrants):
    told = texts(quadrants)
    for name, k, *corner in CORNERS.values():
        x, y = told[f"{name}: {k} of 50"]
        assert [x > 0.5, y > 0.5] == corner


def test_the_axes_of_the_peaks_hold_all_and_cross_at_the_limits(quadrants):
    axes = quadrants
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert along(axes) == [3] and across(axes) == [2]
    assert axes.get_xlabel().startswith("Peak ALT") and axes.get_ylabel().startswith("Peak bili")
    assert axes.get_xlim()[0] < 0.05 and axes.get_xlim()[1] > 8.8 and axes.get_ylim()[1] > 6.2
