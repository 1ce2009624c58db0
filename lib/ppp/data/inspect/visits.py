"""Which week a heading, a code or the name of a sheet means, in the languages of clinics."""

import re
from dataclasses import dataclass
from functools import cache

from ppp.catalogue.dictionary import fold

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
