"""The words of page 04 that tables and sentences share, and what was recorded at all."""

from ppp import levels, results
from ppp.catalogue.lab_tests import known
from ppp.report import names, text
from ppp.report.prose import Prose
from ppp.report.words import Words

WORDS = Words("ppp.safety")
LONG = 0.5


def window(study) -> dict[str, str]:
    """Name the ends of the window, as templates call them: ``first_day``, and ``days`` after."""
    first, last = study.safety.days_after_first_dose, study.safety.days_after_last_dose
    later = WORDS.write("count.day", study, n=first)
    begin = "later" if first else "dose"
    return {
        "first_day": WORDS.write(f"first_day.{begin}", study, days=later),
        "days": WORDS.write("count.day", study, n=last),
    }


def absent(study) -> Prose:
    """Say that adverse events were not recorded."""
    return WORDS.say("absent", study)


def harms(rows, **where):
    """Pick the rows of adverse events."""
    return results.pick(rows, analysis="adverse_event", **where)


def listed(parts) -> Prose:
    """Join parts of a sentence: "a, b and c"."""
    return Prose(text.listed(map(str, parts)))


def term(level: str) -> Prose:
    """Name a term in running text."""
    return Prose(text.markdown(names.term(level)))


def whole(rows):
    """Pick the row of patients with any event; None where there is none."""
    where = {"analysis": "adverse_event", "statistic": "patients"}
    return results.first(rows, outcome="any", level="", **where)


def recorded(rows) -> bool:
    """Tell whether adverse events were recorded, be it that none occurred."""
    row = whole(rows)
    return row is not None and "not_recorded" not in row["code"].split()


def listing(row) -> bool:
    """Tell whether a row is of a source that lists only patients with an event."""
    return row is not None and "listing" in row["code"].split()


def undated(rows) -> bool:
    """Tell whether events were recorded of which none carries a date."""
    rows = results.pick(rows, analysis="time_to_event")
    return len(rows) > 0 and bool(results.has_code(rows, "time_unknown").any())


def nothing(rows) -> str:
    """Say why a table is empty: no event occurred, or events were not recorded."""
    return WORDS["none" if recorded(rows) else "absent"]


def lasting(rows) -> bool:
    """Tell whether rates per 100 patient-years mean something: long treatment, dated events."""
    if undated(rows):
        return False
    rows = results.pick(rows, analysis="exposure", outcome="patient_years", statistic="median")
    return bool((rows["estimate"] >= LONG).any())


def crude(rows) -> bool:
    """Tell whether Kaplan–Meier gives the plain share at every week: nobody left without an event.

    Then the exact interval of that share stands, and no second one beside it.
    """
    rows = results.pick(rows, analysis="time_to_event", statistic="cumulative_incidence")
    rows = results.pick(rows, group="all")
    plain = results.has_code(rows, "crude") | rows["events"].eq(0).fillna(False)
    return len(rows) > 0 and bool((plain & rows["estimate"].notna()).all())


def tested(rows) -> bool:
    """Tell whether any laboratory value was placed, so that a laboratory event could be seen."""
    rows = results.pick(rows, analysis="lab_value", statistic="count")
    return bool((rows["estimate"] > 0).any())


def by_laboratory(levels):
    """Tell which categories of special interest laboratory values tell of."""
    return levels.isin({test.event for test in known().values() if test.event})


def category(rows, level: str) -> str:
    """Name a category; one of two things by the one that is meant where every term says so."""
    one = WORDS["narrow"].get(level)
    population = levels.within("interest", level)
    terms = results.pick(rows, outcome="interest_term", population=population)["level"]
    meant = terms.str.casefold().str.contains(one["terms"]) if one else terms == ""
    return one["name"] if len(terms) and meant.all() else names.term(level)


def none_of(rows, study) -> str:
    """Name the categories of special interest that nobody had, with their upper limit.

    Without laboratory values those that only such values tell of are named apart, without a limit.
    """
    of = results.pick(rows, analysis="adverse_event", outcome="interest", statistic="patients")
    gone = of[(of["events"] == 0) & (of["level"] != "")]
    blind = by_laboratory(gone["level"]) & (not tested(rows))
    said = []
    for entry, own in (("none", gone[~blind]), ("untested", gone[blind])):
        if own.empty:
            continue
        row = own.iloc[0]
        entry = "none_listed" if entry == "none" and listing(row) else entry
        parts = {"categories": ", ".join(map(names.term, own["level"])), "of": text.count(row["n"])}
        said.append(WORDS.write(f"notes.{entry}", study, rows=own.head(1), n=len(own), **parts))
    return " ".join(said)
