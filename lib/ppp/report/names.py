"""Words a reader sees for the codes that results rows carry."""

import re
from functools import partial
from unicodedata import bidirectional, combining, east_asian_width

from ppp.catalogue.outcomes import outcomes, targets
from ppp.report import text
from ppp.report.write import catalogue, fill

TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
RIGHT_TO_LEFT = ("R", "AL", "AN")
UNNAMED = "(no name)"
ISOLATES = dict.fromkeys(map(ord, "\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}"))


def outcome(study, code: str) -> str:
    """Name an outcome: a field by the study's label, a responder by its scale and threshold."""
    if code == "none":
        return _words("none")
    target = targets(study).get(code)
    if target is None:
        return study.label(code)
    of = outcomes(study)[target.outcome]
    first = target.rule == "reach" and of.step == target.value == 1 and of.low == 0
    sign = "≤" if of.better == "lower" else "≥"
    entry = "first_grades" if first else target.rule
    return _words(entry, label=of.label, value=f"{target.value:g}", sign=sign)


def _words(entry: str, **values) -> str:
    return fill(catalogue("ppp.report")["names"][entry], values)


def inside(study, code: str) -> str:
    """Name an outcome inside a sentence, where there may be none: "the primary score"."""
    return _words("inside_none") if code == "none" else outcome(study, code)


def filtered(study) -> str:
    """Say whom ``study.toml`` analyses, and what a run changes of the plan; else nothing."""
    query = study.filter.patients.strip()
    facts = [_words("filter", query=query)] if query else []
    if study.changed:
        said = (_changed(study, name, *both) for name, both in study.changed.items())
        facts.append(_words("changed", changes=", ".join(said)))
    return "; ".join(facts)


def _changed(study, name: str, plan, now) -> str:
    write = {"patients": str, "group": partial(group, study)}.get(name, "{:g}".format)
    return _words(f"changed_{name}", plan=write(plan), now=write(now))


def with_unit(study, field: str) -> str:
    """Name a field with its unit, as an axis or a row header does: "Age, years"."""
    label, unit = study.label(field), study.unit(field)
    return f"{label}, {unit}" if unit and unit.lower() not in label.lower() else label


def lower(label: str) -> str:
    """Write a label within a sentence: without its capital, unless that is part of a name.

    >>> lower("Pain VAS"), lower("SAPHO syndrome"), lower("C-reactive protein")
    ('pain VAS', 'SAPHO syndrome', 'C-reactive protein')
    """
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def level(code: str) -> str:
    """Name a level of a field: "female" becomes "Female"."""
    return str(code)[:1].upper() + str(code)[1:].replace("_", " ")


def term(words, most: int = 80) -> str:
    r"""Show text of the data on one line: cut, and right-to-left script kept to itself.

    Its own marks of direction are dropped, so that it cannot turn the text around it.

    >>> term("acne\n vulgaris"), term("abcdef", 4)
    ('acne vulgaris', 'abc…')
    """
    line = text.short(" ".join(text.plain(TURNS.sub("", str(words))).split()), most)
    turned = any(bidirectional(c) in RIGHT_TO_LEFT for c in line)
    return f"\N{FIRST STRONG ISOLATE}{line}\N{POP DIRECTIONAL ISOLATE}" if turned else line


def group(study, code: str) -> str:
    """Name a group of patients: "all patients", "with SAPHO", "without SAPHO", "Sex: female"."""
    if "=" not in code:
        return _words("all")
    column, value = code.split("=", 1)
    entry = {"yes": "with", "no": "without"}.get(value, "value")
    label = study.label(column)
    return _words(entry, label=label if entry == "value" else lower(label), value=value)


def alone(study, code: str) -> str:
    """Say that a group is one patient, so that groups are not compared."""
    kind = "alone" if code.endswith(("=yes", "=no")) else "alone_in"
    return _words(kind, group=group(study, code))


def pair(study, contrast: str) -> tuple[str, str]:
    """Name the two groups of a contrast (``column=a-b``), minuend first.

    The study's own value is the minuend, so values that contain a hyphen are split rightly.
    """
    column, values = contrast.split("=", 1)
    first = str(study.subgroup.value)
    if column != study.subgroup.column or not values.startswith(first + "-"):
        first = values.split("-", 1)[0]
    second = values[len(first) + 1 :]
    return group(study, f"{column}={first}"), group(study, f"{column}={second}")


def groups(rows, study) -> list[str]:
    """List the codes of the study's subgroups that occur in results rows, its own value first."""
    column, value = study.subgroup.column, str(study.subgroup.value)
    own = f"{column}={value}"
    codes = [g for g in rows["group"].unique() if g.startswith(f"{column}=")]
    found = [g for g in codes if not g.startswith(f"{own}-")]
    return sorted(found, key=lambda g: (g != own, g))


def key(stem: str, outcome: str | None) -> str:
    """Name a table or figure: the stem for the primary endpoint, with the outcome for another.

    >>> key("waterfall", None), key("waterfall", "crp_mg_l")
    ('waterfall', 'waterfall-crp-mg-l')
    """
    return stem if outcome is None else f"{stem}-{outcome.replace('_', '-')}"


def fit(value, most: int = 44) -> str:
    r"""Cut text from the data to the room of so many Latin letters.

    A Chinese character or an emoji takes the room of two. Line breaks become spaces; control
    characters and marks of direction are dropped.

    >>> fit("acne\n vulgaris"), fit("abcdef", 4), fit("痤疮痤疮", 5)
    ('acne vulgaris', 'abc…', '痤疮…')
    """
    line = term(value, 4 * most).translate(ISOLATES)
    if sum(map(_room, line)) <= most:
        return line or UNNAMED
    kept, left = "", most - 1
    for character in line:
        left -= _room(character)
        if left < 0:
            break
        kept += character
    return kept.rstrip() + "…"


def _room(character: str) -> int:
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "FW" else 1
