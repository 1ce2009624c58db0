"""What in a text points to a person: `found` names the kinds, `blot` covers them.

This is the second line of defence. The first is that free text leaves only under a name that
somebody approved (`ppp.data.terms`): no pattern knows every name. Of raw values and of a person's
words page 01 may show what `shown` and its like give: short numbers, codes, usual reasons.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from ppp.catalogue import lab_tests
from ppp.catalogue.dictionary import TABLES, fields

BLOT = "[…]"
SHORTEST = 4  # characters of a patient id; a shorter one occurs in any text by chance
MOST_RUNS = 8  # runs of letters or digits that an id may have
RUN = re.compile(r"\d+|[㐀-鿿]+|[^\W\d_㐀-鿿]+")
CLOSE = re.compile(r"[\W_]{0,3}")
_MONTH = (
    r"(?:jan(?:uary?|uar|vier)?|feb(?:ruary?|ruar)?|f[ée]vr(?:ier)?|mar(?:ch|s)?|m(?:ä|ae)rz?|"
    r"a[pv]r(?:il)?|ma[iy]o?|ju[nl][eyi]?|juin|juillet|aug(?:ust)?|ao[uû]t|sept?(?:ember|embre)?|"
    r"o[ck]t(?:ober|obre)?|nov(?:ember|embre)?|d[eé][cz](?:ember|embre)?)(?![^\W\d_])\.?"
)
_YEAR = r"(?:[-/., ]{1,2}'?(?:\d{4}|\d{2})(?!\d))"
_YEARS = r"(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d(?!\d)"
_HAN = "[〇零○一二三四五六七八九十廿]"
_ROAD = "street|st|road|rd|avenue|ave|lane|ln|drive|boulevard|blvd|square|close"
_NAME = r"[^\W\d_][\w'’-]*(?:\s(?-i:[A-ZÄÖÜ])[\w'’-]+)*"
PATTERNS = {
    "url": (r"\b(?:https?://|www\.)\S+",),
    "email": (r"[\w.+-]{1,64}\s?(?:@|[(\[]at[)\]])\s?[\w-]+(?:\s?(?:\.|[(\[]dot[)\]])\s?[\w-]+)+",),
    "date": (
        r"(?<!\d)\d{4}\s?[-/._年,]\s?\d{1,2}\s?[-/._月,]\s?\d{1,2}(?!\d)\s?[日号]?",
        r"(?<!\d)\d{1,2}\s?[-/._]\s?\d{1,2}\s?[-/._]\s?(?:\d{4}|'?\d{2})(?!\d)",
        rf"(?<!\d)\d{{4}}[-/. ]{{0,2}}{_MONTH}[-/. ]{{0,2}}\d{{1,2}}(?!\d)",
        rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th|er)?[-/. ]{{0,2}}(?:of |de )?{_MONTH}{_YEAR}?",
        rf"\b{_MONTH}[-/. ]{{0,2}}\d{{1,2}}(?:st|nd|rd|th)?(?!\d){_YEAR}?",
        r"(?<!\d)\d{1,2}\s?[-/.]\s?(?-i:[IVX]{1,4})\s?[-/.]\s?\d{2,4}",
        r"(?:\d{2,4}\s?年\s?)?\d{1,2}\s?月\s?\d{1,2}(?:\s?[日号]|(?!\s?[\d次回天周个]))",
        rf"(?:{_HAN}+\s?年\s?)?{_HAN}+\s?月\s?{_HAN}+\s?[日号]",
        r"(?<![\d.])[0-3]?\d\.\s?[01]?\d\.(?!\d)",
        r"\b(?:on|since|from|until|am|seit|vom|ab|bis)\s[0-3]?\d[./][01]?\d(?![\d/.])",
    ),
    "number": (  # telephones, national ids, record numbers, dates written as one number
        rf"(?<!\d)(?!{_YEARS})[+(]{{0,2}}\d(?:[ ()./-]{{0,3}}\d){{6,}}[xX]?",
        r"\d{5,}",
        r"\b(?:mrn|pid|tel|phone|mobile|handy|fax|(?:chart|record|hospital|admission|case|patient|"
        r"pat|id|fall|akten?)[- .]{0,2}(?:no|nr|number|nummer|id|zeichen))\s?[.:#]*\s?"
        r"[a-z]{0,3}[-/]?\d{2,}",
        r"(?:病[历案]|住院|门诊|登记|床|电话|手机|身份证)号?码?\s?[.:#]*\s?[a-z]{0,3}[-/]?\d{2,}",
        r"(?:\b(?:no|nr)\.?|[#№])\s?[a-z]{0,3}[-/]?\d{3,}",
    ),
    "address": (
        r"[^\W\d_]{0,30}(?:straße|strasse|str\.|gasse|allee|platz|weg|ufer)\s?\d+\s?[a-z]?\b",
        rf"\b\d+[a-z]?,? (?:[^\W\d_]+ ){{1,3}}(?:{_ROAD})\b",
        r"[㐀-鿿]{1,12}(?:路|街|巷|弄|胡同|大道|小区|新村)\s?\d+[㐀-鿿\d]*",
        r"[㐀-鿿]{2,}[省市区县][㐀-鿿\d]*(?:路|街|巷|镇|村|小区|号)[㐀-鿿\d]*",
        r"\d+\s?(?:号楼?|弄|栋|幢|单元|室)",
    ),
    "person": (
        rf"\b(?:dr|prof|mr|mrs|herrn?|frau)\b\.?\s?(?:med\.?\s?)?{_NAME}",
        r"\b(?-i:Ms|Miss|Hr|Fr|Sr|Nurse|Doctor)\b\.?\s(?-i:[A-ZÄÖÜ])[\w'’-]+",
        r"\b(?:(?:told|reported|seen|said|called|informed|signed|treated|entered)\sby"
        rf"|according to|laut|c/o)\s{_NAME}",
        r"[㐀-鿿]{0,3}(?:医生|医师|大夫|主任|教授|护士|先生|女士|小姐)",
    ),
    "age": (
        r"\b(?:age|aged|alter)\s?[:=]?\s?(?:9\d|1[0-4]\d)(?!\d)|年龄\s?[:=]?\s?(?:9\d|1[0-4]\d)",
        r"(?<!\d)(?:9\d|1[0-4]\d)[- ]?(?:years?|yrs?|y/?o\b|jahre?|jährig\w*|j\.|岁|歳)",
    ),
}
READ = {kind: re.compile("|".join(parts), re.IGNORECASE) for kind, parts in PATTERNS.items()}
KINDS = {
    "url": "an internet address",
    "email": "an e-mail address",
    "date": "an exact date",
    "number": "a telephone, record or identity number",
    "address": "a street address",
    "person": "somebody's name",
    "age": "an age above 89",
    "patient": "a patient id of the source",
}
SHORT_NUMBER = re.compile(r"[<>≤≥~≈≃+±−-]?\s?\d{1,4}(?:[.,]\d{1,3})?\s?(?P<unit>.*)")
LONGEST_CODE = 3
WIDE = re.compile(r"[\u2e80-\U0003ffff]")  # writing of which one sign may be a word


def keys(ids: Iterable[str]) -> frozenset[str]:
    """Write patient ids as they are looked for: without case, width and signs between.

    >>> sorted(keys(["ZY-0103", "７"]))
    ['zy0103', 'zy103']
    """
    kept = [one for one in map(_plain, ids) if len(one) >= SHORTEST and re.search(r"\d", one)]
    return frozenset(form for one in kept for form in _forms(RUN.findall(one.casefold())))


def found(text: str, ids: frozenset[str] = frozenset()) -> list[str]:
    """Name the kinds of what points to a person; `ids` are `keys`.

    >>> found("zoster since 5月2日, told by Dr Li"), found("herpes zoster, grade 2")
    (['date', 'person'], [])
    """
    plain = _plain(text)
    kinds = [kind for kind, pattern in READ.items() if pattern.search(plain)]
    return kinds + ["patient"] * any(True for _ in _of_patients(plain, ids))


def blot(text: str, ids: frozenset[str] = frozenset()) -> str:
    """Cover what points to a person; a text without it is as it was.

    >>> blot("患者C103痤疮, since 2022-08-25", keys(["C-103"]))
    '患者[…]痤疮, since […]'
    """
    plain = covered = _plain(text)
    for start, end in reversed(list(_of_patients(plain, ids))):
        covered = covered[:start] + BLOT + covered[end:]
    for pattern in READ.values():
        covered = pattern.sub(BLOT, covered)
    return text if covered == plain else covered


def _plain(text) -> str:
    """Write a text in normal width, with every space and dash as the usual one."""
    normal = unicodedata.normalize("NFKC", str(text))
    normal = "".join(sign for sign in normal if unicodedata.category(sign) != "Cf")
    return re.sub(r"\s", " ", re.sub(r"[‐-―−]", "-", normal))


def _forms(runs: list[str]) -> set[str]:
    return {"".join(runs), "".join(run.lstrip("0") or "0" for run in runs)}


def _of_patients(plain: str, ids: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Give the places of patient ids: runs of letters and of digits, at most three signs apart."""
    runs = [(run.start(), run.end()) for run in RUN.finditer(plain)] if ids else []
    end = 0
    for first, (start, _) in enumerate(runs):
        if start < end:
            continue
        for last in range(first, min(first + MOST_RUNS, len(runs))):
            if last > first and not CLOSE.fullmatch(plain[runs[last - 1][1] : runs[last][0]]):
                break
            words = [plain[a:b].casefold() for a, b in runs[first : last + 1]]
            if ids & _forms(words):
                end = runs[last][1]
        if end > start:
            yield start, end


def shown(raw, ids=()) -> str:
    """Show a raw value if it is a short number, alone or with a known unit, else its length.

    An id of a patient (`ids`, of four signs or more) is no number, nor are eight digits, or a date.

    >>> shown("13,86"), shown("＜5"), shown("45 %"), shown("12 mg/dL")
    ('13,86', '<5', '45 %', '12 mg/dL')
    >>> shown("Li Wei, see 7"), shown("2022-08-25"), shown("1047", {"1047"}), shown("7")
    ('text, 13 characters', 'text, 10 characters', 'text, 4 characters', '7')
    """
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    number = SHORT_NUMBER.fullmatch(text)
    is_id = len(text) >= SHORTEST and text in ids
    if (
        number
        and not is_id
        and (not number["unit"] or lab_tests.fold_unit(number["unit"]) in _units())
    ):
        return text
    return f"text, {len(text)} character{'s' * (len(text) != 1)}" if text else "blank"


def _units() -> set[str]:
    tests = (unit for test in lab_tests.known().values() for unit in test.factors)
    own = (field.unit for table in TABLES for field in fields(table).values())
    return {lab_tests.fold_unit(unit) for unit in ("%", *tests, *own) if unit}


def shown_code(raw, ids=()) -> str:
    """Show a code of at most three signs, of writing such as Chinese one, else as `shown` does.

    >>> [shown_code(text) for text in (" w", "X12", "weiblich", "男", "王小明")]
    ['w', 'X12', 'text, 8 characters', '男', 'text, 3 characters']
    """
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    brief = len(text) <= (1 if WIDE.search(text) else LONGEST_CODE)
    return text if text and brief and text not in ids else shown(text, ids)


def shown_reason(words: str, usual) -> str:
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
