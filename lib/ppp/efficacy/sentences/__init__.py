"""Sentences on change, response, and how far the answer hangs on the method."""

from ppp.efficacy.sentences.change import (
    change,
    effect_size,
    glossary,
    key_results,
    limits,
    location,
    longitudinal,
    percent_change,
    responders,
    response,
    responses,
    thresholds,
)
from ppp.efficacy.sentences.method import (
    binary_tipping,
    coverage,
    influence,
    missing_rule,
    multiplicity,
    regression_to_mean,
    robustness,
    tipping,
)

__all__ = [
    "binary_tipping",
    "change",
    "coverage",
    "effect_size",
    "glossary",
    "influence",
    "key_results",
    "limits",
    "location",
    "longitudinal",
    "missing_rule",
    "multiplicity",
    "percent_change",
    "regression_to_mean",
    "responders",
    "response",
    "responses",
    "robustness",
    "thresholds",
    "tipping",
]
