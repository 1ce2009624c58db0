"""Figures of the safety report."""

from ppp.safety.figures.incidence import adverse_events, time_to_event
from ppp.safety.figures.swimmer import swimmer

__all__ = ["adverse_events", "swimmer", "time_to_event"]
