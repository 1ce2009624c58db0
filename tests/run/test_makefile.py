import os
import re
import shutil
import subprocess

import pytest

from ppp.study import ROOT

MAKE = shutil.which("make") or ""
pytestmark = pytest.mark.skipif(not MAKE, reason="make is not installed")


def make(*words, folder=ROOT, **environment):
    clean = {key: value for key, value in os.environ.items() if key != "CONDA_DEFAULT_ENV"}
    return subprocess.run(
        [MAKE, "--no-print-directory", *words],
        cwd=folder,
        env=clean | environment,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def fresh(tmp_path):
    for name in ("Makefile", "environment.yml", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_help_fits_one_screen_and_names_every_command():
    shown = make().stdout
    assert shown == make("help").stdout and len(shown.splitlines()) <= 24
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"^  make (\w+)", shown, re.MULTILINE)) == set(phony[1].split())


def test_our_conda_environment_is_used_and_no_venv_made(fresh):
    shown = make("-n", "all", folder=fresh, CONDA_DEFAULT_ENV="ppp").stdout
    assert shown.startswith("python -m ppp run") and ".venv" not in shown


@pytest.mark.parametrize("active", ["", "base"])
def test_otherwise_a_venv_is_made_from_the_lock(fresh, active):
    shown = make("-n", "test", folder=fresh, CONDA_DEFAULT_ENV=active).stdout
    assert "--require-hashes -r requirements.lock" in shown
    assert shown.rstrip().endswith(".venv/bin/python -m pytest -n 2 --dist loadfile")


def test_a_second_make_installs_nothing_until_the_lock_changes(fresh):
    stamp = re.search(r"\.venv/\.ready-\d+", make("-n", "all", folder=fresh).stdout)[0]
    (fresh / ".venv").mkdir()
    (fresh / stamp).touch()
    assert "pip" not in make("-n", "all", folder=fresh).stdout
    with (fresh / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert "pip" in make("-n", "all", folder=fresh).stdout


def test_a_missing_python_gets_one_sentence(fresh):
    tools = fresh / "bin"
    tools.mkdir()
    for name in ("sh", "sed", "cat", "cksum", "cut"):
        (tools / name).symlink_to(shutil.which(name))
    done = make("all", folder=fresh, PATH=str(tools))
    told = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert done.returncode and len(told) == 1 and "apt install python3 python3-venv" in told[0]
    assert not (fresh / ".venv").exists()


def test_a_missing_venv_module_gets_one_sentence(fresh):
    tools = fresh / "bin"
    tools.mkdir()
    stub = tools / "python3"
    stub.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n')
    stub.chmod(0o755)
    done = make("all", folder=fresh, PATH=f"{tools}:{os.environ['PATH']}")
    told = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert done.returncode and len(told) == 1 and "python3-venv" in told[0]


def test_clean_never_touches_raw_data(fresh):
    raw = fresh / "data" / "raw" / "mine"
    raw.mkdir(parents=True)
    (fresh / "data" / "derived" / "a").mkdir(parents=True)
    (fresh / "exports").mkdir()
    make("clean", folder=fresh)
    assert raw.is_dir() and not (fresh / "exports").exists()
    assert not (fresh / "data" / "derived").exists()
