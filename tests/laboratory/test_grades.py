"""Grades of laboratory values: shift tables by hand, missing limits, order; edges are elsewhere."""

import time
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy import stats

from ppp import results
from ppp.laboratory import sentences
from ppp.laboratory.rows import grades, lab_grade

PATIENTS = pd.DataFrame({"study_id": [f"P{i:02d}" for i in range(1, 13)]})

RELATIVE = {"ALT", "AST", "ALP", "GGT", "Bilirubin"}
METHODS = {
    "ALT": "CTCAE v5: Alanine aminotransferase increased",
    "AST": "CTCAE v5: Aspartate aminotransferase increased",
    "ALP": "CTCAE v5: Alkaline phosphatase increased",
    "GGT": "CTCAE v5: GGT increased",
    "Bilirubin": "CTCAE v5: Blood bilirubin increased",
    "CK": "CTCAE v5: CPK increased",
    "Creatinine": "CTCAE v5: Creatinine increased",
    "Haemoglobin": "CTCAE v5: Anemia",
    "Leukocytes": "CTCAE v5: White blood cell decreased",
    "Neutrophils": "CTCAE v5: Neutrophil count decreased",
    "Lymphocytes": "CTCAE v5: Lymphocyte count decreased",
    "Platelets": "CTCAE v5: Platelet count decreased",
    "Total cholesterol": "CTCAE v5: Cholesterol high",
    "Triglycerides": "CTCAE v5: Hypertriglyceridemia",
    "LDL cholesterol": "ATP III: LDL cholesterol",
}


def labs(test, *values, lln=np.nan, uln=np.nan):
    """Make values of one test: (patient, week, value), or with an upper limit of their own."""
    table = pd.DataFrame([row[:3] for row in values], columns=["study_id", "week", "value"])
    limit = [row[3] if row[3:] else uln for row in values]
    table = table.assign(test=test, lln=float(lln), uln=np.array(limit, dtype=float))
    return table.astype({"value": float, "week": "Int64", "study_id": "str", "test": "str"})


def shifts(rows, test):
    found = results.pick(rows, outcome=test, statistic="count")
    return {row.level: int(row.events) for row in found.itertuples() if row.events > 0}


def share(rows, test, statistic):
    row = results.one(rows, outcome=test, statistic=statistic)
    return int(row["events"]), int(row["n"])


def grade_of(test, value, baseline, study, **limits):
    """Grade one patient and say (baseline grade, grade afterwards)."""
    table = labs(test, ("P01", 0, baseline), ("P01", 4, value), **limits)
    (level,) = shifts(lab_grade(table, PATIENTS, study), test)
    before, after = level.split("→")
    return before if before == "abnormal" else int(before), int(after)


def test_the_file_says_what_a_criterion_may_say():
    rules = grades.criteria()
    assert set(rules["test"]) == set(METHODS)
    assert rules["source"].str.len().gt(10).all()
    assert set(rules["sign"]) <= {">", ">=", "<", "<="}
    assert set(rules["of"]) <= {"uln", "lln", "baseline", "value"}
    assert set(rules["baseline"]) <= {"any", "normal", "abnormal"}
    assert rules["grade"].between(1, 4).all()
    assert rules["times"].gt(0).all()
    assert rules.groupby("test")["sign"].agg(lambda signs: signs.str[0].nunique()).eq(1).all()
    relative = rules.loc[rules["baseline"] == "abnormal", "test"]
    assert set(relative) == RELATIVE
    named = rules["scale"] + ": " + rules["term"]
    assert dict(zip(rules["test"], named, strict=True)) == METHODS


def test_a_normal_value_at_the_limit_does_not_make_the_baseline_abnormal(study):
    assert grade_of("ALT", 121, 40, study, uln=40) == (0, 2)
    assert grade_of("ALT", 121, 41, study, uln=40) == ("abnormal", 1)


def test_creatinine_is_graded_by_its_baseline_too_worked_by_hand(study):
    uln = {"uln": 100.0}
    assert grade_of("Creatinine", 60, 40, study, **uln) == (0, 0)
    assert grade_of("Creatinine", 61, 40, study, **uln) == (0, 2)
    assert grade_of("Creatinine", 120, 40, study, **uln) == (0, 2)
    assert grade_of("Creatinine", 121, 40, study, **uln) == (0, 3)
    assert grade_of("Creatinine", 601, 40, study, **uln) == (0, 4)
    table = labs("Creatinine", ("P01", 0, 120), ("P01", 4, 170), uln=100)
    rows = lab_grade(table, PATIENTS, study)
    assert shifts(rows, "Creatinine") == {"1→2": 1}
    assert share(rows, "Creatinine", "worse") == (1, 1)


def test_creatinine_of_an_abnormal_patient_that_stays_is_not_worse(study):
    table = labs("Creatinine", ("P01", 0, 120), ("P01", 4, 121), uln=100)
    rows = lab_grade(table, PATIENTS, study)
    assert shifts(rows, "Creatinine") == {"1→1": 1}
    assert share(rows, "Creatinine", "worse") == (0, 1)


ALT = [
    ("P01", 0, 20),
    ("P01", 4, 39),
    ("P01", 12, 25),  # normal, stays
    ("P02", 0, 20),
    ("P02", 4, 130),
    ("P02", 12, 60),  # 3.25×ULN: 2
    ("P03", -2, 90),
    ("P03", 0, 40),
    ("P03", 8, 41),  # at the limit at baseline, then 1
    ("P04", 0, 80),
    ("P04", 4, 110),  # 1.4× its abnormal baseline: 0
    ("P05", 0, 80),
    ("P05", 4, 120),
    ("P05", 12, 70),  # 1.5× baseline: 1, worse
    ("P06", 0, 130),
    ("P06", 12, 660),  # grade 2; 5.1× baseline: 3
    ("P07", 0, 20),
    ("P07", 4, 900),  # 22.5×ULN: 4
    ("P08", 0, 20),  # nothing afterwards
    ("P09", 4, 500),  # nothing before
    ("P10", 0, 20),
    ("P10", 4, None),  # no value afterwards
]


def test_alt_shift_table_worked_by_hand(study):
    table = labs("ALT", *ALT, uln=40)
    rows = lab_grade(table, PATIENTS, study)
    counts = {"0→0": 1, "0→1": 1, "0→2": 1, "0→4": 1}
    counts |= {"abnormal→0": 1, "abnormal→1": 1, "abnormal→3": 1}
    assert shifts(rows, "ALT") == counts
    levels = results.pick(rows, statistic="count")["level"].tolist()
    assert levels == [f"{a}→{b}" for a in ("0", "abnormal") for b in range(5)]
    assert set(rows["n"]) == {7}
    assert set(rows["method"]) == {METHODS["ALT"]}
    assert set(rows["note"]) == {""}
    assert share(rows, "ALT", "worse") == (5, 7)
    assert share(rows, "ALT", "worse_grade3") == (2, 7)
    row = results.one(rows, statistic="worse")
    limits = stats.binomtest(5, 7).proportion_ci()
    assert row["estimate"] == pytest.approx(5 / 7)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((limits.low, limits.high))


def test_haemoglobin_shift_table_worked_by_hand(study):
    table = labs(
        "Haemoglobin",
        ("P01", 0, 140),
        ("P01", 4, 119),
        ("P01", 8, 131),
        ("P02", 0, 118),
        ("P02", 4, 125),
        ("P03", 0, 118),
        ("P03", 4, 99),
        ("P03", 8, 79),
        ("P04", 0, 75),
        ("P04", 4, 78),
        lln=120,
    )
    rows = lab_grade(table, PATIENTS, study)
    assert shifts(rows, "Haemoglobin") == {"0→1": 1, "1→0": 1, "1→3": 1, "3→3": 1}
    levels = results.pick(rows, statistic="count")["level"].tolist()
    assert levels == [f"{a}→{b}" for a in range(5) for b in range(5)]
    assert share(rows, "Haemoglobin", "worse") == (2, 4)
    assert share(rows, "Haemoglobin", "worse_grade3") == (1, 4)


def test_ldl_has_bands_and_no_severe_grade(study):
    table = labs("LDL cholesterol", ("P01", 0, 2.0), ("P01", 4, 5.5), ("P02", 0, 3), ("P02", 4, 2))
    rows = lab_grade(table, PATIENTS, study)
    assert shifts(rows, "LDL cholesterol") == {"0→4": 1, "1→0": 1}
    assert share(rows, "LDL cholesterol", "worse") == (1, 2)
    assert results.pick(rows, statistic="worse_grade3").empty
    bands = grades.criteria().query("test == 'LDL cholesterol'")["label"].tolist()
    assert bands == ["near optimal", "borderline high", "high", "very high"]


def test_a_grave_value_of_an_ungraded_patient_is_told(study):
    table = labs(
        "Haemoglobin", ("P01", 0, 132.0), ("P01", 4, 76.0), ("P02", 0, 130), ("P02", 4, 90)
    )
    row = results.one(lab_grade(table, PATIENTS, study), outcome="Haemoglobin")
    assert "in 1 of the ungraded a value is of grade 3 or more whatever the limit" in row["note"]
    assert "Haemoglobin" in str(sentences.graded(results.frame([row.to_dict()]), study))


def test_a_value_without_the_limit_its_grade_needs_is_ungraded_and_counted(study):
    table = labs(
        "ALT",
        ("P01", 0, 20, 40),
        ("P01", 4, 90, 40),
        ("P02", 0, 20, 40),
        ("P02", 4, 90, np.nan),  # no grade afterwards
        ("P03", 0, 20, np.nan),
        ("P03", 4, 90, 40),  # no grade at baseline
        ("P04", 0, 60, 40),
        ("P04", 4, 181, np.nan),  # by its baseline
        ("P05", 0, 20, 40),
        ("P05", 4, 90, np.nan),
        ("P05", 8, 30, 40),  # one of two
        ("P06", 0, 20, 0.0),
        ("P06", 4, 90, 0.0),  # a limit of 0 is none
    )
    rows = lab_grade(table, PATIENTS, study)
    assert shifts(rows, "ALT") == {"0→1": 1, "abnormal→2": 1, "0→0": 1}
    assert set(rows["note"]) == {"3 patients and 1 further value ungraded, a limit is missing"}


def test_haemoglobin_without_a_lower_limit_is_graded_where_the_limit_does_not_matter(study):
    table = labs(
        "Haemoglobin",
        ("P01", 0, 95),
        ("P01", 4, 79),
        ("P02", 0, 140),
        ("P02", 4, 79),
        ("P03", 0, 95),
        ("P03", 4, 140),
        ("P03", 8, 99),
    )
    rows = lab_grade(table, PATIENTS, study)
    assert shifts(rows, "Haemoglobin") == {"2→3": 1, "2→2": 1}
    assert set(rows["note"]) == {
        "1 patient and 1 further value ungraded, a limit is missing; in 1 of the ungraded a value "
        "is of grade 3 or more whatever the limit"
    }


def test_creatinine_without_an_upper_limit_may_be_grade_4_so_it_is_ungraded(study):
    table = labs("Creatinine", ("P01", 0, 60, 100), ("P01", 4, 200, np.nan), ("P01", 8, 62, 100))
    rows = lab_grade(table, PATIENTS, study)
    assert shifts(rows, "Creatinine") == {"0→0": 1}
    assert set(rows["note"]) == {"1 value ungraded, a limit is missing"}


@pytest.mark.parametrize(
    ("values", "note"),
    [
        ([("P01", 0, 20), ("P01", 4, 30)], "no patient with the limits that a grade needs"),
        ([("P01", 0, 20), ("P02", 4, 30)], "no patient with a value both at baseline and after"),
        ([("P01", 0, None), ("P01", 4, None)], "no patient with a value both at baseline and af"),
    ],
)
def test_nothing_gradable_is_one_empty_row_that_says_why(values, note, study):
    row = lab_grade(labs("ALT", *values), PATIENTS, study)
    assert len(row) == 1
    row = row.iloc[0]
    assert (row["outcome"], row["statistic"], row["level"]) == ("ALT", "count", "")
    assert np.isnan(row["estimate"])
    assert (row["n"], row["method"]) == (0, METHODS["ALT"])
    assert row["note"].startswith(note)


def test_an_absent_an_empty_and_an_unknown_test_have_no_grades(study):
    for table in (None, labs("ALT"), labs("Ferritin", ("P01", 0, 20), ("P01", 4, 900), uln=300)):
        rows = lab_grade(table, PATIENTS, study)
        assert rows.empty
        assert list(rows) == results.COLUMNS


def test_a_table_with_neither_limits_nor_weeks_still_grades_absolute_values(study):
    start = pd.Timestamp("2023-01-01")
    table = pd.DataFrame(
        {
            "study_id": "P01",
            "test": "Triglycerides",
            "value": [1.0, 6.0],
            "date": [start, start + pd.Timedelta(9, "D")],
        }
    )
    rows = lab_grade(table, PATIENTS.assign(start_date=start), study)
    assert shifts(rows, "Triglycerides") == {"0→3": 1}


def test_tests_come_in_the_order_of_the_file(study):
    parts = [labs(test, ("P01", 0, 1), ("P01", 4, 1), lln=1, uln=1) for test in reversed(METHODS)]
    rows = lab_grade(pd.concat(parts), PATIENTS, study)
    assert list(dict.fromkeys(rows["outcome"])) == list(METHODS)


def test_a_missing_value_is_ungraded():
    values = pd.DataFrame({"value": [np.nan], "lln": [1.0], "uln": [2.0]})
    rules = grades.criteria().query("test == 'Triglycerides'")
    assert grades.graded(values, rules)["grade"].isna().all()


@given(uln=st.floats(1e-3, 1e4), edge=st.sampled_from([(1, 0), (3, 1), (5, 2), (20, 3)]))
def test_a_multiple_of_the_limit_is_not_above_it_whatever_the_rounding(uln, edge):
    times, grade = edge
    around = [uln * times, sum([uln] * times), uln * times * (1 + 4e-16), uln / (1 / times)]
    values = pd.DataFrame({"value": around, "lln": np.nan, "uln": uln})
    rules = grades.before_treatment(grades.criteria().query("test == 'ALT'"))
    assert set(grades.graded(values, rules)["grade"]) == {float(grade)}


TESTS = ["ALT", "Bilirubin", "Creatinine", "Haemoglobin", "LDL cholesterol", "Ferritin"]
VALUE = st.one_of(st.none(), st.sampled_from([0.0, 2.59, 20.0, 40.0, 60.0, 100.0, 120.0, 900.0]))
LIMIT = st.sampled_from([None, 0.0, 20.0, 40.0, 100.0])
LABS = st.lists(
    st.tuples(
        st.sampled_from(["P01", "P02", "P03"]),
        st.sampled_from(TESTS),
        st.sampled_from([None, -4, 0, 4, 12]),
        VALUE,
        LIMIT,
        LIMIT,
    ),
    max_size=40,
)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(values=LABS, seed=st.integers(0, 99))
def test_grades_do_not_depend_on_the_order_of_rows_and_add_up(study, values, seed):
    columns = ["study_id", "test", "week", "value", "lln", "uln"]
    table = pd.DataFrame(values, columns=columns).astype(
        {"study_id": "str", "test": "str", "week": "Int64"}
    )
    table = table.astype(dict.fromkeys(["value", "lln", "uln"], float))
    kept = table.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = lab_grade(table, PATIENTS, study)
    pd.testing.assert_frame_equal(table, kept)
    shuffled = table.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(rows, lab_grade(shuffled, PATIENTS[::-1], study))
    assert not rows.duplicated(results.KEY).any()
    assert "Ferritin" not in set(rows["outcome"])
    for test, found in rows.groupby("outcome"):
        counts = results.pick(found, statistic="count")
        if counts["level"].iat[0]:
            assert counts["events"].sum() == counts["n"].iat[0] <= 3
            worse, n = share(found, test, "worse")
            severe = results.pick(found, statistic="worse_grade3")["events"].sum()
            assert severe <= worse <= n


def test_ten_thousand_patients_take_seconds(study):
    rng = np.random.default_rng(1)
    ids = [f"P{i:05d}" for i in range(10_000)]
    tests = list(METHODS)[:13]
    index = pd.MultiIndex.from_product([ids, tests, [0, 4, 8, 12]])
    table = index.to_frame(index=False, name=["study_id", "test", "week"])
    table = table.assign(value=rng.lognormal(3, 1, len(table)), lln=10.0, uln=40.0)
    began = time.perf_counter()
    rows = lab_grade(table, pd.DataFrame({"study_id": ids}), study)
    assert time.perf_counter() - began < 30
    assert set(rows["n"]) == {10_000}
    assert len(rows) == len(RELATIVE) * 12 + (13 - len(RELATIVE)) * 27
