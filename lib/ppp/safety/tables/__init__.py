"""Tables of exposure and of adverse events: results rows in."""

from ppp.safety.tables.events import (
    adverse_event_grades,
    adverse_event_terms,
    adverse_events,
    outside_treatment,
    special_interest,
)
from ppp.safety.tables.treatment import exposure, stop_reasons, time_to_event

__all__ = [
    "adverse_event_grades",
    "adverse_event_terms",
    "adverse_events",
    "exposure",
    "outside_treatment",
    "special_interest",
    "stop_reasons",
    "time_to_event",
]
