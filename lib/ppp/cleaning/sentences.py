"""Sentences of the cleaning report."""

from ppp import results
from ppp.cleaning.tables import LEVELS, WORDS, rule
from ppp.report import text
from ppp.report.prose import Prose, bullets


def limits(study) -> Prose:
    """List what this page cannot show."""
    return WORDS.limits(study)


def glossary(rows, study):
    """Explain the terms of this page."""
    return WORDS.glossary(study, rows)


def key_results(rows, study) -> Prose:
    """Say what became of the source, from rows ``flow``, ``query`` and ``quarantine``."""
    parts = (ledger, queries, quarantine)
    return bullets(*(part(rows, study).text for part in parts))


def ledger(rows, study) -> Prose:
    """Say what became of the rows and the cells, with the sum."""
    said = Prose("")
    for kind in ("cells", "rows"):
        counts = results.pick(rows, analysis="flow", outcome=kind, group="all", statistic="count")
        by = counts.set_index("level")["estimate"].reindex(list(LEVELS), fill_value=0)
        if not (counts["level"] == "read").any():
            continue
        warned = Prose("")
        if by["warned"]:
            warned = WORDS.say("ledger.warned", study, n=text.count(by["warned"]))
        values = by.map(text.count).to_dict() | {"warned": warned}
        said += WORDS.say(f"ledger.{kind}", study, **values)
    return said if said.text else WORDS.say("ledger.absent", study)


def queries(rows, study) -> Prose:
    """Say how many cells were queried, and which rules they broke."""
    rows = results.pick(rows, analysis="query")
    if rows.empty:
        return WORDS.say("queries.none", study)
    notices = rows.groupby("code")["n"].sum()
    missing, kept = (int(notices.get(done, 0)) for done in ("missing", "kept"))
    return WORDS.say(
        f"queries.{'one' if kept == 1 else 'many'}",
        study,
        missing=text.plural(missing, "cell"),
        kept=text.plural(kept, "warning"),
        marked=_marked(rows, study),
        rules=_rules(rows.groupby("level", sort=False)["n"].sum(), study),
    )


def _marked(rows, study) -> Prose:
    marks = results.pick(rows, code="marker")
    if marks.empty:
        return Prose("")
    cells = text.plural(marks["events"].sum(), "cell")
    covered = WORDS.say("queries.covered", study, cells=cells)
    notices = text.plural(int(marks["n"].sum()), "notice")
    return WORDS.say("queries.marked", study, covered=covered, notices=notices)


def _rules(counts, study) -> Prose:
    counts = counts.sort_values(ascending=False, kind="stable")
    said = [
        WORDS.say("queries.rule", study, rule=rule(r), n=text.count(n)).text
        for r, n in counts.items()
    ]
    return Prose(text.listed(said))


def quarantine(rows, study) -> Prose:
    """Say how many rows were quarantined, and why."""
    rows = results.pick(rows, analysis="quarantine")
    if rows.empty:
        return WORDS.say("quarantine.none", study)
    n = int(rows["n"].iloc[0])
    rules = _rules(rows.set_index("level")["events"], study)
    entry = f"quarantine.{'one' if n == 1 else 'many'}"
    return WORDS.say(entry, study, n=text.plural(n, "row"), rules=rules)
