"""Sentences of page 04: what occurred, the gravest first, and what is not known and why."""

from ppp import levels, results
from ppp.laboratory import sentences as laboratory
from ppp.report import names, text
from ppp.report.prose import Prose, bullets
from ppp.results import first, usable
from ppp.safety import timing
from ppp.safety.window import (
    WORDS,
    absent,
    by_laboratory,
    category,
    harms,
    listed,
    listing,
    recorded,
    term,
    tested,
    undated,
    window,
)

NOTHING = Prose("")
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
        frequency = incidence(rows, study, "any") + timing.by_primary(rows, study)
        told = [
            _kinds(rows, study, GRAVEST),
            _not_known(rows, study),
            categories(rows, study),
            _kinds(rows, study, STOPPING),
            frequency + terms(rows, study, limit=3),
        ]
    tests = laboratory.graded(rows, study) or laboratory.laboratory(rows, study)
    lines = [*told, tests, timing.exposure(rows, study)]
    return bullets(*dict.fromkeys(line.text for line in lines if line.text))


def _kinds(rows, study, kinds) -> Prose:
    """Say how many patients had events of some kinds; those that nobody had in one sentence."""
    by = {kind: first(harms(rows, outcome=kind, level="", statistic="patients")) for kind in kinds}
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
    heads = harms(rows, outcome=[*GRAVEST, *STOPPING, "related", "interest"], statistic="patients")
    unknown: dict[str, dict] = {}
    for _, row in heads[heads["events"].isna()].iterrows():
        name = names.term(row["level"]) or WORDS[f"kinds.{row['outcome']}"]
        unknown.setdefault(row["note"] or text.NOT_ESTIMABLE, {})[name] = None
    said = NOTHING
    for note, kinds in unknown.items():
        said += WORDS.say("incidence.unknown", study, kind=", ".join(kinds), note=note)
    return said


def _patients(rows, outcome: str):
    """Pick the patients of each name of an outcome."""
    rows = harms(rows, outcome=outcome, statistic="patients")
    return rows[rows["events"].notna() & (rows["level"] != "")]


def incidence(rows, study, outcome: str = "any") -> Prose:
    """Say how many patients had a kind of event, with the exact interval, or why it is unknown."""
    row = first(harms(rows, outcome=outcome, level="", statistic="patients"))
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
    every = first(harms(rows, outcome="any", level="", statistic="event_count"))
    if not usable(every) or not every["events"]:
        return NOTHING
    count = WORDS.say("count.event", study, n=every["events"])
    ended = harms(rows, outcome="event_outcome")
    each = [
        WORDS.say("outcomes.outcome", study, row, level=term(row["level"]))
        for _, row in ended.iterrows()
    ]
    said = timing.shares(rows, study)
    said += WORDS.say("outcomes.said", study, all=count, outcomes=listed(each)) if each else NOTHING
    said += _duration(rows, study)
    late = [WORDS.say(f"placed.{entry}", study, n=k) for entry, k in _partial(rows).items() if k]
    if undated(rows):
        said += WORDS.say("placed.undated", study, n=every["events"])
    elif late:
        said += WORDS.say("placed.said", study, placed=Prose("; ".join(map(str, late))))
    again = first(harms(rows, outcome="repeated"))
    if not usable(again) or not again["events"]:
        return said
    return said + WORDS.say("placed.repeated", study, n=again["events"], all=every["events"])


def _duration(rows, study) -> Prose:
    by = {row["statistic"]: row for _, row in harms(rows, outcome="duration").iterrows()}
    if not by:
        return NOTHING
    middle, low, high = (by[name]["estimate"] for name in ("median", "min", "max"))
    days = {"median": text.number(middle, int(middle % 1 > 0)), "range": text.span(low, high)}
    return WORDS.say("outcomes.days", study, n=by["median"]["n"], **days)


def _partial(rows) -> dict:
    """Count the events without an exact date, by the entry that says where they were placed."""
    rows = harms(rows, outcome="partial_date").dropna(subset=["estimate"])
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
        parts = {"n": len(tie), "terms": listed(map(term, tie["level"]))}
        said.append(WORDS.say(f"terms.{entry}", study, tie.iloc[0], **parts))
    return WORDS.say("terms.frequent", study, terms=Prose("; ".join(map(str, said))))


def categories(rows, study) -> Prose:
    """Name the categories of special interest that occurred, the first with its interval.

    Where none occurred their number, and the interval of each; without laboratory values, of those
    that need none. With those not known of every event, and what an uncoded entry was taken for.
    """
    every, rows = rows, harms(rows, outcome="interest", statistic="patients")
    known = rows[rows["events"].notna()]
    if not tested(every):
        known = known[~by_laboratory(known["level"]) | (known["events"] > 0)]
    had = known[known["events"] > 0].sort_values("events", ascending=False, kind="stable")
    if len(had):
        brief = "_brief" if usable(had.iloc[0]) else "_listed"
        entries = ["" if brief == "_brief" else brief, *[brief] * (len(had) - 1)]
        each = zip(entries, had.iterrows(), strict=True)
        named = [_category(f"category{entry}", every, row, study) for entry, (_, row) in each]
        said = WORDS.say("categories.had", study, categories=Prose("; ".join(named)))
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
    terms = harms(rows, outcome="interest_term", statistic="patients")
    said = NOTHING
    for _, row in terms[terms["level"].str.startswith("uncoded")].iterrows():
        name = term(row["population"].removeprefix(levels.within("interest", "")))
        said += WORDS.say("categories.uncoded", study, row, category=name)
    return said


def _unknown(rows, study) -> Prose:
    """Name the categories that need what was not recorded for every event."""
    unknown = rows["code"].str.contains("gap:", regex=False)
    said = []
    for note, of in rows[unknown & (rows["level"] != "")].groupby("note", sort=False):
        parts = {"categories": listed(map(term, of["level"])), "why": note or text.NOT_ESTIMABLE}
        said.append(WORDS.say("categories.unknown", study, **parts).text)
    return Prose(" ".join(said))


def outside_treatment(rows, study, *, limit: int = 10) -> Prose:
    """Say which events lie before the first dose or after the window, with some terms of each."""
    totals = harms(rows, statistic="event_count", level="", outcome=OUTSIDE).dropna(
        subset="estimate"
    )
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
    return WORDS.say("outside.said", study, n=totals["estimate"].sum(), parts=listed(said))


def _examples(rows, study, limit: int) -> Prose:
    said = [term(level) for level in rows["level"].head(limit)]
    if len(rows) > limit:
        said.append(WORDS.say("count.further_terms", study, n=len(rows) - limit))
    return WORDS.say("outside.examples", study, terms=listed(said)) if said else NOTHING
