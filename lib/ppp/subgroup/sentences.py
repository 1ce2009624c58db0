"""Sentences on the two groups: which did better where an interval says so, never equality."""

import pandas as pd

from ppp import levels, results
from ppp.catalogue.outcomes import key_measures, outcomes, targets
from ppp.catalogue.recorded import SAPHO_FEATURES
from ppp.report import names, text
from ppp.report.prose import Prose, bullets
from ppp.report.words import Words
from ppp.results import first, usable

WORDS = Words("ppp.subgroup")
MANY = 5  # differences, of which by chance alone one excludes 0 in a fifth of all cohorts


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
    compared = [*scores, *first_target, *(key for _, key in measures if key != "change")]
    compared = [code for code in dict.fromkeys(compared) if code in made]
    said = _differences(rows, study, compared)
    said = [] if alone(rows) is not None else [*said, detectable(rows, study)]
    said = [exploratory(rows, study), sapho_outcomes(rows, study), *(said if made.size else [])]
    return bullets(*(sentence.text for sentence in said))


def _differences(rows, study, compared: list[str]) -> list[Prose]:
    """Tell the first of the compared outcomes and any that is clear; name those that are not."""
    mains = _mains(rows, study)
    clear = [code for code, row in mains.items() if _side(row)]
    unclear = [code for code in compared if code in mains and code not in clear]
    told = dict.fromkeys([*compared[:1], *(c for c in compared if c not in unclear), *clear])
    said = [group_difference(rows, study, code) for code in told]
    if rest := [names.outcome(study, code) for code in unclear if code not in told]:
        said.append(WORDS.say("difference.unclear", study, listed=text.listed(rest, "or")))
    if clear:
        chance = WORDS["difference.chance"] if len(clear) == 1 and len(mains) >= MANY else ""
        counts = {"of": text.count(len(mains)), "chance": Prose(chance)}
        said.append(WORDS.say("difference.clear", study, n=len(clear), **counts))
    adjusted = results.pick(rows, statistic="ancova", week=study.schedule.primary)
    return said + [_adjusted(row, study) for _, row in adjusted.iterrows() if _side(row)]


def _mains(rows, study) -> dict:
    """Return each difference at the primary week that could be other than 0, by outcome."""
    here = results.pick(rows, analysis="group_difference", week=study.schedule.primary)
    alike = here.loc[results.has_code(here, "one_table"), "outcome"]
    here = results.pick(here[~here["outcome"].isin(alike)], statistic=["welch", "newcombe"])
    return {row["outcome"]: row for _, row in here.dropna(subset=["ci_low"]).iterrows()}


def alone(rows):
    """Return the row that says that a group is one patient, None where there is no such group."""
    return first(rows, analysis="group_difference", code="one_patient")


def compared(rows):
    """Return the rows unless a group is one patient, so that nothing is compared."""
    return rows if alone(rows) is None else None


def exploratory(rows, study) -> Prose:
    """Say that the comparison is exploratory, of whom with whom, and how small the groups are."""
    single = alone(rows)
    if single is not None:
        return Prose(text.markdown(names.alone(study, single["group"])))
    groups = names.groups(rows, study)
    sizes = {group: _size(rows, group) for group in groups}
    said = [
        WORDS.say(f"size.{_kind(study)}", study, named=names.group(study, group), n=n)
        for group, n in sizes.items()
        if n
    ]
    if not said:
        return WORDS.say("nobody_known" if groups else "no_groups", study)
    entry = "exploratory" if len(said) > 1 else "one_group"
    return WORDS.say(entry, study, **dict(zip(("one", "other"), said, strict=False)))


def _who(study, group: str) -> Prose:
    """Name the patients of a group, as `names.group` names it, within a sentence."""
    return WORDS.say(f"who.{_kind(study)}", study, named=group)


def _kind(study) -> str:
    return "yes_no" if str(study.subgroup.value) in ("yes", "no") else "value"


def _size(rows, group: str) -> int:
    counted = results.pick(rows, group=group, statistic="n_missing")
    if len(counted):
        return int((counted["n"] + counted["estimate"]).max())
    most = results.pick(rows, group=group)["n"].max()
    return 0 if pd.isna(most) else int(most)


def sapho_outcomes(rows, study) -> Prose:
    """Say how the outcomes of SAPHO syndrome changed in those who have it, at the primary week."""
    rows = results.pick(rows, analysis="sapho", week=study.schedule.primary)
    said = [
        _sapho_outcome(results.pick(rows, outcome=code), study)
        for code in rows["outcome"].drop_duplicates()
    ]
    said = Prose("; ".join(filter(None, said)))
    if not said.text:
        return said
    week = text.count(study.schedule.primary)
    return WORDS.say("sapho.outcomes", study, rows.iloc[0], listed=said, week=week)


def _sapho_outcome(rows, study) -> str:
    row = first(rows, statistic="mean_change")
    if not usable(row):
        return ""
    way = {-1: "fell", 0: "unclear", 1: "rose"}[_side(row)]
    entry = "alone" if text.is_missing(row["ci_low"]) else way
    test = first(rows, statistic="paired_t")
    tested = test is not None and not text.is_missing(test["p_value"])
    p = WORDS.say("sapho.paired_t", study, rows=rows) if tested else Prose("")
    return WORDS.say(f"sapho.{entry}", study, row, rows, test=p).text


def _side(row) -> int:
    """Tell where an interval lies: −1 below 0, 1 above, 0 where it holds 0 or there is none."""
    return int(row["ci_low"] > 0) - int(row["ci_high"] < 0)


def sapho_features(rows, study) -> Prose:
    """Say which features of SAPHO syndrome those who have it have."""
    rows = results.pick(rows, analysis="sapho", outcome=list(SAPHO_FEATURES))
    if rows.empty:
        asked = text.listed([study.label(field).lower() for field in SAPHO_FEATURES])
        return WORDS.say("sapho.no_features", study, asked=asked)
    said = [
        WORDS.say("sapho.feature", study, row, share=WORDS.share(study, row)).text
        for _, row in rows.iterrows()
    ]
    return WORDS.say("sapho.features", study, rows.iloc[0], listed=Prose(text.listed(said)))


def _minus(rows, study) -> Prose:
    one, other = names.pair(study, rows["group"].iloc[0])
    return WORDS.say("minus", study, first=one, second=other)


def _here(rows, study, outcome, week):
    """Pick the differences of one outcome and week; name what a sentence on them needs."""
    outcome = outcome or study.endpoints.primary
    week = study.schedule.primary if week is None else week
    rows = results.pick(rows, analysis="group_difference", outcome=outcome, week=week)
    return rows, {"outcome": names.inside(study, outcome), "week": text.count(week)}


def group_difference(rows, study, outcome: str | None = None, week: int | None = None) -> Prose:
    """Say which group did better, or, where the interval holds 0, that this is unclear.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``group_difference``; with those of ``change`` of the groups, whether both
        improved.
    outcome : str, optional
        A score, or a responder target; the primary endpoint unless given.
    week : int, optional
        The primary week unless given.
    """
    everything = rows
    rows, about = _here(rows, study, outcome, week)
    if rows.empty:
        return WORDS.say("difference.absent", study, **about)
    kind, main, test = "score", first(rows, statistic="welch"), "permutation"
    if "newcombe" in set(rows["statistic"]):
        kind, main, test = "share", first(rows, statistic="newcombe"), "fisher_midp"
    if not usable(main):
        return WORDS.say("difference.empty", study, main, **about)
    about |= _direction(main, study) | {"test": _test(rows, study, test)}
    if kind == "share" and (alike := _alike(main, everything, study)):
        entry = alike
    elif not _side(main):
        entry = f"{kind}_alone" if text.is_missing(main["ci_low"]) else f"{kind}_unclear"
    elif kind == "score":
        entry = "score_improved" if _both_improved(main, everything, study) else "score_better"
    else:
        entry = "share"
    return WORDS.say(f"difference.{entry}", study, main, rows, **about)


def _direction(row, study) -> dict:
    """Name the group that did better, the other, and the difference as a size above 0."""
    pair = [_who(study, name) for name in names.pair(study, row["group"])]
    if _sign(row["outcome"], study) * row["estimate"] > 0:
        pair.reverse()
    size = row.copy()
    if row["estimate"] < 0:
        size[["estimate", "ci_low", "ci_high"]] = -row[["estimate", "ci_high", "ci_low"]].to_numpy()
    return {"better": pair[0], "other": pair[1], "size": size}


def _sign(code: str, study) -> int:
    """Give 1 where less is better, −1 where more is: a response, and a score that says so."""
    return -1 if code in targets(study) else outcomes(study)[code].sign


def _both_improved(row, rows, study) -> bool:
    groups = names.groups(rows, study)
    where = {"analysis": "change", "statistic": "mean_change", "missing": "observed"}
    changes = results.pick(rows, outcome=row["outcome"], week=row["week"], group=groups, **where)
    sign = _sign(row["outcome"], study)
    return len(changes) == 2 and bool((sign * changes["estimate"] < 0).all())


def _alike(row, rows, study) -> str:
    """Name the entry where nobody, or everybody, in both groups responded; else nothing."""
    where = {"analysis": "responder", "statistic": "clopper_pearson", "missing": "observed"}
    groups = names.groups(rows, study)
    each = results.pick(rows, outcome=row["outcome"], week=row["week"], group=groups, **where)
    hits, n = each["events"].sum(), each["n"].sum()
    if not n or hits not in (0, n):
        return ""
    return "share_all" if hits else "share_none"


def _test(rows, study, statistic) -> Prose:
    row = first(rows, statistic=statistic)
    if row is None or text.is_missing(row["p_value"]):
        return Prose("")
    return WORDS.say(f"difference.{statistic}", study, row, rows)


def ancova(rows, study, outcome: str | None = None, week: int | None = None) -> Prose:
    """Say which group did better at the same baseline, and whether that depends on the baseline."""
    rows, about = _here(rows, study, outcome, week)
    row = first(rows, statistic="ancova")
    if row is None:
        return WORDS.say("ancova.absent", study, **about)
    if not usable(row):
        return WORDS.say("ancova.empty", study, row, **about)
    entry = "alone" if text.is_missing(row["ci_low"]) else "unclear"
    about |= {"minus": _minus(rows, study)}
    unclear = WORDS.say(f"ancova.{entry}", study, row, rows, **about)
    said = _adjusted(row, study) if _side(row) else unclear
    unadjusted = first(rows, statistic="welch")
    if usable(unadjusted) and row["estimate"] * unadjusted["estimate"] < 0:
        said += WORDS.say("ancova.turned", study, row, rows)
    slopes = first(rows, statistic="ancova_interaction")
    if usable(slopes) and not text.is_missing(slopes["ci_low"]):
        entry = "slopes" if _side(slopes) else "slopes_unclear"
        said += WORDS.say(f"ancova.{entry}", study, row, rows)
    return said


def _adjusted(row, study) -> Prose:
    return WORDS.say("ancova.better", study, row, **_direction(row, study))


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
