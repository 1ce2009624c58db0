"""Laboratory tests under one name and unit; a unit that is missing or unknown is a query."""

import re

import pytest

from ppp.catalogue import lab_tests
from ppp.catalogue.dictionary import plain
from ppp.data.cleaning import clean

NONE = '[endpoints]\nprimary = "none"\n'
HEAD = ["patient_id", "week", "test", "value", "unit", "lln", "uln"]


def labs(workbook, *rows, toml="", head=HEAD):
    table = [head, *(["a", 0, *row] for row in rows)]
    return clean(workbook({"patients": [["patient_id"], ["a"]], "labs": table}, NONE + toml))


def cells(cleaned, *, columns=False):
    here = cleaned.queries[cleaned.queries["cell"].str.contains(":") == columns]
    return here.set_index("cell")["rule"].to_dict()


CONVERTED = [  # worked by hand: test, unit, value, canonical value
    ("Creatinine", "mg/dL", 1.0, 88.42),
    ("Kreatinin", "mg/l", 10, 88.42),
    ("血肌酐", "μmol/L", 70, 70),
    ("Total bilirubin", "mg/dL", 2, 34.208),
    ("Hb", "g/dL", 13.7, 137),
    ("Hämoglobin", "mmol/L", 8.5, 136.969),
    ("ALT", "µkat/L", 0.5, 30),
    ("SGOT", "IU/L", 30, 30),
    ("Neutrophils", "/µL", 1500, 1.5),
    ("ANC", "×10³/µL", 4.1, 4.1),
    ("Thrombozyten", "G/L", 242, 242),
    ("PLT", "x 10^4/uL", 24.2, 242),
    ("WBC", "10E9/L", 6.2, 6.2),
    ("LDL", "mg/dL", 100, 2.586),
    ("Triglyzeride", "mg/dL", 150, 1.6935),
    ("血糖", "mg/dL", 90, 4.9959),
    ("Harnstoff", "mg/dl", 40, 6.66),
]


@pytest.mark.parametrize(("test", "unit", "value", "expected"), CONVERTED)
def test_value_and_limits_are_converted_worked_by_hand(workbook, test, unit, value, expected):
    row = labs(workbook, (test, value, unit, value / 2, value * 2)).labs.iloc[0]
    known = lab_tests.known()[lab_tests.canonical(test)]
    assert (row["test"], row["unit"]) == (known.name, known.unit)
    assert row["value"] == pytest.approx(expected, rel=1e-12)
    assert row["lln"] == pytest.approx(expected / 2) and row["uln"] == pytest.approx(expected * 2)


def test_a_converted_value_is_the_short_number_that_is_meant(workbook):
    values = (4100, 800, 200)
    found = labs(workbook, *(("lymphocytes", value, "/µL") for value in values)).labs["value"]
    assert found.tolist() == [4.1, 0.8, 0.2]


def test_a_value_in_the_own_unit_is_not_touched(workbook):
    value = 2.123456789012
    assert labs(workbook, ("LDL", value, "mmol/L")).labs["value"].tolist() == [value]


def test_a_missing_unit_is_a_query_for_the_value_and_its_limits(workbook):
    cleaned = labs(
        workbook, ("ALT", 30, None, 7, 40), ("ALT", 31, "U/L", 7, 40), ("ALT", 32, "n/a")
    )
    assert cells(cleaned) == {
        "D2": "unit_missing",
        "F2": "unit_missing",
        "G2": "unit_missing",
        "D4": "unit_missing",
    }
    assert cleaned.labs["value"].isna().tolist() == [True, False, True]
    assert cleaned.labs["uln"].isna().tolist() == [True, False, True]
    assert cleaned.labs["unit"].isna().tolist() == [True, False, True]
    assert set(cleaned.queries.query("rule == 'unit_missing'")["action"]) == {"missing"}


def test_an_unknown_unit_is_a_query_for_the_unit_too(workbook):
    cleaned = labs(workbook, ("ALT", 30, "mg/dL", None, 40), ("neutrophils", 61, "%"))
    assert cells(cleaned) == {
        "D2": "unit_unknown",
        "E2": "unit_unknown",
        "G2": "unit_unknown",
        "D3": "unit_unknown",
        "E3": "unit_unknown",
    }
    assert cleaned.labs[["value", "uln", "unit"]].isna().all(axis=None)


def test_the_ledger_adds_up_with_queries_of_units(workbook):
    cleaned = labs(workbook, ("ALT", 30, None, 7, 40), ("ALT", "<5", "mg", 7, 40), ("x", 1, "y"))
    counts = cleaned.ledger.query("table == 'labs' and kind == 'cells'")
    counts = counts.set_index("level")["count"]
    assert counts["queried"] == 7 == (cleaned.queries["action"] == "missing").sum()
    assert counts["read"] == counts["accepted"] + counts["queried"]
    assert cells(cleaned)["D3"] == "limit_value"


def test_every_value_is_queried_without_a_column_of_units(workbook):
    cleaned = labs(workbook, ("ALT", 30), ("IgA", 2.1), head=HEAD[:4])
    assert cells(cleaned) == {"D2": "unit_missing"}
    assert cleaned.labs["value"].isna().tolist() == [True, False]


@pytest.mark.parametrize("head", [HEAD, HEAD[:4]])
def test_a_declared_unit_serves_the_whole_source(workbook, head):
    rows = [("ALT", 30), ("Creatinine", 1)]
    toml = '[units]\n"GPT" = "U/l"\ncrea = "mg/dL"\n'
    cleaned = labs(workbook, *rows, toml=toml, head=head)
    assert cleaned.labs["value"].tolist() == [30, 88.42]
    assert cleaned.labs["unit"].tolist() == ["U/L", "µmol/L"]
    assert cells(cleaned) == {}
    rules = cleaned.queries.query("sheet == 'labs'")["rule"]
    assert {"unit_declared", "unit_converted"} <= set(rules)


def test_the_unit_of_the_cell_stands_before_the_declared_one(workbook):
    cleaned = labs(workbook, ("Crea", 70, "µmol/L"), ("Crea", 1), toml='[units]\nCrea = "mg/dL"\n')
    assert cleaned.labs["value"].tolist() == [70, 88.42]
    declared = cleaned.queries.query("rule == 'unit_declared'").iloc[0]
    assert (declared["cell"], declared["cells"]) == ("D:D", 1)
    assert declared["raw"] == "1 cell: mg/dL (Creatinine)"


def test_codes_may_name_tests_and_units(workbook):
    toml = '[codes.test]\n"Leber 1" = "GPT"\n[codes.unit]\n"E" = "U/L"\n'
    cleaned = labs(workbook, ("Leber 1", 30, "E"), toml=toml)
    assert cleaned.labs[["test", "value", "unit"]].values.tolist() == [["ALT", 30, "U/L"]]


def test_other_tests_keep_their_values_and_units(workbook):
    rows = [
        ("IgA", 2.1, "g/L", 0.7, 4),
        ("HbA1c", 5.6, None),
        ("Creatinine (urine)", 90, "mg/dL"),
        ("BUN", 14, "mg/dL"),
        ("Bilirubin direct", 3, "foo"),
    ]
    cleaned = labs(workbook, *rows)
    names = ["uncoded test 1", "HbA1c", "uncoded test 2", "Blood urea nitrogen"]
    assert cleaned.labs["test"].tolist() == [*names, "Direct bilirubin"]
    assert cleaned.labs["value"].tolist() == [row[1] for row in rows]
    assert cleaned.labs["unit"].tolist()[2:] == ["mg/dL", "mg/dL", "uncoded unit 1"]
    assert set(cleaned.queries["rule"]) == {"term_named", "term_uncoded"}


def test_notices_say_what_was_translated_and_converted(workbook):
    cleaned = labs(
        workbook, ("LDL", 100, "mg/dL"), ("LDL", 2, "mmol/L"), ("ALT", 9, "U/L"), ("gpt", 9, "IU/L")
    )
    told = cleaned.queries.set_index(["cell", "rule"])[["cells", "raw"]]
    assert told.loc[("C:C", "code_translated")].tolist() == [
        3,
        "3 cells: LDL → LDL cholesterol, gpt → ALT",
    ]
    assert told.loc[("E:E", "unit_converted")].tolist() == [
        1,
        "1 cell: mg/dL → mmol/L (LDL cholesterol)",
    ]
    assert len(told) == 2


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("creatinine", "Creatinine"),
        ("bilirubin", "Bilirubin"),
        ("haemoglobin", "Haemoglobin"),
        ("neutrophils", "Neutrophils"),
        ("total cholesterol", "Total cholesterol"),
        ("triglycerides", "Triglycerides"),
        ("LDL-C", "LDL cholesterol"),
        ("γ-GT", "GGT"),
        ("丙氨酸氨基转移酶（ALT）", "ALT"),
        ("ALT/GPT", "ALT"),
        ("Ｃｒｅａ", "Creatinine"),
        ("LDL_Cholesterol", "LDL cholesterol"),
        ("NEUT#", "Neutrophils"),
        ("NEUT%", ""),
        ("AST/ALT", ""),
        ("CK-MB", ""),
        ("ALT ratio", ""),
        ("", ""),
    ],
)
def test_names_of_tests(typed, name):
    assert lab_tests.canonical(typed) == name


def test_the_table_names_every_test_once_with_units_and_a_source():
    words = [
        plain(word) for test in lab_tests.known().values() for word in (test.name, *test.synonyms)
    ]
    assert len(words) == len(set(words))
    for test in lab_tests.known().values():
        assert test.source and test.factor(test.unit) == 1
        folded = [lab_tests.fold_unit(unit) for unit in test.factors]
        assert len(folded) == len(set(folded))
        assert all(0 < factor < 2000 for factor in test.factors.values())
        assert re.search("[\u4e00-\u9fff]", " ".join(test.synonyms))


@pytest.mark.parametrize(
    "name",
    [
        "Bilirubin",
        "Creatinine",
        "Glucose",
        "LDL cholesterol",
        "Total cholesterol",
        "Triglycerides",
        "Urea",
    ],
)
def test_factors_follow_from_the_molar_mass_in_the_source_column(name):
    test = lab_tests.known()[name]
    mass = float(re.search(r"molar mass ([\d.]+) g/mol", test.source)[1])
    scale = {"µmol/L": 1000, "mmol/L": 1}[test.unit]
    assert test.factors["mg/dL"] == pytest.approx(10 * scale / mass, rel=1e-3)
    assert test.factors["mg/L"] == pytest.approx(test.factors["mg/dL"] / 10)


@pytest.mark.parametrize(
    ("test", "value", "unit", "kept"),
    [
        ("WBC", 7.85, "/µL", False),  # shown as 7.850 by its cell: 0.00785 × 10^9/L
        ("WBC", 7850, "/µL", True),
        ("WBC", 7.85, "10^9/L", True),
        ("Hb", 13.5, "g/L", False),
        ("Hb", 135, "g/L", True),
        ("CK", 120000, "U/L", True),
        ("Serum rubidium", 0.00001, "", True),
    ],
)
def test_a_value_that_nobody_can_have_is_a_query(workbook, test, value, unit, kept):
    labs = [["id", "test", "value", "unit", "week"], ["a", test, value, unit, 0]]
    cleaned = clean(workbook({"patients": [["id"], ["a"]], "labs": labs}, NONE))
    told = cleaned.queries.query("cell == 'C2' and action == 'missing'")["rule"].tolist()
    assert told == ([] if kept else ["implausible_value"])
    assert cleaned.labs["value"].notna().tolist() == [kept]


def test_every_known_test_has_a_plausible_range_around_its_limits_of_grades():
    grades = lab_tests.criteria().query("of == 'value'")
    for test in lab_tests.known().values():
        assert 0 < test.low < test.high
        of_test = grades.loc[grades["test"] == test.name, "times"].astype(float)
        assert of_test.between(test.low, test.high).all()
