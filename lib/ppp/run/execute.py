"""Run one notebook with papermill and say what became of it."""

import asyncio
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import papermill
from papermill.exceptions import PapermillExecutionError

from ppp import errors
from ppp.catalogue.identifiers import blot
from ppp.run.notebooks import Notebook

INJECTED = "injected-parameters"


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
