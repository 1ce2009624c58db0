"""Scores as whole numbers, so that sums, ties and their counts are exact."""

import numpy as np

DECIMALS = 9
ROOM = 4e18


def whole(values):
    """Return the values as integers, and the power of ten they were multiplied by.

    Nine decimals are kept, fewer only where a sum of all values would not fit 63 bits.

    Parameters
    ----------
    values : array_like, shape (n,)
        Finite numbers.

    Returns
    -------
    integers : numpy.ndarray of int64, shape (n,)
    scale : float
        ``integers / scale`` gives the values back.

    Examples
    --------
    >>> integers, scale = whole([0.3, -1.5])
    >>> (integers / scale).tolist()
    [0.3, -1.5]
    """
    values = np.asarray(values, dtype=float)
    largest = max(1.0, float(np.max(np.abs(values), initial=0.0)))
    fits = int(np.floor(np.log10(ROOM / (largest * max(2, values.size)))))
    scale = 10.0 ** min(DECIMALS, fits)
    return np.rint(values * scale).astype(np.int64), scale


def steps(integers):
    """Count integers in steps above the smallest, the step being their common divisor.

    Returns
    -------
    counts : numpy.ndarray of int64
        Not negative, the smallest 0, without a common divisor above 1.

    Examples
    --------
    >>> steps(np.array([-300, 500, 100])).tolist()
    [0, 2, 1]
    """
    above = integers - integers.min()
    return above // max(1, np.gcd.reduce(above))
