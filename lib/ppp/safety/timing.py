"""Sentences of page 04 on time: how long patients were treated, why they stopped, first events."""

from ppp import results
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.results import first, usable
from ppp.safety.window import WORDS, absent, crude, harms, listed, term, undated

NOTHING = Prose("")
APART = 0.05


def exposure(rows, study) -> Prose:
    """Say how long the patients were on treatment, from rows ``exposure``."""
    rows = results.pick(rows, analysis="exposure", outcome="patient_years")
    total = first(rows, statistic="sum")
    if not usable(total):
        return WORDS.say("exposure.absent", study)
    return WORDS.say("exposure.said", study, total, rows, n=total["n"])


def doses(rows, study) -> Prose:
    """Say how many patients started with which dose, and how the end of treatment was found."""
    rows = results.pick(rows, analysis="exposure")
    whole = first(rows, outcome="patient_years", statistic="sum")
    if not usable(whole):
        return exposure(rows, study)
    counts = results.pick(rows, outcome="dose_mg", statistic="count")
    years = results.pick(rows, outcome="dose_mg", statistic="sum").set_index("level")
    each = []
    for _, row in counts.iterrows():
        n, entry = text.count(row["estimate"]), "dose" if row["level"].isdigit() else "dose_words"
        of = {"dose": row["level"], "n": n}
        each.append(WORDS.say(f"exposure.{entry}", study, years.loc[row["level"]], **of))
    entry = "exposure.doses" if each else "exposure.no_dose"
    said = WORDS.say(entry, study, doses=listed(each))
    if not whole["method"]:
        return said
    return said + WORDS.say("exposure.basis", study, whole, method=whole["method"])


def stop_reasons(rows, study, *, limit: int = 10) -> Prose:
    """Say how many patients stopped and why, the most frequent reason first, `limit` of them."""
    rows = results.pick(rows, analysis="exposure", outcome="stop_reason", statistic="count")
    rows = rows.dropna(subset=["estimate"])
    if rows.empty:
        return WORDS.say("stops.absent", study)
    n = text.count(rows["n"].max())
    stopped = rows[(rows["code"] != "no_stop") & (rows["events"] > 0)]
    if stopped.empty:
        return WORDS.say("stops.none", study, n=n)
    reasons = [
        WORDS.say("stops.reason", study, row, reason=term(row["level"]))
        for _, row in stopped.head(limit).iterrows()
    ]
    if len(stopped) > limit:
        reasons.append(WORDS.say("stops.further", study, n=len(stopped) - limit))
    total = text.count(stopped["events"].sum())
    return WORDS.say("stops.said", study, n=n, stopped=total, reasons=listed(reasons))


def by_primary(rows, study) -> Prose:
    """Say the cumulative incidence by the primary week, where it is far from the plain share."""
    plain = first(harms(rows, outcome="any", level="", statistic="patients"))
    whole = results.pick(rows, analysis="time_to_event", group="all")
    row = first(whole, statistic="cumulative_incidence", week=study.schedule.primary)
    known = usable(plain) and usable(row) and not crude(rows) and not text.is_missing(row["ci_low"])
    apart = known and abs(plain["estimate"] - row["estimate"]) >= APART
    return _by_week(row, study) if apart else NOTHING


def time_to_event(rows, study) -> Prose:
    """Say the cumulative incidence of a first event at the latest week that was observed.

    Groups are described by their incidences and the log-rank test; no equality is claimed. Empty
    where nobody left without an event, or none carries a date: `events` says it.
    """
    if undated(rows):
        return NOTHING
    rows = results.pick(rows, analysis="time_to_event", outcome="any")
    by_week = results.pick(rows, statistic="cumulative_incidence")
    known, everyone = by_week.dropna(subset=["estimate"]), results.pick(by_week, group="all")
    lost = everyone.loc[everyone["estimate"].isna(), "week"].dropna()
    seen = everyone.dropna(subset=["estimate"])
    if seen.empty:
        there = len(everyone) and "not_recorded" not in everyone["code"].iloc[0].split()
        return WORDS.say("first_event.unknown", study, everyone.iloc[0]) if there else absent(study)
    if crude(rows):
        return NOTHING
    said = _by_week(seen.loc[seen["week"].astype(int).idxmax()], study)
    if len(lost):
        weeks = text.listed(map(str, lost))
        said += WORDS.say("first_event.beyond", study, n=len(lost), weeks=weeks)
    said += _groups(first(rows, statistic="log_rank"), known, study)
    return said + _partial_first(rows, study)


def _partial_first(rows, study) -> Prose:
    """Say how many first events have no exact date, and how many of these count on day 0."""
    rows = results.pick(rows, analysis="time_to_event")
    partial, on_first = (first(rows, statistic=name) for name in ("first_partial", "on_day_0"))
    if not usable(partial) or not partial["events"]:
        return NOTHING
    parts = {"all": text.count(partial["n"]), "on_first": text.count(on_first["events"])}
    return WORDS.say("first_event.partial", study, n=partial["events"], **parts)


def shares(rows, study) -> Prose:
    """Say how many had had a first event by each week, where nobody left without one before."""
    if not crude(rows):
        return NOTHING
    here = results.pick(rows, analysis="time_to_event", group="all")
    weeks = results.pick(here, statistic="cumulative_incidence")
    rows = [row for _, row in weeks.iterrows()]
    entries = ["share", *["share_next"] * (len(rows) - 1)]
    each = zip(entries, rows, strict=True)
    said = [WORDS.say(f"first_event.{entry}", study, row) for entry, row in each]
    return WORDS.say("first_event.shares", study, shares=listed(said)) + _partial_first(here, study)


def _by_week(row, study) -> Prose:
    alone = "_alone" if text.is_missing(row["ci_low"]) else ""
    return WORDS.say(f"first_event.{f'said{alone}' if row['events'] else 'none'}", study, row)


def _groups(test, known, study) -> Prose:
    """Set both groups' incidences at the latest week they share beside the log-rank test."""
    groups = names.groups(known, study)
    weeks = results.pick(known, group=groups).groupby("week")["group"].nunique()
    weeks = weeks[weeks == len(groups)].index
    if len(groups) < 2 or not len(weeks):
        return NOTHING
    week = int(weeks.max())
    at = [results.one(known, week=week, group=group) for group in groups]
    entries = [_entry(row) for row in at]
    said = [WORDS.say(f"first_event.{x}", study, row) for x, row in zip(entries, at, strict=True)]
    parts = {"week": week, "groups": listed(said)}
    if not usable(test) or text.is_missing(test["p_value"]):
        return WORDS.say("first_event.groups", study, **parts)
    events = WORDS.say("first_event.events", study, n=test["events"])
    return WORDS.say("first_event.tested", study, test=test, events=events, **parts)


def _entry(row) -> str:
    if text.few(row):
        return "group_few"
    return "group_alone" if text.is_missing(row["ci_low"]) else "group"
