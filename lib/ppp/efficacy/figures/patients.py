"""Figures that draw each patient: trajectories and the waterfall."""

from ppp import results
from ppp.report import names, text
from ppp.report.figure import Figure, canvas, finish, note
from ppp.report.lines import patient_bars, patient_lines
from ppp.report.look import BLUE, INK, PAIR, SOFT

NAMED = 40
APART = 100


def trajectories(visits, rows, study, *, outcome: str | None = None) -> Figure:
    """Draw each patient's score in grey, and the mean with its interval by visit.

    Parameters
    ----------
    visits : DataFrame or None
        Canonical visits: study_id, week, and the outcome.
    rows : DataFrame
        Results rows ``summary``; the numbers of the alternative text come from them.
    study : Study
    outcome : str, optional
        The primary endpoint unless given.

    Returns
    -------
    Figure
    """
    key, outcome = names.key("trajectories", outcome), outcome or study.endpoints.primary
    label = names.outcome(study, outcome)
    seen = _scheduled(visits, study, outcome)
    if seen is None or seen.empty:
        return note(study, key=key, caption=f"{label} by visit.", reason=f"{label}: not recorded.")
    means = _means(rows, outcome)
    patients = seen["study_id"].nunique()
    with canvas(78) as (drawn, axes):
        patient_lines(axes, seen, "week", outcome)
        _mean_line(axes, means)
        _score_axis(axes, seen, study, outcome)
        last = means[means["week"] == means["week"].max()] if len(means) else means
        for _, row in last.iterrows():
            axes.annotate(
                f"mean {text.number(row['estimate'])}",
                (row["week"], row["estimate"]),
                xytext=(8, 0),
                textcoords="offset points",
                color=BLUE,
                va="center",
            )
        shown = _list_means(means)
        return finish(
            drawn,
            study,
            key=key,
            caption=f"{label} of each patient (grey) and the mean{_with_interval(means)} by visit, "
            f"observed values; {_list_n(means)}.",
            alt=f"Lines of {label} by week for {text.plural(patients, 'patient')}. Means: {shown}.",
        )


def _scheduled(visits, study, outcome):
    if visits is None or outcome not in visits:
        return None
    seen = visits[visits["week"].isin(study.schedule.weeks)][["study_id", "week", outcome]]
    seen = seen.dropna()
    return seen.assign(week=seen["week"].astype(int), **{outcome: seen[outcome].astype(float)})


def _means(rows, outcome):
    found = results.pick(rows, analysis="summary", outcome=outcome, group="all", statistic="mean")
    return found[found["week"].notna() & found["estimate"].notna()]


def _mean_line(axes, means) -> None:
    means = means.sort_values("week")
    weeks = means["week"].astype(int)
    axes.plot(weeks, means["estimate"], "o-", color=BLUE, linewidth=1.8, markersize=5, zorder=3)
    known = means["ci_low"].notna() & means["ci_high"].notna()
    axes.vlines(
        weeks[known],
        means["ci_low"][known],
        means["ci_high"][known],
        color=BLUE,
        linewidth=1.6,
        zorder=3,
    )


def _with_interval(means) -> str:
    levels = means.loc[means["ci_low"].notna(), "ci_level"]
    return f" with its {text.level(levels.iloc[0])} confidence interval" if len(levels) else ""


def _list_means(means) -> str:
    told = (f"week {r['week']} {text.estimate_ci(r)}" for _, r in means.iterrows())
    return text.listed(told) or text.NOT_ESTIMABLE


def _list_n(means) -> str:
    told = (f"{text.count(r['n'])} at week {r['week']}" for _, r in means.iterrows())
    return "n = " + (text.listed(told) or "not recorded")


def _score_axis(axes, seen, study, outcome) -> None:
    low = min(0.0, float(seen[outcome].min()))
    axes.set_ylim(low, float(seen[outcome].max()) * 1.04 or 1)
    axes.set_xticks([w for w in study.schedule.weeks if w in set(seen["week"])])
    axes.set_xlabel("Week")
    axes.set_ylabel(names.with_unit(study, outcome))


def waterfall(visits, patients, rows, study, *, outcome: str | None = None) -> Figure:
    """Draw each patient's percent change at the primary week, sorted, with the subgroup marked.

    Parameters
    ----------
    visits, patients : DataFrame
        Canonical frames; `visits` may be None.
    rows : DataFrame
        Results rows ``change``; the numbers of the alternative text come from them.
    study : Study
    outcome : str, optional
        The primary endpoint unless given.

    Returns
    -------
    Figure
    """
    key, outcome = names.key("waterfall", outcome), outcome or study.endpoints.primary
    week, label = study.schedule.primary, names.outcome(study, outcome)
    caption = f"Percent change in {label} from week {study.schedule.baseline} to week {week}"
    drops = _percent_change(visits, study, outcome)
    if drops is None or drops.empty:
        reason = f"Percent change in {label}: not recorded."
        return note(study, key=key, caption=caption + ".", reason=reason)
    marked = _marked(patients, study)
    with canvas(72) as (drawn, axes):
        colours = [PAIR[1] if i in marked else PAIR[0] for i in drops.index]
        if len(drops) < APART:
            axes.bar(range(len(drops)), drops, color=colours, width=0.8)
        else:
            patient_bars(axes, drops, colours)
        axes.axhline(0, color=INK, linewidth=0.6)
        _thresholds(axes, study, outcome)
        _patient_axis(axes, drops, marked)
        axes.set_ylabel(f"Change in {study.label(outcome)}, %")
        _key_of_colours(axes, study, drops, marked)
        return finish(
            drawn,
            study,
            key=key,
            caption=f"{caption}, one bar a patient (n = {len(drops)}), largest improvement at the "
            f"right{_mark_words(study, drops, marked)}{_dotted(outcome)}.",
            alt=f"Bars of percent change in {label} at week {week} for "
            f"{text.plural(len(drops), 'patient')}; {_percent_words(rows, outcome, week)}.",
        )


def _percent_change(visits, study, outcome):
    seen = _scheduled(visits, study, outcome)
    if seen is None:
        return None
    wide = seen.pivot(index="study_id", columns="week", values=outcome)
    wide = wide.reindex(columns=[study.schedule.baseline, study.schedule.primary]).dropna()
    before, after = wide.iloc[:, 0], wide.iloc[:, 1]
    change = 100 * (after - before) / before.where(before > 0)
    return change.dropna().sort_values(ascending=False, kind="stable")


def _marked(patients, study) -> set:
    column = study.subgroup.column
    if column not in patients:
        return set()
    return set(patients.loc[patients[column].astype("str") == study.subgroup.value, "study_id"])


def _thresholds(axes, study, outcome) -> None:
    for share in study.endpoints.responders if outcome == "pppasi" else ():
        if share < 100:
            axes.axhline(-share, color=SOFT, linewidth=0.5, linestyle=":", zorder=0)


def _dotted(outcome) -> str:
    return ". Dotted: responder thresholds" if outcome == "pppasi" else ""


def _patient_axis(axes, drops, marked) -> None:
    axes.set_xlim(-0.7, len(drops) - 0.3)
    axes.set_ylim(-100 if drops.min() >= -100 else None, max(0.0, 1.05 * drops.max()))
    if len(drops) > NAMED:
        axes.set_xticks([])
        axes.set_xlabel("Patients")
        return
    axes.set_xticks(range(len(drops)), [f"{i}*" if i in marked else i for i in drops.index])
    axes.tick_params(axis="x", rotation=90, labelsize=7, length=0)


def _key_of_colours(axes, study, drops, marked) -> None:
    if not marked & set(drops.index):
        return
    group = f"{study.subgroup.column}={study.subgroup.value}"
    star = " (*)" if len(drops) <= NAMED else ""
    handles = [axes.bar(0, 0, color=PAIR[1]), axes.bar(0, 0, color=PAIR[0])]
    labels = [text.sentence(names.group(study, group)) + star, "Other patients"]
    axes.legend(handles, labels, loc="lower left", ncols=2, bbox_to_anchor=(0, 1), borderpad=0)


def _mark_words(study, drops, marked) -> str:
    n = len(marked & set(drops.index))
    group = names.group(study, f"{study.subgroup.column}={study.subgroup.value}")
    return f"; {text.plural(n, 'patient')} {group} in orange" if n else ""


def _percent_words(rows, outcome, week) -> str:
    found = results.pick(rows, analysis="change", outcome=outcome, week=week, group="all")
    told = []
    for statistic, name in (("mean_percent_change", "mean"), ("median_percent_change", "median")):
        row = results.pick(found, statistic=statistic).head(1)
        if len(row) and not text.is_missing(row.iloc[0]["estimate"]):
            told.append(f"{name} {text.number(row.iloc[0]['estimate'], 1)}%")
    return text.listed(told) or "mean not estimable"
