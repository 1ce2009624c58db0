"""``study.toml`` becomes a `Study`: how to read the source, the schedule, the endpoints.

`Study.load` reads this one file; it never opens the workbook.
"""

import hashlib
import json
import re
import tomllib
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ppp.catalogue import dictionary
from ppp.errors import StudyError
from ppp.study import mappings, settings
from ppp.study.settings import Endpoints, Extra, Run, Safety, Schedule, Source, Subgroup, hint

ROOT = Path(__file__).resolve().parents[3]
PARTS = {
    "schedule": Schedule,
    "endpoints": Endpoints,
    "subgroup": Subgroup,
    "safety": Safety,
    "run": Run,
}
DEMO = ROOT / "data" / "demo"
SECTIONS = ("study", "source", "columns", "codes", "wide", "extra", "units", *PARTS)


@dataclass(frozen=True, eq=False)
class Study:
    """One cohort: where it lies and how it is to be read and analysed.

    Attributes
    ----------
    folder, root : Path
        The cohort folder; the folder under which `derived` and `exports` lie.
    columns, wide, extra : dict
        Table → canonical name → heading (`wide`: heading with ``{label}``, or label → heading;
        `extra`: `Extra`). ``wide["visits"]["labels"]`` is label → week.
    codes : dict
        Field → raw value → canonical value.
    units : dict
        Laboratory test (canonical) → the unit it is in where the source does not say.
    stated : frozenset of str
        The dotted keys that the file itself states, such as ``subgroup.column``.
    """

    folder: Path
    root: Path
    id: str
    title: str
    drug: str
    authors: tuple
    synthetic: bool
    published: Path | None
    source: Source
    columns: dict
    codes: dict
    wide: dict
    extra: dict
    units: dict
    schedule: Schedule
    endpoints: Endpoints
    subgroup: Subgroup
    safety: Safety
    run: Run
    stated: frozenset

    @classmethod
    def load(cls, cohort: str | Path, output: str | Path = "") -> "Study":
        """Read the ``study.toml`` of a cohort folder.

        Parameters
        ----------
        cohort : str or Path
            The folder; a relative one is looked for under the repository, then where you are.
        output : str or Path
            Folder that takes ``data/derived/<id>`` and ``exports/<id>``; empty means the
            repository.

        Raises
        ------
        StudyError
            No such folder or file, a key that is unknown or holds the wrong kind of value, an id
            that another cohort folder uses.
        """
        folder = _folder(cohort)
        file = folder / "study.toml"
        try:
            study = _study(_toml(file), folder, Path(output).resolve() if str(output) else ROOT)
            _check_id(study)
            return study
        except StudyError as wrong:
            raise StudyError(f"{file}: {wrong}") from None

    @property
    def home(self) -> str:
        """Name of the cohort folder: its place in the repository, or a digest of one elsewhere."""
        if self.folder.is_relative_to(ROOT):
            return self.folder.relative_to(ROOT).as_posix()
        return "sha256:" + hashlib.sha256(str(self.folder).encode()).hexdigest()

    @property
    def derived(self) -> Path:
        """Folder of the patient-level files that cleaning writes."""
        return self.root / "data" / "derived" / self.id

    @property
    def exports(self) -> Path:
        """Folder of the pages for co-authors."""
        return self.root / "exports" / self.id

    def label(self, field: str, table: str = "") -> str:
        """Return what tables and figures call a field, of one table where several have it."""
        own = dictionary.fields(table).get(field)
        if own and field not in self.endpoints.labels:
            return own.label
        return _labels(self).get(field) or field.replace("_", " ")

    def unit(self, field: str) -> str:
        """Return the unit of a field, or an empty string."""
        extra = self._extra(field)
        known = extra or dictionary.find(field)
        return known.unit if known else ""

    def _extra(self, field: str) -> Extra | None:
        return next((table[field] for table in self.extra.values() if field in table), None)


def _labels(study: Study) -> dict:
    own = {name: extra.label for table in study.extra.values() for name, extra in table.items()}
    known = {
        name: field.label
        for table in dictionary.TABLES[::-1]
        for name, field in dictionary.fields(table).items()
    }
    return known | own | study.endpoints.labels


def _check_id(study: Study):
    if study.id == "demo" and study.root == ROOT and study.folder != DEMO:
        raise StudyError(
            '[study] id: "demo" is the id of data/demo; choose an id of your own '
            "(a-z, 0-9, _ and -), it names the folder of the reports"
        )
    written = study.derived / "source.json"
    owner = json.loads(written.read_text("utf-8")).get("folder") if written.is_file() else None
    moved = owner and ":" not in owner and not (ROOT / owner / "study.toml").is_file()
    if owner and owner != study.home and not moved:
        other = "a cohort folder outside the repository" if ":" in owner else owner
        raise StudyError(
            f"[study] id: {study.id!r} is used by {other}; choose another id in study.toml, or "
            f"delete {study.derived} if that cohort is given up"
        )


def _folder(cohort) -> Path:
    places = [ROOT / cohort, Path.cwd() / cohort]
    for folder in places:
        if folder.is_dir():
            return folder.resolve()
        if folder.is_file():
            raise StudyError(
                f"{str(cohort)!r} is a file; give the folder that it lies in: "
                f"{str(Path(cohort).parent)!r}"
            )
    beside = [file.parent.name for place in places for file in place.parent.glob("*/study.toml")]
    raise StudyError(
        f"there is no cohort folder {str(cohort)!r}{hint(Path(cohort).name, sorted(set(beside)))}"
        "; give a folder that holds study.toml and the source"
    )


def _toml(file: Path) -> dict:
    if not file.is_file():
        raise StudyError("this file is not there; copy the one of data/template and adapt it")
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise StudyError("it is not UTF-8 text; save it again with the encoding UTF-8") from None
    except tomllib.TOMLDecodeError as wrong:
        raise StudyError(f"it is not valid TOML: {_told(wrong, file)}") from None


def _told(wrong: tomllib.TOMLDecodeError, file: Path) -> str:
    """Add the line that is wrong, and what is most often wrong with it."""
    found = re.search(r"line (\d+)", str(wrong))
    lines = file.read_text("utf-8-sig").splitlines()
    number = int(found[1]) if found else len(lines)
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    name, _, value = (part.strip() for part in line.partition("="))
    if str(wrong).startswith(("Cannot overwrite", "Cannot declare")):
        remedy = "; it is there twice: keep one"
    elif "\\" in value:
        remedy = "; write / instead of \\ in text"
    elif value and (value[0] not in "\"'[{" or str(wrong).startswith("Invalid value")):
        shown = value.split("#")[0].strip(" []\"'") or "…"
        remedy = f'; text needs quotes, as in {name} = "{shown}"'
    else:
        remedy = ""
    return f"{wrong}. Line {number} reads: {line}{remedy}"


def _study(raw: dict, folder: Path, root: Path) -> Study:
    for name in raw:
        if name not in SECTIONS:
            raise StudyError(f"there is no section [{name}]{hint(name, SECTIONS)}")
    about = settings.section(settings.About, raw.get("study", {}), "[study]")
    parts = {
        name: settings.section(kind, raw.get(name, {}), f"[{name}]") for name, kind in PARTS.items()
    }
    extra = mappings.extras(raw.get("extra", {}))
    columns = mappings.columns(raw.get("columns", {}))
    study = Study(
        folder=folder,
        root=root,
        source=_source(raw.get("source", {}), folder),
        columns=columns,
        codes=mappings.codes(raw.get("codes", {}), extra),
        wide=mappings.wide(raw.get("wide", {})),
        units=mappings.units(raw.get("units", {})),
        extra=extra,
        stated=frozenset(_dotted(raw)),
        **parts,
        **asdict(about),
    )
    study = replace(study, published=_published(about.published, folder))
    _fit(study)
    return study


def _dotted(raw: dict, above: str = ""):
    for name, value in raw.items():
        yield above + name
        if isinstance(value, dict):
            yield from _dotted(value, f"{above}{name}.")


def _source(raw: dict, folder: Path) -> Source:
    source = settings.section(Source, raw, "[source]")
    if bool(source.file) == bool(source.folder):
        raise StudyError("[source] needs either file (a workbook) or folder (of CSV files)")
    for table in source.sheets:
        if table not in dictionary.TABLES:
            raise StudyError(
                f"[source.sheets] {table!r} is no table{hint(table, dictionary.TABLES)}"
            )
    path = folder / (source.file or source.folder)
    there = path.is_dir() if source.folder else path.is_file()
    if not there:
        beside = [place.name for place in sorted(folder.iterdir()) if place.name != "study.toml"]
        raise StudyError(
            f"[source] {path.name!r} is not there{hint(path.name, beside, listed=False)}; "
            f"beside study.toml the folder holds: {', '.join(beside) or 'nothing'}"
        )
    return replace(source, path=path)


def _published(name: str, folder: Path) -> Path | None:
    if not name:
        return None
    if not (folder / name).is_file():
        raise StudyError(f"[study] published: there is no file {name!r} in the cohort folder")
    return folder / name


def _fit(study: Study):
    _fit_schedule(study.schedule)
    outcomes = [*dictionary.fields("visits"), *study.extra.get("visits", {}), "none"]
    for key, names in (("primary", [study.endpoints.primary]), ("labels", study.endpoints.labels)):
        for name in names:
            if name not in outcomes:
                known = hint(name, outcomes)
                raise StudyError(f"[endpoints] {key}: {name!r} is no field of visits{known}")
    if study.endpoints.primary in ("patient_id", "week", "date"):
        raise StudyError(f"[endpoints] primary: {study.endpoints.primary!r} is not an outcome")
    _fit_subgroup(study)
    _fit_decimal(study)


def _fit_schedule(schedule: Schedule):
    for key in ("baseline", "primary"):
        week = getattr(schedule, key)
        if week not in schedule.weeks:
            listed = ", ".join(map(str, schedule.weeks))
            raise StudyError(f"[schedule] {key}: week {week} is not among weeks ({listed})")


def _fit_subgroup(study: Study):
    column, value = study.subgroup.column, study.subgroup.value
    known = {**dictionary.fields("patients"), **study.extra.get("patients", {})}
    if column not in known:
        raise StudyError(
            f"[subgroup] column: {column!r} is no field of patients{hint(column, known)}"
        )
    choices = getattr(known[column], "choices", None)
    if choices and value not in choices:
        raise StudyError(f"[subgroup] value: {column} has no {value!r}{hint(value, choices)}")


def _fit_decimal(study: Study):
    for path in study.source.decimal if isinstance(study.source.decimal, dict) else ():
        section, _, rest = path.partition(".")
        table, _, name = rest.partition(".")
        known = {**dictionary.fields(table), **study.extra.get(table, {})}
        if section not in ("columns", "wide", "extra") or name not in known:
            raise StudyError(
                f"[source] decimal: {path!r} names no column; write it as "
                f'"columns.visits.pppasi"{hint(name, known)}'
            )
