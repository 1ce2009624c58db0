"""The flow of patients, from rows of the workbook to those assessed at each visit."""

from ppp import results
from ppp.descriptives.sentences import STOPS, WORDS, assessed, reasons_of
from ppp.report import names, text
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
LINE, PAD = 0.24, 0.31  # heights of a line and of a box's rim, in steps
STEP = {"arrowstyle": "-|>,head_width=0.18,head_length=0.35", "color": SOFT, "linewidth": 0.8}
STEP |= {"shrinkA": 0, "shrinkB": 0}


def flow(rows, study) -> Figure:
    """Draw rows read and set aside, patients, those assessed at each visit, and stops.

    From results rows ``flow``: those of the source and of its filter, and those on patients. Stops
    stand at the primary week: those before it above, others below.
    """
    rows = results.pick(rows, analysis="flow", statistic="count").dropna(subset=["estimate"])
    main, weeks = _steps(rows, study)
    read = first(rows, outcome="rows", group="patients", level="read")
    caption = WORDS["flow.from_patients" if read is None else "flow.from_workbook"]
    if not main:
        return note(study, key=KEY, caption=caption, reason=WORDS["flow.empty"])
    aside = _aside(rows, study, weeks)
    low = max([len(main) - 0.4, *(y + _height(words) for y, words in aside)])
    with canvas(15 * (low + 0.4) + 6) as (drawn, axes):
        axes.set_axis_off()
        axes.set(xlim=(0, 1), ylim=(low, -0.6))
        for y, words in enumerate(main):
            axes.text(0.3, y, words, ha="center", va="center", bbox=BOX, zorder=3)
            if y:
                axes.annotate(
                    "", (0.3, y - _rim(words)), (0.3, y - 1 + _rim(main[y - 1])), arrowprops=STEP
                )
        for y, words in aside:
            style = BOX | {"edgecolor": SOFT}
            axes.text(0.66, y - 0.09, words, ha="left", va="top", bbox=style, zorder=3)
            axes.annotate("", (0.65, y), (0.3, y), arrowprops=STEP, zorder=1)
        steps = "; ".join([*main, *(words for _, words in aside)]).replace("\n", ", ")
        alt = WORDS.write("flow.alt", study, steps=steps)
        return finish(drawn, study, key=KEY, caption=caption, alt=alt)


def _steps(rows, study) -> tuple[list[str], dict]:
    """Write the steps from top to bottom; the place of each week among them."""

    def step(entry: str, row, noun: str = "") -> str:
        counted = text.plural(row["estimate"], noun)
        return WORDS.write(f"flow.steps.{entry}", study, row, counted=counted)

    read = first(rows, outcome="rows", group="patients", level="read")
    patients = results.pick(rows, outcome="patients")
    enrolled = first(patients, level="enrolled")
    main = [] if read is None else [step("read", read, "row")]
    main += [] if enrolled is None else [step("enrolled", enrolled, "patient")]
    level, weeks = assessed(patients), {}
    for _, row in results.pick(patients, level=level).iterrows():
        seen = first(patients, level="visited", week=row["week"])
        count = text.count(row["n"] if seen is None else seen["estimate"])
        weeks[row["week"]] = len(main)
        main.append(WORDS.write(f"flow.steps.{level}", study, row, seen=count))
    return main, weeks


def _aside(rows, study, weeks: dict) -> list[tuple]:
    """Place what leaves the steps beside them, none on another: height and words."""
    made, end = [], -1.0
    lost = first(rows, outcome="rows", group="patients", level="quarantined")
    if lost is not None and lost["estimate"]:
        counted = text.plural(lost["estimate"], "row")
        made.append((0.0, WORDS.write("flow.steps.quarantined", study, lost, counted=counted)))
        end = _height(made[0][1])
    left = first(rows, outcome="filter", group="all", level="left_out")
    if left is not None:
        query = names.fit(study.filter.both)
        words = WORDS.write("flow.steps.left_out", study, left, query=query)
        made.append((max(0.4, end), words))
        end = made[-1][0] + _height(words)
    primary = weeks.get(study.schedule.primary, max(weeks.values(), default=1))
    for time in STOPS:
        row = first(rows, outcome="patients", level=time)
        if row is None or not row["events"]:
            continue
        listed = [f"{text.count(n)} {text.short(level)}" for level, n in reasons_of(rows, time)]
        words = "\n".join([WORDS.write(f"flow.steps.{time}", study, row), *listed])
        wanted = primary - _height(words) if time == STOPS[0] else primary
        y = max(wanted, end)
        made.append((y, words))
        end = y + _height(words)
    return made


def _height(words: str) -> float:
    return LINE * (words.count("\n") + 1) + PAD


def _rim(words: str) -> float:
    """Give the distance from the middle of a box to just outside its rim."""
    return 0.11 + LINE / 2 * (words.count("\n") + 1)
