"""Sentences on adverse events: zero gets its bounds, "not recorded" is said, never "none"."""

from ppp import results
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.text import markdown as md
from ppp.results import first, usable
from ppp.safety.window import WORDS, placed, recorded, window

NOTHING = Prose("")


def _of(rows, **where):
    return results.pick(rows, analysis="adverse_event", **where)


def _patients(rows, outcome: str):
    """Pick the patients of each name of an outcome."""
    rows = _of(rows, outcome=outcome, statistic="patients")
    return rows[rows["estimate"].notna() & (rows["level"] != "")]


def _listed(parts, last: str = "and") -> Prose:
    return Prose(text.listed([str(part) for part in parts], last))


def _term(level: str) -> Prose:
    return Prose(md(names.term(level)))


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
    entry = "said" if row["events"] else "none"
    noun = WORDS[f"nouns.{outcome}"]
    return WORDS.say(f"incidence.{entry}", study, row, noun=Prose(noun), gap=_gap(row, study))


def _gap(row, study) -> Prose:
    """Repeat what a row says of fields that were not recorded for every event."""
    k, _, n = row["code"].partition("gap:")[2].partition("/")
    return WORDS.say("incidence.gap", study, k=k, all=n) if k else NOTHING


def severe_and_serious(rows, study) -> Prose:
    """Say how many had severe and how many had serious events, and that these are two things."""
    if not recorded(rows):
        return absent(study)
    severe, serious = (incidence(rows, study, kind) for kind in ("grade3", "serious"))
    return severe + serious + WORDS.say("incidence.difference", study)


def grades(rows, study) -> Prose:
    """Say how many patients had each grade as their worst, and bound the grades nobody had."""
    by = {row["level"]: row for _, row in _patients(rows, "grade").iterrows()}
    if not by:
        return WORDS.say("worst.absent", study) if recorded(rows) else absent(study)
    unknown = by.pop("unknown", None)
    had = [
        WORDS.say("worst.grade", study, row, level=level)
        for level, row in by.items()
        if row["events"]
    ]
    none = [level for level, row in by.items() if not row["events"]]
    if none:
        row = by[none[0]]
        said = {"n": len(none), "grades": text.listed(none), "exposed": text.count(row["n"])}
        had.append(WORDS.say("worst.none", study, row, **said))
    if unknown is not None and unknown["events"]:
        had.append(WORDS.say("worst.unknown", study, unknown))
    return WORDS.say("worst.said", study, grades=Prose("; ".join(map(str, had))))


def rates(rows, study, outcome: str = "any") -> Prose:
    """Say the rates of first and of all events, and what these rates cannot tell."""
    here = _of(rows, outcome=outcome, level="")
    once, every = (
        first(here, statistic=name) for name in ("rate_per_100_py", "event_rate_per_100_py")
    )
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
    said = [_tie(tie, study) for tie in named]
    if len(ties) == 1:
        said.append(WORDS.say("terms.left", study, ties[0].iloc[0], n=len(ties[0])))
    elif ties:
        further = WORDS.say("count.further_terms", study, n=sum(map(len, ties)))
        said.append(WORDS.say("terms.left_more", study, further=further))
    return WORDS.say("terms.frequent", study, terms=Prose("; ".join(map(str, said))))


def _tie(tie, study) -> Prose:
    named = _listed(map(_term, tie["level"]))
    return WORDS.say("terms.tie", study, tie.iloc[0], n=len(tie), terms=named)


def uncaught(rows, study, *, limit: int = 20) -> Prose:
    """List the terms, `limit` at most, that no category and no organ class sorts."""
    left = _patients(rows, "uncaught")
    if left.empty:
        sorted_all = len(_patients(rows, "term"))
        return WORDS.say("uncaught.none", study) if sorted_all else terms(rows, study)
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
    known = rows[rows["estimate"].notna()]
    if known.empty:
        return NOTHING if outcome == "common" else absent(study)
    had = known[known["events"] > 0].sort_values("events", ascending=False, kind="stable")
    said, entry = NOTHING, f"categories.{outcome}"
    if len(had):
        intervals = [True, *[not brief] * (len(had) - 1)]
        each = zip(had.iterrows(), intervals, strict=True)
        listed = "; ".join(_category(row, study, interval) for (_, row), interval in each)
        kind = "brief" if brief and len(had) > 1 else "had"
        said += WORDS.say(f"{entry}.{kind}", study, categories=Prose(listed))
    none = known[known["events"] == 0]
    if len(none):
        kind = "categories.others" if len(had) else f"{entry}.none"
        kind = "categories.one" if len(none) == 1 else kind
        row, left = none.iloc[0], text.count(len(none))
        said += WORDS.say(kind, study, row, left=left, category=_term(row["level"]))
    return said + _unknown(rows, study)


def _category(row, study, interval: bool) -> str:
    entry = "category" if interval else "category_brief"
    return WORDS.say(f"categories.{entry}", study, row, category=_term(row["level"])).text


def _unknown(rows, study) -> Prose:
    """Name the categories that need what was not recorded, or not for every event."""
    unknown = rows["estimate"].isna() | rows["code"].str.contains("gap:", regex=False)
    said = [
        WORDS.say(
            "categories.unknown",
            study,
            categories=_listed(map(_term, of["level"])),
            why=note or text.NOT_ESTIMABLE,
        ).text
        for note, of in rows[unknown & (rows["level"] != "")].groupby("note", sort=False)
    ]
    return Prose(" ".join(said))


def outside_treatment(rows, study, *, limit: int = 10) -> Prose:
    """Say which events lie before the first dose or after the window, with some terms of each."""
    totals = _of(
        rows, statistic="event_count", level="", outcome=["before_treatment", "after_window"]
    ).dropna(subset=["estimate"])
    if totals.empty:
        return NOTHING if recorded(rows) else absent(study)
    ends = window(study)
    said = [
        WORDS.say(
            f"outside.{row['outcome']}",
            study,
            n=row["estimate"],
            examples=_examples(_patients(rows, row["outcome"]), study, limit),
            **ends,
        )
        for _, row in totals.iterrows()
        if row["estimate"]
    ]
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
    known = len(_of(rows, outcome="partial_date"))
    exact = known and usable(every) and every["estimate"]
    return WORDS.say("placed.exact", study) if exact else NOTHING
