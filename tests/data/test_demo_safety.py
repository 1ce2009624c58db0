"""The safety data of the demo: mild, as planted, and the same after cleaning but for the slips."""

import pandas as pd
import pytest

from maker.safety import COURSES
from ppp.study import DEMO

RISES = {  # term: test, upper edge of grade 1 in multiples of the ULN (CTCAE v5)
    "Blood creatine phosphokinase increased": ("CK", 2.5),
    "Alanine aminotransferase increased": ("ALT", 3),
}
FALLS = {  # term: test, lower edge of grade 1 (CTCAE v5)
    "Neutrophil count decreased": ("Neutrophils", 1.5),
    "Lymphocyte count decreased": ("Lymphocytes", 0.8),
    "Anaemia": ("Haemoglobin", 100),
}


def place(cleaned, study_id: pd.Series) -> pd.Series:
    """Number a patient from 0, in the order of the workbook."""
    return study_id.map({one: k for k, one in enumerate(cleaned.patients.study_id)})


def test_no_event_is_severe_or_serious_and_none_ends_treatment_or_life(cleaned):
    events = cleaned.adverse_events
    assert set(events.grade) == {1, 2}
    assert (events.serious == "no").all()
    assert "withdrawn" not in set(events.action)
    assert set(events.outcome) == {"recovered", "recovering", "ongoing"}
    assert "adverse event" not in set(cleaned.patients.stop_reason.dropna())


def test_events_come_back_but_for_three_onsets(cleaned, truth):
    found, true = cleaned.adverse_events, truth["adverse_events"]
    names = ["term", "soc", "grade", "serious", "related", "action", "outcome"]
    english = {"term": {"带状疱疹": "Herpes zoster", "口干": "Dry mouth"}}
    true = true.replace(english)
    classes = {"Herpes zoster": "Infections and infestations"}
    classes["Dry mouth"] = "Gastrointestinal disorders"
    true["soc"] = true["soc"].fillna(true["term"].map(classes))
    for name in names:
        assert found[name].astype(object).where(found[name].notna(), None).tolist() == (
            true[name].astype(object).where(true[name].notna(), None).tolist()
        ), name
    onset, end = (pd.to_datetime(true[name]) for name in ("start_date", "end_date"))
    partial = found.start_date.isna()
    assert partial.sum() == 3
    assert found.start_date[~partial].tolist() == onset[~partial].tolist()
    assert (found.start_earliest <= onset).all()
    assert (onset <= found.start_latest).all()
    days = (found.start_latest - found.start_earliest).dt.days[partial]
    assert sorted(days) == [30, 30, 364]
    assert found.end_date.dropna().tolist() == end.dropna().tolist()
    assert found.end_date.isna().sum() == 14


def test_events_are_51_in_22_patients_one_before_and_one_after_treatment(cleaned, demo_study):
    events, patients = cleaned.adverse_events, cleaned.patients.set_index("study_id")
    start = events.study_id.map(patients.start_date)
    end = events.study_id.map(patients.stop_date.fillna(patients.last_visit_date))
    before = events.start_latest < start
    after = events.start_earliest > end + pd.Timedelta(days=demo_study.safety.days_after_last_dose)
    assert events.term[before].tolist() == ["Tonsillitis"]
    assert events.term[after].tolist() == ["Nasopharyngitis"]
    during = events[~before & ~after]
    assert (len(during), during.study_id.nunique()) == (51, 22)
    assert events.study_id[before].item() not in set(during.study_id)


def test_episodes_are_kept_even_on_one_day(cleaned):
    events = cleaned.adverse_events
    again = events[events.duplicated(["study_id", "term"], keep=False)]
    assert again.groupby("term").size().to_dict() == {
        "Headache": 2,
        "Herpes simplex": 2,
        "Upper respiratory tract infection": 2,
    }
    assert events.duplicated().sum() == 1


def test_two_events_have_the_class_of_the_vocabulary(cleaned):
    events = cleaned.adverse_events.set_index("term")
    assert events.soc["Herpes zoster"] == "Infections and infestations"
    assert events.soc["Dry mouth"] == "Gastrointestinal disorders"


def test_labs_come_back_in_canonical_units_but_for_two_slips(cleaned, truth):
    found, true = cleaned.labs, truth["labs"]
    assert found.test.tolist() == true.test.tolist()
    lost = found.value.isna()
    slips = zip(
        place(cleaned, found.study_id[lost]), found.week[lost], found.test[lost], strict=True
    )
    assert list(slips) == [(7, 8, "AST"), (18, 4, "ALP")]
    assert found.unit[~lost].tolist() == true.unit[~lost].tolist()
    half = found.test.map({"Creatinine": 0.005 * 88.42}).fillna(0) + 1e-9
    unlimited = (place(cleaned, found.study_id) == 22) & (found.test == "Platelets")
    for name, kept in (("value", ~lost), ("lln", ~lost & ~unlimited), ("uln", ~lost & ~unlimited)):
        off = (found[name] - true[name].astype(float)).abs()
        assert (off[kept].fillna(0) <= half[kept]).all(), name
        assert (found[name].isna() == true[name].isna())[kept].all(), name
    assert found.loc[unlimited, ["lln", "uln"]].isna().all(axis=None)


def test_second_laboratory_uses_conventional_units(cleaned):
    book = pd.read_excel(DEMO / "cohort.xlsx", sheet_name="化验 Labs")
    conventional = book[book["单位"].isin(["mg/dL", "g/dL"])]
    assert conventional["编号"].nunique() == 8
    assert set(conventional["项目"]) == {"Cr", "Hb"}
    limits = conventional[["参考下限", "参考上限"]]
    assert limits[conventional["单位"] == "mg/dL"].max(axis=None) == 1.1
    assert limits[conventional["单位"] == "g/dL"].max(axis=None) == 17.5


def test_laboratory_values_are_as_planted(cleaned):
    labs = cleaned.labs.assign(place=place(cleaned, cleaned.labs.study_id))
    wide = labs.pivot(index=["test", "place"], columns="week", values="value")
    assert wide.loc[("ALT", 10)].tolist() == [31, 136, 71, 38]
    assert wide.loc[("CK", 25)].tolist() == [150, 240, 960, 290]
    assert wide.loc[("Haemoglobin", 26)].tolist() == [118, 114, 109, 112]
    assert wide.loc[("Creatinine", 7)].tolist() == [92, 96, 104, 101]
    assert wide.loc[("Creatinine", 23)].tolist() == pytest.approx([70, 72, 75, 78], abs=0.45)
    assert wide.loc[("Triglycerides", 4), [0, 12]].tolist() == [1.62, 3.92]


def test_no_value_is_of_grade_3(cleaned):
    labs = cleaned.labs
    peak = (labs.value / labs.uln).groupby(labs.test).max()
    low = labs.groupby("test").value.min()
    high = labs.groupby("test").value.max()
    assert (peak[["ALT", "AST", "CK", "ALP"]] <= [5, 5, 5, 5]).all()
    assert peak["Bilirubin"] < 1.5
    assert (
        low[["Haemoglobin", "Neutrophils", "Lymphocytes", "Platelets"]] > [100, 1.0, 0.5, 75]
    ).all()
    assert 3.42 < high["Triglycerides"] < 5.7
    assert high["LDL cholesterol"] < 4.91
    assert high["Total cholesterol"] < 7.75


def test_one_patient_is_in_temples_corridor_and_nobody_near_hys_law(cleaned):
    labs = cleaned.labs[cleaned.labs.week > 0]
    times = labs.assign(times=labs.value / labs.uln)
    peak = times.pivot_table(index="study_id", columns="test", values="times", aggfunc="max")
    assert len(peak) == 27
    assert peak.index[peak.ALT > 3].tolist() == ["P11"]
    assert peak.loc["P11", "ALT"] == pytest.approx(3.4)
    assert (peak.AST < 3).all()
    assert peak.loc["P11", "Bilirubin"] < 1


def test_events_agree_with_the_laboratory(cleaned):
    labs = cleaned.labs[cleaned.labs.week > 0]
    seen = 0
    for study_id, term, grade in cleaned.adverse_events[["study_id", "term", "grade"]].to_numpy():
        test, edge = (RISES | FALLS).get(term, ("", 0))
        own = labs[(labs.study_id == study_id) & (labs.test == test)]
        if term in RISES:
            worst = (own.value / own.uln).max()
            assert (worst > 1, worst > edge) == (True, grade == 2), (study_id, term)
        elif term in FALLS:
            assert ((own.value < own.lln).any(), own.value.min() < edge) == (True, grade == 2)
        seen += bool(test)
    assert seen == 12


def test_values_outside_the_limits_are_all_planned(truth):
    labs, patients = truth["labs"], truth["patients"].patient_id.tolist()
    outside = labs[(labs.value > labs.uln) | (labs.value < labs.lln)]
    found = set(zip(outside.test, map(patients.index, outside.patient_id), strict=True))
    assert found == set(COURSES) - {("Bilirubin", 10)}
