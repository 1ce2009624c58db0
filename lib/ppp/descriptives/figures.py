"""The flow of patients, from rows of the workbook to those assessed at each visit."""

from ppp import results
from ppp.report import names, text
from ppp.report.figure import Figure, canvas, finish, note
from ppp.report.look import INK, SOFT

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

    Parameters
    ----------
    rows : DataFrame
        Results rows ``flow``: the ledger's, and those on patients.
    study : Study

    Returns
    -------
    Figure
    """
    found = results.pick(rows, analysis="flow", statistic="count").dropna(subset=["estimate"])
    main, aside = _steps(found, study)
    stops = _stops(found)
    if stops:
        aside[(len(main) + max(aside, default=-1)) / 2] = stops
    caption = names.flow(found)
    if not main:
        return note(study, key=KEY, caption=caption, reason="Patient flow: not recorded.")
    with canvas(13 * len(main) + 6) as (drawn, axes):
        axes.set_axis_off()
        axes.set(xlim=(0, 1), ylim=(len(main) - 0.4, -0.6))
        for y, words in enumerate(main):
            axes.text(0.3, y, words, ha="center", va="center", bbox=BOX, zorder=3)
            if y:
                axes.annotate("", (0.3, y - 0.27), (0.3, y - 0.73), arrowprops=STEP)
        for y, words in aside.items():
            axes.text(
                0.66, y - 0.09, words, ha="left", va="top", bbox=BOX | {"edgecolor": SOFT}, zorder=3
            )
            if words is not stops:
                axes.annotate("", (0.65, y), (0.3, y), arrowprops=STEP, zorder=1)
        told = "; ".join([*main, *aside.values()]).replace("\n", ", ")
        return finish(drawn, study, key=KEY, caption=caption, alt=f"Flow chart: {told}.")


def _steps(found, study) -> tuple[list[str], dict]:
    main, aside = [], {}
    read = _count(found, outcome="rows", group="patients", level="read")
    quarantined = _count(found, outcome="rows", group="patients", level="quarantined")
    if read is not None:
        main.append(f"{text.plural(read, 'row')} of patients read")
        if quarantined:
            aside[0] = f"{text.plural(quarantined, 'row')} quarantined"
    enrolled = _count(found, outcome="patients", level="enrolled")
    if enrolled is not None:
        main.append(f"{text.plural(enrolled, 'patient')} started {study.drug}")
    return main + _visits(found, study), aside


def _count(found, **where):
    picked = results.pick(found, **where)
    return None if picked.empty else picked.iloc[0]["estimate"]


def _visits(found, study) -> list[str]:
    level = "assessed" if len(results.pick(found, level="assessed")) else "visited"
    words = study.label(study.endpoints.primary) + " recorded" if level == "assessed" else "seen"
    return [
        f"Week {row['week']}: {words} in {text.of(row)}"
        for _, row in results.pick(found, outcome="patients", level=level).iterrows()
    ]


def _stops(found) -> str:
    stopped = _count(found, outcome="patients", level="stopped")
    if not stopped:
        return ""
    reasons = results.pick(found, outcome="stop_reason")
    told = [f"{text.count(r['estimate'])} {text.short(r['level'])}" for _, r in reasons.iterrows()]
    return "\n".join([f"{text.count(stopped)} stopped treatment", "at some time", *told])
