"""Ids that differ in their spelling alone: unknown ones stop the run, two patients get a notice."""

import pytest

from ppp.data.cleaning import clean
from ppp.errors import SourceError

VISITS = ["id", "week", "pppasi"]


@pytest.mark.parametrize(
    ("known", "written"),
    [("P1", "P01"), (7, "007"), ("a1", "A1"), (7, "7.0"), ("P-1", "P 1"), ("P1", "p_001")],
)
def test_an_unknown_id_that_is_spelt_otherwise_stops_the_run(workbook, known, written):
    sheets = {"patients": [["id"], ["z"], [known]]}
    sheets |= {"visits": [VISITS, ["z", 0, 9], [written, 0, 9], [written, 12, 4], ["z", 12, 4]]}
    with pytest.raises(SourceError, match="visits!A3 and patients!A3") as e:
        clean(workbook(sheets))
    assert "alone (2 of 4 rows)" in str(e.value)
    assert str(written) not in str(e.value).replace("c.xlsx", "")
    sheets["patients"][2] = [written]
    assert len(clean(workbook(sheets)).visits) == 4


def test_zeros_that_a_cell_shows_by_its_format_are_part_of_the_id(workbook):
    def zeros(book):
        book["visits"]["A2"].number_format = book["visits"]["A3"].number_format = "000"

    sheets = {"patients": [["id"], ["007"]], "visits": [VISITS, [7, 0, 9], [7, 12, 4]]}
    assert clean(workbook(sheets, edit=zeros)).visits["pppasi"].tolist() == [9, 4]


def test_other_unknown_ids_are_set_aside_as_before(workbook):
    visits = [VISITS, ["P1", 0, 9], ["P10", 0, 9], ["1-1", 0, 9], ["P1", 12, 4]]
    cleaned = clean(workbook({"patients": [["id"], ["P1"], ["11"]], "visits": visits}))
    assert cleaned.quarantine[["row", "rule"]].values.tolist() == [
        [3, "unknown_patient"],
        [4, "unknown_patient"],
    ]


def test_two_patients_whose_ids_are_alike_have_a_notice(workbook):
    sheets = {"patients": [["id"], ["P1"], ["P01"], ["P2"], ["q"], ["Q"], ["P2"]]}
    cleaned = clean(workbook(sheets, '[endpoints]\nprimary = "none"\n'))
    told = cleaned.queries[cleaned.queries["rule"] == "ids_alike"]
    assert told["cell"].tolist() == ["A2", "A3", "A5", "A6"]
    assert len(cleaned.patients) == 5
