"""The present view as a small notebook that gives the same numbers again, and its figure."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ppp.explore.answer import figure, whom
from ppp.explore.choice import Choice, view
from ppp.report.words import Words
from ppp.report.write import fill

WORDS = Words("ppp.explore")
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
ASKED = ("outcome", "week", "missing", "rule", "value", "cuts", "query")
IMPORTS = """from ppp.data import store
from ppp.explore import answer
from ppp.explore.choice import Choice, view
from ppp.report import page
from ppp.study import Study"""
LOAD = """study = Study.load(cohort, output)
data = store.load(study)
page.status(study, data.source_sha256)"""
ASK = f"""asked = view(data, study, Choice({", ".join(ASKED)}))
print(answer.sentence(asked, data, study))"""
SHOWN = ("answer.table(asked, data, study)", "answer.figure(asked, study)")


def write(data, study, choice: Choice, folder: Path | None = None) -> list[Path]:
    """Write the notebook, the SVG and the PNG into `folder`, the cohort's lab unless given.

    Returns the three files; no earlier one is written over.
    """
    folder = Path(folder or study.lab)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    drawn = figure(view(data, study, choice), study)
    stem = _unused(folder, f"{choice.outcome}_week_{choice.week}")
    files = [folder / f"{stem}.{ending}" for ending in ("ipynb", "svg", "png")]
    nbformat.write(notebook(data, study, choice), files[0])
    files[1].write_text(drawn.svg, "utf-8")
    files[2].write_bytes(drawn.png)
    return files


def _unused(folder: Path, stem: str) -> str:
    number = 1
    while any(folder.glob(f"{stem}_{number}.*")):
        number += 1
    return f"{stem}_{number}"


def notebook(data, study, choice: Choice) -> nbformat.NotebookNode:
    """Make the notebook of a choice: its parameters in one cell, then what `ppp.explore` shows."""
    asked = study.places | {name: getattr(choice, name) for name in ASKED}
    about = {"whom": whom(choice, data, study), "week": choice.week}
    title = fill(WORDS["answer.title"], about)
    given = "\n".join(f"{name} = {value!r}" for name, value in asked.items())
    code = [IMPORTS, LOAD, ASK, *SHOWN]
    cells = [
        new_markdown_cell(f"# {title}\n\n{WORDS['page.limits']}"),
        new_code_cell(given, metadata={"tags": ["parameters"]}),
        *map(new_code_cell, code),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
