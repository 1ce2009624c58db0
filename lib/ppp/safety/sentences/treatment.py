"""Sentences on time: on treatment, why it stopped, and to the first adverse event."""

from ppp import results
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.text import markdown as md
from ppp.results import first, usable
from ppp.safety.sentences.events import absent
from ppp.safety.window import WORDS

APART = 0.05


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


def by_primary(rows, study) -> Prose:
    """Say the cumulative incidence by the primary week, where it is far from the plain share.

    The two part where patients left early without an event, or were followed for longer. Empty
    where they are less than five percentage points apart.
    """
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

    Groups are described by their incidences with intervals and the log-rank test together; no
    equality is claimed. From rows ``time_to_event``.
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
