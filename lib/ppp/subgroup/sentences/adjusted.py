"""Sentences on the groups adjusted for baseline, and on what groups of this size can show."""

from ppp import results
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.text import markdown as md
from ppp.results import first, usable
from ppp.subgroup.sentences.groups import UNINFORMATIVE


def ancova(rows, study, outcome: str | None = None, week: int | None = None) -> Prose:
    """Say what adjusted differences, and what interactions, the data are compatible with.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``group_difference`` (``ancova``, ``ancova_interaction``, ``welch``).
    study : Study
    outcome, week : optional
        The primary endpoint and week unless given.
    """
    outcome = outcome or study.endpoints.primary
    week = study.schedule.primary if week is None else week
    label, unit = md(names.inside(study, outcome)), md(study.unit(outcome) or "points")
    found = results.pick(rows, analysis="group_difference", outcome=outcome, week=week)
    row = first(found, statistic="ancova")
    if row is None:
        return Prose(f"The difference in {label} was not adjusted for baseline: not recorded.")
    if not usable(row):
        why = f" ({md(row['note'])})" if row["note"] else ""
        return Prose(
            f"The difference in {label} at week {week} adjusted for baseline is "
            f"{text.NOT_ESTIMABLE}{why}."
        )
    one, other = (md(g) for g in names.pair(study, row["group"]))
    return Prose(
        f"Adjusted for the baseline score (ANCOVA, HC3), the difference in {label} at week {week} "
        f"({one} minus {other}) at the mean baseline was **{text.number(row['estimate'])}** {unit} "
        f"{_compatible(row, unit)}; {UNINFORMATIVE}.{_turned(row, first(found, statistic='welch'))}"
        f"{_interaction(first(found, statistic='ancova_interaction'))}"
    )


def _turned(row, unadjusted) -> str:
    if not usable(unadjusted) or row["estimate"] * unadjusted["estimate"] >= 0:
        return ""
    plain = text.number(unadjusted["estimate"])
    return f" Without the adjustment it has the other sign ({plain}): its direction is not settled."


def _compatible(row, unit: str) -> str:
    n = f"n = {text.count(row['n'])}"
    if text.is_missing(row["ci_low"]):
        return f"(no interval; {n})"
    limits = text.interval(row["ci_low"], row["ci_high"])
    return (
        f"({text.level(row['ci_level'])} CI {limits}; {n}): compatible with differences from "
        f"{limits} {unit}"
    )


def _interaction(row) -> str:
    if not usable(row) or text.is_missing(row["ci_low"]):
        return ""
    limits = text.interval(row["ci_low"], row["ci_high"])
    return (
        " Interaction: the slopes on the baseline score differ by "
        f"**{text.number(row['estimate'])}** ({text.level(row['ci_level'])} CI {limits}), "
        f"compatible with differences of slope from {limits}."
    )


def detectable(rows, study) -> Prose:
    """Say what difference groups of this size let one detect.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``detectable``.
    study : Study
    """
    found = results.pick(rows, analysis="detectable", statistic="minimum_detectable_difference")
    primary = study.endpoints.primary
    label, unit = md(names.inside(study, primary)), md(study.unit(primary) or "points")
    if found.empty:
        return Prose("What difference the groups could show was not computed: not recorded.")
    told, n = [], text.count(found["n"].max())
    for level in found["level"].unique():
        at = results.pick(found, level=level).set_index("outcome")["estimate"]
        if text.is_missing(at.get("sd_units")):
            continue
        points = at.get(primary)
        shown = "" if text.is_missing(points) else f" ({text.number(points)} {unit})"
        told.append(f"**{text.number(at['sd_units'])}** SD{shown} with {md(level)} power")
    if not told:
        why = next(iter(found["note"]), "")
        return Prose(
            f"The smallest difference that the groups could show is {text.NOT_ESTIMABLE}"
            f"{f' ({md(why)})' if why else ''}."
        )
    return Prose(
        f"With n = {n}, the smallest difference in mean change in {label} that a two-sided t-test "
        f"would detect is {text.listed(told)}. Smaller differences may exist unseen."
    )
