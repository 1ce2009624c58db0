"""Values in, one estimate out: which values count, and a number, its interval, or the reason."""

from dataclasses import dataclass, replace
from math import nan

import numpy as np

FEWEST = 3
DECIMALS = 9
ROOM = 4e18

CODES = {
    # why there is no estimate or no interval
    "no_data": "nobody has a value that counts, in one of the groups or in all",
    "too_few": "fewer patients or visits than the method needs",
    "one_patient": "a group is one patient, so that the groups are not compared",
    "too_many": "more patients than the method is run for",
    "zero_variance": "the values, changes or fitted residuals do not vary",
    "all_zero": "no patient's score changed",
    "degenerate": "the data leave the method nothing to estimate from",
    "not_converged": "the preferred model did not converge",
    "has_zero": "a score of 0 has no logarithm",
    "one_direction": "every score that changed rose, or every one fell",
    "one_table": "the margins allow one table only, so there is nothing to test",
    "no_event": "no event was seen",
    "events_seen": "an event was seen where the method needs none",
    "everybody": "everybody still at risk had the event",
    "not_followed": "nobody was observed so long",
    "no_time": "no time at risk",
    "unattended": "nobody was seen at the visit",
    "infinite": "the ratio or its upper limit is infinite",
    "undetectable": "no difference at all would be detected",
    "nothing_missing": "not applicable, for no score was imputed",
    "not_fallen": "the mean score did not fall, or was not above the usual mean",
    # which method was taken, where there is a choice
    "exact": "exact distribution",
    "sampled": "permutations sampled at random",
    "bootstrap": "interval by resampling patients",
    "normal_approximation": "large-sample approximation in place of an exact or resampled result",
    "compound_symmetry": "one variance and one correlation for all visits",
    # what to know about the estimate
    "below_level": "the level that is attained is below the one asked for",
    "left_out": "some patients were left out",
    "zeros_ranked": "unchanged scores were ranked with the others (Pratt)",
    "zeros_dropped": "unchanged scores were dropped before ranking",
    "imputed": "some scores were imputed",
    "carried": "some scores were carried forward",
    "tips": "the conclusion tips once imputed scores are worse by the estimate",
    "tips_at_once": "the conclusion does not hold even unworsened",
    "never_tips": "the conclusion never tips within the range of the score",
    "unexplained": "no correlation of 0 or more explains the fall",
}


@dataclass(frozen=True)
class Estimate:
    """One estimated quantity; a number is NaN where it cannot be estimated or there is none.

    `ci_level` is the nominal level (0.95) or the one attained. `n` patients or pairs were used,
    `events` are counted successes, `p_value` is two-sided. `method` names what was really used,
    `note` says why something is empty or approximate, as a sentence part, and `code` the same for
    programs: keys of `CODES`, with spaces between.
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
    code: str = ""

    def marked(self, code: str, note: str = "") -> "Estimate":
        """Return the same estimate with one more code, and with the note after the present one."""
        codes, notes = filter(None, (self.code, code)), filter(None, (self.note, note))
        return replace(self, code=" ".join(codes), note="; ".join(notes))

    def without(self, n: int, what: str) -> "Estimate":
        """Return the same estimate, marked where `n` patients were left out."""
        return self.marked("left_out", f"{n} {what}") if n else self


def reason(code: str, note: str) -> dict[str, str]:
    """Return the fields of an `Estimate` that say why, as keyword arguments."""
    return {"code": code, "note": note}


def shortage(n: int, what: str = "patients") -> dict[str, str]:
    """Return the `reason` why `n` is too small for inference, or an empty dict when it is not."""
    if n == 0:
        return reason("no_data", "no data")
    if n < FEWEST:
        what = what if n > 1 else what.removesuffix("s")
        return reason("too_few", f"only {n} {what}, fewer than {FEWEST}")
    return {}


ONE_PATIENT = reason("one_patient", "one patient in a group: no comparison")
ALONE = Estimate(**ONE_PATIENT)


def group_shortage(n1: int, n0: int) -> dict[str, str]:
    """Return the `reason` why one of two groups is too small for inference, if one is."""
    short = shortage(min(n1, n0))
    return short and reason(short["code"], f"{short['note']} in one of the groups")


def observed(values):
    """Return the finite values of one column, as floats; ValueError for anything but one column."""
    column = np.asarray(values, dtype=float)
    if column.ndim != 1:
        raise ValueError(f"one column of values is needed, not an array of shape {column.shape}")
    return column[np.isfinite(column)]


def complete(before, after):
    """Mark the patients with two finite values; ValueError unless both are columns equally long."""
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    if before.shape != after.shape or before.ndim != 1:
        raise ValueError(f"{before.size} values before, {after.size} after: they must be pairs")
    return np.isfinite(before) & np.isfinite(after)


def pairs(before, after):
    """Return the values before and after of those patients who have both; errors of `complete`."""
    both = complete(before, after)
    return np.asarray(before, dtype=float)[both], np.asarray(after, dtype=float)[both]


def change(before, after):
    """Return after − before of complete pairs, to 9 decimals, so that equal changes are equal."""
    before, after = pairs(before, after)
    return np.round(after - before, DECIMALS)


def table(values, of: str = "patients × visits"):
    """Return a table as floats, NaN where missing or infinite; ValueError unless it has 2 axes."""
    values = np.asarray(values, dtype=float)
    if values.ndim != 2:
        raise ValueError(f"{of} are needed, not an array of shape {values.shape}")
    return np.where(np.isfinite(values), values, nan)


def constant(values) -> bool:
    """Tell whether all values agree to 12 significant digits, so that they have no variance."""
    return bool(np.ptp(values) <= 1e-12 * np.max(np.abs(values)))


def whole(values):
    """Return values as integers, so that sums and ties are exact, and the power of ten taken.

    Nine decimals, fewer only where a sum of all values would not fit 63 bits.
    """
    values = np.asarray(values, dtype=float)
    largest = max(1.0, float(np.max(np.abs(values), initial=0.0)))
    fits = int(np.floor(np.log10(ROOM / (largest * max(2, values.size)))))
    scale = 10.0 ** min(DECIMALS, fits)
    return np.rint(values * scale).astype(np.int64), scale
