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
from ppp.report.sentences.limitations import limits
from ppp.report.sentences.prose import Prose
from ppp.report.sentences.safety import (
    exposure,
    incidence,
    laboratory,
    severe_and_serious,
    terms,
)
from ppp.report.sentences.sensitivity import (
    binary_tipping,
    influence,
    missing_rule,
    robustness,
    tipping,
)
from ppp.report.sentences.subgroup import exploratory, group_difference
from ppp.report.sentences.testing import coverage, multiplicity, regression_to_mean

__all__ = [
    "Prose", "ancova", "balance", "binary_tipping", "change", "coverage", "detectable",
    "effect_size", "exploratory", "exposure", "flow", "glossary", "group_difference", "incidence",
    "influence", "laboratory", "ledger", "limits", "location", "longitudinal", "missing",
    "missing_rule", "multiplicity", "percent_change", "population", "quarantine", "queries",
    "regression_to_mean", "responders", "robustness", "severe_and_serious", "terms", "thresholds",
    "tipping",
]  # fmt: skip
