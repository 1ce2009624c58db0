"""R's answers, case by case, and warnings as errors."""

import json
from pathlib import Path

import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[1] / "reference"
EXPECTED = json.loads((REFERENCE / "expected.json").read_text())


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("error"))


def read(name):
    return pd.read_csv(REFERENCE / "cases" / f"{name}.csv")


def each(kind):
    named = isinstance(EXPECTED[kind], dict)
    return pytest.fixture(params=EXPECTED[kind], ids=str if named else _counts)


def _counts(case):
    return "-".join(str(value) for value in list(case.values())[:4])


@each("paired")
def paired(request):
    """Scores before and after, and R's values of them."""
    case = read(request.param)
    return case["pre"], case["post"], EXPECTED["paired"][request.param]


@each("two_group")
def two_group(request):
    case = read(request.param)
    return case, EXPECTED["two_group"][request.param]


@each("longitudinal")
def longitudinal(request):
    case = read(request.param)
    wide = case.pivot(index="id", columns="week", values="value")
    return wide.to_numpy(), EXPECTED["longitudinal"][request.param]


@each("survival")
def time_to_event(request):
    return read(request.param), EXPECTED["survival"][request.param]


@each("event_rates")
def event_rate(request):
    return read(request.param), EXPECTED["event_rates"][request.param]


@each("proportions")
def proportion(request):
    return request.param


@each("two_by_two")
def two_by_two(request):
    return request.param


@each("rates")
def rate(request):
    return request.param


@pytest.fixture
def holm():
    return EXPECTED["holm"]


@pytest.fixture
def close():
    """Agreement of closed forms, 1e-8 relative; `rel` for others."""
    return lambda result, truth, rel=1e-8: result == pytest.approx(truth, rel=rel, abs=1e-12)
