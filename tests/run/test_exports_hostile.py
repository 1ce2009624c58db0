"""Text of the data that would do harm, through the real pipeline: it is text in every export."""

import base64
import csv
import io
import json
import shutil
import xml.etree.ElementTree as ET

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from docx import Document

from ppp.study import ROOT, Study

from .. import approval

pytestmark = pytest.mark.slow
SCRIPT, FORMULA = "<script>alert(1)</script>", '=HYPERLINK("A1")'
IMAGE = '"><img src=x onerror=alert(2)>'
LONG, SMILE, ARABIC, NUL = "long " + "x" * 9_995, "rash 😀", "طفح جلدي", "nul\x00l"
TERMS = [SCRIPT, FORMULA, LONG, SMILE, ARABIC, NUL]
CLASSES = [
    f"Class {IMAGE}",
    f"Class {LONG}",
    "Class 😀",
    "فئة",
    "Class nul\x00l",
    "Class </td>",
    "",
]
WHOLE = [text.replace("\x00", "") for text in [*TERMS, *CLASSES[:-1]]]
MOST = 81
RUNS = ("=", "+", "@", "\t")
ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


def cut(text):
    """What is certain to be left of a text that may have been shortened."""
    return text[:40]


def _rewrite(file, change):
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = [row | change(n, row) for n, row in enumerate(csv.DictReader(opened))]
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def run(run_cohort, tmp_path_factory):
    cohort = tmp_path_factory.mktemp("hostile") / "cohort"
    shutil.copytree(ROOT / "tests/cohorts/gaps", cohort)
    _rewrite(
        cohort / "csv" / "adverse_events.csv",
        lambda n, _: {"term": TERMS[n % len(TERMS)], "soc": CLASSES[n % len(CLASSES)]},
    )
    _rewrite(
        cohort / "csv" / "labs.csv",
        lambda n, row: {"test": IMAGE} if row["test"] == "Ferritin" else {},
    )
    approval.clean(Study.load(cohort, tmp_path_factory.mktemp("draft")))
    return run_cohort(cohort)


@pytest.fixture(scope="module")
def exports(run):
    return run.exports


@pytest.fixture(scope="module")
def safety(exports):
    return BeautifulSoup((exports / "04_safety.html").read_text("utf-8"), "html.parser")


def lines(raw):
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))


def named(cells):
    """The cells as the data have them: no direction marks, no indent."""
    return {cell.translate(ISOLATES).strip() for cell in cells}


def shows(cells, text):
    return any(cell.startswith(cut(text)) for cell in cells)


def test_a_page_shows_it_and_runs_it_not(safety):
    heads = named(cell.get_text() for cell in safety.select("#tbl-adverse-event-terms tbody th"))
    assert not [text for text in WHOLE if not shows(heads, text)]
    assert len(safety.find_all("script")) == 1 and "alert" not in safety.script.string
    assert not safety.select("[onerror], [onload], a[href^='javascript']")
    assert not safety.select("img[src='x']")


def test_a_table_shortens_it(safety):
    for cell in safety.select("table th, table td"):
        assert "x" * MOST not in cell.get_text()
    heads = named(cell.get_text() for cell in safety.select("#tbl-adverse-event-terms tbody th"))
    for text in (LONG, f"Class {LONG}"):
        (head,) = [head for head in heads if head.startswith(cut(text))]
        assert head.endswith("…") and len(head) <= MOST


def test_a_page_says_nothing_at_length(safety):
    assert "x" * 200 not in safety.get_text()


def test_text_from_right_to_left_leaves_the_line_as_it_is(safety):
    cells = [
        cell
        for cell in safety.select("#tbl-adverse-event-terms tbody th")
        if {ARABIC, "فئة"} & named([cell.get_text()])
    ]
    assert len(cells) >= 2
    for cell in cells:
        text = cell.get_text().strip()
        isolated = text[0] in "\u2067\u2068" and text[-1] == "\u2069"
        assert isolated or cell.find("bdi") or cell.get("dir") == "auto"


def test_no_export_holds_a_control_character(exports):
    for file in exports.rglob("*"):
        if file.suffix in (".html", ".csv", ".json", ".svg"):
            assert b"\x00" not in file.read_bytes(), file.name


def test_no_cell_of_a_csv_is_a_formula(exports, safety):
    box = safety.select_one("#tbl-adverse-event-terms")
    link = box.find_next("a", href=True, attrs={"download": lambda name: name.endswith(".csv")})
    download = base64.b64decode(link["href"].split(",", 1)[1])
    for raw in ((exports / "results.csv").read_bytes(), download):
        cells = [cell for line in lines(raw) for cell in line]
        assert {f"'{FORMULA}", f"'\N{EM SPACE}{FORMULA}"} & set(cells)
        assert not [cell for cell in cells if cell.lstrip(" \N{EM SPACE}").startswith(RUNS)]
        assert not [text for text in WHOLE if text != FORMULA and not shows(named(cells), text)]


def test_the_data_have_it_whole(run):
    cells = {cell for line in lines(run.results.read_bytes()) for cell in line}
    assert {*WHOLE, IMAGE} - {FORMULA} <= cells
    assert f"soc={CLASSES[0]}" in cells
    events = pd.read_parquet(run.derived / "adverse_events.parquet")
    kept = {text.replace("\x00", "") for name in ("term", "soc") for text in events[name].dropna()}
    assert kept == set(WHOLE)


def test_word_holds_it_as_text(exports):
    document = Document(exports / "tables.docx")
    cells = named(row.cells[0].text for table in document.tables for row in table.rows)
    assert not [text for text in [*WHOLE, IMAGE] if not shows(cells, text)]
    cells = [cell for cell in cells if not cell.startswith("Not reported as an adverse event: ")]
    assert max(map(len, cells)) < 200
    assert not document.element.xpath("//w:instrText | //w:hyperlink")


def test_a_figure_draws_it_and_stays_well_formed(exports):
    for file in (exports / "figures").glob("*.svg"):
        tree = ET.parse(file)
        assert not [e for e in tree.iter() if e.tag.endswith("script") or "foreign" in e.tag]
    drawn = "".join(file.read_text("utf-8") for file in (exports / "figures").glob("*.svg"))
    assert "<script>" not in drawn and "x" * 61 not in drawn


def test_the_manifest_is_json(exports):
    assert json.loads((exports / "manifest.json").read_text("utf-8"))["study"]["synthetic"]
