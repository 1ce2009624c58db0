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
from ppp.safety.sentences.labs import lab_grades, laboratory, liver

__all__ = [
    "Prose",
    "balance",
    "binary_tipping",
    "change",
    "coverage",
    "effect_size",
    "flow",
    "influence",
    "lab_grades",
    "laboratory",
    "ledger",
    "liver",
    "location",
    "longitudinal",
    "missing",
    "missing_rule",
    "multiplicity",
    "percent_change",
    "population",
    "quarantine",
    "queries",
    "regression_to_mean",
    "responders",
    "robustness",
    "thresholds",
    "tipping",
]
