"""``study.toml`` becomes a `Study`: how to read the source, the schedule, the endpoints.

`Study.load` reads this one file; it never opens the workbook.
"""

import hashlib
import json
import re
import tomllib
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from ppp.catalogue import dictionary
from ppp.catalogue.identifiers import blot
from ppp.errors import StudyError, hint
from ppp.study import mappings, sections
from ppp.study.changes import changed
from ppp.study.sections import require, section

ROOT = Path(__file__).resolve().parents[3]
DEMO = ROOT / "data" / "demo"
PARTS = {
    "schedule": sections.Schedule,
    "endpoints": sections.Endpoints,
    "subgroup": sections.Subgroup,
    "filter": sections.Filter,
    "safety": sections.Safety,
    "run": sections.Run,
}
NAMED = ("columns", "codes", "wide", "extra", "separators", "units")
ANSWERS = ("corrections.csv", "corrections.xlsx", "queries.xlsx")
SECTIONS = ("study", "source", *NAMED, *PARTS)


@dataclass(frozen=True, eq=False, kw_only=True)
class Study(sections.About):
    """One cohort: where it lies and how it is to be read and analysed.

    `columns`, `wide` and `extra` go by table and canonical name: the heading; the heading with
    ``{label}``, or one a label (``wide["visits"]["labels"]`` has the week of each); an `Extra` or
    a `Trait`.
    """

    folder: Path
    root: Path  # of `derived` and `exports`
    published: Path | None
    source: sections.Source
    columns: dict
    codes: dict  # field: raw value: canonical value
    wide: dict
    extra: dict
    separators: dict  # field: the signs between entries of one cell
    units: dict  # canonical laboratory test, or field: its unit where no cell of its own says it
    schedule: sections.Schedule
    endpoints: sections.Endpoints
    subgroup: sections.Subgroup
    filter: sections.Filter
    safety: sections.Safety
    run: sections.Run
    stated: frozenset  # dotted keys that the file itself states, such as subgroup.column
    changed: dict = field(default_factory=dict)  # what this run asks: name → plan's value, own
    plan: "Study | None" = None  # the study that this run changes

    @classmethod
    def load(
        cls, cohort: str | Path, output: str | Path = "", *, planned: bool = False, **changes
    ) -> "Study":
        """Read the ``study.toml`` of a cohort folder, under the repository or else where you are.

        `output` takes ``data/derived/<id>`` and ``exports/<id>``; empty means the repository. Of a
        `planned` cohort the source need not be there yet. `changes` are what a run asks in place
        of the plan: `ppp.study.changes.changed`.
        Raises StudyError at a folder or file that is not there, a key that is unknown or holds
        the wrong kind of value, a change that cannot be, and an id that another cohort folder uses.
        """
        folder = _folder(cohort)
        file = folder / "study.toml"
        root = Path(output).resolve() if str(output) else ROOT
        try:
            study = _study(_toml(file), folder, root)
            if planned:
                return study
            _check_source(study.source)
            study = study.with_weeks(_check_id(study))
        except StudyError as wrong:
            raise StudyError(f"{file}: {wrong}") from None
        run = changed(study, **changes)
        return run.with_weeks(_check_id(run)) if run.changed else study

    @property
    def has_own_weeks(self) -> bool:
        """Whether study.toml tells the weeks: ``[schedule] weeks``, or of labels, or of sheets."""
        return "schedule.weeks" in self.stated or bool(self.visit_weeks)

    @property
    def visit_weeks(self) -> tuple:
        """The week of each block of columns, or of each sheet, where each holds one visit."""
        wide, sheets = self.wide.get("visits"), self.source.sheets.get("visits")
        named = wide["labels"] if wide else sheets if isinstance(sheets, dict) else {}
        return tuple(named.values())

    def with_weeks(self, weeks) -> "Study":
        """Take the weeks that cleaning found, where study.toml tells none; none change nothing."""
        if self.has_own_weeks or not weeks:
            return self
        return replace(self, schedule=replace(self.schedule, weeks=tuple(weeks)))

    @property
    def home(self) -> str:
        """Name of the cohort folder: its place in the repository, or a digest of one elsewhere."""
        if self.folder.is_relative_to(ROOT):
            return self.folder.relative_to(ROOT).as_posix()
        return "sha256:" + hashlib.sha256(str(self.folder).encode()).hexdigest()

    @property
    def places(self) -> dict[str, str]:
        """The parameters by which a notebook finds the cohort: ``cohort``, and ``output``."""
        inside = self.folder.is_relative_to(ROOT)
        output = "" if self.root == ROOT else str(self.root)
        return {"cohort": self.home if inside else str(self.folder), "output": output}

    @property
    def derived(self) -> Path:
        """Folder of the patient-level files that cleaning writes."""
        return self.root / "data" / "derived" / self.id

    @property
    def exports(self) -> Path:
        """Folder of the pages for co-authors."""
        return self.root / "exports" / self.id

    @property
    def lab(self) -> Path:
        """Folder of the notebooks' copies in which one explores; it holds patients."""
        return self.root / "lab" / self.id

    def label(self, field: str, table: str = "") -> str:
        """Return what tables and figures call a field, of one table where several have it."""
        own = dictionary.fields(table).get(field)
        if own and field not in self.endpoints.labels:
            return own.label
        known = self._field(field)
        label = self.endpoints.labels.get(field, known.label if known else "")
        return label or field.replace("_", " ")

    def unit(self, field: str) -> str:
        """Return the unit of a field, or an empty string."""
        known = self._field(field)
        return known.unit if known else ""

    def _field(self, name: str):
        own = (table[name] for table in self.extra.values() if name in table)
        return next(own, None) or dictionary.find(name)


def _check_id(study: Study) -> list[int]:
    """Stop at an id of another cohort; else return the weeks that cleaning found last time."""
    if study.id == "demo" and study.root == ROOT and study.folder != DEMO:
        raise StudyError(
            '[study] id: "demo" is the id of data/demo; choose an id of your own '
            "(a-z, 0-9, _ and -), it names the folder of the reports"
        )
    file = study.derived / "source.json"
    written = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    owner = written.get("folder")
    moved = owner and ":" not in owner and not (ROOT / owner / "study.toml").is_file()
    if owner and owner != study.home and not moved:
        other = "a cohort folder outside the repository" if ":" in owner else owner
        raise StudyError(
            f"[study] id: {study.id!r} is used by {other}; choose another id in study.toml, or "
            f"delete {study.derived} if that cohort is given up"
        )
    return written.get("weeks", []) if owner == study.home else []


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
    beside = {file.parent.name for place in places for file in place.parent.glob("*/study.toml")}
    raise StudyError(
        f"there is no cohort folder {str(cohort)!r}{hint(Path(cohort).name, sorted(beside))}"
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
        raise StudyError(f"it is not valid TOML: {_with_remedy(str(wrong), file)}") from None


def _with_remedy(wrong: str, file: Path) -> str:
    """Add the line that is wrong, and what is most often wrong with it."""
    place = re.search(r"line (\d+)", wrong)
    lines = file.read_text("utf-8-sig").splitlines()
    number = int(place[1]) if place else len(lines)
    line = blot(lines[number - 1].strip()) if 0 < number <= len(lines) else ""
    name, _, value = (part.strip() for part in line.partition("="))
    remedy = ""
    if wrong.startswith(("Cannot overwrite", "Cannot declare")):
        remedy = "; it is there twice: keep one"
    elif "\\" in value:
        remedy = "; write / instead of \\ in text"
    elif value and (value[0] not in "\"'[{" or wrong.startswith("Invalid value")):
        bare = value.split("#")[0].strip(" []\"'") or "…"
        remedy = f'; text needs quotes, as in {name} = "{bare}"'
    return f"{wrong}. Line {number} reads: {line}{remedy}"


def _study(raw: dict, folder: Path, root: Path) -> Study:
    stated = frozenset(_dotted(raw))
    for name in raw:
        require(name, SECTIONS, f"there is no section [{name}]")
    raw = {name: raw.get(name, {}) for name in SECTIONS}
    about = section(sections.About, raw["study"], "[study]")
    parts = {name: section(kind, raw[name], f"[{name}]") for name, kind in PARTS.items()}
    extra = mappings.extras(raw["extra"])
    parts |= {
        "columns": mappings.columns(raw["columns"]),
        "source": _source(raw["source"], folder),
        "codes": mappings.codes(raw["codes"], extra),
        "wide": mappings.wide(raw["wide"]),
        "separators": mappings.separators(raw["separators"]),
        "units": mappings.units(raw["units"], extra),
    }
    parts |= asdict(about) | {"published": _published(about.published, folder)}
    study = Study(folder=folder, root=root, extra=extra, stated=stated, **parts)
    if "schedule.weeks" not in stated and study.visit_weeks:
        weeks = tuple(sorted(study.visit_weeks))
        study = replace(study, schedule=replace(study.schedule, weeks=weeks))
    _fit(study)
    return study


def _dotted(raw: dict, above: str = ""):
    for name, value in raw.items():
        yield above + name
        if isinstance(value, dict):
            yield from _dotted(value, f"{above}{name}.")


def _source(raw: dict, folder: Path) -> sections.Source:
    source = section(sections.Source, raw, "[source]")
    if bool(source.file) == bool(source.folder):
        raise StudyError("[source] needs either file (a workbook) or folder (of CSV files)")
    for table, sheet in source.sheets.items():
        require(table, dictionary.TABLES, f"[source.sheets] {table!r} is no table")
        if isinstance(sheet, dict) and (table != "visits" or len(set(sheet.values())) < len(sheet)):
            raise StudyError(
                f"[source.sheets] {table}: only visits may have a sheet for each week, as in "
                'visits = { "Baseline" = 0, "W12" = 12 }, and one sheet a week'
            )
    path = folder / (source.file or source.folder)
    beside = (file for file in sorted(folder.iterdir()) if file.name.casefold() in ANSWERS)
    return replace(source, path=path, answers=tuple(file for file in beside if file != path))


def _check_source(source: sections.Source):
    path = source.path
    if not (path.is_dir() if source.folder else path.is_file()):
        if path.exists():
            one, other = ("file", "folder") if source.file else ("folder", "file")
            raise StudyError(
                f"[source] {one}: {path.name!r} is a {other}; write {other} = {path.name!r}"
                + " (a folder of CSV files)" * (other == "folder")
            )
        folder = path.parent
        beside = [place.name for place in sorted(folder.iterdir()) if place.name != "study.toml"]
        raise StudyError(
            f"[source] {path.name!r} is not there{hint(path.name, beside, listed=False)}; "
            f"beside study.toml the folder holds: {', '.join(beside) or 'nothing'}"
        )


def _published(name: str, folder: Path) -> Path | None:
    if name and not (folder / name).is_file():
        raise StudyError(f"[study] published: there is no file {name!r} in the cohort folder")
    return folder / name if name else None


def _fit(study: Study):
    """Hold the sections against each other."""
    weeks = study.schedule.weeks
    for key in ("baseline", "primary"):
        week = getattr(study.schedule, key)
        if week not in weeks and study.has_own_weeks:
            listed = ", ".join(map(str, weeks))
            raise StudyError(f"[schedule] {key}: week {week} is not among weeks ({listed})")
    if "visits" in study.wide and isinstance(study.source.sheets.get("visits"), dict):
        raise StudyError("[wide.visits] and one sheet a visit ([source.sheets]) exclude each other")
    primary, labels = study.endpoints.primary, study.endpoints.labels
    outcomes = [*dictionary.fields("visits"), *study.extra.get("visits", {}), "none"]
    for key, name in [("primary", primary), *(("labels", name) for name in labels)]:
        require(name, outcomes, f"[endpoints] {key}: {name!r} is no field of visits")
    if primary in ("patient_id", "week", "date"):
        raise StudyError(f"[endpoints] primary: {primary!r} is not an outcome")
    lists = [name for name, field in dictionary.fields("patients").items() if field.kind == "list"]
    for name in study.source.blank_means_none:
        require(name, lists, f"[source] blank_means_none: {name!r} is no field of several entries")
    column, value = study.subgroup.column, study.subgroup.value
    known = _fields(study, "patients")
    require(column, known, f"[subgroup] column: {column!r} is no field of patients")
    choices = getattr(known[column], "choices", None)
    require(value, choices or [value], f"[subgroup] value: {column} has no {value!r}")
    for path in study.source.decimal if isinstance(study.source.decimal, dict) else ():
        _fit_decimal(path, study)


def _fit_decimal(path: str, study: Study):
    above, _, rest = path.partition(".")
    table, _, name = rest.partition(".")
    known = _fields(study, table)
    if above not in ("columns", "wide", "extra") or name not in known:
        raise StudyError(
            f"[source] decimal: {path!r} names no column; write it as "
            f'"columns.visits.pppasi"{hint(name, known)}'
        )


def _fields(study: Study, table: str) -> dict:
    return {**dictionary.fields(table), **study.extra.get(table, {})}
