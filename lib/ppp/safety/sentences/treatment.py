"""Sentences on how long patients were treated, and why they stopped."""

from ppp import results
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.text import markdown as md
from ppp.results import first, usable
from ppp.safety.harms import days

STILL = "no stop recorded"


def exposure(rows, study) -> Prose:
    """Say how long the patients were on treatment.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``exposure``.
    study : Study
    """
    found = results.pick(rows, analysis="exposure", outcome="patient_years")
    total = first(found, statistic="sum")
    if not usable(total):
        return Prose("Time on treatment was not recorded.")
    return Prose(
        f"**{text.plural(total['n'], 'patient')}** took {md(study.drug)} for "
        f"**{text.number(total['estimate'])}** patient-years in all{_days(found)}."
    )


def _days(found) -> str:
    median, low, high = (first(found, statistic=s) for s in ("median", "min", "max"))
    if not usable(median):
        return ""
    told = f"; median {days(median['estimate'])} days"
    if not usable(low) or not usable(high):
        return told
    ends = (days(row["estimate"]) for row in (low, high))
    return f"{told} (range {' to '.join(ends)})"


def stop_reasons(rows, study, *, limit: int = 10) -> Prose:
    """Say how many patients stopped and why, the most frequent reason first.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``exposure`` of outcome ``stop_reason``.
    study : Study
    limit : int
        Reasons that are named.
    """
    found = results.pick(rows, analysis="exposure", outcome="stop_reason", statistic="count")
    found = found[found["estimate"].notna()]
    if found.empty:
        return Prose("Neither a date nor a reason of stopping was recorded.")
    n, stopped = found["n"].max(), found[(found["level"] != STILL) & (found["events"] > 0)]
    if stopped.empty:
        return Prose(f"No stop of treatment was recorded in any of **{text.count(n)}** patients.")
    told = [
        f"{md(names.term(r['level']))} {text.count(r['events'])}"
        for _, r in stopped.head(limit).iterrows()
    ]
    if len(stopped) > limit:
        told.append(f"{text.plural(len(stopped) - limit, 'further reason')} in the table")
    return Prose(
        f"**{text.count(stopped['events'].sum())} of {text.count(n)}** patients stopped treatment: "
        f"{text.listed(told)}."
    )
