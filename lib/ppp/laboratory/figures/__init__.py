"""Figures of laboratory values."""

from ppp.laboratory.figures.courses import lab_lines
from ppp.laboratory.figures.edish import edish
from ppp.laboratory.figures.grades import lab_shift_heat

__all__ = ["edish", "lab_lines", "lab_shift_heat"]
