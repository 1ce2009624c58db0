"""The only maker of strings of numbers: one number, one interval, one p-value format."""

import html as _html
import math
import re
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

import pandas as pd

MINUS = "\u2212"
NOT_ESTIMABLE = "not estimable"
FEW = 5
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
PLAIN_NUMBER = re.compile(r"[+-]?\d[\d,.]*(?:e[+-]?\d+)?%?")


def is_missing(x) -> bool:
    """Tell whether `x` is no number that can be shown: None, NA, NaN or infinite."""
    return x is None or x is pd.NA or not math.isfinite(x)


def number(x, digits: int = 2, *, note: str = "", signed: bool = False) -> str:
    """Write a number with a real minus sign; never "nan", "inf" or "-0".

    One that is missing or infinite becomes "not estimable (note)"; `signed` puts a plus sign
    before positive ones.

    >>> number(-8.304), number(-0.001), number(1234567, 0), number(0.5, 1, signed=True)
    ('−8.30', '0.00', '1,234,567', '+0.5')
    >>> number(float("nan"), note="zero variance")
    'not estimable (zero variance)'
    """
    if is_missing(x):
        return f"{NOT_ESTIMABLE} ({note})" if note else NOT_ESTIMABLE
    written = f"{float(x):{'+' if signed else ''},.{digits}f}"
    if not written.strip("+-0.,"):
        written = written.lstrip("+-")
    return written.replace("-", MINUS)


def span(low, high, digits: int = 1) -> str:
    """Write the range of observed values, without decimals where both ends are whole.

    >>> span(19.0, 58.0), span(8.0, 17.9)
    ('19 to 58', '8.0 to 17.9')
    """
    if is_missing(low) or is_missing(high):
        return NOT_ESTIMABLE
    whole = float(low).is_integer() and float(high).is_integer()
    return interval(low, high, 0 if whole else digits)


def interval(low, high, digits: int = 2) -> str:
    """Write two limits: "7.20 to 9.40"; a missing limit makes the whole interval missing.

    >>> interval(-9.4, -7.2)
    '−9.40 to −7.20'
    """
    if is_missing(low) or is_missing(high):
        return "interval " + NOT_ESTIMABLE
    return f"{number(low, digits)} to {number(high, digits)}"


def estimate_ci(row, digits: int = 2, *, scale: float = 1) -> str:
    """Write a results row as "estimate (low to high)", the estimate alone without an interval.

    >>> estimate_ci({"estimate": -8.3, "ci_low": -9.4, "ci_high": -7.2})
    '−8.30 (−9.40 to −7.20)'
    """
    if is_missing(row["estimate"]):
        return number(None, note=row.get("note", ""))
    shown = number(row["estimate"] * scale, digits)
    if is_missing(row["ci_low"]) or is_missing(row["ci_high"]):
        return shown
    return f"{shown} ({interval(row['ci_low'] * scale, row['ci_high'] * scale, digits)})"


def percent(proportion, digits: int = 1) -> str:
    """Write a proportion (0–1) as a percentage.

    >>> percent(20 / 28), percent(0.0003), percent(float("nan"))
    ('71.4%', '<0.1%', 'not estimable')
    """
    if is_missing(proportion):
        return NOT_ESTIMABLE
    least = 10.0**-digits
    if 1e-12 < 100 * proportion < least / 2:
        return f"<{number(least, digits)}%"
    return number(100 * proportion, digits) + "%"


def percent_interval(row, digits: int = 1) -> str:
    """Write the interval of a proportion: "52.9% to 84.7%"."""
    return _ends(row, lambda limit: percent(limit, digits))


def percent_ci(row, digits: int = 1) -> str:
    """Write a proportion with its interval, as tables do: "71.4 [52.9 to 84.7]".

    >>> percent_ci({"estimate": 20 / 28, "ci_low": 0.5294, "ci_high": 0.8475})
    '71.4 [52.9 to 84.8]'
    """
    if is_missing(row["estimate"]):
        return number(None, note=row.get("note", ""))
    ends = [None if is_missing(row[end]) else 100 * row[end] for end in ("ci_low", "ci_high")]
    return f"{number(100 * row['estimate'], digits)} [{interval(*ends, digits)}]"


def few(row) -> bool:
    """Tell whether too few patients make a percentage: fewer than `FEW`, so counts stand alone."""
    return not is_missing(row["n"]) and row["n"] < FEW


def fraction(row) -> str:
    """Write "20/28" from `events` and `n`."""
    missing = is_missing(row["events"]) or is_missing(row["n"])
    return NOT_ESTIMABLE if missing else f"{count(row['events'])}/{count(row['n'])}"


def of(row) -> str:
    """Write "20 of 28" from `events` and `n`."""
    return fraction(row).replace("/", " of ")


def count(n) -> str:
    """Write a whole number with thousands separated by commas; missing becomes an en dash."""
    return "–" if is_missing(n) else number(n, 0)


def count_percent(row) -> str:
    """Write "18 (64.3%)" from `events` and `n`, the count alone where n is `few`.

    >>> count_percent({"events": 18, "n": 28}), count_percent({"events": 3, "n": 4})
    ('18 (64.3%)', '3')
    """
    if is_missing(row["events"]) or is_missing(row["n"]):
        return NOT_ESTIMABLE
    if not row["n"]:
        return "0 of 0"
    if few(row):
        return count(row["events"])
    return f"{count(row['events'])} ({percent(row['events'] / row['n'])})"


def p_value(p) -> str:
    """Write a p-value to three digits, "<0.001" below that.

    >>> p_value(0.0304), p_value(1e-9), p_value(None)
    ('0.030', '<0.001', 'not estimable')
    """
    if is_missing(p):
        return NOT_ESTIMABLE
    return "<0.001" if p < 0.0005 else f"{p:.3f}"


def p_phrase(p) -> str:
    """Write "p = 0.030" or "p < 0.001" for running text."""
    written = p_value(p)
    if written == NOT_ESTIMABLE:
        return "p " + NOT_ESTIMABLE
    return f"p < {written[1:]}" if written.startswith("<") else f"p = {written}"


def power_of_ten(exponent: int) -> str:
    """Write "10⁻¹²"."""
    return "10" + str(exponent).translate(RAISED)


def p_scientific(p, *, up: bool = False) -> str:
    """Write a p-value to two digits, as a power of ten below 0.001; an upper bound rounds `up`.

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
    if rounded >= Decimal("0.001"):
        return f"{rounded:f}"
    exponent = rounded.adjusted()
    return f"{rounded.scaleb(-exponent):.1f} × {power_of_ten(exponent)}"


def rate(x) -> str:
    """Write events per 100 patient-years: one decimal, none from 100 on.

    >>> rate(43.67), rate(99.96), rate(1014.7)
    ('43.7', '100', '1,015')
    """
    return number(x, 1 if is_missing(x) or x < 99.95 else 0)


def rate_interval(row) -> str:
    """Write the limits of a rate, each as `rate` does: "59.1 to 143"."""
    return _ends(row, rate)


def _ends(row, write) -> str:
    low, high = row["ci_low"], row["ci_high"]
    missing = is_missing(low) or is_missing(high)
    return f"interval {NOT_ESTIMABLE}" if missing else f"{write(low)} to {write(high)}"


def days(years: float) -> str:
    """Write patient-years as days, with one decimal where they are not whole.

    >>> days(88.5 / 365.25), days(84 / 365.25)
    ('88.5', '84')
    """
    if is_missing(years):
        return NOT_ESTIMABLE
    whole = round(365.25 * years, 1)
    return number(whole, 0 if whole.is_integer() else 1)


def level(ci_level) -> str:
    """Write a confidence level as it was attained: "95%", "95.3%".

    >>> level(0.95), level(0.9531)
    ('95%', '95.3%')
    """
    if is_missing(ci_level):
        return "95%"
    return percent(ci_level, 0 if abs(100 * ci_level - round(100 * ci_level)) < 0.05 else 1)


def between(counts) -> str:
    """Write counts that may differ: "28", or "23 to 28".

    >>> between([28, 23, 28]), between([28, 28])
    ('23 to 28', '28')
    """
    low, high = min(counts), max(counts)
    return count(low) if low == high else f"{count(low)} to {count(high)}"


def plural(n, one: str, many: str = "") -> str:
    """Write a count with its noun: "1 patient", "28 patients"."""
    return f"{count(n)} {one if n == 1 else many or one + 's'}"


def listed(parts, last: str = "and") -> str:
    """Join words: "a", "a and b", "a, b and c"."""
    parts = list(parts)
    return f" {last} ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def sentence(words: str) -> str:
    """Make the first letter a capital and leave the rest (PPPASI stays PPPASI)."""
    return words[:1].upper() + words[1:]


def size(n: int) -> str:
    """Write the size of a file.

    >>> size(1475), size(180_518), size(1_660_000), size(12)
    ('1.5 kB', '181 kB', '1.7 MB', '1 kB')
    """
    kilobytes = max(n / 1000, 1)
    if kilobytes < 999.5:
        return number(kilobytes, int(1 < kilobytes < 9.95)) + " kB"
    return number(kilobytes / 1000, 1) + " MB"


def plain(value) -> str:
    r"""Drop the control characters that neither HTML nor XML may hold.

    >>> plain("a\x00b")
    'ab'
    """
    return CONTROL.sub("", str(value))


def short(value, most: int = 60) -> str:
    """Cut text for a figure, where nothing wraps.

    >>> short("abcdef", 4), short("abcd", 4)
    ('abc…', 'abcd')
    """
    words = plain(value)
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def spreadsheet(value) -> str:
    r"""Put an apostrophe before text that a spreadsheet would run as a formula.

    >>> spreadsheet('=HYPERLINK("x")'), spreadsheet("-0.5"), spreadsheet("−0.5 (−1 to 0)")
    ('\'=HYPERLINK("x")', '-0.5', '−0.5 (−1 to 0)')
    """
    words = plain(value)
    runs = FORMULA.match(words) and not PLAIN_NUMBER.fullmatch(words)
    return f"'{words}" if runs else words


def html(value) -> str:
    """Escape text from the data for HTML."""
    return _html.escape(str(value))


def markdown(value) -> str:
    """Escape text from the data for Markdown: it shows as it is, no markup, link or mathematics.

    >>> markdown("<b>*x*"), markdown("http://a.b")
    ('&#60;b&#62;&#42;x&#42;', 'http&#58;//a.b')
    """
    said = "".join(f"&#{ord(c)};" if c in "\\`*_{}[]<>()#+!|$~&\"'" else c for c in str(value))
    return said.replace("://", "&#58;//")
