"""The sections of ``study.toml``: each key, what it may hold, and its default."""

import difflib
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path

from ppp.errors import StudyError


def _key(check: Callable, default=MISSING):
    """Declare one key: `check` returns the value to keep or raises ValueError with the remedy."""
    if default == {}:
        return field(default_factory=dict, metadata={"check": check})
    return field(default=default, metadata={"check": check})


def text(value):
    """Check for text."""
    return _typed(value, str, "text in quotes")


def _flag(value):
    return _typed(value, bool, "true or false")


def whole(value):
    """Check for a whole number."""
    return _typed(value, int, "a whole number")


def _number(value):
    return _typed(value, (int, float), "a number")


def _typed(value, kind, wanted):
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"it must be {wanted}, not {value!r}")
    return value


def _each(check: Callable) -> Callable:
    def of_list(value):
        return tuple(check(item) for item in _typed(value, list, "a list in [ ]"))

    return of_list


def table(value):
    """Check for a TOML table."""
    return _typed(value, dict, "a table of names and values")


def _mapping(check: Callable) -> Callable:
    def of_table(value):
        return {name: check(item) for name, item in table(value).items()}

    return of_table


def _not_negative(value):
    if whole(value) < 0:
        raise ValueError(f"it must be 0 or more, not {value}")
    return value


def _at_least_one(value):
    if whole(value) < 1:
        raise ValueError(f"it must be 1 or more, not {value}")
    return value


def _mark(value):
    if value not in (".", ","):
        raise ValueError(f'it must be "." or ",", not {value!r}')
    return value


def _decimal(value):
    return _mapping(_mark)(value) if isinstance(value, dict) else _mark(value)


def word(value):
    """Check for text or a number; a number becomes its text."""
    return str(_typed(value, (str, int, float), "text or a number"))


def _scale(value):
    scale = _each(whole)(value)
    if len(scale) != 2 or scale[0] >= scale[1]:
        raise ValueError("it must be the lowest and the highest grade, as in [0, 4]")
    return scale


def _percents(value):
    shares = _each(_number)(value)
    if any(not 0 < share <= 100 for share in shares):
        raise ValueError("it must be percentages above 0 and up to 100, as in [50, 75, 90, 100]")
    return shares


def _weeks(value):
    weeks = _each(whole)(value)
    if len(weeks) < 2 or list(weeks) != sorted(set(weeks)):
        raise ValueError("it must be two or more different weeks in ascending order")
    return weeks


def _study_id(value):
    if not re.fullmatch(r"[a-z0-9_-]+", text(value)):
        raise ValueError(f"it may hold a-z, 0-9, _ and - only, not {value!r}")
    return value


def template(value):
    """Check for a heading, or a table of label and heading."""
    return _mapping(text)(value) if isinstance(value, dict) else text(value)


@dataclass(frozen=True)
class About:
    """``[study]``: what the study is called and who answers for it."""

    id: str = _key(_study_id)
    title: str = _key(text, "Upadacitinib in refractory palmoplantar pustulosis")
    drug: str = _key(text, "upadacitinib")
    authors: tuple = _key(_each(text), ())
    synthetic: bool = _key(_flag, False)
    published: str = _key(text, "")


@dataclass(frozen=True)
class Source:
    """``[source]``: where the raw data are and how they were typed.

    Attributes
    ----------
    path : Path
        The workbook, or the folder of CSV files when `is_folder`.
    decimal : str or dict
        ``.`` or ``,`` for the whole source, or column path → mark (see `decimal_of`).
    missing : tuple of str
        What stands for "not known"; never applied to ids.
    """

    file: str = _key(text, "")
    folder: str = _key(text, "")
    header_row: int = _key(_at_least_one, 1)
    decimal: str | Mapping = _key(_decimal, ".")
    date_format: str = _key(text, "%d.%m.%Y")
    missing: tuple = _key(_each(word), ("", "n/a", "NA", "-"))
    id_from_row: bool = _key(_flag, False)
    drop: tuple = _key(_each(text), ())
    sheets: Mapping = _key(_mapping(text), {})
    path: Path = Path()

    @property
    def is_folder(self) -> bool:
        """Whether the source is a folder of CSV files."""
        return bool(self.folder)

    def sha256(self) -> str:
        """Hash the workbook, or the names and bytes of all CSV files."""
        if not self.is_folder:
            return hashlib.sha256(self.path.read_bytes()).hexdigest()
        total = hashlib.sha256()
        for file in sorted(self.path.glob("*.[cC][sS][vV]")):
            total.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
        return total.hexdigest()

    def decimal_of(self, table: str, name: str) -> str:
        """Return the decimal mark of one field, ``.`` or ``,``."""
        if isinstance(self.decimal, str):
            return self.decimal
        paths = (f"{section}.{table}.{name}" for section in ("columns", "wide", "extra"))
        return next((self.decimal[path] for path in paths if path in self.decimal), ".")


@dataclass(frozen=True)
class Extra:
    """``[extra.*]``: an outcome or a trait that the dictionary does not have.

    `kind` is ``choice`` with codes that name, ``number`` with codes that count, a range or a unit;
    a further outcome of visits without any of them is a number, a trait of patients is text.
    """

    heading: str = _key(text)
    label: str = _key(text, "")
    min: float | None = _key(_number, None)
    max: float | None = _key(_number, None)
    unit: str = _key(text, "")
    codes: Mapping = _key(_mapping(word), {})
    kind: str = ""


@dataclass(frozen=True)
class Schedule:
    """``[schedule]``: the weeks that are analysed."""

    baseline: int = _key(whole, 0)
    primary: int = _key(whole, 12)
    weeks: tuple = _key(_weeks, (0, 4, 8, 12))
    window_days: int = _key(_not_negative, 14)


@dataclass(frozen=True)
class Endpoints:
    """``[endpoints]``: the primary outcome and how responders are counted."""

    primary: str = _key(text, "pppasi")
    responders: tuple = _key(_percents, (50, 75, 90, 100))
    pga_scale: tuple = _key(_scale, (0, 4))
    labels: Mapping = _key(_mapping(text), {})


@dataclass(frozen=True)
class Subgroup:
    """``[subgroup]``: a field of patients and the value that makes the group."""

    column: str = _key(text, "sapho")
    value: str = _key(word, "yes")


@dataclass(frozen=True)
class Safety:
    """``[safety]``: days after the first and after the last dose between which events count."""

    days_after_first_dose: int = _key(_not_negative, 0)
    days_after_last_dose: int = _key(_not_negative, 30)


@dataclass(frozen=True)
class Run:
    """``[run]``: the random seed and the seconds one notebook may take."""

    seed: int = _key(_not_negative, 20240101)
    timeout_s: int = _key(_at_least_one, 600)


def section(kind: type, raw: dict, where: str):
    """Make one section from its TOML table.

    Parameters
    ----------
    kind : type
        One of the dataclasses of this module.
    raw : dict
        The table as read; keys that are not there take their default.
    where : str
        The section's name for messages, as ``[schedule]``.

    Raises
    ------
    StudyError
        At an unknown key, a key that is missing, or a value of the wrong kind.
    """
    keys = {key.name: key for key in fields(kind) if "check" in key.metadata}
    if not isinstance(raw, dict):
        raise StudyError(f"{where} must be a table of keys and values, not {raw!r}")
    for name in raw:
        if name not in keys:
            raise StudyError(f"{where} has no key {name!r}{hint(name, keys)}")
    for name, key in keys.items():
        if name not in raw and key.default is key.default_factory is MISSING:
            raise StudyError(f"{where} needs the key {name!r}")
    return kind(**{name: _checked(keys[name], value, where) for name, value in raw.items()})


def _checked(key, value, where):
    try:
        return key.metadata["check"](value)
    except ValueError as wrong:
        raise StudyError(f"{where} {key.name}: {wrong}") from None


def mapping(check: Callable, raw, where: str) -> dict:
    """Check a table whose keys are free names, value by value."""
    try:
        return _mapping(check)(raw)
    except ValueError as wrong:
        raise StudyError(f"{where}: {wrong}") from None


def hint(name: str, known: Iterable[str], *, listed: bool = True) -> str:
    """Return `` (did you mean 'x'?)``, else (where `listed`) what is known, else nothing."""
    known = list(known)
    near = difflib.get_close_matches(name, known, n=1)
    near = near or [word for word in known if word.casefold() == name.casefold()]
    if near:
        return f" (did you mean {near[0]!r}?)"
    return f"; known here: {', '.join(known)}" if known and listed else ""
