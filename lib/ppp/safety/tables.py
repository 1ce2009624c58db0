"""Tables of adverse events: by kind, term, category and patient."""

from dataclasses import replace

import pandas as pd

from ppp import levels, results
from ppp.report import names, text
from ppp.report.table import INDENT, Table
from ppp.safety import window
from ppp.safety.window import WORDS

PLACE = ["outcome", "population", "level"]
GRADES = ("1", "2", "3", "unknown")
RATES = ("rate", "event_rate", "rates")
BLANK = "–"
OF_EVENTS = {"worst": "grade", "related": "related", "action": "action", "outcome": "ended"}


def _of(rows: pd.DataFrame, **where) -> pd.DataFrame:
    return results.pick(rows, analysis="adverse_event", **where)


def _table(name: str, shown: pd.DataFrame, rows: pd.DataFrame, study, **how) -> Table:
    """Make a table, with the footnotes that several have; without lines it has none."""
    n = results.pick(shown, statistic="patients")["n"].dropna()
    exposed = WORDS.write("notes.exposed", study, exposed=text.count(n.max())) if len(n) else ""
    row = window.whole(rows)
    listed = WORDS.write("notes.listing", study, row) if window.listing(row) else ""
    shared = {
        "exact": WORDS["notes.exact"],
        "by_words": WORDS["by_words"],
        "nothing": window.nothing(rows),
        "exposed": exposed,
        "listing": listed,
        "remarks": "" if listed else _remarks(shown, study),
    }
    shown = shown if shown[["estimate", "events"]].notna().to_numpy().any() else shown[:0]
    table = WORDS.table(name, shown, study, **shared | how)
    return table if len(shown) else replace(table, notes=())


def _remarks(rows: pd.DataFrame, study) -> str:
    """Tell each remark of the rows once, after the names of the lines that it is about."""
    lines: dict[str, dict] = {}
    noted = rows[(rows["note"] != "") & rows["estimate"].notna()]
    for outcome, level, note in noted[["outcome", "level", "note"]].itertuples(index=False):
        name = names.term(level) if level else WORDS[f"kinds.{outcome}"]
        for words in note.split("; "):
            lines.setdefault(words, {})[name] = None
    return " ".join(
        WORDS.write("notes.remark", study, lines=", ".join(named), words=words)
        for words, named in lines.items()
    )


def adverse_events(rows: pd.DataFrame, study) -> Table:
    """Show the summary lines of adverse events, in all and by group, zeros included.

    Rates only where half of the patients were treated for half a year or longer.
    """
    shown = _of(rows, outcome=list(WORDS["kinds"]), level="")
    groups = names.groups(results.pick(shown, statistic="group_patients"), study)
    words, endless = WORDS["tables.adverse_events.words"], _endless(rows)
    return _table(
        "adverse_events",
        shown,
        rows,
        study,
        cells=lambda line: {"what": WORDS[f"kinds.{line['outcome'].iloc[0]}"]},
        omit=() if window.lasting(rows) else RATES,
        across=groups,
        by_group=words["by_group"] if groups else "",
        endless=WORDS.write("tables.adverse_events.words.endless", study, n=endless)
        * bool(endless),
        repeated_rates=words["repeated_rates"] if _repeats(shown) else "",
        **window.window(study),
    )


def _endless(rows: pd.DataFrame) -> int:
    """Count the patients whose time on treatment is not known."""
    known = results.pick(rows, analysis="exposure", outcome="patient_years", statistic="sum")
    total = window.whole(rows)
    there = len(known) and total is not None and not text.is_missing(total["n"])
    return int(total["n"] - known["n"].max()) if there else 0


def _repeats(rows: pd.DataFrame) -> bool:
    """Tell whether somebody had more than one event."""
    whole = results.pick(rows, outcome="any")
    patients, events = (results.first(whole, statistic=x) for x in ("patients", "event_count"))
    return results.usable(events) and bool(events["events"] > patients["events"])


def adverse_event_terms(rows: pd.DataFrame, study, *, limit: int = 60) -> Table:
    """Show adverse events by class, and within each class by term, most frequent first.

    Where no class was recorded the terms stand alone. Notes say so, and how many of the least
    frequent terms are left out beyond `limit` lines.
    """
    made = _of(rows, outcome=["any", "soc", "soc_term", "term"])
    made = made[made["estimate"].notna() | made["events"].notna()]
    heads = results.pick(made, statistic="patients")
    whole, heads = results.pick(heads, outcome="any", level=""), heads[heads["level"] != ""]
    kinds = ["soc", "soc_term"] if (heads["outcome"] == "soc_term").any() else ["term"]
    heads = results.pick(heads, outcome=kinds)
    chosen = heads.head(limit) if kinds == ["term"] else _nested(heads, limit)
    places = pd.concat([whole, chosen])[PLACE] if len(chosen) else chosen[PLACE]
    shown = places.merge(made[made["group"] == "all"], on=PLACE)[made.columns]
    graded = shown["statistic"].str.extract(r"worst_grade_(\w+)")[0].dropna().unique()
    known = set(graded) - {"unknown"}
    words = WORDS["tables.adverse_event_terms.words"]
    named = words["soc" if len(kinds) == 2 else "term_alone"]
    return _table(
        "adverse_event_terms",
        shown,
        rows,
        study,
        cells=_term_cells,
        omit=[] if "unknown" in graded and known else ["unknown"] if known else GRADES,
        remarks=_remarks(results.pick(shown, statistic="patients"), study),
        by=named["by"],
        head=named["head"],
        reading=named["reading"],
        left=_left_out(heads, chosen, study),
        zero="0",
    )


def _nested(heads: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Choose the classes and the most frequent of their terms, each class before its terms."""
    classes = results.pick(heads, outcome="soc").head(limit)
    own = [levels.within("soc", name) for name in classes["level"]]
    terms = results.pick(heads, outcome="soc_term", population=own)
    often = terms["events"].sort_values(ascending=False, kind="stable").index
    terms = terms.loc[often[: limit - len(classes)]].sort_index()
    place = [own.index(name) for name in [*own, *terms["population"]]]
    return pd.concat([classes, terms]).iloc[pd.Series(place).sort_values(kind="stable").index]


def _term_cells(line: pd.DataFrame) -> dict[str, str]:
    """Name a line, and count the patients whose worst grade is 3 to 5."""
    row, severe = line.iloc[0], [f"worst_grade_{grade}" for grade in "345"]
    what = INDENT * (row["outcome"] == "soc_term") + names.term(row["level"])
    if row["outcome"] == "any":
        what = WORDS["kinds.any"]
    elif "unnamed" in row["code"].split():
        what = WORDS["tables.adverse_event_terms.words.unnamed"]
    patients = results.pick(line, statistic=severe)["estimate"].sum()
    return {"what": what, "severe": text.count(patients)}


def _left_out(heads: pd.DataFrame, chosen: pd.DataFrame, study) -> str:
    counted = heads["outcome"].value_counts().sub(chosen["outcome"].value_counts(), fill_value=0)
    words = "tables.adverse_event_terms.words"
    left = [
        WORDS.write(f"{words}.{what}", study, n=counted[outcome])
        for outcome, what in (("soc", "class"), ("soc_term", "term"), ("term", "term"))
        if counted.get(outcome, 0)
    ]
    return WORDS.write(f"{words}.left", study, left=text.listed(left)) if left else ""


def special_interest(rows: pd.DataFrame, study, *, limit: int = 10) -> Table:
    """Show the categories of special interest that occurred or are not known, `limit` terms each.

    A footnote names those that nobody had, with their upper limit.
    """
    made = pd.concat([_of(rows, outcome=outcome) for outcome in ("interest", "common")])
    patients = results.pick(made[made["level"] != ""], statistic="patients")
    kept = patients[(patients["events"] != 0).fillna(True).astype(bool)]
    shown = kept[["outcome", "level"]].merge(made, on=["outcome", "level"])[made.columns]
    terms = _of(rows, outcome="interest_term", statistic="event_count")
    left = sum(max(len(_terms(terms, x)) - limit, 0) for x in kept["level"])
    initials = WORDS["tables.special_interest.short"]
    short = [words for x, words in initials.items() if kept["level"].str.contains(x).any()]
    none = window.none_of(rows, study)
    return _table(
        "special_interest",
        shown,
        rows,
        study,
        cells=lambda line: _category(line, rows, terms, limit, study),
        omit=() if window.lasting(rows) else RATES,
        none=none,
        nothing=none or window.nothing(rows),
        short=f"{'; '.join(short)}." if short else "",
        left=WORDS.write("notes.terms_left", study, n=left) if left else "",
        uncaught=_uncaught(rows, study),
    )


def _uncaught(rows: pd.DataFrame, study, *, limit: int = 20) -> str:
    """List the terms, `limit` at most, that no category and no organ class sorts."""
    left = _of(rows, outcome="uncaught", statistic="event_count")
    if left.empty:
        return ""
    entry = "tables.special_interest.words.term"
    named = [
        WORDS.write(entry, study, row, term=names.term(row["level"]))
        for _, row in left.head(limit).iterrows()
    ]
    if len(left) > limit:
        named.append(WORDS.write("uncaught.more", study, left=text.count(len(left) - limit)))
    return WORDS.write("uncaught.said", study, n=len(left), terms=text.listed(named))


def _terms(terms: pd.DataFrame, level: str) -> pd.DataFrame:
    return results.pick(terms, population=levels.within("interest", level))


def _category(line: pd.DataFrame, rows, terms: pd.DataFrame, limit: int, study) -> dict[str, str]:
    level, outcome = line.iloc[0][["level", "outcome"]]
    entry = "tables.special_interest.words.term"
    named = [
        WORDS.write(entry, study, row, term=names.term(row["level"]))
        for _, row in _terms(terms, level).head(limit).iterrows()
    ]
    part = WORDS[f"tables.special_interest.part.{outcome}"]
    return {"part": part, "what": window.category(rows, level), "terms": ", ".join(named) or BLANK}


def listing(events: pd.DataFrame | None, rows: pd.DataFrame, study, *, limit: int = 60) -> Table:
    """List the patients with an event, one a line, from `ppp.safety.rows.listing`."""
    words, patients = "tables.listing.words", 0 if events is None else events["study_id"].nunique()
    shown = pd.DataFrame({"study_id": [], "n": []}) if events is None else events
    shown = shown[shown["study_id"].isin(shown["study_id"].unique()[:limit])].assign(note="")
    left = max(patients - limit, 0)
    unsure = patients and not (shown["sure"] | shown["day"].isna()).all()
    dated = patients and shown["day"].notna().any()
    about = [
        name
        for name, field in {"grade": "grade", "day": "day"}.items()
        if patients and shown[field].notna().any()
    ]
    lost = [name for name, field in OF_EVENTS.items() if patients and shown[field].isna().all()]
    table = WORDS.table(
        "listing",
        shown,
        study,
        cells=lambda line: _patient(line, study),
        omit=lost,
        patients=text.count(patients),
        nothing=window.nothing(rows),
        days=WORDS[f"{words}.days" if dated else f"{words}.undated"],
        about=WORDS[f"{words}.about.{'_'.join(about)}"] if about else "",
        related=WORDS[f"{words}.related"] * ("related" not in lost),
        unsure=WORDS[f"{words}.unsure"] if unsure else "",
        left=WORDS.write(f"{words}.left", study, n=left) if left else "",
    )
    return table if patients else replace(table, notes=())


def _patient(line: pd.DataFrame, study) -> dict[str, str]:
    first = line.iloc[0]
    yes = (line["related"] == "yes").any()
    related = "yes" if yes else "no" if (line["related"] == "no").any() else BLANK
    return {
        "who": first["study_id"],
        "events": ", ".join(_event(row, study) for _, row in line.iterrows()),
        "worst": text.count(first["worst"]),
        "related": related,
        "action": _distinct(line["action"]),
        "outcome": _distinct(line["ended"]),
    }


def _distinct(values: pd.Series) -> str:
    """Name the entries; "none" only beside no other."""
    given = values.dropna().unique()
    told = [x for x in given if x != "none"] or given
    return ", ".join(map(names.term, told)) or BLANK


def _event(row, study) -> str:
    words, day = "tables.listing.words", text.count(row["day"])
    day = day if row["sure"] else WORDS.write(f"{words}.unsure_day", study, day=day)
    known = {"grade": text.count(row["grade"]), "day": day}
    about = "; ".join(said for name, said in known.items() if not pd.isna(row[name]))
    term = names.term(row["term"])
    return WORDS.write(f"{words}.event", study, term=term, about=about) if about else term


def lab_event(rows: pd.DataFrame, study, *, limit: int = 8) -> Table:
    """Set who became worse by laboratory values beside who has such an event, by category."""
    rows = results.pick(rows, analysis="lab_event")
    return WORDS.table(
        "lab_event",
        rows,
        study,
        cells=lambda line: {
            "what": line["outcome"].iloc[0],
            "worse_only": _who(line, "worse_only", limit, study),
            "reported_only": _who(line, "reported_only", limit, study),
        },
        omit=() if len(rows) else ("tests",),
        n=text.between(rows["n"]) if len(rows) else "0",
    )


def _who(line: pd.DataFrame, statistic: str, limit: int, study) -> str:
    who = list(results.pick(line, statistic=statistic)["level"])
    more = [WORDS.write("tables.lab_event.words.more", study, n=text.count(len(who) - limit))]
    return ", ".join(who[:limit] + more * (len(who) > limit)) or BLANK
