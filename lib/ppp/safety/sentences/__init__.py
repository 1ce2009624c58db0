"""Sentences of page 04: what it shows first, what it cannot show, and each exhibit in words."""

from ppp import results
from ppp.laboratory import sentences as laboratory
from ppp.report import names, text
from ppp.report.prose import Prose, bullets
from ppp.report.text import markdown as md
from ppp.results import first, usable
from ppp.safety.sentences.events import (
    absent,
    categories,
    grades,
    incidence,
    outside_treatment,
    partial_dates,
    rates,
    severe_and_serious,
    special_interest,
    terms,
    uncaught,
)
from ppp.safety.window import WORDS, recorded, window

__all__ = [
    "exposure",
    "glossary",
    "grades",
    "incidence",
    "key_results",
    "limits",
    "outside_treatment",
    "partial_dates",
    "rates",
    "severe_and_serious",
    "special_interest",
    "stop_reasons",
    "terms",
    "time_to_event",
    "uncaught",
]
APART = 0.05


def limits(study) -> Prose:
    """List what this page cannot show."""
    return WORDS.limits(study, **window(study))


def glossary(rows, study):
    """Explain the terms of this page."""
    return WORDS.glossary(study, rows)


def key_results(rows, study) -> Prose:
    """Give the key results of the safety report, each with its interval; say a gap once."""
    events = [absent(study)]
    if recorded(rows):
        events = [
            incidence(rows, study, "any") + _by_primary(rows, study),
            incidence(rows, study, "grade3") + incidence(rows, study, "serious"),
            categories(rows, study, brief=True),
        ]
    tests = laboratory.graded(rows, study).text or laboratory.laboratory(rows, study).text
    return bullets(exposure(rows, study).text, *dict.fromkeys(map(str, events)), tests)


def exposure(rows, study) -> Prose:
    """Say how long the patients were on treatment, from rows ``exposure``."""
    rows = results.pick(rows, analysis="exposure", outcome="patient_years")
    total = first(rows, statistic="sum")
    if not usable(total):
        return WORDS.say("exposure.absent", study)
    return WORDS.say("exposure.said", study, total, rows, n=total["n"])


def stop_reasons(rows, study, *, limit: int = 10) -> Prose:
    """Say how many patients stopped and why, the most frequent reason first, `limit` of them."""
    rows = results.pick(rows, analysis="exposure", outcome="stop_reason", statistic="count")
    rows = rows[rows["estimate"].notna()]
    if rows.empty:
        return WORDS.say("stops.absent", study)
    n = text.count(rows["n"].max())
    stopped = rows[(rows["code"] != "no_stop") & (rows["events"] > 0)]
    if stopped.empty:
        return WORDS.say("stops.none", study, n=n)
    reasons = [
        WORDS.say("stops.reason", study, row, reason=Prose(md(names.term(row["level"])))).text
        for _, row in stopped.head(limit).iterrows()
    ]
    if len(stopped) > limit:
        reasons.append(WORDS.say("stops.further", study, n=len(stopped) - limit).text)
    total = text.count(stopped["events"].sum())
    return WORDS.say("stops.said", study, n=n, stopped=total, reasons=Prose(text.listed(reasons)))


def _by_primary(rows, study) -> Prose:
    """Say the cumulative incidence by the primary week, where it is far from the plain share."""
    plain = first(rows, analysis="adverse_event", outcome="any", level="", statistic="patients")
    row = first(
        rows,
        analysis="time_to_event",
        statistic="cumulative_incidence",
        group="all",
        week=study.schedule.primary,
    )
    known = usable(plain) and usable(row) and not text.is_missing(row["ci_low"])
    apart = known and abs(plain["estimate"] - row["estimate"]) >= APART
    return _by_week(row, study) if apart else Prose("")


def time_to_event(rows, study) -> Prose:
    """Say the cumulative incidence of a first event at the latest week that was observed.

    Groups are described by their incidences and the log-rank test; no equality is claimed.
    """
    rows = results.pick(rows, analysis="time_to_event", outcome="any")
    by_week = results.pick(rows, statistic="cumulative_incidence")
    by_week = by_week[by_week["week"].notna()]
    known, whole = by_week.dropna(subset=["estimate"]), results.pick(by_week, group="all")
    seen = results.pick(known, group="all")
    if seen.empty:
        return absent(study)
    said = _by_week(seen.loc[seen["week"].astype(int).idxmax()], study)
    lost = whole.loc[whole["estimate"].isna(), "week"]
    if len(lost):
        weeks = text.listed(map(str, lost))
        said += WORDS.say("first_event.beyond", study, n=len(lost), weeks=weeks)
    return said + _groups(first(rows, statistic="log_rank"), known, study)


def _by_week(row, study) -> Prose:
    entry = "said" if row["events"] else "none"
    alone = row["events"] and text.is_missing(row["ci_low"])
    return WORDS.say(f"first_event.{entry}{'_alone' * bool(alone)}", study, row)


def _groups(test, known, study) -> Prose:
    """Set both groups' incidences at the latest week they share beside the log-rank test."""
    groups = names.groups(known, study)
    of = results.pick(known, group=groups)
    weeks = of.groupby("week")["group"].nunique()
    weeks = weeks[weeks == len(groups)].index
    if len(groups) < 2 or not len(weeks):
        return Prose("")
    week = int(weeks.max())
    at = [results.one(of, week=week, group=group) for group in groups]
    listed = Prose(text.listed(_group(row, study) for row in at))
    if not usable(test) or text.is_missing(test["p_value"]):
        return WORDS.say("first_event.groups", study, week=week, groups=listed)
    events = WORDS.say("first_event.events", study, n=test["events"])
    return WORDS.say(
        "first_event.tested", study, week=week, groups=listed, test=test, events=events
    )


def _group(row, study) -> str:
    entry = "group_alone" if text.is_missing(row["ci_low"]) else "group"
    return WORDS.say(f"first_event.{entry}", study, row).text
