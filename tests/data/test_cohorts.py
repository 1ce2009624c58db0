"""The two test cohorts after cleaning: real DLQI data, and a synthetic cohort with gaps."""

import json
import runpy
import shutil
from pathlib import Path

import pytest

from ppp.data import cleaning
from ppp.study import Study

COHORTS = Path(__file__).parents[1] / "cohorts"


@pytest.fixture(scope="module")
def phase3():
    return cleaning.clean(Study.load(str(COHORTS / "dlqi_phase3")))


@pytest.fixture(scope="module")
def gaps():
    return cleaning.clean(Study.load(str(COHORTS / "gaps")))


def scores_at(cleaned, field: str) -> dict:
    return cleaned.visits.pivot(index="study_id", columns="week", values=field)


def test_phase3_matches_its_expected_figures(phase3):
    expected = json.loads((COHORTS / "dlqi_phase3" / "expected.json").read_text())
    dlqi = scores_at(phase3, "dlqi")
    pairs = dlqi.dropna()
    assert len(phase3.patients) == expected["patients"]
    assert len(pairs) == expected["n_pairs"] == 283
    for week, key in ((0, "pairs_before"), (16, "pairs_after")):
        assert pairs[week].mean() == pytest.approx(expected[key]["mean"], rel=1e-12)
        assert pairs[week].std() == pytest.approx(expected[key]["sd"], rel=1e-12)
    assert (pairs[16] - pairs[0]).mean() == pytest.approx(expected["change"]["mean"])
    assert (dlqi[16] <= 1).sum() == expected["dlqi01_week16_observed"]["k"]
    assert phase3.patients.pasi_baseline.mean() == pytest.approx(expected["pasi_baseline"]["mean"])
    differing = phase3.queries[phase3.queries.rule == "dlqi_total_differs"]
    assert len(differing) == expected["rows_total_ne_item_sum"] == 90
    assert (differing.action == "kept").all()
    assert phase3.adverse_events is None


@pytest.mark.parametrize("name", ["gaps", "easi"])
def test_files_are_what_their_script_writes(name, tmp_path):
    copy = Path(shutil.copytree(COHORTS / name, tmp_path / name, copy_function=shutil.copy))
    shutil.rmtree(copy / "csv")
    runpy.run_path(str(copy / "make.py"), run_name="__main__")
    for file in sorted((COHORTS / name / "csv").glob("*.csv")):
        assert (copy / "csv" / file.name).read_bytes() == file.read_bytes()


def test_gaps_are_where_the_readme_says(gaps):
    pppasi, dlqi, pga = (scores_at(gaps, field) for field in ("pppasi", "dlqi", "pga"))
    dropped = ["P03", "P06", "P09", "P11"]
    assert gaps.patients.set_index("study_id").stop_reason.dropna().index.tolist() == dropped
    assert pppasi.index[pppasi[12].isna()].tolist() == sorted([*dropped, "P04", "P07", "P10"])
    assert pppasi.index[pppasi[0].isna()].tolist() == ["P08"]
    assert pppasi.loc["P13", 0] == pppasi.loc["P01", 12] == dlqi.loc["P14", 0] == 0
    assert dlqi.index[dlqi[12].isna()].tolist() == sorted([*dropped, "P07", "P08"])
    assert pga.index[pga[12].isna()].tolist() == sorted([*dropped, "P07", "P12"])
    assert (gaps.patients.sapho == "yes").sum() == 1
    assert (gaps.labs[gaps.labs.study_id == "P08"].uln.isna()).all()
    assert "Bilirubin" not in set(gaps.labs.test)


def test_gaps_has_one_serious_event_of_grade_3_and_grades_that_are_missing(gaps):
    events = gaps.adverse_events
    serious = events[events.serious == "yes"]
    assert serious.term.tolist() == ["Herpes zoster"]
    assert serious.grade.tolist() == [3]
    assert events.grade.isna().sum() == 2
