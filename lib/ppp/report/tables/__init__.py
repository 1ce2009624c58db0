"""Tables: results rows in, `Table` objects out; great_tables is imported nowhere else."""

from ppp.cleaning.tables import ledger, quarantine, queries, query_counts
from ppp.descriptives.tables import baseline, flow
from ppp.efficacy.tables.change import change, visits
from ppp.efficacy.tables.multiplicity import multiplicity
from ppp.efficacy.tables.response import responders
from ppp.efficacy.tables.sensitivity import (
    leave_one_out,
    missing_patterns,
    responder_rules,
    sensitivity,
)
from ppp.report.table import Table
from ppp.safety.tables.event_terms import adverse_event_terms
from ppp.safety.tables.events import adverse_event_grades, adverse_events, outside_treatment
from ppp.safety.tables.first_event import time_to_event
from ppp.safety.tables.interest import special_interest
from ppp.safety.tables.treatment import exposure, stop_reasons

__all__ = [
    "Table",
    "adverse_event_grades",
    "adverse_event_terms",
    "adverse_events",
    "baseline",
    "change",
    "exposure",
    "flow",
    "leave_one_out",
    "ledger",
    "missing_patterns",
    "multiplicity",
    "outside_treatment",
    "quarantine",
    "queries",
    "query_counts",
    "responder_rules",
    "responders",
    "sensitivity",
    "special_interest",
    "stop_reasons",
    "time_to_event",
    "visits",
]
