"""The figures of the safety page: swimmer, time to event, adverse events."""

import re
import time as clock
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ppp import results
from ppp.estimators.estimate import Estimate
from ppp.report import figures
from ppp.report.absent import Absent
from ppp.report.labels import fit

BAD = re.compile(r"\b(nan|inf|NaN|NaT|None|<NA>)\b")
HOSTILE = [
    "<script>alert(1)</script>",
    "$x_1$ & 5% \\frac{",
    "x" * 10_000,
    "很" * 10_000,
    "صداع شديد",
    "a\x00b\nc",
    "\u202eetirw\u202c",
    " ",
    "=1+1",
    "🦠 rash",
]
EMPTY = results.frame([])
START = pd.Timestamp("2024-01-01")


@pytest.fixture(autouse=True)
def strict():
    """A warning of matplotlib (axes without room) is a failure here."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", figures.MissingGlyphWarning)
        yield


def value(x, low=np.nan, high=np.nan, **more):
    return Estimate(x, low, high, 0.95, **more)


def people(n=4):
    ids = [f"P{i:05d}" for i in range(1, n + 1)]
    kind = ["yes" if i % 3 == 0 else "no" for i in range(n)]
    patients = pd.DataFrame(
        {
            "study_id": ids,
            "sapho": kind,
            "start_date": START,
            "stop_date": pd.NaT,
            "stop_reason": None,
        }
    )
    patients["stop_date"] = patients["stop_date"].astype("datetime64[us]")
    patients.loc[0, ["stop_date", "stop_reason"]] = [START + pd.Timedelta(days=70), "remission"]
    days = 84.0 - np.arange(n) % 20
    end = START + pd.to_timedelta(days, unit="D")
    span = {"start": START, "end": end, "days": days, "basis": "visit"}
    return patients, pd.DataFrame(span, index=pd.Index(ids, name="study_id"))


def visited(patients):
    weeks = [0, 4, 8, 12]
    each = [patients[["study_id"]].assign(week=w, pppasi=5.0) for w in weeks]
    return pd.concat(each, ignore_index=True)


def placed_events(patients, each=2):
    ids = np.repeat(patients["study_id"].to_numpy(), each)
    number = np.arange(len(ids))
    return pd.DataFrame(
        {
            "study_id": ids,
            "term": "Acne",
            "grade": pd.array(number % 3 + 1, dtype="Int64"),
            "onset": (number * 7 % 90).astype(float),
            "window": "on",
            "certain": "day",
        }
    )


def event_rows(groups=("all", "sapho=yes", "sapho=no"), steps=((7, 0.25), (35, 0.5))):
    made = []
    for group in groups:
        for k, (day, x) in enumerate(steps, start=1):
            limits = (x / 2, x * 1.6) if x * 1.6 < 1 else ()
            made.append(
                results.row(
                    "time_to_event",
                    "any",
                    "curve",
                    value(x, *limits, n=4, events=k),
                    level=str(day),
                    group=group,
                )
            )
        for week in (0, 4, 8, 12):
            n = len(steps) + 1 - sum(day < 7 * week for day, _ in steps)
            made.append(
                results.row(
                    "time_to_event", "any", "at_risk", float(n), week=week, n=4, group=group
                )
            )
        for week in (4, 8, 12):
            k, x = max([(0, 0.0), *((i, x) for i, (d, x) in enumerate(steps, 1) if d <= 7 * week)])
            high = min(1.0, x * 1.6) if k else 0.6
            so_far = value(x, x / 2, high, n=4, events=k)
            made.append(
                results.row(
                    "time_to_event", "any", "cumulative_incidence", so_far, week=week, group=group
                )
            )
    return results.frame(made)


def harm_rows(terms, outcome="term", n=28):
    made = [results.row("adverse_event", "any", "patients", value(0.5, 0.3, 0.7, n=n, events=14))]
    made += [
        results.row(
            "adverse_event",
            outcome,
            "patients",
            value(k / n, 0.0, min(1, (k + 3) / n), n=n, events=k),
            level=term,
        )
        for term, k in terms
    ]
    return results.frame(made)


def all_figures(patients, time, study, *, placed, rows):
    return [
        figures.swimmer(patients, visited(patients), placed, time, study),
        figures.time_to_event(rows, study),
        figures.adverse_events(rows, study),
    ]


def every_row(**more):
    return pd.concat([event_rows(), harm_rows([("Acne", 3)])], ignore_index=True)


def sound(figure):
    if isinstance(figure, Absent):
        return True
    return not BAD.search(figure.caption + figure.alt) and not BAD.search(figure.svg)


def test_all_draw_without_a_warning_the_same_bytes_whatever_the_order_of_the_input(study):
    patients, time = people()
    placed, rows = placed_events(patients), every_row()
    first = all_figures(patients, time, study, placed=placed, rows=rows)
    turned = all_figures(
        patients.iloc[::-1], time.iloc[::-1], study, placed=placed.iloc[::-1], rows=rows
    )
    for one, other in zip(first, turned, strict=True):
        assert sound(one) and (one.svg, one.png, one.alt) == (other.svg, other.png, other.alt)
        assert "SYNTHETIC DATA" in one.svg and len(one.svg) < 120_000


def test_not_recorded_is_said(study, empty):
    patients, time = people()
    made = all_figures(
        patients.head(0), time.head(0), study, rows=empty, placed=placed_events(patients).head(0)
    )
    for figure, why in zip(
        made, ["no patient was recorded", "not recorded", "not recorded"], strict=True
    ):
        assert why in figure.alt and sound(figure)
    assert isinstance(figures.swimmer(patients, None, None, time, study), Absent)


def test_none_occurred_is_not_the_same_as_not_recorded(study):
    patients, time = people()
    made = figures.swimmer(patients, None, placed_events(patients).head(0), time, study)
    assert "No treatment-emergent adverse event." in made.alt
    flat = figures.time_to_event(event_rows(steps=()), study)
    assert "week 12 0.0% (0.0% to 60.0%)" in flat.alt and "No event" in flat.caption


def test_reasons_of_the_rows_are_told(study):
    row = results.row("time_to_event", "any", "cumulative_incidence", np.nan, note="not recorded")
    assert "not recorded" in figures.time_to_event(results.frame([row]), study).alt


def test_one_patient(study):
    patients, time = people(1)
    rows = pd.concat([event_rows(("all",), ((3, 1.0),)), harm_rows([("Acne", 1)], n=1)])
    for figure in all_figures(patients, time, study, rows=rows, placed=placed_events(patients, 1)):
        assert sound(figure)


def test_ten_thousand_patients_stay_small_and_quick(study):
    patients, time = people(10_000)
    placed = placed_events(patients, 20)
    steps = [(day, round(1 - 0.99**day, 6)) for day in range(1, 85)]
    terms = [(f"Term {i}", 900 - i) for i in range(800)]
    rows = pd.concat([event_rows(steps=steps), harm_rows(terms, n=10_000)])
    began = clock.perf_counter()
    made = all_figures(patients, time, study, placed=placed, rows=rows)
    assert clock.perf_counter() - began < 60
    sizes = {figure.key: len(figure.svg) for figure in made}
    assert all(sound(figure) for figure in made) and max(sizes.values()) < 300_000, sizes
    assert "the 60 of 10,000 patients with the longest time" in made[0].caption
    assert "785 further terms not drawn" in made[-1].caption


def test_hostile_text_is_inert_and_cut(study):
    patients, time = people(len(HOSTILE))
    patients["stop_reason"] = HOSTILE
    rows = pd.concat([event_rows(), harm_rows([(term, 3) for term in HOSTILE])])
    for figure in all_figures(
        patients, time, study, rows=rows, placed=placed_events(patients).assign(term=HOSTILE[0])
    ):
        assert "<script" not in figure.svg and "\x00" not in figure.svg + figure.alt
        assert len(figure.svg) < 200_000 and len(figure.alt) < 5000 and "\u202e" not in figure.svg


def test_groups_of_any_name_fit(study):
    own = replace(study.subgroup, column="sex", value="很" * 300)
    study = replace(study, subgroup=own)
    groups = ("all", "sex=" + "很" * 300, "sex=" + "x" * 300)
    assert len(figures.time_to_event(event_rows(groups), study).alt) < 2000


def test_columns_that_were_not_recorded_are_not_needed(study):
    patients, time = people()
    bare = patients[["study_id"]]
    events = placed_events(patients).drop(columns=["grade", "term"])
    made = figures.swimmer(bare, visited(patients), events, time, study)
    assert "8 without a grade" in made.alt and "No stop recorded" in made.alt


def test_swimmer_worked_by_hand(study):
    patients, time = people(3)
    time.loc["P00003", ["days", "start"]] = [np.nan, pd.NaT]
    placed = pd.DataFrame(
        {
            "study_id": ["P00001", "P00001", "P00002", "P00002"],
            "grade": [1, None, 3, 2],
            "onset": [7.0, 0.0, 30.0, -3.0],
            "window": ["on", "on", "on", "before"],
            "certain": ["day", "month", "day", "day"],
        }
    ).astype({"grade": "Int64"})
    made = figures.swimmer(patients, visited(patients), placed, time, study)
    assert made.alt == (
        "Swimmer plot of 3 patients, 11.9 to 12.0 weeks on treatment; time unknown in 1. "
        "3 treatment-emergent events: 1 of grade 1, 1 of grade 3 and 1 without a grade. "
        "Stopped: 1 (remission 1)."
    )
    assert "1 without an exact date (open marks)" in made.caption
    assert "1 event before treatment or after its window not drawn" in made.caption
    assert "P00001*" in made.svg and "remission</text>" in made.svg and "time unknown" in made.svg


def test_time_to_event_prints_the_rows_and_no_p(study):
    made = figures.time_to_event(event_rows(), study)
    assert "All patients: week 4 25.0% (12.5% to 40.0%)" in made.alt
    assert "With SAPHO" in made.alt and "Week 12: 50.0%" in made.svg
    assert "log–log" in made.caption and not re.search(r"\bp [=<]", made.svg + made.alt)
    alone = figures.time_to_event(event_rows(("all",)), study)
    assert "SAPHO" not in alone.svg + alone.caption


def test_time_to_event_of_a_week_that_nobody_reached(study):
    late = results.row(
        "time_to_event",
        "any",
        "cumulative_incidence",
        np.nan,
        week=24,
        note="nobody observed so long",
    )
    made = figures.time_to_event(pd.concat([event_rows(), results.frame([late])]), study)
    assert sound(made) and "week 24" not in made.alt


def test_events_are_drawn_in_the_order_of_the_rows(study):
    made = figures.adverse_events(harm_rows([("B", 2), ("A", 2), ("C", 5)]), study)
    assert "B 2 of 28, A 2 of 28 and C 5 of 28" in made.alt


def test_only_whole_ties_are_drawn_worked_by_hand(study):
    tied = [("A", 5), ("B", 3), ("C", 3), ("D", 2), ("E", 2), ("F", 2)]
    made = figures.adverse_events(harm_rows(tied), study, limit=4)
    assert "C 3 of 28" in made.alt and "D 2" not in made.alt
    assert "3 further terms not drawn, each in fewer patients." in made.caption
    cut = figures.adverse_events(harm_rows([(x, 1) for x in "ABCDE"]), study, limit=2)
    assert "3 further terms not drawn, some as frequent as those drawn." in cut.caption


def test_a_group_has_its_colour_by_what_it_is(study):
    amber, blue = "#e69f00", "#0072b2"
    for groups, has, lacks in (
        (("all", "sapho=no"), blue, amber),
        (("all", "sapho=yes"), amber, blue),
    ):
        drawn = figures.time_to_event(event_rows(groups), study).svg.lower()
        assert has in drawn and lacks not in drawn
    patients, time = people()
    swum = figures.swimmer(patients, None, placed_events(patients), time, study).svg.lower()
    assert "#fae6b9" in swum and "#d7e6f1" in swum and "no stop recorded" in swum
    others = patients.assign(sapho="no")
    swum = figures.swimmer(others, None, placed_events(patients), time, study).svg.lower()
    assert "#fae6b9" not in swum and "#d7e6f1" in swum


def test_special_interest_shows_zeros_and_what_was_not_recorded(study):
    rows = harm_rows([("Herpes zoster", 0), ("MACE", 1)], outcome="interest")
    lacking = results.row(
        "adverse_event",
        "interest",
        "patients",
        np.nan,
        level="Serious infection",
        note="not recorded",
    )
    made = figures.adverse_events(
        pd.concat([rows, results.frame([lacking])]), study, outcome="interest"
    )
    assert made.key == "adverse-events-interest" and "not drawn" not in made.caption
    assert "Herpes zoster 0 of 28, MACE 1 of 28 and Serious infection not recorded" in made.alt
    assert "Any adverse event" not in made.svg


@pytest.mark.parametrize("words", HOSTILE)
def test_a_label_fits_its_room(words):
    assert 0 < len(fit(words, 20)) <= 20 and fit("很" * 50, 20) == "很" * 9 + "…"
