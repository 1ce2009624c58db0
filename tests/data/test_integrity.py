"""Questions about whole cohorts: rare where all is clean, and asked where a fault was planted."""

import numpy as np
import pandas as pd
import pytest

from ppp.data import scores
from ppp.data.integrity import integrity
from ppp.study import Study

CLEAN, PLANTED = 240, 50
DAY = pd.Timedelta(1, "D")
TESTS = {
    "ALT": (28, 12, 6),
    "AST": (25, 8, 5),
    "Haemoglobin": (140, 12, 4),
    "Platelets": (250, 50, 20),
    "Creatinine": (70, 12, 5),
    "Leucocytes": (6.5, 1.5, 0.6),
}


@pytest.fixture(scope="module")
def demo():
    return Study.load("data/demo")


@pytest.fixture(scope="module")
def clean():
    return [cohort(seed) for seed in range(CLEAN)]


def cohort(seed):
    """A clean cohort: scores and values of a patient resemble each other, and clear up to 0."""
    rng = np.random.default_rng(seed)
    n, weeks = int(rng.integers(12, 90)), (0, 4, 8, 12)
    ids = [f"P{number:02d}" for number in range(1, n + 1)]
    start = pd.Timestamp("2022-03-01") + rng.integers(0, 500, n) * DAY
    patients = pd.DataFrame(
        {
            "study_id": ids,
            "sex": rng.choice(["female", "male"], n),
            "age_years": rng.integers(20, 75, n).astype(float),
            "sapho": rng.choice(["yes", "no"], n, p=[0.3, 0.7]),
            "smoker": rng.choice(["yes", "no"], n),
            "dose_mg": rng.choice([15.0, 30.0], n),
            "bmi": rng.normal(25, 3, n).round(1),
            "start_date": start,
        }
    )
    open_on = rng.random() < 0.6  # on working days only
    illness = rng.normal(0, 1, n)
    visits = pd.concat([_visit(rng, patients, week, illness, open_on) for week in weeks])
    labs = _labs(rng, patients, weeks)
    return patients, visits.reset_index(drop=True), labs


def _visit(rng, patients, week, illness, open_on):
    n, left = len(patients), 1 - week / 15
    parts = {}
    for name in scores.PPPASI_COMPONENTS:
        top = 6 if name.endswith("area") else 4
        drawn = rng.normal(top / 2 * left + illness * 0.7, 0.9, n)
        parts[name] = np.clip(np.round(drawn), 0, top)
    total = scores.pppasi(pd.DataFrame(parts))
    day = patients["start_date"] + (7 * week + rng.integers(-3, 4, n)) * DAY
    if open_on:
        day = day.where(day.dt.day_of_week < 5, day + 2 * DAY)
    visit = pd.DataFrame(
        {
            "pppasi": total,
            "dlqi": np.clip(np.round(12 * left + 4 * illness + rng.normal(0, 3, n)), 0, 30),
            "pga": np.clip(np.round(3 * left + 0.5 * illness + rng.normal(0, 0.6, n)), 0, 4),
            "pain_vas": np.clip((5 * left + illness + rng.normal(0, 1, n)).round(1), 0, 10),
            "crp_mg_l": rng.gamma(1.5, 5, n).round(1),
            "esr_mm_h": np.round(rng.gamma(3, 7, n)),
        }
    ).mask(rng.random((n, 6)) < 0.1)
    return visit.assign(study_id=patients["study_id"], week=week, date=day)


def _labs(rng, patients, weeks):
    rows = []
    for test, (mean, between, within) in TESTS.items():
        own = rng.normal(mean, between, len(patients))
        for week in weeks:
            value = (own + rng.normal(0, within, len(patients))).round(1 if mean < 10 else 0)
            date = patients["start_date"] + 7 * week * DAY
            rows.append(
                pd.DataFrame(
                    {
                        "study_id": patients["study_id"],
                        "week": week,
                        "date": date,
                        "test": test,
                        "value": np.maximum(value, 1),
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)


def asked(data, study):
    return set(integrity(*data, study)["code"])


def test_at_most_one_in_twenty_clean_cohorts_is_asked_about(clean, demo):
    found = [asked(data, demo) for data in clean]
    assert sum(map(bool, found)) <= 0.05 * CLEAN, found


def near_duplicate(rng, patients, visits, labs):
    """One patient is entered again under another id, a little older."""
    one = rng.choice(patients["study_id"])
    again = patients[patients["study_id"] == one].assign(study_id="P99")
    again = again.assign(age_years=again["age_years"] + 1)
    seen = visits[visits["study_id"] == one].assign(study_id="P99")
    return pd.concat([patients, again]), pd.concat([visits, seen], ignore_index=True), labs


def repeated_panel(rng, patients, visits, labs):
    """The values of one day of a patient stand again on another day of another."""
    one, other = rng.choice(patients["study_id"], 2, replace=False)
    copied = labs[(labs["study_id"] == one) & (labs["week"] == 4)].set_index("test")["value"]
    here = (labs["study_id"] == other) & (labs["week"] == 8)
    return patients, visits, labs.assign(value=labs["value"].mask(here, labs["test"].map(copied)))


def digit_preference(rng, patients, visits, labs):
    """Half of the primary scores are rounded to halves."""
    rounded = (visits["pppasi"] * 2).round() / 2
    which = rng.random(len(visits)) < 0.5
    return patients, visits.assign(pppasi=visits["pppasi"].mask(which, rounded)), labs


def weekend(rng, patients, visits, labs):
    """In a clinic that is open on working days one or two visits are on a Sunday."""
    day = visits["date"].dt.day_of_week
    date = visits["date"].where(day < 5, visits["date"] + 2 * DAY)
    chosen = rng.choice(len(visits), 1 + len(visits) // 100, replace=False)
    sunday = date + (6 - date.dt.day_of_week) * DAY
    return patients, visits.assign(date=date.mask(visits.index.isin(chosen), sunday)), labs


FAULTS = (near_duplicate, repeated_panel, digit_preference, weekend)


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_asked_about(plant, clean, demo):
    found = []
    for data in clean[:PLANTED]:
        faulty = plant(np.random.default_rng(len(found)), *data)
        found.append(plant.__name__ in asked(faulty, demo))
    assert np.mean(found) >= 0.8


def test_the_question_names_the_patients(demo):
    data = near_duplicate(np.random.default_rng(1), *cohort(7))
    row = integrity(*data, demo).iloc[0]
    assert row["code"] == "near_duplicate" and row["level"].endswith(", P99")
    assert row["estimate"] == 2 and row["events"] > 15


def test_nothing_recorded_asks_nothing(demo):
    patients = cohort(3)[0]
    assert integrity(patients, None, None, demo).empty
