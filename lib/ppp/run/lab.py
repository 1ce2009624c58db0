"""JupyterLab on copies of the notebooks: what is saved there, git never sees."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

from ppp.data import cleaning, store
from ppp.run.pipeline import NOTEBOOKS
from ppp.study import Study

GIVEN = ".given.json"
FIRST = "explore.ipynb"


def prepare(study: Study) -> list[str]:
    """Copy the notebooks into ``study.lab``, set to the cohort; clean it where that is not done.

    A copy whose cells the user changed stays as it is: its name is returned. One that nobody
    changed is replaced when the notebook has another text.
    """
    if not _cleaned(study):
        store.write(cleaning.clean(study), study)
    folder = study.lab
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / GIVEN
    given = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    kept = []
    for source in sorted(NOTEBOOKS.glob("*.ipynb")):
        fresh, copy = _for(study, json.loads(source.read_text("utf-8"))), folder / source.name
        has = _digest(json.loads(copy.read_text("utf-8"))) if copy.is_file() else ""
        if has and has != given.get(copy.name):
            kept.append(copy.name)
            continue
        if has != _digest(fresh):
            copy.write_text(json.dumps(fresh, ensure_ascii=False, indent=1) + "\n", "utf-8")
        given[copy.name] = _digest(fresh)
    file.write_text(json.dumps(given), "utf-8")
    return kept


def _cleaned(study: Study) -> bool:
    """Tell whether the source was cleaned as it is, and after every file beside it."""
    written = study.derived / "source.json"
    if not (written.is_file() and (study.derived / f"{store.CELLS}.parquet").is_file()):
        return False
    beside = [file.stat().st_mtime for file in study.folder.iterdir() if file.is_file()]
    same = json.loads(written.read_text("utf-8"))["sha256"] == study.source.sha256()
    return same and max(beside) <= written.stat().st_mtime


def _for(study: Study, notebook: dict) -> dict:
    """Set the parameters cell of a notebook to a cohort."""
    for cell in notebook["cells"]:
        if "parameters" in cell.get("metadata", {}).get("tags", []):
            lines = "".join(cell["source"])
            for name, place in study.places.items():
                said = f"{name} = {json.dumps(place, ensure_ascii=False)}"
                lines = re.sub(rf"^{name} = .*$", lambda _, said=said: said, lines, flags=re.M)
            cell["source"] = lines.splitlines(keepends=True)
    return notebook


def _digest(notebook: dict) -> str:
    """Tell notebooks apart by their cells alone; outputs do not count."""
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def command(folder: Path, more=()) -> list[str]:
    """Say how JupyterLab is started: on this machine alone, with a token, on a free port.

    Where it listens behind a proxy is left to Jupyter's own settings.
    """
    return [
        *(sys.executable, "-m", "jupyterlab", "--ServerApp.ip=127.0.0.1"),
        *("--ServerApp.port_retries=200", "--ServerApp.allow_root=True"),
        *(f"--ServerApp.root_dir={folder}", f"--LabApp.default_url=/lab/tree/{FIRST}", *more),
    ]


def open_lab(study: Study, more=()) -> int:
    """Prepare the folder and run JupyterLab in it until it is stopped; `more` options are its."""
    for name in prepare(study):
        print(f"{name} has changes of yours and stays; delete it for a fresh copy.")
    print(f"Notebooks of {study.id}: {study.lab} (not in git)", flush=True)
    return subprocess.run(command(study.lab, more), cwd=study.lab).returncode
