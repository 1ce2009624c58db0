"""Sentences of page 04: zero gets its bounds, "not recorded" is said, never "none"."""

from ppp import results
from ppp.laboratory import sentences as laboratory
from ppp.report import names, text
from ppp.report.prose import Prose, bullets
from ppp.results import first, usable
from ppp.safety.window import WORDS, placed, recorded, window

NOTHING = Prose("")
APART = 0.05
OUTSIDE = ("before_treatment", "after_window")


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
    rows = rows.dropna(subset=["estimate"])
    if rows.empty:
        return WORDS.say("stops.absent", study)
    n = text.count(rows["n"].max())
    stopped = rows[(rows["code"] != "no_stop") & (rows["events"] > 0)]
    if stopped.empty:
        return WORDS.say("stops.none", study, n=n)
    reasons = [
        WORDS.say("stops.reason", study, row, reason=_term(row["level"]))
        for _, row in stopped.head(limit).iterrows()
    ]
    if len(stopped) > limit:
        reasons.append(WORDS.say("stops.further", study, n=len(stopped) - limit))
    total = text.count(stopped["events"].sum())
    return WORDS.say("stops.said", study, n=n, stopped=total, reasons=_listed(reasons))


def _by_primary(rows, study) -> Prose:
    """Say the cumulative incidence by the primary week, where it is far from the plain share."""
    plain = first(_of(rows, outcome="any", level="", statistic="patients"))
    whole = results.pick(rows, analysis="time_to_event", group="all")
    row = first(whole, statistic="cumulative_incidence", week=study.schedule.primary)
    known = usable(plain) and usable(row) and not text.is_missing(row["ci_low"])
    apart = known and abs(plain["estimate"] - row["estimate"]) >= APART
    return _by_week(row, study) if apart else NOTHING


def time_to_event(rows, study) -> Prose:
    """Say the cumulative incidence of a first event at the latest week that was observed.

    Groups are described by their incidences and the log-rank test; no equality is claimed.
    """
    rows = results.pick(rows, analysis="time_to_event", outcome="any")
    by_week = results.pick(rows, statistic="cumulative_incidence").dropna(subset=["week"])
    known, whole = by_week.dropna(subset=["estimate"]), results.pick(by_week, group="all")
    lost, seen = whole.loc[whole["estimate"].isna(), "week"], whole.dropna(subset=["estimate"])
    if seen.empty:
        return absent(study)
    said = _by_week(seen.loc[seen["week"].astype(int).idxmax()], study)
    if len(lost):
        weeks = text.listed(map(str, lost))
        said += WORDS.say("first_event.beyond", study, n=len(lost), weeks=weeks)
    return said + _groups(first(rows, statistic="log_rank"), known, study)


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
    entries = ["group_alone" if text.is_missing(row["ci_low"]) else "group" for row in at]
    said = [WORDS.say(f"first_event.{x}", study, row) for x, row in zip(entries, at, strict=True)]
    parts = {"week": week, "groups": _listed(said)}
    if not usable(test) or text.is_missing(test["p_value"]):
        return WORDS.say("first_event.groups", study, **parts)
    events = WORDS.say("first_event.events", study, n=test["events"])
    return WORDS.say("first_event.tested", study, test=test, events=events, **parts)


def _of(rows, **where):
    return results.pick(rows, analysis="adverse_event", **where)


def _patients(rows, outcome: str):
    """Pick the patients of each name of an outcome."""
    rows = _of(rows, outcome=outcome, statistic="patients")
    return rows[rows["estimate"].notna() & (rows["level"] != "")]


def _listed(parts) -> Prose:
    return Prose(text.listed(map(str, parts)))


def _term(level: str) -> Prose:
    return Prose(text.markdown(names.term(level)))


def absent(study) -> Prose:
    """Say that adverse events were not recorded."""
    return WORDS.say("absent", study)


def incidence(rows, study, outcome: str = "any") -> Prose:
    """Say how many patients had a kind of event, with the exact interval; zero gets one bound."""
    row = first(_of(rows, outcome=outcome, level="", statistic="patients"))
    if row is None or (outcome == "any" and not usable(row)):
        return absent(study)
    if not usable(row):
        return WORDS.say("incidence.unknown", study, row, kind=WORDS[f"kinds.{outcome}"])
    k, _, n = row["code"].partition("gap:")[2].partition("/")
    gap = WORDS.say("incidence.gap", study, k=k, all=n) if k else NOTHING
    entry = "said" if row["events"] else "none"
    noun = Prose(WORDS[f"nouns.{outcome}"])
    return WORDS.say(f"incidence.{entry}", study, row, noun=noun, gap=gap)


def severe_and_serious(rows, study) -> Prose:
    """Say how many had severe and how many had serious events, and that these are two things."""
    if not recorded(rows):
        return absent(study)
    both = incidence(rows, study, "grade3") + incidence(rows, study, "serious")
    return both + WORDS.say("incidence.difference", study)


def grades(rows, study) -> Prose:
    """Say how many patients had each grade as their worst, and bound the grades nobody had."""
    by = {row["level"]: row for _, row in _patients(rows, "grade").iterrows()}
    if not by:
        return WORDS.say("worst.absent", study) if recorded(rows) else absent(study)
    unknown = by.pop("unknown", None)
    some = {level: row for level, row in by.items() if row["events"]}
    had = [WORDS.say("worst.grade", study, row, level=level) for level, row in some.items()]
    none = [level for level in by if level not in some]
    if none:
        row = by[none[0]]
        parts = {"n": len(none), "grades": text.listed(none), "exposed": text.count(row["n"])}
        had.append(WORDS.say("worst.none", study, row, **parts))
    if unknown is not None and unknown["events"]:
        had.append(WORDS.say("worst.unknown", study, unknown))
    return WORDS.say("worst.said", study, grades=Prose("; ".join(map(str, had))))


def rates(rows, study, outcome: str = "any") -> Prose:
    """Say the rates of first and of all events, and what these rates cannot tell."""
    here = _of(rows, outcome=outcome, level="")
    once = first(here, statistic="rate_per_100_py")
    every = first(here, statistic="event_rate_per_100_py")
    said = NOTHING
    if usable(once):
        bounded = usable(first(here, statistic="rate_upper_one_sided"))
        entry = "first" if once["events"] else "none" if bounded else "none_alone"
        said += WORDS.say(f"rates.{entry}", study, once, here)
    if usable(every) and every["events"]:
        said += WORDS.say("rates.all", study, every, here)
        if usable(once) and once["estimate"] > every["estimate"]:
            said += WORDS.say("rates.higher", study)
    if said.text:
        return said + WORDS.say("rates.caution", study)
    if usable(first(here, statistic="patients")):
        return WORDS.say("rates.absent", study)
    return incidence(rows, study, outcome)


def terms(rows, study, *, limit: int = 5) -> Prose:
    """Name the most frequent terms, `limit` at least, with patients of those exposed.

    Terms as frequent as the last are named too, unless they are better left to the table.
    """
    had = _patients(rows, "term")
    if had.empty:
        return incidence(rows, study, "any")
    ties = [tie for _, tie in had.groupby("events", sort=False)]
    ties.sort(key=lambda tie: -tie["events"].iloc[0])
    named, count = [], 0
    while ties and count < limit and (not named or count + len(ties[0]) <= 2 * limit):
        count += len(ties[0])
        named.append(ties.pop(0))
    if count > 2 * limit:
        return WORDS.say("terms.many", study, named[0].iloc[0], terms=text.count(count))
    listed = [(tie, {"n": len(tie), "terms": _listed(map(_term, tie["level"]))}) for tie in named]
    said = [WORDS.say("terms.tie", study, tie.iloc[0], **parts) for tie, parts in listed]
    if len(ties) == 1:
        said.append(WORDS.say("terms.left", study, ties[0].iloc[0], n=len(ties[0])))
    elif ties:
        further = WORDS.say("count.further_terms", study, n=sum(map(len, ties)))
        said.append(WORDS.say("terms.left_more", study, further=further))
    return WORDS.say("terms.frequent", study, terms=Prose("; ".join(map(str, said))))


def uncaught(rows, study, *, limit: int = 20) -> Prose:
    """List the terms, `limit` at most, that no category and no organ class sorts."""
    left = _patients(rows, "uncaught")
    if left.empty:
        some = len(_patients(rows, "term"))
        return WORDS.say("uncaught.none", study) if some else terms(rows, study)
    said = [
        WORDS.say("uncaught.term", study, row, term=_term(row["level"]))
        for _, row in left.head(limit).iterrows()
    ]
    if len(left) > limit:
        said.append(WORDS.say("uncaught.more", study, left=text.count(len(left) - limit)))
    return WORDS.say("uncaught.said", study, n=len(left), terms=_listed(said))


def special_interest(rows, study) -> Prose:
    """Say which events of special interest, and which common ones, occurred."""
    if _of(rows, outcome="interest", statistic="patients")["estimate"].isna().all():
        return absent(study)
    said = categories(rows, study) + categories(rows, study, "common")
    return said + WORDS.say("by_words", study)


def categories(rows, study, outcome: str = "interest", *, brief: bool = False) -> Prose:
    """Name the categories that occurred, with their intervals, and bound those that did not.

    `outcome` is ``interest`` or ``common``; `brief` gives the interval of the first alone.
    """
    rows = _of(rows, outcome=outcome, statistic="patients")
    known = rows.dropna(subset=["estimate"])
    if known.empty:
        return NOTHING if outcome == "common" else absent(study)
    had = known[known["events"] > 0].sort_values("events", ascending=False, kind="stable")
    said, entry = NOTHING, f"categories.{outcome}"
    if len(had):
        each = [row for _, row in had.iterrows()]
        listed = "; ".join(_category(row, study, brief and row is not each[0]) for row in each)
        kind = "brief" if brief and len(had) > 1 else "had"
        said += WORDS.say(f"{entry}.{kind}", study, categories=Prose(listed))
    none = known[known["events"] == 0]
    if len(none):
        kind = "categories.others" if len(had) else f"{entry}.none"
        kind = "categories.one" if len(none) == 1 else kind
        row, left = none.iloc[0], text.count(len(none))
        said += WORDS.say(kind, study, row, left=left, category=_term(row["level"]))
    return said + _unknown(rows, study)


def _category(row, study, brief: bool) -> str:
    entry = "category_brief" if brief else "category"
    return WORDS.say(f"categories.{entry}", study, row, category=_term(row["level"])).text


def _unknown(rows, study) -> Prose:
    """Name the categories that need what was not recorded, or not for every event."""
    unknown = rows["estimate"].isna() | rows["code"].str.contains("gap:", regex=False)
    said = []
    for note, of in rows[unknown & (rows["level"] != "")].groupby("note", sort=False):
        parts = {"categories": _listed(map(_term, of["level"])), "why": note or text.NOT_ESTIMABLE}
        said.append(WORDS.say("categories.unknown", study, **parts).text)
    return Prose(" ".join(said))


def outside_treatment(rows, study, *, limit: int = 10) -> Prose:
    """Say which events lie before the first dose or after the window, with some terms of each."""
    totals = _of(rows, statistic="event_count", level="", outcome=OUTSIDE).dropna(subset="estimate")
    if totals.empty:
        return NOTHING if recorded(rows) else absent(study)
    ends, said = window(study), []
    for outcome, n in totals.loc[totals["estimate"] != 0, ["outcome", "estimate"]].to_numpy():
        examples = _examples(_patients(rows, outcome), study, limit)
        said.append(WORDS.say(f"outside.{outcome}", study, n=n, examples=examples, **ends))
    if not said:
        return WORDS.say("outside.none", study, **ends)
    return WORDS.say("outside.said", study, n=totals["estimate"].sum(), parts=_listed(said))


def _examples(rows, study, limit: int) -> Prose:
    said = [_term(level) for level in rows["level"].head(limit)]
    if len(rows) > limit:
        said.append(WORDS.say("count.further_terms", study, n=len(rows) - limit))
    return WORDS.say("outside.examples", study, terms=_listed(said)) if said else NOTHING


def partial_dates(rows, study) -> Prose:
    """Say how many events have no exact date, and where they were placed."""
    late = placed(rows, study)
    if late:
        return WORDS.say("placed.said", study, placed=Prose(late))
    if not recorded(rows):
        return absent(study)
    every = first(_of(rows, outcome="any", level="", statistic="event_count"))
    exact = usable(every) and every["estimate"] and len(_of(rows, outcome="partial_date"))
    return WORDS.say("placed.exact", study) if exact else NOTHING
