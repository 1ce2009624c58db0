"""The figures of the paper, and a cohort's results rows to set them beside."""

import csv

import numpy as np
import pytest

from ppp import results
from ppp.published import rows as published
from ppp.study import ROOT, Study

PAPER = ROOT / "data" / "demo" / "published.csv"


@pytest.fixture(scope="session")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    (folder / "cohort.xlsx").touch()
    head = '[study]\nid = "trial"\nsynthetic = true\n[source]\nfile = "cohort.xlsx"\n'
    (folder / "study.toml").write_text(head, encoding="utf-8")
    return Study.load(folder)


@pytest.fixture(scope="session")
def figures():
    return published.read(PAPER)


@pytest.fixture(scope="session")
def audited(figures, study):
    return published.audit(figures, study)


@pytest.fixture
def empty():
    return results.frame([])


@pytest.fixture
def cohort():
    """Rows of a cohort that has some of the paper's figures, other ones, and gaps."""
    made = [
        results.row("flow", "patients", "count", 28, level="enrolled", n=28),
        results.row("count", "sex", "count", 9, level="male", n=28, events=9),
        results.row("summary", "age_years", "mean", 36.349, n=28),
        results.row("summary", "dlqi", "mean", 351 / 28, week=0, n=28, missing="observed"),
        results.row("summary", "dlqi", "sd", 4.5649, week=0, n=28, missing="observed"),
        results.row("summary", "pppasi", "mean", np.nan, week=0, n=0, note="no data"),
    ]
    return results.frame(made)


@pytest.fixture
def changed(tmp_path):
    """Write the paper's file with other cells, by key; return the path."""

    def change(cells):
        with PAPER.open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        for line in lines:
            line.update(cells.get(line["key"], {}))
        path = tmp_path / "published.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, lines[0])
            writer.writeheader()
            writer.writerows(lines)
        return path

    return change
