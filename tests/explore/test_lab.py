"""The real JupyterLab in a real browser: explore, trace, take along, save; and git sees nothing."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from sysconfig import get_path
from tempfile import TemporaryDirectory

import papermill
import pytest

from ppp import results
from ppp.data import cleaning, store
from ppp.efficacy.rows import change
from ppp.explore import answer
from ppp.explore import choice as explore
from ppp.study import ROOT, Study

from ..browser.conftest import *  # noqa: F403 the browser

pytestmark = pytest.mark.slow
NOBODY = 65534
IDLE = "Python 3 (ipykernel) | Idle"


def git(folder, *words):
    safe = ("-c", f"safe.directory={folder}", "-c", "user.name=a", "-c", "user.email=a@b")
    command = ["git", *safe, "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo's patients and study, cleaned, with the results rows of one analysis."""
    study = Study.load("data/demo", tmp_path_factory.mktemp("output"))
    store.write(cleaning.clean(study), study)
    data = store.load(study)
    results.save(change.change(data.visits, data.patients, study), study.derived, "03_efficacy")
    return data, study


@pytest.fixture
def checkout(demo):
    """A repository of its own with what this one holds, in a folder with a space.

    Not in pytest's own folder, which is closed to other users.
    """
    with TemporaryDirectory() as folder:
        yield repository(Path(folder) / "my files", demo[1])


def repository(copy, study):
    for name in git(ROOT, "ls-files", "-co", "--exclude-standard", "-z").split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    git(copy, "init", "-q")
    git(copy, "add", "-A")
    git(copy, "commit", "-qm", "all")
    shutil.copytree(study.derived, copy / "data/derived/demo", copy_function=shutil.copy)
    return copy


def ordinary(folder: Path) -> tuple[list[str], dict]:
    """Hand a folder to a user who is not root; give what begins that user's commands, and the rest.

    The interpreter is the machine's own of the same version: the tests' may lie out of reach.
    """
    if os.getuid():
        return [sys.executable], {}
    setpriv = shutil.which("setpriv")
    version = f"python3.{sys.version_info.minor}"
    python = shutil.which(version, path="/usr/local/bin:/usr/bin")
    if not (setpriv and python):
        pytest.skip(f"no setpriv, or no {version} of the machine's own")
    subprocess.run(["chown", "-R", str(NOBODY), folder.parent], check=True)
    share = f"{sys.prefix}/share/jupyter"
    env = {"JUPYTER_PATH": share, "JUPYTERLAB_DIR": f"{share}/lab", "MORE": get_path("purelib")}
    user = [setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", python]
    about = {"env": os.environ | {"PYTHONPATH": env["MORE"]}, "capture_output": True, "cwd": folder}
    if subprocess.run([*user, "-c", "import jupyterlab, pandas"], **about).returncode:
        pytest.skip("no other user can read the packages of this Python")
    return user, env


@contextmanager
def jupyter(folder: Path, python: list[str], more: dict):
    """Run ``python -m ppp lab`` until the block ends; give the address that it prints."""
    places = os.pathsep.join(filter(None, [str(folder / "lib"), more.get("MORE")]))
    env = os.environ | more | {"PYTHONPATH": places, "HOME": str(folder.parent)}
    command = [*python, "-m", "ppp", "lab", "--", "--no-browser"]
    about = {"cwd": folder, "env": env, "stderr": subprocess.STDOUT, "text": True}
    with (folder.parent / "log").open("w+") as log:
        server = subprocess.Popen(command, stdout=log, start_new_session=True, **about)
        try:
            yield _address(folder.parent / "log", server)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)


def _address(log: Path, server) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        if found := re.search(r"http://127\.0\.0\.1:\d+/\S+token=\w+", log.read_text()):
            return found[0]
        time.sleep(0.3)
    raise AssertionError(log.read_text())


def until(get, expected):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if expected in (now := get()):
            return now
        time.sleep(0.2)
    raise AssertionError(f"{expected!r} is not in {now!r}")


@pytest.mark.parametrize("who", ["root", pytest.param("ordinary", marks=pytest.mark.recompute)])
def test_explore_take_along_and_save_and_git_sees_nothing(
    who, checkout, browser, demo, monkeypatch
):
    if who == "root" and os.getuid():
        pytest.skip("the tests are not run as root")
    python, more = ordinary(checkout) if who == "ordinary" else ([sys.executable], {})
    page = browser.new_page(viewport={"width": 1400, "height": 1500})
    with jupyter(checkout, python, more) as address:
        page.goto(address)
        page.get_by_text(IDLE).wait_for(timeout=60_000)
        page.get_by_role("menuitem", name="Run", exact=True).first.click()
        page.get_by_text("Run All Cells", exact=True).click()
        page.locator(".said").wait_for(timeout=60_000)
        ask_and_compare(page, demo)
        profile_and_trace(page, demo)
        page.get_by_role("button", name="Take it with you").click()
        page.get_by_text("Written, with its figures").wait_for()
        page.keyboard.press("Control+s")
        saved = checkout / "lab/demo/explore.ipynb"
        until(lambda: saved.read_text("utf-8"), '"execution_count": 6')
    page.close()
    assert git(checkout, "status", "--porcelain") == ""
    git(checkout, "add", "-A")
    assert git(checkout, "diff", "--cached", "--name-only") == ""
    taken = checkout / "lab/demo/pppasi_week_8_1.ipynb"
    assert taken.with_suffix(".svg").is_file() and taken.with_suffix(".png").is_file()
    if who == "root":
        monkeypatch.setenv("PYTHONPATH", str(checkout / "lib"))
        run_again(taken, checkout, demo)


def ask_and_compare(page, demo):
    page.get_by_label("Sex", exact=True).select_option("female")
    page.get_by_label("Week", exact=True).select_option("8")
    threshold = page.get_by_label("Threshold")
    threshold.fill("60")
    threshold.press("Tab")
    view = explore.view(*demo, explore.Choice("pppasi", 8, "nri", value=60, cuts={"sex": "female"}))
    until(lambda: page.inner_text(".said"), answer.sentence(view, *demo))
    shown = page.inner_text("#tbl-answer").replace("\N{NO-BREAK SPACE}", " ")
    assert f"{len(view.ids)} of 28" in shown
    page.get_by_label("Outcome", exact=True).select_option("DLQI")
    until(lambda: page.inner_text(".said"), "DLQI")
    page.get_by_label("Outcome", exact=True).select_option("PPPASI")
    until(lambda: page.inner_text(".said"), "PPPASI-50")
    assert "questions looked at" in page.inner_text(".jp-Notebook")


def profile_and_trace(page, demo):
    page.locator("#fig-profile-P01").wait_for()
    patients = page.get_by_label("Patient", exact=True)
    patients.first.select_option("P09")
    page.locator("#fig-profile-P09").wait_for()
    assert "week 12" in page.locator("#fig-profile-P09 img").get_attribute("alt")
    page.get_by_label("statistic", exact=True).select_option("mean_change")
    page.get_by_role("button", name="Trace", exact=True).click()
    page.locator("#tbl-trace").first.wait_for()
    assert re.search(r"随访 Visits!\w+\d", page.locator("#tbl-trace").first.inner_text())


def run_again(taken, checkout, demo):
    ran = papermill.execute_notebook(str(taken), None, progress_bar=False, cwd=str(checkout))
    said = next(o["text"] for c in ran.cells for o in c.get("outputs", []) if "text" in o)
    view = explore.view(*demo, explore.Choice("pppasi", 8, "nri", value=50, cuts={"sex": "female"}))
    assert said.strip() == answer.sentence(view, *demo)
