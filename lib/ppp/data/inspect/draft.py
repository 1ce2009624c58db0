"""The text of a draft ``study.toml``; what is not sure stands there as a comment with a ``?``."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from ppp.catalogue import dictionary
from ppp.catalogue.dictionary import TABLES
from ppp.data.inspect import cells, roles, sheets
from ppp.data.inspect.roles import Role
from ppp.data.inspect.sheets import Column
from ppp.data.joining import EACH
from ppp.data.values import DATES
from ppp.study.sections import Endpoints, Schedule, Source, Subgroup

UNTOLD = ("my_centre", "demo", "cohort", "csv", "data", "raw")  # no names for a study


def text(path: Path, plan: list[Role], home: Path) -> str:
    """Write the draft of a source as it was planned; `home` is the cohort's folder."""
    parts = [
        "# A draft made by `make inspect`. A line with a question mark waits for you: take the\n"
        "# first # away, or correct it, or delete it. data/README.md lists every key and field.",
        _study(path, home),
        _source(path, plan),
        _decimal(plan)[1],
        _sheets(plan),
        *_columns(plan),
        *_means(plan),
        *_labels(plan),
        _separators(plan),
        _units(plan),
        _wide(plan),
        *_extra(plan),
        _analysis(plan),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def slug(name: str) -> str:
    """Make an id of a name: a-z, 0-9, _ and -.

    >>> slug("Klinik A (2024)"), slug("患者")
    ('klinik_a_2024', 'my_centre')
    """
    made = re.sub(r"[^a-z0-9-]+", "_", name.casefold()).strip("_-")
    return made or UNTOLD[0]


def _study(path: Path, home: Path) -> str:
    names = [home.name, home.parent.name, path.stem]
    made = [name for name in map(slug, names) if name not in UNTOLD]
    lines = [
        f'id = "{(*made, UNTOLD[0])[0]}"',
        ask('title = "…"', "what the reports are called"),
        ask('drug = "upadacitinib"', "the drug"),
    ]
    return section("study", lines)


def _source(path: Path, plan: list[Role]) -> str:
    folder = path.is_dir()  # the draft lies beside the files
    lines = ['folder = "."' if folder else f"file = {quoted(path.name)}"]
    read = [role.sheet for role in plan if role.tables]
    shapes = [(sheet.header_row, sheet.header_rows) for sheet in read]
    row, count = Counter(shapes).most_common(1)[0][0] if shapes else (1, 1)
    lines += [f"header_row = {row}"] * (row > 1) + [f"header_rows = {count}"] * (count > 1)
    for sheet, shape in zip(read, shapes, strict=True):
        if shape != (row, count):
            lines.append(ask(f"header_row = {sheet.header_row}", f"in sheet {sheet.name!r}"))
    for sheet in read:
        seen = Counter(column.heading for column in sheet.columns)
        again = [heading for heading, count in seen.items() if count > 1]
        lines += [f"# ? {name!r} is there twice: rename or remove one" for name in again]
    lines += [*_decimal(plan)[0], *_dates(plan), *_missing(plan), *_drop(plan)]
    return section("source", lines)


def _drop(plan: list[Role]) -> list[str]:
    names, unsure = [], {}
    for role in (role for role in plan if role.tables):
        for column in role.sheet.columns:
            person = role.persons.get(column.letter)
            if person or sheets.is_remark(column):
                names.append(column.heading)
            if person and not person[1]:
                unsure[column.heading] = person[0]
    lines = [f"drop = {quoted(list(dict.fromkeys(names)))}"] if names else []
    return lines + [
        f"# ? {name!r} is dropped for the word {word!r}" for name, word in unsure.items()
    ]


def _sheets(plan: list[Role]) -> str:
    lines = []
    for table in TABLES:
        feeding = [role for role in plan if table in role.tables]
        each = {role.sheet.name: role.week for role in feeding if role.week is not None}
        if table == "visits" and each:
            lines.append(f"visits = {quoted(each)}")
        elif feeding:
            lines.append(f"{table} = {quoted(feeding[0].sheet.name)}")
        lines += _which_week(name for name in each if not cells.is_sure(name))
    lines += [f"# ? sheet {r.sheet.name!r} is not read" for r in plan if not r.tables]
    return section("source.sheets", lines)


def _which_week(unsure: Iterable[str]) -> list[str]:
    named = ", ".join(map(repr, unsure))
    return [f"# ? which week is {named}"] if named else []


def _columns(plan: list[Role]):
    for table in TABLES:
        lines = {}
        for role in (role for role in plan if table in role.tables):
            shared = table != "patients" and "patients" in role.tables
            for name, guess in role.fields[table].items():
                if shared and name == "patient_id":
                    continue
                line = f"{name} = {quoted(guess.column.heading)}"
                live = guess.sure or name == "patient_id"
                line = line if live else ask(line, guess.reason)
                line += f"   # ? {guess.reason}" if live and not guess.sure else ""
                if live or (name not in lines and guess.column in role.free()):
                    lines.setdefault(name, line)
            lines |= _left(role, table, lines)
        if table == "patients":
            ticks = roles.boxes(plan).items()
            lines |= {name: f"{name} = {quoted(stem + EACH)}" for name, (stem, _) in ticks}
        yield section(f"columns.{table}", list(lines.values()))


def _left(role: Role, table: str, lines: dict) -> dict:
    """Ask of dates that fed nothing whether they are the start of treatment."""
    if table != "patients" or "start_date" in lines:
        return {}
    dates = [column for column in role.free() if role.looks[column.letter].kind == "date"]
    since = [column for column in dates if sheets.SINCE.search(column.inner.casefold())]
    for column in since or dates:
        line, why = f"start_date = {quoted(column.heading)}", "is it the start of treatment"
        return {"start_date": f"{line}   # ? {why}" if len(since) == 1 else ask(line, why)}
    return {}


def _templates(weeks: dict, labels: dict) -> str | dict:
    """Return one heading with ``{label}`` where it serves every visit, else one a label."""
    by_week = {number: label for label, (number, _) in labels.items()}
    whole = {number: column.heading for number, (column, _) in weeks.items()}
    for _, split in weeks.values():
        made = {n: split.template.replace("{label}", label) for n, label in by_week.items()}
        if made == whole:
            return split.template
    return {by_week[number]: whole[number] for number in sorted(whole)}


def _wide(plan: list[Role]) -> str:
    labels = roles.weeks(plan)
    if not labels:
        return ""
    lines = [f"labels = {quoted({label: number for label, (number, _) in labels.items()})}"]
    lines += _which_week(label for label, (_, sure) in labels.items() if not sure)
    held = [pair for role in plan for pair in role.wide.items()]
    lines += [f"{name} = {quoted(_templates(weeks, labels))}" for name, weeks in held]
    return section("wide.visits", lines)


def _extra(plan: list[Role]):
    taken = set()
    lines = {"visits": list(_own_at_visits(plan, taken)), "patients": []}
    for table, column in (pair for role in plan for pair in roles.further(role)):
        name = _own(column, column.inner, taken)
        line = f"{name} = {{ heading = {quoted(column.heading)} }}"
        lines[table].append(ask(line, "is it wanted, as a column of your own"))
    for table, held in lines.items():
        yield section(f"extra.{table}", held)


def _own_at_visits(plan: list[Role], taken: set):
    labels = roles.weeks(plan)
    for role in plan:
        for rest, weeks in role.own.items():
            made = _templates(weeks, labels)
            if isinstance(made, dict):
                made = {str(labels[label][0]): heading for label, heading in made.items()}
            first = next(iter(weeks.values()))[0]
            keys = f"heading = {quoted(made)}, label = {quoted(rest)}"
            yield f"{_own(first, rest, taken)} = {{ {keys} }}"


def _own(column: Column, words: str, taken: set) -> str:
    """Make a name that no field has and no other column."""
    name = re.sub(r"[^a-z0-9]+", "_", words.casefold()).strip("_")
    if not name[:1].isalpha() or name in taken or dictionary.find(name):
        name = f"{name}_column_{column.letter.lower()}".strip("_")
        name = name if name[0].isalpha() else f"own_{name}"
    taken.add(name)
    return name


def _analysis(plan: list[Role]) -> str:
    found, weeks = roles.outcomes(plan), roles.weeks_of(plan)
    primary = Endpoints.primary if Endpoints.primary in found else next(iter(found), "none")
    used = {path: look for path, _, look in roles.used(plan)}
    ends, times, group = [], [], []
    if primary != Endpoints.primary:
        ends.append(f'primary = "{primary}"   # ? the outcome that counts most')
    if any(path.endswith(".pga") and look.high == 5 for path, look in used.items()):
        ends.append("pga_scale = [0, 5]")
    if weeks and Schedule.baseline not in weeks:
        times.append(f"baseline = {min(weeks)}   # ? the week before treatment")
    if weeks and Schedule.primary not in weeks:
        times.append(f"primary = {max(weeks)}   # ? the week of the primary analysis")
    if f"columns.patients.{Subgroup.column}" in used:
        group = [f'column = "{Subgroup.column}"', f'value = "{Subgroup.value}"']
    named = {"endpoints": ends, "schedule": times, "subgroup": group}
    return "\n\n".join(filter(None, map(section, named, named.values())))


def quoted(value) -> str:
    """Write a value as TOML does."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{quoted(k)} = {quoted(v)}" for k, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def section(name: str, lines: list[str]) -> str:
    """Put lines under a heading, itself a comment where all of them are."""
    live = any(not line.startswith("#") for line in lines)
    return "\n".join([f"{'' if live else '# '}[{name}]", *lines]) if lines else ""


def ask(line: str, why: str) -> str:
    """Write a line as a comment with a question."""
    return f"# {line}   # ? {why}"


def _numbers(plan: list[Role]):
    numbers = [column for column in roles.used(plan) if column[1].kind in ("number", "integer")]
    return [column for column in numbers if column[1].name != "week"]


def _decimal(plan: list[Role]) -> tuple[list[str], str]:
    """Return the one decimal mark of the source where it is a comma everywhere, else a section."""
    marks, filled = {}, Counter()
    for path, _, look in _numbers(plan):
        marks.setdefault(path, Counter()).update(look.marks)
        filled[path] += look.filled
    commas = [path for path, seen in marks.items() if seen[","]]
    sure = [
        path for path in commas if not marks[path]["."] and marks[path][","] > filled[path] / 10
    ]
    asked = [path for path in commas if path not in sure]
    if sure and not asked and not any(seen["."] for seen in marks.values()):
        return ['decimal = ","'], ""
    lines = [f'{quoted(path)} = ","' for path in sure]
    lines += [ask(f'{quoted(path)} = ","', "some cells have a comma") for path in asked]
    return [], section("source.decimal", lines)


def _dates(plan: list[Role]) -> list[str]:
    """Return the format that fits most of the dates kept as text, and what fits as well."""
    looks = [look for _, field, look in roles.used(plan) if field.kind in DATES]
    fits, dated = Counter(), sum(look.dated for look in looks)
    for look in looks:
        fits.update(look.formats)
    if not fits:
        return []
    most = max(fits.values())
    best = [form for form, count in fits.items() if count == most]
    lines = [f"date_format = {quoted(best[0])}"]
    lines += [ask(f"date_format = {quoted(other)}", "it fits as well") for other in best[1:]]
    if most < dated:
        lines += [f"# ? {dated - most} of {dated} dates kept as text are written otherwise"]
    return lines


def _missing(plan: list[Role]) -> list[str]:
    """List the words that stand for not known."""
    there = [gap for _, _, look in roles.used(plan) for gap in look.gaps]
    default = list(Source.__dataclass_fields__["missing"].default)
    more = [gap for gap in dict.fromkeys(there) if gap not in default]
    return [f"missing = {quoted(default + more)}"] if more else []


def _means(plan: list[Role]):
    """Say what the codes of each field mean, a section a field."""
    sure, asked, counts = {}, {}, Counter()
    for path, field, look in roles.used(plan):
        name = path.split(".")[-1]
        certain, likely = cells.meant(field, look)
        sure.setdefault(name, {}).update(certain)
        asked.setdefault(name, {}).update(likely)
        counts.update({(name, text): look.levels[text] for text in likely})
    for name in sure:
        lines = [f"{quoted(raw)} = {quoted(value)}" for raw, value in sure[name].items()]
        lines += [
            ask(f"{quoted(raw)} = {quoted(value)}", f"{counts[name, raw]} cells")
            for raw, value in asked[name].items()
        ]
        yield section(f"codes.{name}", lines)


def _labels(plan: list[Role]):
    """Ask for the label of each checkbox, a section a field."""
    for name, (stem, found) in roles.boxes(plan).items():
        lines = [f"{quoted(code)} = {quoted(f'{stem} {code}')}   # ? its label" for code in found]
        yield section(f"codes.{name}", lines)


def _separators(plan: list[Role]) -> str:
    """Say which signs part entries of one cell."""
    lines = []
    for _, field, look in roles.used(plan):
        in_cell = field.name == "term" and any(
            {"patients", "adverse_events"} <= set(role.tables) for role in plan
        )
        if field.kind == "list" or in_cell:
            sure, asked = cells.separators(look)
            if sure and (sure != ";" or in_cell):
                lines.append(f"{field.name} = {quoted(sure)}")
            if asked:
                line = f"{field.name} = {quoted(sure + asked)}"
                lines.append(ask(line, "do these signs part entries too"))
    return section("separators", lines)


def _units(plan: list[Role]) -> str:
    """Name the unit that stands behind the numbers of a column."""
    lines = {}
    for _, field, look in _numbers(plan):
        ours, others, strange = cells.units(field, look)
        if ours:
            lines[field.name] = f"{field.name} = {quoted(ours)}"
        for other in others:
            said = f"{look.units[other]} cells have {other!r}, and count as missing"
            lines[f"{field.name} {other}"] = f"# ? {field.name}: {said}"
        if strange:
            said = f"{strange} cells have other text behind the number, and count as missing"
            lines[f"{field.name} ?"] = f"# ? {field.name}: {said}"
    return section("units", list(lines.values()))
