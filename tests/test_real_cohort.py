"""300 real patients of phase 3 psoriasis trials: the figures of ``expected.json``."""

import json

import pytest

from ppp import results
from ppp.study import ROOT

pytestmark = pytest.mark.slow
EXPECTED = json.loads((ROOT / "tests/cohorts/dlqi_phase3/expected.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def rows(dlqi_run):
    return results.load(dlqi_run.results)


def one(rows, **where):
    return results.one(rows, group="all", week=16, **where)


def test_change_in_dlqi_is_as_computed_independently(rows):
    row = one(rows, analysis="change", outcome="dlqi", statistic="mean_change", missing="observed")
    wanted = EXPECTED["change"]
    assert row["n"] == EXPECTED["n_pairs"] == 283
    assert row["estimate"] == pytest.approx(wanted["mean"], rel=1e-12)
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(wanted["ci95_t"], rel=1e-10)


@pytest.mark.parametrize(
    ("outcome", "missing", "key"),
    [
        ("dlqi01", "observed", "dlqi01_week16_observed"),
        ("dlqi01", "nri", "dlqi01_week16_missing_as_failure"),
        ("dlqi_mcid", "observed", "mcid4_among_baseline_ge4"),
    ],
)
def test_responders_are_as_computed_independently(rows, outcome, missing, key):
    row = one(rows, analysis="responder", outcome=outcome, missing=missing, statistic="wilson")
    wanted = EXPECTED[key]
    assert (row["events"], row["n"]) == (wanted["k"], wanted["n"])
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(wanted["wilson95"], abs=1e-8)


def test_what_was_not_recorded_is_said_to_be_so(dlqi_run, rows):
    assert not set(rows["outcome"]) & {"sex", "pga", "pga01", "pppasi"}
    events = results.pick(rows, analysis="adverse_event")
    assert events["estimate"].isna().all() and set(events["note"]) == {"not recorded"}
    said = {
        "02_descriptives": "Sex was not recorded",
        "04_safety": "Adverse events were not recorded. This does not mean that none occurred",
        "05_sapho_subgroup": "SAPHO syndrome was not recorded",
    }
    for page, words in said.items():
        assert words in (dlqi_run.exports / f"{page}.html").read_text("utf-8")
