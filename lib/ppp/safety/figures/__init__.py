"""Figures of exposure and of adverse events: they draw, and compute nothing."""

from ppp.safety.figures.adverse_events import adverse_events
from ppp.safety.figures.swimmer import swimmer
from ppp.safety.figures.time_to_event import time_to_event

__all__ = ["adverse_events", "swimmer", "time_to_event"]
