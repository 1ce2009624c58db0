"""One raw cell becomes one value, or the rule that says why not.

A rule holds for a whole column; nothing is guessed cell by cell.
"""

import math
import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import pandas as pd

from ppp.catalogue import dictionary
from ppp.catalogue.dictionary import OTHER, fold, redcap_code
from ppp.data import words
from ppp.data.headings import NeverCalculated
from ppp.study import Study

ERRORS = set(
    "#REF! #DIV/0! #N/A #NAME? #NULL! #NUM! #VALUE! #SPILL! #CALC! #GETTING_DATA #FIELD! #BLOCKED! "
    "#CONNECT! #UNKNOWN!".split()
)
NUMBER = {
    mark: re.compile(rf"[+-]?(\d+{stop}?\d*|{stop}\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
    for mark, stop in ((".", r"\."), (",", ","))
}
YEAR, MONTH = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})"
PARTIAL = [
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"{YEAR}\s?年?",
        rf"(?!\d{{4}}\.1$){YEAR}\s?[-/.年]\s?{MONTH}\s?月?",
        rf"{MONTH}\s?[-/.]\s?{YEAR}",
    )
]
ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?", re.ASCII)
TIME = re.compile(r"[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?$", re.ASCII | re.IGNORECASE)
DATE_FORMATS = (  # that a date kept as text may have
    "%d.%m.%Y|%Y-%m-%d|%Y/%m/%d|%Y.%m.%d|%Y年%m月%d日|%d/%m/%Y|%m/%d/%Y|%d-%m-%Y|%d.%m.%y|%d/%m/%y|"
    "%m/%d/%y|%d %b %Y|%d-%b-%Y"
).split("|")
LONGEST_ENTRY, MOST_DIGITS = 40, 3
DATES, DAY = ("date", "partial_date"), "datetime64[us]"
INVISIBLE = dict.fromkeys(map(ord, "\0\u200b\u200c\u200d\u2060\ufeff")) | {ord("\u2212"): "-"}


@dataclass(frozen=True)
class Reading:
    """How the cells of one field are read; `kind` is one of `_READERS`."""

    kind: str = "text"
    low: float | datetime | None = None
    high: float | datetime | None = None
    aliases: dict = field(default_factory=dict)  # raw value as `fold` writes it: canonical value
    codes: dict = field(default_factory=dict)  # the same of study.toml, as `tidy` writes it
    other: bool = False  # text that is no choice counts as "other"
    missing: frozenset = frozenset({""})
    named: bool = False  # the cell names something, and a word for nothing names nothing
    stated: bool = False  # study.toml itself lists the marks of a missing value
    decimal: str = "."
    date_format: str = "%d.%m.%Y"
    unit: str = ""  # stands in the cells behind the number, as study.toml declares
    separators: str = ""  # signs between entries of one cell, as study.toml declares
    from_text: bool = False  # in a CSV file a number as text is not worth a warning


def reading(study: Study, table: str, name: str) -> Reading:
    """Gather what the dictionary and ``study.toml`` say about one field."""
    known = dictionary.fields(table).get(name)
    how = _of_dictionary(known) if known else _of_extra(study.extra[table][name])
    if name == "pga":
        how = replace(how, low=study.endpoints.pga_scale[0], high=study.endpoints.pga_scale[1])
    named = study.codes.get(name, {})
    if how.other:
        how = replace(how, aliases=how.aliases | _spellings(named.values()))
    return replace(
        how,
        codes=how.codes | {tidy(raw): code for raw, code in named.items()},
        missing=frozenset({"", *map(tidy, study.source.missing)}),
        named=how.kind == "list" or name in words.NAMES,
        stated="source.missing" in study.stated,
        decimal=study.source.decimal_of(table, name),
        date_format=study.source.date_format,
        unit=study.units.get(name, ""),
        separators=study.separators.get(name, ""),
        from_text=study.source.is_folder,
    )


def _of_dictionary(known: dictionary.Field) -> Reading:
    low, high = known.low, known.high
    if known.kind in DATES:
        low, high = datetime.fromisoformat(low), datetime.fromisoformat(high)
    other = OTHER in known.choices
    return Reading(kind=known.kind, low=low, high=high, aliases=known.aliases, other=other)


def _of_extra(extra) -> Reading:
    codes = {tidy(raw): code for raw, code in extra.codes.items()}
    aliases = _spellings(extra.codes.values()) if extra.kind == "choice" else {}
    return Reading(kind=extra.kind, low=extra.min, high=extra.max, codes=codes, aliases=aliases)


def _spellings(choices) -> dict:
    return {fold(word): code for code in choices for word in (code, redcap_code(code))}


def tidy(raw) -> str:
    """Write a raw value as text of normal width, without spaces around it.

    >>> tidy(" １２.５ "), tidy(3.0), tidy(True)
    ('12.5', '3', 'TRUE')
    """
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, datetime) and raw.time() == datetime.min.time():
        raw = raw.date()
    return unicodedata.normalize("NFKC", str(raw)).translate(INVISIBLE).strip()


def read_column(raw: pd.Series, how: Reading) -> pd.DataFrame:
    """Read every cell of a column: its ``value`` (missing where empty) and ``rule`` (or "")."""
    filled = raw[raw.notna()]
    keys = list(zip(map(type, filled), filled, strict=True))
    read = {key: read_cell(key[1], how) for key in set(keys)}
    cells = pd.DataFrame(
        [read[key] for key in keys], index=filled.index, columns=["value", "rule"], dtype=object
    ).reindex(raw.index)
    return cells.fillna({"rule": ""}).astype({"value": dtype(how.kind)})


def dtype(kind: str) -> str:
    """Return the pandas type of a column of this kind."""
    return {"number": "float64", "integer": "float64"}.get(kind, DAY if kind in DATES else "str")


def read_cell(raw, how: Reading) -> tuple:
    """Read one cell that is not empty: its value or None, and the rule that made it so or warns.

    >>> read_cell("13,86", Reading("number"))
    (None, 'decimal_comma')
    >>> read_cell("＜5", Reading("number"))
    (None, 'limit_value')
    >>> read_cell("１２", Reading("number"))
    (12.0, 'number_tidied')
    """
    text = tidy(raw)
    if isinstance(raw, NeverCalculated):
        return None, "formula_not_calculated"
    if text in how.codes:
        plain = replace(how, codes={}, missing=frozenset(), decimal=".", from_text=True)
        return read_cell(how.codes[text], plain)
    if _names_nothing(text, how):
        return "" if how.kind == "list" else None, "word_for_none"
    if text in how.missing:
        return None, ""
    if text.upper() in ERRORS:
        return None, "error_value"
    return _READERS[how.kind](raw, text, how)


def _names_nothing(text: str, how: Reading) -> bool:
    marked = not text or (how.stated and text in how.missing)
    return how.named and not marked and words.means_none(text, alone=how.kind != "list")


def _number(raw, text: str, how: Reading) -> tuple:
    if isinstance(raw, bool):
        return None, "true_or_false"
    if isinstance(raw, (int, float)):
        return _in_range(float(raw), "", how)
    if not isinstance(raw, str):
        return None, "not_a_number"
    text = how.aliases.get(fold(text), without_unit(text, how))
    if not NUMBER[how.decimal].fullmatch(text):
        return None, _why_no_number(text, how)
    return _in_range(float(text.replace(",", ".")), _number_warning(raw, text, how), how)


def without_unit(text: str, how: Reading) -> str:
    """Take the declared unit off a number.

    >>> [without_unit(text, Reading(unit="mg")) for text in ("15 mg", "15MG", "mg", "15 g")]
    ['15', '15', 'mg', '15 g']
    """
    unit = tidy(how.unit).casefold()
    bare = text[: len(text) - len(unit)].rstrip()
    return bare if unit and bare and text.casefold().endswith(unit) else text


def _why_no_number(text: str, how: Reading) -> str:
    if text[:1] in set("<>≤≥~≈约"):
        return "limit_value"
    if text.endswith("%"):
        return "percentage"
    other = {".": ",", ",": "."}[how.decimal]
    if NUMBER[other].fullmatch(text):
        return {",": "decimal_comma", ".": "decimal_point"}[other]
    return "not_a_number"


def _number_warning(raw: str, text: str, how: Reading) -> str:
    typed = tidy(raw)
    if fold(raw) in how.aliases or typed != text:
        return ""
    if raw != text:
        return "number_tidied"
    return "" if how.from_text or how.decimal == "," else "number_as_text"


def _in_range(value, rule: str, how: Reading) -> tuple:
    if isinstance(value, float) and not math.isfinite(value):
        return None, "not_a_number"
    if how.kind == "integer" and value != math.floor(value):
        return None, "not_whole"
    too_low = how.low is not None and value < how.low
    too_high = how.high is not None and value > how.high
    return (None, "out_of_range") if too_low or too_high else (value, rule)


def _date(raw, text: str, how: Reading) -> tuple:
    if isinstance(raw, datetime):
        day = raw.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    elif isinstance(raw, date):
        day = datetime(raw.year, raw.month, raw.day)
    else:
        try:
            day = _written_day(text if isinstance(raw, str) else "", how.date_format)
        except ValueError:
            return None, "not_a_date"
    return _in_range(day, "", how)


def _written_day(text: str, date_format: str) -> datetime:
    """Read a date as declared, or as ISO 8601, which has one meaning; ValueError for others.

    A time behind the day says words.
    """
    iso = ISO.fullmatch(text)
    day = text if "%H" in date_format or "%I" in date_format else TIME.sub("", text)
    return datetime.strptime(*(iso[1], "%Y-%m-%d") if iso else (day, date_format))


def fits(text: str, date_format: str) -> bool:
    """Tell whether a text is a date in this format."""
    try:
        return bool(datetime.strptime(text, date_format))
    except ValueError:
        return False


def _partial_date(raw, text: str, how: Reading) -> tuple:
    known = span(text) if isinstance(raw, str) or text.isdigit() else None
    if known is None:
        return _date(raw, text, how)
    return None, _in_range(known[0], "date_partial", how)[1]


def span(text: str) -> tuple[datetime, datetime] | None:
    """Return the first and the last day of a written month or year; None for any other text.

    "2023.1" is not read, since a spreadsheet writes 2023.10 so.

    >>> [f"{day:%Y-%m-%d}" for day in span("2024-02")]
    ['2024-02-01', '2024-02-29']
    >>> span("02.2024") == span("2024/2") == span("2024年2月") == span("2024-02")
    True
    >>> [f"{day:%Y-%m-%d}" for day in span("2023")]
    ['2023-01-01', '2023-12-31']
    >>> span("2024-13"), span("2024-02-01"), span("2023.1"), span("05.23")
    (None, None, None, None)
    """
    match = next(filter(None, (pattern.fullmatch(text) for pattern in PARTIAL)), None)
    if match is None:
        return None
    year, month = int(match["year"]), match.groupdict().get("month")
    first, last = (1, 12) if month is None else (int(month), int(month))
    if year < 1 or not 1 <= first <= 12:
        return None
    return datetime(year, first, 1), datetime(year, last, monthrange(year, last)[1])


def _choice(raw, text: str, how: Reading) -> tuple:
    choice = how.aliases.get(fold(text))
    if choice is None and how.other:
        return OTHER, "free_text_grouped"
    return (None, "not_a_choice") if choice is None else (choice, "")


def _list(raw, text: str, how: Reading) -> tuple:
    typed = _text(raw, text, how)[0]
    entries = parted(typed, how.separators or ";")
    typed = "; ".join(entries) if how.separators else typed
    some = [entry for entry in entries if not _names_nothing(entry, how)]
    named = [OTHER if _is_free_text(entry) else entry for entry in some]
    if named == entries:
        return typed, ""
    rule = "word_for_none" if some == named else "free_text_grouped"
    return "; ".join(dict.fromkeys(named)), rule


def parted(text: str, separators: str) -> list[str]:
    """Part the entries of one cell; not within brackets, nor at a comma within a number.

    >>> parted("acne (mild, face); CK 1,5 ×ULN，headache", ",;")
    ['acne (mild, face)', 'CK 1,5 ×ULN', 'headache']
    """
    signs = set(unicodedata.normalize("NFKC", separators))
    entries, depth = [""], 0
    for before, sign, after in zip(f" {text}", text, f"{text[1:]} ", strict=False):
        same = unicodedata.normalize("NFKC", sign)
        depth = max(0, depth + (same == "(") - (same == ")"))
        number = same == "," and before.isdigit() and after.isdigit()
        if same in signs and not depth and not number:
            entries.append("")
        else:
            entries[-1] += sign
    return list(filter(None, map(str.strip, entries)))


def _is_free_text(entry: str) -> bool:
    digits = sum(sign.isdigit() for sign in entry)
    return len(entry) > LONGEST_ENTRY or digits > MOST_DIGITS


def _text(raw, text: str, how: Reading) -> tuple:
    return (raw.strip() if isinstance(raw, str) else text), ""


_READERS = {
    "number": _number,
    "integer": _number,
    "date": _date,
    "partial_date": _partial_date,
    "choice": _choice,
    "list": _list,
    "text": _text,
}
