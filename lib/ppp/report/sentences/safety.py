"""Sentences on safety: zero events get one bound, "not recorded" is said, never "none"."""

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
    """Say how many patients had a kind of event, with the exact interval; zero gets one bound.

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
        return Prose(_zero(row, outcome))
    return Prose(
        f"**{text.of(row)}** patients ({text.percent(row['estimate'])}; exact 95% CI "
        f"{text.percent_interval(row)}) had {NOUNS[outcome]}."
    )


def _zero(row, outcome: str) -> str:
    return (
        f"No patient had {NOUNS[outcome]}: **{text.of(row)}** (two-sided exact 95% upper limit "
        f"{text.percent(row['ci_high'])})."
    )


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
    """Name the most frequent terms, with patients of those exposed; ties are named together.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event`` of outcome ``term``.
    study : Study
    limit : int
        Terms that are named at least; all terms as frequent as the last of them are named too,
        unless these are so many that they are better left to the table.
    """
    found = results.pick(rows, analysis="adverse_event", outcome="term", statistic="patients")
    found = found[found["estimate"].notna() & (found["level"] != "")]
    if found.empty:
        nothing = incidence(rows, study, "any")
        return nothing if "**" in nothing.text or nothing.text == NOT_RECORDED else Prose("")
    ties = [of for _, of in found.groupby("events", sort=False)]
    ties.sort(key=lambda of: -of["events"].iloc[0])
    named, count = [], 0
    while ties and count < limit and (not named or count + len(ties[0]) <= 2 * limit):
        count += len(ties[0])
        named.append(ties.pop(0))
    if count > 2 * limit:
        each = text.of(named[0].iloc[0])
        return Prose(f"Each of {text.count(count)} terms was recorded in {each} patients.")
    left = [f"{text.plural(len(of), 'further term')} in {_patients(of)}" for of in ties[:1]]
    if len(ties) > 1:
        left = [f"{text.plural(sum(map(len, ties)), 'further term')} in the table"]
    return Prose(f"Most frequent: {'; '.join([*map(_tie, named), *left])}.")


def _tie(of) -> str:
    each = " each" if len(of) > 1 else ""
    return f"{text.listed(map(md, of['level']))} ({text.of(of.iloc[0])}{each})"


def _patients(of) -> str:
    each = " each" if len(of) > 1 else ""
    return f"{text.of(of.iloc[0])} patients{each}"


def laboratory(rows, study) -> Prose:
    """Name the tests in which patients left the reference limits, the most frequent first.

    The denominator is of patients within the limits at baseline.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``lab_shift``.
    study : Study
    """
    found = results.pick(rows, analysis="lab_shift", statistic="count").dropna(subset=["estimate"])
    if found.empty:
        return Prose("Laboratory values with reference limits were not recorded.")
    within = found[found["level"].str.startswith("normal→")]
    counts = within.pivot_table(index="outcome", columns="level", values="estimate", aggfunc="sum")
    n, out = counts.sum(axis=1), counts.drop(columns="normal→normal", errors="ignore").sum(axis=1)
    left = out[out > 0].sort_values(ascending=False, kind="stable")
    if left.empty:
        tests = text.plural(len(counts), "test")
        return Prose(f"No patient left the reference limits in any of {tests} (n = "
                     f"{text.between(n)} within them at baseline).")  # fmt: skip
    told = [f"{md(test)} {text.count(k)} of {text.count(n[test])}" for test, k in left.items()]
    quiet = "; no other test left its limits in any patient" * (len(counts) > len(left))
    return Prose(f"Within the reference limits at baseline and outside them later: "
                 f"{text.listed(told)}{quiet}.")  # fmt: skip
