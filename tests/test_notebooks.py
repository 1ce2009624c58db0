"""The notebooks read as a paper: prose and short calls, no outputs, definitions or data."""

import ast
import re
from pathlib import Path
from statistics import median

import nbformat
import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NUMBERED = sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))
NAMES = [
    "01_cleaning",
    "02_descriptives",
    "03_efficacy",
    "04_safety",
    "05_sapho_subgroup",
    "06_published_figures",
]
# Names of scores, scales and thresholds that hold a digit; everything else with a digit is data.
TERMS = re.compile(
    r"JAK1|PPPASI-50, -75, -90, -100|(PGA|DLQI) 0/1|95\s?%|0[1-9]_[a-z_]+|(pga|dlqi)01"
)

notebooks = pytest.mark.parametrize("path", NUMBERED, ids=lambda path: path.stem)


def cells(path, kind):
    return [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == kind]


def code(path):
    return [c.source for c in cells(path, "code")]


def test_the_six_reports_are_there():
    assert [path.stem for path in NUMBERED] == NAMES


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_no_outputs_are_kept(path):
    assert not [c for c in cells(path, "code") if c.outputs or c.execution_count]


@notebooks
def test_one_parameters_cell_with_the_defaults(path):
    tagged = [c for c in cells(path, "code") if "parameters" in c.metadata.get("tags", [])]
    assert len(tagged) == 1
    defaults = {}
    exec(tagged[0].source, defaults)
    assert (defaults["cohort"], defaults["output"]) == ("data/demo", "")


@notebooks
def test_no_definitions_and_no_loops(path):
    forbidden = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.Assert)
    nodes = [node for source in code(path) for node in ast.walk(ast.parse(source))]
    assert not [type(node).__name__ for node in nodes if isinstance(node, forbidden)]


@notebooks
def test_cells_are_short(path):
    lengths = [len(source.splitlines()) for source in code(path)]
    assert median(lengths) <= 3
    assert max(lengths) <= 12


@notebooks
def test_no_digit_of_data_in_the_source(path):
    for source in code(path):
        numbers = [n.value for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Constant)]
        numbers = [n for n in numbers if isinstance(n, (int, float)) and not isinstance(n, bool)]
        assert not numbers, f"{numbers} in {source!r}"
        texts = [n.value for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Constant)]
        texts = [t for t in texts if isinstance(t, str)]
        assert not [t for t in texts if re.search(r"\d", TERMS.sub("", t))], source
    for cell in cells(path, "markdown"):
        assert not re.search(r"\d", TERMS.sub("", cell.source)), cell.source


@notebooks
def test_it_opens_with_its_limits_and_closes_with_provenance(path):
    prose = [c.source for c in cells(path, "markdown")]
    assert prose[0].startswith("# ")
    headings = [line for source in prose for line in source.splitlines() if line.startswith("## ")]
    assert {"## Limits", "## Limitations"} & set(headings[:2])
    assert headings[-1] == "## Provenance"
