"""Figures: results rows in, `Figure` objects out; matplotlib and seaborn are imported here only."""

from ppp.report.figure import Figure, MissingGlyphWarning
from ppp.safety.figures.adverse_events import adverse_events
from ppp.safety.figures.swimmer import swimmer
from ppp.safety.figures.time_to_event import time_to_event

__all__ = ["Figure", "MissingGlyphWarning", "adverse_events", "swimmer", "time_to_event"]
