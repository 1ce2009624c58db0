"""The words of page 04 that tables and sentences share: the window, and dates that are gaps."""

from ppp import results
from ppp.report.words import Words

WORDS = Words("ppp.safety")


def window(study) -> dict[str, str]:
    """Name the ends of the window, as templates call them: ``first_day``, and ``days`` after."""
    first, last = study.safety.days_after_first_dose, study.safety.days_after_last_dose
    later = WORDS.write("count.day", study, n=first)
    begin = "later" if first else "dose"
    return {
        "first_day": WORDS.write(f"first_day.{begin}", study, days=later),
        "days": WORDS.write("count.day", study, n=last),
        "last_day": str(last),
    }


def recorded(rows) -> bool:
    """Tell whether adverse events were recorded at all."""
    return results.usable(
        results.first(rows, analysis="adverse_event", outcome="any", level="", statistic="patients")
    )


def placed(rows, study) -> str:
    """Say how many events have no exact date, and where they were put; empty where all have one."""
    rows = results.pick(rows, analysis="adverse_event", outcome="partial_date")
    counts = rows.dropna(subset=["estimate"]).groupby("level")["estimate"].sum()
    month, year, none = (counts.get(level, 0) for level in ("month", "year", "none"))
    entry = "both" if month and year else "month" if month else "year"
    parts = {f"placed.{entry}": month + year, "placed.none": none}
    return "; ".join(WORDS.write(key, study, n=n) for key, n in parts.items() if n)
