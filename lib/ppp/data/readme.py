"""``data/README.md``, from ``readme.md``, the dictionary and the rules: run this module."""

from pathlib import Path
from string import Template

from ppp.catalogue.dictionary import IDENTITY, PATH, TABLES, Field, fields
from ppp.catalogue.lab_tests import LabTest, known
from ppp.data.rows import KEPT, MISSING, QUARANTINE, REMEDIES

ASKED = ("analysis", "better", "step", "targets", "mcid", "bands", "source")
HEADS = {"mcid": "Smallest important change"}
BECOMES = {
    "the cell is missing": MISSING,
    "kept, with a warning": KEPT,
    "the row is set aside": QUARANTINE,
}


def readme() -> str:
    """Write ``data/README.md``: the prose of ``readme.md`` and its tables, as Markdown."""
    outcomes = [field for field in fields("visits").values() if "analysis" in field.outcome]
    asked = ["Field", *(HEADS.get(name, name.capitalize()) for name in ASKED)]
    units = ["Test", "Unit", "Plausible", "Other units (a value in it × the factor)", "Other names"]
    persons = [f"- **{k.label}**: {', '.join(k.synonyms)}" for k in fields(IDENTITY).values()]
    fates = [(rule, said, fate) for fate, rules in BECOMES.items() for rule, said in rules.items()]
    rules = _table(
        ["Rule", "What it means", "What becomes of it", "What to do"],
        ([f"`{rule}`", said, fate, REMEDIES[rule]] for rule, said, fate in fates),
    )
    return Template(Path(__file__).with_suffix(".md").read_text("utf-8")).substitute(
        fields="\n".join(map(_section, TABLES)).rstrip("\n"),
        outcomes=_table(asked, map(_outcome, outcomes)),
        tests=_table(units, map(_test, known().values())),
        identity="\n".join(persons),
        rules=rules.replace("<field>", "*field*").replace("<table>", "*table*"),
    )


def _table(head: list[str], rows) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in [head, *rows]]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])


def _section(table: str) -> str:
    head = ["Field", "Meaning", "Type", "Allowed", "Unit", "Other headings", "Note"]
    return f"## `{table}`\n\n{_table(head, map(_field, fields(table).values()))}\n"


def _field(field: Field) -> list[str]:
    name = f"`{field.name}`" + (" (required)" if field.required else "")
    others = ", ".join(field.synonyms[1:])
    cells = [name, field.label, field.kind, _allowed(field), field.unit, others, field.note]
    return [cell.replace("|", "/") for cell in cells]


def _allowed(field: Field) -> str:
    if field.choices:
        return ", ".join(field.choices)
    if field.low is None or isinstance(field.low, str):
        return ""
    return f"{field.low:g} to {field.high:g}"


def _outcome(field: Field) -> list[str]:
    cells = [f"`{field.name}`", *(field.outcome.get(name, "") for name in ASKED)]
    return [cell.replace("|", ";") for cell in cells]


def _test(test: LabTest) -> list[str]:
    others = [f"{unit} × {factor:g}" for unit, factor in test.factors.items() if unit != test.unit]
    plausible = f"{test.low:g} to {test.high:g}"
    return [test.name, test.unit, plausible, ", ".join(others), ", ".join(test.synonyms)]


if __name__ == "__main__":
    PATH.with_name("README.md").write_text(readme(), "utf-8")
