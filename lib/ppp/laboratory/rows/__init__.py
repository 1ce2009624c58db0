"""Rows of laboratory values, and the frames that figures draw."""

from ppp.laboratory.rows.grades import lab_grade
from ppp.laboratory.rows.liver import liver, peaks
from ppp.laboratory.rows.values import lab_shift, lab_value, values

__all__ = ["lab_grade", "lab_shift", "lab_value", "liver", "peaks", "values"]
