"""Peaks of the liver tests in the quadrants of eDISH, by hand."""

import time

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ppp import results
from ppp.laboratory.rows import liver, peaks

PATIENTS = pd.DataFrame({"study_id": [f"P{i:02d}" for i in range(1, 13)]})
ULN = {"ALT": 40.0, "AST": 40.0, "Bilirubin": 20.0, "ALP": 120.0}
LEVELS = ["hy", "temple", "cholestasis", "neither"]


def measured(**patients):
    """Make one value a test at week 4 (a tuple: at weeks 4 and 12), as multiples of the limit."""
    rows = []
    for name, tests in patients.items():
        for test, times in tests.items():
            for week, x in zip((4, 12), np.atleast_1d(times), strict=False):
                rows.append((name, test, week, x * ULN[test], ULN[test]))
    table = pd.DataFrame(rows, columns=["study_id", "test", "week", "value", "uln"])
    return table.astype({"study_id": "str", "test": "str", "week": "Int64"})


def edish(rows):
    assert set(rows["statistic"]) == {"patients"}
    return results.pick(rows, outcome="edish")


def counts(rows):
    assert edish(rows)["level"].tolist() == LEVELS
    return edish(rows)["events"].tolist()


def above(rows, outcome):
    """Patients above each multiple, and of how many."""
    found = results.pick(rows, outcome=outcome)
    assert found["n"].nunique() == 1
    return dict(zip(found["level"], found["events"], strict=True)), found["n"].iat[0]


def test_quadrants_worked_by_hand(study):
    table = measured(
        P01={"ALT": 4, "Bilirubin": 3, "ALP": 1},  # Hy's law
        P02={"AST": 4, "Bilirubin": 3, "ALP": 1.99},  # by AST
        P03={"ALT": 4, "Bilirubin": 3, "ALP": 2},  # ALP not below 2: cholestasis
        P04={"ALT": 4, "Bilirubin": 3},  # ALP unknown: counted as Hy's law
        P05={"ALT": 9, "Bilirubin": 2, "ALP": 1},  # bilirubin just at 2
        P06={"ALT": 3, "AST": 3, "Bilirubin": 5, "ALP": 1},
        P07={"ALT": 3, "Bilirubin": 2, "ALP": 1},  # on both lines
        P08={"ALT": (1, 4), "Bilirubin": (3, 1), "ALP": 1},  # peaks at different weeks
        P09={"ALT": 4, "ALP": 1},  # no bilirubin
        P10={"Bilirubin": 4, "ALP": 1},  # no transaminase
    )
    rows = liver(table, PATIENTS, study)
    assert counts(rows) == [4, 1, 2, 1]
    assert set(edish(rows)["n"]) == {8}
    limits = stats.binomtest(4, 8).proportion_ci()
    row = edish(rows).iloc[0]
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((limits.low, limits.high))
    assert edish(rows)["note"].tolist() == ["1 without a known ALP, counted", "", "", ""]
    pd.testing.assert_frame_equal(rows, liver(table[::-1], PATIENTS[::-1], study))


def test_multiples_of_the_upper_limit_worked_by_hand(study):
    table = measured(
        P01={"ALT": 3, "Bilirubin": 2},  # on both lines: above neither
        P02={"AST": (1, 3.01), "Bilirubin": 2.01},
        P03={"ALT": 2, "AST": 10.5},  # the higher of the two
        P04={"ALT": (25, 1), "AST": 1},
        P05={"Bilirubin": 1},
        P06={"ALP": 9},
    )
    rows = liver(table, PATIENTS, study)
    assert above(rows, "transaminase") == ({">3": 3, ">5": 2, ">10": 2, ">20": 1}, 4)
    assert above(rows, "bilirubin") == ({">2": 1}, 3)
    limits = stats.binomtest(3, 4).proportion_ci()
    row = results.one(rows, outcome="transaminase", level=">3")
    assert (row["estimate"], row["ci_level"]) == (0.75, 0.95)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((limits.low, limits.high))
    assert list(dict.fromkeys(rows["outcome"])) == ["transaminase", "bilirubin", "edish"]


@pytest.mark.parametrize(
    ("tests", "told"), [(["AST"], ["transaminase"]), (["Bilirubin"], ["bilirubin"]), (["ALP"], [])]
)
def test_a_test_alone_is_told_where_the_quadrants_cannot_be(tests, told, study):
    rows = liver(measured(P01=dict.fromkeys(tests, 4)), PATIENTS, study)
    assert rows["outcome"].unique().tolist() == [*told, "edish"]
    assert [above(rows, outcome)[1] for outcome in told] == [1] * len(told)


def test_a_rounded_multiple_on_a_line_is_not_above_it(study):
    table = measured(P01={"ALT": 1, "Bilirubin": 3, "ALP": 1}).assign(uln=[17.1, 20, 60.3])
    table["value"] = [3 * 17.1, 2.5 * 20, 2 * 60.3]
    table.loc[0, "value"] = 51.300000000000004
    assert counts(liver(table, PATIENTS, study)) == [0, 0, 1, 0]


def test_values_up_to_baseline_and_without_a_limit_make_no_peak(study):
    table = measured(P01={"ALT": (9, 1), "Bilirubin": (9, 1), "ALP": 1})
    table["week"] = table["week"].where(table["week"] != 4, 0)
    assert counts(liver(table, PATIENTS, study)) == [0, 0, 0, 1]
    for limit in (np.nan, 0.0):
        unlimited = table.assign(uln=table["uln"].where(table["test"] != "ALT", limit))
        rows = liver(unlimited, PATIENTS, study)
        notes = dict(zip(rows["outcome"], rows["note"], strict=True))
        assert notes["edish"].startswith("no patient with ALT or AST and bilirubin after")
        lacking = "no patient with ALT or AST after baseline and its upper limit"
        assert notes["transaminase"] == lacking
        assert above(rows, "transaminase") == ({"": pd.NA}, 0)
        assert above(rows, "bilirubin") == ({">2": 0}, 1)


def test_alp_that_nobody_recorded_is_named(study):
    table = measured(P01={"ALT": 4, "Bilirubin": 3}, P02={"ALT": 1, "Bilirubin": 1})
    rows = liver(table, PATIENTS, study)
    assert counts(rows) == [1, 0, 0, 1]
    assert edish(rows)["note"].iat[0] == "ALP not recorded; 1 without a known ALP, counted"


@pytest.mark.parametrize(
    ("tests", "missing"),
    [
        (["ALT", "AST", "ALP"], "bilirubin"),
        (["Bilirubin", "ALP"], "ALT and AST"),
        (["ALP"], "ALT, AST and bilirubin"),
        ([], "ALT, AST and bilirubin"),
    ],
)
def test_what_is_missing_is_named(tests, missing, study):
    table = measured(P01=dict.fromkeys(tests, 1))
    row = edish(liver(table, PATIENTS, study))
    assert len(row) == 1
    assert np.isnan(row["estimate"].iat[0])
    assert (row["level"].iat[0], row["n"].iat[0]) == ("", 0)
    assert row["note"].iat[0] == f"{missing} not recorded"


def test_an_absent_table_is_not_recorded(study):
    row = liver(None, PATIENTS, study)
    assert row["note"].tolist() == ["laboratory values not recorded"]


def test_a_column_without_values_is_not_recorded(study):
    table = measured(P01={"ALT": 4, "Bilirubin": 3, "ALP": 1})
    table["value"] = table["value"].where(table["test"] != "Bilirubin")
    assert edish(liver(table, PATIENTS, study))["note"].tolist() == ["bilirubin not recorded"]


def test_ten_thousand_patients_take_seconds(study):
    rng = np.random.default_rng(1)
    ids = [f"P{i:05d}" for i in range(10_000)]
    index = pd.MultiIndex.from_product([ids, [*ULN, *"ABCDEFGHI"], [0, 4, 8, 12]])
    table = index.to_frame(index=False, name=["study_id", "test", "week"])
    table = table.assign(value=rng.lognormal(4, 1, len(table)), uln=40.0)
    began = time.perf_counter()
    rows = liver(table, pd.DataFrame({"study_id": ids}), study)
    assert time.perf_counter() - began < 30
    assert sum(counts(rows)) == 10_000


@pytest.mark.parametrize("seed", range(3))
def test_random_patients_match_a_recount_patient_by_patient(seed, study):
    rng = np.random.default_rng(seed)
    drawn = {
        f"P{i:02d}": {test: tuple(rng.uniform(0.2, 6, 2)) for test in ULN if rng.random() < 0.8}
        for i in range(1, 13)
    }
    table = measured(**drawn)
    wanted = dict.fromkeys(LEVELS, 0)
    for tests in drawn.values():
        top = {test: max(values) for test, values in tests.items()}
        if "Bilirubin" not in top or not {"ALT", "AST"} & set(top):
            continue
        enzyme = max(top.get("ALT", 0), top.get("AST", 0)) > 3
        if top["Bilirubin"] > 2:
            wanted["hy" if enzyme and top.get("ALP", 0) < 2 else "cholestasis"] += 1
        else:
            wanted["temple" if enzyme else "neither"] += 1
    assert counts(liver(table, PATIENTS, study)) == list(wanted.values())


def test_a_patient_whom_alp_alone_keeps_out_of_hys_law_is_marked(study):
    table = measured(P01={"ALT": 4, "Bilirubin": 3, "ALP": 2}, P02={"ALT": 4, "ALP": 1})
    found = peaks(table, PATIENTS, study)
    assert found["quadrant"].fillna("").tolist() == ["cholestasis", ""]
    assert found["blocked"].tolist() == [True, False]
