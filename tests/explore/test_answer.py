"""What the panel, a profile and a view taken along show is what the library gives."""

import re
import time
from dataclasses import replace

import numpy as np
import papermill
import pytest

from ppp.explore import answer, panel, profile, take
from ppp.explore import choice as explore
from ppp.study import ROOT


@pytest.fixture
def first(demo):
    return explore.first_choice(*demo)


def test_the_sentence_says_the_views_numbers(demo, first):
    asked = replace(first, week=8, value=60, cuts={"sex": "female"})
    view = explore.view(*demo, asked)
    said = answer.sentence(view, *demo)
    events, n = view.clopper_pearson.events, view.clopper_pearson.n
    how = "missing counted as no response"
    assert said.startswith(f"Sex: female; week 8, PPPASI-60 ({how}): {events} of {n} (")
    assert f"{-view.change.estimate:.2f} ({-view.change.ci_low:.2f}" in said.replace("−", "")


def test_the_table_has_both_intervals_and_no_test_below_ten(demo, first):
    ages = demo[0].patients["age_years"].sort_values().to_list()
    for patients, tests in ((28, 2), (7, 0)):
        view = explore.view(*demo, replace(first, cuts={"age_years": [0, ages[patients - 1]]}))
        table = answer.table(view, *demo).frame
        assert table["n"].iloc[0] == f"{len(view.ids)} of 28"
        assert f"{100 * view.wilson.ci_low:.1f} to" in table.iloc[4, 3]
        assert f"{100 * view.clopper_pearson.ci_low:.1f} to" in table.iloc[3, 3]
        assert table["p"].isin(["", "–"]).sum() == 5 - tests
    few = explore.view(*demo, replace(first, query="study_id in ['P01', 'P02']"))
    assert len(few.ids) == 2
    shown = answer.table(few, *demo).frame
    assert list(shown.iloc[:, 0]) == list(few.ids) and "95% interval" not in shown


def test_what_the_widgets_hold_becomes_the_choice(demo, first):
    offered = explore.cuts(*demo)
    wide = {cut.name: (cut.low, cut.high) if cut.kind == "number" else "" for cut in offered}
    fields = {name: getattr(first, name) for name in vars(first) if name != "cuts"}
    assert panel.asked(fields | wide, offered) == first
    held = fields | wide | {"sex": "female", "age_years": (20.0, 40.0), "week": 8}
    assert panel.asked(held, offered) == replace(
        first, week=8, cuts={"sex": "female", "age_years": [20.0, 40.0]}
    )


def test_the_widgets_answer_each_question_and_count_them(demo, demo_run):
    box = panel.questions(*demo)
    controls, shown = box.children[0], box.children[1]
    named = {one.description: one for column in controls.children for one in column.children}
    assert "1 question looked at" in shown.value
    for label, value in (("Sex", "female"), ("Week", 8), ("Threshold", 60.0), ("Threshold", 60.0)):
        named[label].value = value
    view = explore.view(*demo, explore.Choice("pppasi", 8, "nri", value=60, cuts={"sex": "female"}))
    assert "4 questions looked at" in shown.value
    assert answer.sentence(view, *demo) in shown.value
    named["Query"].value = "nonsense >"
    assert "cannot be read" in shown.value
    named["Query"].value = ""
    named["Outcome"].value = "dlqi"
    assert named["Threshold"].value == explore.default_target("dlqi", demo[1])["value"]


def test_a_choice_is_answered_at_once(demo, first):
    def seconds():
        begun = time.process_time()
        panel.said(*demo, replace(first, week=8), 1)
        return time.process_time() - begun

    assert min(seconds() for _ in range(5)) < 0.3


def test_ten_thousand_patients_are_answered_in_two_seconds(demo, make_cohort, first):
    data, study = demo
    patients, visits = make_cohort(1, n=10_000)
    many = replace(data, patients=patients, visits=visits, adverse_events=None, labs=None)
    begun = time.process_time()
    panel.said(many, study, replace(first, cuts={"sex": "female"}), 1)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("cohort", ["demo", "gaps"])
def test_a_profile_shows_the_patients_scores_and_no_date(request, cohort):
    data, study = request.getfixturevalue(cohort)
    for who in data.patients["study_id"][:3]:
        figure = profile.figure(data, study, who)
        own = data.visits[data.visits["study_id"] == who].set_index("week")["pppasi"].dropna()
        week = own.index[-1]
        assert f"{own[week]:g} at week {week}" in figure.alt
        assert who in figure.caption
        assert not re.search(r"\b(19|20)\d\d\b", figure.alt + re.sub(r'"[^"]*"', "", figure.svg))
        if data.adverse_events is not None:
            events = data.adverse_events[data.adverse_events["study_id"] == who]
            assert ("No adverse event" in figure.alt) or any(
                term in figure.alt for term in events["term"]
            )


def test_a_view_taken_along_runs_to_the_same_numbers(demo, first, tmp_path):
    data, study = demo
    asked = replace(
        first, week=8, value=60.0, missing="locf", cuts={"sex": "female"}, query="age_years > 25"
    )
    files = take.write(data, study, asked, tmp_path)
    again = take.write(data, study, asked, tmp_path)
    assert [file.suffix for file in files] == [".ipynb", ".svg", ".png"]
    assert not set(files) & set(again) and all(file.stat().st_size for file in files)
    ran = papermill.execute_notebook(str(files[0]), None, progress_bar=False)
    given = next(c for c in ran.cells if "parameters" in c.metadata.get("tags", []))
    assert "week = 8" in given.source and "cuts = {'sex': 'female'}" in given.source
    view = explore.view(data, study, asked)
    texts = [out for c in ran.cells for out in c.get("outputs", [])]
    assert texts[1]["text"].strip() == answer.sentence(view, data, study)
    assert texts[2]["data"]["text/plain"] == answer.table(view, data, study).to_text()
    moved = papermill.execute_notebook(
        str(files[0]), None, parameters={"week": 12}, progress_bar=False
    )
    other = answer.sentence(explore.view(data, study, replace(asked, week=12)), data, study)
    assert (
        next(o for c in moved.cells for o in c.get("outputs", []) if "text" in o)["text"].strip()
        == other
    )
    assert np.isfinite(view.change.estimate)


def test_the_notebook_runs_from_top_to_bottom(demo):
    study = demo[1]
    places = {"cohort": "data/demo", "output": str(study.root)}
    ran = papermill.execute_notebook(
        str(ROOT / "notebooks/explore.ipynb"), None, parameters=places, progress_bar=False
    )
    outputs = [out for c in ran.cells for out in c.get("outputs", [])]
    assert {out["output_type"] for out in outputs} == {"execute_result"} and len(outputs) == 4
