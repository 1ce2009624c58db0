"""The catalogue of words: every template can be filled, and names what analyses really make."""

import re
import tomllib

import pandas as pd
import pytest

from ppp import results
from ppp.estimators.estimate import Estimate
from ppp.report.write import PART, SLOT, WRITERS, catalogue, fill
from ppp.study import ROOT

FILES = sorted((ROOT / "lib/ppp").rglob("words.toml"))
PACKAGES = [f"ppp.{file.parent.name}" for file in FILES]


def leaves(entry, place=""):
    """Every text of a catalogue with its dotted name; `rows`, `line` and the like are no texts."""
    if isinstance(entry, str):
        yield place, entry
    elif isinstance(entry, dict):
        for name, part in entry.items():
            if name not in ("rows", "line", "glossary", "by", "terms"):
                yield from leaves(part, f"{place}.{name}".lstrip("."))
    elif isinstance(entry, list):
        for number, part in enumerate(entry):
            yield from leaves(part, f"{place}[{number}]")


TEXTS = [(package, *leaf) for package in PACKAGES for leaf in leaves(catalogue(package))]
TEMPLATES = [text for text in TEXTS if SLOT.search(text[2])]


def slots(template):
    for slot in SLOT.findall(template):
        for part in slot.split("|"):
            yield PART.fullmatch(part), part


@pytest.mark.parametrize("package", PACKAGES)
def test_every_template_can_be_filled(package):
    value = Estimate(-0.5, -0.7, -0.3, 0.95, n=28, p_value=0.03, note="a reason")
    row = pd.Series(results.row("any", "any", "any", value, events=14, week=12, level="3"))
    for _, place, template in (text for text in TEMPLATES if text[0] == package):
        names = {slot["name"]: row if slot["how"] else "words" for slot, _ in slots(template)}
        said = fill(template, names | {"row": row})
        assert not re.search(r"[{}]|nan|None", said), f"{place}: {said}"


@pytest.mark.parametrize("package", PACKAGES)
def test_every_slot_has_a_writer_and_every_brace_is_a_slot(package):
    for _, place, template in (text for text in TEXTS if text[0] == package):
        assert not re.search(r"[{}]", SLOT.sub("", template)), f"{place}: {template}"
        for slot, part in slots(template):
            assert slot, f"{place}: {part}"
            assert slot["how"] is None or slot["how"] in WRITERS, f"{place}: {part}"


def test_no_template_names_a_statistic_that_no_analysis_makes(rows_of_all):
    made = set(rows_of_all["statistic"])
    for package, place, template in TEMPLATES:
        code = "".join(path.read_text("utf-8") for path in sources(package))
        for slot, part in slots(template):
            given = re.search(rf"\b{slot['name']}=|\"{slot['name']}\"", code)
            known = slot["how"] is None or slot["name"] in {"row", *made} or given
            assert known, f"{package}, {place}: {part}"


def sources(package):
    """The modules that give rows to the templates of a package by name."""
    return (ROOT / "lib" / package.replace(".", "/")).rglob("*.py")


def test_every_format_is_of_a_statistic_that_is_made(rows_of_all):
    lists = tomllib.loads((ROOT / "lib/ppp/report/statistics.toml").read_text("utf-8"))
    listed = {name for part in lists.values() for name in part["statistics"]}
    assert listed <= set(rows_of_all["statistic"])


def test_no_sentence_stands_in_two_catalogues():
    long = [(text, f"{package}: {place}") for package, place, text in TEXTS if len(text) > 60]
    places = {}
    for text, place in long:
        places.setdefault(text, []).append(place)
    assert not {text: where for text, where in places.items() if len(where) > 1}
