"""The lab: copies of the notebooks that are set to a cohort, and the user's own that stay."""

import json
import os
import re

import pytest

from ppp.run import lab
from ppp.study import ROOT, Study


@pytest.fixture
def study(tmp_path):
    return Study.load("tests/cohorts/gaps", tmp_path / "a root")


def edit(path, change):
    notebook = json.loads(path.read_text("utf-8"))
    change(notebook["cells"])
    path.write_text(json.dumps(notebook), "utf-8")


def test_the_copies_are_set_to_the_cohort_and_the_data_are_there(study):
    assert lab.prepare(study) == []
    names = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {path.name for path in study.lab.glob("*.ipynb")} == names and "explore.ipynb" in names
    for name in names:
        cells = json.loads((study.lab / name).read_text("utf-8"))["cells"]
        given = next(c for c in cells if "parameters" in c["metadata"].get("tags", []))
        known = {}
        exec("".join(given["source"]), known)
        assert known["cohort"] == "tests/cohorts/gaps"
        assert known["output"] == str(study.root)
    assert (study.derived / "cells.parquet").is_file()
    assert study.lab.stat().st_mode & 0o077 == 0


def test_what_the_user_changed_stays_and_the_rest_is_refreshed(study, monkeypatch, tmp_path):
    lab.prepare(study)
    hers, ran = study.lab / "03_efficacy.ipynb", study.lab / "02_descriptives.ipynb"
    edit(hers, lambda cells: cells[0].update(source="# Mine"))
    edit(ran, lambda cells: cells[2].update(execution_count=7))
    assert lab.prepare(study) == ["03_efficacy.ipynb"]
    assert "# Mine" in hers.read_text("utf-8")
    assert '"execution_count": 7' in ran.read_text("utf-8")

    newer = tmp_path / "newer"
    newer.mkdir()
    for source in (ROOT / "notebooks").glob("*.ipynb"):
        (newer / source.name).write_text(source.read_text("utf-8"), "utf-8")
        edit(newer / source.name, lambda cells: cells[0].update(source="# Newer"))
    monkeypatch.setattr(lab, "NOTEBOOKS", newer)
    assert lab.prepare(study) == ["03_efficacy.ipynb"]
    assert "# Mine" in hers.read_text("utf-8") and "# Newer" in ran.read_text("utf-8")
    hers.unlink()
    assert lab.prepare(study) == []
    assert "# Newer" in hers.read_text("utf-8")


def test_data_are_cleaned_again_where_a_file_beside_them_is_younger(study, monkeypatch):
    lab.prepare(study)
    cleaned = []
    monkeypatch.setattr(lab.store, "write", lambda *given: cleaned.append(given))
    lab.prepare(study)
    assert not cleaned
    os.utime(study.derived / "source.json", (0, 0))
    lab.prepare(study)
    assert len(cleaned) == 1


def test_jupyter_listens_to_this_machine_alone_and_asks_for_its_token(study):
    command = lab.command(study.lab)
    assert "--ServerApp.ip=127.0.0.1" in command
    assert f"--ServerApp.root_dir={study.lab}" in command
    assert not re.search("token|password|base_url|port=", " ".join(command))
