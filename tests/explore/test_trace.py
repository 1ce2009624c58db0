"""A number is made of the cells that its trace gives, and of no others."""

from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from ppp import results
from ppp.data import store
from ppp.efficacy.rows import change
from ppp.explore import panel, trace
from ppp.explore.lineage import feeds

from .blanking import blanked, by_set, moved, rows_of

NOTEBOOKS = [
    "02_descriptives",
    "03_efficacy",
    "04_safety",
    "05_sapho_subgroup",
    "06_published_figures",
]
PUBLISHED = {"audit", "placebo"}  # made of a paper's figures, not of patients


@pytest.fixture(scope="module")
def rows(demo_run):
    return results.load(demo_run.results)


@pytest.fixture
def find(rows, demo):
    """The row that fits and its traced cells, as numbers where they are."""

    def find(**where):
        row = results.one(rows, **where)
        cells = trace.of_row(row, *demo)
        return row, cells.assign(number=pd.to_numeric(cells["raw"], errors="coerce"))

    return find


@pytest.mark.recompute
@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_no_value_outside_the_trace_moves_a_row(notebook, demo):
    data, study = demo
    for marks, rows in by_set(rows_of(notebook, data, study), data, study):
        if not any(mark.any(axis=None) for mark in marks.values()):
            assert set(rows["analysis"]) <= PUBLISHED
            continue
        again = rows_of(notebook, blanked(data, marks), study)
        assert moved(rows, again).empty, moved(rows, again)


def test_no_score_outside_the_trace_moves_a_change(demo):
    data, study = demo
    about = {"missing": "observed", "week": 8}
    whole = results.pick(change.change(data.visits, data.patients, study), **about)
    whole = whole.assign(notebook="")
    assert len(whole) > 20
    for marks, rows in by_set(whole, data, study):
        less = blanked(data, marks)
        again = change.change(less.visits, less.patients, study).assign(notebook="")
        assert moved(rows, again).empty


def test_a_value_inside_the_trace_moves_it(demo):
    data, study = demo
    whole = change.change(data.visits, data.patients, study).assign(notebook="")
    mean = results.pick(
        whole, outcome="pppasi", week=8, statistic="mean_change", missing="observed"
    )
    marks = feeds(mean.iloc[0], data, study)
    line = marks["visits"].index[marks["visits"]["pppasi"]][0]
    marks["visits"].loc[line, "pppasi"] = False
    less = blanked(data, marks)
    again = change.change(less.visits, less.patients, study).assign(notebook="")
    assert len(moved(mean, again)) == 1


def test_the_traced_cells_are_in_the_workbook_word_for_word(demo, demo_run):
    listed, queries, _ = store.cells(demo_run.study)
    book = openpyxl.load_workbook(demo_run.study.source.path, data_only=True)
    for row in listed.sample(400, random_state=1).itertuples():
        held = book[row.sheet][row.cell].value
        assert row.raw in (str(held), f"{held:g}" if isinstance(held, (int, float)) else "")
    assert set(listed["sheet"]) | set(queries["sheet"]) <= set(book.sheetnames) | {""}


def scores(cells, field):
    of = cells[cells["field"].eq(field)].drop_duplicates("cell").copy()
    return of.pivot(index="study_id", columns="week", values="number")


def test_the_cells_give_the_mean_change_again(find):
    row, cells = find(
        analysis="change",
        outcome="pppasi",
        week=12,
        group="all",
        missing="observed",
        statistic="mean_change",
        notebook="03_efficacy",
    )
    typed = scores(cells, "pppasi")
    assert set(typed) == {0, 12}
    assert (typed[12] - typed[0]).mean() == pytest.approx(row["estimate"], abs=0.02)
    assert row["n"] == len(typed) == 28


def test_the_cells_give_the_responders_of_a_group_again(find, demo):
    row, cells = find(
        analysis="responder",
        outcome="pppasi75",
        week=12,
        group="sapho=yes",
        missing="observed",
        statistic="wilson",
    )
    group = cells[cells["field"] == "sapho"].drop_duplicates("cell")
    assert len(group) == len(demo[0].patients)
    typed = scores(cells, "pppasi")
    assert set(typed.index) == set(group.loc[group["value"] == "yes", "study_id"])
    assert (typed[12] <= 0.25 * typed[0] + 1e-9).sum() == row["events"]
    assert len(typed) == row["n"]


def test_the_cells_give_a_mean_age_and_a_count_again(find):
    row, cells = find(analysis="summary", outcome="age_years", group="all", statistic="mean")
    ages = cells[cells["field"] == "age_years"].drop_duplicates("cell")
    assert ages["value"].astype(float).mean() == pytest.approx(row["estimate"])
    assert ages["number"].dropna().isin(ages["value"].astype(float)).all()
    row, cells = find(
        analysis="count", outcome="sex", group="all", level="female", statistic="count"
    )
    sexes = cells[cells["field"] == "sex"]
    assert (sexes["value"] == "female").sum() == row["estimate"]
    assert sexes["raw"].isin(["女", "F", "female", "f", "Female", "男", "M", "male"]).any()


def test_the_cells_give_a_laboratory_median_and_the_events_again(find):
    row, cells = find(analysis="lab_value", outcome="ALT", statistic="median", week=12)
    tests = cells[(cells["field"] == "value") & (cells["week"] == 12)]
    assert tests["number"].median() == row["estimate"] and len(tests) == row["n"]
    row, cells = find(
        analysis="adverse_event",
        outcome="any",
        group="all",
        level="",
        statistic="patients",
        population="all",
    )
    terms = cells[cells["field"] == "term"]
    assert terms["study_id"].nunique() >= row["events"] > 0


def test_a_query_is_told_beside_its_cell(demo, rows):
    data, study = demo
    cells = trace.of_value(data, study, "visits", "pppasi", "P03")
    assert {"pppasi", "left_sole_area"} <= set(cells["field"])
    asked = results.pick(rows, analysis="query", outcome="age_years").iloc[0]
    told = trace.of_row(asked, data, study)
    assert len(told) and told["query"].str.contains(asked["level"]).all()
    assert told["cell"].str.contains("!").all()


def test_every_row_of_patients_can_be_traced_in_the_panel(rows, demo):
    data, study = demo
    for _, row in rows.drop_duplicates("analysis").iterrows():
        cells = trace.of_row(row, data, study)
        assert cells.empty == (row["analysis"] in PUBLISHED), row["analysis"]
        assert trace.shown(cells).to_html()
    chosen = {"analysis": "change", "outcome": "dlqi", "week": "8"}
    options, left = panel.narrowed(panel.result_rows(study), chosen)
    assert set(left["outcome"]) == {"dlqi"} and set(options["week"]) == {"4", "8", "12"}


def test_a_score_made_of_its_parts_is_traced_to_them(gaps):
    data, study = gaps
    seen = data.visits.dropna(subset="dlqi").iloc[0]
    cells = trace.of_value(data, study, "visits", "dlqi", seen["study_id"])
    items = cells[cells["week"] == seen["week"]].drop_duplicates("field")
    assert set(items["field"]) == {f"dlqi_{item}" for item in range(1, 11)}
    assert pd.to_numeric(items["raw"]).sum() == seen["dlqi"]
    alone = replace(data, adverse_events=None, labs=None)
    row = change.change(data.visits, data.patients, study).iloc[0]
    assert set(feeds(row, alone, study)) == {"patients", "visits"}
