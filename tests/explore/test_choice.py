"""A question to a cohort, answered as by hand."""

from dataclasses import replace

import numpy as np
import pytest

from ppp.errors import StudyError
from ppp.estimators import paired, proportions
from ppp.explore import choice as explore


def test_the_first_question_is_the_plans(demo, demo_run):
    data, study = demo
    from ppp import results

    view = explore.view(data, study, explore.first_choice(data, study))
    rows = results.load(demo_run.results)
    about = {"outcome": "pppasi", "week": 12, "missing": "observed", "group": "all"}
    change = results.first(rows, analysis="change", statistic="mean_change", **about)
    about["outcome"] = "pppasi50"
    share = results.first(rows, analysis="responder", statistic="clopper_pearson", **about)
    assert vars(view.change)["ci_low"] == pytest.approx(change["ci_low"], abs=1e-12)
    assert view.clopper_pearson.events == share["events"] == 24
    assert view.clopper_pearson.ci_high == pytest.approx(share["ci_high"], abs=1e-12)


def test_women_at_week_8_by_hand(demo):
    data, study = demo
    women = data.patients.loc[data.patients["sex"] == "female", "study_id"]
    scores = data.visits[data.visits["study_id"].isin(women)].pivot(
        index="study_id", columns="week", values="pppasi"
    )
    both = scores[[0, 8]].dropna()
    asked = explore.Choice("pppasi", 8, value=60, cuts={"sex": "female"})
    view = explore.view(data, study, asked)
    assert len(view.ids) == 18
    assert view.clopper_pearson == proportions.clopper_pearson(
        int((both[8] <= 0.4 * both[0] + 1e-9).sum()), len(both)
    )
    assert view.change == paired.mean_change(both[0], both[8])


def test_missing_values_by_each_rule(gaps):
    data, study = gaps
    asked = explore.first_choice(data, study)
    shown = {
        rule: explore.view(data, study, replace(asked, missing=rule)) for rule in explore.MISSING
    }
    observed, nri, locf = (shown[rule].clopper_pearson for rule in explore.MISSING)
    assert observed.events == nri.events and observed.n < nri.n == locf.n
    assert shown["nri"].change.estimate == shown["observed"].change.estimate
    assert shown["locf"].change.n > shown["observed"].change.n


def test_below_ten_no_test_below_five_no_percentage_below_three_only_counts(demo):
    data, study = demo
    asked = explore.first_choice(data, study)
    ages = data.patients["age_years"].sort_values().to_list()
    for patients in (28, 9, 4, 2):
        cuts = {"age_years": [0, ages[patients - 1]]}
        view = explore.view(data, study, replace(asked, cuts=cuts))
        n = view.change.n
        assert np.isnan(view.change.p_value) == np.isnan(view.signed_rank.p_value) == (n < 10)
        assert np.isnan(view.change.estimate) == (n < 3)
        assert np.isnan(view.clopper_pearson.ci_low) == (view.clopper_pearson.n < 5)


def test_a_query_and_what_cannot_be_asked(demo):
    data, study = demo
    asked = explore.first_choice(data, study)
    young = replace(asked, query="age_years < 30 and baseline_pppasi > 12")
    table = explore.table(data, study)
    expected = table[(table["age_years"] < 30) & (table["baseline_pppasi"] > 12)].index
    assert list(explore.view(data, study, young).ids) == list(expected)
    for wrong in (
        {"query": "height > 3"},
        {"query": "age_years <"},
        {"cuts": {"height": [1, 2]}},
        {"week": 0},
        {"outcome": "age_years"},
        {"missing": "mi"},
    ):
        with pytest.raises(StudyError):
            explore.view(data, study, replace(asked, **wrong))
