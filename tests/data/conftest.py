"""Small cohorts, written as real files."""

import csv

import openpyxl
import pytest

from ppp.study import Study

HEAD = '[study]\nid = "x"\n[source]\n'
NO_SCORES = '\n[endpoints]\nprimary = "none"\n'
PATIENTS = [["patient_id"], ["a"], ["b"]]


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
    (folder / "study.toml").write_text(HEAD + text, encoding="utf-8")
    return Study.load(folder, folder / "out")
