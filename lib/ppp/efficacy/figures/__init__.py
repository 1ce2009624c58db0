"""Figures of patients, response, bands, placebo arms, and of what gaps could do."""

from ppp.efficacy.figures.change import bands, responders, tipping_point
from ppp.efficacy.figures.context import placebo
from ppp.efficacy.figures.patients import trajectories, waterfall

__all__ = ["bands", "placebo", "responders", "tipping_point", "trajectories", "waterfall"]
