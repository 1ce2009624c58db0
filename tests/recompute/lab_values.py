"""Laboratory values by test: patients, and the median at each visit."""

from statistics import median

import pandas as pd

from .cohort import WEEKS
from .rows import row
from .units import TABLE

WINDOW = 2  # weeks about a visit


def rows(people):
    """Rows of {test: {patient: values}}, each value with its week."""
    units = pd.read_csv(TABLE, keep_default_na=False).set_index("test")["unit"]
    seen = {who for patients in people.values() for who in patients}
    yield row("04_safety", "lab_value", "any", "count", {"estimate": len(seen), "n": len(seen)})
    for test, patients in people.items():
        unit, n = units.get(test) or _typed(patients), len(patients)
        yield row("04_safety", "lab_value", test, "count", {"estimate": n, "n": n}, level=unit)
        for week in WEEKS:
            near = [x for x in (_at(week, values) for values in patients.values()) if x is not None]
            if near:
                numbers = {"estimate": median(near), "n": len(near)}
                where = {"level": unit, "week": week}
                yield row("04_safety", "lab_value", test, "median", numbers, **where)


def _typed(patients):
    """The unit of a test that the project does not know, as it was typed."""
    return next(iter(patients.values()))[0]["unit"]


def _at(week, values):
    """The value nearest to a visit among those nearer to it than to any other visit."""
    own = [v for v in values if min(WEEKS, key=lambda x: abs(x - v["week"])) == week]
    own = [v for v in own if abs(v["week"] - week) <= WINDOW]
    nearest = min(own, key=lambda v: (abs(v["week"] - week), v["week"], v["value"]), default={})
    return nearest.get("value")
