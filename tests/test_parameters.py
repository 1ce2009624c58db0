"""Week, patients, threshold and group of one run: parameters, said on every page."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from ppp import results
from ppp.catalogue.outcomes import targets
from ppp.data import store
from ppp.data.cleaning import clean
from ppp.errors import SourceError, StopRun, StudyError
from ppp.report.names import filtered
from ppp.study import DEMO, ROOT, Study

CHANGES = {"week": 8, "patients": "sex == 'female'", "threshold": 60, "group": "smoker=yes"}
SAID = (
    "not as planned: week 8 in place of 12, only patients with sex == 'female', response from 60% "
    "in place of 50%, group “with smoker” in place of “with SAPHO syndrome”"
)


def run_make(*words):
    """Run make with this Python, as in our conda environment."""
    here = {"CONDA_DEFAULT_ENV": "ppp", "PYTHONPATH": str(ROOT / "lib"), "GROUP": "staff"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [shutil.which("make"), "--no-print-directory", *words]
    environment = os.environ | here | {"PATH": path}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def changed_run(once):
    """All four by real make, on the demo in a folder whose name shell and make would take apart."""

    def made(folder):
        cohort, output = folder / "O'Brien $(x $HOME", folder / "it's $1"
        shutil.copytree(DEMO, cohort, ignore=shutil.ignore_patterns("maker"))
        given = [f"{name.upper()}={value}" for name, value in CHANGES.items()]
        done = run_make("all", f"COHORT={cohort}", f"OUTPUT={output}", *given)
        return done.returncode, done.stdout, done.stderr, output

    if not shutil.which("make"):
        pytest.skip("make is not installed")
    status, said, wrong, output = once("run-changed", made)
    assert status == 0, wrong
    (exports,) = (output / "exports").iterdir()
    return exports, said


@pytest.fixture(scope="module")
def by_hand():
    """Score of each woman in the demo by week."""
    plan = clean(Study.load(DEMO))
    women = plan.patients[plan.patients["sex"] == "female"].set_index("study_id")
    seen = plan.visits[plan.visits["study_id"].isin(women.index)]
    return women, seen.pivot(index="study_id", columns="week", values="pppasi")


@pytest.mark.slow
def test_the_numbers_are_those_of_women_at_week_8_by_hand(changed_run, by_hand):
    rows, (women, scores) = results.load(changed_run[0] / "results.csv"), by_hand
    pairs = scores[[0, 8]].dropna()
    change = (pairs[8] - pairs[0]).astype(float)
    of = {"outcome": "pppasi", "week": 8, "missing": "observed", "statistic": "mean_change"}
    row = results.first(rows, analysis="change", group="all", **of)
    assert row["n"] == len(change) < len(women) == 18
    assert row["estimate"] == pytest.approx(change.mean(), abs=1e-12)
    smokers = change[women.loc[change.index, "smoker"] == "yes"]
    row = results.first(rows, group="smoker=yes", **of)
    assert (row["n"], row["estimate"]) == (len(smokers), pytest.approx(smokers.mean(), abs=1e-12))
    reached = (pairs[8] <= 0.4 * pairs[0] + 1e-9).sum()
    of = {"outcome": "pppasi60", "week": 8, "missing": "nri", "group": "all"}
    row = results.first(rows, analysis="responder", statistic="wilson", **of)
    assert (row["events"], row["n"]) == (reached, len(women))
    judged = set(rows.loc[rows["analysis"] == "responder", "outcome"])
    assert {"pppasi60", "pppasi75", "pga01"} <= judged and "pppasi50" not in judged


@pytest.mark.slow
def test_figures_of_a_paper_are_compared_as_planned(changed_run):
    rows = results.load(changed_run[0] / "results.csv")
    rows = rows[(rows["analysis"] == "published") & (rows["statistic"] == "recomputed")]
    rows = rows.set_index("outcome")
    assert not rows["code"].str.contains("not_recorded").any()
    assert rows.loc["weeks", "estimate"] == 12 and rows.loc["sapho_female", "estimate"] == 5


@pytest.mark.slow
def test_every_page_says_what_is_not_as_planned(changed_run):
    exports, _ = changed_run
    pages = sorted(exports.glob("*.html"))
    assert len(pages) == 9
    for page in pages:
        strip = BeautifulSoup(page.read_text("utf-8"), "html.parser").select_one(".status")
        assert SAID in [fact.get_text() for fact in strip.find_all("span")], page.name
    document = docx.Document(exports / "tables.docx")
    assert SAID in document.sections[0].header.paragraphs[0].text
    assert f"N{SAID[1:]}." in [paragraph.text for paragraph in document.paragraphs]


@pytest.mark.slow
def test_the_plan_s_folders_stay_and_the_last_line_says_so(changed_run):
    exports, said = changed_run
    assert exports.name.startswith("demo-week8-patients-threshold60-group-")
    assert [p.name for p in (exports.parents[1] / "data/derived").iterdir()] == [exports.name]
    last = said.splitlines()[-1]
    assert last.startswith("Open ") and last.endswith(f"({SAID}; the plan's reports stay)")


@pytest.mark.parametrize(
    "neutral",
    [
        {},
        {"week": None, "patients": "", "threshold": None, "group": ""},
        {"week": "", "patients": " ", "threshold": "", "group": ""},
        {"week": 12, "threshold": 50, "group": "sapho = yes"},
    ],
)
def test_without_a_change_the_study_is_the_plan(neutral, tmp_path):
    study, plan = Study.load(DEMO, tmp_path, **neutral), Study.load(DEMO, tmp_path)
    assert study.id == "demo" and not study.changed and not filtered(study)
    assert (study.schedule, study.endpoints) == (plan.schedule, plan.endpoints)
    assert (study.subgroup, study.filter) == (plan.subgroup, plan.filter)
    assert study.stated == plan.stated and [*targets(study)] == [*targets(plan)]


def test_each_change_has_a_folder_of_its_own_that_stays_the_same(tmp_path):
    asked = [{"week": 8}, {"week": 4}, {"threshold": 62.5}, {"group": "sex=female"}]
    asked += [{"patients": f"age_years {sign} 40"} for sign in ("<", "<=", ">=", "!=")]
    ids = [Study.load(DEMO, tmp_path, **one).id for one in asked]
    assert len({*ids, "demo"}) == len(asked) + 1
    assert ids == [Study.load(DEMO, tmp_path, **one).id for one in asked]
    assert ids[:3] == ["demo-week8", "demo-week4", "demo-threshold62_5"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"week": 9}, "^week: 9 is no week after baseline, 0; choose 4, 8, 12$"),
        ({"week": 0}, "choose 4, 8, 12"),
        ({"week": "eight"}, "choose 4, 8, 12"),
        ({"week": True}, "choose 4, 8, 12"),
        ({"patients": 8}, "^patients: it must be text in quotes, not 8"),
        ({"threshold": 0}, "choose one above 0 and up to 100"),
        ({"threshold": "60%"}, "^threshold: '60%' is no percentage"),
        ({"group": "sex"}, "^group: 'sex' is not field=value; write for instance sex=female"),
        ({"group": "sexe=female"}, r"no field of patients \(did you mean 'sex'\?\)"),
        ({"group": "zzz=1"}, "no field of patients; known here: .*sex, "),
        ({"group": "sex=woman"}, "^group: sex has no 'woman'; known here: female, male|mean 'wo"),
    ],
)
def test_a_value_that_cannot_be_stops_with_what_can_be_chosen(asked, said, tmp_path):
    with pytest.raises(StudyError, match=said):
        Study.load(DEMO, tmp_path, **asked)


@pytest.mark.parametrize(
    ("patients", "said"),
    [
        ("sexe == 'female'", r"^patients: .* no field 'sexe' \(did you mean 'sex'\?\)"),
        ("sex == 'woman'", "^patients: .*none of the 28 patients is in the filter"),
        ("sex == 'male') or (sex == 'female'", "^patients: .*write for instance"),
    ],
)
def test_patients_that_cannot_be_chosen_stop_cleaning(patients, said, tmp_path):
    with pytest.raises(StudyError, match=said):
        clean(Study.load(DEMO, tmp_path, patients=patients))


@pytest.mark.parametrize("primary", ["pga", "none"])
def test_a_threshold_needs_percentages(make_study, primary):
    study = make_study(f'[endpoints]\nprimary = "{primary}"\n')
    with pytest.raises(StudyError, match="leave threshold out"):
        Study.load(study.folder, threshold=60)


def test_stricter_thresholds_stay(make_study):
    study = make_study("[endpoints]\nresponders = [50, 75, 90]\n")
    now = Study.load(study.folder, threshold=75)
    assert now.endpoints.responders == (75, 90)
    assert "response from 75% in place of 50%" in filtered(now)


def test_both_filters_hold_and_are_told_apart(tmp_path):
    shutil.copytree(DEMO, tmp_path / "c", ignore=shutil.ignore_patterns("maker"))
    toml = tmp_path / "c/study.toml"
    plan = "[filter]\npatients = \"sex == 'female' or age_years < 30\"\n"
    text = toml.read_text("utf-8").replace('id = "demo"', 'id = "both"')
    toml.write_text(f"{text}\n{plan}", "utf-8")
    study = Study.load(tmp_path / "c", tmp_path, patients="sapho == 'yes' or sapho == 'no'", week=8)
    everyone = clean(Study.load(DEMO)).patients
    kept = everyone[(everyone["sex"] == "female") | (everyone["age_years"] < 30)]
    kept = kept[kept["sapho"].notna()]
    pd.testing.assert_frame_equal(clean(study).patients, kept.reset_index(drop=True))
    assert filtered(study) == (
        "only patients with sex == 'female' or age_years < 30; not as planned: week 8 in place of "
        "12, only patients with sapho == 'yes' or sapho == 'no'"
    )


@pytest.fixture
def weeks_in_the_data(tmp_path):
    """A cohort that was seen at weeks 0, 6 and 12, of which study.toml says nothing."""
    (tmp_path / "csv").mkdir()
    (tmp_path / "study.toml").write_text('[study]\nid = "w"\n[source]\nfolder = "csv"\n', "utf-8")
    (tmp_path / "csv/patients.csv").write_text("id,sex\na,f\nb,m\nc,f\n", "utf-8")
    seen = [f"{one},{week},{9 - week / 4}" for one in "abc" for week in (0, 6, 12)]
    (tmp_path / "csv/visits.csv").write_text("\n".join(["id,week,pppasi", *seen]), "utf-8")
    return tmp_path


def test_a_week_of_the_data_can_be_chosen_and_another_stops(weeks_in_the_data):
    data = clean(Study.load(weeks_in_the_data, weeks_in_the_data, week=6))
    assert data.weeks == (0, 6, 12)
    said = "no visit is at week 8, .*the weeks are 0, 6, 12. To help: give one of them .* as week"
    with pytest.raises(SourceError, match=said):
        clean(Study.load(weeks_in_the_data, weeks_in_the_data, week=8))


def test_one_notebook_alone_may_be_changed(weeks_in_the_data, tmp_path):
    """Notebook 03 has the data of ``week = 8`` without notebook 01; of the plan it asks for it."""
    assert len(store.load(Study.load(DEMO, tmp_path, patients="sex == 'female'")).patients) == 18
    with pytest.raises(StopRun, match="run notebook 01_cleaning first"):
        store.load(Study.load(DEMO, tmp_path))
    home = weeks_in_the_data
    with pytest.raises(StopRun, match="run this notebook again"):  # it learnt the weeks just now
        store.load(Study.load(home, home, week=6))
    study = Study.load(home, home, week=6)
    assert store.load(study).weeks == study.schedule.weeks == (0, 6, 12)


def test_a_group_by_what_was_not_recorded_stops(weeks_in_the_data):
    study = Study.load(weeks_in_the_data, weeks_in_the_data, group="smoker=yes")
    with pytest.raises(SourceError, match=r"'smoker' was not recorded.*, or leave group out"):
        clean(study)
