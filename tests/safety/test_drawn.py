"""What the figures of adverse events show is what their rows hold."""

import pytest

from ppp import results
from ppp.estimators.estimate import Estimate
from ppp.safety import figures

from ..artists import BLUE, INK, ORANGE, areas, at, axes_of, near, strokes, texts, ticks

TERMS = {
    "Acne": (0.36, 0.19, 0.56, 10),
    "Nausea": (0.21, 0.08, 0.41, 6),
    "Zoster": (0.11, 0.02, 0.28, 3),
}


def estimate(x, low, high, **more):
    return Estimate(x, low, high, 0.95, n=28, **more)


STEPS = {
    "all": {9: (0.18, 0.07, 0.34), 40: (0.41, 0.24, 0.62)},
    "sapho=yes": {9: (0.25, 0.06, 0.53), 30: (0.62, 0.31, 0.88)},
    "sapho=no": {20: (0.15, 0.03, 0.36), 40: (0.33, 0.14, 0.57)},
}
RISK = {"all": (28, 23, 11), "sapho=yes": (8, 6, 3), "sapho=no": (20, 17, 9)}


@pytest.fixture
def incidence():
    """Steps by day, incidence at weeks 2, 6 and 14 of a study whose baseline is week 2."""
    rows = []
    for group, steps in STEPS.items():
        for day, numbers in reversed(steps.items()):
            value = estimate(*numbers, events=3)
            rows.append(("curve", value, {"level": str(day), "group": group}))
        for week, at_risk in zip((2, 6, 14), RISK[group], strict=True):
            last = estimate(*list(steps.values())[-1], events=9)
            rows.append(("cumulative_incidence", last, {"week": week, "group": group}))
            rows.append(("at_risk", float(at_risk), {"week": week, "group": group}))
    return results.frame(results.row("time_to_event", "any", s, x, **at) for s, x, at in rows)


def test_incidence_rises_from_zero_by_the_steps_of_the_rows(incidence, make_study):
    study = make_study("[schedule]\nbaseline = 2\nprimary = 14\nweeks = [2, 6, 14]\n")
    panels = axes_of(figures.time_to_event, incidence, study)
    colours = {"all": INK, "sapho=yes": ORANGE, "sapho=no": BLUE}
    for axes, groups in zip(panels, (["all"], ["sapho=yes", "sapho=no"]), strict=True):
        lines = {colour: path for colour, _, path in strokes(axes)}
        bands = dict(areas(axes))
        assert list(lines) == list(bands) == [colours[group] for group in groups]
        for group in groups:
            days = [0, *STEPS[group], 84]
            numbers = [(0, None, None), *STEPS[group].values()]
            for first, last, (x, low, high) in zip(days, days[1:], numbers, strict=False):
                for day in (first + 0.1, (first + last) / 2, last - 0.1):
                    assert at(lines[colours[group]], day / 7) == list(near(100 * x))
                    shown = [] if low is None else list(near(100 * low, 100 * high))
                    assert at(bands[colours[group]], day / 7) == shown
        assert axes.get_xlim() == (0, 12) and axes.get_ylim() == (0, 104)
        assert list(ticks(axes.xaxis)) == [0, 4, 12]
    assert "Week 14: 41.0%\n(24.0% to 62.0%)" in texts(panels[0])


def test_groups_have_their_name_and_those_at_risk_beside_their_line(incidence, study):
    axes = axes_of(figures.time_to_event, incidence, study)[1]
    ends = {
        line.get_ydata()[0]: line.get_color().lower()
        for line in axes.lines
        if line.get_transform() == axes.get_yaxis_transform()
    }
    named = {" ".join(words.split()): y for words, (_, y) in texts(axes).items()}
    assert ends[named["with SAPHO syndrome"]] == ORANGE
    assert ends[named["without SAPHO syndrome"]] == BLUE
    assert named["with SAPHO syndrome"] > named["without SAPHO syndrome"]
    below = [t for t in axes.texts if t.get_text().isdigit() or "—" in t.get_text()]
    rows = {}
    for t in sorted(below, key=lambda t: (-t.xyann[1], t.xy[0], t.xyann[0])):
        rows.setdefault(t.xyann[1], []).append((t.get_text(), t.xy[0], t.get_color().lower()))
    (own, *first), (other, *second) = rows.values()
    assert own[0::2] == ("——", ORANGE) and other[0::2] == ("— —", BLUE)
    assert [x[:2] for x in first] == [("8", 2), ("6", 6), ("3", 14)]
    assert [x[:2] for x in second] == [("20", 2), ("17", 6), ("9", 14)]
