"""Read a drawn figure back: what its artists show, whichever calls drew them.

Numbers are in the units of the axes, rounded to 6 places; colours are ``#rrggbb``.
"""

from itertools import pairwise
from unittest import mock

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

BLUE, ORANGE, INK, SOFT, GREY, RED = "#0072b2 #e69f00 #1a1a1a #595959 #bdbdbd #d55e00".split()


def axes_of(draw, *given, **options):
    """Call a figure function; return the axes of what it saved."""
    seen, save = [], Figure.savefig

    def keep(figure, *args, **how):
        seen.append(figure)
        return save(figure, *args, **how)

    with mock.patch.object(Figure, "savefig", keep):
        draw(*given, **options)
    return seen[-1].axes


def near(*numbers):
    return tuple(round(float(x), 6) for x in numbers)


def strokes(axes):
    """Every line in the units of the data: its colour, whether dashed, vertices with its steps."""
    found = [
        (to_hex(line.get_color()), line.is_dashed(), line.get_path().vertices)
        for line in axes.lines
        if line.get_linestyle() != "None" and line.get_transform() == axes.transData
    ]
    for many in axes.collections:
        if isinstance(many, LineCollection):
            colours = many.get_colors()
            for i, path in enumerate(many.get_segments()):
                found.append((to_hex(colours[i % len(colours)]), False, path))
    return [
        (colour, dashed, [near(*point) for point in path])
        for colour, dashed, path in found
        if len(path) and not np.isnan(path[0]).any()
    ]


def curves(axes, colour):
    """Vertices of the lines of one colour that are no single segment."""
    return [path for c, _, path in strokes(axes) if c == colour and len(path) != 2]


def upright(axes, colour=None):
    """Vertical segments, from left to right: x, lower end, upper end."""
    pairs = [path for c, _, path in strokes(axes) if colour in (None, c) and len(path) == 2]
    return sorted((a[0], *sorted((a[1], b[1]))) for a, b in pairs if a[0] == b[0] and a[1] != b[1])


def level(axes, colour=None):
    """Horizontal segments, upwards: y, left end, right end."""
    pairs = [path for c, _, path in strokes(axes) if colour in (None, c) and len(path) == 2]
    return sorted((a[1], *sorted((a[0], b[0]))) for a, b in pairs if a[1] == b[1] and a[0] != b[0])


def across(axes):
    """Heights of the lines that cross the whole axes."""
    return _whole(axes, axes.get_yaxis_transform(), 1)


def along(axes):
    """Places of the lines that go from the foot to the top of the axes."""
    return _whole(axes, axes.get_xaxis_transform(), 0)


def _whole(axes, transform, part):
    lines = [line for line in axes.lines if line.get_transform() == transform]
    return sorted(near(line.get_xydata()[0][part])[0] for line in lines)


def marks(axes, *markers):
    """Marks, as they were drawn: x, y, shape, colour of its face."""
    return [
        (*near(x, y), line.get_marker(), to_hex(line.get_markerfacecolor()))
        for line in axes.lines
        for x, y in np.asarray(line.get_xydata(), dtype=float)
        if line.get_marker() in markers
    ]


def patient_paths(axes, colour=GREY):
    """Lines of patients, also where one path with gaps holds them all."""
    paths = []
    for line in axes.lines:
        if to_hex(line.get_color()) == colour and line.get_marker() == "None":
            points = line.get_xydata()
            ends = np.flatnonzero(np.isnan(points[:, 1]))
            parts = np.split(points, ends)
            paths += [p[~np.isnan(p[:, 1])] for p in parts]
    return sorted([near(*point) for point in path] for path in paths if len(path))


def bars(axes):
    """Bars with an area, as they were drawn: left, right, foot, top, colour."""
    boxes = [p for p in axes.patches if isinstance(p, Rectangle)]
    boxes = [p for p in boxes if p.get_data_transform() == axes.transData]
    return [
        (*near(p.get_x(), p.get_x() + p.get_width()), *_ends(p), to_hex(p.get_facecolor()))
        for p in boxes
        if p.get_width() and p.get_height()
    ]


def _ends(bar):
    return near(*sorted((bar.get_y(), bar.get_y() + bar.get_height())))


def areas(axes):
    """Filled areas, as they were drawn: colour, vertices."""
    return [
        (to_hex(many.get_facecolor()[i % len(many.get_facecolor())]), path.vertices)
        for many in axes.collections
        if isinstance(many, PolyCollection)
        for i, path in enumerate(many.get_paths())
    ]


def at(vertices, x):
    """Heights at which an outline (of a curve or an area) passes x, upwards, each once."""
    found = set()
    for (x0, y0), (x1, y1) in pairwise(np.asarray(vertices, dtype=float)):
        if x0 != x1 and min(x0, x1) <= x <= max(x0, x1):
            found |= set(near(y0 + (y1 - y0) * (x - x0) / (x1 - x0)))
    return sorted(found)


def texts(axes):
    """Where each text is tied: x and y in the units it was placed by."""
    return {
        t.get_text(): near(*(t.xy if isinstance(t, Annotation) else t.get_position()))
        for t in axes.texts
        if t.get_text()
    }


def ticks(axis):
    """What is written at each tick of an axis."""
    labels = [t.get_text() for t in axis.get_ticklabels()]
    return dict(zip(near(*axis.get_ticklocs()), labels, strict=True))


def legend(axes):
    """Colour and shape beside each entry."""
    own = axes.get_legend()
    found = {}
    for handle, label in zip(own.legend_handles, own.get_texts(), strict=True):
        filled = hasattr(handle, "get_facecolor")
        colour = handle.get_facecolor() if filled else handle.get_markerfacecolor()
        found[label.get_text()] = to_hex(colour), None if filled else handle.get_marker()
    return found


def darkness(colour):
    return 3 - sum(to_rgb(colour))
