"""Shift of laboratory grades from baseline to the worst afterwards, one heat map a test."""

import seaborn as sns
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from ppp import results
from ppp.laboratory.tables import further, shifts
from ppp.report import names, text
from ppp.report.figure import Figure, canvas, finish, note
from ppp.report.look import BLUE, GREY, INK
from ppp.report.names import fit
from ppp.report.words import Words
from ppp.results import has_code

WORDS = Words("ppp.laboratory")
KEY = "lab-shift"
ACROSS, MOST = 4, 20
GRADES = range(5)
WHOLE, HALF = 40, 24


def lab_shift_heat(rows, study) -> Figure:
    """Draw how many patients moved from each grade at baseline to each worst grade, by test.

    From rows ``lab_grade``; the counts in the cells are their `events`. A test without a gradable
    patient is named in the caption.
    """
    here = results.pick(rows, analysis="lab_grade", statistic="count", group="all")
    known = shifts(here)
    tests = list(known["outcome"].unique())
    if not tests:
        caption, reason = WORDS["figures.grades.absent_caption"], WORDS["figures.grades.absent"]
        return note(study, key=KEY, caption=caption, reason=reason)
    panels = [(test, results.pick(known, outcome=test)) for test in tests[:MOST]]
    heights = _heights([_is_relative(panel) for _, panel in panels])
    with canvas(
        12 + sum(heights), tiers=len(heights), panels=ACROSS, squeeze=False, height_ratios=heights
    ) as (drawn, grid):
        for axes, (test, panel) in zip(grid.flat, panels, strict=False):
            _panel(axes, test, panel, study)
        for axes in grid.flat[len(panels) :]:
            axes.remove()
        for axes in grid[:, 0]:
            axes.set_ylabel(WORDS["figures.grades.before"])
        drawn.align_ylabels(grid[:, 0])
        for axes in grid.flat[max(len(panels) - ACROSS, 0) : len(panels)]:
            axes.set_xlabel(WORDS["figures.grades.after"])
        told = " ".join(_told(test, panel, study) for test, panel in panels)
        return finish(
            drawn,
            study,
            key=KEY,
            caption=_caption(here, known, tests, study),
            alt=WORDS.write("figures.grades.alt", study, tests=told),
        )


def _caption(here, known, tests: list[str], study) -> str:
    without = [names.term(test, 40) for test in here["outcome"].unique() if test not in tests]
    lacking = WORDS.write("figures.grades.left_out", study, tests=text.listed(without))
    entry = "caption_bands" if has_code(known, "atp").any() else "caption"
    parts = [
        WORDS[f"figures.grades.{entry}"],
        WORDS["figures.grades.abnormal"] * _is_relative(known),
        lacking * bool(without),
        further("further_not_drawn", len(tests) - MOST, study),
    ]
    return " ".join(filter(None, parts))


def _panel(axes, test: str, panel, study) -> None:
    relative = _is_relative(panel)
    cells = {_cell(row): int(row.events) for row in panel.itertuples() if row.events}
    bases = GRADES[:2] if relative else GRADES
    most = max(cells.values(), default=1)
    shades = sns.light_palette(BLUE, 101)
    boxes = [Rectangle((worst - 0.5, base - 0.5), 1, 1) for base, worst in cells]
    colours = [shades[12 + round(80 * k / most)] for k in cells.values()]
    axes.add_collection(PatchCollection(boxes, facecolors=colours, linewidths=0))
    same = [Rectangle((g - 0.5, g - 0.5), 1, 1) for g in GRADES[: 1 if relative else None]]
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
    title = "title_band" if has_code(panel, "atp").any() else "title"
    words = {"test": fit(test, 18), "n": text.between(panel["n"])}
    axes.set_title(WORDS.write(f"figures.grades.{title}", study, **words), fontsize=7.5)
    axes.set(xlim=(-0.5, 4.5), ylim=(-0.5, len(bases) - 0.5), xticks=GRADES, aspect="equal")
    abnormal = ["0", WORDS["figures.grades.tick_abnormal"]]
    axes.set_yticks(bases, abnormal if relative else [str(grade) for grade in bases])
    axes.set_anchor("NW")
    axes.tick_params(left=False, bottom=False)


def _heights(relative: list[bool]) -> list[int]:
    """Give the height of each tier in mm: less where every test has only two rows."""
    tiers = [relative[i : i + ACROSS] for i in range(0, len(relative), ACROSS)]
    return [HALF if all(tier) else WHOLE for tier in tiers]


def _is_relative(panel) -> bool:
    return bool((panel["before"] == "abnormal").any())


def _cell(row) -> tuple[int, int]:
    """Place a shift: an abnormal baseline stands above grade 0."""
    return 1 if row.before == "abnormal" else int(row.before), int(row.worst)


def _size(k: int) -> float:
    return 8 if k < 100 else 7 if k < 1000 else 5.5


def _told(test: str, panel, study) -> str:
    worse = [
        WORDS.write(
            "figures.grades.alt_shift",
            study,
            k=text.count(row.events),
            before=row.before,
            worst=row.worst,
        )
        for row in panel.itertuples()
        if row.events and int(row.worst) > (0 if row.before == "abnormal" else int(row.before))
    ]
    return WORDS.write(
        "figures.grades.alt_test",
        study,
        test=names.term(test, 40),
        n=text.between(panel["n"]),
        shifts=text.listed(worse) or WORDS["figures.grades.alt_none"],
    )
