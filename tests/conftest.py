"""A study and random cohorts in memory, and whole runs, once a session, of cohorts on disk."""

import fcntl
import hashlib
import os
import pickle
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

from ppp.run import pipeline
from ppp.study import ROOT, Study

from .made_rows import *  # noqa: F403 the fixtures of made rows, for every test of a page

collect_ignore_glob = ["benchmark_*.py"]
DAY = pd.Timedelta(1, "D")

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


def pytest_collection_modifyitems(items):
    """Begin with the files that run notebooks or a browser, so that none is left for the end."""
    slow = {i.path for i in items if i.get_closest_marker("slow") or "pages" in i.path.parts}
    items.sort(key=lambda item: item.path not in slow)


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
    files = (path for path in sorted(cohort.rglob("*")) if path.is_file() and path.suffix != ".pyc")
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


@pytest.fixture(scope="session")
def easi_run(run_cohort):
    return run_cohort(ROOT / "tests/cohorts/easi")


@pytest.fixture
def make_study(tmp_path):
    """Load a real `Study` from TOML sections."""

    def make(sections=""):
        (tmp_path / "cohort.xlsx").touch()
        head = '[study]\nid = "trial"\n[source]\nfile = "cohort.xlsx"\n'
        (tmp_path / "study.toml").write_text(head + sections, encoding="utf-8")
        return Study.load(tmp_path)

    return make


@pytest.fixture
def study(make_study):
    return make_study()


@pytest.fixture
def make_cohort():
    return random_cohort


def random_cohort(seed, n=28, missing=0.15):
    """Patients and visits with gaps, stops, unscheduled weeks and patients never seen."""
    rng = np.random.default_rng(seed)
    ids = [f"P{i:04d}" for i in range(1, n + 1)]
    patients = _patients(rng, ids)
    rows = [_visit(rng, patients, week, missing) for week in (0, 4, 6, 8, 12)]
    visits = pd.concat(rows, ignore_index=True)
    dropped = rng.random(len(visits)) < missing / 2
    return patients, visits[~dropped].reset_index(drop=True)


def _patients(rng, ids):
    n = len(ids)
    start = pd.Timestamp("2023-01-01") + rng.integers(0, 300, n) * DAY
    stop = pd.Series(start + 50 * DAY).where(rng.random(n) < 0.2)
    drugs = np.array(["acitretin", "methotrexate", "cyclosporine"])
    return pd.DataFrame(
        {
            "study_id": pd.Series(ids, dtype="str"),
            "sex": _text(rng, ["female", "male", None], n),
            "age_years": rng.integers(18, 80, n).astype(float),
            "sapho": _text(rng, ["yes", "no", "no", None], n),
            "start_date": start,
            "stop_date": stop,
            "stop_reason": pd.Series(["lack of effect"] * n, dtype="str").where(stop.notna()),
            "last_visit_date": start + 84 * DAY,
            "bmi": np.where(rng.random(n) < 0.2, np.nan, rng.normal(25, 3, n)),
            "prior_treatments": pd.Series(
                ["; ".join(drugs[rng.random(3) < 0.6]) or None for _ in ids], dtype="str"
            ),
        }
    )


def _text(rng, choices, n):
    return pd.Series([choices[i] for i in rng.integers(0, len(choices), n)], dtype="str")


def _visit(rng, patients, week, missing):
    n, share = len(patients), 1 - week / 16
    scores = pd.DataFrame(
        {
            "pppasi": (rng.integers(0, 300, n) * share / 10).round(1),
            "dlqi": np.round(rng.integers(0, 31, n) * share),
            "pga": np.round(rng.integers(0, 5, n) * share),
            "crp_mg_l": rng.gamma(2, 4, n),
        }
    )
    scores = scores.mask(rng.random(scores.shape) < missing)
    where = {"study_id": patients["study_id"], "week": week}
    where["date"] = patients["start_date"] + 7 * week * DAY
    return pd.DataFrame(where).astype({"week": "Int64"}).join(scores)
