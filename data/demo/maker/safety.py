"""Adverse events and laboratory values of the demo cohort: grades 1 and 2, none serious.

``events.csv`` and ``courses.csv`` hold what is planned, by patient (counted from 0): events by the
day of onset and the days they lasted, laboratory values by week. ``tests.csv`` has what is
usual of a test: limits, value, spread, drift by week, and its names at two laboratories.
"""

import csv
from datetime import timedelta
from pathlib import Path

from maker.patients import WEEKS, Draws

NOT_SAMPLED = {(1, 8), (11, 8), (15, 8), (22, 8), (27, 4), (27, 8), (27, 12)}
OF_MEN = {  # test: limits of normal, difference of the typical value
    "CK": ((None, 310), 30),
    "Creatinine": ((57, 97), 20),
    "Haemoglobin": ((130, 175), 18),
}


def table(name: str) -> list[dict]:
    """Read a CSV file of this folder: a dict a line."""
    with Path(__file__).with_name(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> int | float | None:
    return None if not text else float(text) if "." in text else int(text)


COURSES = {  # test, patient: week, value
    (row["test"], int(row["patient"])): {
        week: _number(row[str(week)]) for week in WEEKS if row[str(week)]
    }
    for row in table("courses")
}


def adverse_events(patients: list[dict]) -> list[dict]:
    """Rows of the adverse events table, in the order of the patients and of the onset.

    One event lies before treatment, one more than 30 days after the last dose; two episodes of
    headache on one day are two events.
    """
    return [_event(patients[int(row["patient"])], row) for row in table("events")]


def _event(patient: dict, row: dict) -> dict:
    start = patient["start_date"] + timedelta(days=int(row["day"]))
    lasted = row["lasted"]
    return {
        "patient_id": patient["patient_id"],
        "term": row["term"],
        "soc": row["soc"] or None,
        "start_date": start,
        "end_date": start + timedelta(days=int(lasted)) if lasted else None,
        "grade": int(row["grade"]),
        "serious": "no",
        "related": row["related"],
        "action": row["action"],
        "outcome": row["outcome"],
    }


def labs(draws: Draws, patients: list[dict]) -> list[dict]:
    """Rows of the laboratory table: 10 tests at weeks 0, 4, 8 and 12, 3 lipids at 0 and 12.

    Canonical units. Four patients were not sampled at week 8, and one only at week 0.
    """
    rows, tests = [], table("tests")
    for place, patient in enumerate(patients):
        taken = [_test(draws, place, patient, test) for test in tests]
        for week in WEEKS:
            rows += [
                {
                    "patient_id": patient["patient_id"],
                    "week": week,
                    "test": test,
                    "value": values[week],
                    "unit": unit,
                    "lln": lln,
                    "uln": uln,
                }
                for test, unit, (lln, uln), values in taken
                if week in values and (place, week) not in NOT_SAMPLED
            ]
    return rows


def _test(draws: Draws, place: int, patient: dict, row: dict) -> tuple:
    """Name, unit, limits and one patient's values by week."""
    name, limits = row["test"], (_number(row["lln"]), _number(row["uln"]))
    typical, spread, digits = float(row["typical"]), float(row["spread"]), int(row["digits"])
    if patient["sex"] == "male" and name in OF_MEN:
        limits, more = OF_MEN[name]
        typical += more
    level = draws.normal(typical, spread)
    drift = {0: 0} | {week: _number(row[f"drift_{week}"]) for week in WEEKS[1:]}
    usual = {
        week: round(level + draws.normal(change, spread / 4), digits or None)
        for week, change in drift.items()
        if change is not None
    }
    return name, row["unit"], limits, COURSES.get((name, place), usual)
