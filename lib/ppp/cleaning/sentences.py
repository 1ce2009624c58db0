"""Sentences of the cleaning report."""

from ppp import results
from ppp.cleaning.tables import LEVELS, NO_EVENT, WORDS, rule
from ppp.report import text
from ppp.report.prose import Prose, bullets
from ppp.results import first

INCOMPLETE = ("pppasi_incomplete", "dlqi_incomplete")


def limits(study) -> Prose:
    """List what this page cannot show."""
    return WORDS.limits(study)


def key_results(rows, study) -> Prose:
    """Say what became of the source, from rows ``flow``, ``query`` and ``quarantine``."""
    parts = (losses, corrected, lost, quarantine, integrity_asked, ledger)
    return bullets(*(part(rows, study).text for part in parts))


def losses(rows, study) -> Prose:
    """Say what share of each important column was lost to queries; nothing where none was."""
    listed = [
        WORDS.say("loss", study, row, label=_column(row["outcome"], row["group"], study)).text
        for _, row in results.pick(rows, analysis="loss").iterrows()
    ]
    return WORDS.say("losses", study, listed=Prose(text.listed(listed))) if listed else Prose("")


def _column(field: str, table: str, study) -> str | Prose:
    label, name = study.label(field, table), WORDS["names"][table].lower()
    apart = table in ("adverse_events", "labs")
    return WORDS.say("loss_of", study, label=label, table=name) if apart else label


def corrected(rows, study) -> Prose:
    """Say how many cells were corrected before they were read; nothing where none was."""
    cells = int(results.pick(rows, analysis="query", level="corrected")["events"].sum())
    return WORDS.say("corrected", study, n=cells) if cells else Prose("")


def integrity(rows, study) -> Prose:
    """Ask what the data as a whole leave open, a line a question; nothing where there is none."""
    rows = results.pick(rows, analysis="integrity")
    asked = (
        WORDS.say(f"integrity.{row['code']}", study, row, field=study.label(row["outcome"]))
        for _, row in rows.iterrows()
    )
    return bullets(*(one.text for one in asked))


def integrity_asked(rows, study) -> Prose:
    """Say how many such questions there are; nothing where there is none."""
    n = len(results.pick(rows, analysis="integrity"))
    return WORDS.say("integrity.asked", study, n=n) if n else Prose("")


def codes(rows, study) -> Prose:
    """List the codes that were not understood, with their counts; nothing where all were."""
    rows = results.pick(rows, analysis="code")
    lines = [
        WORDS.say("codes", study, label=study.label(field), codes=_counted(own, study)).text
        for field, own in rows.groupby("outcome", sort=False)
    ]
    return bullets(*lines)


def _counted(rows, study) -> Prose:
    said = [WORDS.say("code", study, row).text for _, row in rows.iterrows()]
    return Prose(text.listed(said))


def ledger(rows, study) -> Prose:
    """Say what became of the rows and the cells, with the sum."""
    said = Prose("")
    for kind in ("cells", "rows"):
        counts = results.pick(rows, analysis="flow", outcome=kind, group="all", statistic="count")
        by = counts.set_index("level")["estimate"].reindex(list(LEVELS), fill_value=0)
        if not (counts["level"] == "read").any():
            continue
        apart = {name: _apart(name, by[name], study) for name in ("warned", "unused")}
        values = by.map(text.count).to_dict() | apart
        if kind == "rows":  # they are told apart, with the rows excluded
            calm = _no_event(rows)
            values["quarantined"] = text.count(by["quarantined"] - calm)
            values["unused"] += WORDS.say("ledger.no_event", study, n=calm) if calm else Prose("")
        said += WORDS.say(f"ledger.{kind}", study, **values)
    left = first(rows, analysis="flow", outcome="filter", group="all", level="left_out")
    if left is not None:
        said += WORDS.say("ledger.filter", study, left, query=study.filter.both)
    return said if said.text else WORDS.say("ledger.absent", study)


def _apart(name: str, n: int, study) -> Prose:
    return WORDS.say(f"ledger.{name}", study, n=text.count(n)) if n else Prose("")


def lost(rows, study) -> Prose:
    """Say how many values became missing, and which rules they broke; and of totals not formed."""
    rows = results.pick(rows, analysis="query")
    lost = results.pick(rows, code="missing")
    rules = _rules(lost.groupby("level", sort=False)["events"].sum(), study)
    cells = int(lost["events"].sum())
    said = (
        WORDS.say("lost", study, n=cells, rules=rules) if cells else WORDS.say("none_lost", study)
    )
    unformed = results.pick(rows, level=INCOMPLETE)
    listed = [
        WORDS.say("rule", study, rule=study.label(level.partition("_")[0]), n=text.count(n)).text
        for level, n in unformed.groupby("level", sort=False)["n"].sum().items()
    ]
    return said + (
        WORDS.say("unformed", study, n=Prose(text.listed(listed))) if listed else Prose("")
    )


def kept(rows, study) -> Prose:
    """Say which notices cleaning gave of values that it kept, and how many marks are missing."""
    rows = results.pick(rows, analysis="query")
    marks = int(results.pick(rows, code="marker")["events"].sum())
    noted = results.pick(rows, code="kept").groupby("level", sort=False)["events"].sum()
    said = WORDS.say("kept", study, rules=_rules(noted, study)) if len(noted) else Prose("")
    said += WORDS.say("marked", study, n=marks) if marks else Prose("")
    return said if said.text else WORDS.say("none_kept", study)


def _rules(counts, study) -> Prose:
    counts = counts.sort_values(ascending=False, kind="stable")
    said = [WORDS.say("rule", study, rule=rule(r), n=text.count(n)).text for r, n in counts.items()]
    return Prose("; ".join(said))


def quarantine(rows, study) -> Prose:
    """Say how many rows were excluded, and why; apart, how many say that no event occurred."""
    calm, counts = _no_event(rows), results.pick(rows, analysis="quarantine")
    counts = counts[counts["level"] != NO_EVENT].set_index("level")["events"]
    n, rules = int(counts.sum()), _rules(counts, study)
    said = (
        WORDS.say("excluded", study, n=n, rules=rules) if n else WORDS.say("none_excluded", study)
    )
    return said + (WORDS.say("no_event", study, n=calm) if calm else Prose(""))


def _no_event(rows) -> int:
    return int(results.pick(rows, analysis="quarantine", level=NO_EVENT)["events"].sum())
