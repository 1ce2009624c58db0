"""Laboratory tests: ``data/lab_tests.csv``, their names and units; ``data/lab_grades.csv``, grades.

A test that is not in the first table keeps its name and its unit as typed.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import pandas as pd

from ppp.catalogue.dictionary import PATH as DICTIONARY
from ppp.catalogue.dictionary import plain

PATH = DICTIONARY.with_name("lab_tests.csv")
GRADES = DICTIONARY.with_name("lab_grades.csv")
HIGH_TRANSAMINASE, HIGH_BILIRUBIN, HIGH_ALP = 3.0, 2.0, 2.0  # multiples of Hy's law
PARTS = re.compile(r"[()\[\]{}/,;|、]+")


@dataclass(frozen=True)
class LabTest:
    """One test: its name and unit in the cleaned table, and its other names.

    `factors` has for each unit what a value in it is multiplied by (the test's own unit is first,
    with 1), `source` where they come from. Below `low` and above `high`, in the test's own unit, a
    value is an error of writing or of the unit. `event` is the category of special interest under
    which a worse value may be reported, empty where there is none.
    """

    name: str
    unit: str
    factors: dict
    low: float
    high: float
    synonyms: tuple
    event: str
    source: str

    def factor(self, unit: str) -> float | None:
        """Return what a value in this unit is multiplied by, or None for an unknown unit.

        >>> creatinine = known()["Creatinine"]
        >>> creatinine.factor("MG/DL"), creatinine.factor("umol / l"), creatinine.factor("U/L")
        (88.42, 1.0, None)
        >>> [known()["Platelets"].factor(unit) for unit in ("×10⁹/L", "10E9/l", "x10^3/uL")]
        [1.0, 1.0, 1.0]
        """
        return _folded(self.name).get(fold_unit(unit))


def fold_unit(text) -> str:
    """Write a unit without what its spelling varies in: case, width, µ, powers, ×, spaces.

    >>> fold_unit("× 10⁹/L"), fold_unit("10*9/l"), fold_unit("µmol/L")
    ('109/l', '109/l', 'umol/l')
    """
    folded = unicodedata.normalize("NFKC", str(text)).casefold().replace("μ", "u")
    folded = re.sub(r"[\s^*·.]+", "", folded)
    return re.sub(r"^[x×]?10e?(?=\d)", "10", folded)


@cache
def known() -> dict[str, LabTest]:
    """Return the tests by their canonical name, in the order of the table."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return {row["test"]: _test(row) for row in csv.DictReader(file)}


def canonical(name: str) -> str:
    """Name the test that a cell means, or return an empty string.

    Parts in brackets or between strokes must mean the same test.

    >>> canonical("haemoglobin"), canonical("谷丙转氨酶（ALT）"), canonical("ALT/GPT")
    ('Haemoglobin', 'ALT', 'ALT')
    >>> canonical("AST/ALT"), canonical("Creatinine (urine)"), canonical("NEUT%")
    ('', '', '')
    """
    text = unicodedata.normalize("NFKC", str(name))
    tests = {_names().get(part, "") for part in map(plain, PARTS.split(text)) if part}
    return tests.pop() if len(tests) == 1 else ""


def _test(row: dict) -> LabTest:
    pairs = [pair.rpartition(":") for pair in row["conversions"].split(";") if pair.strip()]
    factors = {unit.strip(): float(factor) for unit, _, factor in pairs}
    return LabTest(
        name=row["test"],
        unit=row["unit"],
        factors={row["unit"]: 1.0} | factors,
        low=float(row["plausible_low"]),
        high=float(row["plausible_high"]),
        event=row["event"],
        synonyms=tuple(word.strip() for word in row["synonyms"].split(";")),
        source=row["source"],
    )


@cache
def _names() -> dict[str, str]:
    return {
        plain(word): test.name for test in known().values() for word in (test.name, *test.synonyms)
    }


@cache
def _folded(name: str) -> dict[str, float]:
    return {fold_unit(unit): factor for unit, factor in known()[name].factors.items()}


@cache
def criteria() -> pd.DataFrame:
    """Return the criteria of grades, one a row, in the order of the file.

    ``scale`` and ``term`` name what grades; ``test`` what is graded; a value that is ``sign``
    (``>``, ``>=``, ``<``, ``<=``) ``times`` × ``of`` (``uln``, ``lln``, ``baseline``, or ``value``:
    the number itself, in the test's canonical unit) has at least ``grade`` (1–4), called ``label``.
    ``baseline`` says for whom: ``normal``, ``abnormal`` (beyond the limit at baseline) or ``any``.
    ``source`` is where it is written.

    References
    ----------
    National Cancer Institute. Common Terminology Criteria for Adverse Events (CTCAE), version 5.0,
    27 November 2017.

    Third report of the National Cholesterol Education Program expert panel (ATP III).
    Circulation 2002;106:3143-3421. https://doi.org/10.1161/circ.106.25.3143
    """
    return pd.read_csv(GRADES, keep_default_na=False)
