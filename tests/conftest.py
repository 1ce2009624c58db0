"""The whole analysis of a cohort, run once a session for all tests that look at what came out."""

import fcntl
import hashlib
import os
import pickle
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from ppp.run import pipeline
from ppp.study import ROOT, Study

from .made_rows import *  # noqa: F403 the fixtures of made rows, for every test of a page

collect_ignore_glob = ["benchmark_*.py"]

settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")


@dataclass(frozen=True)
class FinishedRun:
    """What a run without failures left behind.

    Attributes
    ----------
    study : Study
    exports : Path
        Pages, ``results.csv``, ``manifest.json``.
    derived : Path
        Cleaned tables, queries, quarantine, ``rows/``.
    reports : list of Report
        One a notebook.
    """

    study: Study
    exports: Path
    derived: Path
    reports: list

    @property
    def results(self):
        """Path of ``results.csv``."""
        return self.exports / "results.csv"


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Make a thing once a session, whichever of the workers needs it first: ``once(name, make)``.

    `make` takes a folder of its own, and gives what can be pickled.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def of(name, make):
        folder = shared / name
        folder.mkdir(exist_ok=True)
        made = shared / f"{name}.pickle"
        with _locked(shared / f"{name}.lock"):
            if not made.exists():
                made.write_bytes(pickle.dumps(make(folder)))
        return pickle.loads(made.read_bytes())

    return of


@contextmanager
def _locked(path):
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def run_cohort(once):
    """Run all notebooks on a cohort folder; what another worker has run is not run again."""

    def run(cohort):
        def make(output):
            done = pipeline.run(pipeline.Options(cohort=str(cohort), output=str(output)))
            return done.study, done.reports, [f"{n}: {why}" for n, why in done.failures.items()]

        study, reports, failures = once(f"run-{digest(Path(cohort))}", make)
        assert not failures, "\n".join(failures)
        return FinishedRun(study, study.exports, study.derived, reports)

    return run


def digest(cohort):
    """Tell cohorts apart by their files."""
    files = (path for path in sorted(cohort.rglob("*")) if path.is_file())
    content = [(path.relative_to(cohort).as_posix(), path.read_bytes()) for path in files]
    return hashlib.sha256(pickle.dumps(content)).hexdigest()[:16]


@pytest.fixture(scope="session")
def demo_run(run_cohort):
    return run_cohort(ROOT / "data/demo")


@pytest.fixture(scope="session")
def gaps_run(run_cohort):
    return run_cohort(ROOT / "tests/cohorts/gaps")


@pytest.fixture(scope="session")
def dlqi_run(run_cohort):
    return run_cohort(ROOT / "tests/cohorts/dlqi_phase3")
