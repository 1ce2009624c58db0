"""Small cohorts, written as real files."""

import csv

import openpyxl
import pandas as pd
import pytest

import maker
from ppp.data import cleaning
from ppp.study import DEMO, Study

HEAD = '[study]\nid = "x"\n[source]\n'
NO_SCORES = '\n[endpoints]\nprimary = "none"\n'
PATIENTS = [["patient_id"], ["a"], ["b"]]


@pytest.fixture(scope="session")
def demo_study():
    return Study.load(str(DEMO))


@pytest.fixture(scope="session")
def cleaned(demo_study):
    """The demo cohort after cleaning."""
    return cleaning.clean(demo_study)


@pytest.fixture(scope="session")
def truth():
    """The demo cohort as it would be if nobody mistyped anything."""
    return {table: pd.DataFrame(rows) for table, rows in maker.tables().items()}


@pytest.fixture
def workbook(tmp_path):
    """Make a cohort from sheets (lists of rows): ``workbook(sheets, toml, edit=…)`` → Study."""

    def make(sheets, toml="", *, source="", edit=None):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        if edit:
            edit(book)
        book.save(tmp_path / "c.xlsx")
        return study(tmp_path, f'file = "c.xlsx"\n{source}\n{toml}')

    return make


@pytest.fixture
def csv_folder(tmp_path):
    """Make a cohort from CSV files (rows, or bytes): ``csv_folder(files, toml)`` → Study."""

    def make(files, toml="", *, source=""):
        (tmp_path / "csv").mkdir(exist_ok=True)
        for name, rows in files.items():
            path = tmp_path / "csv" / f"{name}.csv"
            if isinstance(rows, bytes):
                path.write_bytes(rows)
                continue
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows(rows)
        return study(tmp_path, f'folder = "csv"\n{source}\n{toml}')

    return make


def study(folder, text):
    if "[schedule]" not in text and "[wide." not in text:
        text += "\n[schedule]\nweeks = [0, 4, 8, 12]\n"
    (folder / "study.toml").write_text(HEAD + text, encoding="utf-8")
    return Study.load(folder, folder / "out")
