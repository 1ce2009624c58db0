"""Sentences: results rows in, Markdown out; no sentence claims more than its rows."""

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
from ppp.report.sentences.subgroup import exploratory, group_difference

__all__ = [
    "Prose", "balance", "change", "effect_size", "exploratory", "exposure", "flow", "glossary",
    "group_difference", "incidence", "laboratory", "ledger", "limits", "location", "longitudinal",
    "missing", "percent_change", "population", "quarantine", "queries", "responders",
    "severe_and_serious", "terms",
]  # fmt: skip
