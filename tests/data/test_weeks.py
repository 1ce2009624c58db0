"""Weeks that study.toml does not give are those that the labels or the visits have."""

import pytest

from ppp.data import store
from ppp.data.cleaning import clean
from ppp.errors import SourceError, StudyError
from ppp.study import Study

HEAD = '[study]\nid = "x"\n[source]\nfile = "c.xlsx"\n'


@pytest.fixture
def load(workbook, tmp_path):
    def make(sheets, toml=""):
        workbook(sheets)
        (tmp_path / "study.toml").write_text(HEAD + toml)
        return Study.load(tmp_path, tmp_path / "out")

    return make


def visits(*weeks, patients=10):
    rows = [[f"p{n}", week, 5] for n in range(patients) for week in weeks]
    ids = [["patient_id"], *([f"p{n}"] for n in range(patients))]
    return {"patients": ids, "visits": [["patient_id", "week", "pppasi"], *rows]}


def test_weeks_of_the_visits(load):
    study = load(visits(0, 2, 12, 24))
    assert clean(study).weeks == (0, 2, 12, 24)
    assert study.with_weeks((0, 2, 12, 24)).schedule.weeks == (0, 2, 12, 24)


def test_every_notebook_has_the_weeks_that_cleaning_found(load, tmp_path):
    study = load(visits(0, 12, 24))
    store.write(clean(study), study)
    again = Study.load(tmp_path, tmp_path / "out")
    assert again.schedule.weeks == store.load(again).weeks == (0, 12, 24)


def test_weeks_found_before_do_not_outlive_the_visits(load):
    study = load(visits(0, 12, 24))
    store.write(clean(study), study)
    assert clean(load(visits(0, 4, 12))).weeks == (0, 4, 12)


def test_a_week_of_few_patients_is_not_scheduled(load):
    sheets = visits(0, 12)
    sheets["visits"].append(["p1", 7, 3])
    data = clean(load(sheets))
    assert data.weeks == (0, 12)
    assert data.queries["rule"].tolist() == ["week_not_scheduled"]


def test_weeks_that_study_toml_gives_stand(load):
    assert clean(load(visits(0, 12, 24), "[schedule]\nweeks = [0, 12]\n")).weeks == (0, 12)


@pytest.mark.parametrize(
    ("weeks", "key"), [((0, 4, 16), "primary"), ((4, 12), "baseline"), ((0,), "primary")]
)
def test_nobody_at_baseline_or_the_primary_week_stops(load, weeks, key):
    with pytest.raises(SourceError, match=f"set \\[schedule\\] {key}"):
        clean(load(visits(*weeks)))


def test_without_a_primary_endpoint_the_weeks_need_not_be_there(load):
    study = load(visits(0, 4), '[endpoints]\nprimary = "none"\n')
    assert clean(study).weeks == (0, 4, 12)


def test_weeks_of_the_labels(load):
    sheets = {"patients": [["patient_id", "PPPASI W0", "PPPASI W16"], ["a", 9, 3]]}
    wide = '[wide.visits]\nlabels = { "W16" = 16, "W0" = 0 }\npppasi = "PPPASI {label}"\n'
    assert clean(load(sheets, "[schedule]\nprimary = 16\n" + wide)).weeks == (0, 16)
    with pytest.raises(StudyError, match=r"week 12 is not among weeks \(0, 16\)"):
        load(sheets, wide)


def test_dates_alone_leave_the_weeks_of_the_contract(load):
    sheets = {"patients": [["patient_id"], ["a"]], "visits": [["patient_id", "week"], ["a", None]]}
    study = load(sheets, '[endpoints]\nprimary = "none"\n')
    with pytest.raises(SourceError, match="no_week"):
        clean(study)
    assert study.schedule.weeks == (0, 4, 8, 12)
