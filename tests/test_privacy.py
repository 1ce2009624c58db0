"""Nothing under exports/ points to a person: no raw id, no name, no exact date, in any byte."""

import base64
import gzip
import io
import json
import re
import zipfile
from datetime import date, datetime

import docx
import openpyxl
import pytest
from PIL import Image, PngImagePlugin

from ppp.run import pipeline
from ppp.study import ROOT

from .leaks import Secrets, leaks, secrets

slow = pytest.mark.slow
DEMO = ROOT / "data/demo"
ID, DAY = "ZY-2022-0147", date(2022, 8, 25)
PLANTED = Secrets(frozenset({ID}), frozenset({DAY}))
WRITTEN = [
    "2022-08-25",
    "2022-08-25T00:00:00",
    "20220825",
    "2022/8/25",
    "2022.08.25",
    "2022年8月25日",
    "25.08.2022",
    "25. 8. 2022",
    "08/25/2022",
    "25/08/2022",
    "25-08-2022",
    "25 Aug 2022",
    "25 August 2022",
    "25-Aug-2022",
    "August 25, 2022",
    "Aug 25th 2022",
    "44798",
]


def _png(compressed):
    def write(path):
        info = PngImagePlugin.PngInfo()
        (info.add_text if compressed == "zTXt" else info.add_itxt)("Title", f"of {ID}", zip=True)
        Image.new("L", (4, 4)).save(path, "png", pnginfo=info)

    return write


def _docx(path):
    document = docx.Document()
    paragraph = document.add_paragraph("of ZY-2022")
    paragraph.add_run("-0147").bold = True
    document.save(path)


def _zip(path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows.csv", f"a,{ID}\n" * 9)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.zip", inner.getvalue())


def _uri(coded):
    return lambda path: path.write_text(f'<a href="data:text/csv{coded}">', "utf-8")


HIDING = {
    "docx": _docx,
    "zip in zip": _zip,
    "png zTXt": _png("zTXt"),
    "png iTXt": _png("iTXt"),
    "svgz": lambda path: path.write_bytes(gzip.compress(f"<svg><desc>{ID}".encode())),
    "base64": _uri(f";base64,{base64.b64encode(ID.encode()).decode()}"),
    "percent": _uri("," + "".join(f"%{byte:02X}" for byte in ID.encode())),
    "entities": lambda path: path.write_text("".join(f"&#{ord(sign)};" for sign in ID)),
    "tags": lambda path: path.write_text("<b>ZY</b>-2022-<tspan>0147</tspan>"),
    "small letters": lambda path: path.write_text(ID.lower()),
    "JSON": lambda path: path.write_text(ID.replace("-", "\\u002d")),
    "UTF-16": lambda path: path.write_text(f"x {ID}", "utf-16"),
    "UTF-16 at an odd place": lambda path: path.write_bytes(b"x" + ID.encode("utf-16-be")),
}


@pytest.mark.parametrize("where", HIDING)
def test_the_search_finds_an_id(where, tmp_path):
    HIDING[where](tmp_path / "file")
    assert leaks(tmp_path, PLANTED).keys() == {ID}


def test_the_search_finds_an_id_in_the_name_of_a_file(tmp_path):
    (tmp_path / f"{ID}.png").touch()
    assert leaks(tmp_path, PLANTED) == {ID: [f"name of {ID}.png"]}


@pytest.mark.parametrize("written", WRITTEN)
def test_the_search_finds_a_date_in_each_writing(written, tmp_path):
    (tmp_path / "page.html").write_text(f"<td>on {written}, then</td>", "utf-8")
    assert leaks(tmp_path, PLANTED).keys() == {DAY}


NAMES = ["王小明", "Wang Xiaoming", "Jörg Müller-Lüdenscheidt", "O'Brien & Sons", "<b>Ann</b> Li"]
HEADINGS = ("编号", "备注", "姓名", "电话")
SLIPS = [
    (3, "PGA", "see ZY-2022-0102"),
    (4, "DLQI", "2022/08/25"),
    (5, "Q3", NAMES[0]),
    (6, "随访日期", "1975年3月4日"),
    (7, "CRP (mg/L)", "Wang Xiaoming 2, 2022-09-03"),
]
PATIENT_NOTES = [
    (3, "Failed before", "methotrexate (see ZY-2022-0103)"),
    (4, "合并症", "hypertension since 2022-08-25"),
    (6, "停药日期", datetime(2022, 12, 5)),
    (6, "Why stopped", "moved, ZY-2022-0111, 2022/08/16"),
]
EVENT_NOTES = [(3, "不良事件", "zoster ZY-2022-0132"), (4, "System organ class", "of 2022-09-03")]
LAB_NOTES = [(3, "项目", "ALT ZY-2022-0164")]


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """The demo as a careless clinic keeps it.

    Telling ids, names, birthdays, ids among values and within the free text that reports quote.
    """
    book = _with_telling_ids()
    _add_persons(book.worksheets[0])
    for sheet, cells in zip(book, (PATIENT_NOTES, SLIPS, EVENT_NOTES, LAB_NOTES), strict=True):
        _write(sheet, cells)
    book.worksheets[1].append(["ZY-2021-9999", 4, datetime(2021, 5, 6), 8.1])
    book.properties.creator = NAMES[1]
    return _saved(book, tmp_path_factory.mktemp("clinic"))


def _with_telling_ids():
    book = openpyxl.load_workbook(DEMO / "cohort.xlsx")
    for sheet in book:
        for (cell,) in sheet.iter_rows(min_row=2, max_col=1):
            cell.value = re.sub(r"^C-(\d+)", r"ZY-2022-0\1", str(cell.value))
    return book


def _saved(book, folder):
    book.save(folder / "cohort.xlsx")
    drop = 'drop = ["备注", "姓名", "电话"]'
    text = (DEMO / "study.toml").read_text("utf-8")
    (folder / "published.csv").write_bytes((DEMO / "published.csv").read_bytes())
    (folder / "study.toml").write_text(re.sub(r"drop = .*", drop, text), "utf-8")
    return folder


def _add_persons(sheet):
    last = sheet.max_column
    for offset, heading in enumerate(["姓名", "电话", "出生日期"], 1):
        sheet.cell(1, last + offset, heading)
    for row in range(2, sheet.max_row):
        sheet.cell(row, last + 1, f"{NAMES[row % len(NAMES)]} {row}")
        sheet.cell(row, last + 2, f"138 0013 8{row:03d}")
        sheet.cell(row, last + 3, date(1950 + row, 1 + row % 12, row))


def _write(sheet, cells):
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row, heading, value in cells:
        sheet.cell(row, columns[heading], value)


@slow
def test_nothing_of_the_demo_is_found(demo_run):
    sought = secrets(DEMO / "cohort.xlsx", *HEADINGS)
    assert len(sought.words) >= 31 and len(sought.days) > 90
    assert leaks(demo_run.exports, sought) == {}


@slow
def test_nothing_of_a_careless_clinic_is_found(clinic, run_cohort):
    all_of_it = secrets(clinic / "cohort.xlsx", *HEADINGS)
    sought = Secrets(all_of_it.words | set(NAMES), all_of_it.days)
    assert {"ZY-2021-9999", "王小明 5", "138 0013 8007"} <= sought.words
    assert {date(1959, 10, 9), date(1975, 3, 4), date(2021, 5, 6)} <= sought.days
    assert leaks(run_cohort(clinic).exports, sought) == {}


UNMASKED = """
from ppp.data import cleaning

masked = cleaning._study_ids
cleaning._study_ids = lambda rows: masked(rows).assign(study_id=lambda key: key["patient_id"])
"""
DATED = """
from IPython.display import Markdown

Markdown(f"The first visit was on {data.visits['date'].min():%d.%m.%Y}.")
"""


@slow
def test_with_raw_ids_left_in_place_and_a_date_told_the_search_finds_them(clinic, tmp_path):
    books = tmp_path / "notebooks"
    books.mkdir()
    _add_cell(ROOT / "notebooks/01_cleaning.ipynb", books, 2, UNMASKED)
    _add_cell(ROOT / "notebooks/03_efficacy.ipynb", books, 4, DATED)
    options = pipeline.Options(cohort=str(clinic), output=str(tmp_path / "out"), folder=books)
    exports = pipeline.run(options).study.exports
    sought = secrets(clinic / "cohort.xlsx", *HEADINGS)
    found = leaks(exports, sought)
    assert found.keys() >= {word for word in sought.words if word.startswith("ZY-2022")}
    assert any("data URI" in place for place in found["ZY-2022-0102"])
    assert found.keys() & sought.days


def _add_cell(path, folder, place, source):
    book = json.loads(path.read_text("utf-8"))
    cell = {"cell_type": "code", "id": "added", "metadata": {}, "execution_count": None}
    book["cells"].insert(place, cell | {"source": source.strip(), "outputs": []})
    (folder / path.name).write_text(json.dumps(book), "utf-8")
