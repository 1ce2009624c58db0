"""Sentences: results rows in, Markdown out; no sentence claims more than its rows."""

from ppp.cleaning.sentences import ledger, quarantine, queries
from ppp.descriptives.sentences import balance, flow, missing, population
from ppp.efficacy.sentences.change import (
    change,
    effect_size,
    location,
    longitudinal,
    percent_change,
    responders,
    thresholds,
)
from ppp.efficacy.sentences.sensitivity import (
    binary_tipping,
    influence,
    missing_rule,
    robustness,
    tipping,
)
from ppp.efficacy.sentences.testing import coverage, multiplicity, regression_to_mean
from ppp.report.prose import Prose
from ppp.safety.sentences.adverse_events import grades, incidence, rates, severe_and_serious
from ppp.safety.sentences.event_terms import outside_treatment, partial_dates, terms, uncaught
from ppp.safety.sentences.first_event import time_to_event
from ppp.safety.sentences.interest import special_interest
from ppp.safety.sentences.treatment import exposure, stop_reasons

__all__ = [
    "Prose",
    "balance",
    "binary_tipping",
    "change",
    "coverage",
    "effect_size",
    "exposure",
    "flow",
    "grades",
    "incidence",
    "influence",
    "ledger",
    "location",
    "longitudinal",
    "missing",
    "missing_rule",
    "multiplicity",
    "outside_treatment",
    "partial_dates",
    "percent_change",
    "population",
    "quarantine",
    "queries",
    "rates",
    "regression_to_mean",
    "responders",
    "robustness",
    "severe_and_serious",
    "special_interest",
    "stop_reasons",
    "terms",
    "thresholds",
    "time_to_event",
    "tipping",
    "uncaught",
]
