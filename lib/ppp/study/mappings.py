"""The sections of ``study.toml`` whose keys are names: columns, codes, wide, extra, units."""

import difflib
from dataclasses import replace

from ppp.catalogue import dictionary, lab_tests
from ppp.catalogue.dictionary import OTHER
from ppp.errors import StudyError
from ppp.study import settings
from ppp.study.settings import Extra, hint, mapping


def columns(raw: dict) -> dict:
    """Check ``[columns.*]``: table → canonical name → heading."""
    return {
        table: _names(mapping(settings.text, names, f"[columns.{table}]"), "columns", table)
        for table, names in _known_tables(raw, "columns", dictionary.TABLES)
    }


def _known_tables(raw: dict, section: str, tables):
    if not isinstance(raw, dict):
        raise StudyError(f"[{section}] must hold tables, as in [{section}.{tables[0]}]")
    for table, names in raw.items():
        if table not in tables:
            raise StudyError(f"[{section}.{table}] is no table{hint(table, tables)}")
        yield table, names


def _names(mapped: dict, section: str, table: str) -> dict:
    known = list(dictionary.fields(table))
    for name in mapped:
        if name not in known:
            raise StudyError(f"[{section}.{table}] has no field {name!r}{hint(name, known)}")
    return mapped


def wide(raw: dict) -> dict:
    """Check ``[wide.visits]``: ``labels`` (label → week) and field → heading with ``{label}``."""
    made = {}
    for table, names in _known_tables(raw, "wide", ("visits",)):
        here = f"[wide.{table}]"
        if not isinstance(names, dict) or not names.get("labels"):
            raise StudyError(f'{here} needs labels, as in labels = {{ "Week 12" = 12 }}')
        labels = mapping(settings.whole, names["labels"], f"{here} labels")
        if len(set(labels.values())) < len(labels):
            raise StudyError(f"{here} labels: two labels stand for one week")
        rest = {name: value for name, value in names.items() if name != "labels"}
        _names(rest, "wide", table)
        templates = mapping(settings.template, rest, here)
        for name, template in templates.items():
            _check_template(template, labels, f"{here} {name}")
        made[table] = {"labels": labels} | templates
    return made


def _check_template(template, labels: dict, where: str):
    if isinstance(template, str) and "{label}" not in template:
        raise StudyError(f'{where}: the heading must hold {{label}}, as in "PPPASI {{label}}"')
    for label in template if isinstance(template, dict) else ():
        if label not in labels:
            raise StudyError(f"{where}: {label!r} is no label{hint(label, labels)}")


def extras(raw: dict) -> dict:
    """Check ``[extra.*]``: table → name → `Extra`."""
    extras = {}
    for table, names in _known_tables(raw, "extra", ("visits", "patients")):
        made = mapping(settings.table, names, f"[extra.{table}]")
        for name in made:
            if not name.isidentifier() or name != name.lower():
                raise StudyError(f"[extra.{table}] {name!r}: a name may hold a-z, 0-9 and _ only")
            if dictionary.find(name) or any(name in other for other in extras.values()):
                raise StudyError(
                    f"[extra.{table}] {name!r} is a field already; choose another name"
                )
        extras[table] = {name: _one_extra(keys, table, name) for name, keys in made.items()}
    return extras


def _one_extra(keys: dict, table: str, name: str) -> Extra:
    extra = settings.section(Extra, keys, f"[extra.{table}] {name}")
    return replace(extra, label=extra.label or name.replace("_", " "), kind=_kind(extra, table))


def _kind(extra: Extra, table: str) -> str:
    if extra.codes:
        return "number" if all(map(_is_number, extra.codes.values())) else "choice"
    counted = extra.unit or extra.min is not None or extra.max is not None
    return "number" if counted or table == "visits" else "text"


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).removeprefix("-").isdigit()


def codes(raw: dict, extra: dict) -> dict:
    """Check ``[codes.*]``: field → raw value → canonical value.

    Where the dictionary has the choice ``other``, a code may give a name of its own.
    """
    known = {name for table in dictionary.TABLES for name in dictionary.fields(table)}
    known |= {name for table in extra.values() for name in table}
    made = {}
    for name, pairs in mapping(settings.table, raw, "[codes]").items():
        if name not in known:
            raise StudyError(f"[codes.{name}]: there is no field {name!r}{hint(name, known)}")
        made[name] = mapping(settings.word, pairs, f"[codes.{name}]")
        field = dictionary.find(name)
        for value in made[name].values() if field and field.choices else ():
            _check_choice(value, field.choices, f"[codes.{name}]")
    return made


def _check_choice(value: str, choices: dict, where: str):
    near = hint(value, choices, listed=OTHER not in choices)
    if value not in choices and near:
        raise StudyError(f"{where} {value!r}{near}")


def units(raw: dict) -> dict:
    """Check ``[units]``: canonical laboratory test → the unit it is in where no cell says so."""
    made, known = {}, lab_tests.known()
    for name, unit in mapping(settings.text, raw, "[units]").items():
        test = lab_tests.canonical(name)
        if not test:
            raise StudyError(f"[units]: {name!r} is no test of data/lab_tests.csv{_near(name)}")
        if test in made:
            raise StudyError(f"[units]: {test} is there twice, once as {name!r}; keep one")
        if known[test].factor(unit) is None:
            spelt = hint(unit, known[test].factors)
            raise StudyError(f"[units] {name}: {unit!r} is no unit of {test}{spelt}")
        made[test] = unit
    return made


def _near(name: str) -> str:
    known = lab_tests.known()
    words = {
        word.casefold(): test.name
        for test in known.values()
        for word in (test.name, *test.synonyms)
    }
    near = difflib.get_close_matches(name.casefold(), words, n=1)
    return f" (did you mean {words[near[0]]!r}?)" if near else f"; known here: {', '.join(known)}"
