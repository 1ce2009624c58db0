"""``[filter] patients``: a comparison of fields, applied after cleaning to every table."""

import pandas as pd
import pytest

from ppp.cleaning.rows import flow
from ppp.cohort import chosen
from ppp.data.cleaning import clean
from ppp.errors import StudyError

SHEETS = {
    "patients": [
        ["id", "sex", "age", "sapho", "prior_treatments", "start_date"],
        ["a", "f", 30, "yes", "acitretin", "01.02.2022"],
        ["b", "m", 40, "no", None, "01.03.2022"],
        ["c", "f", 50, None, "PUVA", "01.04.2022"],
        ["d", None, 60, "no", "PUVA", None],
    ],
    "visits": [["id", "week", "pppasi"], *([p, w, 9 - w / 4] for p in "abcd" for w in (0, 12))],
    "adverse_events": [["id", "term"], ["a", "acne"], ["b", "zoster"]],
    "labs": [["id", "week", "test", "value", "unit"], ["c", 0, "ALT", 20, "U/L"]],
}


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", "abcd"),
        ("sex == 'female'", "ac"),
        ("sex != 'female'", "bd"),  # not known is not female
        ("not sex == 'male'", "acd"),
        ("sex in ['female', 'male'] and age_years < 50", "ab"),
        ("sapho not in ['yes']", "bcd"),
        ("30 < age_years <= 50 or (sapho == 'yes')", "abc"),
        ("start_date >= '2022-03-01'", "bc"),
        ("prior_treatments == 'PUVA'", "cd"),
        ("age_years > -1", "abcd"),
    ],
)
def test_all_tables_hold_the_patients_in_the_filter_alone(workbook, query, left):
    data = clean(workbook(SHEETS, f'[filter]\npatients = "{query}"\n'))
    ids = data.id_key.set_index("study_id")["patient_id"]
    assert ids[data.patients["study_id"]].tolist() == list(left)
    assert sorted(set(data.visits["study_id"].map(ids))) == list(left)
    assert data.adverse_events["study_id"].map(ids).tolist() == [p for p in "ab" if p in left]
    assert data.labs["study_id"].map(ids).tolist() == [p for p in "c" if p in left]
    told = flow(data.ledger).query("outcome == 'filter' and group == 'patients'")
    told = told.set_index("level")[["events", "n"]].astype(int).T.to_dict("list")
    lost = 4 - len(left)
    assert told == ({"read": [4, 4], "left_out": [lost, 4]} if lost else {})


@pytest.mark.parametrize(
    "query",
    [
        "@pd.read_csv('x')",
        "sex.str.len() > 0",
        "__import__('os').system('x')",
        "sex.__class__ == 1",
        "age_years[0] > 1",
        "(lambda: 1)() == 1",
        "[x for x in sex]",
        "f'{sex}' == 'x'",
        "age_years + 1 > 2",
        "(sex == 'female') & (age_years > 3)",
        "sex = 'female'",
        "`sex` == 'female'",
        "sex == 'female'; age_years",
        "sex ==",
        "age_years > 1j",
        "(" * 500,
    ],
)
def test_nothing_else_than_comparisons_is_asked(query):
    patients = pd.DataFrame({"study_id": ["P01"], "sex": ["female"], "age_years": [40.0]})
    with pytest.raises(StudyError, match="write for instance sex == 'female'"):
        chosen(patients, query)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("sexe == 'female'", r"no field 'sexe' \(did you mean 'sex'\?\)"),
        ("smoker == 'yes'", "no field 'smoker'; known here: sex, age_years"),
        ("age_years > 'x'", "cannot be asked of these fields"),
        ("sex == 'woman'", "none of the 1 patients is in the filter"),
        ("sex", "no comparison of a field"),
        ("1 == 1", "no comparison of a field"),
    ],
)
def test_a_filter_that_cannot_be_applied_stops(query, said):
    patients = pd.DataFrame({"study_id": ["P01"], "sex": ["female"], "age_years": [40.0]})
    with pytest.raises(StudyError, match=said):
        chosen(patients, query)


def test_a_filter_may_leave_two_of_three_groups(workbook):
    toml = '[subgroup]\ncolumn = "prior_treatments"\nvalue = "PUVA"\n'
    three = {**SHEETS, "patients": [*SHEETS["patients"], ["e", "f", 1, "no", "methotrexate", None]]}
    with pytest.raises(StudyError, match="2 other values"):
        clean(workbook(three, toml))
    query = "[filter]\npatients = \"prior_treatments != 'methotrexate'\"\n"
    assert len(clean(workbook(three, toml + query)).patients) == 4
