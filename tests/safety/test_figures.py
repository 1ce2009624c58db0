"""The figures of exposure and adverse events: swimmer, time to event, incidence."""

import re
import time as clock
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ppp import results
from ppp.estimators.estimate import Estimate
from ppp.report.figure import MissingGlyphWarning
from ppp.report.names import fit
from ppp.report.prose import Absent
from ppp.safety import figures
from ppp.safety import rows as safety

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
START = pd.Timestamp("2024-01-01")


@pytest.fixture(autouse=True)
def strict():
    """A warning of matplotlib (axes without room) is a failure here."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", MissingGlyphWarning)
        yield


def value(x, low=np.nan, high=np.nan, **more):
    return Estimate(x, low, high, 0.95, **more)


def day(number):
    return START + pd.to_timedelta(number, unit="D")


def people(n=4):
    """Patients of 65 to 84 days, each third with SAPHO; the first stopped on day 70."""
    patients = pd.DataFrame(
        {
            "study_id": [f"P{i:05d}" for i in range(1, n + 1)],
            "sapho": ["yes" if i % 3 == 0 else "no" for i in range(n)],
            "start_date": START,
            "stop_date": pd.Series(pd.NaT, index=range(n), dtype="datetime64[us]"),
            "last_visit_date": day(84.0 - np.arange(n) % 20),
            "stop_reason": pd.Series([None] * n, dtype="str"),
        }
    )
    patients.loc[0, ["stop_date", "stop_reason"]] = [day(70), "remission"]
    return patients


def visited(patients):
    weeks = [0, 4, 8, 12]
    each = [patients[["study_id"]].assign(week=w, pppasi=5.0) for w in weeks]
    return pd.concat(each, ignore_index=True)


def adverse(patients, each=2):
    ids = np.repeat(patients["study_id"].to_numpy(), each)
    number = np.arange(len(ids))
    grade = pd.array(number % 3 + 1, dtype="Int64")
    start = day((number * 7 % 90).astype(float))
    return pd.DataFrame({"study_id": ids, "term": "Acne", "grade": grade, "start_date": start})


def swimmer(patients, visits, events, study):
    """Draw the figure from tables, as the notebook does."""
    made = [safety.exposure(patients, visits, study)]
    made.append(safety.adverse_event(events, patients, visits, study))
    course = safety.course(events, patients, visits, study)
    return figures.swimmer(pd.concat(made, ignore_index=True), course, study)


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


def all_figures(patients, events, study, rows):
    return [swimmer(patients, visited(patients), events, study), figures.time_to_event(rows, study)]


def every_row(terms=(("Acne", 3),), n=28, **how):
    return pd.concat([event_rows(**how), harm_rows(terms, n=n)], ignore_index=True)


def sound(figure):
    return not BAD.search(figure.caption + figure.alt) and not BAD.search(figure.svg)


def test_all_draw_without_a_warning_the_same_bytes_whatever_the_order_of_the_input(study):
    patients, rows = people(), every_row()
    events = adverse(patients)
    first = all_figures(patients, events, study, rows)
    turned = all_figures(patients.iloc[::-1], events.iloc[::-1], study, rows)
    for one, other in zip(first, turned, strict=True):
        assert sound(one) and (one.svg, one.png, one.alt) == (other.svg, other.png, other.alt)
        assert "SYNTHETIC DATA" in one.svg and len(one.svg) < 120_000


def test_not_recorded_is_said_or_not_drawn(study, empty):
    nobody = people().head(0)
    lanes, curve = all_figures(nobody, adverse(nobody), study, empty)
    assert "no patient was recorded" in lanes.alt and sound(lanes)
    assert isinstance(curve, Absent)
    assert isinstance(swimmer(people(), None, None, study), Absent)


def test_none_occurred_is_not_the_same_as_not_recorded(study):
    patients = people()
    made = swimmer(patients, None, adverse(patients).head(0), study)
    assert "No treatment-emergent adverse event." in made.alt
    assert isinstance(figures.time_to_event(event_rows(steps=()), study), Absent)


def test_no_curve_where_everybody_was_followed(study):
    assert isinstance(figures.time_to_event(event_rows().assign(code="crude"), study), Absent)


def test_one_patient(study):
    patients = people(1)
    rows = every_row([("Acne", 1)], n=1, groups=("all",), steps=((3, 1.0),))
    for figure in all_figures(patients, adverse(patients, 1), study, rows):
        assert sound(figure)


def test_ten_thousand_patients_stay_small_and_quick(study):
    patients = people(10_000)
    steps = [(day, round(1 - 0.99**day, 6)) for day in range(1, 85)]
    rows = every_row([(f"Term {i}", 900 - i) for i in range(800)], n=10_000, steps=steps)
    events = adverse(patients, 20)
    began = clock.perf_counter()
    made = all_figures(patients, events, study, rows)
    assert clock.perf_counter() - began < 60
    assert all(sound(figure) and len(figure.svg) < 300_000 for figure in made)
    assert "the 60 of 10,000 patients longest on treatment" in made[0].caption


def test_hostile_text_is_inert_and_cut(study):
    patients = people(len(HOSTILE)).assign(stop_reason=HOSTILE)
    events, rows = adverse(patients).assign(term=HOSTILE[0]), every_row([(t, 3) for t in HOSTILE])
    for figure in all_figures(patients, events, study, rows):
        assert "<script" not in figure.svg and "\x00" not in figure.svg + figure.alt
        assert len(figure.svg) < 200_000 and len(figure.alt) < 5000 and "\u202e" not in figure.svg


def test_groups_of_any_name_fit(study):
    own = replace(study.subgroup, column="sex", value="很" * 300)
    study = replace(study, subgroup=own)
    groups = ("all", "sex=" + "很" * 300, "sex=" + "x" * 300)
    assert len(figures.time_to_event(event_rows(groups), study).alt) < 2000


def test_columns_that_were_not_recorded_are_not_needed(study):
    patients = people()
    bare = patients[["study_id"]]
    made = swimmer(bare, visited(patients), adverse(patients).drop(columns="grade"), study)
    assert "8 without a grade" in made.alt and "No stop recorded" in made.alt


def test_swimmer_worked_by_hand(study):
    patients = people(3)
    patients.loc[2, ["start_date", "last_visit_date"]] = pd.NaT
    events = pd.DataFrame(
        {
            "study_id": ["P00001", "P00001", "P00002", "P00002"],
            "term": "Acne",
            "grade": pd.array([1, None, 3, 2], dtype="Int64"),
            "start_date": [day(7), pd.NaT, day(30), day(-3)],
            "start_earliest": [day(7), day(0), day(30), day(-3)],
            "start_latest": [day(7), day(30), day(30), day(-3)],
        }
    )
    made = swimmer(patients, None, events, study)
    assert made.alt == (
        "Swimmer plot of 3 patients, 10.0 to 11.9 weeks on treatment; time unknown in 1. "
        "3 treatment-emergent events: 1 of grade 1, 1 of grade 3 and 1 without a grade. "
        "Stopped: 1 (remission 1)."
    )
    assert "open symbols: 1 without an exact date" in made.caption
    assert "1 event outside the treatment window is not shown" in made.caption
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


def test_a_group_has_its_colour_by_what_it_is(study):
    amber, blue = "#e69f00", "#0072b2"
    for groups, has, lacks in (
        (("all", "sapho=no"), blue, amber),
        (("all", "sapho=yes"), amber, blue),
    ):
        drawn = figures.time_to_event(event_rows(groups), study).svg.lower()
        assert has in drawn and lacks not in drawn
    patients = people()
    swum = swimmer(patients, None, adverse(patients), study).svg.lower()
    assert "#fae6b9" in swum and "#d7e6f1" in swum and "no stop recorded" in swum
    others = patients.assign(sapho="no")
    swum = swimmer(others, None, adverse(patients), study).svg.lower()
    assert "#fae6b9" not in swum and "#d7e6f1" in swum


@pytest.mark.parametrize("words", HOSTILE)
def test_a_label_fits_its_room(words):
    assert 0 < len(fit(words, 20)) <= 20 and fit("很" * 50, 20) == "很" * 9 + "…"
