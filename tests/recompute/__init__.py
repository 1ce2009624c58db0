"""The results that matter once more, from the CSV files alone, in plain pandas and scipy.

Which rows of ``results.csv`` these are is listed in ``owed.csv``. Written from the data contract
and the analysis plan; nothing of ``ppp`` is imported, so that an error in the package cannot
repeat itself here.
"""

from itertools import chain
from pathlib import Path

from . import differences, efficacy, laboratory, missing_data, published, safety, time_to_event
from .cohort import read
from .rows import compare, load, owed

__all__ = ["compare", "expected", "load", "owed"]
PARTS = (efficacy, missing_data, differences, safety, time_to_event, laboratory)


def expected(folder, others):
    """The owed rows that the CSV folder of a cohort must give: {key: numbers}.

    A published figure is compared with the row that holds it among the `others`.
    """
    source = read(folder)
    compared = published.rows(others, Path(folder).parent / "published.csv")
    found = {}
    for key, numbers in chain(*(part.rows(source) for part in PARTS), compared):
        if key in found:
            raise ValueError(f"recomputed twice: {key}")
        found[key] = numbers
    return owed(found)
