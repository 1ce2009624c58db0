"""Tables: results rows in, `Table` objects out; great_tables is imported nowhere else."""

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
    "exposure",
    "outside_treatment",
    "special_interest",
    "stop_reasons",
    "time_to_event",
]
