"""What the forest plot shows is what its rows hold."""

import pytest

from ppp import results
from ppp.estimators.estimate import Estimate
from ppp.subgroup import figures

from ..artists import BLUE, INK, ORANGE, along, axes_of, level, marks, near, texts, ticks

LINES = {
    "All patients": ("all", "mean_change", 27, (-8.3, -9.6, -7.2), INK, "o"),
    "With SAPHO syndrome": ("sapho=yes", "mean_change", 8, (-6.9, -9.9, -4.4), ORANGE, "o"),
    "Without SAPHO syndrome": ("sapho=no", "mean_change", 19, (-8.8, -10.1, -7.7), BLUE, "o"),
    "Difference": ("sapho=yes-no", "welch", 26, (1.9, -0.8, 4.3), BLUE, "D"),
    "Difference, adjusted": ("sapho=yes-no", "ancova", 25, (1.4, -1.2, 3.7), BLUE, "D"),
}
SHOWN = ("−8.30 (−9.60 to −7.20)", "−6.90 (−9.90 to −4.40)", "−8.80 (−10.10 to −7.70)")
SHOWN += ("1.90 (−0.80 to 4.30)", "1.40 (−1.20 to 3.70)")


def made(*, but=(), reverse=False):
    """Rows of the plot among rows of another week, another score and another rule."""
    rows = []
    for name, (group, statistic, n, numbers, *_) in LINES.items():
        analysis = "change" if statistic == "mean_change" else "group_difference"
        for outcome, week, missing, off in (
            ("pppasi", 8, "observed", 0.11),
            ("dlqi", 12, "observed", 0.22),
            ("pppasi", 12, "mi" if analysis == "change" else "", 0.33),
            ("pppasi", 12, "observed", 0),
        ):
            if name not in but and missing:
                value = Estimate(*(x + off for x in numbers), 0.95, n=n)
                where = {"group": group, "week": week, "missing": missing}
                rows.append(results.row(analysis, outcome, statistic, value, **where))
    return results.frame(rows[::-1] if reverse else rows)


@pytest.mark.parametrize("reverse", [False, True])
def test_each_line_of_the_forest_is_its_row(study, reverse):
    (axes,) = axes_of(figures.forest, made(reverse=reverse), study)
    assert ticks(axes.yaxis) == dict(enumerate(LINES))
    lines = list(enumerate(LINES.values()))
    assert level(axes) == [near(y, *ends) for y, (*_, (_, *ends), _, _) in lines]
    points = sorted(marks(axes, "o", "D"), key=lambda mark: mark[1])
    assert points == [
        (*near(numbers[0], y), shape, colour) for y, (*_, numbers, colour, shape) in lines
    ]
    for y, (*_, colour, _) in lines:
        assert level(axes, colour).count(level(axes)[y]) == 1
    told = {f"{n}; {words}": y for (y, (_, _, n, *_)), words in zip(lines, SHOWN, strict=True)}
    assert {words: y for words, (_, y) in texts(axes).items()} == told | {
        "n; estimate (95% CI)": -1
    }
    low, high = axes.get_ylim()
    assert low > high and along(axes) == [0]
    assert axes.get_xlim()[0] < -10.1 and axes.get_xlim()[1] > 4.3


@pytest.mark.parametrize("absent", list(LINES)[1:3])
def test_a_group_that_is_alone_keeps_its_own_numbers(study, absent):
    (axes,) = axes_of(figures.forest, made(but=(absent,)), study)
    left = [name for name in LINES if name != absent]
    assert ticks(axes.yaxis) == dict(enumerate(left))
    assert [x for _, *x in level(axes)] == [list(LINES[name][3][1:]) for name in left]
