"""One figure as it leaves the notebook: SVG, PNG, caption and alternative text."""

import base64
import io
import re
import warnings
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib import font_manager
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Text
from PIL import Image

from ppp.report.look import CJK_FONTS, FONTS, GREY, INK, SIZE, VERMILION
from ppp.report.text import html, plain

JSON = "application/vnd.ppp.figure+json"
WIDE, NARROW = 174, 85
MM = 1 / 25.4
MISSING = re.compile(r"Glyph (\d+) ")
FAMILY = re.compile(r" ?font-family: [^;\"]*;?")
LEVEL = re.compile(r' transform="rotate\(-?0 [^"]*\)"')
BLENDS, FLAT = 24, 16
MANY = 400
PLACE = re.compile(r'\b(?:d|x|y)="[^"]*"')
HUNDREDTHS = re.compile(r"(\.\d\d)\d+")
INDENT = re.compile(r" *\n *")


class MissingGlyphWarning(UserWarning):
    """A text in a figure has a character that no font on this machine can draw."""


@dataclass(frozen=True)
class Figure:
    """A finished figure.

    Attributes
    ----------
    key : short name; the element's id is ``fig-<key>``.
    caption : what is drawn, with n, units and method; without a number (the page numbers).
    alt : what the figure shows, with its numbers, for those who cannot see it.
    svg, png : the picture; the PNG has 300 dpi and a palette.
    """

    key: str
    caption: str
    alt: str
    svg: str
    png: bytes

    def __post_init__(self):
        if not (self.key and self.caption.strip() and self.alt.strip()):
            raise ValueError(f"figure {self.key!r} needs a key, a caption and an alternative text")

    def to_html(self) -> str:
        """Render as a figure element with its image inside."""
        source = "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()
        return (
            f'<figure id="fig-{self.key}"><img src="{source}" alt="{html(self.alt)}">'
            f"<figcaption>{html(self.caption)}</figcaption></figure>"
        )

    def as_dict(self) -> dict:
        """All that the page's downloads need, the PNG in base64."""
        return vars(self) | {"png": base64.b64encode(self.png).decode()}

    def __repr__(self) -> str:
        return f"{self.caption}\n{self.alt}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/html": self.to_html(), "text/plain": repr(self), JSON: self.as_dict()}


@contextmanager
def canvas(
    height: float,
    *,
    width: float = WIDE,
    tiers: int = 1,
    panels: int = 1,
    layout: str | None = "constrained",
    **grid,
):
    """Open an empty figure in the house style and its axes; draw inside the ``with``.

    `height` and `width` are in mm (174 is two journal columns wide, 85 one), `tiers` and `panels`
    axes one above the other and side by side (an array where there are several); with `layout` None
    the margins are the caller's, and it draws in half the time; `grid` is passed to
    ``matplotlib.figure.Figure.subplots``.
    """
    with mpl.rc_context(_style()):
        drawn = Canvas(figsize=(width * MM, height * MM), layout=layout)
        yield drawn, drawn.subplots(tiers, panels, **grid)


def finish(drawn: Canvas, study, *, key: str, caption: str, alt: str, png: bool = True) -> Figure:
    """Despine, mark as synthetic where it is, and write the SVG and, unless not wanted, the PNG.

    A MissingGlyphWarning names each text that has a character without a glyph.
    """
    with mpl.rc_context(_style()):
        sns.despine(fig=drawn)
        if study.synthetic:
            drawn.suptitle(
                "SYNTHETIC DATA", x=0.998, ha="right", fontsize=SIZE, color=VERMILION, weight="bold"
            )
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            svg, picture = _svg(drawn), _png(drawn) if png else b""
    _warn_of_glyphs(drawn, caught)
    return Figure(key=key, caption=caption, alt=alt, svg=svg, png=picture)


def note(study, *, key: str, caption: str, reason: str) -> Figure:
    """Make a figure that says in words why there is nothing to draw."""
    with canvas(22) as (drawn, axes):
        axes.set_axis_off()
        axes.text(0.5, 0.5, reason, ha="center", va="center", color=INK)
        return finish(drawn, study, key=key, caption=caption, alt=reason)


@cache
def _installed() -> set[str]:
    """Name the fonts of this machine, those too that are younger than matplotlib's list of them."""
    manager = font_manager.fontManager
    if not {font.name for font in manager.ttflist} & set(CJK_FONTS):
        known = {font.fname for font in manager.ttflist}
        for path in set(font_manager.findSystemFonts()) - known:
            with suppress(Exception):
                manager.addfont(path)
    return {font.name for font in manager.ttflist}


def _style() -> dict:
    installed = _installed()
    families = [name for name in (*FONTS, *CJK_FONTS) if name in installed]
    inks = ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color")
    sizes = [f"{part}.labelsize" for part in ("axes", "xtick", "ytick")]
    sizes += ["font.size", "axes.titlesize", "legend.fontsize"]
    plain = {
        "font.family": families,
        "axes.linewidth": 0.6,
        "lines.linewidth": 1.2,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.major.size": 3,
        "ytick.major.size": 3,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.unicode_minus": True,
        "text.parse_math": False,
        "legend.frameon": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "ppp",
        "svg.image_inline": True,
    }
    return sns.axes_style("ticks") | dict.fromkeys(inks, INK) | dict.fromkeys(sizes, SIZE) | plain


def _svg(drawn: Canvas) -> str:
    raw = io.StringIO()
    drawn.savefig(raw, format="svg", metadata={"Date": None, "Creator": None})
    families = ", ".join(f"'{name}'" for name in (*FONTS, *CJK_FONTS)) + ", sans-serif"
    bare = LEVEL.sub("", FAMILY.sub("", raw.getvalue()))
    named = bare.replace("<svg ", f'<svg font-family="{families}" ', 1)
    placed = PLACE.sub(lambda place: HUNDREDTHS.sub(r"\1", place[0]), named)
    return plain(INDENT.sub("\n", placed))


def _png(drawn: Canvas) -> bytes:
    raw, small = io.BytesIO(), io.BytesIO()
    drawn.savefig(raw, format="png", dpi=300, metadata={"Software": None})
    picture = Image.open(raw).convert("RGB")
    reduced = picture.quantize(palette=_palette(picture), dither=Image.Dither.NONE)
    reduced.save(small, format="png", optimize=True, dpi=(300, 300))
    return small.getvalue()


def _palette(picture: Image.Image) -> Image.Image:
    """Choose the colours of a PNG: each hue that is common, even in a few marks, then blends."""
    counts = picture.getcolors(picture.width * picture.height)
    hues, near = {}, {}
    for _, colour in sorted(counts, key=lambda found: (-found[0], found[1])):
        hues.setdefault(tuple(part // 32 for part in colour), colour)
    blends = picture.quantize(BLENDS, dither=Image.Dither.NONE).getpalette()[: 3 * BLENDS]
    for colour in [*list(hues.values())[:FLAT], *zip(*[iter(blends)] * 3, strict=True)]:
        near.setdefault(tuple(part // 8 for part in colour), colour)
    chosen = Image.new("P", (1, 1))
    chosen.putpalette([part for colour in near.values() for part in colour])
    return chosen


def _warn_of_glyphs(drawn: Canvas, caught) -> None:
    lacking = set()
    for item in caught:
        glyph = MISSING.search(str(item.message))
        if glyph:
            lacking.add(chr(int(glyph[1])))
        else:
            warnings.warn_explicit(item.message, item.category, item.filename, item.lineno)
    texts = {found.get_text() for found in drawn.findobj(Text)}
    for text in sorted(t for t in texts if lacking & set(t)):
        signs = "".join(sorted(lacking & set(text)))
        warnings.warn(
            f"no font on this machine draws {signs!r} in the text {text!r}; "
            "install one that does (for Chinese: fonts-noto-cjk)",
            MissingGlyphWarning,
            stacklevel=3,
        )


def patient_lines(axes, seen, x: str, y: str) -> None:
    """Add each patient's line: up to 400 as one path, more as a picture inside the SVG.

    `seen` has ``study_id`` and the columns `x` and `y`, all numbers, none missing.
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

    Bar i, from zero to ``heights[i]``, is centred on i.
    """
    left = np.arange(len(heights)) - 0.5
    corners = np.zeros((len(heights), 4, 2))
    corners[..., 0] = left[:, None] + [0, 0, 1, 1]
    corners[:, 1:3, 1] = np.asarray(heights, dtype=float)[:, None]
    plain = {"linewidths": 0, "antialiaseds": False, "rasterized": len(corners) > MANY}
    axes.add_collection(PolyCollection(corners, facecolors=colours, **plain))
    axes.autoscale_view()
