"""Very small p-values, which the audit prints in full."""

from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

from ppp.report.text import MINUS, NOT_ESTIMABLE, is_missing

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SMALL = 0.001


def power_of_ten(exponent: int) -> str:
    """Write "10⁻¹²".

    Examples
    --------
    >>> power_of_ten(-12)
    '10⁻¹²'
    """
    return "10" + str(exponent).translate(RAISED)


def p_scientific(p, *, up: bool = False) -> str:
    """Write a p-value to two digits, as a power of ten below 0.001.

    Parameters
    ----------
    p : float
    up : bool
        Round up, for what is said to be an upper bound.

    Examples
    --------
    >>> p_scientific(8.047e-12), p_scientific(8.047e-12, up=True), p_scientific(0.0304)
    ('8.0 × 10⁻¹²', '8.1 × 10⁻¹²', '0.030')
    """
    if is_missing(p):
        return NOT_ESTIMABLE
    if p == 0:
        return f"below {power_of_ten(-300)}"
    exact = Decimal(p)
    unit = Decimal(1).scaleb(exact.adjusted() - 1)
    rounded = exact.quantize(unit, ROUND_CEILING if up else ROUND_HALF_EVEN)
    if rounded >= Decimal(str(SMALL)):
        return f"{rounded:f}".replace("-", MINUS)
    exponent = rounded.adjusted()
    return f"{rounded.scaleb(-exponent):.1f} × {power_of_ten(exponent)}"
