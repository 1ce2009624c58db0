"""Headings find their fields: by name, synonym, ``[columns.*]``, ``[wide.*]`` or ``[extra.*]``.

Everything that cannot be placed stops here, before a single value is read.
"""

from dataclasses import dataclass

from ppp.catalogue import dictionary
from ppp.catalogue.identifiers import blot, found
from ppp.data import headings, joining
from ppp.data.headings import RawTable, tidy
from ppp.data.scores import DLQI_ITEMS, PPPASI_COMPONENTS
from ppp.errors import SourceError
from ppp.study import Study

PARTS = {"pppasi": PPPASI_COMPONENTS, "dlqi": DLQI_ITEMS}


@dataclass(frozen=True)
class Layout:
    """Where one table's fields lie in its sheet.

    `headings` has a field's heading in each block (None where a block does not record it): a long
    sheet is one block and has no `weeks`, a wide one has a block a visit and the week of each.
    Without an id column, `patient_id` is left out.
    """

    table: str
    raw: RawTable
    headings: dict
    weeks: tuple | None = None


def arrange(raw: dict[str, RawTable], study: Study) -> dict[str, Layout]:
    """Find the field of every heading, table by table.

    Raises SourceError at a heading that points to a person or answers to a field twice, and where
    a field is absent that is required or that ``study.toml`` names.
    """
    layouts = {table: _layout(table, sheet, study) for table, sheet in raw.items()}
    _stop_at_identity(layouts, study)
    absent = [_absent_fields(layout, raw, study) for layout in layouts.values()]
    if any(absent):
        raise SourceError("\n".join(filter(None, absent)))
    _require_named(layouts, study)
    return layouts


def _layout(table: str, raw: RawTable, study: Study) -> Layout:
    mapped = _tidied(study.columns.get(table, {}))
    extras = {name: extra.heading for name, extra in study.extra.get(table, {}).items()}
    if raw.parts:
        return _sheets_layout(raw, mapped | _tidied(extras), study)
    own = _own_id(raw, study)
    if table == "visits" and "visits" in study.wide:
        fields = _synonyms("visits", raw, {}, study, only=("patient_id",)) | own | mapped
        return _wide_layout(raw, fields.get("patient_id"), extras, study)
    mapped |= _tidied(extras)
    fields = own | _synonyms(table, raw, mapped, study) | mapped
    order = [name for name in (*dictionary.fields(table), *extras) if name in fields]
    return Layout(table, raw, {name: (fields[name],) for name in order})


def _sheets_layout(raw: RawTable, mapped: dict, study: Study) -> Layout:
    """One block a sheet; a field may be in some of them only."""
    blocks = []
    for part in raw.parts:
        named = {n: heading for n, heading in mapped.items() if heading in part.letters}
        found = _own_id(part, study) | _synonyms("visits", part, mapped, study) | named
        blocks.append({name: joining.within(part, heading) for name, heading in found.items()})
    order = [*dictionary.fields("visits"), *study.extra.get("visits", {})]
    there = [name for name in order if name != "week" and any(name in one for one in blocks)]
    made = {name: tuple(one.get(name) for one in blocks) for name in there}
    if None in made.get("patient_id", ()):
        del made["patient_id"]
    return Layout("visits", raw, made, study.visit_weeks)


def _own_id(raw: RawTable, study: Study) -> dict:
    """Find the heading of the patients' ids that ``study.toml`` gives; it serves every sheet."""
    heading = tidy(study.columns.get("patients", {}).get("patient_id", ""))
    return {"patient_id": heading} if heading in raw.letters else {}


def _tidied(headings: dict) -> dict:
    return {key: tidy(heading) for key, heading in headings.items()}


def _wide_layout(raw: RawTable, patient_id: str | None, extras: dict, study: Study) -> Layout:
    templates = dict(study.wide["visits"])
    labels = templates.pop("labels")
    headings = {"patient_id": (patient_id,) * len(labels)} if patient_id else {}
    for section, named in (("wide", templates), ("extra", extras)):
        for name, template in named.items():
            blocks = _blocks(template, labels, f"[{section}.visits] {name}")
            headings[name] = tuple(tidy(heading) if heading else None for heading in blocks)
    return Layout("visits", raw, headings, tuple(labels.values()))


def _blocks(template, labels: dict, where: str) -> list:
    if isinstance(template, dict):
        return [template.get(label, template.get(str(week))) for label, week in labels.items()]
    if "{label}" not in template:
        raise SourceError(f"{where}: with [wide.visits], the heading {template!r} needs {{label}}")
    return [template.replace("{label}", label) for label in labels]


def _synonyms(table: str, raw: RawTable, mapped: dict, study: Study, *, only=()) -> dict:
    taken = set(mapped.values())
    free = {
        heading: {heading, raw.inner.get(heading, heading)}
        for heading in raw.letters
        if heading not in taken
    }
    fields = {}
    for name, field in dictionary.fields(table).items():
        answers = [heading for heading, spelt in free.items() if any(map(field.answers, spelt))]
        if name in mapped or not answers or (only and name not in only):
            continue
        exact = [heading for heading in answers if heading == name]
        if len(answers) > 1 and not exact:
            raise SourceError(
                f"{raw.where}: the headings {' and '.join(map(repr, answers))} both "
                f"answer to {name}; map one under [columns.{table}], as in {name} = {answers[0]!r}"
            )
        fields[name] = (exact or answers)[0]
    return fields


def _stop_at_identity(layouts: dict, study: Study):
    persons = {}
    read = [part for layout in layouts.values() for part in layout.raw.parts or (layout.raw,)]
    for sheet in {one.sheet: one for one in read}.values():
        allowed = _allowed(layouts, sheet, study)
        for heading, letter in sheet.letters.items():
            kind = dictionary.identity(heading)
            kind = kind or dictionary.identity(sheet.inner.get(heading, ""))
            if kind and not {(heading, kind), (heading, "")} & allowed:
                persons[f"{blot(heading)!r} ({sheet.sheet}, column {letter})"] = heading
    if persons:
        drop = [
            *study.source.drop,
            *(one for one in dict.fromkeys(persons.values()) if not found(one)),
        ]
        drop = ", ".join(f'"{heading}"' for heading in drop)
        raise SourceError(
            f"{study.source.path.name}: these headings point to persons: {', '.join(persons)}. "
            "Remove the columns from the source, or list the headings in study.toml under "
            f"[source] drop = [{drop}]; then they are never read"
        )


def _allowed(layouts: dict, sheet: RawTable, study: Study) -> set:
    """Pairs of heading and identity that ``study.toml`` maps on purpose; "" stands for any."""
    pairs = set()
    for table, layout in layouts.items():
        if layout.raw is sheet or any(part is sheet for part in layout.raw.parts):
            ids = map(joining.bare, layout.headings.get("patient_id", ()))
            pairs |= {(heading, "record_number") for heading in ids}
            mapped = _tidied(study.columns.get(table, {}))
            pairs |= {(mapped[name], "") for name in mapped if name != "patient_id"}
    return pairs


def _absent_fields(layout: Layout, raw: dict, study: Study) -> str:
    table, there = layout.table, layout.headings
    needed = [name for name, field in dictionary.fields(table).items() if field.required]
    if study.source.id_from_row and layout.raw is raw["patients"]:
        if "patient_id" in there:
            raise SourceError(
                f"{layout.raw.where}: [source] id_from_row is true, but "
                f"{there['patient_id'][0]!r} holds the patient ids; set it to false, or list the "
                "heading under drop"
            )
        needed.remove("patient_id")
    absent = [name for name in needed if name not in there]
    if table in ("visits", "labs") and layout.weeks is None and not {"week", "date"} & set(there):
        absent.append("week (or date)")
    if not absent:
        return ""
    wide = headings.side_by_side([layout.raw], study) if table == "visits" else ""
    return (
        f"{layout.raw.where}: no column for {', '.join(absent)}. Map the heading in "
        f'study.toml, as in [columns.{table}] {absent[0].split()[0]} = "…". '
        f"{headings.listed(layout.raw)}{wide}"
    )


def _require_named(layouts: dict, study: Study):
    visits = layouts.get("visits")
    primary = study.endpoints.primary
    if primary != "none" and not _recorded(visits, primary):
        raise SourceError(
            f"{visits.raw.where}: the primary endpoint {primary} was not recorded"
            f"{_or_parts(primary)}. Map its heading under [columns.visits], or name another "
            f"outcome in study.toml, as in [endpoints] primary = {_other(visits, primary)!r}. "
            f"{headings.listed(visits.raw)}"
            f"{headings.side_by_side([visits.raw], study)}"
        )
    patients, column = layouts["patients"], study.subgroup.column
    if "subgroup.column" in study.stated and not _recorded(patients, column):
        remedy = "leave group out" if "group" in study.changed else "remove [subgroup] column"
        raise SourceError(
            f"{patients.raw.where}: the subgroup's column {column!r} was not recorded. "
            f"Map its heading under [columns.patients], or {remedy}. "
            f"{headings.listed(patients.raw)}"
        )
    for name in study.codes:
        if not any(_recorded(layout, name) for layout in layouts.values()):
            raise SourceError(
                f"{study.source.path.name}: [codes.{name}] has codes for a field that no sheet "
                f"records; map its heading under [columns.*], or remove [codes.{name}]"
            )


def _recorded(layout: Layout, name: str) -> bool:
    there = set(layout.headings) | ({"week"} if layout.weeks is not None else set())
    parts = ({"age_years": ("birth_date", "start_date")} | PARTS).get(name)
    return name in there or (parts is not None and there >= set(parts))


def _or_parts(name: str) -> str:
    return f", neither as a total nor by its {len(PARTS[name])} parts" if name in PARTS else ""


def _other(visits: Layout, primary: str) -> str:
    others = ("pppasi", "dlqi", "pga", "pain_vas")
    return next((name for name in others if name != primary and _recorded(visits, name)), "none")
