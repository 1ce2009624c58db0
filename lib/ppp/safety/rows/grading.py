"""The grade of a laboratory value, by the criteria in data/lab_grades.csv."""

from functools import cache

import numpy as np
import pandas as pd

from ppp.study import ROOT

TABLE = ROOT / "data" / "lab_grades.csv"
SAME = 1e-9


@cache
def criteria() -> pd.DataFrame:
    """Return the criteria of grades, one a row, in the order of the file.

    Returns
    -------
    DataFrame
        ``scale`` and ``term`` name what grades; ``test`` what is graded; a value that is
        ``sign`` (``>``, ``>=``, ``<``, ``<=``) ``times`` × ``of`` (``uln``, ``lln``,
        ``baseline``, or ``value``: the number itself, in the test's canonical unit) has at least
        ``grade`` (1–4), called ``label``. ``baseline`` says for whom: ``normal``, ``abnormal``
        (beyond the limit at baseline) or ``any``. ``source`` is where it is written.

    References
    ----------
    National Cancer Institute. Common Terminology Criteria for Adverse Events (CTCAE), version 5.0,
    27 November 2017.

    Third report of the National Cholesterol Education Program expert panel (ATP III).
    Circulation 2002;106:3143-3421. https://doi.org/10.1161/circ.106.25.3143
    """
    return pd.read_csv(TABLE, keep_default_na=False)


def before_treatment(rules: pd.DataFrame) -> pd.DataFrame:
    """Keep the criteria that need no baseline: they grade the baseline value itself.

    >>> rules = criteria()
    >>> before_treatment(rules[rules["test"] == "Creatinine"])["grade"].tolist()
    [1, 2, 3, 4]
    """
    return rules[(rules["of"] != "baseline") & (rules["baseline"] != "abnormal")]


def is_relative(rules: pd.DataFrame) -> bool:
    """Tell whether a patient who is abnormal at baseline has criteria of their own."""
    return bool((rules["baseline"] == "abnormal").any())


def grades(values: pd.DataFrame, rules: pd.DataFrame) -> pd.Series:
    """Grade values of one test.

    Parameters
    ----------
    values : DataFrame
        One row a value: ``value``, ``lln``, ``uln`` and, where `rules` ask for them, ``baseline``
        (the patient's baseline value) and ``abnormal`` (bool: beyond the limit at baseline).
    rules : DataFrame
        Rows of `criteria`, all of one test.

    Returns
    -------
    Series of float
        The highest grade of which a criterion is met, 0 where none is. NaN where the value is
        missing, or where a limit is and the grade would turn on it; an upper limit or a baseline
        that is not above 0 counts as missing. Values that differ from a limit by less than one in
        10⁹ are equal to it.

    Examples
    --------
    Without a lower limit, haemoglobin of 90 g/L is grade 2 all the same; 120 may be grade 0 or 1.

    >>> rules = criteria()
    >>> values = pd.DataFrame({"value": [90.0, 120.0], "lln": np.nan, "uln": np.nan})
    >>> grades(values, rules[rules["test"] == "Haemoglobin"]).tolist()
    [2.0, nan]
    """
    sure, possible = _between(values, rules)
    known = values["value"].notna() & (sure == possible)
    return pd.Series(sure, index=values.index).where(known)


def least(values: pd.DataFrame, rules: pd.DataFrame) -> pd.Series:
    """Give the lowest grade that values of one test can have, whatever limits are missing.

    Parameters
    ----------
    values, rules : DataFrame
        As in `grades`.

    Examples
    --------
    >>> rules = criteria()
    >>> values = pd.DataFrame({"value": [76.0], "lln": np.nan, "uln": np.nan})
    >>> least(values, rules[rules["test"] == "Haemoglobin"]).tolist()
    [3.0]
    """
    return pd.Series(_between(values, rules)[0], index=values.index)


def _between(values: pd.DataFrame, rules: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    sure, possible = np.zeros(len(values)), np.zeros(len(values))
    for rule in rules.itertuples():
        limit = _limit(values, rule)
        met = _met(values["value"].to_numpy(), rule.sign, limit) & _concerns(values, rule)
        open_ = np.isnan(limit) & _concerns(values, rule)
        sure = np.where(met, np.maximum(sure, rule.grade), sure)
        possible = np.where(met | open_, np.maximum(possible, rule.grade), possible)
    return sure, possible


def exceeds(value: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """Tell where a value is truly above a limit: by more than one part in 10⁹.

    >>> exceeds(np.array([3 * 0.1]), np.array([0.3])).tolist()
    [False]
    """
    return (value > limit) & ~_same(value, limit)


def _same(value: np.ndarray, limit: np.ndarray) -> np.ndarray:
    return np.isclose(value, limit, rtol=SAME, atol=0)


def _limit(values: pd.DataFrame, rule) -> np.ndarray:
    if rule.of == "value":
        return np.full(len(values), float(rule.times))
    reference = values[rule.of].to_numpy()
    usable = reference >= 0 if rule.of == "lln" else reference > 0
    return rule.times * np.where(usable, reference, np.nan)


def _met(value: np.ndarray, sign: str, limit: np.ndarray) -> np.ndarray:
    beyond = exceeds(value, limit) if ">" in sign else exceeds(limit, value)
    return beyond | _same(value, limit) if "=" in sign else beyond


def _concerns(values: pd.DataFrame, rule) -> np.ndarray | bool:
    if rule.baseline == "any":
        return True
    if "abnormal" not in values:
        return rule.baseline == "normal"
    return values["abnormal"].to_numpy() == (rule.baseline == "abnormal")
