"""Time and peak memory of the whole driver, on synthetic cohorts of 28 to 10,000 patients.

``make bench`` runs it, and for a workbook of 50,000, whose bar is 90 s and 2 GB. A cohort is a
folder of CSV files, or one workbook, in canonical headings: four visits a patient, one score in ten
missing after the first, one in a hundred out of range, and the more adverse event terms the more
patients. The peak is the largest sum of resident memory over the
driver and all that it started, so pages that forked kernels share count once for each.
The slope is the growth by size: 1 means in proportion to the patients, 0 means not at all.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from math import log10
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

ROOT = Path(__file__).resolve().parents[1]
SIZES = (28, 1_000, 10_000)
WEEKS = (0, 4, 8, 12)
TESTS = {"ALT": ("U/L", 7, 40, 25), "Hemoglobin": ("g/L", 115, 160, 137)}
SITES = ("Skin", "Nasal", "Gastric", "Joint", "Hepatic", "Ocular", "Oral", "Renal", "Nail", "Ear")
KINDS = ("infection", "pain", "oedema", "dryness", "bleeding", "disorder", "itch", "discomfort")
STUDY = """[study]
id = "size_{n}"
title = "A synthetic cohort of many patients"
synthetic = true

[source]
{source}
date_format = "%Y-%m-%d"
"""


def write_cohort(folder: Path, n: int, *, seed: int = 1, xlsx: bool = False) -> Path:
    """Write study.toml and the CSV files, or the workbook, of `n` patients; return the folder."""
    rng = np.random.default_rng([seed, n])
    patients = _patients(rng, n)
    tables = {
        "patients": patients,
        "visits": _visits(rng, patients),
        "adverse_events": _adverse_events(rng, patients),
        "labs": _labs(rng, patients),
    }
    source = 'file = "cohort.xlsx"' if xlsx else 'folder = "csv"'
    (folder / "csv").mkdir(parents=True)
    (folder / "study.toml").write_text(STUDY.format(n=n, source=source), "utf-8")
    if xlsx:
        with pd.ExcelWriter(folder / "cohort.xlsx") as book:
            for name, table in tables.items():
                table.to_excel(book, sheet_name=name, index=False)
        return folder
    for name, table in tables.items():
        table.to_csv(folder / "csv" / f"{name}.csv", index=False, date_format="%Y-%m-%d")
    return folder


def _patients(rng, n: int) -> pd.DataFrame:
    start = pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 600, n), unit="D")
    return pd.DataFrame(
        {
            "patient_id": [f"P{number:06d}" for number in rng.permutation(n)],
            "sex": rng.choice(["female", "male"], n, p=[0.64, 0.36]),
            "age_years": rng.normal(48, 12, n).clip(18, 90).round(),
            "sapho": rng.choice(["yes", "no"], n, p=[0.29, 0.71]),
            "start_date": start,
            "last_visit_date": start + pd.Timedelta(weeks=WEEKS[-1]),
        }
    )


def _visits(rng, patients: pd.DataFrame) -> pd.DataFrame:
    n = len(patients)
    share = [1.0, 0.7, 0.5, 0.35] * rng.lognormal(0, 0.25, (n, len(WEEKS)))
    pppasi = (rng.gamma(6, 2.4, n)[:, None] * share).clip(0, 72).round(1)
    dlqi = (rng.normal(14, 5, n).clip(1, 30)[:, None] * share).clip(0, 30).round()
    pga = (pppasi / 6).clip(0, 4).round()
    late = np.arange(len(WEEKS)) > 0
    for values in (pppasi, dlqi, pga):
        values[rng.random(values.shape) < 0.01] = 99
        values[(rng.random(values.shape) < 0.1) & late] = np.nan
    return pd.DataFrame(
        {
            "patient_id": patients["patient_id"].repeat(len(WEEKS)),
            "week": np.tile(WEEKS, n),
            "pppasi": pppasi.ravel(),
            "dlqi": dlqi.ravel(),
            "pga": pga.ravel(),
        }
    )


def _adverse_events(rng, patients: pd.DataFrame) -> pd.DataFrame:
    having = patients.sample(frac=0.7, replace=True, random_state=rng)
    n = len(having)
    terms = [
        f"{site} {kind} {kind_of}" for kind_of in "ABCDEFGH" for kind in KINDS for site in SITES
    ]
    onset = having["start_date"] + pd.to_timedelta(rng.integers(0, 84, n), unit="D")
    return pd.DataFrame(
        {
            "patient_id": having["patient_id"],
            "term": np.array(terms)[(rng.zipf(1.5, n) - 1) % len(terms)],
            "start_date": onset,
            "end_date": onset + pd.to_timedelta(rng.integers(1, 30, n), unit="D"),
            "grade": rng.choice([1, 2, 3], n, p=[0.6, 0.35, 0.05]),
            "serious": rng.choice(["yes", "no"], n, p=[0.03, 0.97]),
            "related": rng.choice(["yes", "no"], n),
        }
    )


def _labs(rng, patients: pd.DataFrame) -> pd.DataFrame:
    wanted = [(test, week, *about) for test, about in TESTS.items() for week in (0, 12)]
    columns = ["test", "week", "unit", "lln", "uln", "middle"]
    labs = patients[["patient_id"]].merge(pd.DataFrame(wanted, columns=columns), how="cross")
    value = labs.pop("middle") * rng.lognormal(0, 0.2, len(labs))
    return labs.assign(value=value.round())


class Peak(threading.Thread):
    """Watches a process and all that it starts; `mb` is the most they held together."""

    def __init__(self, pid: int, *, every: float = 0.1):
        super().__init__(daemon=True)
        self._top, self._every, self.mb = psutil.Process(pid), every, 0.0

    def run(self):
        while True:
            try:
                family = [self._top, *self._top.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            self.mb = max(self.mb, sum(map(_resident, family)) / 1e6)
            time.sleep(self._every)


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0


def measure(n: int, folder: Path, *, xlsx: bool = False) -> dict:
    """Run the driver on a new cohort of `n` patients in `folder`; say what it took and made."""
    cohort = write_cohort(folder / "cohort", n, xlsx=xlsx)
    where = ["--cohort", str(cohort), "--output", str(folder / "output")]
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "ppp", "run", *where], cwd=ROOT, stdout=subprocess.DEVNULL
    ) as driver:
        peak = Peak(driver.pid)
        peak.start()
        status = driver.wait()
        seconds = time.perf_counter() - start
        peak.join()
    made = folder / "output" / "exports" / f"size_{n}"
    if status == 2:
        raise SystemExit(f"The run of {n} patients was stopped.")
    pages = {page.name: page.stat().st_size for page in made.glob("*.html")}
    largest = max(pages, key=pages.get)
    return {
        "seconds": seconds,
        "mb": peak.mb,
        "status": status,
        "rows": len(pd.read_csv(made / "results.csv")),
        "kb": pages[largest] / 1e3,
        "page": largest,
        "notebooks": json.loads((made / "manifest.json").read_text("utf-8"))["notebooks"],
    }


def slope(small: float, large: float, grew: float) -> str:
    """Give the exponent of growth between two sizes."""
    return f"{log10(large / small) / log10(grew):.2f}" if small > 0 and large > 0 else "–"


def main() -> int:
    """Measure each size and print the table; the exit status is 1 when a notebook failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--keep", type=Path, help="empty folder for cohorts and exports")
    parser.add_argument("--xlsx", action="store_true", help="a workbook in place of CSV files")
    asked = parser.parse_args()
    print(
        f"{'patients':>8} {'seconds':>8} {'slope':>6} {'peak MB':>8} {'slope':>6} {'rows':>6} "
        f"{'page kB':>8}  largest page"
    )
    last, status = None, 0
    for n in asked.sizes:
        with tempfile.TemporaryDirectory() as aside:
            found = measure(n, (asked.keep or Path(aside)) / str(n), xlsx=asked.xlsx)
        grew = [
            slope(last[key], found[key], n / last["n"]) if last else "" for key in ("seconds", "mb")
        ]
        print(
            f"{n:>8,} {found['seconds']:>8.1f} {grew[0]:>6} {found['mb']:>8,.0f} {grew[1]:>6} "
            f"{found['rows']:>6,} {found['kb']:>8,.0f}  {found['page']}"
        )
        for book in found["notebooks"]:
            state = "" if book["state"] == "ready" else f": {book['state']}"
            print(f"{'':>8} {book.get('seconds', 0):>8.1f}  {book['name']}{state}", flush=True)
        last, status = found | {"n": n}, max(status, found["status"])
    return status


if __name__ == "__main__":
    sys.exit(main())
