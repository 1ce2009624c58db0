"""What every estimator returns: a number, its interval, and the reason where there is none."""

from dataclasses import dataclass
from math import nan


@dataclass(frozen=True)
class Estimate:
    """One estimated quantity.

    Attributes
    ----------
    estimate, ci_low, ci_high : float
        NaN where they cannot be estimated; then `note` says why.
    ci_level : float
        Nominal level (0.95), or the level attained; NaN without an interval.
    n : int
        Patients (or pairs) that were used.
    events : int or None
        Successes or events, for counts.
    p_value : float
        Two-sided; NaN where the quantity has no test.
    method : str
        The name of the method that was really used ("asymptotic" where exact was too large).
    note : str
        Why something is empty or approximate, as a sentence part a reader understands.
    """

    estimate: float = nan
    ci_low: float = nan
    ci_high: float = nan
    ci_level: float = nan
    n: int = 0
    events: int | None = None
    p_value: float = nan
    method: str = ""
    note: str = ""
