"""A notebook before it runs: its title, parameters and imports; and what becomes of it.

papermill is imported when the first notebook runs, so that kernels warm up before.
"""

import ast
import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from ppp import errors
from ppp.catalogue.identifiers import blot
from ppp.errors import ParameterError

ON_A_PAPER = "06_published_figures"
INJECTED = "injected-parameters"


@dataclass(frozen=True)
class Notebook:
    """One notebook file such as ``notebooks/03_efficacy.ipynb``, read as it lies on disk."""

    path: Path

    @property
    def name(self) -> str:
        """The file's stem, which `results.csv` and the page bear too."""
        return self.path.stem

    @property
    def number(self) -> int:
        """The number before the first underscore: the 3 of Table 3.1."""
        return int(self.name.split("_")[0])

    @property
    def title(self) -> str:
        """The first heading, or the name in words."""
        heading = re.search(r"^# +(.+)$", self._prose, re.MULTILINE)
        return heading[1].strip() if heading else self.name.replace("_", " ")

    @property
    def question(self) -> str:
        """The first paragraph under the title as plain text; empty where there is none."""
        body = self._prose.split("\n\n")
        plain = (p for p in body if p.strip() and not p.lstrip().startswith(("#", "|", "<", ">")))
        return re.sub(r"\*\*|`|\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(next(plain, "").split()))

    @property
    def code(self) -> list[str]:
        """Sources of the code cells."""
        return self._sources("code")

    @property
    def parameters(self) -> list[str]:
        """Names that the cell tagged ``parameters`` assigns."""
        nodes = [node for source in self._sources("code", "parameters") for node in _parsed(source)]
        targets = [t for node in nodes if isinstance(node, ast.Assign) for t in node.targets]
        return [target.id for target in targets if isinstance(target, ast.Name)]

    @property
    def imports(self) -> list[str]:
        """Modules it imports; ``from ppp.report import page`` gives both possible modules."""
        return list(dict.fromkeys(name for source in self.code for name in _imported(source)))

    @property
    def _prose(self) -> str:
        return next(iter(self._sources("markdown")), "")

    def _sources(self, kind: str, tag: str | None = None) -> list[str]:
        of_kind = [cell for cell in self._cells if cell["cell_type"] == kind]
        return [
            "".join(cell["source"])
            for cell in of_kind
            if tag is None or tag in cell.get("metadata", {}).get("tags", [])
        ]

    @cached_property
    def _cells(self) -> list[dict]:
        return json.loads(self.path.read_text("utf-8"))["cells"]


def _parsed(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def _imported(source: str) -> Iterator[str]:
    for node in _parsed(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def find(folder: Path, *, paper: bool = True) -> list[Notebook]:
    """Notebooks of a folder that belong to the run, by number; ParameterError if there is none.

    Without a `paper`, the one on published figures does not belong to it.
    """
    paths = sorted(Path(folder).glob("[0-9][0-9]_*.ipynb"))
    books = [Notebook(path) for path in paths if paper or path.stem != ON_A_PAPER]
    if not books:
        raise ParameterError(f"{folder}: no notebook named like 01_cleaning.ipynb is there")
    return books


def check(parameters: dict, notebooks: list[Notebook]) -> None:
    """Refuse a parameter that no notebook has; the ParameterError names those that exist."""
    known = list(dict.fromkeys(name for book in notebooks for name in book.parameters))
    for name in parameters:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise ParameterError(
                f"No notebook has a parameter {name!r}.{hint} Known: {', '.join(known) or 'none'}."
            )


@dataclass(frozen=True)
class Failure:
    """Why a notebook stopped: the exception's name and the first line of what it says.

    `cell` is the code cell's number, as JupyterLab counts when the notebook is run by hand; 0 where
    all cells ran and the page could not be made.
    """

    cell: int
    kind: str
    message: str
    traceback: str = ""

    def __str__(self) -> str:
        place = f"cell {self.cell}: " if self.cell else ""
        return f"{place}{self.kind}: {self.message}"

    @property
    def public(self) -> str:
        """Cell and kind alone: what an error says may hold what a cell held, or name a place."""
        return f"cell {self.cell}: {self.kind}" if self.cell else self.kind

    @property
    def stops(self) -> bool:
        """Whether it is a `StopRun`, whose message alone is meant for the user."""
        return self.kind in _names(errors.StopRun)


@dataclass(frozen=True)
class Outcome:
    """What became of a notebook: the executed node and its page, or a failure, and the seconds."""

    book: Notebook
    seconds: float
    node: object = None
    failure: Failure | None = None
    content: object = None


def execute(
    book: Notebook, parameters: dict, *, timeout: int, manager: type, advance: Callable
) -> Outcome:
    """Run a notebook in its own folder; never raises for what the notebook does.

    `parameters` that it does not have are not passed on; `timeout` is the seconds one cell may
    take, `manager` one of `ppp.run.kernels`; `advance` is called after each code cell.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    start, started = time.perf_counter(), []
    options = {
        "progress_bar": False,
        "execution_timeout": timeout,
        "kernel_manager_class": manager,
        "extra_arguments": ["--IPKernelApp.log_level=ERROR"],
        "shutdown_kernel": "immediate",
        "resources": {"metadata": {"path": str(book.path.parent)}},
        "on_cell_start": lambda cell, **_: started.append(_is_code_of_the_source(cell)),
        "on_cell_executed": lambda **_: advance(),
    }
    known = {name: value for name, value in parameters.items() if name in book.parameters}
    node = failure = None
    try:
        node = papermill.execute_notebook(str(book.path), None, parameters=known, **options)
    except PapermillExecutionError as error:
        failure = _failure(sum(started), error.ename, error.evalue, "\n".join(error.traceback))
    except Exception as error:
        failure = _failure(sum(started), type(error).__name__, str(error), str(error))
    finally:
        _close_loop()
    return Outcome(book, time.perf_counter() - start, node, failure)


def _close_loop() -> None:
    """Close the event loop that papermill leaves open in this thread, and its sockets."""
    with suppress(RuntimeError):
        asyncio.get_event_loop().close()


def _is_code_of_the_source(cell) -> bool:
    return cell.cell_type == "code" and INJECTED not in cell.metadata.get("tags", [])


def _failure(cell: int, kind: str, message: str, traceback: str) -> Failure:
    text = message.strip()
    if kind not in _names(errors.StopRun):
        text = blot(text.partition("\n")[0])
    return Failure(cell, kind, text, re.sub(r"\x1b\[[\d;]*m", "", traceback))


def _names(kind: type) -> set[str]:
    return {kind.__name__}.union(*(_names(below) for below in kind.__subclasses__()))
