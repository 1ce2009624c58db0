"""Figures of patients, change, response, bands, and of what chance and gaps could do."""

from ppp.efficacy.figures.change import (
    bands,
    change_by_visit,
    regression_to_mean,
    responders,
    tipping_point,
)
from ppp.efficacy.figures.patients import estimation, trajectories, waterfall

__all__ = [
    "bands",
    "change_by_visit",
    "estimation",
    "regression_to_mean",
    "responders",
    "tipping_point",
    "trajectories",
    "waterfall",
]
