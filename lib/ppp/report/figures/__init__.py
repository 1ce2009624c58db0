"""Figures: results rows in, `Figure` objects out; matplotlib and seaborn are imported here only."""

from ppp.report.figures.bands import dlqi_bands
from ppp.report.figures.edish import edish
from ppp.report.figures.efficacy import change_by_visit, responders
from ppp.report.figures.estimation import estimation
from ppp.report.figures.figure import Figure, MissingGlyphWarning
from ppp.report.figures.lab_heat import lab_shift_heat
from ppp.report.figures.lab_lines import lab_lines
from ppp.report.figures.patient_flow import flow
from ppp.report.figures.patients import trajectories, waterfall
from ppp.report.figures.regression import regression_to_mean
from ppp.report.figures.safety import adverse_events
from ppp.report.figures.subgroup import forest
from ppp.report.figures.swimmer import swimmer
from ppp.report.figures.time_to_event import time_to_event
from ppp.report.figures.tipping import tipping_point

__all__ = [
    "Figure", "MissingGlyphWarning", "adverse_events", "change_by_visit", "dlqi_bands", "edish",
    "estimation", "flow", "forest", "lab_lines", "lab_shift_heat", "regression_to_mean",
    "responders", "swimmer", "time_to_event", "tipping_point", "trajectories", "waterfall",
]  # fmt: skip
