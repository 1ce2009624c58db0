import nbformat
import pytest

STUDY = """
[study]
id = "tiny"
title = "A tiny study"
drug = "upadacitinib"
synthetic = true
[source]
file = "cohort.xlsx"
"""
ROWS = """
from ppp import results
from ppp.study import Study
study = Study.load(cohort, output)
rows = results.frame([results.row("summary", "age_years", "mean", 41.5)])
results.save(rows, study.derived, {name!r});
"""


class Place:
    """A cohort, a folder of notebooks and an output root, all in a temporary folder."""

    def __init__(self, root):
        self.root = root
        self.notebooks, self.cohort = root / "notebooks", root / "cohort"
        self.output = root / "out"
        self.notebooks.mkdir()
        self.cohort.mkdir()
        (self.cohort / "study.toml").write_text(STUDY, "utf-8")
        (self.cohort / "cohort.xlsx").write_bytes(b"any bytes: these notebooks do not read it")
        self.exports = self.output / "exports" / "tiny"
        self.derived = self.output / "data" / "derived" / "tiny"

    def notebook(self, name, *cells, rows=True):
        """Write a notebook: a title, a parameters cell, the given code cells, its rows."""
        new = nbformat.v4
        code = [new.new_code_cell(cell) for cell in cells]
        parameters = new.new_code_cell('cohort = "data/demo"\noutput = ""')
        parameters.metadata["tags"] = ["parameters"]
        title = new.new_markdown_cell(f"# About {name}\n\nWhat is asked.")
        last = [new.new_code_cell(ROWS.format(name=name))] if rows else []
        spec = {"name": "python3", "language": "python", "display_name": "Python 3"}
        book = new.new_notebook(cells=[title, parameters, *code, *last])
        book.metadata["kernelspec"] = spec
        nbformat.write(book, self.notebooks / f"{name}.ipynb")

    @property
    def arguments(self):
        """The command line for this place."""
        places = {"cohort": self.cohort, "output": self.output, "notebooks": self.notebooks}
        return ["run", *(f"--{name}={place}" for name, place in places.items())]

    def state(self):
        """Every file under the output root with its bytes."""
        files = (path for path in sorted(self.output.rglob("*")) if path.is_file())
        return {path.relative_to(self.output): path.read_bytes() for path in files}


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)
