import pytest

from ppp.errors import ParameterError
from ppp.run import notebooks
from ppp.study import ROOT


def test_what_is_known_before_a_run(place):
    place.notebook("03_efficacy", "import pandas as pd\nfrom ppp.report import page", "%matplotlib")
    place.notebook("explore")
    (book,) = notebooks.find(place.notebooks)
    assert (book.name, book.number) == ("03_efficacy", 3)
    assert (book.title, book.question) == ("About 03_efficacy", "What is asked.")
    assert book.parameters == ["cohort", "output"]
    assert book.imports[:3] == ["pandas", "ppp.report", "ppp.report.page"]


def test_no_notebook_is_an_error(tmp_path):
    with pytest.raises(ParameterError, match="01_cleaning"):
        notebooks.find(tmp_path)


def test_the_notebook_on_a_paper_belongs_to_a_run_that_has_one(place):
    for name in ("01_cleaning", notebooks.ON_A_PAPER):
        place.notebook(name)
    assert [book.name for book in notebooks.find(place.notebooks)][1:] == [notebooks.ON_A_PAPER]
    assert [book.name for book in notebooks.find(place.notebooks, paper=False)] == ["01_cleaning"]
    assert (ROOT / "notebooks" / f"{notebooks.ON_A_PAPER}.ipynb").is_file()


def test_an_unknown_parameter_is_named_with_the_known(place):
    place.notebook("01_cleaning")
    with pytest.raises(ParameterError, match=r"'outptu'\. Did you mean 'output'\? Known: cohort"):
        notebooks.check({"cohort": "x", "outptu": 1}, notebooks.find(place.notebooks))
