"""Adverse events and laboratory values of the demo cohort: grades 1 and 2, none serious.

``events.csv`` and ``courses.csv`` hold what is planned, by patient (counted from 0): events by the
day of onset and the days they lasted, laboratory values by week.
"""

import csv
from datetime import timedelta
from pathlib import Path

from ppp.data.demo.patients import WEEKS, Draws

LIPID_WEEKS = (0, 12)
NOT_SAMPLED = {(1, 8), (11, 8), (15, 8), (22, 8), (27, 4), (27, 8), (27, 12)}
TESTS = (  # test, unit, limits of normal, typical value, spread, drift, decimals
    ("ALT", "U/L", (None, 40), 21, 4, (1, 1, 2), 0),
    ("AST", "U/L", (None, 35), 21, 3, (1, 1, 2), 0),
    ("ALP", "U/L", (None, 125), 72, 13, (-1, -1, -2), 0),
    ("Bilirubin", "µmol/L", (None, 21), 11, 2.5, (0, 0, 0), 1),
    ("CK", "U/L", (None, 200), 88, 18, (15, 22, 26), 0),
    ("Creatinine", "µmol/L", (41, 73), 56, 4, (1, 1, 2), 0),
    ("Haemoglobin", "g/L", (115, 150), 131, 5, (-1, -2, -2), 0),
    ("Neutrophils", "10^9/L", (1.8, 6.3), 4.1, 0.6, (-0.3, -0.4, -0.4), 2),
    ("Lymphocytes", "10^9/L", (1.1, 3.2), 2.0, 0.25, (0.1, 0, -0.1), 2),
    ("Platelets", "10^9/L", (125, 350), 242, 30, (8, 5, 2), 0),
    ("LDL cholesterol", "mmol/L", (None, 3.4), 2.45, 0.3, (0.3,), 2),
    ("Triglycerides", "mmol/L", (None, 1.7), 1.05, 0.15, (0.1,), 2),
    ("Total cholesterol", "mmol/L", (None, 5.2), 4.2, 0.25, (0.3,), 2),
)
OF_MEN = {  # test: limits of normal, difference of the typical value
    "CK": ((None, 310), 30),
    "Creatinine": ((57, 97), 20),
    "Haemoglobin": ((130, 175), 18),
}


def table(name: str) -> list[dict]:
    """Read a CSV file of this folder: a dict a line."""
    with Path(__file__).with_name(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


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
    rows = []
    for place, patient in enumerate(patients):
        taken = [_test(draws, place, patient, test) for test in TESTS]
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


def _test(draws: Draws, place: int, patient: dict, test: tuple) -> tuple:
    """Name, unit, limits and one patient's values by week."""
    name, unit, limits, typical, spread, drift, digits = test
    if patient["sex"] == "male" and name in OF_MEN:
        limits, more = OF_MEN[name]
        typical += more
    level = draws.normal(typical, spread)
    values = [level + draws.normal(change, spread / 4) for change in (0, *drift)]
    values = [round(value, digits or None) for value in values]
    weeks = WEEKS if len(values) == len(WEEKS) else LIPID_WEEKS
    usual = dict(zip(weeks, values, strict=True))
    return name, unit, limits, COURSES.get((name, place), usual)
