"""Sentences of page 04: what it shows first, what it cannot show, and each exhibit in words."""

from ppp.laboratory import sentences as laboratory
from ppp.report.prose import Prose, bullets
from ppp.safety.sentences.events import (
    absent,
    categories,
    grades,
    incidence,
    outside_treatment,
    partial_dates,
    rates,
    severe_and_serious,
    special_interest,
    terms,
    uncaught,
)
from ppp.safety.sentences.treatment import by_primary, exposure, stop_reasons, time_to_event
from ppp.safety.window import WORDS, recorded, window

__all__ = [
    "exposure",
    "glossary",
    "grades",
    "incidence",
    "key_results",
    "limits",
    "outside_treatment",
    "partial_dates",
    "rates",
    "severe_and_serious",
    "special_interest",
    "stop_reasons",
    "terms",
    "time_to_event",
    "uncaught",
]


def limits(study) -> Prose:
    """List what this page cannot show."""
    return WORDS.limits(study, **window(study))


def glossary(rows, study):
    """Explain the terms of this page."""
    return WORDS.glossary(study, rows)


def key_results(rows, study) -> Prose:
    """Give the key results of the safety report, each with its interval.

    Severe and serious events share a line, in a sentence each. Not recorded is said once.
    """
    events = [absent(study)]
    if recorded(rows):
        events = [
            incidence(rows, study, "any") + by_primary(rows, study),
            incidence(rows, study, "grade3") + incidence(rows, study, "serious"),
            categories(rows, study, brief=True),
        ]
    tests = laboratory.graded(rows, study).text or laboratory.laboratory(rows, study).text
    return bullets(exposure(rows, study).text, *dict.fromkeys(map(str, events)), tests)
