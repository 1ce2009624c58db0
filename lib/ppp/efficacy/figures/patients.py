"""Figures that draw each patient: trajectories and the waterfall."""

import numpy as np

from ppp import results
from ppp.catalogue.outcomes import outcomes, targets
from ppp.report import names, text
from ppp.report.figure import Figure, canvas, finish, note, patient_bars, patient_lines
from ppp.report.look import BLUE, GREY, INK, PAIR, SOFT
from ppp.report.words import Words
from ppp.results import first, usable

WORDS = Words("ppp.efficacy")
NAMED = 40
APART = 100
BESIDE = {"textcoords": "offset points", "va": "center"}


def _words(figure: str, study, outcome: str):
    about = {"outcome": outcome, "week": study.schedule.primary}
    return WORDS.within(f"figures.{figure}", study, about)


def trajectories(scores, rows, study, *, outcome: str | None = None) -> Figure:
    """Draw each patient's score in grey, and the mean with its interval by visit.

    Parameters
    ----------
    scores : DataFrame
        Of `ppp.efficacy.rows.drawn.scores`.
    rows : DataFrame
        Results rows ``summary``, of which the means and all numbers are.
    outcome : str, optional
        The primary endpoint unless given.
    """
    key, outcome = names.key("trajectories", outcome), outcome or study.endpoints.primary
    words = _words("trajectories", study, outcome)
    if scores.empty:
        return note(study, key=key, caption=words("caption_absent"), reason=words("absent"))
    means = results.pick(rows, analysis="summary", outcome=outcome, group="all", statistic="mean")
    means = means[means["week"].notna() & means["estimate"].notna()].sort_values("week")
    with canvas(62) as (drawn, axes):
        _lines(axes, scores)
        _mean_line(axes, means)
        axes.set_ylim(*_span(scores["score"]))
        axes.set_xticks([w for w in study.schedule.weeks if w in set(scores["week"])])
        axes.set(xlabel=words("x"), ylabel=words("y"))
        for _, row in means.tail(1).iterrows():
            place = row["week"], row["estimate"]
            axes.annotate(words("mean", row=row), place, (8, 0), color=BLUE, **BESIDE)
        sizes = [words("size", row=row, week=row["week"]) for _, row in means.iterrows()]
        shown = [words("alt_week", row=row, week=row["week"]) for _, row in means.iterrows()]
        known = means.loc[means["ci_low"].notna(), "ci_level"]
        interval = words("interval", level=text.level(known.iloc[0])) if len(known) else ""
        sizes = text.listed(sizes) or words("unknown_size")
        patients = text.plural(scores["study_id"].nunique(), "patient")
        alt = words("alt", patients=patients, means=text.listed(shown) or text.NOT_ESTIMABLE)
        caption = words("caption", interval=interval, sizes=sizes)
        return finish(drawn, study, key=key, caption=caption, alt=alt)


def _lines(axes, scores) -> None:
    """Draw each patient's line, broken at a visit of others that the patient does not have."""
    seen = scores.assign(place=scores["week"].rank(method="dense"))
    seen = seen.sort_values(["study_id", "week"], kind="stable")
    run = (seen.groupby("study_id")["place"].diff() > 1).cumsum().astype("str")
    seen["study_id"] = seen["study_id"].astype("str") + " " + run
    patient_lines(axes, seen, "week", "score")
    alone = seen[seen.groupby("study_id")["week"].transform("size") == 1]
    axes.plot(alone["week"], alone["score"], ".", color=GREY, markersize=3, zorder=1)


def _mean_line(axes, means) -> None:
    weeks, style = means["week"].astype(int), {"color": BLUE, "zorder": 3}
    axes.plot(weeks, means["estimate"], "o-", linewidth=1.8, markersize=5, **style)
    known = means["ci_low"].notna() & means["ci_high"].notna()
    limits = means["ci_low"][known], means["ci_high"][known]
    axes.vlines(weeks[known], *limits, linewidth=1.6, **style)


def _span(scores) -> tuple[float, float]:
    return min(0.0, float(np.min(scores))), float(np.max(scores)) * 1.04 or 1


def waterfall(changes, rows, study, *, outcome: str | None = None) -> Figure:
    """Draw each patient's percent change at the primary week, sorted, with the subgroup marked.

    Parameters
    ----------
    changes : DataFrame
        Of `ppp.efficacy.rows.drawn.percent_changes`.
    rows : DataFrame
        Results rows ``change``; the numbers of the alternative text come from them.
    outcome : str, optional
        The primary endpoint unless given.
    """
    key, outcome = names.key("waterfall", outcome), outcome or study.endpoints.primary
    words = _words("waterfall", study, outcome)
    if changes.empty:
        return note(study, key=key, caption=words("caption_absent"), reason=words("absent"))
    drops, marked = changes["change"], changes["marked"]
    column, value = study.subgroup.column, study.subgroup.value
    group = names.group(study, f"{column}={value}")
    with canvas(60) as (drawn, axes):
        colours = [PAIR[int(mark)] for mark in marked]
        if len(drops) < APART:
            axes.bar(range(len(drops)), drops, color=colours, width=0.8)
        else:
            patient_bars(axes, drops, colours)
        axes.axhline(0, color=INK, linewidth=0.6)
        shares = _percents(study, outcome)
        for share in (share for share in shares if share > -100):
            axes.axhline(share, color=SOFT, linewidth=0.5, linestyle=":", zorder=0)
        _patient_axis(axes, drops, marked, words("x"))
        axes.set_ylabel(words("y"))
        if marked.any():
            star = " (*)" if len(drops) <= NAMED else ""
            _key_of_colours(axes, text.sentence(group) + star, words("others"))
        some = text.plural(marked.sum(), "patient")
        mark = words("marked", patients=some, group=group) if marked.any() else ""
        dotted = words("dotted") if shares else ""
        caption = words("caption", n=len(drops), marked=mark, dotted=dotted)
        patients = text.plural(len(drops), "patient")
        alt = words("alt", patients=patients, percents=_averages(rows, study, outcome, words))
        return finish(drawn, study, key=key, caption=caption, alt=alt)


def _key_of_colours(axes, *labels: str) -> None:
    handles = [axes.bar(0, 0, color=colour) for colour in PAIR[::-1]]
    place = {"loc": "lower left", "ncols": 2, "bbox_to_anchor": (0, 1), "borderpad": 0}
    axes.legend(handles, labels, **place)


def _percents(study, outcome) -> list[float]:
    """List the percent changes at which a patient counts as a responder."""
    of = [t for t in targets(study).values() if t.outcome == outcome and t.rule == "percent"]
    return [-outcomes(study)[outcome].sign * target.value for target in of]


def _patient_axis(axes, drops, marked, label: str) -> None:
    axes.set_xlim(-0.7, len(drops) - 0.3)
    axes.set_ylim(-100 if drops.min() >= -100 else None, max(0.0, 1.05 * drops.max()))
    if len(drops) > NAMED:
        axes.set_xticks([])
        axes.set_xlabel(label)
        return
    ticks = [f"{i}*" if mark else i for i, mark in marked.items()]
    axes.set_xticks(range(len(drops)), ticks)
    axes.tick_params(axis="x", rotation=90, length=0)


def _averages(rows, study, outcome, words) -> str:
    here = {"analysis": "change", "outcome": outcome, "group": "all"}
    here = results.pick(rows, week=study.schedule.primary, **here)
    found = {name: first(here, statistic=f"{name}_percent_change") for name in ("mean", "median")}
    said = [words(f"alt_{name}", row=row) for name, row in found.items() if usable(row)]
    return text.listed(said) or words("alt_none")
