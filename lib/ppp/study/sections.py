"""The sections of ``study.toml``: each key, what it may hold, and its default."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path

from ppp.errors import StudyError, hint

NO_SHEETS = ("terms.csv", "corrections.csv")  # of the owner, where they lie beside the source


def _of_type(kind, wanted: str) -> Callable:
    def check(value):
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise ValueError(f"it must be {wanted}, not {value!r}")
        return value

    return check


text = _of_type(str, "text in quotes")
whole = _of_type(int, "a whole number")
table = _of_type(dict, "a table of names and values")
_flag = _of_type(bool, "true or false")
_number = _of_type((int, float), "a number")
_list = _of_type(list, "a list in [ ]")
_text_or_number = _of_type((str, int, float), "text or a number")


def word(value):
    """Check for text or a number; a number becomes its text."""
    return str(_text_or_number(value))


def each(check: Callable) -> Callable:
    """Check every value of a table."""
    return lambda value: {name: check(item) for name, item in table(value).items()}


def one_or_each(check: Callable) -> Callable:
    """Check one value, or every value of a table."""
    return each_or(check, check)


def each_or(check: Callable, one: Callable) -> Callable:
    """Check every value of a table, or something else than a table."""
    return lambda value: each(check)(value) if isinstance(value, dict) else one(value)


def _list_of(check: Callable) -> Callable:
    return lambda value: tuple(check(item) for item in _list(value))


def _that(check: Callable, holds: Callable, remedy: str) -> Callable:
    """Check a value and what must hold of it; the remedy's ``{}`` becomes the value."""

    def checked(value):
        made = check(value)
        if not holds(made):
            raise ValueError(remedy.format(repr(value)))
        return made

    return checked


def _at_least(low: int) -> Callable:
    return _that(whole, lambda value: value >= low, f"it must be {low} or more, not {{}}")


def _one_of(*words: str) -> Callable:
    named = " or ".join([", ".join(f'"{one}"' for one in words[:-1]), f'"{words[-1]}"'])
    return _that(lambda value: value, lambda value: value in words, f"it must be {named}, not {{}}")


def _is_encoding(name: str) -> bool:
    try:
        return not name or bool("".encode(name) or "x".encode(name))
    except LookupError:
        return False


_study_id = _that(
    text,
    lambda value: re.fullmatch(r"[a-z0-9_-]+", value),
    "it may hold a-z, 0-9, _ and - only, not {}",
)
_scale = _that(
    _list_of(whole),
    lambda scale: len(scale) == 2 and scale[0] < scale[1],
    "it must be the lowest and the highest grade, as in [0, 4]",
)
_encoding = _that(
    text,
    _is_encoding,
    "{} is no encoding; it may be for instance utf-8, cp1252, gb18030, shift_jis or cp1254",
)
_percents = _that(
    _list_of(_number),
    lambda shares: all(0 < share <= 100 for share in shares),
    "it must be percentages above 0 and up to 100, as in [50, 75, 90, 100]",
)
_weeks = _that(
    _list_of(whole),
    lambda weeks: len(weeks) > 1 and list(weeks) == sorted(set(weeks)),
    "it must be two or more different weeks in ascending order",
)


def _key(check: Callable, default=MISSING):
    """Declare one key: `check` returns the value to keep or raises ValueError with the remedy."""
    if default == {}:
        return field(default_factory=dict, metadata={"check": check})
    return field(default=default, metadata={"check": check})


@dataclass(frozen=True, eq=False)
class About:
    """``[study]``: what the study is called and who answers for it; equal only to itself.

    From `setting` on: what the data cannot say of how the study was done; empty is "not stated".
    """

    id: str = _key(_study_id)
    title: str = _key(text, "Upadacitinib in refractory palmoplantar pustulosis")
    drug: str = _key(text, "upadacitinib")
    authors: tuple = _key(_list_of(text), ())
    synthetic: bool = _key(_flag, False)
    published: str = _key(text, "")
    setting: str = _key(text, "")
    consecutive: str = _key(text, "")
    ethics: str = _key(text, "")
    events_sought: str = _key(text, "")
    coding_dictionary: str = _key(text, "")
    relatedness_judged_by: str = _key(text, "")


@dataclass(frozen=True)
class Source:
    """``[source]``: where the raw data are and how they were typed.

    `path` is the workbook, or the folder of CSV files when `is_folder`; `answers` are the files of
    corrections beside ``study.toml``. `decimal` is one mark for the whole source, or one a column
    path; `missing` is never applied to ids. A blank in the fields of `blank_means_none` says that
    there is none. Headings lie in `header_rows` rows from `header_row` on. `sheets` has the sheet
    of a table, or the week of each of several sheets.
    """

    file: str = _key(text, "")
    folder: str = _key(text, "")
    header_row: int = _key(_at_least(1), 1)
    header_rows: int = _key(_at_least(1), 1)
    encoding: str = _key(_encoding, "")
    decimal: str | Mapping = _key(one_or_each(_one_of(".", ",")), ".")
    date_format: str = _key(text, "%d.%m.%Y")
    missing: tuple = _key(_list_of(word), ("", "n/a", "NA", "-"))
    blank_means_none: tuple = _key(_list_of(text), ())
    id_from_row: bool = _key(_flag, False)
    drop: tuple = _key(_list_of(text), ())
    sheets: Mapping = _key(each(each_or(whole, text)), {})
    path: Path = Path()
    answers: tuple = ()

    @property
    def last_header_row(self) -> int:
        """The row above the first row of data."""
        return self.header_row + self.header_rows - 1

    @property
    def is_folder(self) -> bool:
        """Whether the source is a folder of CSV files."""
        return bool(self.folder)

    def sha256(self) -> str:
        """Hash the workbook, or the names and bytes of all CSV files and of corrections."""
        own = self.files() if self.is_folder else [self.path]
        if not self.is_folder and not self.answers:
            return hashlib.sha256(self.path.read_bytes()).hexdigest()
        total = hashlib.sha256()
        for file in dict.fromkeys([*own, *self.answers]):
            total.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
        return total.hexdigest()

    def files(self) -> list[Path]:
        """List the CSV files of a folder, but for those that `NO_SHEETS` names."""
        found = sorted(self.path.glob("*.[cC][sS][vV]"))
        return [file for file in found if file.name not in NO_SHEETS]

    def decimal_of(self, table: str, name: str) -> str:
        """Return the decimal mark of one field, ``.`` or ``,``."""
        if isinstance(self.decimal, str):
            return self.decimal
        paths = (f"{section}.{table}.{name}" for section in ("columns", "wide", "extra"))
        return next((self.decimal[path] for path in paths if path in self.decimal), ".")


@dataclass(frozen=True)
class Trait:
    """``[extra.patients]``: a trait that the dictionary does not have.

    `kind` is ``choice`` with codes that name, ``number`` with codes that count, a range or a unit;
    without any of them a trait of patients is text, an outcome of visits a number.
    """

    heading: str = _key(text)
    label: str = _key(text, "")
    min: float | None = _key(_number, None)
    max: float | None = _key(_number, None)
    unit: str = _key(text, "")
    codes: Mapping = _key(each(word), {})
    kind: str = ""


@dataclass(frozen=True)
class Extra(Trait):
    """``[extra.visits]``: an outcome that the dictionary does not have, and how it is analysed.

    `targets` and `bands` are kept as written; `ppp.catalogue.outcomes` reads them. The `heading`
    may be one for each visit, by its label or week.
    """

    heading: str | Mapping = _key(one_or_each(text))
    better: str = _key(_one_of("lower", "higher"), "lower")
    step: float | None = _key(_number, None)
    targets: str = _key(text, "")
    mcid: float | None = _key(_number, None)
    mcid_source: str = _key(text, "")
    bands: str = _key(text, "")
    glossary: str = _key(text, "")
    source: str = _key(text, "")
    analysis: str = _key(_one_of("full", "change", "summary"), "change")


@dataclass(frozen=True)
class Schedule:
    """``[schedule]``: the weeks that are analysed; unless given, those that the visits have."""

    baseline: int = _key(whole, 0)
    primary: int = _key(whole, 12)
    weeks: tuple = _key(_weeks, (0, 4, 8, 12))
    window_days: int = _key(_at_least(0), 14)


@dataclass(frozen=True)
class Endpoints:
    """``[endpoints]``: the primary outcome and how responders are counted."""

    primary: str = _key(text, "pppasi")
    responders: tuple = _key(_percents, (50, 75, 90, 100))
    pga_scale: tuple = _key(_scale, (0, 4))
    labels: Mapping = _key(each(text), {})


@dataclass(frozen=True)
class Subgroup:
    """``[subgroup]``: a field of patients and the value that makes the group."""

    column: str = _key(text, "sapho")
    value: str = _key(word, "yes")


@dataclass(frozen=True)
class Filter:
    """``[filter]``: which patients are analysed, as `ppp.cohort.chosen` reads it; empty for all.

    `further` is what a run adds: those are analysed of whom both hold.
    """

    patients: str = _key(text, "")
    further: str = ""

    @property
    def both(self) -> str:
        """The two as one query, empty for all patients."""
        asked = [query.strip() for query in (self.patients, self.further) if query.strip()]
        return " and ".join(f"({query})" for query in asked) if asked[1:] else "".join(asked)


@dataclass(frozen=True)
class Safety:
    """``[safety]``: days after the first and after the last dose between which events count."""

    days_after_first_dose: int = _key(_at_least(0), 0)
    days_after_last_dose: int = _key(_at_least(0), 30)


@dataclass(frozen=True)
class Run:
    """``[run]``: the random seed and the seconds one notebook may take."""

    seed: int = _key(_at_least(0), 20240101)
    timeout_s: int = _key(_at_least(1), 600)


def section(kind: type, raw: dict, where: str):
    """Make one section, a dataclass of this module, from its TOML table; `where` names it.

    Raises StudyError at an unknown key, a key that is missing, or a value of the wrong kind.
    """
    keys = {key.name: key for key in fields(kind) if "check" in key.metadata}
    if not isinstance(raw, dict):
        raise StudyError(f"{where} must be a table of keys and values, not {raw!r}")
    for name in raw:
        require(name, keys, f"{where} has no key {name!r}")
    for name, key in keys.items():
        if name not in raw and key.default is key.default_factory is MISSING:
            raise StudyError(f"{where} needs the key {name!r}")
    checks = {name: key.metadata["check"] for name, key in keys.items()}
    return kind(
        **{key: checked(checks[key], value, f"{where} {key}") for key, value in raw.items()}
    )


def require(name: str, known: Iterable[str], message: str):
    """Stop with this message at a name that is not known, and say what it may have meant."""
    if name not in known:
        raise StudyError(message + hint(name, known))


def checked(check: Callable, value, where: str):
    """Check one value; the message says `where` it stands."""
    try:
        return check(value)
    except ValueError as wrong:
        raise StudyError(f"{where}: {wrong}") from None
