"""Time and peak memory of the safety analyses: 20 adverse events a patient, 28 to 10,000 patients.

``make bench`` runs it. The largest trial has 200,000 events of 1,500 terms in 20 SOCs, one in ten
dated to the month or the year and one in twenty not at all, and 13 laboratory tests at four
visits. Each size has a process of its own; the peak is what it held beyond its imports, ``data``
the part reached before the first analysis. The slope is the growth by size: 1 means in
proportion to the patients, 0 means not at all.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from benchmark_estimators import peak, slope

from ppp.study import Study

SIZES = (28, 1_000, 10_000)
EVENTS_EACH = 20
WEEKS = (0, 4, 8, 12)
TERMS, SOCS = 1_500, 20
SPECIAL = (
    "Herpes zoster",
    "Anaemia",
    "ALT increased",
    "带状疱疹",
    "痤疮",
    "Pneumonia",
    "Weight gain",
)
LIMITS = {
    "ALT": ("U/L", 7, 40),
    "AST": ("U/L", 8, 40),
    "ALP": ("U/L", 40, 130),
    "GGT": ("U/L", 8, 60),
    "CK": ("U/L", 30, 190),
    "Bilirubin": ("µmol/L", 3, 21),
    "Creatinine": ("µmol/L", 45, 104),
    "Haemoglobin": ("g/L", 115, 160),
    "Leukocytes": ("10^9/L", 4, 10),
    "Neutrophils": ("10^9/L", 1.8, 7.5),
    "Lymphocytes": ("10^9/L", 1, 4),
    "Platelets": ("10^9/L", 125, 350),
    "LDL cholesterol": ("mmol/L", 1.5, 3.4),
}
STUDY = '[study]\nid = "trial"\nsynthetic = true\n[source]\nfolder = "."\n'


def trial(n: int, *, seed: int = 1) -> dict[str, pd.DataFrame]:
    """Make the cleaned frames of a trial of `n` patients, rows in random order."""
    rng = np.random.default_rng([seed, n])
    patients = _patients(rng, n)
    frames = {
        "patients": patients,
        "visits": _visits(patients),
        "adverse_events": _adverse_events(rng, patients),
        "labs": _labs(rng, patients),
    }
    return {
        name: frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)
        for name, frame in frames.items()
    }


def _patients(rng, n: int) -> pd.DataFrame:
    start = pd.Series(pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 600, n), "D"))
    stop = start + pd.to_timedelta(rng.integers(1, 84, n), "D")
    stopped = rng.random(n) < 0.2
    reasons = rng.choice(["adverse event", "lack of efficacy", "patient decision"], n)
    return pd.DataFrame(
        {
            "study_id": [f"P{number:06d}" for number in range(n)],
            "sapho": rng.choice(["yes", "no"], n, p=[0.29, 0.71]),
            "start_date": start,
            "stop_date": stop.where(stopped),
            "stop_reason": pd.Series(reasons, dtype="str").where(stopped),
            "last_visit_date": start + pd.Timedelta(weeks=WEEKS[-1]),
        }
    )


def _visits(patients: pd.DataFrame) -> pd.DataFrame:
    weeks = pd.DataFrame({"week": pd.array(WEEKS, dtype="Int64"), "status": "done"})
    visits = patients[["study_id", "start_date"]].merge(weeks, how="cross")
    date = visits.pop("start_date") + pd.to_timedelta(7 * visits["week"].astype(int), "D")
    return visits.assign(date=date, pppasi=10.0)


def _adverse_events(rng, patients: pd.DataFrame) -> pd.DataFrame:
    n = EVENTS_EACH * len(patients)
    who = patients.iloc[rng.integers(0, len(patients), n)]
    start = who["start_date"].reset_index(drop=True) + pd.to_timedelta(
        np.minimum(rng.exponential(40, n), 150).astype(int) - 2, "D"
    )
    terms = np.array([*SPECIAL, *(f"Disorder number {i}" for i in range(TERMS - len(SPECIAL)))])
    term = (rng.zipf(1.3, n) - 1) % TERMS
    soc = np.array([f"System organ class {i}" for i in range(SOCS)])[term % SOCS]
    words = {
        "serious": rng.choice(["yes", "no"], n, p=[0.03, 0.97]),
        "related": rng.choice(["yes", "no"], n),
        "action": rng.choice(
            ["none", "interrupted", "dose reduced", "withdrawn"], n, p=[0.9, 0.05, 0.03, 0.02]
        ),
        "outcome": rng.choice(["recovered", "ongoing", "fatal"], n, p=[0.8, 0.1999, 0.0001]),
    }
    table = pd.DataFrame({"study_id": who["study_id"].to_numpy(), "term": terms[term], "soc": soc})
    table = table.assign(grade=pd.array(rng.integers(1, 4, n), dtype="Int64"), **words)
    texts = table.columns.drop("grade")
    table = table.astype(dict.fromkeys(texts, "str"))
    table.loc[rng.random(n) < 0.01, "soc"] = None
    return table.assign(**_starts(rng, start))


def _starts(rng, start: pd.Series) -> dict[str, pd.Series]:
    """Blur one date in twenty to its month, one to its year, and drop one."""
    kind = rng.choice(["day", "month", "year", "none"], len(start), p=[0.85, 0.05, 0.05, 0.05])
    earliest, latest = start.copy(), start.copy()
    for name, unit in {"month": "M", "year": "Y"}.items():
        period = start[kind == name].dt.to_period(unit)
        earliest[kind == name] = period.dt.start_time
        latest[kind == name] = period.dt.end_time.dt.normalize()
    unknown = pd.Series(kind == "none")
    return {
        "start_date": start.where(kind == "day"),
        "start_earliest": earliest.mask(unknown),
        "start_latest": latest.mask(unknown),
    }


def _labs(rng, patients: pd.DataFrame) -> pd.DataFrame:
    each = [(test, week, *about) for test, about in LIMITS.items() for week in WEEKS]
    table = pd.DataFrame(each, columns=["test", "week", "unit", "lln", "uln"])
    table = table.astype({"lln": float, "uln": float, "week": "Int64"})
    labs = patients[["study_id"]].merge(table, how="cross")
    middle = (labs["lln"] + labs["uln"]) / 2
    return labs.assign(value=(middle * rng.lognormal(0, 0.5, len(labs))).round(2))


def analyses(frames: dict, study: Study) -> dict:
    """Name every safety analysis, each a function without arguments."""
    from ppp.laboratory import rows as laboratory
    from ppp.safety import rows as safety

    patients, visits = frames["patients"], frames["visits"]
    events, labs = frames["adverse_events"], frames["labs"]
    by_event = [safety.course, safety.adverse_event, safety.time_to_event]
    by_test = [laboratory.lab_shift, laboratory.lab_value, laboratory.lab_grade, laboratory.liver]
    return {
        "exposure": partial(safety.exposure, patients, visits, study),
        **{f.__name__: partial(f, events, patients, visits, study) for f in by_event},
        **{f.__name__: partial(f, labs, patients, study) for f in by_test},
    }


def measure(n: int) -> dict:
    """Run the analyses on `n` patients; return seconds, rows, and MB beyond the imports."""
    analyses(dict.fromkeys(["patients", "visits", "adverse_events", "labs"]), None)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "study.toml").write_text(STUDY, "utf-8")
        study = Study.load(folder)
    imported = peak()
    frames = trial(n)
    with_data, took, rows = peak(), {}, {}
    for name, run in analyses(frames, study).items():
        start = time.perf_counter()
        rows[name] = len(run())
        took[name] = time.perf_counter() - start
    return {
        "took": took,
        "rows": rows,
        "mb": peak() - imported,
        "data_mb": with_data - imported,
        "events": len(frames["adverse_events"]),
        "values": len(frames["labs"]),
    }


def main() -> None:
    """Measure each size in a process of its own and print how time and memory grow."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--one", type=int, help="measure one size here, as JSON")
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(asked.one)))
        return
    print(
        f"{'patients':>8} {'events':>8} {'values':>8} {'seconds':>8} {'slope':>6} "
        f"{'peak MB':>8} {'slope':>6} {'data':>6}"
    )
    last = None
    for n in asked.sizes:
        command = [sys.executable, __file__, "--one", str(n)]
        found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        found |= {"n": n, "seconds": sum(found["took"].values())}
        grew = [
            slope(last[key], found[key], n / last["n"]) if last else "" for key in ("seconds", "mb")
        ]
        sizes = f"{n:>8,} {found['events']:>8,} {found['values']:>8,}"
        spent = f"{found['seconds']:>8.2f} {grew[0]:>6}"
        print(sizes, spent, f"{found['mb']:>8.0f} {grew[1]:>6} {found['data_mb']:>6.0f}")
        each = (f"{name} {seconds:.2f}" for name, seconds in found["took"].items())
        print(f"{'':>8} {', '.join(each)}", flush=True)
        last = found


if __name__ == "__main__":
    main()
