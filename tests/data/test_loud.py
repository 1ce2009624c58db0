"""What a run says last: each important loss with a line that cures it, and headings half known."""

import re

import pytest

from ppp.data import store
from ppp.data.cleaning import clean
from ppp.study import Study

IDS = [f"C-{number}" for number in range(1, 13)]
VISITS = [["patient_id", "week", "pppasi"], *([one, 0, 9.5] for one in IDS)]


def sheets(heading, cells, **more):
    rows = [["patient_id", heading], *map(list, zip(IDS, cells, strict=True))]
    return {"patients": rows, "visits": VISITS} | more


def test_nothing_lost_says_nothing(workbook):
    cleaned = clean(workbook(sheets("sex", ["f"] * 12)))
    assert cleaned.losses.empty and cleaned.last_lines == []


CURES = {
    "a decimal comma": ("age_years", ["41,5"] * 12, {}),
    "codes": ("sex", ["1", "2"] * 6, {"…": "female"}),
    "dates": ("start_date", [f"2023/05/{day}" for day in range(14, 26)], {}),
    "a unit": ("age_years", ["45岁"] * 12, {}),
}


@pytest.mark.parametrize("case", CURES)
def test_the_line_that_is_told_cures_when_it_is_written(case, workbook):
    heading, cells, filled = CURES[case]
    cells = [*cells[:-1], None]
    study = workbook(sheets(heading, cells))
    if case == "dates":  # a column without one good date stops the run, with the same line
        study = workbook(sheets(heading, [*cells[:-2], "2023-05-01", None]))
    (told,) = clean(study).last_lines
    lost = 11 - (case == "dates")
    assert f"{lost} of 11 values ({lost / 11:.1%})" in told
    line = re.search(
        r"(?:under (\[\w+\]): |set (\[source\]) )(.*?\}|.*?\"[^\"]*\"(?=$|[ ,]))", told
    )
    section, line = line[1] or line[2], line[3]
    for slot, word in filled.items():
        line = line.replace(slot, word)
    toml = study.folder / "study.toml"
    text = toml.read_text("utf-8")
    source = f"[source]\n{line}" if section == "[source]" else "[source]"
    text = text.replace("[source]", source) + (f"\n{section}\n{line}\n" * (section != "[source]"))
    toml.write_text(text, "utf-8")
    assert clean(Study.load(study.folder, study.root)).losses.empty


def test_the_primary_comes_first_and_the_lines_are_kept_for_the_end_of_the_run(workbook):
    visits = [["patient_id", "week", "pppasi", "dlqi"], *([one, 0, 9.5, 40] for one in IDS)]
    visits[1][2] = 80
    study = workbook(sheets("sex", ["f"] * 12, visits=visits))
    cleaned = clean(study)
    assert cleaned.losses[["field", "lost", "filled"]].values.tolist() == [
        ["pppasi", 1, 12],
        ["dlqi", 12, 12],
    ]
    store.write(cleaned, study)
    said = (study.derived / "last_lines.txt").read_text("utf-8").splitlines()
    assert [line.split(",")[0] for line in said] == [
        "Lost to queries: PPPASI",
        "Lost to queries: DLQI",
    ]


def test_a_heading_that_is_half_known_is_named_and_others_are_not(workbook):
    visits = [["patient_id", "week", "pppasi", "DLQI total score", "Nurse"], ["C-1", 0, 9, 3, "x"]]
    (told,) = clean(workbook(sheets("sex", ["f"] * 12, visits=visits))).last_lines
    assert told == (
        "Not used: the heading 'DLQI total score' (visits, column D); did you mean dlqi? Then "
        'write in study.toml, under [columns.visits]: dlqi = "DLQI total score"'
    )
