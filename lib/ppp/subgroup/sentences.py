"""Sentences on the two groups: exploratory, compatible with, never a claim of equality."""

from ppp import levels, results
from ppp.catalogue.outcomes import key_measures, targets
from ppp.report import names, text
from ppp.report.prose import Prose, bullets
from ppp.report.words import Words
from ppp.results import first, usable

WORDS = Words("ppp.subgroup")


def limits(study) -> Prose:
    """List what this page cannot show."""
    return WORDS.limits(study)


def glossary(rows, study):
    """Explain the terms of this page."""
    return WORDS.glossary(study, rows)


def key_results(rows, study) -> Prose:
    """Say first that the comparison is exploratory, then what the key measures show."""
    made = results.pick(rows, analysis="group_difference")["outcome"].unique()
    measures = key_measures(study)
    scores = [code for code, key in measures if key == "change"]
    first_target = [t.code for t in targets(study).values() if t.outcome in scores[:1]][:1]
    outcomes = [*scores, *first_target, *(key for _, key in measures if key != "change")]
    outcomes = [code for code in dict.fromkeys(outcomes) if code in made]
    opening = exploratory(rows, study) + contrast(rows, study)
    said = [group_difference(rows, study, outcome, contrast=False) for outcome in outcomes]
    return bullets(opening.text, *(sentence.text for sentence in said))


def exploratory(rows, study) -> Prose:
    """Say first that the comparison is exploratory, and how small the groups are."""
    groups = names.groups(rows, study)
    if not groups:
        return WORDS.say("no_groups", study)
    sizes = [
        WORDS.say("size", study, n=text.count(_size(rows, g)), group=names.group(study, g)).text
        for g in groups
    ]
    label = study.label(study.subgroup.column)
    return WORDS.say("exploratory", study, label=label, sizes=Prose(text.listed(sizes)))


def _size(rows, group: str):
    counted = results.pick(rows, group=group, statistic="n_missing")
    if len(counted):
        return (counted["n"] + counted["estimate"]).max()
    return results.pick(rows, group=group)["n"].max()


def contrast(rows, study) -> Prose:
    """Say which group is subtracted from which in every difference."""
    rows = results.pick(rows, analysis="group_difference")
    return WORDS.say("contrast", study, minus=_minus(rows, study)) if len(rows) else Prose("")


def _minus(rows, study) -> Prose:
    one, other = names.pair(study, rows["group"].iloc[0])
    return WORDS.say("minus", study, first=one, second=other)


def _here(rows, study, outcome, week):
    """Pick the differences of one outcome and week; name what a sentence on them needs."""
    outcome = outcome or study.endpoints.primary
    week = study.schedule.primary if week is None else week
    rows = results.pick(rows, analysis="group_difference", outcome=outcome, week=week)
    return rows, {"outcome": names.inside(study, outcome), "week": text.count(week)}


def group_difference(
    rows, study, outcome: str | None = None, week: int | None = None, *, contrast: bool = True
) -> Prose:
    """Say what differences between the groups the data are compatible with.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``group_difference``.
    outcome : str, optional
        A score, or a responder target; the primary endpoint unless given.
    contrast : bool
        Say which group is subtracted from which.
    week : int, optional
        The primary week unless given.
    """
    rows, about = _here(rows, study, outcome, week)
    if rows.empty:
        return WORDS.say("difference.absent", study, **about)
    kind, main, test = "score", first(rows, statistic="welch"), "permutation"
    if "newcombe" in set(rows["statistic"]):
        kind, main, test = "share", first(rows, statistic="newcombe"), "fisher_midp"
    if not usable(main):
        return WORDS.say("difference.empty", study, main, **about)
    if text.is_missing(main["ci_low"]):
        kind, test = f"{kind}_alone", None
    return WORDS.say(
        f"difference.{kind}",
        study,
        main,
        rows,
        minus=Prose(f" ({_minus(rows, study)})" if contrast else ""),
        test=_test(rows, study, test),
        **about,
    )


def _test(rows, study, statistic) -> Prose:
    row = first(rows, statistic=statistic)
    if row is None or text.is_missing(row["p_value"]):
        return Prose("")
    return WORDS.say(f"difference.{statistic}", study, row, rows)


def ancova(rows, study, outcome: str | None = None, week: int | None = None) -> Prose:
    """Say what adjusted differences, and what interactions, the data are compatible with."""
    rows, about = _here(rows, study, outcome, week)
    row = first(rows, statistic="ancova")
    if row is None:
        return WORDS.say("ancova.absent", study, **about)
    if not usable(row):
        return WORDS.say("ancova.empty", study, row, **about)
    kind = "alone" if text.is_missing(row["ci_low"]) else "said"
    said = WORDS.say(f"ancova.{kind}", study, row, rows, minus=_minus(rows, study), **about)
    unadjusted = first(rows, statistic="welch")
    if usable(unadjusted) and row["estimate"] * unadjusted["estimate"] < 0:
        said += WORDS.say("ancova.turned", study, row, rows)
    slopes = first(rows, statistic="ancova_interaction")
    if usable(slopes) and not text.is_missing(slopes["ci_low"]):
        said += WORDS.say("ancova.interaction", study, row, rows)
    return said


def detectable(rows, study) -> Prose:
    """Say what difference groups of this size let one detect, from rows ``detectable``."""
    rows = results.pick(rows, analysis="detectable", statistic="minimum_detectable_difference")
    if rows.empty:
        return WORDS.say("detectable.absent", study)
    primary = study.endpoints.primary
    differences = [
        _difference(results.pick(rows, level=level).set_index("outcome"), primary, level, study)
        for level in rows["level"].unique()
    ]
    differences = [difference for difference in differences if difference]
    if not differences:
        return WORDS.say("detectable.empty", study, rows.iloc[0])
    listed = Prose(text.listed(differences))
    n = text.count(rows["n"].max())
    return WORDS.say("detectable.said", study, n=n, differences=listed)


def _difference(by, primary: str, level: str, study) -> str:
    sd = by.loc["sd_units"]
    if not usable(sd):
        return ""
    power, _ = levels.power_of(level)
    if primary in by.index and usable(by.loc[primary]):
        unit = study.unit(primary) or "points"
        named = {"points": by.loc[primary], "unit": unit, "power": power}
        return WORDS.say("detectable.difference", study, sd=sd, **named).text
    return WORDS.say("detectable.difference_sd", study, sd=sd, power=power).text
