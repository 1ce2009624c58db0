"""The sections of ``study.toml`` whose keys are names: columns, codes, wide, units and so on."""

import difflib
from dataclasses import replace

from ppp.catalogue import dictionary, lab_tests
from ppp.catalogue.dictionary import OTHER
from ppp.errors import StudyError, hint
from ppp.study import sections
from ppp.study.sections import checked, each, require, text

EXTRA = {"visits": sections.Extra, "patients": sections.Trait}


def columns(raw: dict) -> dict:
    """Check ``[columns.*]``: table → canonical name → heading."""
    made = {}
    for name, headings in _tables(raw, "columns", dictionary.TABLES):
        made[name] = checked(each(text), headings, f"[columns.{name}]")
        _check_fields(made[name], "columns", name)
    return made


def _tables(raw: dict, section: str, tables):
    if not isinstance(raw, dict):
        raise StudyError(f"[{section}] must hold tables, as in [{section}.{tables[0]}]")
    for name, held in raw.items():
        require(name, tables, f"[{section}.{name}] is no table")
        yield name, held


def _check_fields(names, section: str, table: str):
    for name in names:
        require(name, dictionary.fields(table), f"[{section}.{table}] has no field {name!r}")


def wide(raw: dict) -> dict:
    """Check ``[wide.visits]``: ``labels`` (label → week) and field → heading with ``{label}``.

    A heading of its own for each visit goes by label or by week.
    """
    made = {}
    for name, keys in _tables(raw, "wide", ("visits",)):
        here = f"[wide.{name}]"
        if not isinstance(keys, dict) or not keys.get("labels"):
            raise StudyError(f'{here} needs labels, as in labels = {{ "Week 12" = 12 }}')
        labels = checked(each(sections.whole), keys["labels"], f"{here} labels")
        if len(set(labels.values())) < len(labels):
            raise StudyError(f"{here} labels: two labels stand for one week")
        templates = {key: value for key, value in keys.items() if key != "labels"}
        _check_fields(templates, "wide", name)
        templates = checked(each(sections.one_or_each(text)), templates, here)
        for field, template in templates.items():
            _check_template(template, labels, f"{here} {field}")
        made[name] = {"labels": labels} | templates
    return made


def _check_template(template, labels: dict, where: str):
    if isinstance(template, str) and "{label}" not in template:
        raise StudyError(f'{where}: the heading must hold {{label}}, as in "PPPASI {{label}}"')
    for label in template if isinstance(template, dict) else ():
        known = [*labels, *map(str, labels.values())]
        require(label, known, f"{where}: {label!r} is neither a label nor a week")


def extras(raw: dict) -> dict:
    """Check ``[extra.*]``: table → name → `Extra` of visits, `Trait` of patients."""
    made = {}
    for table, names in _tables(raw, "extra", tuple(EXTRA)):
        here = f"[extra.{table}]"
        checked(each(sections.table), names, here)
        for name in names:
            if not name.isidentifier() or name != name.lower():
                raise StudyError(f"{here} {name!r}: a name may hold a-z, 0-9 and _ only")
            if dictionary.find(name) or any(name in other for other in made.values()):
                raise StudyError(f"{here} {name!r} is a field already; choose another name")
        made[table] = {
            name: _named(sections.section(EXTRA[table], keys, f"{here} {name}"), name)
            for name, keys in names.items()
        }
    return made


def _named(extra: sections.Trait, name: str) -> sections.Trait:
    return replace(extra, label=extra.label or name.replace("_", " "), kind=_kind(extra))


def _kind(extra: sections.Trait) -> str:
    if extra.codes:
        return "number" if all(map(_is_number, extra.codes.values())) else "choice"
    counted = extra.unit or extra.min is not None or extra.max is not None
    return "number" if counted or isinstance(extra, sections.Extra) else "text"


def _is_number(value: str) -> bool:
    return value.replace(".", "", 1).removeprefix("-").isdigit()


def codes(raw: dict, extra: dict) -> dict:
    """Check ``[codes.*]``: field → raw value → canonical value.

    Where the dictionary has the choice ``other``, a code may give a name of its own.
    """
    known = {name for table in dictionary.TABLES for name in dictionary.fields(table)}
    known |= {name for table in extra.values() for name in table}
    made = {}
    for name, pairs in checked(each(sections.table), raw, "[codes]").items():
        require(name, known, f"[codes.{name}]: there is no field {name!r}")
        made[name] = checked(each(sections.word), pairs, f"[codes.{name}]")
        field = dictionary.find(name)
        choices = (field and field.choices) or {}
        for value in made[name].values() if choices else ():
            near = hint(value, choices, listed=OTHER not in choices)
            if value not in choices and near:
                raise StudyError(f"[codes.{name}] {value!r}{near}")
    return made


def separators(raw: dict) -> dict:
    """Check ``[separators]``: field of several entries a cell → the signs between them."""
    known = [*(n for n, field in dictionary.fields("patients").items() if field.kind == "list")]
    for name in checked(each(text), raw, "[separators]"):
        require(name, [*known, "term"], f"[separators]: {name!r} is no field of several entries")
        if not raw[name].strip() or any(sign.isalnum() for sign in raw[name]):
            raise StudyError(
                f'[separators] {name}: it must be the signs between entries, as in ",;/", '
                f"not {raw[name]!r}"
            )
    return dict(raw)


def units(raw: dict, extra: dict) -> dict:
    """Check ``[units]``: the unit of a laboratory test where no cell says so, or of a field.

    Tests go by their canonical name; a field's unit is what stands in its cells behind the number.
    """
    made, known = {}, lab_tests.known()
    for name, unit in checked(each(text), raw, "[units]").items():
        if name in _numbers(extra):
            made[name] = unit
            continue
        test = lab_tests.canonical(name)
        if not test:
            raise StudyError(
                f"[units]: {name!r} is no test of data/lab_tests.csv{_near(name)} and no field "
                "of numbers"
            )
        if test in made:
            raise StudyError(f"[units]: {test} is there twice, once as {name!r}; keep one")
        if known[test].factor(unit) is None:
            spelt = hint(unit, known[test].factors)
            raise StudyError(f"[units] {name}: {unit!r} is no unit of {test}{spelt}")
        made[test] = unit
    return made


def _numbers(extra: dict) -> set[str]:
    tables = [*map(dictionary.fields, dictionary.TABLES), *extra.values()]
    fields = {name: field.kind for table in tables for name, field in table.items()}
    return {name for name, kind in fields.items() if kind in ("number", "integer")} - {"week"}


def _near(name: str) -> str:
    known = lab_tests.known().values()
    words = {word.casefold(): test.name for test in known for word in (test.name, *test.synonyms)}
    near = difflib.get_close_matches(name.casefold(), words, n=1)
    return f" (did you mean {words[near[0]]!r}?)" if near else hint("", lab_tests.known())
