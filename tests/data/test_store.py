"""What cleaning writes is what the other notebooks read, without raw ids and raw values."""

import datetime
import json

import pandas as pd
import pytest

from ppp.data import store
from ppp.data.cleaning import clean
from ppp.errors import StopRun

SHEETS = {
    "patients": [
        ["patient_id", "sex", "start_date"],
        ["NA", "f", datetime.datetime(2022, 7, 1)],
        ["b", None, None],
        ["b", None, None],
    ],
    "visits": [["patient_id", "week", "pppasi"], ["NA", 0, 73], ["b", 0, 5]],
    "adverse_events": [["patient_id", "term", "grade"]],
}


@pytest.fixture
def study(workbook):
    return workbook(SHEETS)


def test_what_is_written_is_read_again(study):
    cleaned = clean(study)
    assert store.write(cleaned, study) == study.derived
    cohort = store.load(study)
    for table in ("patients", "visits", "adverse_events", "ledger"):
        pd.testing.assert_frame_equal(getattr(cohort, table), getattr(cleaned, table))
    assert cohort.labs is None
    assert cohort.source_sha256 == cleaned.source_sha256


def test_files_of_the_contract(study):
    store.write(clean(study), study)
    names = {path.name for path in study.derived.iterdir()}
    assert names >= {
        "patients.parquet",
        "visits.parquet",
        "cells.parquet",
        "queries.csv",
        "quarantine.csv",
        "id_key.csv",
    }
    queries = pd.read_csv(study.derived / "queries.csv", keep_default_na=False)
    assert ",".join(queries) == "sheet,cell,patient_id,study_id,week,field,raw,rule,action,cells"
    assert queries["patient_id"].tolist() == ["NA", ""]
    quarantine = pd.read_csv(study.derived / "quarantine.csv", keep_default_na=False)
    assert ",".join(quarantine) == "sheet,row,rule,copy_of,raw"


def test_the_folder_that_wrote_the_data_is_noted(study):
    store.write(clean(study), study)
    assert json.loads((study.derived / "source.json").read_text())["folder"] == study.home
    assert store.load(study).queries["cells"].tolist() == [1, 1]


def test_loaded_lists_hold_no_raw_id_and_no_raw_value(study):
    store.write(clean(study), study)
    cohort = store.load(study)
    assert not {"patient_id", "raw"} & {*cohort.queries, *cohort.quarantine}
    assert not hasattr(cohort, "id_key")
    assert cohort.queries["week"].dropna().tolist() == [0]
    assert cohort.quarantine["row"].tolist() == [4]


def test_writing_again_replaces_everything(study):
    store.write(clean(study), study)
    (study.derived / "labs.parquet").touch()
    store.write(clean(study), study)
    assert not (study.derived / "labs.parquet").exists()
    assert [path.name for path in study.derived.parent.iterdir()] == ["x"]


def test_loading_before_cleaning_says_what_to_do(study):
    with pytest.raises(StopRun, match=r"run notebook 01"):
        store.load(study)
