"""Sentences on how far the answer hangs on the method, on missing values and on one patient."""

from ppp import results
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.text import markdown as md
from ppp.results import first, usable

MEANS = (
    "mean_change",
    "mean_change_bca",
    "mmrm_change",
    "random_intercept_change",
    "hodges_lehmann",
)
KINDS = ["change", "longitudinal"]


def robustness(rows, study, outcome: str | None = None) -> Prose:
    """Say between which values the change lies over all estimators and missing-data rules.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``change`` and ``longitudinal``.
    study : Study
    outcome : str, optional
        The primary endpoint unless given.
    """
    outcome, week, label = _where(study, outcome)
    found = results.pick(
        rows, analysis=KINDS, outcome=outcome, week=week, group="all", statistic=list(MEANS)
    ).dropna(subset=["estimate"])
    if found.empty:
        return Prose(
            f"How far the change in {label} hangs on the method cannot be told: there is "
            "no estimate of it."
        )
    unit = _unit(study, outcome)
    low, high = (text.number(x) for x in (found["estimate"].min(), found["estimate"].max()))
    spread = f"is **{low}**" if low == high else f"lies between **{low}** and **{high}**"
    return Prose(
        f"Over {text.plural(len(found), 'analysis', 'analyses')} (paired t, bootstrap, "
        f"Hodges–Lehmann, mixed models; missing values as observed, carried forward or imputed) "
        f"the change in {label} at week {week} {spread} {unit}{_reach(found)}."
    )


def _where(study, outcome):
    outcome = outcome or study.endpoints.primary
    return outcome, study.schedule.primary, md(names.inside(study, outcome))


def _unit(study, outcome) -> str:
    return md(study.unit(outcome) or "points")


def _reach(found) -> str:
    known = found.dropna(subset=["ci_low", "ci_high"])
    if known.empty:
        return "; none has an interval"
    low, high = known["ci_low"].min(), known["ci_high"].max()
    sides = (
        "all of them below 0"
        if high < 0
        else "all of them above 0"
        if low > 0
        else "at least one of which includes 0 or lies on the other side"
    )
    return f"; their intervals, {sides}, reach from {text.interval(low, high)}"


def missing_rule(rows, study, outcome: str | None = None) -> Prose:
    """Say how much is missing and how missing values are treated.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``missing_pattern``.
    study : Study
    outcome : str, optional
        The primary endpoint unless given.
    """
    outcome, week, label = _where(study, outcome)
    found = results.pick(rows, analysis="missing_pattern", outcome=outcome, group="all")
    found = found[found["level"].str.len() == len(study.schedule.weeks)]
    if found.empty or week not in study.schedule.weeks:
        return Prose(f"Which visits lack {label} was not recorded.")
    place, n = study.schedule.weeks.index(week), found["n"].max()
    complete = found.loc[~found["level"].str.contains("○"), "events"].sum()
    gaps = found.loc[found["level"].str[place] == "○", "events"].sum()
    if complete == n:
        return Prose(
            f"All **{text.count(n)}** patients have a {label} at every scheduled visit, so that "
            "every rule for missing values gives the same numbers."
        )
    return Prose(
        f"**{text.count(complete)} of {text.count(n)}** patients have a {label} at every scheduled "
        f"visit; at week {week} it is missing in {text.count(gaps) if gaps else 'none'}. "
        "Change is analysed as observed first, response with missing as failure (NRI); multiple "
        "imputation, the mixed models and, for comparison only, the last value carried forward "
        "show what that choice does. Where scores after stopping were not recorded, imputation and "
        "the mixed models answer a hypothetical question: what they would have been."
    )


def influence(rows, study, outcome: str | None = None) -> Prose:
    """Say what the mean change would be without one patient, and whose absence moves it most.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``sensitivity`` (``leave_one_out``, ``most_influential``).
    study : Study
    outcome : str, optional
        The primary endpoint unless given.
    """
    outcome, week, label = _where(study, outcome)
    found = results.pick(rows, analysis="sensitivity", outcome=outcome, week=week, group="all")
    by = results.pick(found, statistic="leave_one_out").drop_duplicates("level").set_index("level")
    known = by["estimate"].dropna()
    if not {"estimate_min", "estimate_max"} <= set(known.index):
        why = next(iter(by["note"]), "") if len(by) else ""
        return Prose(
            f"The influence of single patients on the change in {label} is "
            f"{text.NOT_ESTIMABLE}{f' ({md(why)})' if why else ''}."
        )
    limits = ""
    if {"ci_low_min", "ci_high_max"} <= set(known.index):
        reach = text.interval(known["ci_low_min"], known["ci_high_max"])
        limits = f", with intervals that reach from {reach}"
    return Prose(
        f"Without one patient at a time (n = {text.count(by['n'].max())}) the mean change in "
        f"{label} at week {week} lies between **{text.number(known['estimate_min'])}** and "
        f"**{text.number(known['estimate_max'])}** {_unit(study, outcome)}{limits}."
        f"{_most(first(found, statistic='most_influential'))}"
    )


def _most(row) -> str:
    if not usable(row) or not row["level"]:
        return ""
    return (
        f" The patient of the greatest influence is **{md(row['level'])}**; without that one the "
        f"mean change is {text.estimate_ci(row)}."
    )


def tipping(rows, study, outcome: str | None = None) -> Prose:
    """Say how much worse the missing scores would have to be to overturn the fall.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``sensitivity`` (``tipping_point``).
    study : Study
    outcome : str, optional
        The primary endpoint unless given.
    """
    outcome, week, label = _where(study, outcome)
    row = first(
        rows,
        analysis="sensitivity",
        outcome=outcome,
        week=week,
        group="all",
        statistic="tipping_point",
    )
    if row is None:
        return Prose(f"No tipping point of the change in {label} was computed.")
    if not usable(row):
        return Prose(
            f"Tipping point of the change in {label} at week {week}: "
            f"{md(row['note'] or text.NOT_ESTIMABLE)}."
        )
    if row["estimate"] == 0:
        return Prose(
            f"Tipping point of the change in {label} at week {week}: 0 points ({md(row['note'])})."
        )
    return Prose(
        f"The interval of the mean change in {label} at week {week} would reach 0 if every imputed "
        f"score were **{text.number(row['estimate'], 1)}** {_unit(study, outcome)} worse than "
        f"imputed (n = {text.count(row['n'])}; {md(row['note'])})."
    )


def binary_tipping(rows, study, outcome: str) -> Prose:
    """Say between which proportions a response lies, whatever the missing ones were.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``sensitivity`` (``binary_tipping``).
    study : Study
    outcome : str
        ``pppasi50``, ``pga01``, …
    """
    _, week, label = _where(study, outcome)
    found = results.pick(
        rows,
        analysis="sensitivity",
        outcome=outcome,
        week=week,
        group="all",
        statistic="binary_tipping",
    ).dropna(subset=["estimate"])
    if found.empty:
        return Prose(f"{label} under every count of missing responders was not computed.")
    ordered = found.loc[found["level"].astype(float).sort_values().index]
    least, most = ordered.iloc[0], ordered.iloc[-1]
    if len(ordered) == 1:
        return Prose(f"{label} at week {week}: no response is missing.")
    return Prose(
        f"{label} at week {week} lies between **{text.of(least)}** ({_share(least)}), "
        f"were none of the {text.count(int(most['level']))} patients without it responders, and "
        f"**{text.of(most)}** ({_share(most)}), were all of them."
    )


def _share(row) -> str:
    return f"{text.percent(row['estimate'])}; 95% CI {text.percent_interval(row)}"
