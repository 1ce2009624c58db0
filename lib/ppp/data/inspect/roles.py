"""Which sheet feeds which table, and which column which field: the plan of a draft."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from ppp.catalogue import dictionary
from ppp.catalogue.dictionary import TABLES, plain
from ppp.data.columns import PARTS
from ppp.data.inspect import sheets
from ppp.data.inspect.cells import INTEGER, look, week
from ppp.data.inspect.cells import split as split_label
from ppp.data.inspect.sheets import Column, Guess, Sheet
from ppp.data.joining import BOX

KEYS = ("patient_id", "week", "date")
REPEATED = "redcap_repeat_instrument"
EVENT = {"soc", "grade", "serious", "related", "action", "outcome", "end_date"}


@dataclass
class Role:
    """One sheet: its columns as they look, and what it seems to be.

    `fields` has the guesses of each table it feeds by name, `wide` those of visits side by side by
    name and week, `own` numbers at visits that the dictionary does not know by name and week.
    """

    sheet: Sheet
    looks: dict  # letter: Look
    persons: dict  # letter: identity, whether it is sure
    tables: tuple = ()
    week: int | None = None  # a sheet that holds one visit
    fields: dict = field(default_factory=dict)
    wide: dict = field(default_factory=dict)
    own: dict = field(default_factory=dict)

    @property
    def repeats(self) -> bool:
        """Whether it is a REDCap export in which instruments that repeat have their own rows."""
        return any(column.heading == REPEATED for column in self.sheet.columns)

    def free(self, *, asked: bool = True) -> list[Column]:
        """Columns that feed nothing and point to nobody; `asked`: those of a question too."""
        guesses = [guess for named in self.fields.values() for guess in named.values()]
        used = {guess.column.letter for guess in guesses if guess.sure or not asked}
        held = [*self.wide.values(), *self.own.values()]
        used |= {column.letter for weeks in held for column, _ in weeks.values()}
        used |= set(self.persons)
        return [c for c in self.sheet.columns if c.letter not in used and not sheets.is_remark(c)]


def plan(source: list[Sheet]) -> list[Role]:
    """Give each sheet its tables; a table has one sheet, or one a visit."""
    roles = [_look(sheet) for sheet in source]
    for role in roles:
        role.week = _one_visit(role)
    taken = _tables(roles)
    _patients(roles, taken)
    for role in roles:
        role.fields = {table: _fields(role, table) for table in role.tables}
        if "visits" not in role.tables:
            role.wide, role.own = {}, {}
        elif role.wide:
            role.fields["visits"] = {}
        if {"patients", "adverse_events"} <= set(role.tables) and not role.repeats:
            term = role.fields["adverse_events"]["term"]
            role.fields["adverse_events"] = {"term": term}
    return roles


def _tables(roles: list[Role]) -> set[str]:
    """Give sheets to all tables but that of the patients; return those that have one."""
    taken = set()
    judges = {"labs": _is_labs, "visits": _is_visits, "adverse_events": _is_events}
    for table, holds in judges.items():
        named = sorted(roles, key=lambda role: _is_named(role, table), reverse=True)
        for role in [role for role in named if role.repeats or not role.tables]:
            one_of_several = table == "visits" and role.week is not None
            free = role.week is None and table not in taken
            if (one_of_several or free) and holds(role):
                role.tables, taken = (*role.tables, table), taken | {table}
    return taken


def _look(sheet: Sheet) -> Role:
    looks = {column.letter: look(column.cells) for column in sheet.columns}
    persons = {c.letter: sheets.person(c, looks[c.letter]) for c in sheet.columns}
    persons = {name: person for name, person in persons.items() if person}
    role = Role(sheet, looks, persons)
    role.wide, role.own = _side_by_side(role)
    ids = any("patient_id" in _sure(role, table) for table in TABLES)
    records = [c for c, (kind, _) in persons.items() if kind == "record_number"]
    if not ids and records:
        del persons[records[0]]
    return role


def _fields(role: Role, table: str) -> dict[str, Guess]:
    found = {}
    for column in role.sheet.columns:
        if column.letter in role.persons:
            continue
        guess = sheets.guess(column, role.looks[column.letter], table)
        if guess and (guess.name not in found or guess.sure > found[guess.name].sure):
            found[guess.name] = guess
    if table in ("visits", "labs") and "week" not in {n for n, g in found.items() if g.sure}:
        found |= _weeks(role, table, found)
    if not found.get("patient_id"):
        found |= _ids(role, table)
    return found


def _weeks(role: Role, table: str, found: dict) -> dict:
    for column in role.sheet.columns:
        seen = role.looks[column.letter]
        texts = [text for text in seen.levels if week(text) is not None]
        taken = any(g.column is column and g.sure and g.name != "week" for g in found.values())
        if len(texts) > 1 and len(texts) >= 0.7 * len(seen.levels) and not taken:
            return {"week": Guess(column, seen, table, "week", "its values are visits", True)}
    return {}


def _ids(role: Role, table: str) -> dict:
    """Take a record number for the id; else ask of the first column, best one without repeats."""
    free = [column for column in role.sheet.columns if column.letter not in role.persons]
    for column in free:
        if dictionary.identity(column.heading) == "record_number":
            return _id(role, table, column, "record number")
    for column in free[:2]:
        if role.looks[column.letter].filled == role.sheet.rows and role.looks[column.letter].unique:
            return _id(role, table, column, "no value twice")
    if free[:1] == [role.sheet.columns[0]] and len(role.looks[free[0].letter].levels) > 1:
        return _id(role, table, free[0], "first column")
    return {}


def _id(role: Role, table: str, column: Column, why: str) -> dict:
    sure = why == "record number"
    return {"patient_id": Guess(column, role.looks[column.letter], table, "patient_id", why, sure)}


def _side_by_side(role: Role) -> tuple[dict, dict]:
    wide, own = defaultdict(dict), defaultdict(dict)
    for column in role.sheet.columns:
        split = split_label(column.heading)
        if not split or column.letter in role.persons or _is_known(column):
            continue
        found = sheets.by_words(split.rest, "visits")
        seen = role.looks[column.letter]
        if found and found[2] and found[0] not in KEYS:
            wide[found[0]].setdefault(split.week, (column, split))
        elif split.sure and seen.kind == "number":
            own[split.rest].setdefault(split.week, (column, split))
    own = {name: weeks for name, weeks in own.items() if len(weeks) > 1}
    several = any(len(weeks) > 1 for weeks in wide.values()) or own
    return (dict(wide), own) if several else ({}, {})


def _is_known(column: Column) -> bool:
    word = plain(column.heading)
    return any(
        word in field.synonyms for table in TABLES for field in dictionary.fields(table).values()
    )


def _one_visit(role: Role) -> int | None:
    number = week(role.sheet.name)
    outcomes = set(_fields(role, "visits")) - set(KEYS)
    return number if outcomes and not role.wide else None


def _sure(role: Role, table: str) -> set[str]:
    return {name for name, guess in _fields(role, table).items() if guess.sure}


def _is_named(role: Role, table: str) -> bool:
    return plain(table) in plain(role.sheet.name)


def _is_labs(role: Role) -> bool:
    return {"test", "value"} <= _sure(role, "labs")


def _is_visits(role: Role) -> bool:
    there = _sure(role, "visits")
    placed = role.week is not None or bool({"week", "date"} & there)
    return bool(role.wide) or (placed and bool(there - set(KEYS)))


def _is_events(role: Role) -> bool:
    there = _sure(role, "adverse_events")
    return "term" in there and (bool(there & EVENT) or not _traits(role))


def _traits(role: Role) -> set:
    return _sure(role, "patients") - {"patient_id", "start_date", "stop_date"}


def _patients(roles: list[Role], taken: set):
    """Find the sheet of the patients; where none is left, it is that of the visits."""
    free = [role for role in roles if not role.tables and role.week is None]
    with_traits = [role for role in roles if role.tables == ("visits",) and role.week is None]
    likely = [role for role in free if _traits(role) or _is_named(role, "patients")]
    likely += [role for role in with_traits if _traits(role)]
    likely += with_traits + [role for role in roles if "visits" in role.tables] + free + roles
    if not likely:
        return
    role = likely[0]
    role.tables = ("patients", *role.tables)
    if "adverse_events" not in taken and "term" in _sure(role, "adverse_events"):
        role.tables += ("adverse_events",)


def weeks(roles: list[Role]) -> dict[str, tuple[int, bool]]:
    """Labels of visits side by side: week of each and whether it is sure, in their order."""
    seen = defaultdict(Counter)
    sure = {}
    for role in roles:
        for held in (role.wide, role.own):
            for each in held.values():
                for number, (_, split) in each.items():
                    seen[number][split.label] += 1
                    sure[number] = split.sure
    return {seen[n].most_common(1)[0][0]: (n, sure[n]) for n in sorted(seen)}


def outcomes(roles: list[Role]) -> list[str]:
    """Outcomes of the visits that are recorded, totals known by their parts among them."""
    there = set()
    for role in roles:
        if "visits" in role.tables:
            there |= {name for name, guess in role.fields["visits"].items() if guess.sure}
            there |= set(role.wide)
    there |= {total for total, parts in PARTS.items() if set(parts) <= there}
    return [name for name in dictionary.fields("visits") if name in there and name not in KEYS]


def used(plan: list[Role]):
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


def boxes(plan: list[Role]) -> dict[str, tuple[str, list[str]]]:
    """Find the checkboxes of a REDCap export: field, what stands before ``___``, and behind it."""
    found = {}
    for role in (role for role in plan if "patients" in role.tables):
        for column in role.sheet.columns:
            stem, between, code = column.heading.partition(BOX)
            guess = sheets.by_words(stem.replace("_", " "), "patients") if between else None
            if guess and dictionary.fields("patients")[guess[0]].kind == "list":
                found.setdefault(guess[0], (stem, []))[1].append(code)
    return found


def further(role: Role):
    """Columns that a study may want as its own: the table of each, and the column."""
    longitudinal = "visits" in role.tables and not role.wide and role.week is None
    table = "visits" if longitudinal else "patients"
    kinds = ("number",) if longitudinal else ("number", "codes")
    for column in role.free(asked=False) if table in role.tables else ():
        seen, redcap = role.looks[column.letter], "redcap_repeat" in column.heading
        if len(seen.levels) > 1 and seen.kind in kinds and not redcap and BOX not in column.heading:
            yield table, column


def weeks_of(plan: list[Role]) -> set[int]:
    """Gather the weeks of all visits."""
    there = {number for number, _ in weeks(plan).values()}
    there |= {role.week for role in plan if role.week is not None and "visits" in role.tables}
    for path, _, seen in used(plan):
        if path == "columns.visits.week":
            for text in seen.levels:
                number = int(text) if INTEGER.fullmatch(text) else week(text)
                there |= {number} if number is not None else set()
    return there
