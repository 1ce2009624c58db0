"""The flow of patients, from rows of the workbook to those assessed at each visit."""

from ppp import results
from ppp.descriptives.sentences import WORDS, assessed
from ppp.descriptives.tables import flow_caption
from ppp.report import text
from ppp.report.figure import Figure, canvas, finish, note
from ppp.report.look import INK, SOFT
from ppp.results import first

KEY = "flow"
BOX = {
    "boxstyle": "round,pad=0.5,rounding_size=0.3",
    "facecolor": "white",
    "edgecolor": INK,
    "linewidth": 0.7,
}
STEP = {"arrowstyle": "-|>,head_width=0.18,head_length=0.35", "color": SOFT, "linewidth": 0.8}


def flow(rows, study) -> Figure:
    """Draw rows read, quarantined, patients, those assessed at each visit, and stops.

    From results rows ``flow``: those of the source, and those on patients.
    """
    rows = results.pick(rows, analysis="flow", statistic="count").dropna(subset=["estimate"])
    main, aside = _steps(rows, study)
    stops = _stops(rows, study)
    if stops:
        aside[(len(main) + max(aside, default=-1)) / 2] = stops
    caption = flow_caption(rows)
    if not main:
        return note(study, key=KEY, caption=caption, reason=WORDS["flow.empty"])
    with canvas(13 * len(main) + 6) as (drawn, axes):
        axes.set_axis_off()
        axes.set(xlim=(0, 1), ylim=(len(main) - 0.4, -0.6))
        for y, words in enumerate(main):
            axes.text(0.3, y, words, ha="center", va="center", bbox=BOX, zorder=3)
            if y:
                axes.annotate("", (0.3, y - 0.27), (0.3, y - 0.73), arrowprops=STEP)
        for y, words in aside.items():
            style = BOX | {"edgecolor": SOFT}
            axes.text(0.66, y - 0.09, words, ha="left", va="top", bbox=style, zorder=3)
            if words is not stops:
                axes.annotate("", (0.65, y), (0.3, y), arrowprops=STEP, zorder=1)
        steps = "; ".join([*main, *aside.values()]).replace("\n", ", ")
        alt = WORDS.write("flow.alt", study, steps=steps)
        return finish(drawn, study, key=KEY, caption=caption, alt=alt)


def _steps(rows, study) -> tuple[list[str], dict]:
    def step(entry: str, row, noun: str = "") -> str:
        counted = text.plural(row["estimate"], noun)
        return WORDS.write(f"flow.steps.{entry}", study, row, counted=counted)

    main, aside = [], {}
    source = results.pick(rows, outcome="rows", group="patients")
    read, quarantined = (first(source, level=level) for level in ("read", "quarantined"))
    if read is not None:
        main.append(step("read", read, "row"))
        if quarantined is not None and quarantined["estimate"]:
            aside[0] = step("quarantined", quarantined, "row")
    patients = results.pick(rows, outcome="patients")
    enrolled = first(patients, level="enrolled")
    if enrolled is not None:
        main.append(step("enrolled", enrolled, "patient"))
    level = assessed(patients)
    visits = results.pick(patients, level=level)
    return main + [step(level, row) for _, row in visits.iterrows()], aside


def _stops(rows, study) -> str:
    stopped = first(rows, outcome="patients", level="stopped")
    if stopped is None or not stopped["estimate"]:
        return ""
    reasons = [
        f"{text.count(row['estimate'])} {text.short(row['level'])}"
        for _, row in results.pick(rows, outcome="stop_reason").iterrows()
    ]
    total = WORDS.write("flow.steps.stopped", study, n=text.count(stopped["estimate"]))
    return "\n".join([total, *reasons])
