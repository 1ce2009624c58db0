"""What the cells of one column look like: kind, range, marks and codes."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from ppp.catalogue.dictionary import fold
from ppp.data.values import tidy

FORMATS = (
    "%d.%m.%Y %Y-%m-%d %Y/%m/%d %d/%m/%Y %m/%d/%Y %Y年%m月%d日 %d-%m-%Y %Y.%m.%d %d.%m.%y %d-%b-%Y"
).split()
NUMBER = re.compile(
    r"(?P<about>[<>≤≥~≈约大ca. ]*)(?P<number>[+-]?\d+(?:[.,]\d+)?)"
    r"\s*(?P<unit>[^\d\s,;][^\d,;]{0,9})?"
)
GAP = set(
    "|n.d.|n.d|nd|n.a.|n/a|na|n.b.|k.a.|k. a.|-|--|–|—|?|.|unknown|unk|missing|not done|"
    "not recorded|not available|keine angabe|nicht erhoben|nicht bekannt|unbekannt|fehlt|"
    "未测|未查|未做|未检|未记录|不详|缺失|未知|bilinmiyor|ölçülmedi|bakılmadı|yapılmadı|"
    "non fait|inconnu|desconocido".split("|")
)
MOST = 0.6  # of the filled cells say what kind a column is
FEW = 12  # different values make codes


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
    gaps = tuple(text for text in texts if fold(text) in GAP)
    numbers = [float(cell) for cell in cells if _is_number(cell)]
    read = {text: NUMBER.fullmatch(text) for text in texts if text not in gaps}
    read = {text: match for text, match in read.items() if match}
    formats = Counter({form: _fitting(texts, form) for form in FORMATS})
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


def _fitting(texts: Counter, form: str) -> int:
    return sum(count for text, count in texts.items() if fits(text, form))


def fits(text: str, form: str) -> bool:
    """Tell whether a text is a date in this format."""
    try:
        return bool(datetime.strptime(text, form))
    except ValueError:
        return False


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
