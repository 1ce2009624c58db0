"""Sentences on laboratory values, read off hand-made rows of 28 patients."""

import pandas as pd

from ppp import results
from ppp.laboratory import sentences


def test_ldl_is_told_by_bands_apart_from_ctcae(rows, study):
    told = str(sentences.lab_grades(rows, study))
    assert "LDL cholesterol in a higher ATP III band than at baseline: **2 of 28**" in told
    assert "grade ≥ 3: ALT 1 of 28" in told


def test_no_grade_that_rose_is_bounded_by_the_widest(rows, study):
    none = rows["outcome"].isin(["Haemoglobin", "Platelets"]) | (rows["analysis"] != "lab_grade")
    calm = rows[none & (rows["outcome"] != "Haemoglobin")]
    told = str(sentences.lab_grades(calm, study))
    assert "no patient in any of 1 test (n = 28; two-sided exact 95% upper limit 12.3%)" in told


def test_liver_says_what_was_missing(rows, study):
    lost = results.row("liver", "edish", "patients", float("nan"), note="bilirubin not recorded")
    told = str(sentences.liver(results.frame([lost]), study))
    assert told == "Hy’s law cannot be looked for: bilirubin not recorded."
    single = results.pick(rows, outcome="transaminase", level=[">3", ">10"])
    told = str(sentences.liver(pd.concat([single, results.frame([lost])]), study))
    assert told == (
        "Hy’s law cannot be looked for: bilirubin not recorded. ALT or AST > 3×ULN after "
        "baseline: **1 of 28** (3.6%; exact 95% CI 0.1% to 18.3%)."
    )


def test_liver_tells_potential_hys_law_and_higher_multiples_where_there_are_any(rows, study):
    told = str(sentences.liver(rows, study))
    assert told.startswith("Potential Hy’s law") and "no patient, **0 of 28**" in told
    assert "> 5×ULN 1 of 28 (3.6%; exact 95% CI 0.1% to 18.3%)." in told and "10×" not in told
    none = rows.assign(
        **{c: rows[c].mask(rows["outcome"] == "transaminase", 0) for c in ("estimate", "events")}
    )
    assert "after baseline: **0 of 28** (two-sided" in str(sentences.liver(none, study))


def test_laboratory_counts_those_within_limits_at_baseline(rows, study):
    assert str(sentences.laboratory(rows, study)) == (
        "Within the reference limits at baseline and outside them later: CK 5 of 27 and ALT 4 of "
        "28; no other test with limits left them in any patient."
    )
