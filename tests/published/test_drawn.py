"""What the figure of the published figures shows is what the rows of the audit hold."""

from itertools import pairwise

import pytest

from ppp import results
from ppp.estimators.estimate import Estimate
from ppp.published import figures

from ..artists import INK, across, at, axes_of, near, strokes, texts, ticks

P = {-1: 3e-5, -0.5: 8e-6, 0: 2e-7, 0.5: 6e-9, 1: 4e-13}
SHARES = {
    "pppasi50": {-1: 28, 0: 28, 1: 28},
    "pppasi75": {-1: 23, -0.5: 21, 0: 16, 1: 9},
    "pppasi90": {-1: 14, -0.5: 11, 0: 6, 1: 2},
}


def made():
    """Rows, the last correlation first, among those of another score."""
    for outcome, more in (("dlqi", 100), ("pppasi", 1)):
        for r, p in reversed(P.items()):
            value = Estimate(-8.3, n=28, p_value=more * p)
            yield results.row("audit", outcome, "paired_t", value, level=f"{r:.2f}", week=12)
    for target, shares in SHARES.items():
        for r, k in reversed(shares.items()):
            value = Estimate(k / 28, n=28, events=k)
            yield results.row("audit", target, "largest", value, level=f"{r:.2f}", week=12)


def test_p_falls_along_the_correlation_as_the_rows_say(study):
    left, right = axes_of(figures.region, results.frame(made()), study)
    assert left.get_yscale() == "log"
    (line,) = [line for line in left.lines if line.get_color() == INK]
    assert [tuple(point) for point in line.get_xydata()] == list(P.items())
    assert across(left) == [0.05] and texts(left)["p = 0.05"][1] == 0.05
    powers = [1e-12, 1e-8, 1e-4, 1]
    assert list(left.get_yticks()) == pytest.approx(powers, rel=1e-9)
    labels = [label.get_text() for label in left.get_yticklabels()]
    assert labels == ["10⁻¹²", "10⁻⁸", "10⁻⁴", "10⁰"]
    low, high = left.get_ylim()
    assert low < 4e-13 and high == 1
    for axes in (left, right):
        labels = ("−1.0", "−0.5", "0.0", "0.5", "1.0")
        assert ticks(axes.xaxis) == dict(zip((-1, -0.5, 0, 0.5, 1), labels, strict=True))
        assert axes.get_xlim() == (-1, 1)


def test_the_largest_share_holds_from_its_correlation_on(study):
    _, right = axes_of(figures.region, results.frame(made()), study)
    drawn = {path[0][1]: (colour, path) for colour, _, path in strokes(right)}
    named = {words: y for words, (_, y) in texts(right).items()}
    assert set(named) == {"PPPASI-75", "PPPASI-90"}, "what all can have reached is not drawn"
    assert len({colour for colour, _ in drawn.values()}) == len(drawn) == 2
    for code, name in (("pppasi75", "PPPASI-75"), ("pppasi90", "PPPASI-90")):
        _, path = drawn[named[name]]
        steps = list(SHARES[code].items())
        for (r, k), (end, _) in pairwise(steps):
            for x in (r + 0.01, (r + end) / 2, end - 0.01):
                assert at(path, x) == list(near(100 * k / 28))
    assert right.get_ylim()[0] < 0 and right.get_ylim()[1] > 100 * 23 / 28


def test_the_plausible_correlations_are_shaded(study):
    for axes in axes_of(figures.region, results.frame(made()), study, plausible=(0.2, 0.6)):
        (shade,) = axes.patches
        assert near(shade.get_x(), shade.get_x() + shade.get_width()) == (0.2, 0.6)
