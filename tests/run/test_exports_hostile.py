"""Text of the data that would do harm, through the real pipeline: it is text in every export."""

import base64
import csv
import io
import json
import shutil
import xml.etree.ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from docx import Document

from ppp.study import ROOT

pytestmark = pytest.mark.slow
SCRIPT, FORMULA = "<script>alert(1)</script>", '=HYPERLINK("http://x")'
LONG, SMILE, ARABIC, NUL = "long " + "x" * 9_995, "rash 😀", "طفح جلدي", "nul\x00l"
TERMS = [SCRIPT, FORMULA, LONG, SMILE, ARABIC, NUL]
SHOWN = [*TERMS[:-1], "null"]


@pytest.fixture(scope="module")
def exports(run_cohort, tmp_path_factory):
    cohort = tmp_path_factory.mktemp("hostile") / "cohort"
    shutil.copytree(ROOT / "tests/cohorts/gaps", cohort)
    file = cohort / "csv" / "adverse_events.csv"
    with file.open(encoding="utf-8-sig", newline="") as opened:
        events = list(csv.DictReader(opened))
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, events[0])
        writer.writeheader()
        writer.writerows(e | {"term": TERMS[n % len(TERMS)]} for n, e in enumerate(events))
    return run_cohort(cohort).exports


@pytest.fixture(scope="module")
def safety(exports):
    return BeautifulSoup((exports / "04_safety.html").read_text("utf-8"), "html.parser")


def lines(raw):
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))


def test_a_page_shows_it_and_runs_it_not(safety):
    terms = [cell.get_text() for cell in safety.select("#tbl-adverse-event-terms tbody th")]
    assert set(SHOWN) <= set(terms)
    assert len(safety.find_all("script")) == 1 and "alert" not in safety.script.string
    assert not safety.select("[onerror], [onload], a[href^='javascript']")


def test_no_export_holds_a_control_character(exports):
    for file in exports.rglob("*"):
        if file.suffix in (".html", ".csv", ".json", ".svg"):
            assert b"\x00" not in file.read_bytes(), file.name


def test_no_cell_of_a_csv_is_a_formula(exports, safety):
    link = safety.select_one("a[download*='table_4.3']")
    download = base64.b64decode(link["href"].split(",", 1)[1])
    for raw in ((exports / "results.csv").read_bytes(), download):
        cells = [cell for line in lines(raw) for cell in line]
        assert f"'{FORMULA}" in cells
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
        assert {SCRIPT, LONG, SMILE, ARABIC, "null"} <= set(cells)


def test_word_holds_it_as_text(exports):
    document = Document(exports / "tables.docx")
    cells = {row.cells[0].text for table in document.tables for row in table.rows}
    assert set(SHOWN) <= cells


def test_a_figure_draws_it_and_stays_well_formed(exports):
    for file in (exports / "figures").glob("*.svg"):
        tree = ET.parse(file)
        assert not [e for e in tree.iter() if e.tag.endswith("script") or "foreign" in e.tag]
    drawn = (exports / "figures" / "4.1_adverse-events.svg").read_text("utf-8")
    assert "&lt;script&gt;" in drawn and "x…" in drawn and "x" * 61 not in drawn


def test_the_manifest_is_json(exports):
    assert json.loads((exports / "manifest.json").read_text("utf-8"))["study"]["synthetic"]
