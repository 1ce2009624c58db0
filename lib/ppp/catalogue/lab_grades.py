"""By what laboratory values are graded: data/lab_grades.csv, and the multiples of Hy's law."""

from functools import cache

import pandas as pd

from ppp.catalogue.dictionary import PATH

TABLE = PATH.with_name("lab_grades.csv")
HIGH_TRANSAMINASE, HIGH_BILIRUBIN, HIGH_ALP = 3.0, 2.0, 2.0


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
    return pd.read_csv(TABLE, keep_default_na=False)
