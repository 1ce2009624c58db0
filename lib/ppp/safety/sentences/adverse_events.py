"""Sentences on adverse events: zero gets its bounds, "not recorded" is said, never "none"."""

from ppp import results
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.text import markdown as md
from ppp.results import first, usable
from ppp.safety.harms import NOT_RECORDED, rate, rate_interval

NOUNS = {
    "any": "an adverse event",
    "serious": "a serious adverse event",
    "grade3": "a severe adverse event (grade ≥ 3)",
    "related": "an adverse event related to treatment",
    "discontinued": "an adverse event that led to stopping treatment",
    "dose_changed": "an adverse event that led to a change of dose",
    "death": "a fatal adverse event",
}

GAP = "not recorded"


def incidence(rows, study, outcome: str = "any") -> Prose:
    """Say how many patients had a kind of event, with the exact interval; zero gets one bound.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event``.
    study : Study
    outcome : str
        A key of `NOUNS`: ``any``, ``serious``, ``grade3``, ``related``, ``discontinued``,
        ``dose_changed`` or ``death``.
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
        return Prose(
            f"No patient had {NOUNS[outcome]}: **{text.of(row)}** ({bound(row)}{_gap(row)})."
        )
    told = f"**{text.of(row)}** patients ({share(row)}{_gap(row)})"
    return Prose(f"{told} had {NOUNS[outcome]}.")


def _gap(row) -> str:
    """Repeat what a row says of fields that were not recorded for every event."""
    return "".join(f"; {md(words)}" for words in row["note"].split("; ") if GAP in words)


def share(row) -> str:
    """Write a share with its exact interval."""
    return f"{text.percent(row['estimate'])}; exact 95% CI {text.percent_interval(row)}"


def bound(row) -> str:
    """Write the upper bound of a zero."""
    return f"two-sided exact 95% upper limit {text.percent(row['ci_high'])}"


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
    severe, serious = (incidence(rows, study, kind) for kind in ("grade3", "serious"))
    return severe + serious + Prose(difference)


def grades(rows, study) -> Prose:
    """Say how many patients had each grade as their worst, and bound the grades nobody had.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event`` of outcome ``grade``.
    study : Study
    """
    found = results.pick(rows, analysis="adverse_event", outcome="grade", statistic="patients")
    found = found[found["estimate"].notna()]
    if found.empty:
        nothing = incidence(rows, study, "any").text
        other = "Grades of adverse events were not recorded."
        return Prose(NOT_RECORDED if nothing == NOT_RECORDED else other)
    by = {row["level"]: row for _, row in found.iterrows()}
    had = [
        f"grade {g} in **{text.of(by[g])}** ({share(by[g])})"
        for g in "12345"
        if g in by and by[g]["events"]
    ]
    none = [g for g in "12345" if g in by and not by[g]["events"]]
    if none:
        each = " each" if len(none) > 1 else ""
        had.append(
            f"{'grades' if each else 'grade'} {text.listed(none)} in none of "
            f"{text.count(by[none[0]]['n'])} ({bound(by[none[0]])}{each})"
        )
    if "unknown" in by and by["unknown"]["events"]:
        had.append(f"no grade recorded in {text.of(by['unknown'])}")
    return Prose(f"By each patient’s worst grade: {'; '.join(had)}.")


def first_rate(rows, study, outcome: str = "any") -> Prose:
    """Say the rate of first events per 100 patient-years at risk, empty where there is none.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event``.
    study : Study
    outcome : str
        As of `incidence`.
    """
    found = results.pick(rows, analysis="adverse_event", outcome=outcome, level="")
    row = first(found, statistic="rate_per_100_py")
    if not usable(row):
        return Prose("")
    if row["events"] == 0:
        one = first(found, statistic="rate_upper_one_sided")
        more = f"; one-sided 95% bound {rate(one['ci_high'])}" if usable(one) else ""
        high = rate(row["ci_high"])
        return Prose(
            f"Rate of first events: **0** per 100 patient-years at risk (two-sided exact "
            f"95% upper limit {high}{more})."
        )
    return Prose(
        f"Rate of first events: **{rate(row['estimate'])}** per 100 patient-years at "
        f"risk (exact 95% CI {rate_interval(row)})."
    )


def _higher(once, every) -> Prose:
    if not usable(once) or once["estimate"] <= every["estimate"]:
        return Prose("")
    return Prose("First events use less time at risk, so theirs is the higher rate.")


def rates(rows, study, outcome: str = "any") -> Prose:
    """Say the rates of first and of all events, and what these rates cannot tell.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event``.
    study : Study
    outcome : str
        As of `incidence`.
    """
    every = first(
        rows, analysis="adverse_event", outcome=outcome, level="", statistic="event_rate_per_100_py"
    )
    told = first_rate(rows, study, outcome)
    if usable(every) and every["events"]:
        told += Prose(
            f"All {text.count(every['events'])} events with onset during treatment: "
            f"**{rate(every['estimate'])}** per 100 patient-years of treatment (exact 95% CI "
            f"{rate_interval(every)}); repeated events of one patient are not independent, so "
            "this interval is too narrow."
        )
        told += _higher(
            first(
                rows,
                analysis="adverse_event",
                outcome=outcome,
                level="",
                statistic="rate_per_100_py",
            ),
            every,
        )
    if not told.text:
        nothing = incidence(rows, study, outcome)
        return nothing if "**" not in nothing.text else Prose("No rate can be given.")
    return told + Prose(
        "A rate holds for the time that was observed; it does not tell what longer treatment "
        "would bring."
    )
