"""From the raw source to clean tables, with an account of every cell: `clean`."""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import pandas as pd

from ppp.catalogue import dictionary
from ppp.catalogue.dictionary import TABLES
from ppp.cohort import chosen, groups
from ppp.data import (
    cells,
    checks,
    columns,
    corrections,
    integrity,
    lab_values,
    ledger,
    losses,
    merging,
    terms,
    weeks,
    workbook,
)
from ppp.data.rows import Rows, place_ids, place_once, place_patients, stack, warn_of_repeats
from ppp.data.spelling import check_ids, one_spelling, warn_of_ids
from ppp.data.template import without_examples
from ppp.errors import SourceError
from ppp.study import Study

WHOLE = {"week": "int64", "grade": "Int64"}
DERIVED = {"start_date": ("start_earliest", "start_latest"), "term": ("interest",)}


@dataclass(frozen=True)
class Cohort:
    """A cohort as every notebook after the first sees it, without any raw id or value.

    Tables have canonical columns, `study_id` in place of the patient's id, and are None where not
    recorded. A column is there only if it was recorded, or derived from what was: `start_earliest`
    and `start_latest` of adverse events are the start where it is exact, the first and last day
    where only the month or year is known, and missing where nothing is. Known laboratory tests
    carry their own name and unit (`ppp.catalogue.lab_tests`). In a field with several entries a
    patient an empty text means none, missing not known. `weeks` are the scheduled ones. Of
    `queries`, `quarantine` and `ledger` see `ppp.data.ledger`.
    """

    patients: pd.DataFrame
    visits: pd.DataFrame | None
    adverse_events: pd.DataFrame | None
    labs: pd.DataFrame | None
    queries: pd.DataFrame
    quarantine: pd.DataFrame
    ledger: pd.DataFrame
    source_sha256: str
    weeks: tuple

    @property
    def ascertained(self) -> bool:
        """Whether patients without an event can be in the source, so that a share has a meaning."""
        return not (self.queries["rule"] == "events_are_the_patients").any()


@dataclass(frozen=True)
class Cleaned(Cohort):
    """A cohort with what raw cells held.

    `id_key` has `patient_id` and `study_id`; `terms` what each entry of free text is called
    (`ppp.data.terms`); `sheets` the name of each sheet by the one that pages print; `corrections`
    what was applied (`ppp.data.corrections`); `losses` what queries took of the important columns
    (`ppp.data.losses`), `last_lines` what the run is to say last; `integrity` has questions about
    the data as a whole, as results rows; `cells` where each value is from (`ppp.data.cells`).
    """

    id_key: pd.DataFrame
    cells: pd.DataFrame
    terms: pd.DataFrame
    sheets: dict
    corrections: pd.DataFrame
    losses: pd.DataFrame
    last_lines: list
    integrity: pd.DataFrame


def clean(study: Study, today: date | None = None) -> Cleaned:
    """Read and clean the source: each filled cell accepted or queried, each row kept or set aside.

    No date may be after `today`, the day of the run unless it is given. Raises SourceError where
    the source cannot be read as ``study.toml`` says, or nothing would remain, and StudyError where
    the subgroup has more than two values or ``[filter]`` cannot be applied, last of all.
    """
    today = pd.Timestamp(today or date.today())
    lines = corrections.given(study.source)
    correct = partial(corrections.applied, lines=lines, source=study.source)
    layouts = columns.arrange(workbook.read(study, correct), study)
    stacked = {name: stack(layout, study) for name, layout in layouts.items()}
    stacked = without_examples(stacked)
    layouts = {name: layouts[name] for name in stacked}
    losses.check_dates(stacked, study)
    study = weeks.scheduled(study, stacked.get("visits"))
    stacked = {name: checks.check_today(rows, today, study) for name, rows in stacked.items()}
    tables = _place(stacked, layouts, study)
    terms.check_study(study, terms.ids_of(tables))
    tables, named = terms.gate(tables, study)
    tables = {name: corrections.noted(rows, lines) for name, rows in tables.items()}
    id_key = _study_ids(tables["patients"])
    lost = losses.lost(tables, study)
    frames, left_out = _analysed(tables, id_key, study)
    queries, quarantine = ledger.queries(tables, id_key, study, today), ledger.quarantine(tables)
    sheets = terms.sheets(layouts, [*queries["sheet"], *quarantine["sheet"]])
    asked = [frames.get(name) for name in ("patients", "visits", "labs")]
    return Cleaned(
        **frames,
        queries=queries.replace({"sheet": sheets}),
        quarantine=quarantine.replace({"sheet": sheets}),
        ledger=ledger.ledger(tables, left_out=left_out),
        id_key=id_key,
        cells=cells.cells(tables, id_key[id_key["study_id"].isin(frames["patients"]["study_id"])]),
        terms=named,
        sheets={name: sheet for sheet, name in sheets.items()},
        corrections=lines.replace({"sheet": sheets}),
        losses=lost,
        integrity=integrity.integrity(*asked, study),
        last_lines=losses.last_lines(tables, lost, study),
        source_sha256=study.source.sha256(),
        weeks=study.schedule.weeks,
    )


def uncorrected(study: Study, today: date | None = None) -> Cleaned | None:
    """Clean as if there were no corrections; None where there are none, or that stops the run."""
    if not study.source.answers:
        return None
    try:
        return clean(replace(study, source=replace(study.source, answers=())), today)
    except SourceError:
        return None


def _place(stacked: dict, layouts: dict, study: Study) -> dict[str, Rows]:
    tables = {name: place_ids(rows) for name, rows in stacked.items()}
    shared = [name for name, layout in layouts.items() if layout.raw is layouts["patients"].raw]
    sharing = _sharing(layouts)
    timed = {"visits", "labs"} & {*sharing}  # else a row without an event says that none occurred
    own = [n for n in sharing if n in merging.PLACE and (timed or n != "adverse_events")]
    tables |= {name: merging.filled_in(tables[name]) for name in own}
    tables["patients"] = patients = _patients(tables, shared, stacked, study)
    losses.check_rows(patients, study)
    kept = patients.values[patients.kept].set_index("patient_id")
    starts = kept["start_date"] if "start_date" in kept else pd.Series(dtype="datetime64[us]")
    for name, finish in _FINISH.items():
        if name in tables:
            rows = place_patients(tables[name], patients)
            check_ids(rows, patients)
            tables[name] = finish(rows, starts, study)
            losses.check_rows(tables[name], study)
    losses.check_primary(tables.get("visits"), study)
    if "adverse_events" in shared and "term" not in study.separators:
        tables["adverse_events"] = checks.warn_of_listing(tables["adverse_events"], patients)
    return {name: checks.warn_of_codes(rows) for name, rows in tables.items()}


def _sharing(layouts: dict) -> list[str]:
    """Name the tables that share a long sheet with another."""
    sheets = [id(layout.raw) for layout in layouts.values()]
    return [
        name
        for name, layout in layouts.items()
        if layout.weeks is None and sheets.count(id(layout.raw)) > 1
    ]


def _patients(tables: dict, shared: list, stacked: dict, study: Study) -> Rows:
    rows = tables["patients"]
    long = [name for name in shared if name != "patients" and tables[name].layout.weeks is None]
    if long:
        timed = [stacked[name] for name in long if name in ("visits", "labs")]
        at_baseline = weeks.at_baseline(timed[0], study.schedule) if timed else pd.Series()
        rows = merging.one_a_patient(rows, at_baseline)
    else:
        rows = merging.completed(rows)
    rows = warn_of_ids(checks.check_patients(place_once(rows, ["patient_id"])))
    return one_spelling(checks.blanks(rows, study), study)


def _visits(rows: Rows, starts: pd.Series, study: Study) -> Rows:
    rows = weeks.check_days(rows, starts, study.schedule)
    rows = weeks.place_weeks(rows, starts, study.schedule)
    return checks.check_visits(place_once(rows, ["patient_id", "week"]))


def _adverse_events(rows: Rows, starts: pd.Series, study: Study) -> Rows:
    named = [study.source.sheets.get(table, table) for table in ("patients", "adverse_events")]
    nothing = checks.no_event(rows, shared=len(set(named)) == 1)
    rows = rows.quarantine(nothing, "no_event")
    rows = one_spelling(rows.quarantine(rows.values["term"].isna(), "no_term"), study)
    return warn_of_repeats(checks.check_events(rows, starts, study))


def _labs(rows: Rows, starts: pd.Series, study: Study) -> Rows:
    rows = rows.quarantine(rows.values["test"].isna(), "no_test")
    rows = weeks.check_days(rows, starts, study.schedule)
    rows = warn_of_repeats(weeks.place_times(rows, starts))
    return checks.check_limits(lab_values.convert(one_spelling(rows, study), study))


_FINISH = {"visits": _visits, "adverse_events": _adverse_events, "labs": _labs}


def _study_ids(patients: Rows) -> pd.DataFrame:
    ids = patients.values.loc[patients.kept, "patient_id"].tolist()
    digits = max(2, len(str(len(ids))))
    made = [f"P{number:0{digits}d}" for number in range(1, len(ids) + 1)]
    return pd.DataFrame({"patient_id": ids, "study_id": made}, dtype="str")


def _frame(rows: Rows, id_key: pd.DataFrame, study: Study) -> pd.DataFrame:
    table = rows.layout.table
    values = rows.values[rows.kept].reset_index(drop=True)
    study_id = values["patient_id"].map(id_key.set_index("patient_id")["study_id"]).astype("str")
    order = [*dictionary.fields(table), *study.extra.get(table, {})]
    order = [one for name in order for one in (name, *DERIVED.get(name, ()))]
    names = [name for name in order if name in values and name not in ("patient_id", "birth_date")]
    whole = WHOLE if table == "visits" else dict.fromkeys(WHOLE, "Int64")
    types = {name: kind for name, kind in whole.items() if name in names}
    return values[names].astype(types).assign(study_id=study_id)[["study_id", *names]]


def _analysed(tables: dict[str, Rows], id_key: pd.DataFrame, study: Study) -> tuple[dict, int]:
    """Lay out the tables of the patients in the filters; and count those who are in none."""
    frames = dict.fromkeys(TABLES) | {n: _frame(rows, id_key, study) for n, rows in tables.items()}
    frames["visits"] = _by_week(frames["visits"])
    everyone = _with_last_visit(frames["patients"], tables.get("visits"), id_key)
    patients = chosen(everyone, study.filter.patients)
    patients = chosen(patients, study.filter.further, "patients")
    groups(patients, study)
    frames |= {n: _of(frame, patients) for n, frame in frames.items() if frame is not None}
    return frames | {"patients": patients}, len(everyone) - len(patients)


def _of(frame: pd.DataFrame, patients: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["study_id"].isin(patients["study_id"])].reset_index(drop=True)


def _by_week(visits: pd.DataFrame | None) -> pd.DataFrame | None:
    order = {"by": ["study_id", "week"], "kind": "stable", "ignore_index": True}
    return None if visits is None else visits.sort_values(**order)


def _with_last_visit(
    patients: pd.DataFrame, visits: Rows | None, id_key: pd.DataFrame
) -> pd.DataFrame:
    if "last_visit_date" in patients or visits is None or not visits.has("date"):
        return patients
    seen = visits.values[visits.fate.isin(["", "further_visit"])]
    last = seen.groupby("patient_id")["date"].max().reindex(id_key["patient_id"])
    return patients.assign(last_visit_date=last.to_numpy())
