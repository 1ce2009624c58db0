"""One thin grey line a patient, or one bar, drawn at once so that thousands take a second."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from ppp.report.look import GREY

MANY = 400


def patient_lines(axes, seen, x: str, y: str) -> None:
    """Add each patient's line: up to 400 as one path, more as a picture inside the SVG.

    Parameters
    ----------
    axes : Axes
    seen : DataFrame
        ``study_id``, `x` and `y`, all numbers, none missing.
    x, y : str
        Columns.
    """
    ordered = seen.sort_values(["study_id", x], kind="stable")
    ids = ordered["study_id"].to_numpy()
    starts = np.flatnonzero(ids[1:] != ids[:-1]) + 1
    segments = np.split(ordered[[x, y]].to_numpy(dtype=float), starts)
    if len(segments) > MANY:
        lines = LineCollection(segments, colors=GREY, linewidths=0.5, rasterized=True)
        axes.add_collection(lines)
        axes.autoscale_view()
    elif segments:
        joined = np.concatenate([np.vstack([s, [np.nan, np.nan]]) for s in segments])
        axes.plot(joined[:, 0], joined[:, 1], color=GREY, linewidth=0.5, zorder=1)


def patient_bars(axes, heights, colours) -> None:
    """Add each patient's bar, without gap or edge; above 400 patients as a picture inside the SVG.

    Parameters
    ----------
    axes : Axes
    heights : array_like of float, shape (n,)
        From zero; bar i is centred on i.
    colours : sequence of colour, length n
    """
    left = np.arange(len(heights)) - 0.5
    corners = np.zeros((len(heights), 4, 2))
    corners[..., 0] = left[:, None] + [0, 0, 1, 1]
    corners[:, 1:3, 1] = np.asarray(heights, dtype=float)[:, None]
    plain = {"linewidths": 0, "antialiaseds": False, "rasterized": len(corners) > MANY}
    axes.add_collection(PolyCollection(corners, facecolors=colours, **plain))
    axes.autoscale_view()
