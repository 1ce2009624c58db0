"""Figures of patients, response, bands, and of what gaps could do."""

from ppp.efficacy.figures.change import bands, responders, tipping_point
from ppp.efficacy.figures.patients import trajectories, waterfall

__all__ = ["bands", "responders", "tipping_point", "trajectories", "waterfall"]
