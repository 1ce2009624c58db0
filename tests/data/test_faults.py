"""Each kind of fault in a good workbook: what is kept, queried, set aside or refused, and its cure.

Random cells in random places never crash, and move no number in silence.
"""

import re
from datetime import date
from datetime import datetime as day
from itertools import count

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.cell import coordinate_from_string, get_column_letter

from ppp.data.cleaning import clean
from ppp.data.rows import QUARANTINE, REMEDIES
from ppp.data.values import tidy
from ppp.errors import StopRun
from ppp.study import Study

from .faults import FAULTS, GOOD

TODAY = date(2023, 12, 1)
KEYS = {"patients": (), "visits": ("week",), "adverse_events": ("term",), "labs": ("week", "test")}


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Clean the good workbook with some edits: the cohort, and how many cells were filled."""
    folders = count()

    def of(edits, toml=""):
        folder = tmp_path_factory.mktemp(f"fault{next(folders)}_")
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in GOOD.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        for place, value in edits.items():
            sheet, cell = place.split("!")
            book[sheet][cell] = value
        book.save(folder / "c.xlsx")
        own, more = ("", toml) if "[source]" not in toml else (toml.replace("[source]", ""), "")
        text = f'[study]\nid = "x"\n[source]\nfile = "c.xlsx"\n{own}\n{more}'
        (folder / "study.toml").write_text(text, encoding="utf-8")
        cleaned = clean(Study.load(folder, folder / "out"), TODAY)
        return cleaned, filled(book)

    return of


def filled(book):
    cells = [cell for sheet in book for row in sheet.iter_rows(min_row=2) for cell in row]
    return sum(cell.value is not None for cell in cells)


@pytest.fixture(scope="module")
def good(read):
    return values(read({})[0])


def values(cleaned):
    """Every value that is not missing, by table, raw id and what tells its row, and field."""
    found = {}
    ids = cleaned.id_key.set_index("study_id")["patient_id"]
    for table, own in KEYS.items():
        for line in getattr(cleaned, table).to_dict("records"):
            key = (ids[line["study_id"]], *(line[name] for name in own))
            said = {n: v for n, v in line.items() if n not in ("study_id", *own) and pd.notna(v)}
            found |= {(table, key, name): value for name, value in said.items()}
    return found


def keys(place):
    """What a cell, or a row as ``3:3``, of the good workbook holds."""
    sheet, cell = place.split("!")
    row = int(re.sub(r":.*|[A-Z]", "", cell) or 1)
    if not 1 < row <= len(GOOD[sheet]):
        return set()
    line = dict(zip(GOOD[sheet][0], GOOD[sheet][row - 1], strict=True))
    key = (line["patient_id"], *(line[name] for name in KEYS[sheet]))
    fields = GOOD[sheet][0]
    if ":" not in cell:
        at = [get_column_letter(n) for n, _ in enumerate(fields, 1)]
        column = coordinate_from_string(cell)[0]
        if column not in at:
            return set()
        name = fields[at.index(column)]
        fields = fields if name in ("patient_id", "unit", *KEYS[sheet]) else [name]
    derived = {"start_date": ["start_earliest", "start_latest"], "term": ["interest"]}
    fields = [*fields, *(one for name in fields for one in derived.get(name, ()))]
    return {(sheet, key, name) for name in fields}


def differing(one, other):
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def fates(cleaned):
    """What became missing or was set aside, and all notices, by place."""
    table = cleaned.queries.assign(place=cleaned.queries["sheet"] + "!" + cleaned.queries["cell"])
    away = cleaned.quarantine
    rows = away["row"].astype(str)
    lost = dict(zip(away["sheet"] + "!" + rows + ":" + rows, away["rule"], strict=True))
    missing = table[table["action"] == "missing"]
    lost |= dict(zip(missing["place"], missing["rule"], strict=True))
    return lost, set(zip(table["place"], table["rule"], strict=True))


def adds_up(cleaned, filled):
    counts = cleaned.ledger.pivot_table("count", ["table", "kind"], "level")
    parts = counts[["accepted", "queried", "quarantined", "unused"]].sum(axis=1)
    assert (counts["read"] == parts).all()
    assert counts.xs("cells", level="kind")["read"].sum() == filled


def test_the_good_workbook_is_good(read, good):
    cleaned, cells = read({})
    adds_up(cleaned, cells)
    assert fates(cleaned)[0] == {}
    assert good["labs", ("P2", 0, "Leukocytes"), "value"] == 7.85
    assert len(good) == 30 + 2 * 18 + (4 + 4 + 2 + 2 * 4 + 4) + 5 * 4


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_where_it_is_and_its_remedy_cures_it(read, good, name):
    fault = FAULTS[name]
    if fault.stop:
        with pytest.raises(StopRun) as stopped:
            read(fault.edits, fault.toml)
        remedy = str(stopped.value)
        assert fault.stop in remedy
    else:
        remedy = _told(read, good, fault)
    assert fault.said in remedy
    if not fault.cure:
        return  # the edits taken back are the good workbook
    cured = read(fault.edits, fault.toml + fault.cure)[0]
    assert fates(cured)[0] == {}
    here = set().union(set(), *map(keys, fault.differs))
    more = {key for key in values(cured) if key[2] in ("centre",)}
    assert differing(values(cured), good) - more <= here


def _told(read, good, fault):
    cleaned, cells = read(fault.edits)
    adds_up(cleaned, cells)
    lost, told = fates(cleaned)
    (rule,) = set(fault.fate.values())
    becomes_less = rule in QUARANTINE or any(place in lost for place in fault.fate)
    assert lost == (fault.fate if becomes_less else {})
    assert becomes_less or set(fault.fate.items()) <= told
    here = set().union(*map(keys, [*fault.edits, *fault.fate]))
    added = {key for key in values(cleaned) if key[1][0] == "p01"}
    assert differing(values(cleaned), good) - added <= here
    return REMEDIES[rule]


NUMBERS = [0, 1, 2.5, 999, -1, "3", " 4", "５", "1,5", "<5", "7.850", "45%", "12"]
WORDS = [
    "x",
    "#REF!",
    "=1+1",
    "n/a",
    "  ",
    "Week 12",
    "yes",
    "无",
    "acne",
    "ALT",
    "\u200b",
    "é" * 300,
]
IDS = ["P1", "p 1", "P01", "P2", "Total", "N"]
OTHERS = [None, True, day(2022, 3, 1), day(2099, 1, 1), "01.07.2022", "2022-07-01 12:00"]
PLACES = [
    f"{s}!{c}{r}" for s, rows in GOOD.items() for r in range(2, len(rows) + 3) for c in "ABCDEFGH"
]
EDITS = st.dictionaries(
    st.sampled_from(PLACES),
    st.sampled_from([*NUMBERS, *WORDS, *IDS, *OTHERS]),
    min_size=1,
    max_size=4,
)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(edits=EDITS)
def test_random_cells_never_crash_and_never_move_a_number_in_silence(read, good, edits):
    try:
        cleaned, cells = read(edits)
    except StopRun:
        return
    adds_up(cleaned, cells)
    lost, made = fates(cleaned)[0], values(cleaned)
    touched = set().union(*map(keys, edits))
    into = {key[0] for key in touched}, {key[1][0] for key in touched}
    into = (
        into[0] | {place.split("!")[0] for place in edits},
        into[1] | set(map(tidy, edits.values())),
    )
    moved = {
        key
        for key in differing(made, good) - touched
        if key in made and not (key[0] in into[0] and key[1][0] in into[1])
    }
    rows = {key[:2] for key in good}
    assert not {key for key in moved if key[:2] in rows or key[0] not in into[0]}
    for table in {key[0] for key in good.keys() - made.keys() - touched}:
        assert any(place.startswith((table, "patients")) for place in lost)
