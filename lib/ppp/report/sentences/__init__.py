"""Sentences: results rows in, Markdown out; no sentence claims more than its rows."""

from ppp.report.sentences.adjusted import ancova, detectable
from ppp.report.sentences.cleaning import ledger, quarantine, queries
from ppp.report.sentences.definitions import glossary
from ppp.report.sentences.descriptives import balance, flow, missing, population
from ppp.report.sentences.efficacy import (
    change,
    effect_size,
    location,
    longitudinal,
    percent_change,
    responders,
    thresholds,
)
from ppp.report.sentences.event_terms import outside_treatment, partial_dates, terms, uncaught
from ppp.report.sentences.first_event import time_to_event
from ppp.report.sentences.interest import special_interest
from ppp.report.sentences.labs import lab_grades, laboratory, liver
from ppp.report.sentences.limitations import limits
from ppp.report.sentences.prose import Prose
from ppp.report.sentences.safety import grades, incidence, rates, severe_and_serious
from ppp.report.sentences.sensitivity import (
    binary_tipping,
    influence,
    missing_rule,
    robustness,
    tipping,
)
from ppp.report.sentences.subgroup import exploratory, group_difference
from ppp.report.sentences.testing import coverage, multiplicity, regression_to_mean
from ppp.report.sentences.treatment import exposure, stop_reasons

__all__ = [
    "Prose", "ancova", "balance", "binary_tipping", "change", "coverage", "detectable",
    "effect_size", "exploratory", "exposure", "flow", "glossary", "grades", "group_difference",
    "incidence", "influence", "lab_grades", "laboratory", "ledger", "limits", "liver", "location",
    "longitudinal", "missing", "missing_rule", "multiplicity", "outside_treatment",
    "partial_dates", "percent_change", "population", "quarantine", "queries", "rates",
    "regression_to_mean", "responders", "robustness", "severe_and_serious", "special_interest",
    "stop_reasons", "terms", "thresholds", "time_to_event", "tipping", "uncaught",
]  # fmt: skip
