"""Words on adverse events that tables and sentences share: the window, and dates that are gaps."""

from ppp import results
from ppp.report import text

NOT_RECORDED = (
    "Adverse events were not recorded. This does not mean that none occurred; no rates are given."
)
WORDS = "Found by the words of the term, not adjudicated: a physician has to confirm each."
PARTIAL = {"month": "to the month", "year": "to the year"}


def window(study) -> str:
    """Say which events count as being on treatment."""
    days = study.safety.days_after_last_dose
    return f"onset from {first_day(study)} to {text.plural(days, 'day')} after the last"


def first_day(study) -> str:
    """Name the first day that counts: "the first dose", unless the study says later."""
    days = study.safety.days_after_first_dose
    return f"{text.plural(days, 'day')} after the first dose" if days else "the first dose"


def days(years: float) -> str:
    """Write patient-years as days, with one decimal where they are not whole.

    Examples
    --------
    >>> days(88.5 / 365.25), days(84 / 365.25)
    ('88.5', '84')
    """
    if text.is_missing(years):
        return text.NOT_ESTIMABLE
    found = round(365.25 * years, 1)
    return text.number(found, 0 if found.is_integer() else 1)


def rate(x) -> str:
    """Write events per 100 patient-years: one decimal, none from 100 on.

    Examples
    --------
    >>> rate(43.67), rate(99.96), rate(1014.7)
    ('43.7', '100', '1,015')
    """
    return text.number(x, 1 if text.is_missing(x) or x < 99.95 else 0)


def rate_interval(row) -> str:
    """Write the limits of a rate, each as `rate` does: "59.1 to 143"."""
    if text.is_missing(row["ci_low"]) or text.is_missing(row["ci_high"]):
        return f"interval {text.NOT_ESTIMABLE}"
    return f"{rate(row['ci_low'])} to {rate(row['ci_high'])}"


def outside(rows) -> dict[str, int]:
    """Count the events before the first dose and those after the window.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event``.

    Returns
    -------
    dict
        ``before_treatment`` and ``after_window``, where their totals are among the rows.
    """
    found = results.pick(
        rows,
        analysis="adverse_event",
        statistic="event_count",
        level="",
        outcome=["before_treatment", "after_window"],
    )
    found = found[found["estimate"].notna()]
    return {o: int(k) for o, k in zip(found["outcome"], found["estimate"], strict=True)}


def placed(rows) -> str:
    """Say how many events have no exact date, and where they were put; empty where all have one.

    Parameters
    ----------
    rows : DataFrame
        Results rows ``adverse_event`` of outcome ``partial_date``.
    """
    found = results.pick(rows, analysis="adverse_event", outcome="partial_date")
    counts = found.dropna(subset=["estimate"]).groupby("level")["estimate"].sum()
    partial = [words for level, words in PARTIAL.items() if counts.get(level, 0)]
    n, never = sum(counts.get(level, 0) for level in PARTIAL), counts.get("none", 0)
    told = []
    if n:
        known = text.listed(partial, "or").replace("or to the ", "or ")
        were = "was" if n == 1 else "were"
        told.append(
            f"{text.plural(n, 'event')} known only {known} {were} placed at the earliest "
            "day that fits within treatment"
        )
    if never:
        were = "was" if never == 1 else "were"
        told.append(
            f"{text.plural(never, 'event')} that no date places {were} put on the day of the "
            "first dose"
        )
    return "; ".join(told)
