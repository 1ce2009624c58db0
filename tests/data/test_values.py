"""One raw cell, one value or one rule: the sentences of the data contract, case by case."""

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppp.catalogue.dictionary import fields
from ppp.data import values
from ppp.data.headings import NeverCalculated
from ppp.data.rows import SENTENCES, action, read_id
from ppp.data.values import Reading, read_cell, read_column

SCORE = Reading("number", low=0, high=72, missing=frozenset({"", "n/a", "NA", "-", "999"}))
GRADE = Reading("integer", low=0, high=4, aliases=fields("adverse_events")["grade"].aliases)
COMMA = Reading("number", low=0, high=72, decimal=",")
DAY = Reading("date", low=datetime.datetime(1900, 1, 1), high=datetime.datetime(2100, 1, 1))
SEX = Reading("choice", aliases=fields("patients")["sex"].aliases, codes={"2": "female"})
SMOKER = Reading("choice", aliases=fields("patients")["smoker"].aliases)


@pytest.mark.parametrize(
    ("raw", "value", "rule"),
    [
        (12.5, 12.5, ""),
        (0, 0.0, ""),
        ("12.5", 12.5, "number_as_text"),
        ("12.5 ", 12.5, "number_tidied"),
        ("１２．５", 12.5, "number_tidied"),
        ("\u00a07", 7.0, "number_tidied"),
        ("13,86", None, "decimal_comma"),
        ("1,234.5", None, "not_a_number"),
        ("1_0", None, "not_a_number"),
        ("nan", None, "not_a_number"),
        ("inf", None, "not_a_number"),
        ("1e400", None, "not_a_number"),
        ("＜5", None, "limit_value"),
        ("<5", None, "limit_value"),
        ("≥ 5", None, "limit_value"),
        ("not done", None, "not_a_number"),
        ("#REF!", None, "error_value"),
        (NeverCalculated("=A1"), None, "formula_not_calculated"),
        (True, None, "true_or_false"),
        (datetime.datetime(2022, 1, 1), None, "not_a_number"),
        (73, None, "out_of_range"),
        (-0.1, None, "out_of_range"),
        ("n/a", None, ""),
        (" - ", None, ""),
        ("  ", None, ""),
        (999, None, ""),
        (999.0, None, ""),
    ],
)
def test_score_where_a_point_is_declared(raw, value, rule):
    assert read_cell(raw, SCORE) == (value, rule)


@pytest.mark.parametrize(
    ("raw", "value", "rule"),
    [
        ("13,86", 13.86, ""),
        ("13", 13.0, ""),
        ("１３,8", 13.8, "number_tidied"),
        ("13.86", None, "decimal_point"),
        ("1.234,5", None, "not_a_number"),
        (13.86, 13.86, ""),
    ],
)
def test_score_where_a_comma_is_declared(raw, value, rule):
    assert read_cell(raw, COMMA) == (value, rule)


@pytest.mark.parametrize(
    ("raw", "value", "rule"),
    [
        (2, 2.0, ""),
        (2.5, None, "not_whole"),
        ("mild", 1.0, ""),
        ("轻度", 1.0, ""),
        (6, None, "out_of_range"),
        ("3", 3.0, "number_as_text"),
    ],
)
def test_grade(raw, value, rule):
    assert read_cell(raw, GRADE) == (value, rule)


@pytest.mark.parametrize(
    ("raw", "value", "rule"),
    [
        (datetime.datetime(2022, 7, 1, 14, 30), datetime.datetime(2022, 7, 1), ""),
        (datetime.date(2022, 7, 1), datetime.datetime(2022, 7, 1), ""),
        ("01.07.2022", datetime.datetime(2022, 7, 1), ""),
        (" 1.7.2022 ", datetime.datetime(2022, 7, 1), ""),
        ("2022-07-01", datetime.datetime(2022, 7, 1), ""),
        ("2022-07-01T14:30", datetime.datetime(2022, 7, 1), ""),
        ("2022-7-1", None, "not_a_date"),
        ("31.02.2022", None, "not_a_date"),
        (44743, None, "not_a_date"),
        ("01.07.0202", None, "out_of_range"),
    ],
)
def test_date(raw, value, rule):
    assert read_cell(raw, DAY) == (value, rule)


@pytest.mark.parametrize(
    ("raw", "value", "rule"),
    [
        ("男", "male", ""),
        ("女 ", "female", ""),
        ("M", "male", ""),
        (2, "female", ""),
        (2.0, "female", ""),
        ("female", "female", ""),
        (1, None, "not_a_choice"),
        ("x", None, "not_a_choice"),
        ("-1", None, "not_a_choice"),
    ],
)
def test_sex(raw, value, rule):
    assert read_cell(raw, SEX) == (value, rule)


@pytest.mark.parametrize(
    ("raw", "value"),
    [(True, "yes"), (False, "no"), ("是", "yes"), ("Nein", "no"), (1, "yes"), (0.0, "no")],
)
def test_yes_or_no(raw, value):
    assert read_cell(raw, SMOKER) == (value, "")


def test_text_is_kept_whole():
    long = "<b>" + "x" * 10_000 + "\u202e🙂"
    assert read_cell(f" {long} ", Reading("text")) == (long, "")
    assert read_cell("#N/A", Reading("text")) == (None, "error_value")


def test_code_stands_before_a_missing_marker():
    how = Reading("choice", aliases=SMOKER.aliases, codes={"-": "no"}, missing=frozenset({"-"}))
    assert read_cell("-", how) == ("no", "")


def test_code_of_a_number():
    assert read_cell("Week 16", Reading("integer", codes={"Week 16": "16"})) == (16.0, "")


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("NA", ("NA", "")),
        ("-", ("-", "")),
        ("n/a", ("n/a", "")),
        (1, ("1", "")),
        (1.0, ("1", "")),
        ("P01 ", ("P01", "id_tidied")),
        ("Ｐ０１", ("P01", "id_tidied")),
        (" ", (None, "")),
        ("001", ("001", "")),
        (NeverCalculated("=A1"), (None, "formula_not_calculated")),
    ],
)
def test_ids_know_no_missing_markers(raw, read):
    assert read_id(raw) == read


def test_csv_numbers_are_text_without_a_warning():
    how = Reading("number", from_text=True)
    assert read_cell("12.5", how) == (12.5, "")
    assert read_cell("12.5 ", how) == (12.5, "number_tidied")


def test_column_tells_true_from_one():
    column = pd.Series([1, True, 1.0, None], dtype=object)
    read = read_column(column, SCORE)
    assert read["rule"].tolist() == ["", "true_or_false", "", ""]
    np.testing.assert_array_equal(read["value"], [1, np.nan, 1, np.nan])


@given(st.floats(0, 72), st.sampled_from([".", ","]))
def test_any_score_survives_being_written_as_text(score, mark):
    how = Reading("number", low=0, high=72, decimal=mark)
    value, rule = read_cell(repr(score).replace(".", mark), how)
    assert value == score
    assert rule in ("", "number_as_text")


@given(
    st.one_of(st.text(), st.integers(), st.floats(allow_nan=False), st.booleans(), st.datetimes())
)
def test_no_cell_breaks_a_reader(raw):
    for how in (SCORE, GRADE, COMMA, DAY, SEX, Reading("text")):
        value, rule = read_cell(raw, how)
        assert rule == "" or rule in SENTENCES
        assert (action(rule) != "missing") or value is None


def test_types_of_columns():
    assert [values.dtype(kind) for kind in ("integer", "date", "choice")] == [
        "float64",
        "datetime64[us]",
        "str",
    ]
