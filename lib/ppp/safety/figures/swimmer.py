"""Time on treatment of each patient as a bar, with visits, adverse events and the stop."""

import numpy as np
import pandas as pd

from ppp.report import names
from ppp.report.absent import Absent
from ppp.report.figure import Figure, canvas, finish, note
from ppp.report.labels import fit
from ppp.report.lines import MANY
from ppp.report.look import BLUE, INK, SOFT, VERMILION
from ppp.safety.figures.swimmer_words import alt, caption, reasons

KEY = "swimmer"
MOST, LANE, ONE_LINE = 60, 3.5, 7
BARS = {"own": "#fae6b9", "other": "#d7e6f1", "": "#e4e4e4"}
ARROW = {"markersize": 4, "markeredgewidth": 0}
GRADES = {
    "1": ("o", "#56B4E9"),
    "2": ("^", BLUE),
    "3": ("s", VERMILION),
    "4": ("D", "#CC79A7"),
    "5": ("X", INK),
    "unknown": ("P", SOFT),
}


def swimmer(patients, visits, placed, time, study) -> Figure | Absent:
    """Draw each patient's time on treatment, visits, treatment-emergent events by grade, and stop.

    Parameters
    ----------
    patients : DataFrame
        ``study_id``; the subgroup's column, ``stop_date`` and ``stop_reason`` as far as recorded.
    visits : DataFrame or None
        ``study_id``, ``week``, ``date``.
    placed : DataFrame or None
        Adverse events with ``onset`` (days since the first dose), ``window`` (before, on, after)
        and ``certain`` (day, month, year, none). None: not recorded, and nothing is drawn.
    time : DataFrame
        Index ``study_id``; ``start`` and ``days`` of treatment, missing where unknown.
    study : Study

    Returns
    -------
    Figure or Absent
        The 60 patients with the longest time on treatment where there are more.
    """
    if placed is None:
        return Absent()
    lanes = _lanes(patients, time, study)
    if lanes.empty:
        return note(
            study,
            key=KEY,
            caption="Time on treatment of each patient.",
            reason="Time on treatment: no patient was recorded.",
        )
    seen, events = _visits(visits, lanes, study), _events(placed, lanes)
    ends = pd.concat([lanes["weeks"], events["week"]]).dropna()
    right = max(ends.max() if len(ends) else 0.0, 1.0)
    with canvas(30 + LANE * len(lanes)) as (drawn, axes):
        _bars(axes, lanes, seen[seen["week"] <= right])
        _marks(axes, _dodged(events, right))
        _stops(axes, lanes, right)
        _frame(axes, lanes, right)
        _legend(axes, lanes, events, study)
        return finish(
            drawn,
            study,
            key=KEY,
            caption=caption(lanes, patients, placed, events, study),
            alt=alt(lanes, events),
        )


def _lanes(patients, time, study) -> pd.DataFrame:
    """One row a patient that is drawn, longest first: weeks, group, stop, and its place."""
    table = patients.drop_duplicates("study_id").set_index("study_id")
    own = table.get(study.subgroup.column, pd.Series(pd.NA, index=table.index)).astype("str")
    days = time["days"].reindex(table.index).astype(float)
    lanes = pd.DataFrame(
        {
            "weeks": days.where(np.isfinite(days)) / 7,
            "start": time["start"].reindex(table.index),
            "group": own.fillna(""),
            "side": _sides(own, study),
            "reason": reasons(table),
        }
    )
    lanes = lanes.sort_index(kind="stable").sort_values("weeks", ascending=False, kind="stable")
    return lanes.head(MOST).assign(y=range(min(len(lanes), MOST)))


def _sides(own: pd.Series, study) -> np.ndarray:
    """Tell the study's own group, and the other where there are just these two."""
    mine = (own == str(study.subgroup.value)).fillna(False)
    two = own[~mine].dropna().nunique() == 1
    return np.select([mine, own.notna() & two], ["own", "other"], "")


def _visits(visits, lanes: pd.DataFrame, study) -> pd.DataFrame:
    """Weeks since the first dose of the visits that took place, from that dose on."""
    if visits is None or "week" not in visits:
        return pd.DataFrame({"week": [], "y": []}, dtype=float)
    noted = visits.drop(columns=["study_id", "week"]).notna().any(axis=1)
    seen = visits[noted & visits["study_id"].isin(lanes.index)]
    own = lanes.reindex(seen["study_id"]).set_axis(seen.index)
    scheduled = seen["week"].astype(float) - study.schedule.baseline
    dated = pd.to_datetime(seen["date"]) if "date" in seen else pd.Series(pd.NaT, index=seen.index)
    weeks = ((dated - pd.to_datetime(own["start"])).dt.days / 7).fillna(scheduled)
    table = pd.DataFrame({"week": weeks, "y": own["y"]}).dropna()
    return table[table["week"] >= 0].drop_duplicates().sort_values(["y", "week"])


def _events(placed, lanes: pd.DataFrame) -> pd.DataFrame:
    """Treatment-emergent events of the patients that are drawn: place, grade, how well dated."""
    own = placed[(placed["window"] == "on") & placed["study_id"].isin(lanes.index)]
    blank = pd.Series(pd.NA, index=own.index, dtype="Int64")
    grade = own.get("grade", blank).astype("Int64").astype("str").fillna("unknown")
    table = pd.DataFrame(
        {
            "week": own["onset"].astype(float) / 7,
            "y": lanes["y"].reindex(own["study_id"]).to_numpy(),
            "grade": grade.where(grade.isin(list(GRADES)), "unknown"),
            "sure": own["certain"] == "day" if "certain" in own else True,
        }
    )
    return table.dropna(subset=["week"]).sort_values(["y", "week", "grade", "sure"])


def _dodged(events: pd.DataFrame, right: float) -> pd.DataFrame:
    """Spread events of one patient that would cover each other, up and down within the lane."""
    near = events.assign(near=np.round(events["week"].to_numpy(float) / right * 60))
    each = near.groupby(["y", "near"])["week"]
    place, size = each.cumcount(), each.transform("size")
    step = np.minimum(0.34, 0.8 / np.maximum(size, 1))
    return events.assign(y=events["y"] + (place - (size - 1) / 2) * step)


def _bars(axes, lanes: pd.DataFrame, seen: pd.DataFrame) -> None:
    colours = lanes["side"].map(BARS)
    axes.barh(lanes["y"], lanes["weeks"].fillna(0), height=0.72, color=colours, linewidth=0)
    axes.plot(seen["week"], seen["y"] + 0.24, "|", color=SOFT, markersize=3, markeredgewidth=0.6)
    unknown = lanes[lanes["weeks"].isna()]
    for y in unknown["y"]:
        axes.annotate(
            "time unknown",
            (0, y),
            xytext=(14, 0),
            textcoords="offset points",
            va="center",
            color=SOFT,
            fontsize=7,
        )


def _marks(axes, events: pd.DataFrame) -> None:
    many = len(events) > MANY
    for grade, (shape, colour) in GRADES.items():
        for sure in (True, False):
            own = events[(events["grade"] == grade) & (events["sure"].astype(bool) == sure)]
            if own.empty:
                continue
            axes.plot(
                own["week"],
                own["y"],
                shape,
                markersize=5,
                color=colour,
                markerfacecolor=colour if sure else "white",
                rasterized=many,
                markeredgecolor="white" if sure else colour,
                clip_on=False,
                zorder=3,
                markeredgewidth=0.4 if sure else 0.9,
            )


def _stops(axes, lanes: pd.DataFrame, right: float) -> None:
    """Mark where treatment stopped, and by an arrow where it may have gone on."""
    stopped, going = lanes[lanes["reason"] != ""], lanes[lanes["reason"] == ""]
    axes.plot(going["weeks"] + 0.012 * right, going["y"], ">", color=SOFT, clip_on=False, **ARROW)
    axes.vlines(
        stopped["weeks"], stopped["y"] - 0.42, stopped["y"] + 0.42, color=INK, linewidth=1.4
    )
    for y, reason in zip(stopped["y"], stopped["reason"], strict=True):
        axes.annotate(
            fit(reason, 28),
            (1.01, y),
            xycoords=("axes fraction", "data"),
            va="center",
            annotation_clip=False,
            fontsize=7,
            color=SOFT,
        )


def _frame(axes, lanes: pd.DataFrame, right: float) -> None:
    named = [
        f"{fit(i, 12)}{'*' if row.side == 'own' else ''}"
        for i, row in zip(lanes.index, lanes.itertuples(), strict=True)
    ]
    axes.set_yticks(lanes["y"], named, fontsize=7)
    axes.tick_params(axis="y", length=0)
    axes.set(ylim=(len(lanes) - 0.4, -0.6), xlim=(-0.01 * right, 1.01 * right))
    axes.set_xlabel("Weeks since the first dose")


def _legend(axes, lanes: pd.DataFrame, events: pd.DataFrame, study) -> None:
    plain = {"linestyle": "", "markersize": 4.5, "markeredgewidth": 0.4}
    handles = [
        axes.plot(
            [],
            [],
            shape,
            color=colour,
            markeredgecolor="white",
            **plain,
            label="grade not recorded" if grade == "unknown" else f"grade {grade}",
        )[0]
        for grade, (shape, colour) in GRADES.items()
        if (events["grade"] == grade).any()
    ]
    if not events["sure"].astype(bool).all():
        hollow = {"markerfacecolor": "white", "markeredgewidth": 0.9}
        handles += axes.plot([], [], "o", color=SOFT, label="date incomplete", **plain | hollow)
    handles += axes.plot([], [], "|", color=SOFT, label="visit", **plain | {"markeredgewidth": 0.6})
    if (lanes["reason"] != "").any():
        handles += axes.plot(
            [], [], "|", color=INK, label="stopped", linestyle="", markersize=6, markeredgewidth=1.4
        )
    if (lanes["reason"] == "").any():
        handles += axes.plot(
            [], [], ">", color=SOFT, label="no stop recorded", linestyle="", **ARROW
        )
    handles += _groups(axes, lanes, study)
    across = len(handles) if len(handles) <= ONE_LINE else -(-len(handles) // 2)
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(-0.01, 1.0),
        ncols=across,
        columnspacing=1.2,
        handletextpad=0.4,
        borderpad=0.1,
    )


def _groups(axes, lanes: pd.DataFrame, study) -> list:
    handles = []
    for side, star in (("own", "* "), ("other", "")):
        values = lanes.loc[lanes["side"] == side, "group"].unique()
        for value in values[:1]:
            name = f"{star}{names.group(study, f'{study.subgroup.column}={value}')}"
            handles.append(axes.barh(0, 0, color=BARS[side], label=fit(name, 26)))
    return handles
