"""Codes and lists of a column: what values mean, and which signs part the entries of one cell."""

import re
from collections import Counter

from ppp.catalogue.dictionary import UNITS, Field, fold
from ppp.data import nothing
from ppp.data.inspect import visits
from ppp.data.inspect.cells import Look
from ppp.data.totals import HAN

TOGETHER = {  # letters and signs that mean something where all values of the column are among them
    "sex": ({"e": "male", "k": "female"}, {"h": "male", "f": "female"}),
    "yes": ({"e": "yes", "h": "no"},),
}
ASKED = {  # likely, and a question
    "sex": (
        {"1": "male", "2": "female"},
        {"0": "female", "1": "male"},
        {"1": "male", "0": "female"},
    ),
    "yes": ({"1": "yes", "2": "no"}, {"+": "yes", "-": "no"}, {"(+)": "yes", "(-)": "no"}),
}
OTHER = set(
    "months|month|mo|monate|monat|个月|月|余年|ay|weeks|wochen|周|hafta|g|µg|mg/dl|%".split("|")
)
LONGEST = 12
WHOLE = re.compile(r"-?\d+")
ALWAYS, SOMETIMES = ";、", ",/+|&"


def meant(field: Field, look: Look) -> tuple[dict, dict]:
    """Return codes that are sure and codes that are a question, raw value to canonical value."""
    if field.name == "week":
        return _weeks(look)
    if field.kind != "choice" or field.choices.get("other"):
        return {}, {}
    unknown = [t for t in look.levels if fold(t) not in field.aliases and t not in look.gaps]
    shown = {text for text in unknown if is_code(text)}
    group = "yes" if set(field.choices) == {"yes", "no"} else field.name
    values = {fold(text): text for text in look.levels if text not in look.gaps or text in "+-"}
    for known, asked in ((TOGETHER, False), (ASKED, True)):
        for means in known.get(group, ()):
            if len(values) > 1 and set(values) == set(means):
                pairs = {values[fold(raw)]: code for raw, code in means.items()}
                return ({}, pairs) if asked else (pairs, {})
    return {}, dict.fromkeys(sorted(shown), "?")


def _weeks(look: Look) -> tuple[dict, dict]:
    read = {text: visits.week(text) for text in look.levels if not WHOLE.fullmatch(text)}
    sure = {t: week for t, week in read.items() if week is not None and visits.is_sure(t)}
    taken = {*sure.values(), None}
    asked = [
        text for text in read if text not in sure and (read[text] is not None or is_code(text))
    ]
    return sure, {text: "?" if read[text] in taken else read[text] for text in asked}


def is_code(text: str) -> bool:
    """Tell whether a value may be shown: short, one word, not much of a number."""
    return len(text) <= LONGEST and " " not in text and sum(map(str.isdigit, text)) < 3


def separators(look: Look) -> tuple[str, str]:
    """Return signs that part entries, and signs that may.

    A comma or a slash does where one of the parts stands alone in another cell.
    """
    signs = set("".join(look.levels)) & set(ALWAYS + SOMETIMES)
    texts = [text for text in look.levels if not nothing.means_none(text, alone=False)]
    sure = "".join(sign for sign in ALWAYS if sign in signs)
    asked = ""
    for sign in filter(signs.__contains__, SOMETIMES):
        having = [text for text in texts if sign in text]
        others = Counter(e for t in texts if sign not in t for e in _parts(t))
        parted = [text for text in having if any(e in others for e in _parts(text))]
        if having and len(parted) >= len(having) / 2:
            sure += sign
        elif having:
            asked += sign
    return _wide(sure, look), asked


def _wide(signs: str, look: Look) -> str:
    """Add the full-width twin of each sign where the cells hold Chinese."""
    twins = dict(zip(",;/", "，；／", strict=True)) if HAN.search("".join(look.levels)) else {}
    return signs + "".join(twins.get(sign, "") for sign in signs)


def _parts(text: str) -> list[str]:
    return [fold(part) for part in re.split(f"[{re.escape(ALWAYS + SOMETIMES)}]", text)]


def units(field: Field, look: Look) -> tuple[str, list[str], int]:
    """Return the unit of the field that numbers carry, other units, and cells with other text.

    Only words that are known as units are told: behind a number there may be a street.
    """
    ours = [one for one in look.units if fold(one) in field.units]
    others = [one for one in look.units if fold(one) in OTHER]
    best = max(ours, key=look.units.get, default="")
    rest = set(look.units) - {best, *others}
    return best, others, sum(look.units[one] for one in rest)


def is_unit(text: str) -> bool:
    """Tell whether a word is known as a unit."""
    return fold(text) in OTHER or any(fold(text) in words.split("|") for words in UNITS.values())
