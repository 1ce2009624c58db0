"""Figures of the safety report."""

from ppp.safety.figures.incidence import time_to_event
from ppp.safety.figures.swimmer import swimmer

__all__ = ["swimmer", "time_to_event"]
