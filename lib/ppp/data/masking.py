"""Free text carries no patient id and no exact date downstream: both are blotted out, and said."""

import re
from dataclasses import replace

import pandas as pd

from ppp.data.rows import Rows
from ppp.data.values import reading
from ppp.study import Study

BLOT = "[…]"
TEXT = ("text", "list")
SHORTEST = 4
WORD = re.compile(r"[^\s,;:()\[\]{}<>\"'“”。，；、（）]+")
_MONTH = r"(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[^\W\d_]*\.?"
DATE = re.compile(
    r"(?<!\d)(?:"
    r"\d{4}\s?[-/._年]\s?\d{1,2}\s?[-/._月]\s?\d{1,2}\s?日?"
    r"|\d{1,2}\s?[-/._]\s?\d{1,2}\s?[-/._]\s?(?:\d{4}|\d{2})"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    rf"|\d{{1,2}}\.?[ -]{_MONTH},?[ -]\d{{4}}"
    r")(?!\d)"
    rf"|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}(?!\d)",
    re.IGNORECASE,
)


def mask(tables: dict[str, Rows], study: Study) -> dict[str, Rows]:
    """Blot out patient ids and written dates in every field of free text.

    Parameters
    ----------
    tables : dict of Rows
        All tables; the ids are those of the source, at least four characters with a digit
        (a shorter one occurs in any text by chance).
    study : Study

    Returns
    -------
    dict of Rows
        The same, with the warning ``identifier_masked`` at every cell that changed. Raw cells
        are as they were.
    """
    raw = pd.concat([rows.values["patient_id"] for rows in tables.values()]).dropna()
    ids = {i.casefold() for i in raw.unique() if len(i) >= SHORTEST and re.search(r"\d", i)}
    return {name: _mask(rows, ids, study) for name, rows in tables.items()}


def _mask(rows: Rows, ids: set[str], study: Study) -> Rows:
    for name in rows.layout.headings:
        if name == "patient_id" or reading(study, rows.layout.table, name).kind not in TEXT:
            continue
        told = rows.values[name]
        blotted = told.map({text: blot(text, ids) for text in told.dropna().unique()})
        changed = told.notna() & (blotted != told)
        if changed.any():
            rows = replace(rows, values=rows.values.assign(**{name: blotted.astype("str")}))
            rows = rows.note(name, changed, "identifier_masked")
    return rows


def blot(text: str, ids: set[str]) -> str:
    """Blot out ids (given in lower case) and dates.

    >>> blot("see ZY-0103, since 2022-08-25", {"zy-0103"})
    'see […], since […]'
    """
    named = WORD.sub(lambda word: BLOT if word[0].strip(".-").casefold() in ids else word[0], text)
    return DATE.sub(BLOT, named)
