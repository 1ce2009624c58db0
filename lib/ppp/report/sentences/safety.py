"""Sentences on safety: zero events get a bound, "not recorded" is said, never "none"."""

from ppp import results
from ppp.report import names, text
from ppp.report.sentences.prose import Prose, first, usable
from ppp.report.text import markdown as md

NOUNS = {
    "any": "an adverse event",
    "serious": "a serious adverse event",
    "grade3": "a severe adverse event (grade ≥ 3)",
    "related": "an adverse event related to treatment",
    "discontinued": "an adverse event that led to stopping treatment",
    "death": "a fatal adverse event",
}
NOT_RECORDED = (
    "Adverse events were not recorded. This does not mean that none occurred; no rates are given."
)


def exposure(rows, study) -> Prose:
    """Say how long the patients were on treatment.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``exposure``.
    study : Study
    """
    found = results.pick(rows, analysis="exposure", outcome="patient_years")
    total, median = first(found, statistic="sum"), first(found, statistic="median")
    if not usable(total):
        return Prose("Time on treatment was not recorded.")
    days = f"; median {text.number(365.25 * median['estimate'], 0)} days" if usable(median) else ""
    return Prose(
        f"**{text.plural(total['n'], 'patient')}** took {md(study.drug)} for "
        f"**{text.number(total['estimate'])}** patient-years in all{days}."
    )


def incidence(rows, study, outcome: str = "any") -> Prose:
    """Say how many patients had a kind of event, with the exact interval; zero gets its bound.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event``.
    study : Study
    outcome : str
        ``any``, ``serious``, ``grade3``, ``related``, ``discontinued`` or ``death``.
    """
    found = results.pick(rows, analysis="adverse_event", outcome=outcome, level="")
    row = first(found, statistic="patients")
    if row is None:
        return Prose(NOT_RECORDED)
    if not usable(row):
        if outcome == "any":
            return Prose(NOT_RECORDED)
        why = md(row["note"]) or "not recorded"
        return Prose(f"{names.AE_NAMES[outcome]}: {why}.")
    if row["events"] == 0:
        return Prose(_zero(row, found, outcome))
    return Prose(
        f"**{text.of(row)}** patients ({text.percent(row['estimate'])}; exact 95% CI "
        f"{text.percent_interval(row)}) had {NOUNS[outcome]}."
    )


def _zero(row, found, outcome: str) -> str:
    bounds = [
        (first(found, statistic="upper_one_sided"), "one-sided 95% bound"),
        (first(found, statistic="rule_of_three"), "rule of three"),
    ]
    told = [f"{name} {text.percent(_bound(b))}" for b, name in bounds if b is not None]
    more = f" ({', '.join(told)})" if told else ""
    return (
        f"No patient had {NOUNS[outcome]}: **{text.of(row)}**; the two-sided exact 95% interval "
        f"reaches {text.percent(row['ci_high'])}{more}."
    )


def _bound(row):
    return row["estimate"] if text.is_missing(row["ci_high"]) else row["ci_high"]


def severe_and_serious(rows, study) -> Prose:
    """Say how many had severe and how many had serious events, and that these are two things.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event``.
    study : Study
    """
    if incidence(rows, study, "any").text == NOT_RECORDED:
        return Prose(NOT_RECORDED)
    difference = (
        "Severe is the grade of an event's intensity, serious its regulatory category; "
        "they are counted apart."
    )
    return incidence(rows, study, "grade3") + incidence(rows, study, "serious") + Prose(difference)


def terms(rows, study, *, limit: int = 5) -> Prose:
    """Name the most frequent terms, with patients of those exposed.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event`` of outcome ``term``.
    study : Study
    limit : int
        Terms that are named.
    """
    found = results.pick(rows, analysis="adverse_event", outcome="term", statistic="patients")
    found = found[found["estimate"].notna() & (found["level"] != "")]
    if found.empty:
        nothing = incidence(rows, study, "any")
        return nothing if "**" in nothing.text or nothing.text == NOT_RECORDED else Prose("")
    top = found.sort_values("estimate", ascending=False, kind="stable").head(limit)
    told = text.listed(f"{md(r['level'])} ({text.of(r)})" for _, r in top.iterrows())
    more = len(found) - len(top)
    rest = f"; {text.plural(more, 'further term')} in the table" if more else ""
    return Prose(f"Most frequent: {told}{rest}.")


def laboratory(rows, study) -> Prose:
    """Say, test by test, how many moved from normal to outside the reference limits.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``lab_shift``.
    study : Study
    """
    found = results.pick(rows, analysis="lab_shift", statistic="count")
    if found["estimate"].isna().all():
        return Prose("Laboratory values with reference limits were not recorded.")
    told, quiet = [], 0
    for test in found["outcome"].unique():
        of = results.pick(found, outcome=test).dropna(subset=["estimate"])
        counts = of.set_index("level")["estimate"]
        out = counts.get("normal→low", 0) + counts.get("normal→high", 0)
        quiet += int(len(of) > 0 and out == 0)
        if out:
            told.append(f"{md(test)} {text.count(out)} of {text.count(of['n'].max())}")
    none = f"no patient in {text.plural(quiet, 'other test' if told else 'test')}"
    shown = "; ".join([*([text.listed(told)] if told else []), *([none] if quiet else [])])
    return Prose(f"Within the limits at baseline and outside them later: {shown}.")
