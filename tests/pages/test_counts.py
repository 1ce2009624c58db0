"""Each count on pages 02 and 04 and on the index, over 100 made cohorts, is that of its patients.

What is said is caught where it is filled, and counted again here from patients, visits, events and
laboratory values, with pandas and scipy alone.
"""

import os

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta, t

from ppp.descriptives import rows as descriptives
from ppp.descriptives import sentences as described
from ppp.efficacy.rows import change as efficacy
from ppp.laboratory import rows as laboratory
from ppp.overview import index
from ppp.safety import rows as safety
from ppp.safety import sentences as harms

from .test_claims import STUDIES, caught, made

COHORTS = int(os.environ.get("COHORTS", 200))
DAY = pd.Timedelta(1, "D")
TERMS = ["acne", "headache", "herpes zoster", "nausea", "pneumonia", "fatigue"]
ULN = {"ALT": (40.0, (1, 3, 5, 20)), "CK": (200.0, (1, 2.5, 5, 10))}
KINDS = {
    "any": lambda events: events["term"].notna(),
    "serious": lambda events: events["serious"] == "yes",
    "grade3": lambda events: events["grade"] >= 3,
    "dose_changed": lambda events: events["action"] == "dose reduced",
}


def some_events(patients, seed):
    """Events from 10 days before the first dose to 40 days after; none in every fifth cohort."""
    rng = np.random.default_rng(seed)
    k = 0 if seed % 5 == 4 else int(rng.integers(1, 2 * len(patients) + 2))
    who = rng.integers(0, len(patients), k)
    start = patients["start_date"].to_numpy()[who]
    return pd.DataFrame(
        {
            "study_id": patients["study_id"].to_numpy()[who],
            "term": rng.choice(TERMS, k),
            "start_date": start + rng.integers(-10, 41, k) * DAY,
            "grade": pd.Series(rng.choice([1, 1, 2, 3, 4], k), dtype="Int64"),
            "serious": pd.Series(rng.choice(["yes", "no", "no"], k), dtype="str"),
            "action": pd.Series(rng.choice(["none", "dose reduced"], k), dtype="str"),
        }
    )


def some_labs(patients, seed):
    """Normal values at week 0 and any at weeks 4 and 12, a few missing."""
    rng = np.random.default_rng(seed)
    rows = [
        (who, test, week, uln * (0.5 if week == 0 else rng.choice([0.5, 0.9, 1.5, 4, 8, 30])), uln)
        for who in patients["study_id"]
        for test, (uln, _) in ULN.items()
        for week in (0, 4, 12)
        if rng.random() > 0.15
    ]
    labs = pd.DataFrame(rows, columns=["study_id", "test", "week", "value", "uln"])
    return labs.assign(unit="U/L", lln=0.0, date=pd.NaT).astype({"week": "Int64"})


def exact(k, n):
    low = beta.ppf(0.025, k, n - k + 1) if k else 0.0
    return low, beta.ppf(0.975, k + 1, n - k) if k < n else 1.0


def check_share(row, k, n):
    assert (row["events"], row["n"]) == (k, n), row.to_dict()
    assert row["estimate"] == pytest.approx(k / n)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(exact(k, n), abs=1e-9)


def emergent(events, patients):
    start = events["study_id"].map(patients.set_index("study_id")["start_date"])
    return events[events["start_date"] >= start]


def affected(events, patients, kind):
    here = emergent(events, patients)
    return here.loc[KINDS[kind](here).fillna(False).astype(bool), "study_id"].nunique()


def worst_grades(labs, test):
    """The worst later grade of each patient with a value at baseline and one later."""
    of = labs[labs["test"] == test]
    first = of.loc[of["week"] == 0, "study_id"]
    later = of[(of["week"] > 0) & of["study_id"].isin(first)]
    uln, steps = ULN[test]
    grade = sum((later["value"] > step * uln).astype(int) for step in steps)
    return grade.groupby(later["study_id"]).max()


def check_harm(key, row, values, patients, visits, events, labs):
    kind, n = key.rpartition(".")[2], len(patients)
    if ".incidence." in key and row is not None and row["outcome"] in KINDS:
        check_share(row, affected(events, patients, row["outcome"]), n)
        assert (kind == "said") == (row["events"] > 0)
    elif ".terms." in key and kind in ("tie", "many"):
        had = emergent(events, patients).groupby("term")["study_id"].nunique()
        tied = had[had == had[row["level"]]]
        assert row["events"] == had[row["level"]] and row["n"] == n
        assert kind == "many" or values["n"] == len(tied), "every term of a tie is named"
    elif key == "safety.exposure.said":
        check_exposure(row, patients, visits)
    elif kind in ("first", "test", "with_share") and key.startswith("laboratory.graded"):
        worst = worst_grades(labs, row["outcome"])
        least = 3 if kind == "with_share" else 1
        check_share(row, int((worst >= least).sum()), len(worst))
        if kind == "first":
            most = max((worst_grades(labs, test) >= 1).sum() for test in ULN)
            assert row["events"] == most, "the first is the most frequent"


def check_exposure(row, patients, visits):
    table = patients.set_index("study_id")
    seen = visits.drop(columns=["study_id", "week"]).notna().any(axis=1)
    last = visits[seen].groupby("study_id")["date"].max().reindex(table.index)
    last = pd.concat([last, table["last_visit_date"]], axis=1).max(axis=1)
    days = (table["stop_date"].fillna(last) - table["start_date"]) / DAY
    assert row["n"] == days.count()
    assert row["estimate"] == pytest.approx(days.sum() / 365.25)


def check_patients(key, row, values, patients, visits, study):
    kind = key.rpartition(".")[2]
    if kind in ("sex_one", "sex_many"):
        known = patients["sex"].dropna()
        assert str(values["of"]) == f"{(known == values['level']).sum()} of {len(known)}"
    elif key == "descriptives.population.started":
        assert str(values["patients"]).split()[0] == str(len(patients))
    elif key == "descriptives.population.age":
        assert values["mean"] == f"{patients['age_years'].mean():.1f}"
    elif key in ("descriptives.population.group", "descriptives.population.group_yes"):
        known = patients[study.subgroup.column].dropna()
        own = (known == study.subgroup.value).sum()
        assert str(values["of"]) == f"{own} of {len(known)}"
    elif key == "descriptives.flow.visit":
        at = visits[visits["week"] == int(row["week"])]
        counted = at[study.endpoints.primary].notna().sum()
        assert (row["events"], row["n"]) == (counted, len(patients))
    elif key == "descriptives.stops.stopped_before":
        assert row["events"] == patients["stop_date"].notna().sum()


def check_cards(rows, patients, visits, events, study):
    """Cards give the mean change, with its t interval, responders by NRI, severe events."""
    n = len(patients)
    for card in index.cards(rows, study):
        if card.label.startswith("Mean change"):
            code = "pppasi" if "PPPASI" in card.label else "dlqi"
            wide = visits.pivot(index="study_id", columns="week", values=code).astype(float)
            d = (wide[12] - wide[0]).dropna() if {0, 12} <= set(wide) else pd.Series(dtype=float)
            assert card.value == f"{d.mean():.2f}".replace("-", "−").replace("−0.00", "0.00")
            assert card.n.split()[2] == str(len(d))
            if card.interval.startswith("95%"):
                reach = t.ppf(0.975, len(d) - 1) * d.std() / len(d) ** 0.5
                ends = (f"{d.mean() + side * reach:.2f}".replace("-", "−") for side in (-1, 1))
                ends = [end.replace("−0.00", "0.00") for end in ends]
                assert card.interval == f"95% CI {ends[0]} to {ends[1]}"
        elif "severe" in card.label:
            k = affected(events, patients, "grade3")
            assert f"{k} of {n}" in (card.n + card.value)
        elif card.label.startswith("PGA 0/1") and "non-response" in card.n:
            wide = visits.pivot(index="study_id", columns="week", values="pga").astype(float)
            base = wide[wide[0].notna()]
            assert f"{(base[12] <= 1).sum()} of {len(base)}" in (card.n + card.value)


def told(seed, make_study, monkeypatch):
    """Say what pages 02, 04 and the index say of a made cohort; give what they said it of."""
    study = make_study(STUDIES[seed % len(STUDIES)])
    patients, visits = made(seed)
    events, labs = some_events(patients, seed), some_labs(patients, seed)
    treated, about = (patients, visits, study), (labs, patients, study)
    parts = [
        safety.exposure(*treated),
        safety.adverse_event(events, *treated),
        safety.time_to_event(events, *treated),
        laboratory.lab_grade(*about),
        laboratory.lab_shift(*about),
    ]
    safe = pd.concat(parts, ignore_index=True)
    who = [
        descriptives.disposition(*treated),
        descriptives.period(patients),
        descriptives.prior_treatments(patients),
        descriptives.summary(*treated),
        descriptives.count(*treated),
    ]
    who = pd.concat(who, ignore_index=True)
    scores = [part(visits, patients, study) for part in (efficacy.change, efficacy.responder)]
    everything = pd.concat([who, safe, *scores], ignore_index=True)
    with caught(monkeypatch) as said:
        texts = [harms.key_results(safe, study), described.key_results(who, study)]
        texts += [index.abstract(everything, study), index.beyond(everything, study)]
    return study, patients, visits, events, labs, everything, said, texts


@pytest.mark.recompute
@pytest.mark.parametrize("seed", range(0, 200, 200 // COHORTS))
def test_every_count_is_that_of_its_patients(seed, make_study, monkeypatch):
    of = told(seed, make_study, monkeypatch)
    study, patients, visits, events, labs, everything, said, texts = of
    for key, row, values in said:
        check_harm(key, row, values, patients, visits, events, labs)
        check_patients(key, row, values, patients, visits, study)
    check_cards(everything, patients, visits, events, study)
    for text in map(str, texts):
        assert not any(word in text.split() for word in ("nan", "None", "inf", "NaN")), text


@pytest.mark.recompute
def test_the_made_cohorts_bring_about_every_count(make_study, monkeypatch):
    """Each kind of count is met, or the test above proves nothing of it."""
    met = set()
    for seed in range(12):
        *_, said, _ = told(seed, make_study, monkeypatch)
        met |= {key for key, *_ in said}
    incidence = {f"safety.incidence.{kind}" for kind in ("said", "none", "nobody")}
    graded = {f"laboratory.graded.{kind}" for kind in ("first", "test", "with_share")}
    assert incidence | graded | {"safety.terms.tie", "safety.exposure.said"} <= met
    known = ("sex_many", "started", "age", "group_yes")
    assert {f"descriptives.population.{kind}" for kind in known} <= met
    assert {"descriptives.flow.visit", "descriptives.stops.stopped_before"} <= met
