"""Mean change of laboratory values from baseline, worked by hand."""

import pandas as pd
import pytest

from ppp import results
from ppp.laboratory import rows as analysis
from ppp.laboratory import tables

PATIENTS = pd.DataFrame({"study_id": ["P1", "P2", "P3", "P4"]})
VALUES = {"P1": {0: 10, 4: 12, 12: 13}, "P2": {0: 20, 4: 21, 12: 25}, "P3": {0: 30, 12: 31}}
LABS = pd.DataFrame(
    [
        (who, week, "ALT", float(value), "U/L")
        for who, values in (VALUES | {"P4": {12: 50}}).items()
        for week, value in values.items()
    ],
    columns=["study_id", "week", "test", "value", "unit"],
)


def test_change_at_week_12_is_the_paired_t_interval(study):
    """Changes 3, 5 and 1: mean 3, SD 2, t(2) = 4.3027, so 3 ± 4.3027 · 2/√3 = −1.968 to 7.968."""
    rows = analysis.lab_change(LABS, PATIENTS, study)
    row = results.one(rows, outcome="ALT", statistic="mean_change", week=12)
    assert (row["n"], row["estimate"]) == (3, 3.0)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((-1.96828, 7.96828), abs=1e-4)
    assert row["p_value"] == pytest.approx(0.12169, abs=1e-4)  # t = 3/(2/√3) = 2.598
    last = results.one(rows, statistic="mean_change_last")
    assert last["estimate"] == 3.0 and last["n"] == 3
    before = rows.set_index("statistic")["estimate"]
    assert (before["mean_baseline"], before["sd_baseline"]) == (20.0, 10.0)


def test_two_patients_have_no_interval_and_no_baseline_means_no_row(study):
    rows = analysis.lab_change(LABS, PATIENTS, study)
    assert pd.isna(results.one(rows, statistic="mean_change", week=4)["estimate"])
    assert analysis.lab_change(LABS[LABS["week"] > 0], PATIENTS, study).empty
    assert analysis.lab_change(None, PATIENTS, study).empty


def test_the_table_has_the_last_value_only_where_it_is_another(study):
    table = tables.lab_change(analysis.lab_change(LABS, PATIENTS, study), study)
    assert table.columns == ["test", "before", "n", "4", "12"]
    assert table.frame.iloc[0].tolist()[:3] == ["ALT, U/L", "20.0 (10.0)", "3"]
    assert table.frame["12"].tolist() == ["3.00 (−1.97 to 7.97)"]
    early = pd.concat([LABS, LABS[LABS["study_id"] == "P3"].assign(study_id="P4", week=[0, 4])])
    early = early[(early["study_id"] != "P4") | (early["week"] < 12)]
    table = tables.lab_change(analysis.lab_change(early, PATIENTS, study), study)
    assert "last" in table.columns
