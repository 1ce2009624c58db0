"""Where a run came from: data, code, libraries, parameters."""

import hashlib
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from ppp.study import ROOT


def record(study, parameters: dict) -> dict:
    """Gather all of it for ``manifest.json``; `parameters` are what the notebooks were given."""
    return {
        "study": {"id": study.id, "title": study.title, "synthetic": study.synthetic},
        "source": {"sha256": study.source.sha256(), "dated": _dated(study.source.path)},
        "commit": _git("describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"),
        "lock_sha256": _lock(),
        "versions": _versions(),
        "parameters": parameters,
        "seed": study.run.seed,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def lines(record: dict) -> dict[str, str]:
    """Choose what stands at the foot of a page: term → value."""
    named = ("python", "pandas", "scipy", "statsmodels", "pingouin")
    versions = (f"{name} {record['versions'].get(name, '?')}" for name in named)
    parameters = (f"{name} = {value}" for name, value in record["parameters"].items())
    return {
        "Data SHA-256": record["source"]["sha256"],
        "Data of": record["source"]["dated"],
        "Code": record["commit"] or "not under git",
        "Lock SHA-256": record["lock_sha256"][:12],
        "Parameters": ", ".join(parameters),
        "Seed": str(record["seed"]),
        "Versions": ", ".join(versions),
        "Run": record["started"].replace("T", " ").replace("+00:00", " UTC"),
    }


def _dated(path: Path) -> str:
    """Return the day of the source: that of its last commit, else that of the file."""
    day = _git("log", "-1", "--format=%cs", "--", str(path))
    return day or datetime.fromtimestamp(path.stat().st_mtime).date().isoformat()


def _git(*words: str) -> str:
    """Return what git says of the code; empty without git."""
    try:
        done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _lock() -> str:
    file = ROOT / "requirements.lock"
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def _versions() -> dict[str, str]:
    """Versions of Python, of this package and of each library it depends on."""
    needed = [line for line in metadata.requires("ppp") or [] if "extra ==" not in line]
    names = ["ppp", *(re.match(r"[\w.-]+", line)[0] for line in needed)]
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in names}
