"""The subgroup's report is called by the study's subgroup wherever it is named."""

import json

import nbformat
import pytest

from ppp.overview.index import titles
from ppp.report import page
from ppp.run import exports
from ppp.run.notebooks import find
from ppp.study import ROOT

NAME = "05_sapho_subgroup"
BOOKS = find(ROOT / "notebooks")


def test_title_question_and_link_name_the_studys_subgroup(make_study):
    study = make_study(
        '[extra.patients]\ncentre = { heading = "C", label = "Centre" }\n'
        '[subgroup]\ncolumn = "centre"\nvalue = "North"\n'
    )
    named = titles(NAME, study)
    assert named["title"] == "Subgroup comparison: Centre (exploratory)"
    report = page.Report(NAME, **named)
    assert report.nav == "Subgroup: Centre"
    assert not [words for words in named.values() if "SAPHO" in words]


def test_the_default_subgroup_is_named_too(study):
    assert titles(NAME, study)["nav"] == "Subgroup: SAPHO syndrome"


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_no_notebook_names_a_subgroup_in_its_prose(book):
    cells = json.loads(book.path.read_text("utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert not [words for words in prose if "SAPHO" in words]


def test_the_page_opens_with_the_title_that_goes_by_the_study(make_study):
    study = make_study('[subgroup]\ncolumn = "sex"\nvalue = "male"\n')
    book = next(book for book in BOOKS if book.name == NAME)
    node = nbformat.read(book.path, as_version=4)
    node.cells = node.cells[:1]
    content = exports.content(book, node, named=titles(NAME, study))
    assert content.title == "Subgroup comparison: Sex (exploratory)"
