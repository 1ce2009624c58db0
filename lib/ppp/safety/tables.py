"""Tables of time on treatment, of time to the first adverse event, and of adverse events."""

from dataclasses import replace

import pandas as pd

from ppp import levels, results
from ppp.report import names, text
from ppp.report.table import INDENT, Table
from ppp.safety.window import WORDS, placed, recorded, window

PLACE = ["outcome", "population", "level"]
GRADES = ("1", "2", "3", "unknown")
NOTES = ("exact", "first_rates", "all_rates", "nothing")


def exposure(rows: pd.DataFrame, study) -> Table:
    """Show the time on treatment in all and, where recorded, by the dose at the start."""
    rows = results.pick(rows, analysis="exposure", outcome=["patient_years", "dose_mg"])
    whole = results.pick(rows, outcome="patient_years").dropna(subset=["estimate"])
    doses = results.pick(rows, outcome="dose_mg")
    doses = doses[doses["level"] != ""] if len(whole) else doses[:0]
    table = WORDS.table(
        "exposure",
        pd.concat([whole, doses]),
        study,
        cells=lambda line: {"what": _what(line.iloc[0])},
        omit=() if len(doses) else ("patients",),
        treated=text.count(whole["n"].max() if len(whole) else 0),
        basis=[
            WORDS.write("tables.exposure.words.basis", study, method=method)
            for method in whole["method"].unique()
            if method
        ],
        reasons=[f"{text.sentence(note)}." for note in whole["note"].unique() if note],
    )
    if not len(doses):
        table = replace(table, frame=table.frame.drop(columns="block", errors="ignore"), group="")
    return table if len(whole) else replace(table, notes=())


def _what(row) -> str:
    if row["outcome"] == "dose_mg":
        return names.level(names.term(row["level"]))
    return WORDS[f"tables.exposure.words.{row['statistic']}"]


def stop_reasons(rows: pd.DataFrame, study, *, limit: int = 60) -> Table:
    """Show why patients stopped treatment; a note counts the reasons beyond `limit`."""
    rows = results.pick(rows, analysis="exposure", outcome="stop_reason", statistic="count")
    rows = rows.dropna(subset=["estimate"])
    left, words = len(rows) - limit, "tables.stop_reasons.words"
    table = WORDS.table(
        "stop_reasons",
        rows.head(limit),
        study,
        cells=lambda line: {"what": names.level(names.term(line["level"].iloc[0]))},
        treated=WORDS.write(f"{words}.treated", study, rows.iloc[0]) if len(rows) else "",
        left=WORDS.write(f"{words}.left", study, n=left) if left > 0 else "",
    )
    return table if len(rows) else replace(table, notes=())


def time_to_event(rows: pd.DataFrame, study) -> Table:
    """Show the cumulative incidence of a first adverse event by week, of all and of each group."""
    rows = results.pick(rows, analysis="time_to_event", outcome="any")
    rows = rows[rows["week"].notna()]
    by_week = results.pick(rows, statistic="cumulative_incidence")
    places = by_week[["group", "week"]].drop_duplicates()
    rows = places.merge(rows, on=["group", "week"])[rows.columns]
    groups = ["all", *names.groups(by_week, study)]
    whole = results.pick(by_week, group="all")
    n = whole["n"].dropna()
    codes = zip(whole["week"], whole["code"], strict=True)
    weeks = [str(week) for week, code in codes if "crude" in code.split()]
    empty = by_week.loc[by_week["estimate"].isna() & (by_week["note"] != ""), "note"].unique()
    words = "tables.time_to_event.words"
    crude = WORDS.write(f"{words}.crude", study, n=len(weeks), weeks=text.listed(weeks))
    table = WORDS.table(
        "time_to_event",
        pd.concat([results.pick(rows, group=group) for group in groups]),
        study,
        cells=lambda line: _group(line, study),
        nothing=WORDS["notes.nothing"],
        known=WORDS.write(f"{words}.known", study, n=text.count(n.max())) if len(n) else "",
        crude=crude if weeks else "",
        reasons=[WORDS.write("notes.reason", study, reason=reason) for reason in empty],
    )
    return table if len(by_week) else replace(table, notes=())


def _group(line: pd.DataFrame, study) -> dict[str, str]:
    part = text.sentence(names.group(study, line["group"].iloc[0]))
    known = results.usable(results.first(line, statistic="cumulative_incidence"))
    return {"part": part} | ({} if known else {"blank": "–"})


def _of(rows: pd.DataFrame, **where) -> pd.DataFrame:
    return results.pick(rows, analysis="adverse_event", **where)


def _table(name: str, rows: pd.DataFrame, study, **how) -> Table:
    """Make a table, with the footnotes that several have; without lines it has none."""
    shared = {name: WORDS[f"notes.{name}"] for name in NOTES} | {
        "by_words": WORDS["by_words"],
        "exposed": _exposed(rows, study),
        "bounds": _bounds(rows, study),
        "remarks": _remarks(rows, study),
    }
    shown = rows if rows["estimate"].notna().any() else rows[:0]
    table = WORDS.table(name, shown, study, **shared | how)
    return table if len(shown) else replace(table, notes=())


def _exposed(rows: pd.DataFrame, study) -> str:
    n = results.pick(rows, statistic="patients")["n"].dropna()
    return WORDS.write("notes.exposed", study, exposed=text.count(n.max())) if len(n) else ""


def _bounds(rows: pd.DataFrame, study) -> str:
    """Give the upper bounds of a zero, of patients and of the rate, once for each n exposed."""
    zeros = results.pick(rows, statistic="patients", events=0).drop_duplicates("n")
    said = []
    for outcome, level in zeros[["outcome", "level"]].to_numpy():
        own = results.pick(rows, outcome=outcome, level=level)
        made = set(own["statistic"])
        entries = ["bounds" if "rule_of_three" in made else "bound"]
        entries += ["rate_bounds"] * ("rate_upper_one_sided" in made)
        said += [WORDS.write(f"notes.{entry}", study, rows=own) for entry in entries]
    return " ".join(said)


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
    """Show the summary lines of adverse events, zeros included with their upper bounds."""
    shown = _of(rows, outcome=list(WORDS["kinds"]), level="")
    outside = _of(rows, outcome="not_emergent")["estimate"].sum()
    ends, late = window(study), placed(rows, study)
    said = "tables.adverse_events.words.outside"
    return _table(
        "adverse_events",
        shown,
        study,
        cells=lambda line: {"what": WORDS[f"kinds.{line['outcome'].iloc[0]}"]},
        outside=WORDS.write(said, study, n=outside, **ends) if outside else "",
        placed=f" {WORDS.write('placed.said', study, placed=late)}" if late else "",
        **ends,
    )


def adverse_event_grades(rows: pd.DataFrame, study) -> Table:
    """Show patients by their worst grade, each once, and events by their grade."""
    rows = _of(rows, outcome="grade").dropna(subset=["estimate"])
    return _table(
        "adverse_event_grades",
        rows,
        study,
        cells=lambda line: {"what": WORDS[f"grade_names.{line['level'].iloc[0]}"]},
        omit=() if "unknown" in set(rows["level"]) else ("ungraded",),
    )


def adverse_event_terms(rows: pd.DataFrame, study, *, limit: int = 60) -> Table:
    """Show adverse events by class, and within each class by term, most frequent first.

    Where no class was recorded the terms stand alone. Notes say so, and how many of the least
    frequent terms are left out beyond `limit` lines.
    """
    rows = _of(rows, outcome=["any", "soc", "soc_term", "term"]).dropna(subset=["estimate"])
    heads = results.pick(rows, statistic="patients")
    whole, heads = results.pick(heads, outcome="any", level=""), heads[heads["level"] != ""]
    kinds = ["soc", "soc_term"] if (heads["outcome"] == "soc_term").any() else ["term"]
    heads = results.pick(heads, outcome=kinds)
    chosen = heads.head(limit) if kinds == ["term"] else _nested(heads, limit)
    places = pd.concat([whole, chosen])[PLACE] if len(chosen) else chosen[PLACE]
    shown = places.merge(rows, on=PLACE)[rows.columns]
    graded = shown["statistic"].str.extract(r"worst_grade_(\w+)")[0].dropna().unique()
    known = set(graded) - {"unknown"}
    words = WORDS["tables.adverse_event_terms.words"]
    named = words["soc" if len(kinds) == 2 else "term_alone"]
    return _table(
        "adverse_event_terms",
        shown,
        study,
        cells=_term_cells,
        omit=[] if "unknown" in graded and known else ["unknown"] if known else GRADES,
        remarks=_remarks(results.pick(shown, statistic="patients"), study),
        exposed=_exposed(rows, study),
        by=named["by"],
        head=named["head"],
        reading=named["graded" if known else "reading"],
        left=_left_out(heads, chosen, study),
        zero="0",
        nothing=words["nothing"] if len(whole) else WORDS["notes.nothing"],
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
    """Show every category of special interest for JAK inhibitors, with `limit` terms at most."""
    categories = pd.concat([_of(rows, outcome=outcome) for outcome in ("interest", "common")])
    categories = categories[categories["level"] != ""]
    terms = _of(rows, outcome="interest_term").dropna(subset=["estimate"])
    shown, left = [], 0
    for (outcome, level), own in categories.groupby(["outcome", "level"], sort=False):
        of = results.pick(terms, population=levels.within(outcome, level))
        named = of["level"].unique()
        shown += [own, results.pick(of, level=list(named[:limit]))]
        left += len(named[limit:])
    return _table(
        "special_interest",
        pd.concat(shown) if shown else categories,
        study,
        cells=_category,
        remarks=_remarks(categories, study),
        left=WORDS.write("notes.terms_left", study, n=left) if left else "",
    )


def _category(line: pd.DataFrame) -> dict[str, str]:
    level, outcome = line.iloc[0][["level", "outcome"]]
    if outcome == "interest_term":
        part = WORDS["tables.special_interest.part.interest"]
        return {"part": part, "what": INDENT + names.term(level), "blank": ""}
    return {"part": WORDS[f"tables.special_interest.part.{outcome}"], "what": names.term(level)}


def outside_treatment(rows: pd.DataFrame, study, *, limit: int = 30) -> Table:
    """List events before the first dose and after the window; notes count terms beyond `limit`."""
    words, ends = "tables.outside_treatment.words", window(study)
    parts = {
        outcome: WORDS.write(f"{words}.{outcome}", study, **ends)
        for outcome in ("before_treatment", "after_window")
    }
    absent = WORDS[f"{words}.nothing"] if recorded(rows) else WORDS["notes.nothing"]
    rows = _of(rows, outcome=list(parts))
    had = results.pick(rows, statistic="patients")
    had = had[had["events"].gt(0).fillna(False)]
    shown, left = [], []
    for outcome, part in parts.items():
        terms = results.pick(had, outcome=outcome)["level"]
        terms, more = terms[terms != ""], len(terms[terms != ""]) - limit
        if len(terms):
            shown.append(results.pick(rows, outcome=outcome, level=["", *terms.head(limit)]))
        if more > 0:
            left.append(WORDS.write(f"{words}.left", study, n=more, part=part))
    return _table(
        "outside_treatment",
        pd.concat(shown) if shown else rows[:0],
        study,
        cells=lambda line: {
            "part": parts[line["outcome"].iloc[0]],
            "what": names.term(line["level"].iloc[0]) or WORDS[f"{words}.all"],
        },
        exposed=_exposed(rows, study),
        left=left,
        nothing=absent,
        **ends,
    )
