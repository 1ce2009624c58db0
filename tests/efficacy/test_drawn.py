"""What the figures of change, response and doubt show is what their rows hold."""

import numpy as np
import pytest

from ppp import results
from ppp.efficacy import figures
from ppp.estimators.estimate import Estimate

from ..artists import (
    BLUE,
    INK,
    across,
    along,
    areas,
    at,
    axes_of,
    bars,
    curves,
    darkness,
    marks,
    near,
    texts,
    ticks,
    upright,
)


def estimate(x, low, high, **more):
    return Estimate(x, low, high, 0.95, n=28, **more)


def responses():
    """Two targets at two visits, and other numbers where the figure must not look."""
    seen = {
        ("pppasi50", 4): (0.31, 0.17, 0.52),
        ("pppasi50", 12): (0.73, 0.54, 0.87),
        ("pppasi75", 4): (0.12, 0.05, 0.29),
        ("pppasi75", 12): (0.44, 0.28, 0.63),
    }
    for (outcome, week), numbers in seen.items():
        for group, missing, off in (
            ("all", "nri", 0),
            ("all", "observed", 0.021),
            ("sapho=yes", "nri", 0.07),
        ):
            value = estimate(*(x + off for x in numbers), events=9)
            where = {"week": week, "missing": missing, "group": group}
            yield results.row("responder", outcome, "clopper_pearson", value, **where)
        wider = estimate(numbers[0], numbers[1] / 2, 0.95)
        yield results.row("responder", outcome, "wilson", wider, week=week, missing="nri")


@pytest.mark.parametrize(("missing", "off"), [("nri", 0), ("observed", 2.1)])
def test_each_bar_of_responders_is_its_share_and_each_whisker_its_interval(
    page_study, missing, off
):
    rows = results.frame(responses())
    (axes,) = axes_of(figures.responders, rows, page_study, missing=missing)
    shown = bars(axes)
    middles = [(left + right) / 2 for left, right, *_ in shown]
    assert middles == sorted(middles)
    assert [box[2:4] for box in shown] == [near(0, x + off) for x in (31, 73, 12, 44)]
    reach = [(17, 52), (54, 87), (5, 29), (28, 63)]
    wanted = [(x, *near(a + off, b + off)) for x, (a, b) in zip(middles, reach, strict=True)]
    assert upright(axes, INK) == wanted
    caps = sorted((x, y) for x, y, *_ in marks(axes, "_"))
    assert caps in ([], sorted((x, y) for x, *ends in wanted for y in ends))
    assert ticks(axes.xaxis) == dict(zip(middles, ["4", "12", "4", "12"], strict=True))
    first, last, again, other = (box[4] for box in shown)
    assert (first, last) == (again, other) and darkness(last) > darkness(first)
    named = {words.replace("\n", " "): x for words, (x, _) in texts(axes).items()}
    assert named == {"PPPASI-50": np.mean(middles[:2]), "PPPASI-75": np.mean(middles[2:])}
    assert axes.get_ylim()[0] == 0 and axes.get_ylim()[1] > 100


def test_the_band_of_the_tipping_point_is_the_interval_of_the_curve(page_study):
    seen = {0: (-8.2, -9.9, -6.1), 10: (-5.4, -7.8, -3.3), 20: (-2.7, -5.6, 0.9)}
    rows = [
        results.row("sensitivity", "pppasi", "tipping_point", estimate(17.5, 17.5, 17.5), week=12)
    ]
    for shift, numbers in reversed(seen.items()):
        where = {"week": 12, "missing": "mi", "level": str(shift)}
        rows.append(
            results.row("sensitivity", "pppasi", "tipping_curve", estimate(*numbers), **where)
        )
    (axes,) = axes_of(figures.tipping_point, results.frame(rows), page_study)
    assert curves(axes, BLUE) == [[near(x, numbers[0]) for x, numbers in seen.items()]]
    ((shade, band),) = areas(axes)
    for shift, (_, low, high) in seen.items():
        assert shade == BLUE and at(band, shift) == [low, high]
    assert along(axes) == [17.5] and across(axes) == [0]
    assert texts(axes) == {"interval reaches\n0 at 17.5": (17.5, 0.96)}
    assert axes.get_xlim() == (0, 20) and axes.get_xlabel().startswith("Points added")
