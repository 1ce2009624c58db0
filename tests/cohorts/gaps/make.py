"""Write the CSV files of this synthetic cohort again: ``python tests/cohorts/gaps/make.py``."""

import csv
import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "data" / "demo"))

from maker.patients import Draws, dlqi_parts, pppasi_parts
from ppp.data.scores import DLQI_ITEMS, PPPASI_COMPONENTS

CSV = Path(__file__).parent / "csv"
WEEKS = (0, 4, 8, 12)
N = 14
STOPPED = {  # patient: (last week seen, days from the first dose to the last, reason)
    3: (0, 10, "adverse event"),
    6: (4, 40, "lack of efficacy"),
    9: (8, 63, "lost to follow-up"),
    11: (8, 61, "adverse event"),
}
NOT_SEEN = [(2, 4), (5, 8), (7, 12)]
EVENTS = [  # patient, day (or what is known of the date), duration, term, class, grade, serious,
    # related, action, outcome
    (
        3,
        8,
        25,
        "Herpes zoster",
        "Infections and infestations",
        3,
        "yes",
        "yes",
        "withdrawn",
        "recovered",
    ),
    (
        11,
        60,
        None,
        "Blood creatine phosphokinase increased",
        "Investigations",
        2,
        "no",
        "yes",
        "withdrawn",
        "ongoing",
    ),
    (
        1,
        20,
        12,
        "Acne",
        "Skin and subcutaneous tissue disorders",
        1,
        "no",
        "yes",
        "none",
        "recovered",
    ),
    (
        1,
        55,
        9,
        "Acne",
        "Skin and subcutaneous tissue disorders",
        2,
        "no",
        "yes",
        "none",
        "recovered",
    ),
    (4, 30, 5, "Headache", "Nervous system disorders", None, "no", "", "none", "recovered"),
    (8, 33, None, "Nasopharyngitis", "", None, "", "", "", ""),
    (10, -6, 4, "Headache", "Nervous system disorders", 1, "no", "no", "none", "recovered"),
    (6, 90, 10, "Nausea", "Gastrointestinal disorders", 1, "no", "no", "none", "recovered"),
    (
        13,
        None,
        None,
        "Fatigue",
        "General disorders and administration site conditions",
        1,
        "no",
        "no",
        "none",
        "recovered",
    ),
    (
        5,
        "2023-05",
        None,
        "Folliculitis",
        "Infections and infestations",
        1,
        "no",
        "yes",
        "interrupted",
        "recovered",
    ),
    (
        14,
        "2023-11",
        None,
        "Acne",
        "Skin and subcutaneous tissue disorders",
        1,
        "no",
        "yes",
        "none",
        "ongoing",
    ),
    (2, "2023", None, "Dizziness", "", 2, "no", "no", "dose reduced", "recovered"),
    (12, "2023-08", None, "Eczema", "", 1, "no", "no", "none", "recovered"),
]
WEEKS_OF_LABS = (0, 4, 12)
LABS = {  # (test, unit, lower limit, upper limit): patient: values at the weeks above
    ("GPT", "U/L", "", 40): {
        1: (22, 45, 30),
        2: (50, 70, 80),
        4: (50, 60),
        5: (30, 210, 95),
        6: (20, 130),
        10: (20,),
        12: (60, 75, 90),
        13: (20, 40, 31),
        14: ("", 33, 28),
    },
    ("GPT", "U/L", "", ""): {8: (25, 35, 41)},
    ("Hemoglobin", "g/dL", 12, 16): {
        1: (13.5, 11.8, 12.4),
        2: (11, 9.9, 9.5),
        3: (13.1,),
        5: (12.9, 12.5, 16.4),
        6: (10, 7.9),
    },
    ("Haemoglobin", "g/L", "", ""): {8: (140, 131, 135)},
    ("Neutrophils", "10^9/L", 1.8, 7.5): {
        1: (4.2, 1.6, 1.4),
        4: (3, 0.9, 2),
        9: (1.7, 2.2),
        13: (6.1, 8, 7.1),
    },
    ("Creatinine", "mg/dL", 0.6, 1.2): {1: (0.8, 1.1, 1.3), 2: (0.9, 1, 0.9), 11: (1.25, 1.3)},
    ("CK", "U/L", 30, 200): {1: (100, 150, 230), 11: (150, 900)},
    ("LDL", "mg/dL", "", ""): {1: (95, 101, 131), 2: (165, 170, 195), 4: (110, 98, "")},
    ("Triglycerides", "mmol/L", "", 1.7): {1: (1.2, 1.9, 1.6), 2: (1.69, 3.42, 3.5)},
    ("Ferritin", "µg/L", 15, 150): {1: (80, 160, 90), 2: (12, 14, 20)},
}


def patients(draws: Draws) -> list[dict]:
    rows = []
    for k in range(1, N + 1):
        start = date(2023, 1, 9) + timedelta(days=21 * k + draws.whole(0, 9))
        days, reason = STOPPED.get(k, (0, None, ""))[1:]
        seen = max(84, days or 84) if k not in (7, 10) else None
        rows.append(
            {
                "patient_id": f"G{k}",
                "sex": "" if k == 8 else draws.pick(["female", "female", "male"]),
                "age_years": "" if k == 5 else draws.whole(22, 67),
                "sapho": "yes" if k == 2 else "" if k == 12 else "no",
                "start_date": start,
                "stop_date": start + timedelta(days=days) if days else "",
                "stop_reason": reason,
                "last_visit_date": start + timedelta(days=days or seen) if days or seen else "",
                "dose_mg": 15,
                "prior_treatments": draws.pick(["acitretin", "cyclosporine; methotrexate", ""]),
            }
        )
    return rows


def visits(draws: Draws, people: list[dict]) -> list[dict]:
    rows = []
    for k, person in enumerate(people, 1):
        before = draws.whole(90, 210) / 10
        for week in WEEKS:
            if week > STOPPED.get(k, (12,))[0] or (k, week) in NOT_SEEN:
                continue
            share = {0: 1, 4: 0.7, 8: 0.5, 12: 0.35}[week] * (1.4 if k == 4 and week else 1)
            total = round(before * share, 1)
            rows.append(
                {
                    "patient_id": person["patient_id"],
                    "week": week,
                    "date": person["start_date"] + timedelta(days=7 * week),
                }
                | pppasi_parts(draws, total)
                | dlqi_parts(draws, min(30, round(total * 0.9)))
                | {"pga": min(4, 1 + round(total / 5))}
            )
    return rows


def with_gaps(rows: list[dict]) -> list[dict]:
    at = {(row["patient_id"], row["week"]): row for row in rows}
    at["G1", 12] |= dict.fromkeys(PPPASI_COMPONENTS, 0) | {"pga": 0}
    at["G13", 0] |= dict.fromkeys(PPPASI_COMPONENTS, 0) | {"pga": 1}
    at["G14", 0] |= dict.fromkeys(DLQI_ITEMS, 0)
    at["G4", 12] |= dict.fromkeys(PPPASI_COMPONENTS, "")
    at["G8", 0] |= dict.fromkeys(PPPASI_COMPONENTS, "")
    at["G10", 12] |= {"left_sole_area": ""}
    at["G5", 4] |= {"right_palm_pustules": ""}
    at["G2", 12] |= {"dlqi_9": ""}
    at["G5", 0] |= {"dlqi_7": ""}
    at["G8", 12] |= {"dlqi_6": "", "dlqi_9": ""}
    at["G10", 8] |= dict.fromkeys(DLQI_ITEMS, "")
    at["G12", 12] |= {"pga": ""}
    return rows


def adverse_events(people: list[dict]) -> list[dict]:
    rows = []
    for k, day, duration, term, soc, grade, serious, related, action, outcome in EVENTS:
        start = day or ""
        if isinstance(day, int):
            start = people[k - 1]["start_date"] + timedelta(days=day)
        rows.append(
            {
                "patient_id": f"G{k}",
                "term": term,
                "soc": soc,
                "start_date": start,
                "end_date": start + timedelta(days=duration) if duration else "",
                "grade": grade or "",
                "serious": serious,
                "related": related,
                "action": action,
                "outcome": outcome,
            }
        )
    return rows


def labs() -> list[dict]:
    return [
        {
            "patient_id": f"G{k}",
            "week": week,
            "test": test,
            "value": value,
            "unit": unit,
            "lln": lln,
            "uln": uln,
        }
        for (test, unit, lln, uln), of_patient in LABS.items()
        for k, values in of_patient.items()
        for week, value in zip(WEEKS_OF_LABS, values, strict=False)
        if value != ""
    ]


def write():
    draws = Draws(7)
    people = patients(draws)
    tables = {
        "patients": people,
        "visits": with_gaps(visits(draws, people)),
        "adverse_events": adverse_events(people),
        "labs": labs(),
    }
    CSV.mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (CSV / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    write()
