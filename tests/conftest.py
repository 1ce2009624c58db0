"""The whole analysis of a cohort, run once a session for all tests that look at what came out."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from ppp.run import pipeline
from ppp.study import ROOT, Study

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
def run_cohort(tmp_path_factory):
    """Run all notebooks on a cohort folder, into a temporary folder."""

    def run(cohort):
        output = tmp_path_factory.mktemp("run")
        done = pipeline.run(pipeline.Options(cohort=str(cohort), output=str(output)))
        failures = [f"{name}: {failure}" for name, failure in done.failures.items()]
        assert not failures, "\n".join(failures)
        return FinishedRun(done.study, done.study.exports, done.study.derived, done.reports)

    return run


@pytest.fixture(scope="session")
def demo_run(run_cohort):
    return run_cohort(ROOT / "data/demo")


@pytest.fixture(scope="session")
def gaps_run(run_cohort):
    return run_cohort(ROOT / "tests/cohorts/gaps")


@pytest.fixture(scope="session")
def dlqi_run(run_cohort):
    return run_cohort(ROOT / "tests/cohorts/dlqi_phase3")
