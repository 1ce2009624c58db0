"""The demo workbook: same bytes at every run, published figures once cleaned, every slip found."""

import hashlib
import json
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest

import maker
from ppp.data import scores
from ppp.study import DEMO

EFFICACY = ["pppasi", "dlqi", "pga"]
EVENTS, LABS = "不良事件 AE", "化验 Labs"


def printed(value: float, decimals: int) -> str:
    return str(Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def at_week(cleaned, week: int) -> pd.DataFrame:
    return cleaned.visits[cleaned.visits.week == week]


def test_same_bytes_at_every_run(tmp_path):
    assert maker.write(tmp_path).read_bytes() == (DEMO / "cohort.xlsx").read_bytes()


def test_workbook_stays_small():
    assert (DEMO / "cohort.xlsx").stat().st_size < 400_000


def test_published_counts_are_reproduced(cleaned):
    counts = cleaned.patients.groupby(["sex", "sapho"]).size().to_dict()
    assert counts == {
        ("male", "yes"): 3,
        ("female", "yes"): 5,
        ("male", "no"): 7,
        ("female", "no"): 13,
    }


@pytest.mark.parametrize(
    ("field", "week", "decimals", "mean", "sd"),
    [
        ("pppasi", 0, 2, "13.86", "2.76"),
        ("pppasi", 12, 2, "5.56", "1.08"),
        ("dlqi", 0, 2, "12.54", "4.56"),
        ("dlqi", 12, 2, "2.04", "1.14"),
    ],
)
def test_published_scores_are_reproduced(cleaned, field, week, decimals, mean, sd):
    values = at_week(cleaned, week)[field]
    assert values.count() == 28
    assert (printed(values.mean(), decimals), printed(values.std(), decimals)) == (mean, sd)


def test_published_age_is_reproduced(cleaned):
    age = cleaned.patients.age_years
    assert (printed(age.mean(), 1), printed(age.std(), 1)) == ("36.3", "10.5")


def test_pga_is_1_in_20_of_28_and_0_in_none(cleaned):
    pga = at_week(cleaned, 12).pga
    assert pga.count() == 28
    assert (pga == 1).sum() == 20
    assert (cleaned.visits.pga != 0).all()


def test_treatment_starts_in_the_published_months_and_lasts_12_weeks(cleaned):
    start = cleaned.patients.start_date
    assert start.between("2022-07-01", "2023-12-31").all()
    last = cleaned.patients.stop_date.fillna(cleaned.patients.last_visit_date)
    assert ((last - start).dt.days >= 84).all()


def test_cleaning_gives_back_the_truth_but_for_the_slips(cleaned, truth):
    keys = ["study_id", "week"]
    ids = cleaned.id_key.set_index("patient_id").study_id
    true = truth["visits"].assign(study_id=truth["visits"].patient_id.map(ids)).set_index(keys)
    found = cleaned.visits.set_index(keys)
    both = true.loc[found.index]
    changed = {
        name: found.index[found[name].notna() & (found[name] != both[name])]
        for name in found.columns.drop("date")
    }
    assert {name: list(where) for name, where in changed.items() if len(where)} == {}
    assert set(true.index.difference(found.index)) == {("P21", 8)}
    lost = found[EFFICACY].isna().any(axis=1)
    assert set(found.index[lost].get_level_values("week")) == {4, 8}


def test_parts_lie_beneath_the_totals(truth):
    visits = truth["visits"]
    assert (scores.pppasi(visits) == visits.pppasi).all()
    assert (scores.dlqi(visits)[0] == visits.dlqi).all()
    assert not scores.inconsistent_area(visits).any(axis=None)


def test_pppasi_falls_and_visits_correlate(truth):
    by_week = truth["visits"].pivot(index="patient_id", columns="week", values="pppasi")
    assert by_week.mean().is_monotonic_decreasing
    assert by_week[0].corr(by_week[12]) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(
    ("sheet", "cell", "rule"),
    [
        ("患者 Patients", "C8", "number_as_text"),
        ("患者 Patients", "C17", "number_as_text"),
        ("患者 Patients", "A11", "id_tidied"),
        ("患者 Patients", "J:J", "decimal_comma_declared"),
        ("随访 Visits", "A18", "id_tidied"),
        ("随访 Visits", "A61", "id_tidied"),
        ("随访 Visits", "A115", "id_tidied"),
        ("随访 Visits", "D26", "number_as_text"),
        ("随访 Visits", "D93", "number_as_text"),
        ("随访 Visits", "U2", "number_as_text"),
        ("随访 Visits", "U74", "number_as_text"),
        ("随访 Visits", "AF11", "number_tidied"),
        ("随访 Visits", "U106", "number_tidied"),
        ("随访 Visits", "AH31", "decimal_comma"),
        ("随访 Visits", "D68", "out_of_range"),
        ("随访 Visits", "14:14", "hidden"),
        ("随访 Visits", "51:51", "hidden"),
        ("患者 Patients", "B:B", "code_translated"),
        ("患者 Patients", "E:E", "date_as_text"),
        ("随访 Visits", "C:C", "date_as_text"),
        ("随访 Visits", "U:U", "missing_marker"),
        ("随访 Visits", "AF:AF", "missing_marker"),
        (EVENTS, "D21", "date_partial"),
        (EVENTS, "D35", "date_partial"),
        (EVENTS, "D47", "date_partial"),
        (EVENTS, "D45", "before_start"),
        (EVENTS, "11:11", "exact_repeat"),
        (EVENTS, "D:D", "date_as_text"),
        (EVENTS, "G:G", "code_translated"),
        (EVENTS, "H:H", "code_translated"),
        (EVENTS, "I:I", "code_translated"),
        (EVENTS, "J:J", "code_translated"),
        (LABS, "C:C", "code_translated"),
        (LABS, "E:E", "unit_converted"),
        (LABS, "D338", "unit_missing"),
        (LABS, "G338", "unit_missing"),
        (LABS, "D815", "unit_unknown"),
        (LABS, "E815", "unit_unknown"),
        (LABS, "G815", "unit_unknown"),
    ],
)
def test_planted_slip_is_queried(cleaned, sheet, cell, rule):
    queries = cleaned.queries
    here = queries[(queries.sheet == sheet) & (queries.cell == cell)]
    assert here.rule.tolist() == [rule]
    assert cell.split(":")[0] in (DEMO / "README.md").read_text(encoding="utf-8")


def test_planted_rows_are_quarantined(cleaned):
    found = cleaned.quarantine[["sheet", "row", "rule"]].astype({"row": int})
    assert sorted(found.itertuples(index=False, name=None)) == [
        ("患者 Patients", 30, "totals_row"),
        ("随访 Visits", 56, "duplicate_exact"),
        ("随访 Visits", 85, "duplicate_contradictory"),
        ("随访 Visits", 86, "duplicate_contradictory"),
    ]


def test_pppasi_of_73_gives_way_to_its_components(cleaned, truth):
    patient = truth["patients"].patient_id[16]
    visits = truth["visits"]
    true = visits[(visits.patient_id == patient) & (visits.week == 4)].pppasi.item()
    study_id = cleaned.id_key.set_index("patient_id").study_id[patient]
    found = at_week(cleaned, 4).set_index("study_id").pppasi[study_id]
    assert found == true


def test_text_dates_are_read_as_dates(cleaned, truth):
    assert cleaned.patients.start_date.dt.date.tolist() == truth["patients"].start_date.tolist()
    assert cleaned.visits.date.notna().all()


def test_visits_stay_as_they_are_whatever_safety_becomes():
    text = json.dumps(maker.tables()["visits"], default=str)
    assert hashlib.sha256(text.encode()).hexdigest().startswith("a75723beadb0ffeb")
