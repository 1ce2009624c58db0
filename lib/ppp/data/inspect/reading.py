"""How cells are to be read: decimal mark, dates, gaps, codes, separators, units, as TOML."""

import json
from collections import Counter

from ppp.catalogue import dictionary
from ppp.data import checkboxes
from ppp.data.inspect import codes, fields
from ppp.data.inspect.roles import Role
from ppp.data.values import DATES
from ppp.study.sections import Source


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


def _numbers(plan: list[Role]):
    numbers = [column for column in used(plan) if column[1].kind in ("number", "integer")]
    return [column for column in numbers if column[1].name != "week"]


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


def decimal(plan: list[Role]) -> list[str]:
    """Return the one decimal mark of the whole source, where it is a comma everywhere."""
    sure, asked, points = _marks(plan)
    return ['decimal = ","'] if sure and not asked and not points else []


def decimals(plan: list[Role]) -> str:
    """Name the columns with a decimal comma, where not all have one."""
    if decimal(plan):
        return ""
    sure, asked, _ = _marks(plan)
    lines = [f'{quoted(path)} = ","' for path in sure]
    lines += [ask(f'{quoted(path)} = ","', "some cells have a comma") for path in asked]
    return section("source.decimal", lines)


def dates(plan: list[Role]) -> list[str]:
    """Return the format that fits most of the dates kept as text, and what fits as well."""
    looks = [look for _, field, look in used(plan) if field.kind in DATES]
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


def missing(plan: list[Role]) -> list[str]:
    """List the words that stand for not known."""
    there = [gap for _, _, look in used(plan) for gap in look.gaps]
    default = list(Source.__dataclass_fields__["missing"].default)
    more = [gap for gap in dict.fromkeys(there) if gap not in default]
    return [f"missing = {quoted(default + more)}"] if more else []


def means(plan: list[Role]):
    """Say what the codes of each field mean, a section a field."""
    sure, asked, counts = {}, {}, Counter()
    for path, field, look in used(plan):
        name = path.split(".")[-1]
        certain, likely = codes.meant(field, look)
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


def boxes(plan: list[Role]) -> dict[str, tuple[str, list[str]]]:
    """Find the checkboxes of a REDCap export: field, what stands before ``___``, and behind it."""
    found = {}
    for role in (role for role in plan if "patients" in role.tables):
        for column in role.sheet.columns:
            stem, between, code = column.heading.partition(checkboxes.BOX)
            guess = fields.by_words(stem.replace("_", " "), "patients") if between else None
            if guess and dictionary.fields("patients")[guess[0]].kind == "list":
                found.setdefault(guess[0], (stem, []))[1].append(code)
    return found


def labels(plan: list[Role]):
    """Ask for the label of each checkbox, a section a field."""
    for name, (stem, found) in boxes(plan).items():
        lines = [f"{quoted(code)} = {quoted(f'{stem} {code}')}   # ? its label" for code in found]
        yield section(f"codes.{name}", lines)


def separators(plan: list[Role]) -> str:
    """Say which signs part entries of one cell."""
    lines = []
    for _, field, look in used(plan):
        in_cell = field.name == "term" and any(
            {"patients", "adverse_events"} <= set(role.tables) for role in plan
        )
        if field.kind == "list" or in_cell:
            sure, asked = codes.separators(look)
            if sure and (sure != ";" or in_cell):
                lines.append(f"{field.name} = {quoted(sure)}")
            if asked:
                line = f"{field.name} = {quoted(sure + asked)}"
                lines.append(ask(line, "do these signs part entries too"))
    return section("separators", lines)


def units(plan: list[Role]) -> str:
    """Name the unit that stands behind the numbers of a column."""
    lines = {}
    for _, field, look in _numbers(plan):
        ours, others, strange = codes.units(field, look)
        if ours:
            lines[field.name] = f"{field.name} = {quoted(ours)}"
        for other in others:
            cells = f"{look.units[other]} cells have {other!r}, and count as missing"
            lines[f"{field.name} {other}"] = f"# ? {field.name}: {cells}"
        if strange:
            cells = f"{strange} cells have other text behind the number, and count as missing"
            lines[f"{field.name} ?"] = f"# ? {field.name}: {cells}"
    return section("units", list(lines.values()))
