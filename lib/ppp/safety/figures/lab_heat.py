"""Shift of laboratory grades from baseline to the worst afterwards, one heat map a test."""

import re

import seaborn as sns
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from ppp import results
from ppp.report import names, text
from ppp.report.figure import Figure, canvas, finish, note
from ppp.report.labels import fit
from ppp.report.look import BLUE, GREY, INK

KEY = "lab-shift"
ACROSS, MOST = 4, 20
CAPTION = "Laboratory grades, baseline against the worst after baseline"
CELLS = "patients in each cell (none where it is empty), the same grade outlined"
RELATIVE = (
    " Abn. = liver test abnormal at baseline, graded afterwards by multiples of that value: any "
    "grade from 1 on is a worsening."
)
LEVEL = re.compile(r"(abnormal|[0-4])→([0-4])$")
ABNORMAL, ABOVE = "abnormal", 1
GRADES = range(5)
WHOLE, HALF = 40, 24


def lab_shift_heat(rows, study) -> Figure:
    """Draw how many patients moved from each grade at baseline to each worst grade, by test.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``lab_grade``, statistic ``count``, level ``a→b`` or ``abnormal→b``; the
        counts in the cells are their `events`. A test without a gradable patient is named in the
        caption.
    study : Study

    Returns
    -------
    Figure
        Tests in the order of the rows; n and counts are those of the rows.
    """
    found = results.pick(rows, analysis="lab_grade", statistic="count", group="all")
    known = found[found["level"].str.fullmatch(LEVEL) & found["events"].notna()]
    tests = list(known["outcome"].unique())
    if not tests:
        reason = "Laboratory grades: no graded test was recorded at baseline and afterwards."
        return note(study, key=KEY, caption=CAPTION + ".", reason=reason)
    chosen = tests[:MOST]
    heights = _heights([_is_relative(results.pick(known, outcome=test)) for test in chosen])
    with canvas(
        12 + sum(heights), tiers=len(heights), panels=ACROSS, squeeze=False, height_ratios=heights
    ) as (drawn, grid):
        for axes, test in zip(grid.flat, chosen, strict=False):
            _panel(axes, test, results.pick(known, outcome=test))
        for axes in grid.flat[len(chosen) :]:
            axes.remove()
        for axes in grid[:, 0]:
            axes.set_ylabel("At baseline")
        drawn.align_ylabels(grid[:, 0])
        for axes in grid.flat[max(len(chosen) - ACROSS, 0) : len(chosen)]:
            axes.set_xlabel("Worst afterwards")
        return finish(
            drawn,
            study,
            key=KEY,
            caption=f"{CAPTION}, by test: {CELLS}; n = patients with both, beside each test. "
            f"Grades by CTCAE v5{_bands(known)}.{RELATIVE * _is_relative(known)}"
            f"{_left_out(found, tests)}",
            alt="Small heat maps, one a test; patients who became worse. "
            + " ".join(_told(test, results.pick(known, outcome=test)) for test in chosen),
        )


def _panel(axes, test: str, found) -> None:
    cells = {_cell(row.level): int(row.events) for row in found.itertuples() if row.events}
    bases = [*GRADES][:2] if _is_relative(found) else GRADES
    most = max(cells.values(), default=1)
    shades = sns.light_palette(BLUE, 101)
    boxes = [Rectangle((worst - 0.5, base - 0.5), 1, 1) for base, worst in cells]
    colours = [shades[12 + round(80 * k / most)] for k in cells.values()]
    axes.add_collection(PatchCollection(boxes, facecolors=colours, linewidths=0))
    same = [
        Rectangle((g - 0.5, g - 0.5), 1, 1) for g in GRADES[: 1 if _is_relative(found) else None]
    ]
    axes.add_collection(PatchCollection(same, facecolors="none", edgecolors=GREY, linewidths=0.6))
    for (base, worst), k in cells.items():
        axes.text(
            worst,
            base,
            text.count(k),
            ha="center",
            va="center",
            fontsize=_size(k),
            color="white" if k / most > 0.55 else INK,
        )
    n = text.between(found["n"])
    axes.set_title(f"{fit(test, 18)}{' *' if _is_band(found) else ''} (n = {n})", fontsize=7.5)
    axes.set(xlim=(-0.5, 4.5), ylim=(-0.5, len(bases) - 0.5), xticks=GRADES, aspect="equal")
    axes.set_yticks(bases, ["0", "abn."] if _is_relative(found) else [str(g) for g in bases])
    axes.set_anchor("NW")
    axes.tick_params(left=False, bottom=False)


def _heights(relative: list[bool]) -> list[int]:
    """Give the height of each tier in mm: less where every test has only two rows."""
    tiers = [relative[i : i + ACROSS] for i in range(0, len(relative), ACROSS)]
    return [HALF if all(tier) else WHOLE for tier in tiers]


def _cell(level: str) -> tuple[int, int]:
    base, worst = LEVEL.match(level).groups()
    return ABOVE if base == ABNORMAL else int(base), int(worst)


def _is_relative(found) -> bool:
    return bool(found["level"].str.startswith(ABNORMAL).any())


def _is_worse(level: str) -> bool:
    base, worst = LEVEL.match(level).groups()
    return worst > ("0" if base == ABNORMAL else base)


def _size(k: int) -> float:
    return 8 if k < 100 else 7 if k < 1000 else 5.5


def _is_band(found) -> bool:
    return not found["method"].iloc[0].startswith("CTCAE")


def _bands(known) -> str:
    scales = {m.partition(":")[0] for m in known["method"] if m and not m.startswith("CTCAE")}
    return f"; * bands of {text.listed(sorted(scales))} as 0 to 4" if scales else ""


def _left_out(found, tests: list[str]) -> str:
    without = [t for t in found["outcome"].unique() if t not in tests]
    told = text.listed(names.term(test, 40) for test in without)
    lacking = f" Not gradable: {told}." if without else ""
    left = len(tests) - MOST
    return lacking + (f" {text.plural(left, 'further test')} not drawn." if left > 0 else "")


def _told(test: str, found) -> str:
    moved = found[(found["events"] > 0) & found["level"].map(_is_worse)]
    shown = (
        f"{text.count(row.events)} from {row.level.replace('→', ' to ')}"
        for row in moved.itertuples()
    )
    n = text.between(found["n"])
    return f"{names.term(test, 40)} (n = {n}): {text.listed(shown) or 'none'}."
