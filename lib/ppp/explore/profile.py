"""One patient's course: scores, treatment, events and laboratory values on one time axis."""

import pandas as pd

from ppp.catalogue.outcomes import CHANGES, analysed, in_order
from ppp.cohort import by_week
from ppp.laboratory.rows.values import values as lab_values
from ppp.report import text
from ppp.report.figure import Figure, canvas, finish, patient_lines
from ppp.report.look import BLUE, GREY, INK, VERMILION
from ppp.report.names import fit, with_unit
from ppp.report.words import Words
from ppp.report.write import fill
from ppp.safety.rows.listing import listing
from ppp.safety.rows.treatment import treatment

WORDS = Words("ppp.explore")
MOST_SCORES = 3
LINE, STEP = 0.8, 0.55


def figure(data, study, who: str) -> Figure:
    """Draw the course of the patient with study id `who`; it shows weeks, no dates."""
    scored = in_order(analysed(data.visits, study, *CHANGES), study)[:MOST_SCORES]
    courses = {code: by_week(data.visits, data.patients, code, study) for code in scored}
    time = treatment(data.patients, data.visits, study).loc[who]
    events = listing(data.adverse_events, data.patients, data.visits, study)
    events = events[events["study_id"] == who] if events is not None else pd.DataFrame()
    labs = lab_values(data.labs, data.patients, study)
    labs = labs[labs["study_id"] == who].sort_values("days")
    dose = data.patients.set_index("study_id").get("dose_mg", pd.Series(dtype=float)).get(who)
    dose = (
        WORDS["profile.no_dose"]
        if pd.isna(dose)
        else fill(WORDS["profile.dose"], {"dose": f"{dose:g}"})
    )
    tall = [1.0] * len(scored) + [0.5 + 0.16 * len(events)] + [1.3] * bool(len(labs))
    about = {"height_ratios": tall, "sharex": True, "squeeze": False}
    with canvas(12 + 30 * sum(tall), tiers=len(tall), **about) as (drawn, axes):
        tiers = list(axes[:, 0])
        for tier, (code, course) in zip(tiers, courses.items(), strict=False):
            _score(tier, course, who, with_unit(study, code))
        _treatment(tiers[len(scored)], time["days"] / 7, events, dose)
        if len(labs):
            _labs(tiers[-1], labs)
        tiers[-1].set_xlabel(WORDS["profile.weeks"])
        caption = fill(WORDS["profile.caption"], {"who": who})
        alt = " ".join(_said(study, who, courses, time, events, labs, dose))
        return finish(drawn, study, key=f"profile-{who}", caption=caption, alt=alt, png=False)


def _score(axes, course: pd.DataFrame, who: str, label: str) -> None:
    since = course.set_axis(course.columns - course.columns[0], axis=1)
    seen = since.reset_index().melt("study_id", var_name="week", value_name="score").dropna()
    patient_lines(axes, seen, "week", "score")
    own = since.loc[who].dropna()
    axes.plot(list(own.index), own, "o-", color=BLUE, linewidth=1.8, markersize=4, zorder=3)
    axes.set_xticks(list(since))
    axes.set_ylim(bottom=min(0.0, float(seen["score"].min())) if len(seen) else 0.0)
    axes.set_ylabel(label)


def _treatment(axes, weeks: float, events: pd.DataFrame, dose: str) -> None:
    axes.barh(0, 0 if pd.isna(weeks) else weeks, height=LINE, color=GREY)
    axes.text(0, 0, f" {dose}", va="center", color=INK)
    for line, event in enumerate(events.itertuples(), 1):
        place = event.day / 7, line
        face = VERMILION if event.sure else "white"
        axes.plot(*place, "o", color=VERMILION, markerfacecolor=face, markersize=4, clip_on=False)
        said = f"{fit(event.term, 40)}{_grade(event.grade)}"
        late = weeks == weeks and event.day > 4 * weeks
        side = {"xytext": (-6 if late else 6, 0), "ha": "right" if late else "left"}
        axes.annotate(said, place, **side, textcoords="offset points", va="center")
    axes.set(ylim=(len(events) + STEP, -STEP), yticks=[])
    axes.set_ylabel(WORDS["profile.treatment"])


def _grade(grade) -> str:
    return "" if pd.isna(grade) else fill(WORDS["profile.grade"], {"grade": grade})


def _labs(axes, labs: pd.DataFrame) -> None:
    ratio = (labs["value"] / labs["uln"]).where(labs["uln"] > 0)
    shown, bad = labs.assign(ratio=ratio).dropna(subset="ratio"), _outside(labs)
    for _, course in shown.groupby("test"):
        axes.plot(course["week"], course["ratio"], "-", color=GREY, linewidth=0.8)
    out = shown[bad.reindex(shown.index)]
    axes.plot(out["week"], out["ratio"], "o", color=VERMILION, markersize=4)
    for row in out.drop_duplicates("test", keep="last").itertuples():
        place = {"textcoords": "offset points", "va": "center"}
        axes.annotate(fit(row.test, 24), (row.week, row.ratio), (5, 0), **place)
    axes.axhline(1, color=INK, linewidth=0.6, linestyle=":")
    axes.set_ylabel(WORDS["profile.labs"])


def _outside(labs: pd.DataFrame) -> pd.Series:
    return (labs["value"] > labs["uln"]) | (labs["value"] < labs["lln"])


def _said(study, who, courses, time, events, labs, dose):
    for code, course in courses.items():
        own = course.loc[who].dropna()
        at = [fill(WORDS["profile.at"], {"value": f"{x:g}", "week": w}) for w, x in own.items()]
        values = text.listed(at) or "–"
        yield fill(WORDS["profile.score"], {"label": study.label(code), "values": values}) + "."
    known = not pd.isna(time["days"])
    weeks = text.number(time["days"] / 7, 1) if known else ""
    yield fill(
        WORDS["profile.treated" if known else "profile.untimed"], {"weeks": weeks, "dose": dose}
    )
    said = [
        fill(
            WORDS["profile.event" if event.sure else "profile.unsure"],
            {"term": event.term, "grade": _grade(event.grade), "day": f"{event.day:g}"},
        )
        for event in events.itertuples()
    ]
    yield fill(
        WORDS["profile.events" if said else "profile.no_events"], {"events": text.listed(said)}
    )
    tests = text.listed(labs.loc[_outside(labs), "test"].unique())
    yield fill(WORDS["profile.outside" if tests else "profile.inside"], {"tests": tests})
