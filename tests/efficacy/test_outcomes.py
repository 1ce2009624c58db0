"""Outcomes are data: any score as the primary endpoint, either direction, recorded or not."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ppp import levels, results
from ppp.efficacy.rows import change as efficacy
from ppp.efficacy.rows import missing_data, multiplicity, sensitivity
from ppp.estimators import imputation


@pytest.fixture(autouse=True)
def few_imputations(monkeypatch):
    """These tests ask which rows there are, and how two of them compare."""
    monkeypatch.setitem(imputation.impute.__kwdefaults__, "imputations", 10)


ABOUT = {"label": "", "unit": "", "codes": {}, "kind": "number", "analysis": "full"}


def everything(visits, patients, study, filled=None):
    filled = filled or missing_data.completed(visits, patients, study)
    change = efficacy.change(visits, patients, study)
    responder = efficacy.responder(visits, patients, study)
    parts = [
        change,
        responder,
        efficacy.longitudinal(visits, study),
        missing_data.change(filled, study),
        missing_data.responder(filled, study),
        missing_data.missing_pattern(visits, patients, study),
        sensitivity.sensitivity(filled, visits, patients, study),
        sensitivity.regression_to_mean(visits, patients, study),
        multiplicity.multiplicity(change, responder, study),
    ]
    return pd.concat(parts, ignore_index=True)


BETWEEN = ("balance", "detectable", "group_difference")  # one patient of gaps has SAPHO syndrome


def kinds(rows, study):
    """Analysis, statistic and rule for missing scores of the primary endpoint and its targets."""
    primary = study.endpoints.primary
    outcome = rows["outcome"].str.replace(rf"^{primary}\d*$", "primary", regex=True)
    rows = rows.assign(outcome=outcome)[outcome == "primary"]
    kinds = rows[["analysis", "statistic", "missing"]].itertuples(index=False, name=None)
    return {kind for kind in kinds if kind[0] not in BETWEEN}


@pytest.mark.slow
def test_easi_has_every_analysis_that_pppasi_has(gaps_run, easi_run):
    gaps, easi = (kinds(results.load(run.results), run.study) for run in (gaps_run, easi_run))
    of_pppasi_alone = {kind for kind in gaps if kind[0] in ("placebo", "part")}
    bands = {("band", "count", "observed"), ("band", "moved", "observed")}
    assert easi - bands == gaps - of_pppasi_alone


@pytest.mark.parametrize("primary", ["crp_mg_l", "pga", "dlqi", "nlr"])
def test_any_numeric_field_is_analysed_in_full_as_primary(primary, make_cohort, make_study):
    patients, visits = make_cohort(2)
    visits["nlr"] = visits["crp_mg_l"]
    nlr = '[extra.visits]\nnlr = { heading = "N", min = 0, max = 90 }\n'
    study = make_study(f"{nlr}[endpoints]\nprimary = '{primary}'\n")
    usual = kinds(everything(visits, patients, make_study()), make_study())
    targets = {("responder", "clopper_pearson", rule) for rule in ("observed", "nri")}
    targets |= {("responder", "wilson", rule) for rule in ("observed", "nri", "locf", "mi")}
    targets.add(("sensitivity", "binary_tipping", ""))
    targets.add(("change", "hodges_lehmann", "observed"))
    found = kinds(everything(visits, patients, study), study)
    assert found >= usual - targets
    assert primary == "pga" or found >= usual


@pytest.fixture
def mirrored(make_cohort, study):
    """One score, lower the better, and the same turned round, and a study of each as primary."""
    patients, visits = make_cohort(3)
    visits = visits.assign(low=visits["dlqi"], high=30 - visits["dlqi"])
    extra = {
        name: SimpleNamespace(**ABOUT, min=0.0, max=30.0, better=better, targets=targets)
        for name, better, targets in (
            ("low", "lower", "low_to: <= 9 | low_by: by 4"),
            ("high", "higher", "high_to: >= 21 | high_by: by 4"),
        )
    }
    study = replace(study, extra={"visits": extra})
    return patients, visits, {x: of_primary(study, x) for x in extra}


def of_primary(study, primary):
    return replace(study, endpoints=replace(study.endpoints, primary=primary))


def test_a_rise_is_the_improvement_of_a_score_that_is_better_higher(mirrored):
    patients, visits, studies = mirrored
    filled = missing_data.completed(visits, patients, studies["low"])
    scores, tables = filled["low"].scores, filled["low"].tables
    tables = replace(tables, values=30 - tables.values)
    filled["high"] = missing_data.Completed(30 - scores, tables)
    low, high = (
        results.pick(everything(visits, patients, study, filled), outcome=[x, f"{x}_to", f"{x}_by"])
        for x, study in studies.items()
    )
    turned = high.assign(outcome=high["outcome"].str.replace("high", "low"))
    key = ["analysis", "outcome", "week", "level", "missing", "statistic"]
    changes = ["mean_change", "hodges_lehmann", "mmrm_change", "tipping_curve"]
    same = ["wilson", "clopper_pearson", "binary_tipping", "tipping_point", "count"]
    same.append("explaining_correlation")
    for statistics, sign in ((changes, -1), (same, 1)):
        one, other = (results.pick(x, statistic=statistics).set_index(key) for x in (low, turned))
        assert one.index.equals(other.index) and len(one)
        np.testing.assert_allclose(sign * other["estimate"], one["estimate"], atol=1e-6)
        assert (one["n"] == other["n"]).all()
    point = results.one(turned, statistic="tipping_point")
    assert point["estimate"] > 0
    one, other = (results.pick(x, statistic="expected_change") for x in (low, turned))
    np.testing.assert_allclose(-other["estimate"], one["estimate"], atol=1e-9)
    means = [[levels.correlation_of(level)[1] for level in x["level"]] for x in (one, other)]
    np.testing.assert_allclose(means[0], 30 - np.array(means[1]))


def test_notes_say_what_a_score_that_is_better_higher_did(mirrored):
    patients, visits, studies = mirrored
    week = visits["week"]
    fallen = visits.assign(high=visits["high"].where(week == 0, visits["high"] / 4))
    filled = missing_data.completed(fallen, patients, studies["high"])
    rows = sensitivity.sensitivity(filled, fallen, patients, studies["high"])
    point = results.one(rows, outcome="high", statistic="tipping_point")
    assert point["note"] == "the score fell without any worsening" and point["estimate"] == 0
    rows = sensitivity.regression_to_mean(fallen, patients, studies["high"])
    row = results.one(rows, statistic="explaining_correlation")
    assert row["note"] == "the mean score did not rise"


def test_without_a_range_nothing_tips_and_nothing_bounds_a_rise(mirrored):
    patients, visits, studies = mirrored
    study = studies["high"]
    extra = {name: SimpleNamespace(**vars(x) | {"max": None}) for name, x in extras(study).items()}
    study = replace(study, extra={"visits": extra})
    rows = everything(visits, patients, study)
    for statistic in ("tipping_point", "explaining_correlation"):
        row = results.one(rows, outcome="high", statistic=statistic)
        assert np.isnan(row["estimate"]) and row["code"] == "no_range" and row["note"]


def extras(study):
    return study.extra["visits"]


@pytest.mark.parametrize("visits", [None, pd.DataFrame({"study_id": ["P01"], "week": [0]})])
def test_a_primary_endpoint_that_was_not_recorded_says_so(visits, study, make_study):
    patients = pd.DataFrame({"study_id": ["P01"]})
    rows = everything(visits, patients, study)
    assert rows["estimate"].isna().all()
    assert set(rows["note"]) == {"not recorded"} and set(rows["code"]) == {"not_recorded"}
    assert set(rows["analysis"]) == {"change", "responder", "longitudinal", "missing_pattern"}
    targets = [*(f"pppasi{k}" for k in (50, 75, 90, 100)), "pppasi_abs3", "pppasi_abs5"]
    assert set(rows["outcome"]) == {"pppasi", *targets}
    assert not rows.duplicated(results.KEY).any()
    assert everything(visits, patients, make_study("[endpoints]\nprimary = 'none'\n")).empty


@pytest.mark.parametrize("week", [0, 12, None])
def test_a_primary_endpoint_that_nobody_has_is_not_recorded(week, make_cohort, study):
    patients, visits = make_cohort(1)
    here = visits["week"].eq(week) | (week is None)
    rows = everything(visits.assign(pppasi=visits["pppasi"].mask(here)), patients, study)
    change = results.pick(rows, outcome="pppasi", week=12, statistic="mean_change")
    assert change["estimate"].isna().all()
    said = results.one(change, missing="observed")
    assert said["code"] == "not_recorded" and "not recorded at week" in said["note"]
    counted = results.pick(rows, outcome="pppasi50", week=12)
    assert (counted["estimate"].isna() | (counted["n"] == 0)).all()
    assert not len(results.pick(rows, analysis="multiplicity", outcome="pppasi", week=12))


def test_codes_say_what_notes_say(make_cohort, study):
    rows = everything(*reversed(make_cohort(1)), study)
    for word, code in (("carried forward", "carried"), ("imputed", "imputed")):
        filled = results.pick(rows, analysis="responder", missing=["locf", "mi"])
        noted = filled["note"].str.contains(word)
        assert noted.any() and (noted == (filled["code"] == code)).all()
    tests = results.pick(rows, analysis="multiplicity", outcome="pga01")
    assert tests["code"].tolist() == ["estimation"]
