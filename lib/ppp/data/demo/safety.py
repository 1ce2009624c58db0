"""Adverse events and laboratory values of the demo cohort: typical of the drug, none severe."""

from datetime import date, timedelta

from ppp.data.demo.draws import Draws

INFECTIONS = "Infections and infestations"
SKIN = "Skin and subcutaneous tissue disorders"
INVESTIGATIONS = "Investigations"
EVENTS = (  # term, system organ class, related, patients, grade 2 in the first so many
    ("Acne", SKIN, "yes", 4, 1),
    ("Upper respiratory tract infection", INFECTIONS, "no", 4, 1),
    ("Nasopharyngitis", INFECTIONS, "no", 2, 0),
    ("Herpes simplex", INFECTIONS, "yes", 2, 1),
    ("Folliculitis", INFECTIONS, "yes", 2, 0),
    ("Headache", "Nervous system disorders", "yes", 3, 0),
    ("Nausea", "Gastrointestinal disorders", "yes", 2, 0),
    ("Fatigue", "General disorders and administration site conditions", "no", 1, 0),
    ("Weight increased", INVESTIGATIONS, "no", 1, 0),
)
FROM_LABS = (  # test, term, system organ class
    ("CK", "Blood creatine phosphokinase increased", INVESTIGATIONS),
    ("ALT", "Alanine aminotransferase increased", INVESTIGATIONS),
)
LAB_WEEKS = (0, 4, 12)
LABS = (  # test, unit, limits of normal, typical value, spread, drift by weeks 4 and 12, decimals
    ("ALT", "U/L", (7, 40), 21, 5, (1, 2), 0),
    ("AST", "U/L", (13, 35), 21, 4, (1, 2), 0),
    ("CK", "U/L", (40, 200), 92, 24, (20, 32), 0),
    ("creatinine", "µmol/L", (41, 111), 68, 9, (1, 2), 0),
    ("bilirubin", "µmol/L", (3, 21), 11, 2.5, (0, 0), 1),
    ("ALP", "U/L", (35, 125), 72, 13, (-1, -2), 0),
    ("haemoglobin", "g/L", (115, 175), 137, 8, (-2, -3), 0),
    ("neutrophils", "10^9/L", (1.8, 6.3), 4.1, 0.7, (-0.4, -0.5), 2),
    ("lymphocytes", "10^9/L", (1.1, 3.2), 2.0, 0.3, (0.1, -0.1), 2),
    ("platelets", "10^9/L", (125, 350), 242, 32, (8, 2), 0),
    ("LDL", "mmol/L", (None, 3.4), 2.6, 0.35, (0.3, 0.4), 2),
    ("triglycerides", "mmol/L", (None, 1.7), 1.15, 0.2, (0.1, 0.15), 2),
    ("total cholesterol", "mmol/L", (None, 5.2), 4.4, 0.4, (0.3, 0.5), 2),
)
RAISED = {  # test: patients with a value of grade 1 at (week 4, week 12), as a multiple of the ULN
    "CK": {2: (1.3, 1.9), 9: (0.8, 1.4), 14: (1.6, 1.2), 21: (0.9, 1.7), 25: (1.1, 1.5)},
    "ALT": {6: (1.2, 1.6), 17: (1.4, 0.9)},
    "AST": {6: (1.1, 1.3), 14: (1.2, 0.9)},
    "triglycerides": {4: (1.1, 1.3), 11: (1.0, 1.2), 19: (1.2, 1.1)},
    "LDL": {1: (1.0, 1.1), 4: (1.05, 1.15), 11: (1.1, 1.2), 23: (1.0, 1.1)},
    "total cholesterol": {4: (1.05, 1.1), 11: (1.1, 1.15)},
    "neutrophils": {12: (0.27, 0.4)},
    "lymphocytes": {8: (0.4, 0.31), 20: (0.5, 0.32)},
}


def labs(draws: Draws, patients: list[dict]) -> list[dict]:
    """Rows of the laboratory table: 13 tests at weeks 0, 4 and 12 of each patient."""
    rows = []
    for place, patient in enumerate(patients):
        usual = {test[0]: draws.normal(test[3], test[4]) for test in LABS}
        for turn, week in enumerate(LAB_WEEKS):
            for test, unit, (lln, uln), _, spread, drift, digits in LABS:
                value = usual[test] + draws.normal((0, *drift)[turn], spread / 4)
                raised = RAISED.get(test, {}).get(place)
                if raised and turn:
                    value = raised[turn - 1] * uln
                value = round(value, digits) if digits else round(value)
                rows.append(
                    {"patient_id": patient["patient_id"], "week": week, "test": test,
                     "value": value, "unit": unit, "lln": lln, "uln": uln}
                )  # fmt: skip
    return rows


def adverse_events(draws: Draws, patients: list[dict]) -> list[dict]:
    """Rows of the adverse events table, in the order of the patients and of the onset."""
    rows = []
    for term, soc, related, count, grade_2 in EVENTS:
        for turn, patient in enumerate(draws.shuffled(patients)[:count]):
            grade = 2 if turn < grade_2 else 1
            rows.append(_event(draws, patient, (term, soc, related, grade), draws.whole(5, 70)))
    for test, term, soc in FROM_LABS:
        for place in RAISED[test]:
            if RAISED[test][place][1] > 1:
                rows.append(_event(draws, patients[place], (term, soc, "yes", 1), 84))
    order = {patient["patient_id"]: place for place, patient in enumerate(patients)}
    return sorted(rows, key=lambda row: (order[row["patient_id"]], row["start_date"]))


def _event(draws: Draws, patient: dict, what: tuple, day: int) -> dict:
    term, soc, related, grade = what
    start = patient["start_date"] + timedelta(days=day)
    end = start + timedelta(days=draws.whole(4, 30))
    over = end <= patient["last_visit_date"]
    return {
        "patient_id": patient["patient_id"],
        "term": term,
        "soc": soc,
        "start_date": start,
        "end_date": end if over else None,
        "grade": grade,
        "serious": "no",
        "related": related,
        "action": "interrupted" if grade == 2 else "none",
        "outcome": "recovered" if over else "ongoing",
    }


def first_day(draws: Draws) -> date:
    """Day between July 2022 and December 2023 on which a treatment may start."""
    return date(2022, 7, 4) + timedelta(days=draws.whole(0, 535))
