"""Sentences on adverse events of special interest: what occurred, and the bound of what did not."""

from ppp import results
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.text import markdown as md
from ppp.safety.harms import NOT_RECORDED, WORDS
from ppp.safety.sentences.adverse_events import GAP, bound, share

PARTS = {
    "interest": "of special interest with JAK inhibitors",
    "common": "common with JAK inhibitors",
}


def special_interest(rows, study) -> Prose:
    """Say which events of special interest, and which common ones, occurred.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event`` of outcomes ``interest`` and ``common``.
    study : Study
    """
    told = categories(rows, study) + categories(rows, study, "common")
    if NOT_RECORDED in told.text or not told.text:
        return Prose(NOT_RECORDED)
    return told + Prose(WORDS)


def categories(rows, study, outcome: str = "interest", *, brief: bool = False) -> Prose:
    """Name the categories that occurred, with their intervals, and bound those that did not.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event`` of outcomes ``interest`` and ``common``.
    study : Study
    outcome : str
        ``interest`` or ``common``.
    brief : bool
        Give the interval of the first alone, the others in the table.
    """
    found = results.pick(rows, analysis="adverse_event", outcome=outcome, statistic="patients")
    known = found[found["estimate"].notna()]
    if known.empty:
        return Prose("" if outcome == "common" else NOT_RECORDED)
    had = known[known["events"] > 0].sort_values("events", ascending=False, kind="stable")
    told = [_occurred(row, interval=not (brief and i)) for i, (_, row) in enumerate(had.iterrows())]
    more = "; intervals in [Table](#tbl-special-interest)" * (brief and len(told) > 1)
    lead = f"Events {PARTS[outcome]}: {'; '.join(told)}{more}." if told else ""
    none = _none(known[known["events"] == 0], outcome, others=bool(told))
    return Prose(" ".join(filter(None, [lead, none, _unknown(found)])))


def _name(row) -> str:
    return md(names.term(row["level"]))


def _occurred(row, *, interval: bool) -> str:
    about = f" ({share(row)})" if interval else ""
    return f"{_name(row)} **{text.of(row)}**{about}"


def _none(zeros, outcome: str, *, others: bool) -> str:
    if zeros.empty:
        return ""
    row, k = zeros.iloc[0], len(zeros)
    each = " for each by itself" if k > 1 else ""
    limits = f"**{text.of(row)}** ({bound(row)}{each})"
    if k == 1:
        return f"No patient had {_name(row)}: {limits}."
    if others:
        return f"No patient in any of the other {text.count(k)} categories: {limits}."
    return (
        f"No patient had an event of any of {text.count(k)} categories {PARTS[outcome]}: {limits}."
    )


def _unknown(found) -> str:
    """Name the categories that need what was not recorded, or not for every event."""
    untold = found["estimate"].isna() | found["note"].str.contains(GAP, regex=False)
    lost = found[untold & (found["level"] != "")]
    told = [
        f"{text.listed(map(_name, (r for _, r in of.iterrows())))}: "
        f"{md(note) or text.NOT_ESTIMABLE}."
        for note, of in lost.groupby("note", sort=False)
    ]
    return " ".join(told)
