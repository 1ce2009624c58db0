"""Where each adverse event lies in time, which category catches it; time on treatment."""

import csv
import re
import unicodedata
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pandas as pd

FOLLOW_UP = 30
TABLE_OF_INTEREST = Path(__file__).parents[2] / "data" / "special_interest.csv"


def treatment_days(source):
    """Days from the first dose to the last, or to the last visit."""
    seen = source.visits.groupby("patient_id")["date"].max()
    days = {}
    for patient in source.patients.to_dict("records"):
        ends = [patient["stop_date"], patient["last_visit_date"], seen.get(patient["patient_id"])]
        end = next(date for date in ends if not pd.isna(date))
        days[patient["patient_id"]] = (end - patient["start_date"]).days
    return days


def placed(source, days):
    """Each event with its `window` (before, on, after) and, where on, its `onset` in days.

    An event is outside only if all of the days on which it can have begun are; it then began on
    the earliest day that fits, without any date on the day of the first dose.
    """
    starts = source.patients.set_index("patient_id")["start_date"]
    events = []
    for event in source.adverse_events.to_dict("records"):
        who = event["patient_id"]
        first, last = ((event[end] - starts[who]).days for end in ("earliest", "latest"))
        if event["certain"] == "none":
            first = last = 0
        late = first > days[who] + FOLLOW_UP
        window = "before" if last < 0 else "after" if late else "on"
        events.append(event | {"window": window, "onset": max(first, 0)})
    return events


def emergent(events):
    """Those of the window."""
    return [event for event in events if event["window"] == "on"]


def caught(event, lines):
    """Tell whether any line of the table of categories catches an event."""
    return any(
        _names(line, event["term"]) and (not line["needs"] or event[line["needs"]] == "yes")
        for line in lines
    )


def lines_of_interest():
    """The table of categories: each line's phrases and exceptions, groups put in for their names.

    A phrase is a list of parts, a part a list of choices, a choice a list of words; `*` in a word
    is any letters.
    """
    with TABLE_OF_INTEREST.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    groups = {line["category"]: line["words"] for line in lines if line["outcome"] == "group"}
    return [
        line | {cell: _phrases(line[cell], groups) for cell in ("words", "except")}
        for line in lines
        if line["outcome"] != "group"
    ]


def _phrases(cell, groups):
    return [
        [
            [_words(choice) for choice in groups.get(part.strip(), part).split(";")]
            for part in phrase.split("+")
        ]
        for phrase in cell.split(";")
        if phrase
    ]


@cache
def _words(text):
    """Words in one case and width, with e for a diphthong; a Chinese character is a word."""
    text = unicodedata.normalize("NFKC", text).casefold()
    for letters, plain in (("[æä]", "ae"), ("[œö]", "oe"), ("ü", "ue"), ("[ao]e", "e")):
        text = re.sub(letters, plain, text)
    spaced = re.sub(r"([\u3400-\u9fff↑↓])", r" \1 ", text)
    return re.sub(r"[^\w*↑↓]|_", " ", spaced).split()


def _names(line, term):
    words = _words(term.replace("*", " "))
    return _any(line["words"], words) and not _any(line["except"], words)


def _any(phrases, words):
    return any(
        all(any(_follow(choice, words) for choice in part) for part in phrase) for phrase in phrases
    )


def _follow(choice, words):
    size = len(choice)
    return any(
        all(map(fnmatchcase, words[at : at + size], choice)) for at in range(len(words) - size + 1)
    )
