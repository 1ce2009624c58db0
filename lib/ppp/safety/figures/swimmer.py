"""Time on treatment of each patient as a bar, with visits, adverse events and the stop."""

import numpy as np
import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.report.figure import MANY, Figure, canvas, finish, note
from ppp.report.look import BLUE, INK, SOFT, VERMILION
from ppp.report.names import fit
from ppp.report.prose import Absent
from ppp.safety.window import WORDS, undated

KEY = "swimmer"
MOST, LANE, REASONS = 60, 3.0, 8
WIDTH, SIGN = 90, 7  # of the legend, and of a sign in it with its distance, in letters
MARKS = 45  # marks that fit beside each other on the axis
BARS = {"own": "#fae6b9", "other": "#d7e6f1", "": "#e4e4e4"}
ARROW = {"markersize": 4, "markeredgewidth": 0}
SMALL = {"va": "center", "color": SOFT}
GRADES = {
    "1": ("o", "#56B4E9"),
    "2": ("^", BLUE),
    "3": ("s", VERMILION),
    "4": ("D", "#CC79A7"),
    "5": ("X", INK),
    "unknown": ("P", SOFT),
}


def swimmer(rows, course, study) -> Figure | Absent:
    """Draw each patient's time on treatment, visits, treatment-emergent events by grade, and stop.

    At most the 60 patients with the longest time of `course` (`ppp.safety.rows.treatment.Course`);
    nothing where it is None: adverse events were not recorded.
    """
    if course is None:
        return Absent()
    words = WORDS["figures.swimmer"]
    if course.patients.empty:
        return note(study, key=KEY, caption=words["nothing"], reason=words["absent"])
    lanes = course.patients.head(MOST)
    lanes = lanes.assign(y=range(len(lanes)))
    seen, events = _within(course.visits, lanes), _within(course.events, lanes)
    ends = pd.concat([lanes["weeks"], events["week"]]).dropna()
    right = max(ends.max() if len(ends) else 0.0, 1.0)
    caption = _caption(rows, lanes, len(course.patients), study)
    alt = _alt(rows, len(lanes), study)
    with canvas(34 + LANE * len(lanes)) as (drawn, axes):
        _bars(axes, lanes, seen[seen["week"] <= right])
        _marks(axes, _dodged(events, right))
        _stops(axes, lanes, right)
        _frame(axes, lanes, right)
        _legend(axes, lanes, events, study)
        return finish(drawn, study, key=KEY, caption=caption, alt=alt)


def _within(marks: pd.DataFrame, lanes: pd.DataFrame) -> pd.DataFrame:
    """Put the marks of the patients that are drawn on their lanes."""
    own = marks[marks["study_id"].isin(lanes.index)]
    own = own.assign(y=lanes["y"].reindex(own["study_id"]).to_numpy())
    return own.sort_values([name for name in ("y", "week", "grade", "sure") if name in own])


def _dodged(events: pd.DataFrame, right: float) -> pd.DataFrame:
    """Spread events of one patient that would cover each other, up and down within the lane."""
    events = events.sort_values(["y", "week"], kind="stable")
    apart = ~(events.groupby("y")["week"].diff() <= right / MARKS)
    each = events.groupby(apart.cumsum())["week"]
    place, size = each.cumcount(), each.transform("size")
    step = np.minimum(0.34, 0.8 / np.maximum(size, 1))
    return events.assign(y=events["y"] + (place - (size - 1) / 2) * step)


def _bars(axes, lanes: pd.DataFrame, seen: pd.DataFrame) -> None:
    colours = lanes["side"].map(BARS)
    axes.barh(lanes["y"], lanes["weeks"].fillna(0), height=0.72, color=colours, linewidth=0)
    axes.plot(seen["week"], seen["y"] + 0.24, "|", color=SOFT, markersize=3, markeredgewidth=0.6)
    within = {"xytext": (14, 0), "textcoords": "offset points"}
    for y in lanes.loc[lanes["weeks"].isna(), "y"]:
        axes.annotate(WORDS["figures.swimmer.unknown"], (0, y), **within, **SMALL)


def _marks(axes, events: pd.DataFrame) -> None:
    many = len(events) > MANY
    for grade, (shape, colour) in GRADES.items():
        for sure in (True, False):
            own = events[(events["grade"] == grade) & (events["sure"].astype(bool) == sure)]
            face, edge, width = (colour, "white", 0.4) if sure else ("white", colour, 0.9)
            mark = {"markerfacecolor": face, "markeredgecolor": edge, "markeredgewidth": width}
            mark |= {"markersize": 5, "clip_on": False, "zorder": 3, "rasterized": many}
            if len(own):
                axes.plot(own["week"], own["y"], shape, color=colour, **mark)


def _stops(axes, lanes: pd.DataFrame, right: float) -> None:
    """Mark where treatment stopped, and by an arrow where it may have gone on."""
    stopped, going = lanes[lanes["reason"] != ""], lanes[lanes["reason"] == ""]
    axes.plot(going["weeks"] + 0.012 * right, going["y"], ">", color=SOFT, clip_on=False, **ARROW)
    weeks, y = stopped["weeks"], stopped["y"]
    axes.vlines(weeks, y - 0.42, y + 0.42, color=INK, linewidth=1.4)
    beside = {"xycoords": ("axes fraction", "data"), "annotation_clip": False}
    for y, reason in zip(stopped["y"], stopped["reason"], strict=True):
        axes.annotate(fit(reason, 28), (1.01, y), **beside, **SMALL)


def _frame(axes, lanes: pd.DataFrame, right: float) -> None:
    named = [fit(row.Index, 12) + "*" * (row.side == "own") for row in lanes.itertuples()]
    axes.set_yticks(lanes["y"], named)
    axes.tick_params(axis="y", length=0)
    axes.set(ylim=(len(lanes) - 0.4, -0.6), xlim=(-0.01 * right, 1.01 * right))
    axes.set_xlabel(WORDS["figures.swimmer.axis"])


def _legend(axes, lanes: pd.DataFrame, events: pd.DataFrame, study) -> None:
    words = WORDS["figures.swimmer.legend"]
    grades = [grade for grade in GRADES if (events["grade"] == grade).any()]
    thin, hollow = {"markeredgewidth": 0.6}, {"markerfacecolor": "white", "markeredgewidth": 0.9}
    white = {"markeredgecolor": "white"}
    styles = [(_grade(grade, study), *GRADES[grade], white) for grade in grades]
    if not events["sure"].all():
        styles.append((words["unsure"], "o", SOFT, hollow))
    styles.append((words["visit"], "|", SOFT, thin))
    if (lanes["reason"] != "").any():
        styles.append((words["stopped"], "|", INK, {"markersize": 6, "markeredgewidth": 1.4}))
    if (lanes["reason"] == "").any():
        styles.append((words["going"], ">", SOFT, ARROW))
    plain = {"linestyle": "", "markersize": 4.5, "markeredgewidth": 0.4}
    handles = [
        axes.plot([], [], shape, color=colour, label=label, **plain | style)[0]
        for label, shape, colour, style in styles
    ]
    handles += _groups(axes, lanes, study)
    across = _across([handle.get_label() for handle in handles])
    room = {"columnspacing": 1.2, "handletextpad": 0.4, "borderpad": 0.1}
    place = {"loc": "lower left", "bbox_to_anchor": (-0.01, 1.0)}
    axes.legend(handles=handles, ncols=across, **place, **room)


def _across(labels: list[str]) -> int:
    """Give the most columns in which the legend has room: it is filled column by column."""
    parts = (np.array_split(labels, across) for across in range(len(labels), 1, -1))
    wide = (own for own in parts if sum(max(map(len, x)) + SIGN for x in own) <= WIDTH)
    return len(next(wide, [labels]))


def _grade(grade: str, study) -> str:
    entry = "ungraded" if grade == "unknown" else "grade"
    return WORDS.write(f"figures.swimmer.legend.{entry}", study, grade=grade)


def _groups(axes, lanes: pd.DataFrame, study) -> list:
    handles = []
    for side, star in (("own", "* "), ("other", "")):
        values = lanes.loc[lanes["side"] == side, "group"].unique()
        for value in values[:1]:
            name = f"{star}{names.group(study, f'{study.subgroup.column}={value}')}"
            handles.append(axes.barh(0, 0, color=BARS[side], label=fit(name, 26)))
    return handles


def _count(rows, **where) -> int:
    return int(results.pick(rows, statistic="event_count", **where)["estimate"].sum())


def _caption(rows, lanes: pd.DataFrame, patients: int, study) -> str:
    """Say what is drawn, of how many patients, and what is not drawn."""
    entry, dated = "figures.swimmer", not undated(rows)
    rows = results.pick(rows, analysis="adverse_event")
    own = bool((lanes["side"] == "own").any())
    group = names.group(study, f"{study.subgroup.column}={study.subgroup.value}")
    unsure, outside = _count(rows, outcome="partial_date"), _count(rows, outcome="not_emergent")
    who = "some" if patients > len(lanes) else "all"
    parts = {
        "mark": WORDS.write(f"{entry}.mark", study, group=names.term(group, 40)) * own,
        "open": WORDS.write(f"{entry}.open", study, open=text.count(unsure)) * bool(unsure),
        "outside": WORDS.write(f"{entry}.outside", study, n=outside) * bool(outside),
        "stopped": WORDS[f"{entry}.stopped"] * bool((lanes["reason"] != "").any()),
        "who": WORDS.write(f"{entry}.{who}", study, n=text.count(patients), drawn=len(lanes)),
    }
    return WORDS.write(f"{entry}.{'caption' if dated else 'undated'}", study, **parts)


def _alt(rows, drawn: int, study) -> str:
    """Tell the plot in words, with the counts of its rows."""
    words = WORDS.within("figures.swimmer", study)
    time = results.pick(rows, analysis="exposure", outcome="patient_years")
    shortest = results.first(time, statistic="min")
    events = results.pick(rows, analysis="adverse_event", outcome="any", level="")
    everyone = results.first(events, statistic="patients")
    unknown, weeks = "", words("alt_weeks", rows=time) if results.usable(shortest) else ""
    told = shortest is not None and everyone is not None and not text.is_missing(everyone["n"])
    left = everyone["n"] - shortest["n"] if told else 0
    if left:
        unknown = words("alt_unknown", unknown=text.count(left))
    patients = WORDS.write("count.patient", study, n=drawn)
    parts = {"events": _alt_events(rows, study), "stops": _alt_stops(rows, study)}
    parts |= {"patients": patients, "weeks": weeks, "unknown": unknown}
    return words("alt", **parts)


def _alt_events(rows, study) -> str:
    if undated(rows):
        return WORDS["figures.swimmer.alt_undated"]
    rows = results.pick(rows, analysis="adverse_event", statistic="event_count")
    whole = _count(rows, outcome="any", level="")
    if not whole:
        return WORDS["figures.swimmer.alt_no_events"]
    graded = results.pick(rows, outcome="grade")
    graded = graded[graded["estimate"] > 0]
    if graded.empty:
        graded = results.pick(rows, outcome="any", level="")
    words = WORDS.within("figures.swimmer", study)
    grades = [
        words("alt_no_grade" if row["level"] in ("", "unknown") else "alt_grade", row)
        for _, row in graded.iterrows()
    ]
    return words("alt_events", n=whole, grades=text.listed(grades))


def _alt_stops(rows, study) -> str:
    rows = results.pick(rows, analysis="exposure", outcome="stop_reason", statistic="count")
    rows = rows[(rows["estimate"] > 0) & (rows["code"] != "no_stop")]
    if rows.empty:
        return WORDS["figures.swimmer.alt_no_stops"]
    reasons = [
        WORDS.write("stops.reason", study, row, reason=names.term(row["level"], 40))
        for _, row in rows.head(REASONS).iterrows()
    ]
    said = {"stopped": text.count(rows["estimate"].sum()), "reasons": text.listed(reasons)}
    return WORDS.write("figures.swimmer.alt_stops", study, **said)
