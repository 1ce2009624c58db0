"""One run: cleaning first, the other notebooks two at a time, then pages, results and manifest."""

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tqdm import tqdm

from ppp.catalogue.identifiers import blot
from ppp.errors import StopRun
from ppp.overview.index import titles, uncoded
from ppp.report import page
from ppp.run import exports, kernels, notebooks
from ppp.study import ROOT, Study
from ppp.study.changes import NAMES

NOTEBOOKS = ROOT / "notebooks"
AT_ONCE = 2
BAR = "{percentage:3.0f}% {bar:24} {n_fmt}/{total_fmt} cells  {elapsed}"


@dataclass(frozen=True)
class Options:
    """What the command line asks for: `cohort` and `output` as `Study.load` takes them.

    `parameters` are further ones of notebooks, which lie in `folder`; `forked` says whether kernels
    may be forked from a warm server.
    """

    cohort: str = "data/demo"
    output: str = ""
    parameters: dict = field(default_factory=dict)
    folder: Path = NOTEBOOKS
    forked: bool = True


@dataclass(frozen=True)
class Run:
    """What a run has made: the study, one `page.Report` a notebook, name → `Outcome`."""

    study: Study
    reports: list[page.Report]
    outcomes: dict
    uncoded: int = 0  # cells with an entry of free text that waits for a name

    @property
    def failures(self) -> dict:
        """Name → failure of the notebooks that failed."""
        return {name: o.failure for name, o in self.outcomes.items() if o.failure}


def run(options: Options) -> Run:
    """Run the notebooks on one cohort and put the exports in place.

    Raises StopRun, before anything has changed, where the study, a parameter or the source cannot
    be used.
    """
    study = _study(options)
    books = notebooks.find(options.folder, paper=study.published is not None)
    if study.published:
        from ppp.published import source

        source.read(study.published)
    parameters = _parameters(options, study)
    notebooks.check(parameters, books)
    warm = options.forked and kernels.warm([name for book in books for name in book.imports])
    cells = sum(len(book.code) for book in books)
    with tqdm(total=cells, bar_format=BAR, leave=False, disable=None) as bar:
        outcomes = {o.book.name: o for o in _outcomes(books, study, parameters, warm=warm, bar=bar)}
    study = _study(options)  # with the weeks that cleaning found
    reports = [_report(book, outcomes.get(book.name), study) for book in books]
    _drop_rows(study, keep=[report.name for report in reports if report.state == "ready"])
    record = exports.provenance(study, _public(study, parameters))
    with exports.staged(study.exports) as folder:
        rows = exports.write(folder, study, reports, outcomes=outcomes, record=record)
    return Run(study, reports, outcomes, uncoded(rows))


def _study(options: Options) -> Study:
    changes = {name: options.parameters[name] for name in NAMES if name in options.parameters}
    return Study.load(options.cohort, options.output, **changes)


def _parameters(options: Options, study: Study) -> dict:
    return {name: place for name, place in study.places.items() if place} | options.parameters


def _public(study: Study, parameters: dict) -> dict:
    """Drop from the parameters what tells of this machine or a person."""
    public = {name: value for name, value in parameters.items() if name != "output"}
    outside = Path(public["cohort"]).is_absolute()
    cohort = f"…/{study.folder.name}" if outside else public["cohort"]
    return public | {"cohort": blot(cohort)}


def _outcomes(books, study: Study, parameters: dict, *, warm: bool, bar: tqdm):
    manager = kernels.ForkedKernels if warm else kernels.StartedKernels
    options = {"timeout": study.run.timeout_s, "manager": manager, "advance": bar.update}
    with _workers() as pool:
        first = pool.submit(notebooks.execute, books[0], parameters, **options).result()
        yield (first := _finished(first, study, bar))
        if first.failure:
            return
        _drop_rows(study, keep=[books[0].name])
        futures = [
            pool.submit(notebooks.execute, book, parameters, **options) for book in books[1:]
        ]
        for future in as_completed(futures):
            yield _finished(future.result(), study, bar)


def _finished(outcome, study: Study, bar: tqdm):
    """Make the page of a notebook that has ended, and write its line above the bar."""
    book, failure, page_content = outcome.book, outcome.failure, None
    if failure and failure.stops and book.number == 1:
        raise StopRun(failure.message)
    if not failure:
        hidden = sorted({str(study.folder.parent), str(study.root), str(ROOT)}, key=len)[::-1]
        about = {"stem": exports.stem(study), "named": titles(book.name, study)}
        try:
            page_content = exports.content(book, outcome.node, hidden=hidden, **about)
        except page.PageError as error:
            failure = notebooks.Failure(0, "PageError", str(error), str(error))
    end = f"FAILED  {failure}" if failure else f"{outcome.seconds:5.1f} s"
    bar.write(f"  {book.name:<22} {end}", file=sys.stdout)
    sys.stdout.flush()
    return replace(outcome, failure=failure, content=page_content)


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
    while any(thread.name.startswith("notebook") for thread in threading.enumerate()):
        kernels.stop_all()
        time.sleep(0.1)


def _report(book, outcome, study: Study) -> page.Report:
    about = {"name": book.name, "title": book.title, "question": book.question}
    about |= titles(book.name, study)
    if outcome is None:
        return page.Report(**about, state="not run", detail="Cleaning failed.")
    if outcome.failure:
        return page.Report(**about, state="failed", detail=outcome.failure.public)
    return page.Report(**about)


def _drop_rows(study: Study, *, keep: list[str]) -> None:
    for file in (study.derived / "rows").glob("*.csv"):
        if file.stem not in keep:
            file.unlink()
