"""A whole run with corrections: page 01 says who and why, and the effect is that of the others."""

import csv
import shutil

import pytest

from ppp import results
from ppp.data.corrections import COLUMNS
from ppp.study import DEMO

pytestmark = pytest.mark.slow
LINES = [
    {"sheet": "随访 Visits", "cell": "D68", "patient_id": "C-150", "old": "73", "new": "7.3"},
    {"sheet": "随访 Visits", "cell": "AH31", "old": "2,2", "new": "2.2"},
    {"sheet": "患者 Patients", "cell": "C8", "old": "18", "new": "38"},
]
WHY = [("mistyped", "Anna Müller"), ("Li Wei told me so", "cd"), ("chart checked", "李医生")]


@pytest.fixture(scope="module")
def corrected_run(tmp_path_factory, run_cohort):
    folder = tmp_path_factory.mktemp("corrected")
    for name in ("cohort.xlsx", "published.csv"):
        shutil.copy(DEMO / name, folder)
    text = (DEMO / "study.toml").read_text("utf-8")
    (folder / "study.toml").write_text(text.replace('id = "demo"', 'id = "corrected"'), "utf-8")
    with (folder / "corrections.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for line, (reason, by) in zip(LINES, WHY, strict=True):
            writer.writerow(line | {"reason": reason, "by": by, "date": "2024-03-01"})
    return run_cohort(folder)


def test_the_effect_is_that_of_the_other_pages(corrected_run, demo_run):
    rows = results.load(corrected_run.results)
    effect = results.pick(rows, analysis="correction")
    assert set(effect["level"]) == {"before", "after"} and len(effect) == 10
    others = {"after": rows, "before": results.load(demo_run.results)}
    for row in effect[effect["statistic"] != "count"].to_dict("records"):
        analysis = {"mean_change": "change", "clopper_pearson": "responder"}
        same = {name: row[name] for name in ("outcome", "statistic", "missing")}
        same["analysis"] = analysis.get(row["statistic"], "adverse_event")
        same["week"] = row["week"] if row["week"] is not None else None
        same["week"] = None if row["week"] != row["week"] else row["week"]
        found = results.pick(others[row["level"]], group="all", level="", **same)
        found = found[found["notebook"] != "06_published_figures"].iloc[0]
        for number in ("estimate", "ci_low", "ci_high"):
            assert found[number] == pytest.approx(row[number], rel=1e-12)


def test_page_01_says_who_and_why_without_names(corrected_run):
    page = (corrected_run.exports / "01_cleaning.html").read_text("utf-8")
    assert "随访 Visits: D68" in page and "mistyped" in page and ">AM<" in page
    assert "own words, 17 characters" in page and "Key results without and with" in page
    everything = [path for path in corrected_run.exports.rglob("*") if path.suffix != ".png"]
    for path in filter(lambda path: path.is_file(), everything):
        for name in ("Li Wei told", "Anna M", "李医生"):
            assert name.encode() not in path.read_bytes(), path


def test_the_digest_is_not_that_of_the_workbook_alone(corrected_run, demo_run):
    one, other = (run.study.source.sha256() for run in (corrected_run, demo_run))
    assert one != other
    assert one in (corrected_run.exports / "manifest.json").read_text("utf-8")
    assert one[:12] in (corrected_run.exports / "01_cleaning.html").read_text("utf-8")


def test_no_page_01_shows_a_study_id_beside_a_cell(corrected_run):
    listed = results.load(corrected_run.results)
    of_page = listed[listed["notebook"] == "01_cleaning"]
    page = (corrected_run.exports / "01_cleaning.html").read_text("utf-8")
    assert "P01" not in page and "P17" not in page
    assert not of_page["level"].str.contains(r"\bP\d\d\b").any()
