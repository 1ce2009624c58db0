"""One line of incidence, as every table of adverse events has it, and the notes that go with it."""

import pandas as pd

from ppp import results
from ppp.report import names, text
from ppp.safety import harms

LABELS = {
    "patients": "Patients\nx/n",
    "percent": "%\n[exact 95% CI]",
    "events": "Events",
    "rate": "First events per 100\npatient-years (95% CI)",
    "event_rate": "All events per 100\npatient-years (95% CI)",
}
RATES = {"rate": "rate_per_100_py", "event_rate": "event_rate_per_100_py"}
ABSENT = "Adverse events were not recorded: this is not the same as none having occurred."
EXACT = (
    "Patients: each counted once in a row; interval: exact (Clopper–Pearson), two-sided 95%. "
    "With no event its upper end is the bound."
)
RATE_NOTES = (
    "First events: patients with a first event up to the end of treatment per 100 patient-years "
    "up to that event or that end, exact Poisson interval (Garwood). A first event in the days "
    "after the last dose counts among the patients, not in the rate. First events use less time at "
    "risk, so their rate can exceed that of all events.",
    "All events: events with onset during treatment per 100 patient-years of treatment, with the "
    "same interval. Repeated events of one patient are not independent, so it is too narrow.",
)
MORE = {"one-sided 95% bound": "upper_one_sided", "rule of three": "rule_of_three"}


def cells(found: pd.DataFrame) -> dict[str, str]:
    """Write patients, share, events and rates of one outcome and level.

    Parameters
    ----------
    found : DataFrame
        Results rows of that outcome and level, with a row ``patients``.
    """
    by = found.drop_duplicates("statistic").set_index("statistic")
    patients = by.loc["patients"]
    if text.is_missing(patients["estimate"]):
        reason = patients["note"] or text.NOT_ESTIMABLE
        return dict.fromkeys(LABELS, "–") | {"patients": reason}
    events = by.loc["event_count", "estimate"] if "event_count" in by.index else None
    return {
        "patients": text.fraction(patients),
        "percent": text.percent_ci(patients),
        "events": text.count(events),
    } | {column: _rate(by, statistic) for column, statistic in RATES.items()}


def _rate(by: pd.DataFrame, statistic: str) -> str:
    if statistic not in by.index or text.is_missing(by.loc[statistic, "estimate"]):
        return "–"
    row = by.loc[statistic]
    return f"{harms.rate(row['estimate'])} ({harms.rate_interval(row)})"


def exposed(found: pd.DataFrame) -> str:
    """Write the patients exposed for a caption: " (n = 28 exposed)"."""
    n = results.pick(found, statistic="patients")["n"].dropna()
    return f" (n = {text.count(n.max())} exposed)" if len(n) else ""


def bounds(found: pd.DataFrame) -> str:
    """Give the upper bounds of a zero, of patients and of the rate, once for each n exposed.

    Parameters
    ----------
    found : DataFrame
        The results rows that a table shows.
    """
    two = results.pick(found, statistic="patients")
    told = []
    for _, row in two[two["events"].eq(0).fillna(False)].drop_duplicates("n").iterrows():
        mine = results.pick(found, outcome=row["outcome"], level=row["level"])
        high = mine.drop_duplicates("statistic").set_index("statistic")["ci_high"]
        more = "".join(f"; {w} {text.percent(high[s])}" for w, s in MORE.items() if s in high)
        told.append(
            f"No event in {text.count(row['n'])}: two-sided exact upper limit "
            f"{text.percent(row['ci_high'])}{more}.{_rate_bounds(high)}"
        )
    return " ".join(told)


def _rate_bounds(high: pd.Series) -> str:
    two, one = (high.get(s) for s in ("rate_per_100_py", "rate_upper_one_sided"))
    if text.is_missing(two):
        return ""
    other = "" if text.is_missing(one) else f", one-sided 95% bound {harms.rate(one)}"
    return f" Per 100 patient-years: two-sided upper limit {harms.rate(two)}{other}."


def remarks(found: pd.DataFrame, shown: dict) -> str:
    """Tell each remark of the rows once, after the names of the lines that it is about."""
    told = {}
    noted = found[(found["note"] != "") & found["estimate"].notna()]
    for outcome, level, note in noted[["outcome", "level", "note"]].itertuples(index=False):
        name = shown.get(outcome) or names.term(level)
        for words in note.split("; "):
            told.setdefault(words, {})[name] = None
    return " ".join(f"{', '.join(lines)}: {words}." for words, lines in told.items())


def window(rows: pd.DataFrame, study) -> str:
    """Say which events are counted, which were placed by a rule, and how many lie outside."""
    placed = harms.placed(rows)
    more = f" {text.sentence(placed)}." if placed else ""
    return f"On treatment: {harms.window(study)}.{_outside(rows, study)}{more}"


def notes(*parts: str) -> tuple[str, ...]:
    """Make footnotes of the parts that say something."""
    return tuple(filter(None, (part.strip() for part in parts)))


def _outside(rows: pd.DataFrame, study) -> str:
    found = results.pick(rows, analysis="adverse_event", outcome="not_emergent")
    n = sum(harms.outside(rows).values()) or found["estimate"].sum()
    if not n:
        return ""
    days = study.safety.days_after_last_dose
    return (
        f" {text.plural(n, 'event')} outside that window (before treatment or more than {days} "
        f"days after) {'is' if n == 1 else 'are'} not counted here."
    )
