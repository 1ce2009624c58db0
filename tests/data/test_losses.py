"""A run stops when cleaning would leave nothing, and says which rule took it and what to do."""

import datetime

import pytest

from ppp.data.cleaning import clean
from ppp.errors import SourceError

DAY = datetime.datetime
NONE = '[endpoints]\nprimary = "none"\n'
PATIENTS = [["patient_id", "start_date"], ["a", DAY(2022, 7, 1)], ["b", DAY(2022, 8, 1)]]


def said(study) -> str:
    with pytest.raises(SourceError) as stopped:
        clean(study)
    assert not study.derived.exists()
    return str(stopped.value)


def visits(*rows, heads=("patient_id", "week", "pppasi")):
    return {"patients": PATIENTS, "visits": [list(heads), *map(list, rows)]}


def test_weeks_with_labels_name_the_codes(workbook):
    told = said(workbook(visits(("a", "W0", 9), ("a", "W12", 5), ("b", "W0", 8))))
    assert "c.xlsx, 'visits': not one of the 3 rows of visits could be used" in told
    assert "3 by the rule no_week" in told and "cell B2 ('W0')" in told
    assert "[codes.week]" in told and "[columns.visits] week" in told


def test_codes_of_the_week_make_the_run_possible(workbook):
    rows = visits(("a", "W0", 9), ("a", "W12", 5))
    assert len(clean(workbook(rows, '[codes.week]\n"W0" = 0\n"W12" = 12\n')).visits) == 2


def test_decimal_commas_name_the_decimal_mark(workbook):
    told = said(workbook(visits(("a", 0, "13,86"), ("a", 12, "n/a"), ("b", 0, "9,5"))))
    assert "primary endpoint pppasi, 2 cells are filled in and not one value is left" in told
    assert "2 by the rule decimal_comma" in told and "cell C2 ('13,86')" in told
    assert '[source] decimal = ","' in told


def test_the_most_frequent_rule_is_named(workbook):
    told = said(workbook(visits(("a", 0, "13,86"), ("a", 4, 99), ("a", 8, 98), ("b", 0, "x"))))
    assert "2 by the rule out_of_range" in told and "cell C3 ('99')" in told


def test_markers_alone_are_named_too(workbook):
    told = said(workbook(visits(("a", 0, "n/a"), ("b", 0, "-"))))
    assert "2 by the rule missing_marker" in told


def test_one_value_is_enough(workbook):
    assert clean(workbook(visits(("a", 0, "13,86"), ("b", 0, 9)))).visits["pppasi"].count() == 1


def many(bad, *, good=(9, 8, 7, 6, 5, 4)):
    cells = [*bad, *good]
    return visits(*((f"{'ab'[n % 2]}", n // 2, cell) for n, cell in enumerate(cells)))


@pytest.mark.parametrize(
    ("bad", "line"),
    [
        (["13,86", "9,5", "8,1", "7,2"], 'under [source]: decimal = ","'),
        (["15 P", "12 P", "9 P", "8,5 P"], 'under [units]: pppasi = "P"'),
        (["n.d.", "n.d.", "?", "n.d."], 'missing = ["", "n/a", "NA", "-", "n.d.", "?"]'),
        ([73, 80, 99, 90], "correct the cell"),
        (["ask Mrs Miller"] * 4, "write a number in the cell"),
    ],
)
def test_above_a_quarter_of_the_primary_outcome_the_run_stops_and_names_the_line(
    workbook, bad, line
):
    told = said(workbook(many(bad)))
    assert "4 of the 10 cells of the primary endpoint (pppasi) could not be read" in told
    cell = "cell C2. " if "Miller" in str(bad[0]) else f"cell C2 ('{bad[0]}')"
    assert line in told and cell in told and "Miller" not in told


def test_the_line_that_is_named_makes_the_run_possible(workbook):
    sheets = many(["13,86", "9,5", "8,1", "7,2"])
    assert clean(workbook(sheets, source='decimal = ","')).visits["pppasi"].count() == 10


def test_the_mark_of_one_column_is_named_where_another_has_the_other(workbook):
    sheets = many(["13,86", "9,5", "8,1", "7,2"])
    sheets["visits"] = [
        [*row, "crp_mg_l" if n == 0 else "1.5"] for n, row in enumerate(sheets["visits"])
    ]
    assert 'decimal = { "columns.visits.pppasi" = "," }' in said(workbook(sheets))


@pytest.mark.parametrize("good", [12, 40])
def test_up_to_a_quarter_the_run_goes_on(workbook, good):
    sheets = many(["13,86", "9,5", "8,1", "7,2"], good=[5] * good)
    assert clean(workbook(sheets)).visits["pppasi"].count() == good


def test_an_empty_column_of_the_primary_endpoint_is_no_loss(workbook):
    assert clean(workbook(visits(("a", 0, None), ("b", 0, None)))).visits["pppasi"].count() == 0


def test_no_patient_is_left(workbook):
    rows = [["patient_id", "sex"], ["a", "f"], ["a", "m"], ["Total", None]]
    told = said(workbook({"patients": rows}, NONE))
    assert "not one of the 2 rows of patients" in told
    assert "2 by the rule duplicate_contradictory" in told and "row 2" in told


def test_no_patient_at_all(workbook):
    told = said(workbook({"patients": [["patient_id"]]}, NONE))
    assert "no rows of patients below the headings (row 1)" in told


def test_no_visit_at_all(workbook):
    assert "no rows of visits" in said(workbook(visits()))


def test_ids_are_written_differently(workbook):
    told = said(workbook(visits(("A-1", 0, 9), ("B-1", 0, 8))))
    assert "2 by the rule unknown_patient" in told and "cell A2." in told
    assert "A-1" not in told


def test_events_that_are_all_lost_are_not_none(workbook):
    events = [["patient_id", "term"], ["z", "acne"]]
    told = said(workbook({"patients": PATIENTS, "adverse_events": events}, NONE))
    assert "not one of the 1 rows of adverse_events" in told


@pytest.mark.parametrize(
    ("texts", "remedy"),
    [
        (["2022/07/01", "2022/08/31"], 'set [source] date_format = "%Y/%m/%d"'),
        (["31/07/2022", "01/08/2022"], 'set [source] date_format = "%d/%m/%Y"'),
        (
            ["01/07/2022", "01/08/2022"],
            'date_format = "%d/%m/%Y" or date_format = "%m/%d/%Y", whichever it is',
        ),
        (["about 2022", "in 2023"], "format the cells as dates"),
    ],
)
def test_a_column_without_one_date_names_the_format(workbook, texts, remedy):
    rows = [["patient_id", "start_date"], *zip("ab", texts, strict=True)]
    told = said(workbook({"patients": list(map(list, rows))}, NONE))
    assert "not one of the 2 cells of start_date is a date" in told
    assert "cell B2. " in told and texts[0] not in told and remedy in told


def test_words_in_a_date_column_are_queried_and_do_not_stop(workbook):
    rows = [["patient_id", "stop_date"], ["a", "ongoing"], ["b", None]]
    queries = clean(workbook({"patients": rows}, NONE)).queries
    assert queries["rule"].tolist() == ["not_a_date"]
