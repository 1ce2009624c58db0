import pandas as pd
import pytest

from ppp import results
from ppp.efficacy import caveats, sentences
from ppp.efficacy.rows import drawn
from ppp.estimators.estimate import Estimate

OF_ROWS = [
    "binary_tipping",
    "change",
    "effect_size",
    "influence",
    "key_results",
    "location",
    "longitudinal",
    "missing_rule",
    "percent_change",
    "regression_to_mean",
    "responses",
    "robustness",
    "thresholds",
    "tipping",
]
HOLLOW = dict.fromkeys(["estimate", "ci_low", "ci_high", "ci_level", "p_value"], float("nan"))


def _named(name):
    return getattr(sentences, name, None) or getattr(caveats, name)


@pytest.mark.parametrize("name", [*OF_ROWS, "multiplicity"])
def test_every_sentence_is_said_of_no_rows_and_of_hollow_ones(name, page_rows, no_rows, page_study):
    say = _named(name)
    for rows in (no_rows, page_rows.assign(**HOLLOW), page_rows.assign(**HOLLOW, note="why")):
        said = str(say(rows, page_study))
        assert said and "nan" not in said.lower() and "{" not in said


@pytest.mark.parametrize("name", OF_ROWS)
def test_every_sentence_takes_its_numbers_from_its_rows(name, page_rows, page_study):
    say = _named(name)
    numbers = ("estimate", "ci_low", "ci_high", "n", "events")
    other = page_rows.assign(**{column: page_rows[column] + 1 for column in numbers})
    assert str(say(other, page_study)) != str(say(page_rows, page_study))


def test_change_says_fell_by_with_interval_and_n(page_rows, page_study):
    assert str(sentences.change(page_rows, page_study)) == (
        "Mean PPPASI fell by **8.30** points (95% CI 7.20 to 9.40; n = 27) from week 0 to week 12."
    )


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ((-2.0, 1.0), "changed by **−1.50** points (95% CI −2.00 to 1.00, which includes a fall"),
        ((0.5, 3.0), "rose by **−1.50** points (95% CI 0.50 to 3.00; n = 27)"),
        ((float("nan"),) * 2, "changed by **−1.50** points (no interval: why; n = 27)"),
    ],
)
def test_fell_and_rose_are_said_of_whole_intervals_only(limits, said, page_study):
    value = Estimate(-1.5, *limits, 0.95, n=27, note="why")
    row = results.row("change", "pppasi", "mean_change", value, week=12, missing="observed")
    assert said in str(sentences.change(results.frame([row]), page_study))


def test_location_has_the_attained_level_and_says_whether_the_p_is_exact(page_rows, page_study):
    said = str(sentences.location(page_rows, page_study))
    assert "fell by **8.25** points (95.1% CI 7.10 to 9.30; n = 27" in said
    assert "p < 0.001, exact)" in said
    assert "exact" not in str(sentences.location(page_rows.assign(code=""), page_study))


def test_percent_and_standardised_change_fall_by_their_units(page_rows, page_study):
    percent = str(sentences.percent_change(page_rows, page_study))
    assert "fell by **59.9%** (95% CI 57.1 to 62.0; n = 27)" in percent
    assert "fell by **3.96** SD (" in str(sentences.effect_size(page_rows, page_study))


def test_fallback_to_compound_symmetry_is_said(page_rows, page_study):
    at = page_rows["statistic"] == "mmrm_change"
    code = page_rows["code"].mask(at, "compound_symmetry not_converged")
    assert "did not converge" in str(
        sentences.longitudinal(page_rows.assign(code=code), page_study)
    )
    assert "did not converge" not in str(sentences.longitudinal(page_rows, page_study))


def test_key_results_lead_with_the_primary_and_name_the_higher_percentages_last(
    page_rows, page_study
):
    mean, location, physician, percents = str(sentences.key_results(page_rows, page_study)).split(
        "\n"
    )
    assert mean.startswith("- Mean PPPASI fell") and "Hodges–Lehmann" in location
    assert "PGA 0/1 at week 12: **20 of 28** patients (71.4%; 95% CI 52.9% to 84.8%" in physician
    assert "missing counted as failure; observed 20 of 27" in physician
    assert percents.startswith("- PPPASI-50 at week 12: **24 of 28** patients (85.7%")
    assert percents.endswith("PPPASI-75 and -90: 0 of 28 (exact 95% upper limit 12.3%).")


def test_a_score_that_was_not_judged_is_not_spoken_of(make_page_study, page_rows):
    study = make_page_study('[endpoints]\nprimary = "dlqi"\n')
    rows = page_rows[~page_rows["outcome"].str.startswith("pppasi")]
    for name in ("responses", "key_results", "binary_tipping", "thresholds"):
        assert "PPPASI" not in str(_named(name)(rows, study))


def test_robustness_ranges_over_all_mean_changes_worked_by_hand(page_rows, page_study):
    said = str(caveats.robustness(page_rows, page_study))
    assert "Over 6 analyses" in said and "between **−8.30** and **−8.00** points" in said
    assert "all of them below 0, reach from −9.40 to −7.00" in said
    at = page_rows["statistic"] == "mmrm_change"
    other = page_rows.assign(ci_high=page_rows["ci_high"].mask(at, 1))
    assert "at least one of which includes 0" in str(caveats.robustness(other, page_study))


def test_missing_patterns_add_up_to_the_gaps_at_the_primary_week(page_rows, page_study):
    said = str(caveats.missing_rule(page_rows, page_study))
    assert "**24 of 28** patients" in said and "at week 12 it is missing in 1." in said
    complete = page_rows[page_rows["level"] == "●●●●"].assign(n=24)
    said = str(caveats.missing_rule(complete, page_study))
    assert "every rule for missing values gives the same numbers" in said


def test_influence_names_the_study_id(page_rows, page_study):
    said = str(caveats.influence(page_rows, page_study))
    assert "between **−8.50** and **−8.10** points, with intervals that reach from −9.60" in said
    assert "**P07**; without that one the mean change is −8.10 (−9.10 to −7.10)" in said


def test_tipping_point_or_why_there_is_none(page_rows, page_study):
    assert "were **17.5** points worse" in str(caveats.tipping(page_rows, page_study))
    none = Estimate(note="not applicable: no score was imputed")
    rows = results.frame([results.row("sensitivity", "pppasi", "tipping_point", none, week=12)])
    assert "not applicable: no score was imputed" in str(caveats.tipping(rows, page_study))
    said = str(caveats.binary_tipping(page_rows, page_study))
    assert "PGA 0/1" in said and "**20 of 28** (71.4%" in said and "**21 of 28** (75.0%" in said


def test_multiplicity_names_the_sequence_and_counts_the_rest(page_rows, page_study):
    said = str(caveats.multiplicity(page_rows, page_study))
    assert "PPPASI, then PGA 0/1 (estimated only), then DLQI" in said
    assert "other 1 signed-rank p-value (" in said


def test_regression_to_the_mean_says_what_it_does_not_exclude(page_rows, page_study):
    said = str(caveats.regression_to_mean(page_rows, page_study))
    assert "**0.40** or less" in said and "a fall of 4.16 points at most" in said
    for left in ("natural course", "other treatment", "unblinded scoring", "selection"):
        assert left in said


def test_coverage_shortfall_is_said_as_simulated(page_rows, page_study):
    about = {"quantity": "coverage", "n": 28, "nominal": 0.95, "scores": ["normal", "skewed"]}
    short = pd.DataFrame(about | {"found": [0.938, 0.916]})
    short = short.assign(statistic="mean_change_bca", outcome="change")
    assert str(caveats.coverage(short, page_rows, page_study)) == (
        "In simulation the 95% BCa bootstrap interval of the mean change held the true value in "
        "93.8% for normal and 91.6% for skewed scores at n = 28."
    )
    none = str(caveats.coverage(short.head(0), page_rows, page_study))
    assert "no interval shown here fell short" in none
    share = short.assign(statistic="wilson", outcome="pppasi50")
    assert "Wilson interval of PPPASI-50" in str(caveats.coverage(share, page_rows, page_study))
    other = caveats.coverage(share, page_rows.head(0), page_study)
    assert "Wilson interval held" in str(other)
    kept = drawn.shortfalls("mean_change_bca", 28)
    assert "n = 28" in str(caveats.coverage(kept, page_rows, page_study))


def test_limits_say_synthetic_first_only_where_it_is(make_page_study):
    assert str(sentences.limits(make_page_study())).startswith("- **The data are synthetic")
    real = make_page_study(synthetic=False)
    assert str(sentences.limits(real)).startswith("- This analysis has **no control")
