"""Laboratory values: frames in, results rows out."""

from ppp.laboratory.rows.change import lab_change
from ppp.laboratory.rows.grades import lab_grade, liver, peaks, worsened
from ppp.laboratory.rows.values import lab_shift, lab_value, values

__all__ = [
    "lab_change",
    "lab_grade",
    "lab_shift",
    "lab_value",
    "liver",
    "peaks",
    "values",
    "worsened",
]
