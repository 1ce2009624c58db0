"""Time a full rebuild against the plain loop, side by side and alternating.

The plain loop is what one would type: for each notebook ``papermill``, then ``jupyter nbconvert
--to html``. Run it with ``make bench``; it prints the ratio of medians and fails above one half.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def rebuild(notebooks: list[Path], cohort: str, output: Path) -> None:
    """One run of the driver."""
    quiet = {"stdout": subprocess.DEVNULL, "check": True}
    where = ["--cohort", cohort, "--output", output, "--notebooks", notebooks[0].parent]
    subprocess.run([sys.executable, "-m", "ppp", "run", *where], **quiet)


def plain_loop(notebooks: list[Path], cohort: str, output: Path) -> None:
    """Papermill, then nbconvert, notebook after notebook."""
    quiet = {"check": True, "stderr": subprocess.DEVNULL, "cwd": notebooks[0].parent}
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    for notebook in notebooks:
        done = output / notebook.name
        given = ["-p", "cohort", cohort, "-p", "output", output]
        environment = {"env": os.environ | {"PATH": path}}
        subprocess.run(["papermill", notebook, done, *given], **quiet, **environment)
        subprocess.run(["jupyter", "nbconvert", "--to", "html", done], **quiet, **environment)


def seconds(way, *arguments) -> float:
    """Wall time of one way, into an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        way(*arguments, Path(folder))
        return time.perf_counter() - start


def main() -> int:
    """Measure and print; the exit status is 1 when the rebuild takes more than half."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cohort", default="data/demo")
    parser.add_argument("--notebooks", type=Path, default=ROOT / "notebooks")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    notebooks = sorted(asked.notebooks.resolve().glob("[0-9][0-9]_*.ipynb"))
    times = {rebuild: [], plain_loop: []}
    for turn in range(1, asked.rounds + 1):
        for way, taken in times.items():
            taken.append(seconds(way, notebooks, asked.cohort))
        print(f"round {turn}:", *(f"{way.__name__} {t[-1]:.1f} s" for way, t in times.items()))
    ratio = statistics.median(times[rebuild]) / statistics.median(times[plain_loop])
    print(f"{len(notebooks)} notebooks, ratio of medians {ratio:.2f}")
    return int(ratio > 0.5)


if __name__ == "__main__":
    sys.exit(main())
