"""Adverse events of the demo cohort: typical of the drug's first weeks, none severe or serious."""

from datetime import timedelta

INFECTIONS = "Infections and infestations"
SKIN = "Skin and subcutaneous tissue disorders"
NERVES = "Nervous system disorders"
GENERAL = "General disorders and administration site conditions"
INVESTIGATIONS = "Investigations"
METABOLISM = "Metabolism and nutrition disorders"
EVENTS = (  # term, class, related, (patient from 0, day of onset, grade, days it lasted) …
    (
        "Acne",
        SKIN,
        "yes",
        (1, 24, 1, 46),
        (4, 31, 2, None),
        (6, 22, 1, 9),
        (14, 40, 1, None),
        (20, 19, 1, 30),
        (26, 39, 1, 15),
    ),
    ("Folliculitis", INFECTIONS, "yes", (19, 63, 1, 10), (24, 30, 1, 9)),
    (
        "Upper respiratory tract infection",
        INFECTIONS,
        "no",
        (2, 29, 2, 9),
        (3, 65, 1, 8),
        (9, 18, 1, 7),
        (9, 77, 1, 6),
        (18, 7, 1, 8),
        (23, 7, 1, 12),
    ),
    (
        "Nasopharyngitis",
        INFECTIONS,
        "no",
        (5, 136, 1, 5),
        (6, 41, 1, 7),
        (12, 50, 1, 6),
        (20, 61, 1, 9),
    ),
    ("Tonsillitis", INFECTIONS, "no", (22, -12, 1, 7)),
    ("Herpes simplex", INFECTIONS, "yes", (13, 40, 1, 9), (21, 20, 1, 8), (21, 58, 2, 7)),
    ("带状疱疹", None, "yes", (12, 71, 2, 21)),
    ("Urinary tract infection", INFECTIONS, "no", (11, 33, 2, 6)),
    (
        "Headache",
        NERVES,
        "yes",
        (5, 24, 1, 1),
        (5, 24, 1, 1),
        (10, 9, 1, 2),
        (20, 50, 1, 3),
        (26, 17, 1, 5),
    ),
    ("Dizziness", NERVES, "no", (8, 12, 1, 4)),
    ("Nausea", "Gastrointestinal disorders", "yes", (16, 4, 1, 14), (24, 6, 1, 10), (25, 39, 1, 5)),
    ("口干", None, "no", (16, 20, 1, None)),
    ("Fatigue", GENERAL, "no", (3, 15, 1, 20), (23, 60, 1, 13)),
    ("Weight increased", INVESTIGATIONS, "no", (9, 130, 1, None), (11, 68, 1, None)),
    (
        "Blood creatine phosphokinase increased",
        INVESTIGATIONS,
        "yes",
        (2, 56, 1, None),
        (9, 84, 1, 22),
        (14, 28, 1, 56),
        (21, 56, 1, 50),
        (25, 56, 2, 28),
    ),
    (
        "Alanine aminotransferase increased",
        INVESTIGATIONS,
        "yes",
        (6, 56, 1, None),
        (10, 28, 2, 56),
        (18, 84, 1, None),
    ),
    ("Neutrophil count decreased", INVESTIGATIONS, "yes", (8, 84, 1, None), (13, 28, 2, 56)),
    ("Lymphocyte count decreased", INVESTIGATIONS, "yes", (20, 56, 2, None)),
    ("Blood triglycerides increased", INVESTIGATIONS, "yes", (4, 84, 2, None)),
    ("Hyperlipidaemia", METABOLISM, "yes", (1, 84, 1, None), (11, 84, 1, None)),
    ("Anaemia", "Blood and lymphatic system disorders", "no", (26, 56, 1, None)),
)
ACTIONS = {  # (patient, day of onset): what was done with the drug, where anything was
    (2, 29): "interrupted",
    (12, 71): "interrupted",
    (10, 28): "interrupted",
    (25, 56): "interrupted",
    (13, 28): "dose reduced",
    (24, 6): "dose reduced",
    (5, 136): "not applicable",
    (22, -12): "not applicable",
}
RECOVERING = {(2, 56), (6, 56), (20, 56)}


def adverse_events(patients: list[dict]) -> list[dict]:
    """Rows of the adverse events table, in the order of the patients and of the onset.

    One event lies before treatment, one more than 30 days after the last dose; two episodes of
    headache on one day are two events.
    """
    plan = [
        (place, day, _event(patients[place], (place, day), (term, soc, related, grade, lasted)))
        for term, soc, related, *episodes in EVENTS
        for place, day, grade, lasted in episodes
    ]
    return [row for *_, row in sorted(plan, key=lambda event: event[:2])]


def _event(patient: dict, key: tuple, what: tuple) -> dict:
    term, soc, related, grade, lasted = what
    start = patient["start_date"] + timedelta(days=key[1])
    still = "recovering" if key in RECOVERING else "ongoing"
    return {
        "patient_id": patient["patient_id"],
        "term": term,
        "soc": soc,
        "start_date": start,
        "end_date": None if lasted is None else start + timedelta(days=lasted),
        "grade": grade,
        "serious": "no",
        "related": related,
        "action": ACTIONS.get(key, "none"),
        "outcome": still if lasted is None else "recovered",
    }
