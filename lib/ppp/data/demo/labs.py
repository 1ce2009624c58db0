"""Laboratory values of the demo cohort: mostly normal, some of grades 1 and 2, none above."""

from ppp.data.demo.draws import Draws

WEEKS = (0, 4, 8, 12)
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
COURSES = {  # test: patient (from 0), values at weeks 0, 4, 8 and 12; of lipids at 0 and 12
    "ALT": {
        6: (26, 48, 64, 46),
        10: (31, 136, 71, 38),
        17: (22, 50, 36, 30),
        18: (52, 60, 75, 90),
        24: (56, 49, 52, 60),
    },
    "AST": {6: (24, 38, 45, 36), 10: (25, 84, 52, 33), 14: (22, 42, 30, 31), 18: (38, 41, 47, 52)},
    "ALP": {5: (131, 128, 134, 129)},
    "Bilirubin": {8: (27.4, 25.1, 29.3, 26.0), 10: (13.1, 16.4, 14.2, 12.8)},
    "CK": {
        0: (120, 330, 250, 240),
        2: (110, 150, 260, 380),
        9: (96, 160, 190, 280),
        14: (130, 320, 210, 180),
        19: (340, 420, 380, 330),
        21: (88, 180, 340, 205),
        25: (150, 240, 960, 290),
    },
    "Creatinine": {7: (92, 96, 104, 101), 23: (70, 72, 75, 78)},
    "Haemoglobin": {
        2: (112, 113, 111, 114),
        3: (141, 136, 128, 131),
        16: (121, 117, 113, 116),
        26: (118, 114, 109, 112),
    },
    "Neutrophils": {
        5: (1.74, 1.70, 1.76, 1.72),
        8: (3.10, 2.40, 1.92, 1.66),
        12: (2.75, 1.71, 1.95, 2.10),
        13: (2.90, 1.31, 1.62, 2.05),
    },
    "Lymphocytes": {
        4: (1.30, 1.08, 1.15, 1.20),
        8: (1.50, 1.21, 0.98, 1.05),
        20: (1.45, 1.02, 0.72, 0.91),
    },
    "Platelets": {21: (138, 126, 118, 129)},
    "LDL cholesterol": {1: (3.20, 3.90), 4: (3.30, 4.35), 11: (3.05, 4.02), 19: (3.95, 4.40)},
    "Triglycerides": {4: (1.62, 3.92), 11: (1.40, 2.05), 19: (1.78, 2.04), 24: (1.66, 1.84)},
    "Total cholesterol": {1: (5.00, 5.90), 4: (5.05, 6.30), 11: (4.90, 5.80), 19: (5.90, 6.40)},
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
    usual = draws.normal(typical, spread)
    values = [usual + draws.normal(change, spread / 4) for change in (0, *drift)]
    values = [round(value, digits or None) for value in values]
    weeks = WEEKS if len(values) == len(WEEKS) else LIPID_WEEKS
    planned = COURSES.get(name, {}).get(place, values)
    return name, unit, limits, dict(zip(weeks, planned, strict=True))
