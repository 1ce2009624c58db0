"""Figures of laboratory values: courses, shifts of grade, eDISH."""

import io
import re
import time as clock
import warnings

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from ppp.laboratory import figures
from ppp.laboratory import rows as analysis
from ppp.laboratory.figures import limits
from ppp.report.figure import MissingGlyphWarning
from ppp.report.prose import Absent

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


def people(n=4):
    ids = [f"P{i:05d}" for i in range(1, n + 1)]
    return pd.DataFrame({"study_id": ids, "start_date": START})


def lab_lines(labs, patients, study):
    rows = analysis.lab_value(labs, patients, study)
    return figures.lab_lines(analysis.values(labs, patients, study), rows, study)


def edish(labs, patients, study, rows=None):
    rows = analysis.liver(labs, patients, study) if rows is None else rows
    return figures.edish(analysis.peaks(labs, patients, study), rows, study)


def all_figures(labs, patients, study):
    return [lab_lines(labs, patients, study), edish(labs, patients, study)]


def sound(figure):
    if isinstance(figure, Absent):
        return True
    return not BAD.search(figure.caption + figure.alt) and not BAD.search(figure.svg)


def measured(patients, tests=("ALT", "AST", "Bilirubin", "ALP"), seed=1):
    draws = np.random.default_rng(seed)
    each = [
        patients[["study_id"]].assign(
            week=w,
            test=t,
            unit="U/L",
            lln=10.0,
            uln=40.0,
            value=draws.uniform(12, 38, len(patients)).round(1),
        )
        for t in tests
        for w in (0, 4, 12)
    ]
    return pd.concat(each, ignore_index=True)


def jaundiced(labs):
    """Raise one bilirubin above twice its limit, so that there is something to draw."""
    one = (labs["study_id"] == "P00001") & (labs["week"] == 12) & (labs["test"] == "Bilirubin")
    return labs.assign(value=labs["value"].mask(one, 90.0))


def test_all_draw_without_a_warning_the_same_bytes_whatever_the_order_of_the_input(study):
    patients = people()
    labs = jaundiced(measured(patients))
    turned = all_figures(labs.iloc[::-1], patients.iloc[::-1], study)
    for one, other in zip(all_figures(labs, patients, study), turned, strict=True):
        assert sound(one) and (one.svg, one.png, one.alt) == (other.svg, other.png, other.alt)
        assert "SYNTHETIC DATA" in one.svg and len(one.svg) < 120_000


def test_not_recorded_is_said(study):
    lines, scatter = all_figures(None, people(0), study)
    assert "not recorded" in lines.alt
    assert isinstance(scatter, Absent)
    patients = people()
    assert isinstance(edish(measured(patients, ("ALT",)), patients, study), Absent)


def test_one_patient(study):
    assert all(map(sound, all_figures(measured(people(1)), people(1), study)))


def test_ten_thousand_patients_stay_small_and_quick(study):
    patients = people(10_000)
    labs = jaundiced(measured(patients))
    began = clock.perf_counter()
    made = all_figures(labs, patients, study)
    assert clock.perf_counter() - began < 60
    assert all(map(sound, made)) and max(len(figure.svg) for figure in made) < 300_000


def test_hostile_text_is_inert_and_cut(study):
    patients = people()
    labs = pd.concat([measured(patients), measured(patients, HOSTILE).assign(unit=HOSTILE[2])])
    for figure in (lab_lines(labs, patients, study),):
        assert "<script" not in figure.svg and "\x00" not in figure.svg + figure.alt
        assert len(figure.svg) < 200_000 and len(figure.alt) < 5000 and "\u202e" not in figure.svg


def test_columns_that_were_not_recorded_are_not_needed(study):
    patients = people()
    bare = patients[["study_id"]]
    labs = measured(patients).drop(columns=["unit", "lln", "uln"])
    assert "ALT: 4 patients" in lab_lines(labs, bare, study).alt
    dated = measured(patients).assign(date=lambda t: START + pd.to_timedelta(7 * t["week"], "D"))
    undated = dated.drop(columns="week")
    same = lab_lines(undated, patients, study)
    assert same.alt == lab_lines(dated, patients, study).alt
    assert "none has both" in lab_lines(undated, bare, study).alt


def test_edish_places_a_patient_as_the_rows_say(study):
    patients = people(4)
    labs = measured(patients)
    after = labs["week"] > 0
    labs.loc[after & (labs["study_id"] == "P00002") & (labs["test"] == "ALT"), "value"] = 200.0
    assert isinstance(edish(labs, patients, study), Absent)
    labs.loc[after & (labs["study_id"] == "P00003") & (labs["test"] == "Bilirubin"), "value"] = 90.0
    made = edish(labs, patients, study)
    assert "Temple’s corollary 1 of 4" in made.alt and "P00002</text>" in made.svg
    assert "Temple’s corollary: 1 of 4</text>" in made.svg


def test_a_high_alp_is_marked_in_the_upper_right_quadrant(study):
    patients = people(4)
    labs = measured(patients)
    high = (labs["week"] > 0) & (labs["study_id"] == "P00002")
    labs.loc[high, "value"] = 200.0
    made = edish(labs, patients, study)
    assert "Cross: upper right, but ALP 2 × ULN or more" in made.caption
    assert "Bilirubin &gt; 2×ULN, other: 1 of 4" in made.svg
    assert "Potential Hy’s law: 0 of 4" in made.svg
    labs.loc[high & (labs["test"] == "ALP"), "value"] = 30.0
    assert "Cross" not in edish(labs, patients, study).caption
    unknown = edish(labs[labs["test"] != "ALP"], patients, study)
    assert "ALP not recorded; 1 without a known ALP, counted." in unknown.caption


def test_limits_that_agree_are_one_line_and_more_than_two_are_none(study):
    assert limits(pd.Series([73, 73, 73.39, 97.26, 97.26, 97, np.nan])) == [73, 97.26]
    assert limits(pd.Series([101.0, 102.0, 102.1, 102.1, 97.9])) == [102.1, 97.9]
    assert limits(pd.Series([0.0, 0.0, 0.1])) == [0, 0.1]
    patients = people(4)
    labs = measured(patients, ("ALT",))
    drawn = lab_lines(labs, patients, study)
    three = labs.assign(uln=labs["week"].map({0: 40.0, 4: 50.0, 12: 60.0}))
    many = lab_lines(three, patients, study)
    told = "More than two different limits, not drawn: ALT (upper)."
    assert told in many.caption and "not drawn" not in drawn.caption
    assert drawn.svg.count("stroke-dasharray") == many.svg.count("stroke-dasharray") + 1


def test_panels_stand_in_the_order_of_the_tests(study):
    patients = people(4)
    tests = ("Zinc", "Bilirubin", "ALT", "Ferritin")
    made = lab_lines(measured(patients, tests), patients, study)
    places = [made.alt.index(f"{t}, U/L") for t in ("ALT", "Bilirubin", "Ferritin", "Zinc")]
    assert places == sorted(places)


def test_common_colours_reach_the_png(study):
    """A mark that is small beside the rest keeps its colour: the synthetic strip above all."""
    patients = people()
    made = lab_lines(measured(patients), patients, study)
    colours = {c for _, c in Image.open(io.BytesIO(made.png)).convert("RGB").getcolors(9999)}
    assert {(213, 94, 0), (255, 255, 255)} <= colours
