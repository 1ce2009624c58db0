"""Figures: results rows in, `Figure` objects out; matplotlib and seaborn are imported here only."""

from ppp.descriptives.figures import flow
from ppp.efficacy.figures.bands import dlqi_bands
from ppp.efficacy.figures.change import change_by_visit, responders
from ppp.efficacy.figures.estimation import estimation
from ppp.efficacy.figures.patients import trajectories, waterfall
from ppp.efficacy.figures.regression import regression_to_mean
from ppp.efficacy.figures.tipping import tipping_point
from ppp.report.figure import Figure, MissingGlyphWarning
from ppp.safety.figures.adverse_events import adverse_events
from ppp.safety.figures.swimmer import swimmer
from ppp.safety.figures.time_to_event import time_to_event

__all__ = [
    "Figure",
    "MissingGlyphWarning",
    "adverse_events",
    "change_by_visit",
    "dlqi_bands",
    "estimation",
    "flow",
    "regression_to_mean",
    "responders",
    "swimmer",
    "time_to_event",
    "tipping_point",
    "trajectories",
    "waterfall",
]
