"""The words of page 04 that tables and sentences share, and what was recorded at all."""

from ppp import results
from ppp.report import names, text
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


def none_of(rows, study) -> str:
    """Name the categories of special interest that nobody had, with their upper limit."""
    rows = results.pick(rows, analysis="adverse_event", outcome="interest", statistic="patients")
    gone = rows[(rows["events"] == 0) & (rows["level"] != "")]
    if gone.empty:
        return ""
    row = gone.iloc[0]
    entry = "none_listed" if listing(row) else "none"
    parts = {"categories": ", ".join(map(names.term, gone["level"])), "of": text.count(row["n"])}
    rows = gone.head(1)
    return WORDS.write(f"notes.{entry}", study, rows=rows, n=len(gone), **parts)
