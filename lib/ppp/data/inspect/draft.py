"""The text of a draft ``study.toml``; what is not sure stands there as a comment with a ``?``."""

import re
from collections import Counter
from pathlib import Path

from ppp.catalogue import dictionary
from ppp.catalogue.dictionary import TABLES
from ppp.data import checkboxes
from ppp.data.inspect import fields, reading, roles, visits
from ppp.data.inspect.cells import Look
from ppp.data.inspect.reading import ask, quoted, section
from ppp.data.inspect.roles import Role
from ppp.data.inspect.sheets import Column
from ppp.study.sections import Endpoints, Schedule, Subgroup

UNTOLD = ("my_centre", "demo", "cohort", "csv", "data", "raw")  # no names for a study


def text(path: Path, plan: list[Role], home: Path) -> str:
    """Write the draft of a source as it was planned; `home` is the cohort's folder."""
    parts = [
        "# A draft made by `make inspect`. A line with a question mark waits for you: take the\n"
        "# first # away, or correct it, or delete it. data/README.md lists every key and field.",
        _study(path, home),
        _source(path, plan),
        reading.decimals(plan),
        _sheets(plan),
        *_columns(plan),
        *reading.means(plan),
        *reading.labels(plan),
        reading.separators(plan),
        reading.units(plan),
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
    shapes = Counter(
        (role.sheet.header_row, role.sheet.header_rows) for role in plan if role.tables
    )
    row, count = shapes.most_common(1)[0][0] if shapes else (1, 1)
    lines += [f"header_row = {row}"] * (row > 1) + [f"header_rows = {count}"] * (count > 1)
    others = [
        r for r in plan if r.tables and (r.sheet.header_row, r.sheet.header_rows) != (row, count)
    ]
    for role in others:
        lines += [ask(f"header_row = {role.sheet.header_row}", f"in sheet {role.sheet.name!r}")]
    for role in (role for role in plan if role.tables):
        seen = Counter(column.heading for column in role.sheet.columns)
        again = [heading for heading, count in seen.items() if count > 1]
        lines += [f"# ? {name!r} is there twice: rename or remove one" for name in again]
    lines += [*reading.decimal(plan), *reading.dates(plan), *reading.missing(plan), *_drop(plan)]
    return section("source", lines)


def _drop(plan: list[Role]) -> list[str]:
    names, unsure = [], {}
    for role in (role for role in plan if role.tables):
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
        unsure = [name for name in each if not visits.is_sure(name)]
        lines += [f"# ? which week is {', '.join(map(repr, unsure))}"] * bool(unsure)
    lines += [f"# ? sheet {r.sheet.name!r} is not read" for r in plan if not r.tables]
    return section("source.sheets", lines)


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
            ticks = reading.boxes(plan).items()
            lines |= {
                name: f"{name} = {quoted(stem + checkboxes.EACH)}" for name, (stem, _) in ticks
            }
        yield section(f"columns.{table}", list(lines.values()))


def _left(role: Role, table: str, lines: dict) -> dict:
    """Ask of dates that fed nothing whether they are the start of treatment."""
    if table != "patients" or "start_date" in lines:
        return {}
    dates = [column for column in role.free() if role.looks[column.letter].kind == "date"]
    since = [column for column in dates if fields.SINCE.search(column.inner.casefold())]
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
    pairs = {label: number for label, (number, _) in labels.items()}
    lines = [f"labels = {quoted(pairs)}"]
    unsure = [label for label, (_, sure) in labels.items() if not sure]
    lines += [f"# ? which week is {', '.join(map(repr, unsure))}"] * bool(unsure)
    for role in plan:
        for name, weeks in role.wide.items():
            lines.append(f"{name} = {quoted(_templates(weeks, labels))}")
    return section("wide.visits", lines)


def _extra(plan: list[Role]):
    taken = set()
    lines = {"visits": list(_own_at_visits(plan, taken)), "patients": []}
    for role in plan:
        table = _of_own(role)
        for column in role.free(asked=False) if table else ():
            if _is_own(role.looks[column.letter], table) and not (
                "redcap_repeat" in column.heading or checkboxes.BOX in column.heading
            ):
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


def _of_own(role: Role) -> str:
    """Name the table whose further columns a sheet has."""
    if "visits" in role.tables and not role.wide and role.week is None:
        return "visits"
    return "patients" if "patients" in role.tables else ""


def _is_own(look: Look, table: str) -> bool:
    several = len(look.levels) > 1
    return several and (look.kind == "number" or (table == "patients" and look.kind == "codes"))


def _own(column: Column, words: str, taken: set) -> str:
    """Make a name that no field has and no other column."""
    name = re.sub(r"[^a-z0-9]+", "_", words.casefold()).strip("_")
    if not name[:1].isalpha() or name in taken or dictionary.find(name):
        name = f"{name}_column_{column.letter.lower()}".strip("_")
        name = name if name[0].isalpha() else f"own_{name}"
    taken.add(name)
    return name


def _analysis(plan: list[Role]) -> str:
    found, weeks = roles.outcomes(plan), _weeks(plan)
    primary = Endpoints.primary if Endpoints.primary in found else next(iter(found), "none")
    used = {path: look for path, _, look in reading.used(plan)}
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
    return "\n\n".join(filter(None, (section(name, lines) for name, lines in named.items())))


def _weeks(plan: list[Role]) -> set[int]:
    there = {number for number, _ in roles.weeks(plan).values()}
    there |= {role.week for role in plan if role.week is not None and "visits" in role.tables}
    for path, _, look in reading.used(plan):
        if path == "columns.visits.week":
            for text in look.levels:
                number = int(text) if re.fullmatch(r"-?\d+", text) else visits.week(text)
                there |= {number} if number is not None else set()
    return there
