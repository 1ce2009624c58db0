"""Write the CSV files of this synthetic cohort again: ``python tests/cohorts/easi/make.py``."""

import csv
from datetime import date, timedelta
from pathlib import Path
from random import Random

CSV = Path(__file__).parent / "csv"
WEEKS = (0, 4, 8, 16)
N = 24
SHARE = {0: 1, 4: 0.5, 8: 0.3, 16: 0.2}  # of the score at baseline
STOPPED = {  # patient: (last week seen, days from the first dose to the last, reason)
    5: (4, 31, "lack of efficacy"),
    11: (8, 62, "adverse event"),
    19: (0, 12, "lost to follow-up"),
}
NOT_SEEN = [(2, 4), (8, 16), (14, 8)]
NOT_SCORED = {  # field: (patient, week)
    "easi": [(3, 16), (7, 0), (13, 8), (20, 16)],
    "iga": [(6, 16), (13, 4)],
    "poem": [(1, 8), (9, 0), (17, 16)],
    "pruritus_nrs": [(4, 16), (22, 4)],
}
EVENTS = [  # patient, day, duration, term, class, grade, serious, related, action, outcome
    (1, 9, 20, "Acne", "Skin and subcutaneous tissue disorders", 1, "no", "yes", "none"),
    (4, 21, 6, "Headache", "Nervous system disorders", 1, "no", "no", "none"),
    (4, 70, 5, "Headache", "Nervous system disorders", 2, "no", "no", "none"),
    (11, 58, 14, "Herpes zoster", "Infections and infestations", 3, "yes", "yes", "withdrawn"),
    (15, 33, 8, "Nasopharyngitis", "Infections and infestations", 1, "no", "no", "none"),
    (
        23,
        40,
        30,
        "Blood creatine phosphokinase increased",
        "Investigations",
        2,
        "no",
        "yes",
        "none",
    ),
]


def patients(draw) -> list[dict]:
    rows = []
    for k in range(1, N + 1):
        start = date(2023, 2, 6) + timedelta(days=11 * k)
        days, reason = STOPPED.get(k, (0, None, ""))[1:]
        rows.append(
            {
                "patient_id": f"E{k}",
                "sex": "female" if draw() < 0.5 else "male",
                "age_years": 19 + int(45 * draw()),
                "Asthma": "" if k == 10 else "yes" if draw() < 0.4 else "no",
                "start_date": start,
                "stop_date": start + timedelta(days=days) if days else "",
                "stop_reason": reason,
                "last_visit_date": start + timedelta(days=days or 112),
                "dose_mg": 30 if draw() < 0.3 else 15,
            }
        )
    return rows


def visits(draw, people: list[dict]) -> list[dict]:
    rows = []
    for k, person in enumerate(people, 1):
        before, slow = 16 + 30 * draw(), 0.6 + 0.8 * draw()
        for week in WEEKS:
            if week > STOPPED.get(k, (16,))[0] or (k, week) in NOT_SEEN:
                continue
            easi = round(before * (min(1.2, SHARE[week] * slow) if week else 1), 1)
            row = {
                "patient_id": person["patient_id"],
                "week": week,
                "easi": easi,
                "iga": next(grade for grade, most in enumerate((0, 5, 9, 21, 72)) if easi <= most),
                "poem": min(28, round(easi * 0.55 + 4 * draw())),
                "pruritus_nrs": min(10, round(easi * 0.2 + 3 * draw())),
            }
            gone = [field for field, gaps in NOT_SCORED.items() if (k, week) in gaps]
            rows.append(row | dict.fromkeys(gone, ""))
    return rows


def adverse_events(people: list[dict]) -> list[dict]:
    fields = ["term", "soc", "grade", "serious", "related", "action"]
    rows = []
    for k, day, duration, *rest in EVENTS:
        start = people[k - 1]["start_date"] + timedelta(days=day)
        when = {"start_date": start, "end_date": start + timedelta(days=duration)}
        event = dict(zip(fields, rest, strict=True))
        rows.append({"patient_id": f"E{k}"} | event | when | {"outcome": "recovered"})
    return rows


def write():
    draw = Random(11).random
    people = patients(draw)
    tables = {
        "patients": people,
        "visits": visits(draw, people),
        "adverse_events": adverse_events(people),
    }
    CSV.mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (CSV / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    write()
