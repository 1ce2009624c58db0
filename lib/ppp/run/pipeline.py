"""One run: cleaning first, the other notebooks two at a time, then pages, results and manifest."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from ppp.errors import StopRun
from ppp.report import page
from ppp.run import exports, forks, notebooks, provenance
from ppp.run.progress import Progress
from ppp.run.staging import staged
from ppp.study import ROOT, Study

NOTEBOOKS = ROOT / "notebooks"
AT_ONCE = 2


@dataclass(frozen=True)
class Options:
    """What the command line asks for.

    Attributes
    ----------
    cohort, output : str
        As `Study.load` takes them.
    parameters : dict
        Further notebook parameters.
    folder : Path
        Where the notebooks lie.
    forked : bool
        Whether kernels may be forked from a warm server.
    """

    cohort: str = "data/demo"
    output: str = ""
    parameters: dict = field(default_factory=dict)
    folder: Path = NOTEBOOKS
    forked: bool = True


@dataclass(frozen=True)
class Run:
    """What a run has made."""

    study: Study
    reports: list[page.Report]
    outcomes: dict

    @property
    def failures(self) -> dict:
        """Name → failure of the notebooks that failed."""
        return {name: o.failure for name, o in self.outcomes.items() if o.failure}


def run(options: Options) -> Run:
    """Run all notebooks on one cohort and put the exports in place.

    Parameters
    ----------
    options : Options
        Cohort, output and the rest.

    Returns
    -------
    Run
        With the failures, if any.

    Raises
    ------
    StopRun
        Before anything has changed: the study, a parameter or the source cannot be used.
    """
    books = notebooks.find(options.folder)
    study = Study.load(options.cohort, options.output)
    _check_published(study)
    parameters = _parameters(options, study)
    notebooks.check(parameters, books)
    warm = options.forked and forks.warm([name for book in books for name in book.imports])
    with Progress(sum(len(book.code) for book in books)) as progress:
        outcomes = list(_outcomes(books, study, parameters, warm=warm, progress=progress))
    outcomes = {outcome.book.name: outcome for outcome in outcomes}
    reports = [_report(book, outcomes.get(book.name)) for book in books]
    _drop_rows(study, [report.name for report in reports if report.state != "ready"])
    record = provenance.record(study, _public(study, parameters))
    with staged(study.exports) as folder:
        exports.write(folder, study, reports, outcomes=outcomes, record=record)
    return Run(study, reports, outcomes)


def _check_published(study: Study) -> None:
    if study.published:
        from ppp.published.audit import source

        source.read(study.published)


def _parameters(options: Options, study: Study) -> dict:
    inside = study.folder.is_relative_to(ROOT)
    cohort = study.folder.relative_to(ROOT).as_posix() if inside else str(study.folder)
    output = {"output": str(study.root)} if options.output else {}
    return {"cohort": cohort} | output | options.parameters


def _public(study: Study, parameters: dict) -> dict:
    cohort = parameters["cohort"]
    named = cohort if not Path(cohort).is_absolute() else f"…/{study.folder.name}"
    return {name: value for name, value in parameters.items() if name != "output"} | {
        "cohort": named
    }


def _outcomes(books, study: Study, parameters: dict, *, warm: bool, progress: Progress):
    from ppp.run import kernels
    from ppp.run.execute import execute

    manager = kernels.ForkedKernels if warm else kernels.StartedKernels
    options = {"timeout": study.run.timeout_s, "manager": manager, "advance": progress.advance}
    hidden = sorted({str(study.folder.parent), str(study.root), str(ROOT)}, key=len, reverse=True)
    show = {"hidden": hidden, "stem": exports.stem(study)}
    with _workers() as pool:
        first = pool.submit(execute, books[0], parameters, **options).result()
        yield (first := _finished(first, show, progress))
        if first.failure:
            return
        _drop_rows(study, [book.name for book in books[1:]])
        futures = [pool.submit(execute, book, parameters, **options) for book in books[1:]]
        for future in as_completed(futures):
            yield _finished(future.result(), show, progress)


def _finished(outcome, show: dict, progress: Progress):
    from ppp.run import export
    from ppp.run.execute import Failure

    if outcome.failure and outcome.failure.stops and outcome.book.number == 1:
        raise StopRun(outcome.failure.message)
    if not outcome.failure:
        try:
            outcome = replace(outcome, content=export.content(outcome.book, outcome.node, **show))
        except page.PageError as error:
            outcome = replace(outcome, failure=Failure(0, "PageError", str(error), str(error)))
    progress.ended(outcome.book.name, outcome.seconds, str(outcome.failure or ""))
    return outcome


@contextmanager
def _workers():
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="notebook") as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            _halt()
            raise


def _halt() -> None:
    from ppp.run import kernels

    while any(thread.name.startswith("notebook") for thread in threading.enumerate()):
        kernels.stop_all()
        time.sleep(0.1)


def _report(book, outcome) -> page.Report:
    about = {"name": book.name, "title": book.title, "question": book.question}
    if outcome is None:
        return page.Report(**about, state="not run", detail="Cleaning failed.")
    if outcome.failure:
        return page.Report(**about, state="failed", detail=str(outcome.failure))
    return page.Report(**about)


def _drop_rows(study: Study, names: list[str]) -> None:
    for name in names:
        (study.derived / "rows" / f"{name}.csv").unlink(missing_ok=True)
