"""Figures: results rows in, `Figure` objects out; matplotlib and seaborn are imported here only."""

from ppp.descriptives.figures import flow
from ppp.efficacy.figures.bands import dlqi_bands
from ppp.efficacy.figures.change import change_by_visit, responders
from ppp.efficacy.figures.estimation import estimation
from ppp.efficacy.figures.patients import trajectories, waterfall
from ppp.efficacy.figures.regression import regression_to_mean
from ppp.efficacy.figures.tipping import tipping_point
from ppp.report.figure import Figure, MissingGlyphWarning
from ppp.safety.figures.edish import edish
from ppp.safety.figures.lab_heat import lab_shift_heat
from ppp.safety.figures.lab_lines import lab_lines

__all__ = [
    "Figure",
    "MissingGlyphWarning",
    "change_by_visit",
    "dlqi_bands",
    "edish",
    "estimation",
    "flow",
    "lab_lines",
    "lab_shift_heat",
    "regression_to_mean",
    "responders",
    "tipping_point",
    "trajectories",
    "waterfall",
]
