"""Figures of patients, response, placebo arms, and of what gaps could do."""

from ppp.efficacy.figures.change import responders, tipping_point
from ppp.efficacy.figures.context import placebo
from ppp.efficacy.figures.patients import trajectories, waterfall

__all__ = ["placebo", "responders", "tipping_point", "trajectories", "waterfall"]
