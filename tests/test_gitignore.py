"""Nothing of a patient can be committed by ``git add -A``, wherever a user puts it."""

import shutil
import subprocess

import pytest

from ppp.study import ROOT

LEAKS = [
    "data/my_centre/study.toml",
    "data/my_centre/patients.csv",
    "data/raw/my_centre/cohort.xlsx",
    "data/raw/my_centre/terms.csv",
    "my_centre/visits.csv",
    "out/data/derived/x/id_key.csv",
    "out/exports/x/results.csv",
    "data/out/exports/x/index.html",
    "tests/out/data/derived/x/queries.csv",
    "docs/out/exports/x/results.csv",
    "lab/x/03_efficacy.ipynb",
    "docs/out/lab/x/03_efficacy.ipynb",
    "cohort.xlsx",
    "patients.csv",
    "notebooks/cohort.xlsm",
    "notebooks/id_key.csv",
    "notebooks/visits.parquet",
    "~$cohort.xlsx",
    "data/demo/~$cohort.xlsx",
    "notebooks/.ipynb_checkpoints/03_efficacy-checkpoint.ipynb",
]


def git(folder, *words):
    return subprocess.run(
        ["git", "-C", folder, *words], check=True, capture_output=True, text=True
    ).stdout.splitlines()


@pytest.fixture
def checkout(tmp_path):
    git(tmp_path, "init", "-q")
    shutil.copy(ROOT / ".gitignore", tmp_path)
    return tmp_path


def test_add_all_takes_nothing_of_a_patient(checkout):
    for name in LEAKS:
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text("P01")
    git(checkout, "add", "-A")
    assert git(checkout, "diff", "--cached", "--name-only") == [".gitignore"]


def test_add_all_takes_what_a_developer_writes(checkout):
    new = [
        "data/demo/cohort.xlsx",
        "data/more.csv",
        "docs/a.png",
        "lib/ppp/a.py",
        "notebooks/7.ipynb",
    ]
    new += ["tests/cases/a/cohort.xlsx", "tests/cohorts/a/csv/visits.csv", "NEWS.md"]
    for name in new:
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text("")
    git(checkout, "add", "-A")
    assert set(git(checkout, "diff", "--cached", "--name-only")) == {".gitignore", *new}
