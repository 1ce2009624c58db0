"""Sentences of page 04: what occurred, the gravest first, and what is not known and why."""

from ppp import levels, results
from ppp.laboratory import sentences as laboratory
from ppp.report import names, text
from ppp.report.prose import Prose, bullets
from ppp.results import first, usable
from ppp.safety.window import (
    WORDS,
    by_laboratory,
    category,
    crude,
    listing,
    recorded,
    tested,
    undated,
    window,
)

NOTHING = Prose("")
APART = 0.05
OUTSIDE = ("before_treatment", "after_window")
GRAVEST = ("death", "serious", "grade3")
STOPPING = ("discontinued", "dose_changed")


def limits(rows, study) -> Prose:
    """List what this page cannot show, first what no laboratory value, or no event, tells of."""
    unreported = results.pick(rows, analysis="lab_event", statistic="worse_only")["level"].nunique()
    there = {"untested": not tested(rows), "unreported": unreported > 0}
    return WORDS.limits(study, [name for name, is_so in there.items() if not is_so], n=unreported)


def glossary(rows, study):
    """Explain the terms of this page."""
    return WORDS.glossary(study, rows)


def key_results(rows, study) -> Prose:
    """Give the key results of the safety report, the gravest first, then exposure."""
    told = [absent(study)]
    if recorded(rows):
        frequency = incidence(rows, study, "any") + _by_primary(rows, study)
        told = [
            _kinds(rows, study, GRAVEST),
            _not_known(rows, study),
            categories(rows, study),
            _kinds(rows, study, STOPPING),
            frequency + terms(rows, study, limit=3),
        ]
    tests = laboratory.graded(rows, study) or laboratory.laboratory(rows, study)
    lines = [*told, tests, exposure(rows, study)]
    return bullets(*dict.fromkeys(line.text for line in lines if line.text))


def _kinds(rows, study, kinds) -> Prose:
    """Say how many patients had events of some kinds; those that nobody had in one sentence."""
    by = {kind: first(_of(rows, outcome=kind, level="", statistic="patients")) for kind in kinds}
    zero = [kind for kind, row in by.items() if usable(row) and not row["events"]]
    calm = [kind for kind in zero if not gap(by[kind], study).text]
    said = NOTHING
    if len(calm) > 1:
        nouns = Prose(text.listed((WORDS[f"nouns.{kind}"] for kind in calm), "or"))
        said = WORDS.say("incidence.nobody", study, by[calm[0]], nouns=nouns)
    for kind, row in by.items():
        known = row is None or not text.is_missing(row["events"])
        if known and (kind not in calm or len(calm) == 1):
            said += incidence(rows, study, kind)
    return said


def _not_known(rows, study) -> Prose:
    """Name the kinds and categories of event that are not known, by the reason, each once."""
    heads = _of(rows, outcome=[*GRAVEST, *STOPPING, "related", "interest"], statistic="patients")
    unknown: dict[str, dict] = {}
    for _, row in heads[heads["events"].isna()].iterrows():
        name = names.term(row["level"]) or WORDS[f"kinds.{row['outcome']}"]
        unknown.setdefault(row["note"] or text.NOT_ESTIMABLE, {})[name] = None
    said = NOTHING
    for note, kinds in unknown.items():
        said += WORDS.say("incidence.unknown", study, kind=", ".join(kinds), note=note)
    return said


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
    said = WORDS.say(entry, study, doses=_listed(each))
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


def _shares(rows, study) -> Prose:
    """Say how many had had a first event by each week, where nobody left without one before."""
    if not crude(rows):
        return NOTHING
    here = results.pick(rows, analysis="time_to_event", group="all")
    weeks = results.pick(here, statistic="cumulative_incidence")
    rows = [row for _, row in weeks.iterrows()]
    entries = ["share", *["share_next"] * (len(rows) - 1)]
    each = zip(entries, rows, strict=True)
    said = [WORDS.say(f"first_event.{entry}", study, row) for entry, row in each]
    return WORDS.say("first_event.shares", study, shares=_listed(said)) + _partial_first(
        here, study
    )


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
    parts = {"week": week, "groups": _listed(said)}
    if not usable(test) or text.is_missing(test["p_value"]):
        return WORDS.say("first_event.groups", study, **parts)
    events = WORDS.say("first_event.events", study, n=test["events"])
    return WORDS.say("first_event.tested", study, test=test, events=events, **parts)


def _entry(row) -> str:
    if text.few(row):
        return "group_few"
    return "group_alone" if text.is_missing(row["ci_low"]) else "group"


def _of(rows, **where):
    return results.pick(rows, analysis="adverse_event", **where)


def _patients(rows, outcome: str):
    """Pick the patients of each name of an outcome."""
    rows = _of(rows, outcome=outcome, statistic="patients")
    return rows[rows["events"].notna() & (rows["level"] != "")]


def _listed(parts) -> Prose:
    return Prose(text.listed(map(str, parts)))


def _term(level: str) -> Prose:
    return Prose(text.markdown(names.term(level)))


def absent(study) -> Prose:
    """Say that adverse events were not recorded."""
    return WORDS.say("absent", study)


def incidence(rows, study, outcome: str = "any") -> Prose:
    """Say how many patients had a kind of event, with the exact interval, or why it is unknown."""
    row = first(_of(rows, outcome=outcome, level="", statistic="patients"))
    if row is None or not recorded(rows):
        return absent(study)
    noun = Prose(WORDS[f"nouns.{outcome}"])
    if listing(row) and not text.is_missing(row["events"]):
        entry = "listed" if row["events"] else "listed_none"
        said = WORDS.say(f"incidence.{entry}", study, n=row["events"], noun=noun)
        return said + (WORDS.say("incidence.listing", study, row) if outcome == "any" else NOTHING)
    if not usable(row):
        note = row["note"] or text.NOT_ESTIMABLE
        return WORDS.say("incidence.unknown", study, kind=WORDS[f"kinds.{outcome}"], note=note)
    entry = "said" if row["events"] else "none"
    unknown = gap(row, study)
    share = WORDS.share(study, row, unknown)
    unknown = Prose(f"; {unknown}" if unknown.text else "")
    return WORDS.say(f"incidence.{entry}", study, row, noun=noun, gap=unknown, share=share)


def gap(row, study, entry: str = "gap") -> Prose:
    """Say for how many events a kind was not recorded; empty where for none."""
    k, _, n = row["code"].partition("gap:")[2].partition(" ")[0].partition("/")
    return WORDS.say(f"incidence.{entry}", study, k=k, all=n) if k else NOTHING


def events(rows, study) -> Prose:
    """Say how events ended, how long they lasted, which dates are partial and which events repeat.

    Empty where no event occurred.
    """
    every = first(_of(rows, outcome="any", level="", statistic="event_count"))
    if not usable(every) or not every["events"]:
        return NOTHING
    count = WORDS.say("count.event", study, n=every["events"])
    ended = _of(rows, outcome="event_outcome")
    each = [
        WORDS.say("outcomes.outcome", study, row, level=_term(row["level"]))
        for _, row in ended.iterrows()
    ]
    said = _shares(rows, study)
    said += (
        WORDS.say("outcomes.said", study, all=count, outcomes=_listed(each)) if each else NOTHING
    )
    said += _duration(rows, study)
    late = [WORDS.say(f"placed.{entry}", study, n=k) for entry, k in _partial(rows).items() if k]
    if undated(rows):
        said += WORDS.say("placed.undated", study, n=every["events"])
    elif late:
        said += WORDS.say("placed.said", study, placed=Prose("; ".join(map(str, late))))
    again = first(_of(rows, outcome="repeated"))
    if not usable(again) or not again["events"]:
        return said
    return said + WORDS.say("placed.repeated", study, n=again["events"], all=every["events"])


def _duration(rows, study) -> Prose:
    by = {row["statistic"]: row for _, row in _of(rows, outcome="duration").iterrows()}
    if not by:
        return NOTHING
    middle, low, high = (by[name]["estimate"] for name in ("median", "min", "max"))
    days = {"median": text.number(middle, int(middle % 1 > 0)), "range": text.span(low, high)}
    return WORDS.say("outcomes.days", study, n=by["median"]["n"], **days)


def _partial(rows) -> dict:
    """Count the events without an exact date, by the entry that says where they were placed."""
    rows = _of(rows, outcome="partial_date").dropna(subset=["estimate"])
    counts = rows.groupby("level")["estimate"].sum()
    month, year, none = (counts.get(level, 0) for level in ("month", "year", "none"))
    entry = "both" if month and year else "month" if month else "year"
    return {entry: month + year, "none": none}


def terms(rows, study, *, limit: int = 5) -> Prose:
    """Name the most frequent terms, about `limit`, in whole ties; empty where there is none."""
    had = _patients(rows, "term")
    ties = [tie for _, tie in had.groupby("events", sort=False)]
    ties.sort(key=lambda tie: -tie["events"].iloc[0])
    if not ties:
        return NOTHING
    if ties[0]["events"].iloc[0] == 1:
        return WORDS.say("terms.single", study)
    if len(ties[0]) > 2 * limit and usable(ties[0].iloc[0]):
        return WORDS.say("terms.many", study, ties[0].iloc[0], terms=text.count(len(ties[0])))
    named, count = [], 0
    while ties and count < limit and (not named or count + len(ties[0]) <= 2 * limit):
        count += len(ties[0])
        named.append(ties.pop(0))
    said = []
    for tie in named:
        entry = "tie" if usable(tie.iloc[0]) else "tie_listed"
        parts = {"n": len(tie), "terms": _listed(map(_term, tie["level"]))}
        said.append(WORDS.say(f"terms.{entry}", study, tie.iloc[0], **parts))
    return WORDS.say("terms.frequent", study, terms=Prose("; ".join(map(str, said))))


def categories(rows, study) -> Prose:
    """Name the categories of special interest that occurred, the first with its interval.

    Where none occurred their number, and the interval of each; without laboratory values, of those
    that need none. With those not known of every event, and what an uncoded entry was taken for.
    """
    every, rows = rows, _of(rows, outcome="interest", statistic="patients")
    known = rows[rows["events"].notna()]
    if not tested(every):
        known = known[~by_laboratory(known["level"]) | (known["events"] > 0)]
    had = known[known["events"] > 0].sort_values("events", ascending=False, kind="stable")
    if len(had):
        brief = "_brief" if usable(had.iloc[0]) else "_listed"
        entries = ["" if brief == "_brief" else brief, *[brief] * (len(had) - 1)]
        each = zip(entries, had.iterrows(), strict=True)
        listed = [_category(f"category{entry}", every, row, study) for entry, (_, row) in each]
        said = WORDS.say("categories.had", study, categories=Prose("; ".join(listed)))
    elif known.empty:
        said = NOTHING
    else:
        entry = "none" if usable(known.iloc[0]) else "none_listed"
        said = WORDS.say(f"categories.{entry}", study, known.iloc[0], n=len(known))
    return said + _unknown(rows, study) + _uncoded(every, study)


def _category(entry: str, rows, row, study) -> str:
    name = Prose(text.markdown(category(rows, row["level"])))
    share = WORDS.share(study, row)
    return WORDS.say(f"categories.{entry}", study, row, category=name, share=share).text


def _uncoded(rows, study) -> Prose:
    """Say which categories rest on entries that nobody named, so on how they were worded."""
    terms = _of(rows, outcome="interest_term", statistic="patients")
    said = NOTHING
    for _, row in terms[terms["level"].str.startswith("uncoded")].iterrows():
        name = _term(row["population"].removeprefix(levels.within("interest", "")))
        said += WORDS.say("categories.uncoded", study, row, category=name)
    return said


def _unknown(rows, study) -> Prose:
    """Name the categories that need what was not recorded for every event."""
    unknown = rows["code"].str.contains("gap:", regex=False)
    said = []
    for note, of in rows[unknown & (rows["level"] != "")].groupby("note", sort=False):
        parts = {"categories": _listed(map(_term, of["level"])), "why": note or text.NOT_ESTIMABLE}
        said.append(WORDS.say("categories.unknown", study, **parts).text)
    return Prose(" ".join(said))


def outside_treatment(rows, study, *, limit: int = 10) -> Prose:
    """Say which events lie before the first dose or after the window, with some terms of each."""
    totals = _of(rows, statistic="event_count", level="", outcome=OUTSIDE).dropna(subset="estimate")
    if undated(rows) and not totals["estimate"].any():
        return WORDS.say("outside.unknown", study)
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
