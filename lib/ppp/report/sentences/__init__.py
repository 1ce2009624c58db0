"""Sentences: results rows in, Markdown out; no sentence claims more than its rows."""

from ppp.report.prose import Prose
from ppp.safety.sentences.adverse_events import grades, incidence, rates, severe_and_serious
from ppp.safety.sentences.event_terms import outside_treatment, partial_dates, terms, uncaught
from ppp.safety.sentences.first_event import time_to_event
from ppp.safety.sentences.interest import special_interest
from ppp.safety.sentences.treatment import exposure, stop_reasons

__all__ = [
    "Prose",
    "exposure",
    "grades",
    "incidence",
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
