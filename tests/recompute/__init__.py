"""Every row of results.csv once more, from the CSV files alone, in plain pandas and scipy.

Written from the data contract and the analysis plan; nothing of ``ppp`` is imported, so that an
error in the package cannot repeat itself here.
"""

from itertools import chain
from pathlib import Path

from . import (
    descriptives,
    differences,
    efficacy,
    laboratory,
    missing_data,
    published,
    safety,
    sensitivity,
    time_to_event,
)
from .cohort import read
from .rows import compare, load

__all__ = ["compare", "expected", "load"]


def expected(folder):
    """All rows that the CSV folder of a cohort must give: {key: numbers}."""
    source = read(folder)
    parts = (
        descriptives,
        efficacy,
        missing_data,
        sensitivity,
        safety,
        time_to_event,
        laboratory,
        differences,
    )
    found = {}
    compared = published.rows(found, Path(folder).parent / "published.csv")
    for key, numbers in chain(*(part.rows(source) for part in parts), compared):
        if key in found:
            raise ValueError(f"recomputed twice: {key}")
        found[key] = numbers
    return found
