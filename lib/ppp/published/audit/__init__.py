"""What summary figures alone imply: which are attainable, and what every correlation allows.

Nothing here reads patients. Whole numbers and fractions are compared exactly; floats appear only
in square roots and in p-values, at the end.
"""

from ppp.published.audit.correlation import (
    d_z,
    mean_change,
    paired_t,
    paired_t_range,
    pitman_morgan,
    standardised,
)
from ppp.published.audit.counts import Counts, count_bounds, not_improved, responders
from ppp.published.audit.grim import Attainable, attainable, fitting_sizes, nearby

__all__ = [
    "Attainable",
    "Counts",
    "attainable",
    "count_bounds",
    "d_z",
    "fitting_sizes",
    "mean_change",
    "nearby",
    "not_improved",
    "paired_t",
    "paired_t_range",
    "pitman_morgan",
    "responders",
    "standardised",
]
