"""What texts of an unknown source mean: the kind of a column, its codes, the week of a visit."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import pandas as pd

from ppp.catalogue.dictionary import UNITS, Field, fold
from ppp.data import words
from ppp.data.values import DATE_FORMATS, fits, tidy

NUMBER = re.compile(
    r"(?P<about>[<>≤≥~≈约大ca. ]*)(?P<number>[+-]?\d+(?:[.,]\d+)?)"
    r"\s*(?P<unit>[^\d\s,;][^\d,;]{0,9})?"
)
MOST = 0.6  # of the filled cells say what kind a column is
FEW = 12  # different values make codes
WEEK = r"weeks?|wks?|wk|wochen?|wo|w|hafta|hft|semaines?|semanas?|sem"
START = (
    "baseline|base|bl|beginn|therapiebeginn|start|vorher|vor therapie|ausgangswert|before|pre|"
    "before treatment|pre-treatment|用药前|治疗前|基线|给药前|入组|başlangıç|başlangic|baslangic|"
    "tedavi öncesi|tedavi oncesi|önce|inclusion|basal|inicio|début"
)
END = (
    "end|ende|eot|end of treatment|final|nachher|after|after treatment|therapieende|治疗后|用药后|"
    "疗程结束|son|sonra|tedavi sonu|fin"
)
LAST = 12  # the week of an end that gives none, a question always
MONTH, DAY = r"months?|mo|m|monate?|mon|ay|mois|mes(?:es)?", r"days?|d|tage?|gün|gun|jours?"
BEFORE = r"(?:after|at|nach|zu|治疗后|用药后|治疗|用药|给药后|第)?[ ._-]*"
LABEL = (
    rf"{BEFORE}(?:(?:{WEEK}|{MONTH}|{DAY})[ ._-]*\d+|\d+[ ._-]*(?:\.[ ]*)?(?:{WEEK}|{MONTH}|{DAY})|"
    rf"\d+ ?(?:周|个月|月|天)(?:后)?|{START}|{END})"
)
PLACES = [
    re.compile(rf"(?:^|[\s._(\[,:;|/-]+|(?<=[\u4e00-\u9fff]))(?P<label>{LABEL})[)\]]?$", re.I),
    re.compile(rf"^[(\[]?(?P<label>{LABEL})(?:[)\]\s._,:;|/-]+|(?=[\u4e00-\u9fff]))", re.I),
    re.compile(r"(?<=[a-z_ )])(?P<label>\d{1,2})$", re.I),
]
WHOLE = re.compile(rf"{LABEL}(?: arm \d+)?", re.I)
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
INTEGER = re.compile(r"-?\d+")
ALWAYS, SOMETIMES = ";、", ",/+|&"


@dataclass(frozen=True)
class Look:
    """What a column holds; `kind` is empty, number, date, codes or text.

    `marks` counts ``,`` and ``.`` among numbers kept as text, `units` what stands behind numbers,
    `formats` how many dates kept as text fit each format; `gaps` are words for not known, `odd`
    what is neither; `levels` counts values as text.
    """

    kind: str
    filled: int
    low: float | None
    high: float | None
    whole: bool
    marks: Counter
    units: Counter
    formats: Counter
    dated: int  # dates kept as text
    gaps: tuple
    odd: int
    levels: Counter
    shape: str

    @property
    def unique(self) -> bool:
        """Whether no value comes again."""
        return bool(self.levels) and max(self.levels.values()) == 1


def look(cells: pd.Series) -> Look:
    """Look at the filled cells of one column."""
    levels = Counter(map(tidy, cells))
    texts = Counter(tidy(cell) for cell in cells if isinstance(cell, str))
    gaps = tuple(text for text in texts if fold(text) in words.UNKNOWN)
    numbers = [float(cell) for cell in cells if _is_number(cell)]
    read = {text: NUMBER.fullmatch(text) for text in texts if text not in gaps}
    read = {text: match for text, match in read.items() if match}
    formats = Counter(
        {form: sum(n for text, n in texts.items() if fits(text, form)) for form in DATE_FORMATS}
    )
    days = sum(isinstance(cell, (date, datetime)) for cell in cells)
    dated = max(formats.values())
    typed = sum(texts[text] for text in read)
    known = len(cells) - sum(texts[gap] for gap in gaps)
    kind = _kind(known, days + dated, len(numbers) + typed, levels, gaps)
    numbers += [_float(match["number"]) for match in read.values() if not match["about"].strip()]
    return Look(
        kind=kind,
        filled=len(cells),
        low=min(numbers, default=None),
        high=max(numbers, default=None),
        whole=all(number.is_integer() for number in numbers),
        marks=_counted(texts, {t: re.sub(r"[^.,]", "", m["number"]) for t, m in read.items()}),
        units=_counted(
            texts, {text: (match["unit"] or "").strip() for text, match in read.items()}
        ),
        formats=+formats,
        dated=dated,
        gaps=gaps,
        odd=known - (days + dated if kind == "date" else len(cells) - len(texts)),
        levels=levels,
        shape=_shape(levels),
    )


def _is_number(cell) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _float(text: str) -> float:
    return float(text.replace(",", "."))


def _counted(texts: Counter, marks: dict) -> Counter:
    counts = Counter()
    for text, mark in marks.items():
        counts[mark] += texts[text] if mark else 0
    return +counts


def _kind(known: int, days: int, numbers: int, levels: Counter, gaps: tuple) -> str:
    if not known:
        return "empty"
    if days >= MOST * known:
        return "date"
    if numbers >= MOST * known:
        return "number"
    values = [text for text in levels if text not in gaps]
    return "codes" if len(values) <= min(FEW, max(2, known / 2)) else "text"


def _shape(levels: Counter) -> str:
    """Write the commonest form of the values, every letter as a, A or 字, every digit as 9."""
    masks = Counter()
    for text, count in levels.items():
        masked = re.sub(r"[^\W\d_]", lambda m: _masked(m[0]), re.sub(r"\d", "9", text))
        masks[masked if len(masked) <= 12 else masked[:11] + "…"] += count
    return masks.most_common(1)[0][0] if masks else ""


def _masked(sign: str) -> str:
    if sign > "\u2e7f":
        return "字"
    return "A" if sign.isupper() else "a"


@dataclass(frozen=True)
class Split:
    """A heading taken apart: its label, the rest, the heading with ``{label}``, the week."""

    label: str
    rest: str
    template: str
    week: int
    sure: bool


@cache
def week(text: str) -> int | None:
    """Return the week that a whole text names, or None.

    >>> [week(text) for text in ("W12", "第4周", "用药前", "12. hafta", "week_4_arm_1", "Sex")]
    [12, 4, 0, 12, 4, None]
    """
    word = fold(text).replace("̇", "").replace("_", " ").strip(" .:()[]")
    return _of(word)[0] if WHOLE.fullmatch(word) else None


def is_sure(text: str) -> bool:
    """Tell whether a label counts in weeks, or names the start; months and days need a question."""
    return _of(fold(text))[1]


def _of(label: str) -> tuple[int, bool]:
    label = re.sub(r" arm \d+$", "", label.replace("_", " "))
    digits = re.search(r"\d+", label)
    if not digits:
        start = re.fullmatch(rf"{BEFORE}(?:{START})", label.strip(" ."))
        return (0, True) if start else (LAST, False)
    number = int(digits[0])
    unit = re.sub(rf"^{BEFORE}|[\d ._)(\[\]-]", "", label)
    if re.fullmatch(rf"{DAY}|天", unit):
        return round(number / 7), number % 7 == 0
    if re.fullmatch(rf"{MONTH}|个月|月", unit):
        return 4 * number, number == 0
    return number, bool(unit) or "周" in label


@cache
def split(heading: str) -> Split | None:
    """Take the visit out of a heading; None where it names none, or nothing else.

    >>> [split(text).template for text in ("PPPASI Woche 4", "Week 0 DLQI", "DLQI (12周)")]
    ['PPPASI {label}', '{label} DLQI', 'DLQI ({label})']
    >>> split("w12_pppasi").rest, split("PPPASI 用药前").week, split("Alter")
    ('pppasi', 0, None)
    """
    for place in PLACES:
        match = place.search(heading)
        if not match:
            continue
        start, end = match.span("label")
        rest = (heading[: match.start()] + " " + heading[match.end() :]).strip(" ._-,:;|/()[]")
        rest = re.sub(r"(?<=\w)[ _](?:at|bei|zu|nach|vor)$", "", rest, flags=re.I)
        number, sure = _of(fold(match["label"]))
        if rest:
            template = heading[:start] + "{label}" + heading[end:]
            return Split(match["label"], rest, template, number, sure)
    return None


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
    read = {text: week(text) for text in look.levels if not INTEGER.fullmatch(text)}
    sure = {t: week for t, week in read.items() if week is not None and is_sure(t)}
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
    texts = [text for text in look.levels if not words.means_none(text, alone=False)]
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
    twins = (
        dict(zip(",;/", "，；／", strict=True)) if words.HAN.search("".join(look.levels)) else {}
    )
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
