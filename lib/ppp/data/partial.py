"""Dates of which only the month or the year is known, and the days that they may stand for."""

import re
from calendar import monthrange
from datetime import datetime

YEAR, MONTH = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})"
WRITTEN = [
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"{YEAR}\s?年?",
        rf"(?!\d{{4}}\.1$){YEAR}\s?[-/.年]\s?{MONTH}\s?月?",
        rf"{MONTH}\s?[-/.]\s?{YEAR}",
    )
]


def span(text: str) -> tuple[datetime, datetime] | None:
    """Return the first and the last day of a written month or year.

    Parameters
    ----------
    text : str
        Of normal width, without spaces around it. "2023.1" is not read, since a spreadsheet writes
        2023.10 so.

    Returns
    -------
    tuple of datetime or None
        None where the text is neither a month nor a year.

    Examples
    --------
    >>> [f"{day:%Y-%m-%d}" for day in span("2024-02")]
    ['2024-02-01', '2024-02-29']
    >>> span("02.2024") == span("2024/2") == span("2024年2月") == span("2024-02")
    True
    >>> [f"{day:%Y-%m-%d}" for day in span("2023")]
    ['2023-01-01', '2023-12-31']
    >>> span("2024-13"), span("2024-02-01"), span("2023.1"), span("05.23")
    (None, None, None, None)
    """
    found = next(filter(None, (pattern.fullmatch(text) for pattern in WRITTEN)), None)
    if found is None or int(found["year"]) < 1:
        return None
    year, month = int(found["year"]), found.groupdict().get("month")
    if month is None:
        return datetime(year, 1, 1), datetime(year, 12, 31)
    if not 1 <= int(month) <= 12:
        return None
    last = monthrange(year, int(month))[1]
    return datetime(year, int(month), 1), datetime(year, int(month), last)
