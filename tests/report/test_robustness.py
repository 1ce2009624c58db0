"""Tables and sentences on the method, missing values, single patients, many tests and groups."""

import re

import pandas as pd
import pytest

from ppp import results
from ppp.estimators.estimate import Estimate
from ppp.report import sentences, tables

TABLES = [
    "ancova",
    "detectable",
    "leave_one_out",
    "missing_patterns",
    "multiplicity",
    "responder_rules",
    "sensitivity",
]
SENTENCES = [
    "ancova",
    "detectable",
    "influence",
    "missing_rule",
    "multiplicity",
    "regression_to_mean",
    "robustness",
    "tipping",
]
BAD = re.compile(r"\b(nan|inf|NaN|None|<NA>)\b")
FORBIDDEN = re.compile(
    r"no difference|similar|equally effective|p ?= ?NS|treatment effect|proved|significant", re.I
)
WEEK = {"week": 12, "missing": "observed"}


def estimate(x, low=None, high=None, **more):
    nan = float("nan")
    level = nan if low is None else 0.95
    return Estimate(x, nan if low is None else low, nan if high is None else high, level, **more)


@pytest.fixture
def all_rows(rows):
    made = [*_changes(), *_sensitivity(), *_patterns(), *_tests(), *_regression(), *_groups()]
    return pd.concat([rows, results.frame(made)], ignore_index=True)


def _changes():
    for rule, x, note in (("locf", -8.0, "1 carried forward"), ("mi", -8.2, "1 of 28 imputed")):
        value = estimate(x, x - 1, x + 1, n=28, note=note)
        yield results.row("change", "pppasi", "mean_change", value, week=12, missing=rule)
        share = estimate(0.72, 0.53, 0.85, n=28, events=20 if rule == "locf" else None, note=note)
        yield results.row("responder", "pga01", "wilson", share, week=12, missing=rule)
    intercept = estimate(-8.1, -8.9, -7.3, n=28)
    yield results.row("longitudinal", "pppasi", "random_intercept_change", intercept, **WEEK)


def _sensitivity():
    for statistic, value in {
        "wilcoxon_pratt": estimate(0.0, n=27, p_value=1e-8),
        "sign_test": estimate(0.0, 0.0, 0.128, n=27, events=0, p_value=1e-8),
        "g_av": estimate(-3.85, -4.9, -3.0, n=27),
        "log_ratio": Estimate(n=27, note="1 with a score of 0, which has no logarithm"),
    }.items():
        yield results.row("sensitivity", "pppasi", statistic, value, **WEEK)
    extremes = {
        "estimate_min": -8.5,
        "estimate_max": -8.1,
        "ci_low_min": -9.6,
        "ci_high_max": -6.9,
        "p_max": 2e-7,
    }
    for level, x in extremes.items():
        yield results.row("sensitivity", "pppasi", "leave_one_out", x, level=level, n=27, **WEEK)
    without = estimate(-8.1, -9.1, -7.1, n=26)
    yield results.row("sensitivity", "pppasi", "most_influential", without, level="P07", **WEEK)
    point = estimate(37.5, n=28, note="1 imputed scores worsened")
    yield results.row("sensitivity", "pppasi", "tipping_point", point, week=12, missing="mi")
    for more in (0, 1):
        share = estimate((20 + more) / 28, 0.5 + more / 28, 0.85, n=28, events=20 + more)
        yield results.row("sensitivity", "pga01", "binary_tipping", share, level=str(more), week=12)


def _patterns():
    for level, k in (("●●●●", 24), ("●●○●", 3), ("●●●○", 1)):
        yield results.row("missing_pattern", "pppasi", "count", k, level=level, n=28, events=k)


def _tests():
    nan = float("nan")
    fixed = (("pppasi", 7e-9, ""), ("pga01", nan, "estimation only"), ("dlqi", 0.02, ""))
    for place, (outcome, p, note) in enumerate(fixed, start=1):
        yield results.row(
            "multiplicity",
            outcome,
            "fixed_sequence",
            nan,
            week=12,
            p_value=p,
            level=str(place),
            note=note,
        )
    yield results.row("multiplicity", "pga", "holm", nan, week=8, p_value=0.04, level="1", n=26)
    yield results.row("multiplicity", "pga", "holm", nan, week=4, note="no p-value, not counted")


def _regression():
    bound = estimate(0.401, n=27)
    yield results.row("regression_to_mean", "pppasi", "explaining_correlation", bound, **WEEK)
    yield results.row(
        "regression_to_mean", "pppasi", "expected_change", -4.158, level="ρ=0.7, μ=0", n=27, **WEEK
    )


def _groups():
    where = {"group": "sapho=yes-no"} | WEEK
    adjusted, slope = estimate(-0.5, -1.6, 0.5, n=27), estimate(-0.12, -0.56, 0.32, n=27)
    yield results.row("group_difference", "pppasi", "ancova", adjusted, **where)
    yield results.row("group_difference", "pppasi", "ancova_interaction", slope, **where)
    for level, x in (("80%", 1.22), ("90%", 1.41)):
        for outcome, scale in (("sd_units", 1), ("pppasi", 2)):
            value = estimate(x * scale, n=28)
            yield results.row(
                "detectable", outcome, "minimum_detectable_difference", value, level=level, **where
            )
        for side, share in (("below", 0.13), ("above", float("nan"))):
            value = estimate(share, n=28, note="against 14 of 20 in sapho=no")
            yield results.row(
                "detectable",
                "pga01",
                "detectable_proportion",
                value,
                level=f"{level} {side}",
                **where,
            )


@pytest.mark.parametrize("name", TABLES)
def test_every_table_renders_from_rows_and_from_no_rows(name, all_rows, empty, study):
    make = getattr(tables, name)
    full, blank = make(all_rows, study), make(empty, study)
    for table in (full, blank):
        shown = table.to_html() + table.to_text()
        assert not BAD.search(shown) and not FORBIDDEN.search(shown)
    assert len(full.frame) and not len(blank.frame) and blank.empty in blank.to_html()


@pytest.mark.parametrize("name", TABLES)
def test_every_table_copes_with_what_cannot_be_estimated(name, all_rows, study):
    hollow = dict.fromkeys(["estimate", "ci_low", "ci_high", "ci_level", "p_value"], float("nan"))
    rows = all_rows.assign(**hollow, note="fewer than 3 patients")
    shown = getattr(tables, name)(rows, study).to_text()
    assert not BAD.search(shown)


@pytest.mark.parametrize("name", SENTENCES)
def test_no_sentence_claims_too_much_or_shows_nan(name, all_rows, empty, study):
    tell = getattr(sentences, name)
    hollow = dict.fromkeys(["estimate", "ci_low", "ci_high", "ci_level", "p_value"], float("nan"))
    for rows in (all_rows, empty, all_rows.assign(**hollow), all_rows.assign(**hollow, note="why")):
        told = str(tell(rows, study))
        assert told and not BAD.search(told) and not FORBIDDEN.search(told)


@pytest.mark.parametrize("name", [n for n in SENTENCES if n != "multiplicity"])
def test_every_sentence_takes_its_numbers_from_its_rows(name, all_rows, study):
    tell = getattr(sentences, name)
    moved = {c: all_rows[c] + 1 for c in ("estimate", "ci_low", "ci_high", "n", "events")}
    assert str(tell(all_rows.assign(**moved), study)) != str(tell(all_rows, study))


def test_sensitivity_sets_the_rules_for_missing_values_beside_each_other(all_rows, study):
    table = tables.sensitivity(all_rows, study)
    means = table.frame[table.frame["what"] == "Mean change, paired t"]
    assert means["rule"].tolist() == [
        "observed",
        "last value carried forward",
        "multiple imputation",
    ]
    assert means["value"].tolist() == [
        "−8.30 (−9.40 to −7.20)",
        "−8.00 (−9.00 to −7.00)",
        "−8.20 (−9.20 to −7.20)",
    ]
    assert "Ratio to baseline, geometric mean: 1 with a score of 0, which has no logarithm." in (
        table.notes
    )
    assert "Mean change, paired t, multiple imputation: 1 of 28 imputed." in table.notes


def test_robustness_ranges_over_all_mean_changes_worked_by_hand(all_rows, study):
    told = str(sentences.robustness(all_rows, study))
    assert "Over 6 analyses" in told and "between **−8.30** and **−8.00** points" in told
    assert "all of them below 0, reach from −9.40 to −7.00" in told


def test_an_interval_that_holds_zero_is_said(all_rows, study):
    at = all_rows["statistic"] == "mmrm_change"
    told = str(
        sentences.robustness(all_rows.assign(ci_high=all_rows["ci_high"].mask(at, 1)), study)
    )
    assert "at least one of which includes 0" in told


def test_responders_by_rule_have_the_least_and_the_most(all_rows, study):
    line = tables.responder_rules(all_rows, study).frame.iloc[0]
    assert line["nri"].startswith("20/28, 71.4") and line["mi"] == "72.0 [53.0 to 85.0]"
    assert line["most"].startswith("21/28, 75.0")
    told = str(sentences.binary_tipping(all_rows, study, "pga01"))
    assert "**20 of 28** (71.4%" in told and "**21 of 28** (75.0%" in told


def test_missing_patterns_add_up_to_the_gaps_at_the_primary_week(all_rows, study):
    table = tables.missing_patterns(all_rows, study)
    assert table.frame["patients"].tolist() == ["24 (85.7%)", "3 (10.7%)", "1 (3.6%)"]
    told = str(sentences.missing_rule(all_rows, study))
    assert "**24 of 28** patients" in told and "at week 12 it is missing in 1." in told


def test_nothing_missing_is_said_to_make_all_rules_agree(study):
    rows = results.frame(
        [results.row("missing_pattern", "pppasi", "count", 28, level="●●●●", n=28, events=28)]
    )
    told = str(sentences.missing_rule(rows, study))
    assert "every rule for missing values gives the same numbers" in told


def test_influence_names_the_study_id(all_rows, study):
    told = str(sentences.influence(all_rows, study))
    assert "**P07**; without that one the mean change is −8.10 (−9.10 to −7.10)" in told
    assert tables.leave_one_out(all_rows, study).frame["value"].tolist() == [
        "−8.50",
        "−8.10",
        "−9.60",
        "−6.90",
        "<0.001",
    ]


def test_tipping_point_or_why_there_is_none(all_rows, study):
    assert "were **37.5** points worse" in str(sentences.tipping(all_rows, study))
    none = Estimate(note="not applicable: no score was imputed")
    rows = results.frame([results.row("sensitivity", "pppasi", "tipping_point", none, week=12)])
    assert "not applicable: no score was imputed" in str(sentences.tipping(rows, study))


def test_multiplicity_sets_the_estimate_beside_each_p(all_rows, study):
    table = tables.multiplicity(all_rows, study)
    first = table.frame.iloc[0]
    assert (first["place"], first["estimate"]) == ("1", "−8.25 (−9.30 to −7.10)")
    assert (first["p"], first["adjusted"]) == ("<0.001", "<0.001")
    assert "PGA 0/1, week 12: estimation only." in table.notes
    told = str(sentences.multiplicity(all_rows, study))
    assert "PPPASI, then PGA 0/1 (estimated only), then DLQI" in told
    assert "other 1 signed-rank p-value (" in told


def test_regression_to_the_mean_says_what_it_does_not_exclude(all_rows, study):
    told = str(sentences.regression_to_mean(all_rows, study))
    assert "**0.40** or less" in told and "a fall of 4.16 points at most" in told
    for left in ("natural course", "other treatment", "unblinded scoring", "selection"):
        assert left in told


def test_a_sign_that_turns_with_the_adjustment_is_said(all_rows, study):
    told = {}
    for sign in (1, -1):
        at = all_rows["statistic"] == "ancova"
        rows = all_rows.assign(estimate=all_rows["estimate"].mask(at, 0.5))
        at = (rows["analysis"] == "group_difference") & (rows["statistic"] == "welch")
        rows = rows.assign(estimate=rows["estimate"].mask(at, 0.73 * sign))
        told[sign] = str(sentences.ancova(rows, study))
    assert "other sign (−0.73)" in told[-1]
    assert "other sign" not in told[1]


def test_interaction_is_compatible_with_and_not_informative(all_rows, study):
    told = str(sentences.ancova(all_rows, study))
    assert "compatible with differences from −1.60 to 0.50 points" in told
    assert "not informative about equality" in told
    assert "compatible with differences of slope from −0.56 to 0.32" in told


def test_detectable_difference_names_groups_and_power(all_rows, study):
    told = str(sentences.detectable(all_rows, study))
    assert "**1.22** SD (2.44 points) with 80% power" in told
    table = tables.detectable(all_rows, study)
    assert table.frame["80%"].tolist() == ["1.22", "2.44", "13.0%", "–"]
    assert any("against 14 of 20 without SAPHO" in note for note in table.notes)
    assert "sapho=no" not in table.to_text()


def test_fallback_to_compound_symmetry_is_said(rows, study):
    at = rows["statistic"] == "mmrm_change"
    other = rows.assign(method=rows["method"].mask(at, "MMRM, compound symmetry, REML"))
    assert "did not converge" in str(sentences.longitudinal(other, study))
    assert "did not converge" not in str(sentences.longitudinal(rows, study))


def test_coverage_shortfall_is_said_as_simulated(study):
    short = pd.DataFrame(
        {
            "statistic": "mean_change_bca",
            "outcome": "change",
            "quantity": "coverage",
            "scores": ["normal", "skewed"],
            "n": 28,
            "nominal": 0.95,
            "found": [0.938, 0.916],
        }
    )
    assert str(sentences.coverage(short, study)) == (
        "In simulation the 95% BCa bootstrap interval of the mean change held the true value in "
        "93.8% for normal and 91.6% for skewed scores at n = 28."
    )
    assert "no interval shown here fell short" in str(sentences.coverage(short.head(0), study))


def test_kept_simulation_is_read_as_it_is(study):
    from ppp.efficacy.rows import coverage

    told = str(sentences.coverage(coverage.shortfalls("mean_change_bca", 28), study))
    assert told.startswith("In simulation the 95% BCa bootstrap interval") and "n = 28" in told
