"""Laboratory grades at and about every edge, against thresholds spelled out in the tests."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ppp import results
from ppp.laboratory.rows import lab_grade
from ppp.study import Study

from . import grades, laboratory, units
from .rows import compare, load

pytestmark = pytest.mark.recompute

LIMITS = {
    "ALT": (7, 40),
    "AST": (8, 35),
    "ALP": (40, 130),
    "GGT": (8, 60),
    "CK": (30, 200),
    "Bilirubin": (3, 21),
    "Creatinine": (45, 104),
    "Haemoglobin": (120, 160),
    "Neutrophils": (1.8, 7.5),
    "Lymphocytes": (1.1, 3.5),
    "Platelets": (125, 350),
    "Leukocytes": (4, 10),
    "Triglycerides": (0.4, 1.7),
    "Total cholesterol": (2.9, 5.2),
    "LDL cholesterol": (1.0, 3.4),
}
UNITS = {
    "U/L": ["ALT", "AST", "ALP", "GGT", "CK"],
    "µmol/L": ["Bilirubin", "Creatinine"],
    "g/L": ["Haemoglobin"],
    "mmol/L": ["Triglycerides", "Total cholesterol", "LDL cholesterol"],
}
UNIT = {test: unit for unit, tests in UNITS.items() for test in tests}
ABOUT = (0.999, 1, 1.001)
MULTIPLES = (1, 1.5, 2, 2.5, 3, 5, 6, 10, 20)
ABSOLUTE = {
    "Triglycerides": (1.71, *grades.TRIGLYCERIDES),
    "Total cholesterol": grades.CHOLESTEROL,
    "LDL cholesterol": (*grades.LDL, *(0.02586 * k for k in (100, 130, 160, 190)), 2.59, 4.14),
}

MOLAR = {
    "Bilirubin": 584.66,
    "Creatinine": 113.12,
    "LDL cholesterol": 386.65,
    "HDL cholesterol": 386.65,
    "Total cholesterol": 386.65,
    "Triglycerides": 885.4,
    "Glucose": 180.16,
    "Urea": 60.06,
}


def edges(test, baseline):
    """Every value that may part two grades of a test, for a patient of that baseline."""
    low, high = LIMITS[test]
    absolute = ABSOLUTE.get(test, grades.BELOW.get(test, ()))
    by = {high * k for k in MULTIPLES} | {baseline * k for k in MULTIPLES} | {low, *absolute}
    return sorted(value * about for value in by for about in ABOUT)


def patients_of(test):
    """One patient a pair of baseline and later value, at weeks 0 and 4."""
    low, high = LIMITS[test]
    baselines = (low * 1.05, high, high * 1.2, high * 2.4, low * 0.5)
    pairs = np.array([(b, later) for b in baselines for later in edges(test, b)])
    ids = [f"P{number:04d}" for number in range(len(pairs))]
    table = {
        "study_id": np.repeat(ids, 2),
        "week": [0, 4] * len(ids),
        "test": test,
        "value": pairs.ravel(),
        "unit": UNIT.get(test, "10^9/L"),
        "lln": float(low),
        "uln": float(high),
    }
    labs = pd.DataFrame(table).astype({"study_id": "str", "test": "str", "unit": "str"})
    return labs, pd.DataFrame({"study_id": pd.Series(ids, dtype="str")})


@pytest.mark.parametrize("test", LIMITS)
def test_every_grade_is_as_spelled_out(test, tmp_path):
    labs, patients = patients_of(test)
    rows = lab_grade(labs, patients, Study.load("data/demo"))
    found = load(results.save(rows, tmp_path, "04_safety"))
    source = SimpleNamespace(labs=labs.rename(columns={"study_id": "patient_id"}))
    wanted = {key: numbers for key, numbers in laboratory.rows(source) if key[1] == "lab_grade"}
    assert not compare(found, wanted)


def test_every_graded_test_is_here():
    assert set(LIMITS) == grades.CTCAE | grades.ATP_III


@pytest.mark.parametrize("test", MOLAR)
def test_a_unit_of_mass_is_converted_by_the_molar_mass(test):
    name, factors = units.tests()[units.plain(test)]
    per_mmol = {"µmol/L": 1e-3}.get(UNIT.get(test), 1)
    assert name == test
    assert factors["mg/dl"] * per_mmol == pytest.approx(10 / MOLAR[test], rel=2e-3)


@pytest.mark.parametrize("test", ["Leukocytes", "Neutrophils", "Lymphocytes", "Platelets"])
def test_cells_are_counted_in_thousands_a_microlitre(test):
    factors = units.tests()[units.plain(test)][1]
    assert factors[units.plain_unit("×10³/µL")] == factors[units.plain_unit("10^9/L")] == 1
    assert factors[units.plain_unit("/μl")] == 0.001
