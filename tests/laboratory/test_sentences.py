"""Sentences on laboratory values, read off hand-made rows of 28 patients."""

import pandas as pd

from ppp import results
from ppp.estimators.proportions import clopper_pearson
from ppp.laboratory import sentences


def test_liver_says_what_was_missing(rows, study):
    lost = results.row("liver", "edish", "patients", float("nan"), note="bilirubin not recorded")
    told = str(sentences.liver(results.frame([lost]), study))
    assert told == "Hy’s law cannot be assessed: bilirubin not recorded."
    single = results.pick(rows, outcome="transaminase", level=[">3", ">10"])
    told = str(sentences.liver(pd.concat([single, results.frame([lost])]), study))
    assert told == (
        "Hy’s law cannot be assessed: bilirubin not recorded. ALT or AST > 3 × ULN: "
        "**1 of 28** (3.6%; exact 95% CI 0.1% to 18.3%)."
    )


def test_nobody_worse_is_bounded_by_the_widest_limit(rows, study):
    calm = rows[rows["outcome"].isin(["Platelets"]) & (rows["analysis"] == "lab_grade")]
    told = str(sentences.graded(calm, study))
    assert "none in 1 test (n = 28; up to 12.3%); none to grade ≥ 3" in told


def test_liver_tells_potential_hys_law_and_higher_multiples_where_there_are_any(rows, study):
    told = str(sentences.liver(rows, study))
    assert told.startswith("Potential Hy’s law") and ": **0 of 28** (0.0%; exact" in told
    assert "> 5 × ULN: 1 of 28 (3.6%; exact 95% CI 0.1% to 18.3%)." in told and "10 ×" not in told
    assert "Bilirubin > 2 × ULN: **0 of 28**" in told


def test_limits_are_told_of_tests_without_a_grade(rows, study):
    """ALT has a grade; CK and bilirubin have none among these rows."""
    assert str(sentences.laboratory(rows, study)) == (
        "From within the reference limits at baseline to outside them later: CK 5 of 27."
    )


def test_a_rise_of_ldl_cholesterol_is_told_though_it_has_no_ctcae_grade(rows, study):
    where = {"n": 27, "events": 9, "code": "atp"}
    bands = results.row("lab_grade", "LDL cholesterol", "worse", 1 / 3, **where)
    bands |= {"ci_low": 0.165, "ci_high": 0.54, "ci_level": 0.95}
    told = str(sentences.graded(pd.concat([rows, results.frame([bands])]), study))
    assert "Higher ATP III band than at baseline" in told
    assert "**LDL cholesterol 9 of 27** (33.3%; exact 95% CI 16.5% to 54.0%)." in told


def test_tests_of_one_count_are_all_named_or_none_and_small_ones_are_counted(study):
    """Worse in 6, 4, 3, 3, 3 of 27 and 2 of 2: the tie of three would pass the limit of four."""
    counts = {"CK": (6, 27), "ALT": (4, 27), "AST": (3, 27), "HB": (3, 27), "PLT": (3, 27)}
    rows = results.frame(
        results.row("lab_grade", test, "worse", clopper_pearson(k, n), code="ctcae")
        for test, (k, n) in (counts | {"TG": (2, 2)}).items()
    )
    severe = rows.head(1).assign(statistic="worse_grade3", events=0, estimate=0.0)
    told = str(sentences.graded(pd.concat([rows, severe]), study))
    assert "CK 6 of 27" in told and "ALT 4 of 27 and 4 further tests" in told
    assert "AST" not in told and "TG" not in told
