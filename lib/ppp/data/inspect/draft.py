"""The text of a draft ``study.toml``; what is not sure stands there as a comment with a ``?``."""

import json
import re
from collections import Counter
from pathlib import Path

from ppp.catalogue import dictionary
from ppp.catalogue.dictionary import TABLES
from ppp.data.inspect import codes, fields, roles, visits
from ppp.data.inspect.cells import Look
from ppp.data.inspect.roles import Role
from ppp.data.values import DATES
from ppp.study.sections import Endpoints, Schedule, Source, Subgroup


def text(path: Path, plan: list[Role]) -> str:
    """Write the draft of a source as it was planned."""
    parts = [
        "# A draft made by `make inspect`. A line with a question mark waits for you: take away the\n"
        "# first #, or correct it, or delete it. data/README.md lists every key and field.",
        _study(path),
        _source(path, plan),
        _decimals(plan),
        _sheets(plan),
        *_columns(plan),
        *_codes(plan),
        _separators(plan),
        _units(plan),
        _wide(plan),
        *_extra(plan),
        _analysis(plan),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def quoted(value) -> str:
    """Write a value as TOML does."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{quoted(k)} = {quoted(v)}" for k, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def slug(name: str) -> str:
    """Make an id of a name: a-z, 0-9, _ and -.

    >>> slug("Klinik A (2024)"), slug("患者")
    ('klinik_a_2024', 'my_centre')
    """
    made = re.sub(r"[^a-z0-9-]+", "_", name.casefold()).strip("_-")
    return made if made and made not in ("demo", "cohort", "csv") else "my_centre"


def _section(name: str, lines: list[str]) -> str:
    """Put lines under a heading, itself a comment where all of them are."""
    live = any(not line.startswith("#") for line in lines)
    return "\n".join([f"{'' if live else '# '}[{name}]", *lines]) if lines else ""


def _ask(line: str, why: str) -> str:
    return f"# {line}   # ? {why}"


def _study(path: Path) -> str:
    stem = path.name if path.is_dir() else path.stem
    stem = stem if slug(stem) != "my_centre" else path.parent.name
    lines = [
        f'id = "{slug(stem)}"',
        _ask('title = "…"', "what the reports are called"),
        _ask('drug = "upadacitinib"', "the drug"),
    ]
    return _section("study", lines)


def _source(path: Path, plan: list[Role]) -> str:
    folder = path.is_dir()  # the draft lies beside the files
    lines = ['folder = "."' if folder else f"file = {quoted(path.name)}"]
    shapes = Counter(
        (role.sheet.header_row, role.sheet.header_rows) for role in plan if role.tables
    )
    row, count = shapes.most_common(1)[0][0] if shapes else (1, 1)
    lines += [f"header_row = {row}"] * (row > 1) + [f"header_rows = {count}"] * (count > 1)
    others = [
        r for r in plan if r.tables and (r.sheet.header_row, r.sheet.header_rows) != (row, count)
    ]
    for role in others:
        lines += [_ask(f"header_row = {role.sheet.header_row}", f"in sheet {role.sheet.name!r}")]
    lines += [*_decimal(plan), *_dates(plan), *_missing(plan), *_drop(plan)]
    return _section("source", lines)


def _used(plan: list[Role]):
    """Every column that is sure to feed a field: path, field, how it looks."""
    for role in plan:
        for table, named in role.fields.items():
            for name, guess in named.items():
                if guess.sure:
                    yield f"columns.{table}.{name}", dictionary.fields(table)[name], guess.look
        for name, weeks in role.wide.items():
            for column, _ in weeks.values():
                known = dictionary.fields("visits")[name]
                yield f"wide.visits.{name}", known, role.looks[column.letter]


def _numbers(plan: list[Role]):
    return [used for used in _used(plan) if used[1].kind in ("number", "integer")]


def _marks(plan: list[Role]) -> tuple[list, list, bool]:
    """Return columns with a decimal comma, those where it is a question, and if a point is used."""
    marks, filled = {}, Counter()
    for path, _, look in _numbers(plan):
        marks.setdefault(path, Counter()).update(look.marks)
        filled[path] += look.filled
    commas = [path for path, seen in marks.items() if seen[","]]
    sure = [
        path for path in commas if not marks[path]["."] and marks[path][","] > filled[path] / 10
    ]
    asked = [path for path in commas if path not in sure]
    return sure, asked, any(seen["."] for seen in marks.values())


def _decimal(plan: list[Role]) -> list[str]:
    sure, asked, points = _marks(plan)
    return ['decimal = ","'] if sure and not asked and not points else []


def _decimals(plan: list[Role]) -> str:
    if _decimal(plan):
        return ""
    sure, asked, _ = _marks(plan)
    lines = [f'{quoted(path)} = ","' for path in sure]
    lines += [_ask(f'{quoted(path)} = ","', "some cells have a comma") for path in asked]
    return _section("source.decimal", lines)


def _dates(plan: list[Role]) -> list[str]:
    looks = [look for _, field, look in _used(plan) if field.kind in DATES]
    fits, dated = Counter(), sum(look.dated for look in looks)
    for look in looks:
        fits.update(look.formats)
    if not fits:
        return []
    most = max(fits.values())
    best = [form for form, count in fits.items() if count == most]
    lines = [f"date_format = {quoted(best[0])}"]
    lines += [_ask(f"date_format = {quoted(other)}", "it fits as well") for other in best[1:]]
    if most < dated:
        lines += [f"# ? {dated - most} of {dated} dates kept as text are written otherwise"]
    return lines


def _missing(plan: list[Role]) -> list[str]:
    there = [gap for _, _, look in _used(plan) for gap in look.gaps]
    default = list(Source.__dataclass_fields__["missing"].default)
    more = [gap for gap in dict.fromkeys(there) if gap not in default]
    return [f"missing = {quoted(default + more)}"] if more else []


def _drop(plan: list[Role]) -> list[str]:
    names, unsure = [], {}
    for role in plan:
        for column in role.sheet.columns:
            person = role.persons.get(column.letter)
            if person or fields.is_remark(column):
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
    lines += [f"# ? sheet {r.sheet.name!r} is not read" for r in plan if not r.tables]
    return _section("source.sheets", lines)


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
                line = line if live else _ask(line, guess.reason)
                line += f"   # ? {guess.reason}" if live and not guess.sure else ""
                if live or (name not in lines and guess.column in role.free()):
                    lines.setdefault(name, line)
            lines |= _left(role, table, lines)
        yield _section(f"columns.{table}", list(lines.values()))


def _left(role: Role, table: str, lines: dict) -> dict:
    """Ask of dates that fed nothing whether they are the start of treatment."""
    if table != "patients" or "start_date" in lines:
        return {}
    found = [c for c in role.free() if role.looks[c.letter].kind == "date"]
    found = [c for c in found if fields.SINCE.search(c.inner.casefold())] or found
    why = "dates, and no other column has the start of treatment"
    return {"start_date": _ask(f"start_date = {quoted(c.heading)}", why) for c in found[:1]}


def _codes(plan: list[Role]):
    sure, asked, counts = {}, {}, Counter()
    for path, field, look in _used(plan):
        name = path.split(".")[-1]
        certain, likely = codes.meant(field, look)
        sure.setdefault(name, {}).update(certain)
        asked.setdefault(name, {}).update(likely)
        counts.update({(name, text): look.levels[text] for text in likely})
    for name in sure:
        lines = [f"{quoted(raw)} = {quoted(value)}" for raw, value in sure[name].items()]
        lines += [
            _ask(f"{quoted(raw)} = {quoted(value)}", f"{counts[name, raw]} cells")
            for raw, value in asked[name].items()
        ]
        yield _section(f"codes.{name}", lines)


def _separators(plan: list[Role]) -> str:
    lines = []
    for path, field, look in _used(plan):
        in_cell = field.name == "term" and any(
            {"patients", "adverse_events"} <= set(role.tables) for role in plan
        )
        if field.kind == "list" or in_cell:
            sure, asked = codes.separators(look)
            if sure and (sure != ";" or in_cell):
                lines.append(f"{field.name} = {quoted(sure)}")
            if asked:
                line = f"{field.name} = {quoted(sure + asked)}"
                lines.append(_ask(line, "do these signs part entries too"))
    return _section("separators", lines)


def _units(plan: list[Role]) -> str:
    lines = {}
    for _, field, look in _numbers(plan):
        if look.units:
            unit, others = codes.unit(field, look)
            lines[field.name] = f"{field.name} = {quoted(unit)}"
            for other in filter(codes.is_code, others):
                cells = f"{look.units[other]} cells have {other!r}, and count as missing"
                lines[f"{field.name} {other}"] = f"# ? {field.name}: {cells}"
    return _section("units", list(lines.values()))


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
    pairs = {label: number for label, (number, _) in labels.items()}
    lines = [f"labels = {quoted(pairs)}"]
    unsure = [label for label, (_, sure) in labels.items() if not sure]
    lines += [f"# ? which week is {', '.join(map(repr, unsure))}"] * bool(unsure)
    for role in plan:
        for name, weeks in role.wide.items():
            lines.append(f"{name} = {quoted(_templates(weeks, labels))}")
    return _section("wide.visits", lines)


def _extra(plan: list[Role]):
    labels, lines, number = roles.weeks(plan), [], 0
    for role in plan:
        for rest, weeks in role.own.items():
            number += 1
            made = _templates(weeks, labels)
            if isinstance(made, dict):
                made = {str(labels[label][0]): heading for label, heading in made.items()}
            lines.append(f"{_own(rest, number)} = {quoted({'heading': made, 'label': rest})}")
    yield _section("extra.visits", [re.sub(r'"(heading|label)" =', r"\1 =", one) for one in lines])
    for table in ("visits", "patients"):
        lines = []
        for role in (role for role in plan if table in role.tables and role.week is None):
            if (
                table == "patients"
                and {"visits"} == set(role.tables) - {"patients"}
                and not role.wide
            ):
                continue
            for column in role.free():
                if _is_own(role.looks[column.letter], table):
                    number += 1
                    name = _own(column.inner, number)
                    line = f"{name} = {{ heading = {quoted(column.heading)} }}"
                    lines.append(_ask(line, "is it wanted, as a column of your own"))
        yield _section(f"extra.{table}", lines)


def _is_own(look: Look, table: str) -> bool:
    return look.kind == "number" or (table == "patients" and look.kind == "codes")


def _own(heading: str, number: int) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", heading.casefold()).strip("_")
    name = name if name and name[0].isalpha() else f"own_{number}"
    return f"{name}_2" if dictionary.find(name) else name


def _analysis(plan: list[Role]) -> str:
    found, weeks = roles.outcomes(plan), _weeks(plan)
    default = Endpoints.primary
    primary = default if default in found else next(iter(found), "none")
    lines = (
        [] if primary == default else [f'primary = "{primary}"   # ? the outcome that counts most']
    )
    grades = [look.high for path, _, look in _used(plan) if path.endswith(".pga") and look.high]
    lines += ["pga_scale = [0, 5]"] * (max(grades, default=0) == 5)
    sections = [_section("endpoints", lines)]
    if weeks:
        lines = []
        if Schedule.baseline not in weeks:
            lines.append(f"baseline = {min(weeks)}   # ? the week before treatment")
        if Schedule.primary not in weeks:
            lines.append(f"primary = {max(weeks)}   # ? the week of the primary analysis")
        sections.append(_section("schedule", lines))
    traits = {path for path, *_ in _used(plan)}
    if f"columns.patients.{Subgroup.column}" in traits:
        sections.append(
            _section("subgroup", [f'column = "{Subgroup.column}"', f'value = "{Subgroup.value}"'])
        )
    return "\n\n".join(filter(None, sections))


def _weeks(plan: list[Role]) -> set[int]:
    there = {number for number, _ in roles.weeks(plan).values()}
    there |= {role.week for role in plan if role.week is not None and "visits" in role.tables}
    for path, _, look in _used(plan):
        if path == "columns.visits.week":
            for text in look.levels:
                number = int(text) if re.fullmatch(r"-?\d+", text) else visits.week(text)
                there |= {number} if number is not None else set()
    return there
