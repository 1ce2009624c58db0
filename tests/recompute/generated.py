"""Write a cohort by chance, with every kind of event, date, unit and gap that may occur."""

import numpy as np
import pandas as pd

N, EVENTS = 30, 60
TERMS = {
    "Acne": "Skin and subcutaneous tissue disorders",
    "Eczema": "Skin and subcutaneous tissue disorders",
    "Herpes zoster": "Infections and infestations",
    "带状疱疹": "Infections and infestations",
    "Pneumonia": "Infections and infestations",
    "Headache": "",
    "ALT increased": "Investigations",
    "Dizziness": "Nervous system disorders",
    "Nasopharyngitis": "",
}
CHOICES = {
    "grade": ["1", "1", "1", "2", "2", "3", "4", "5", ""],
    "serious": ["yes", "no", ""],
    "related": ["yes", "no", ""],
    "action": ["none", "dose reduced", "dose increased", "interrupted", "withdrawn", "unknown", ""],
    "outcome": ["recovered", "recovering", "ongoing", "fatal", ""],
}
FORMATS = ["%Y-%m-%d", "%Y-%m-%d", "%Y-%m-%d", "%Y-%m", "%Y", ""]
TESTS = {  # unit, limits, a usual value
    "ALT": ("U/L", 7, 40, 30),
    "AST": ("U/L", 8, 35, 30),
    "ALP": ("U/L", 40, 130, 110),
    "Bilirubin": ("mg/dL", 0.1, 1.2, 1),
    "CK": ("U/L", 30, 200, 180),
    "Creatinine": ("mg/dL", 0.6, 1.2, 1.1),
    "Hb": ("g/dL", 12, 16, 12.2),
    "Neutrophils": ("10^9/L", 1.8, 7.5, 2.2),
    "Lymphocytes": ("/µL", 1000, 3500, 1200),
    "Platelets": ("10^9/L", 125, 350, 150),
    "WBC": ("10^9/L", 4, 10, 4.5),
    "TG": ("mg/dL", 50, 150, 160),
    "TC": ("mmol/L", 2.9, 5.2, 5.3),
    "LDL": ("mmol/L", "", 3.4, 3.2),
    "Ferritin": ("µg/L", 15, 150, 60),
}


def write(folder, seed, without_limit):
    """Write the four CSV files; a share of the limits is left out."""
    rng = np.random.default_rng(seed)
    start = pd.Series(pd.Timestamp("2023-01-20") + pd.to_timedelta(rng.integers(0, 300, N), "D"))
    stop = (start + pd.to_timedelta(rng.integers(0, 84, N), "D")).where(rng.random(N) < 0.3)
    patients = _patients(rng, start, stop)
    tables = {
        "patients": patients,
        "visits": _visits(rng, start, stop),
        "adverse_events": _events(rng, start),
        "labs": _labs(rng, without_limit),
    }
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, date_format="%Y-%m-%d")


def _patients(rng, start, stop):
    reasons = ["adverse event", "remission", "lack of efficacy", "other", None]
    seen = (start + pd.Timedelta(84, "D")).where(rng.random(N) < 0.7)
    return pd.DataFrame(
        {
            "patient_id": [f"A{i}" for i in range(N)],
            "sapho": rng.choice(["yes", "no", "no", ""], N),
            "start_date": start,
            "stop_date": stop,
            "stop_reason": pd.Series(rng.choice(reasons, N)).where(stop.notna()),
            "last_visit_date": stop.fillna(seen),
            "dose_mg": rng.choice(["15", "30", "7.5", ""], N),
        }
    )


def _visits(rng, start, stop):
    rows = [
        {
            "patient_id": f"A{i}",
            "week": week,
            "date": first + pd.Timedelta(7 * week, "D"),
            "pppasi": rng.integers(0, 300) / 10,
            "dlqi": rng.integers(0, 31),
            "pga": rng.integers(0, 5),
        }
        for i, (first, last) in enumerate(zip(start, stop, strict=True))
        for week in (0, 4, 8, 12)
        if pd.isna(last) or first + pd.Timedelta(7 * week, "D") <= last
    ]
    parts = [
        f"{side}_{site}_{part}"
        for side in ("right", "left")
        for site in ("palm", "sole")
        for part in ("erythema", "pustules", "desquamation", "area")
    ]
    blank = dict.fromkeys([*parts, *(f"dlqi_{k}" for k in range(1, 11))], "")
    return pd.DataFrame(rows).assign(**blank)


def _events(rng, start):
    who = rng.integers(0, N, EVENTS)
    days = start[who] + pd.to_timedelta(rng.integers(-60, 170, EVENTS), "D")
    terms = rng.choice(list(TERMS), EVENTS)
    return pd.DataFrame(
        {
            "patient_id": [f"A{i}" for i in who],
            "term": terms,
            "soc": [TERMS[term] if rng.random() < 0.9 else "" for term in terms],
            "start_date": [day.strftime(rng.choice(FORMATS)) for day in days],
            **{name: rng.choice(values, EVENTS) for name, values in CHOICES.items()},
        }
    )


def _labs(rng, without_limit):
    rows = []
    for test, (unit, low, high, usual) in TESTS.items():
        for i in range(N):
            own = usual * np.exp(rng.normal(0, 0.3))
            for week in rng.choice([0, 4, 8, 12], rng.integers(1, 5), replace=False):
                value = own * np.exp(rng.normal(0, 0.7))
                value = np.clip(value, 3, 29) if test == "Hb" else value  # else nobody can have it
                no_low, no_high = rng.random(2) < without_limit
                rows.append(
                    {
                        "patient_id": f"A{i}",
                        "week": week,
                        "test": test,
                        "value": f"{value:.4g}",
                        "unit": unit,
                        "lln": "" if no_low else low,
                        "uln": "" if no_high else high,
                    }
                )
    return pd.DataFrame(rows)
