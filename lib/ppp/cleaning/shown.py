"""What page 01 may show of a raw value or of a person's words: short numbers and usual reasons."""

import re
import unicodedata

from ppp.catalogue.dictionary import TABLES, fields
from ppp.catalogue.lab_tests import fold_unit, known

NUMBER = re.compile(r"[<>≤≥~≈≃+±−-]?\s?\d{1,4}(?:[.,]\d{1,3})?\s?(?P<unit>.*)")
SHORTEST_ID, LONGEST_CODE = 4, 3
WIDE = re.compile(r"[\u2e80-\U0003ffff]")  # writing of which one sign may be a word


def value(raw, ids=()) -> str:
    """Show a raw value if it is a short number, alone or with a known unit, else its length.

    An id of a patient (`ids`, of four signs or more) is no number, nor are eight digits, or a date.

    >>> value("13,86"), value("＜5"), value("45 %"), value("12 mg/dL")
    ('13,86', '<5', '45 %', '12 mg/dL')
    >>> value("Li Wei, see 7"), value("2022-08-25"), value("1047", {"1047"}), value("7")
    ('text, 13 characters', 'text, 10 characters', 'text, 4 characters', '7')
    """
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    number = NUMBER.fullmatch(text)
    is_id = len(text) >= SHORTEST_ID and text in ids
    if number and not is_id and (not number["unit"] or fold_unit(number["unit"]) in _units()):
        return text
    return f"text, {len(text)} character{'s' * (len(text) != 1)}" if text else "blank"


def _units() -> set[str]:
    tests = (unit for test in known().values() for unit in test.factors)
    own = (field.unit for table in TABLES for field in fields(table).values())
    return {fold_unit(unit) for unit in ("%", *tests, *own) if unit}


def code(raw, ids=()) -> str:
    """Show a code of at most three signs, of writing such as Chinese one, else as `value` does.

    >>> code(" w"), code("X12"), code("weiblich"), code("男"), code("王小明")
    ('w', 'X12', 'text, 8 characters', '男', 'text, 3 characters')
    """
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    brief = len(text) <= (1 if WIDE.search(text) else LONGEST_CODE)
    return text if text and brief and text not in ids else value(text, ids)


def reason(words: str, usual) -> str:
    """Show one of the usual reasons for a correction; of any other only how long it is."""
    known = {one.casefold(): one for one in usual}
    return known.get(words.casefold(), f"own words, {len(words)} characters")


def initials(by: str) -> str:
    """Show who made a correction by initials.

    >>> initials("Dr. Anna Müller"), initials("am"), initials("李医生")
    ('DAM', 'AM', '李')
    """
    words = re.findall(r"[^\W\d_]+", by)
    short = len(words) == 1 and len(by) <= LONGEST_CODE and not WIDE.search(by)
    return (by if short else "".join(word[0] for word in words)).upper() or "–"
