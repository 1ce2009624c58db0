"""The estimation plot: both visits of every patient, and the mean change on an axis of its own."""

import numpy as np
import pandas as pd
import seaborn as sns

from ppp import results
from ppp.report import names, text
from ppp.report.figure import Figure, canvas, finish, note
from ppp.report.lines import MANY, patient_lines
from ppp.report.look import BLUE, INK, SOFT

RESAMPLES = 2_000
LARGEST = 20_000


def estimation(
    visits, rows, study, *, outcome: str | None = None, week: int | None = None, distribution=None
) -> Figure:
    """Draw each patient's score at both visits, and the mean change with its interval.

    Parameters
    ----------
    visits : DataFrame or None
        Canonical visits: study_id, week, and the outcome.
    rows : DataFrame
        Results rows ``change``; the mean change and its interval come from them.
    study : Study
    outcome : str, optional
        The primary endpoint unless given.
    week : int, optional
        The primary week unless given.
    distribution : array_like, optional
        Resampled mean changes, for the shape only; drawn from the patients' changes with the
        study's seed where not given, and left out above 20,000 patients.

    Returns
    -------
    Figure
    """
    key, outcome = names.key("estimation", outcome), outcome or study.endpoints.primary
    week, start = study.schedule.primary if week is None else week, study.schedule.baseline
    label = names.outcome(study, outcome)
    caption = f"{label} at week {start} and week {week}"
    pairs = _pairs(visits, outcome, start, week)
    if pairs is None or pairs.empty:
        return note(
            study,
            key=key,
            caption=caption + ", paired.",
            reason=f"{label} at both visits: not recorded.",
        )
    row = results.pick(
        rows,
        analysis="change",
        outcome=outcome,
        week=week,
        group="all",
        statistic="mean_change",
        missing="observed",
    ).head(1)
    drawn_means = _means(pairs, study) if distribution is None else np.asarray(distribution)
    with canvas(76, panels=2, width_ratios=(3, 2)) as (drawn, (left, right)):
        _visits_panel(left, pairs, study, outcome)
        curve = _change_panel(right, row, drawn_means)
        right.set_ylabel(f"Change in {label}, {study.unit(outcome) or 'points'}")
        return finish(
            drawn,
            study,
            key=key,
            caption=f"{caption}: every patient's two scores, joined (left), and the mean change "
            f"on its own axis{_interval_words(row)}{curve}; {_n(row)}with both values. "
            "Below 0 is improvement.",
            alt=f"Pairs of dots for {text.plural(len(pairs), 'patient')}. {_told(row, week)}",
        )


def _pairs(visits, outcome, start, week):
    if visits is None or outcome not in visits:
        return None
    wide = visits.pivot(index="study_id", columns="week", values=outcome)
    return wide.reindex(columns=[start, week]).astype(float).dropna()


def _means(pairs, study):
    change = (pairs.iloc[:, 1] - pairs.iloc[:, 0]).to_numpy()
    if len(change) > LARGEST:
        return np.array([])
    rng = np.random.default_rng(study.run.seed)
    return np.array([rng.choice(change, change.size).mean() for _ in range(RESAMPLES)])


def _visits_panel(axes, pairs, study, outcome) -> None:
    ends = pd.concat([pairs.iloc[:, x].rename("y").reset_index().assign(x=x) for x in (0, 1)])
    patient_lines(axes, ends, "x", "y")
    many = len(pairs) > MANY
    for x in (0, 1):
        axes.plot(
            [x] * len(pairs),
            pairs.iloc[:, x],
            "o",
            color=SOFT,
            markersize=3,
            markeredgewidth=0,
            alpha=0.7,
            rasterized=many,
        )
    axes.set_xticks([0, 1], [f"Week {w}" for w in pairs.columns])
    axes.set_xlim(-0.25, 1.25)
    axes.set_ylim(min(0.0, float(pairs.min(axis=None))), float(pairs.max(axis=None)) * 1.04 or 1)
    axes.set_ylabel(names.with_unit(study, outcome))


def _change_panel(axes, row, means) -> str:
    """Draw the change; return what the caption says of the shape beside it."""
    shape = means.size > 2 and np.ptp(means) > 0
    if shape:
        sns.kdeplot(y=means, ax=axes, fill=True, color=BLUE, alpha=0.25, linewidth=0)
    if len(row) and not text.is_missing(row.iloc[0]["estimate"]):
        at = row.iloc[0]
        if not text.is_missing(at["ci_low"]):
            axes.plot([0, 0], [at["ci_low"], at["ci_high"]], color=INK, linewidth=2, clip_on=False)
        axes.plot(0, at["estimate"], "o", color=INK, markersize=6, clip_on=False)
        axes.annotate(
            text.number(at["estimate"]),
            (0, at["estimate"]),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
            color=INK,
        )
    axes.axhline(0, color=SOFT, linewidth=0.6, linestyle=":")
    axes.set_xlim(left=0 if not shape else -0.04 * axes.get_xlim()[1])
    axes.set_xticks([])
    axes.set_xlabel("Resampled means" if shape else "")
    return " and the shape of its bootstrap distribution (blue)" if shape else ""


def _n(row) -> str:
    return f"n = {text.count(row.iloc[0]['n'])} " if len(row) else "patients "


def _interval_words(row) -> str:
    if row.empty or text.is_missing(row.iloc[0]["ci_low"]):
        return ""
    return f" with its {text.level(row.iloc[0]['ci_level'])} interval (paired t)"


def _told(row, week) -> str:
    if row.empty or text.is_missing(row.iloc[0]["estimate"]):
        return f"Mean change to week {week}: {text.NOT_ESTIMABLE}."
    at = row.iloc[0]
    return f"Mean change to week {week}: {text.estimate_ci(at)}, n = {text.count(at['n'])}."
