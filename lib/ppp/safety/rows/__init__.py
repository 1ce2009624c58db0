"""Exposure and adverse events: frames in, results rows out."""

from ppp.safety.rows.adverse_events import adverse_event
from ppp.safety.rows.incidence import time_to_event
from ppp.safety.rows.listing import lab_event, listing
from ppp.safety.rows.treatment import course, exposure

__all__ = ["adverse_event", "course", "exposure", "lab_event", "listing", "time_to_event"]
