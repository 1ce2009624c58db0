"""The data dictionary: every field, its label, type, range, choices and the headings it answers to.

``data/dictionary.csv`` (REDCap's column names) is the single source; this module only reads it.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PATH = Path(__file__).resolve().parents[3] / "data" / "dictionary.csv"
TABLES = ("patients", "visits", "adverse_events", "labs")
IDENTITY = "identity"
OTHER = "other"
UMLAUTS = str.maketrans({"ä": "ae", "æ": "ae", "ö": "oe", "œ": "oe", "ü": "ue"})
HAN = "㐀-鿿豈-﫿\U00020000-\U0003ffff"
WORD = re.compile(f"[{HAN}↑↓%]|[^\\W_{HAN}]+")
CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]+")
WHOSE = frozenset(
    "patient patients pat next of kin contact emergency relative family mother father parent "
    "spouse partner guardian home work office private primary other alternative doctor physician "
    "gp first last full legal middle the de du des der del la le di da von paciente anne "
    "baba".split()
)
UNITS = {  # their spellings
    "years": "years|year|yrs|yr|y|jahre|jahr|j|年|岁|yıl|yil|yaş|ans|años",
    "mg": "mg|mg/d|mg/day|mg/tag|毫克",
    "points": "points|point|pts|punkte|分|puan",
}
OUTCOME = "analysis key better step targets mcid mcid_source bands glossary source".split()


@dataclass(frozen=True)
class Field:
    """One field of one table.

    Attributes
    ----------
    table : one of `TABLES`, or ``identity`` for headings that are never read.
    kind : ``text``, ``list`` (entries with ``;`` between), ``number``, ``integer``, ``date``,
        ``partial_date`` (a day, or a month or year alone) or ``choice``.
    low, high : smallest and largest value allowed; ISO days for dates; None means no limit.
    choices : canonical value → label; empty unless `kind` is ``choice``. Among choices with
        `OTHER`, text that is none of them counts as that, and ``study.toml`` may name more.
    aliases : raw value, as `fold` writes it → canonical value.
    synonyms : headings accepted beside `name`, as `plain` writes them.
    required, identifier : must be there; points to a person.
    outcome : what `ppp.catalogue.outcomes` reads: the columns of `OUTCOME` that say something.
    """

    table: str
    name: str
    label: str
    kind: str = "text"
    unit: str = ""
    note: str = ""
    low: float | str | None = None
    high: float | str | None = None
    choices: dict | None = None
    aliases: dict | None = None
    synonyms: tuple = ()
    required: bool = False
    identifier: bool = False
    outcome: dict | None = None

    @property
    def units(self) -> list[str]:
        """Spellings of its unit, as `fold` writes them."""
        return UNITS.get(self.unit, fold(self.unit)).split("|")

    def answers(self, heading: str) -> bool:
        """Tell whether a heading is one of its own, alone or before its unit, range or codes.

        >>> dose, sapho = find("dose_mg"), find("sapho")
        >>> dose.answers("Dosis (mg)"), dose.answers("Dosis (g)"), sapho.answers("SAPHO [ja/nein]")
        (True, False, True)
        """
        ahead, _, said = fold(heading).rstrip(")]").replace("[", "(").partition("(")
        if plain(heading) in self.synonyms or not said or plain(ahead) not in self.synonyms:
            return plain(heading) in self.synonyms
        limits = isinstance(self.low, float) and said in (
            f"{self.low:g}{sign}{self.high:g}" for sign in "-–"
        )
        codes = {part.strip() for part in re.split("[/|,;=]", said)}
        return limits or said in self.units or codes <= {*(self.aliases or ())}


def plain(text) -> str:
    r"""Write a heading or a code without case, width, punctuation and brackets.

    >>> plain("ＣＲＰ (mg/L)"), plain("crp_mg_l"), plain(" Patient\nNo. ")
    ('crp mg l', 'crp mg l', 'patient no')
    """
    folded = unicodedata.normalize("NFKC", str(text)).casefold()
    return re.sub(r"[\s_\-./:#*()\[\]{}]+", " ", folded).strip()


def redcap_code(choice: str) -> str:
    """Write a choice in the letters, digits and _ that REDCap allows in raw codes.

    >>> redcap_code("patient's wish"), redcap_code("阴性") == redcap_code("阳性")
    ('patients_wish', False)
    """
    text = choice if choice.isascii() else choice.encode("punycode").decode()
    return re.sub(r"\W+", "_", text.replace("'", ""))


def fold(text) -> str:
    """Write a raw value without case, width and spaces around it.

    >>> fold(" Ｙes "), fold("-1")
    ('yes', '-1')
    """
    return " ".join(unicodedata.normalize("NFKC", str(text)).casefold().split())


def spelt(text: str) -> str:
    """Write a text in the spelling that is compared: words between single spaces.

    >>> spelt("Anaemia, Hb↓") == spelt("ANÄMIA (Hb ↓)") == " anemia hb ↓ "
    True
    >>> spelt("γ-GT升高")
    ' γ gt 升 高 '
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(UMLAUTS)
    words = WORD.findall(plain.replace("ae", "e").replace("oe", "e"))
    return f" {' '.join(words)} "


@cache
def fields(table: str) -> dict[str, Field]:
    """Fields of one table by name, in the order of the dictionary."""
    return {field.name: field for field in _read() if field.table == table}


@cache
def find(name: str) -> Field | None:
    """Return the first field of this name in any table, or None."""
    return next((field for field in _read() if field.name == name), None)


@cache
def identity(heading: str) -> str:
    """Name the identity that a heading gives away (``phone``), or return an empty string.

    The name of the column decides, never its values. The words must be the whole heading, but for
    numbers and words of whose they are (`WHOSE`); Chinese, Japanese and Korean ones may be a part.

    >>> identity("Patient's name"), identity("联系电话"), identity("Test name"), identity("MRN")
    ('name', 'phone', '', 'record_number')
    >>> identity("next_of_kin_contact_name"), identity("telephone_1"), identity("event name")
    ('name', 'phone', '')
    """
    wanted = re.sub(r"(?<=[^\W\d_])\d+$| \d+$", "", plain(heading))
    own = [word for word in wanted.replace("'s", "").split() if word not in WHOSE]
    known = fields(IDENTITY).values()
    for field in known:
        if any(word == wanted or _cjk(word, wanted) for word in field.synonyms):
            return field.name
    of = {word: field.name for field in known for word in field.synonyms}
    return of[own[-1]] if own and all(word in of for word in own) else ""


def _cjk(word: str, heading: str) -> bool:
    return word in heading and bool(CJK.fullmatch(word))


@cache
def _read() -> tuple[Field, ...]:
    with PATH.open(encoding="utf-8", newline="") as file:
        return tuple(_field(row) for row in csv.DictReader(file))


def _field(row: dict) -> Field:
    kind = _kind(row)
    choices = dict(_pairs(row["select_choices_or_calculations"], ","))
    aliases = {
        fold(word): code
        for code, label in choices.items()
        for word in (code, label, redcap_code(code))
    }
    for code, words in _pairs(row["choice_synonyms"], ":"):
        aliases |= {fold(word): code for word in words.split(";")}
    low, high = (row[f"text_validation_{end}"] or None for end in ("min", "max"))
    if kind in ("number", "integer"):
        low, high = (None if end is None else float(end) for end in (low, high))
    return Field(
        table=row["form_name"],
        name=row["field_name"],
        label=row["field_label"],
        kind=kind,
        unit=row["unit"],
        note=row["field_note"],
        low=low,
        high=high,
        choices=choices,
        aliases=aliases,
        required=row["required_field"] == "y",
        identifier=row["identifier"] == "y",
        outcome={name: row[name] for name in OUTCOME if row[name]},
        synonyms=tuple(
            plain(word) for word in [row["field_name"], *row["synonyms"].split(";")] if word.strip()
        ),
    )


def _kind(row: dict) -> str:
    if row["field_type"] in ("radio", "notes"):
        return {"radio": "choice", "notes": "list"}[row["field_type"]]
    named = row["text_validation_type_or_show_slider_number"]
    return {"": "text", "date_ymd": "date"}.get(named, named)


def _pairs(text: str, between: str):
    for part in filter(None, map(str.strip, text.split("|"))):
        left, _, right = part.partition(between)
        yield left.strip(), right.strip()
