"""The vocabulary: one name a spelling, nothing in it that points to a person."""

import csv

import openpyxl
import pytest

from ppp.catalogue import special_interest, vocabulary
from ppp.catalogue.dictionary import spelt
from ppp.catalogue.identifiers import found
from ppp.study import ROOT

CLINICAL = [row for row in vocabulary.rows() if row["kind"] not in ("qualifier", "sheet", "unit")]
LABS = {row["test"] for row in csv.DictReader((ROOT / "data/lab_tests.csv").open("r", -1, "utf-8"))}


def test_it_is_large_and_each_spelling_has_one_name_within_its_kind():
    assert len(CLINICAL) > 450
    seen = {}
    for row in CLINICAL:
        for word in row["spellings"]:
            assert seen.setdefault((row["kind"], spelt(word)), row["name"]) == row["name"], word


def test_nothing_in_it_points_to_a_person_and_each_part_is_filled():
    for row in CLINICAL:
        assert not [word for word in row["spellings"] if found(word)], row["name"]
        assert row["class"] or row["kind"] not in ("event", "comorbidity", "treatment"), row["name"]
    assert not LABS & {row["name"] for row in CLINICAL}


@pytest.mark.parametrize(
    ("text", "field", "name"),
    [
        ("带状疱疹", "term", "Herpes zoster"),
        ("Gürtelrose", "term", "Herpes zoster"),
        ("ＺＯＳＴＥＲ (left)", "term", "Herpes zoster"),
        ("轻度痤疮", "term", "Acne"),
        ("leichte Kopfschmerzen, rezidivierend", "term", "Headache"),
        ("Hypertonie", "term", "Hypertension"),
        ("Bluthochdruck", "comorbidities", "hypertension"),
        ("Headache", "comorbidities", "headache"),
        ("雷公藤", "prior_treatments", "Tripterygium wilfordii"),
        ("CsA", "prior_treatments", "cyclosporine"),
        ("谷丙转氨酶", "test", "ALT"),
        ("NEUT%", "test", "Neutrophils (%)"),
        ("UG/L", "unit", "UG/L"),
        ("皮肤及皮下组织类疾病", "soc", "Skin and subcutaneous tissue disorders"),
        ("mild", "term", ""),
        ("zoster excluded", "term", ""),
        ("suspected tuberculosis", "term", ""),
        ("chronic bronchitis", "term", ""),
        ("acne Wang", "term", ""),
        ("Neutrophils?", "test", ""),
        ("Wang/L", "unit", ""),
        ("", "term", ""),
    ],
)
def test_names(text, field, name):
    assert vocabulary.name(text, field) == name


def test_a_name_has_the_special_interest_of_each_of_its_spellings():
    """What a spelling says alone the name says too, so that coding loses no zoster."""
    for row in CLINICAL:
        if row["kind"] == "event":
            own = set(special_interest.categories(row["name"]))
            lost = {w: set(special_interest.categories(w)) - own for w in row["spellings"]}
            assert not any(lost.values()), (row["name"], {w: c for w, c in lost.items() if c})


def test_all_free_text_of_the_demo_has_a_name():
    book = openpyxl.load_workbook(ROOT / "data/demo/cohort.xlsx", read_only=True)
    columns = {"不良事件": "term", "Failed before": "prior_treatments", "合并症": "comorbidities"}
    columns |= {"项目": "test", "单位": "unit", "System organ class": "soc"}
    for sheet in book:
        heads, *rows = sheet.iter_rows(values_only=True)
        for head, cell in ((h, c) for row in rows for h, c in zip(heads, row, strict=True)):
            if head in columns and cell and cell not in ("n/a", "none"):
                for entry in str(cell).replace("；", ";").split(";"):
                    assert vocabulary.name(entry.strip(), columns[head]), entry
