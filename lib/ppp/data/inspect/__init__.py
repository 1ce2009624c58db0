"""`inspect`: say what an unknown source holds, and write a first ``study.toml`` beside it."""

from itertools import count
from pathlib import Path

from ppp.catalogue import dictionary, vocabulary
from ppp.catalogue.identifiers import blot
from ppp.data import terms, words
from ppp.data.inspect import cells, draft, roles, sheets
from ppp.data.inspect.cells import Look
from ppp.data.inspect.roles import Role
from ppp.data.inspect.sheets import Column
from ppp.data.values import parted

SHOWN = 8  # codes of one column
LARGE = 1000  # numbers of no known field above it may be of persons, telephones for instance


def inspect(path: Path, folder: Path | None = None) -> tuple[str, Path]:
    """Return a description of the source without any person in it, and the draft written.

    The draft goes beside the source, or with a copy of the source into a new `folder`, and with it
    ``terms.csv``, the names of free text; neither takes the place of a file. Raises SourceError
    where the source cannot be read.
    """
    source = sheets.locate(path)
    plan = roles.plan(sheets.read(source))
    home = source if source.is_dir() else source.parent
    if folder is not None:
        home = _moved(source, folder)
    text = "\n\n".join(_sheet(role) for role in plan)
    named = _terms(plan)
    if named and not (home / terms.FILE).exists():
        terms.write(home / terms.FILE, named)
    return text, _written(draft.text(source, plan, home), home)


def _terms(plan: list[Role]) -> list[dict]:
    """Draft a line for each entry of free text, those that wait for a name first."""
    lines = []
    for path, field, look in roles.used(plan):
        if path.startswith("columns.") and field.kind in terms.GATED and not field.identifier:
            signs = f";{''.join(cells.separators(look))}" if field.kind == "list" else ""
            signs = signs or (cells.separators(look)[0] if field.name == "term" else "")
            entries = [part for text in look.levels for part in parted(text, signs) or [text]]
            told = [entry for entry in dict.fromkeys(entries) if entry not in look.gaps]
            told = [one for one in told if not words.means_none(one, alone=True)]
            lines += terms.numbered(
                terms.drafted(one, field.name, vocabulary.name(one, field.name)) for one in told
            )
    return lines


def _moved(source: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for file in source.glob("*.[cC][sS][vV]") if source.is_dir() else [source]:
        if not (folder / file.name).exists():
            (folder / file.name).write_bytes(file.read_bytes())
    return folder


def _written(text: str, home: Path) -> Path:
    names = (f"study.draft{n if n > 1 else ''}.toml" for n in count(1))
    name = "study.toml"
    while (home / name).exists():
        name = next(names)
    (home / name).write_text(text, encoding="utf-8")
    return home / name


def _sheet(role: Role) -> str:
    sheet, week = role.sheet, role.week
    rows = f"row {sheet.header_row}" + (f" and {sheet.header_row + 1}" * (sheet.header_rows > 1))
    feeds = ", ".join(role.tables) or "nothing"
    feeds += f" of week {week}" if week is not None and "visits" in role.tables else ""
    lines = [f"{blot(sheet.name)}: headings in {rows}, {sheet.rows} rows below; feeds {feeds}"]
    cells = [("", "Heading", "Cells", "Field (why)")]
    cells += [_column(role, column) for column in sheet.columns]
    widths = [min(28, max(len(cell[n]) for cell in cells)) for n in range(3)]
    for cell in cells:
        ahead = "  ".join(part.ljust(width) for part, width in zip(cell, widths, strict=False))
        lines.append(f"  {ahead}  {cell[3]}".rstrip())
    return "\n".join(lines)


def _column(role: Role, column: Column) -> tuple:
    if column.letter in role.persons:
        kind, sure = role.persons[column.letter]
        return (
            column.letter,
            column.heading,
            "not shown",
            f"{kind}{'' if sure else '?'}: never read",
        )
    fed = _fed(role, column) or ["remarks: never read" if sheets.is_remark(column) else "?"]
    return column.letter, blot(column.heading), _said(role, column), "; ".join(fed)


def _fed(role: Role, column: Column) -> list[str]:
    said = [
        f"{name}{'' if guess.sure else '?'} ({guess.reason})"
        for named in role.fields.values()
        for name, guess in named.items()
        if guess.column is column
    ]
    for held, why in ((role.wide, "visits side by side"), (role.own, "a number at visits")):
        for name, weeks in held.items():
            said += [f"{name} week {n} ({why})" for n, (one, _) in weeks.items() if one is column]
    return list(dict.fromkeys(said))


def _said(role: Role, column: Column) -> str:
    """Say what the cells are: numbers by their range, known codes, everything else masked."""
    look = role.looks[column.letter]
    guesses = [g for named in role.fields.values() for g in named.values() if g.column is column]
    if look.kind == "empty":
        return "empty"
    if any(guess.name == "patient_id" for guess in guesses):
        return f"{look.filled} ids as {look.shape}"
    if look.kind == "date":
        return f"{look.filled} dates" + (f", {look.dated} as text" if look.dated else "")
    if look.kind == "number":
        used = any(guess.sure for guess in guesses) or bool(_fed(role, column))
        if look.low is None or (not used and look.high >= LARGE):
            return f"{look.filled} numbers as {look.shape}"
        odd = _odd(look) if used else ""
        return f"{look.filled} numbers {look.low:g} to {look.high:g}{odd}"
    shown = _codes(look, guesses)
    return shown or f"{look.filled} texts, {len(look.levels)} different"


def _odd(look: Look) -> str:
    told = [f"{n} with {mark!r}" for mark, n in look.marks.items() if mark == ","]
    told += [f"{n} with {unit!r}" for unit, n in look.units.items() if cells.is_unit(unit)]
    told += [f"{look.levels[gap]} {gap!r}" for gap in look.gaps]
    return "".join(f"; {one}" for one in told)


def _codes(look: Look, guesses: list) -> str:
    known = set()
    for guess in guesses:
        field = dictionary.fields(guess.table)[guess.name]
        asked = {text for pairs in cells.meant(field, look) for text in pairs}
        known |= {t for t in look.levels if t in asked or dictionary.fold(t) in field.aliases}
    shown = [f"{text} ({look.levels[text]})" for text in list(look.levels)[:SHOWN] if text in known]
    rest = len(look.levels) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if shown and rest else "")
