"""Which values can be used, and, where there are too few, the reason in words."""

import numpy as np

FEWEST = 3


def observed(values):
    """Return the finite values, as floats, in their order.

    Parameters
    ----------
    values : array_like, shape (n,)
        NaN, NA and infinite values count as missing.

    Returns
    -------
    numpy.ndarray, shape (n observed,)

    Raises
    ------
    ValueError
        When the values do not form a single column.
    """
    column = _column(values)
    return column[np.isfinite(column)]


def pairs(before, after):
    """Return the values before and after of those patients who have both.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        The same patients in the same order; NaN and NA are missing.

    Returns
    -------
    before, after : numpy.ndarray, shape (n complete,)

    Raises
    ------
    ValueError
        When the two differ in length.
    """
    before, after = _column(before), _column(after)
    if before.shape != after.shape:
        raise ValueError(f"{before.size} values before, {after.size} after: they must be pairs")
    both = np.isfinite(before) & np.isfinite(after)
    return before[both], after[both]


def change(before, after):
    """Return after − before of the complete pairs, rounded to 9 decimals.

    The rounding makes equal changes equal: in binary fractions 0.3 − 0.1 and 0.2 − 0 differ.

    Examples
    --------
    >>> change([0.1, 0.0, None], [0.3, 0.2, 1.0]).tolist()
    [0.2, 0.2]
    """
    before, after = pairs(before, after)
    return np.round(after - before, 9)


def constant(values) -> bool:
    """Tell whether all values agree to 12 significant digits, so that they have no variance."""
    return bool(np.ptp(values) <= 1e-12 * np.max(np.abs(values)))


def shortage(n: int, what: str = "patients") -> str:
    """Say why `n` is too small for inference, or return "" when it is not.

    Examples
    --------
    >>> shortage(0), shortage(1), shortage(3)
    ('no data', 'only 1 patient, fewer than 3', '')
    """
    if n == 0:
        return "no data"
    if n < FEWEST:
        return f"only {n} {what if n > 1 else what.removesuffix('s')}, fewer than {FEWEST}"
    return ""


def _column(values):
    column = np.asarray(values, dtype=float)
    if column.ndim != 1:
        raise ValueError(f"one column of values is needed, not an array of shape {column.shape}")
    return column
