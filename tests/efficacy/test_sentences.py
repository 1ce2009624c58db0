import re

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ppp import results
from ppp.efficacy import caveats, sentences
from ppp.estimators.estimate import Estimate

OF_ROWS = [
    "binary_tipping",
    "change",
    "influence",
    "key_results",
    "missing_rule",
    "regression_to_mean",
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


@given(
    st.floats(-30, 30), st.floats(0, 5), st.floats(0, 5), st.sampled_from([0, 1e-9, 0.003, 0.2, 1])
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_said_of_an_interval_is_true_of_its_printed_limits(page_study, x, a, b, scale):
    value = Estimate(x, x - a * scale, x + b * scale, 0.95, n=9)
    row = results.row("change", "pppasi", "hodges_lehmann", value, week=12, missing="observed")
    said = str(sentences.moved(pd.Series(row), page_study)).replace("\u2212", "-")
    low, high = (float(end) for end in re.search(r"CI ([-\d.]+) to ([-\d.]+)", said).groups())
    assert ("includes a fall and a rise" in said) == (low < 0 < high)
    assert not ("fell" in said and low <= 0) and not ("rose" in said and low <= 0)


def test_location_has_the_attained_level_and_names_the_test(page_rows, page_study):
    said = str(sentences.location(page_rows, page_study))
    assert "fell by **8.25** points (95.1% CI 7.10 to 9.30; n = 27" in said
    assert "exact Wilcoxon signed-rank test with unchanged scores ranked (Pratt), p < 0.001" in said
    plain = str(sentences.location(page_rows.assign(code=""), page_study))
    assert "exact" not in plain and "Pratt" not in plain
    at = page_rows["statistic"] == "hodges_lehmann"
    assert not str(sentences.location(page_rows[~at], page_study))


def test_key_results_lead_with_the_primary_and_name_the_higher_percentages_last(
    page_rows, page_study
):
    mean, location, physician, percents = str(sentences.key_results(page_rows, page_study)).split(
        "\n"
    )
    assert mean.startswith("- Mean PPPASI fell") and "Hodges–Lehmann" in location
    assert "PGA 0/1 at week 12: **20 of 28** patients (71.4%; exact 95% CI 52.9" in physician
    assert "NRI; observed 20 of 27)" in physician
    assert percents.startswith("- PPPASI-50 at week 12: **24 of 28** patients (85.7%")
    assert percents.endswith("PPPASI-75 and PPPASI-90: 0 of 28 (0.0%; 95% CI 0.0% to 12.3%).")


def test_no_value_missing_is_said_only_where_everybody_was_judged(page_rows, page_study):
    at = page_rows["analysis"] == "responder"
    all_seen = page_rows.assign(n=page_rows["n"].mask(at, 28))
    assert "; no value missing)" in str(sentences.responders(all_seen, page_study, "pga01"))
    note = "among 28 of 40 patients with an evaluable baseline"
    code = {"code": all_seen["code"].mask(at, "left_out"), "note": all_seen["note"].mask(at, note)}
    said = str(sentences.responders(all_seen.assign(**code), page_study, "pga01"))
    assert f"NRI {note})" in said and "no value missing" not in said


def test_not_recorded_not_estimable_and_not_analysed_are_told_apart(page_rows, page_study):
    def said(**row):
        value = Estimate(note=row.pop("note", ""))
        rows = [results.row("change", "dlqi", "mean_change", value, week=12, **row)]
        return str(sentences.change(results.frame(rows), page_study, "dlqi"))

    seen = {"missing": "observed"}
    gone = said(note="not recorded at week 12", code="not_recorded", **seen)
    assert gone == "DLQI was not recorded at week 12."
    assert "could not be estimated (only 1 patient" in said(note="only 1 patient", **seen)
    assert said(missing="mi") == "Change in DLQI was not analysed."


def test_a_score_that_was_not_judged_is_not_spoken_of(make_page_study, page_rows):
    study = make_page_study('[endpoints]\nprimary = "dlqi"\n')
    rows = page_rows[~page_rows["outcome"].str.startswith("pppasi")]
    for name in ("key_results", "binary_tipping", "thresholds"):
        assert "PPPASI" not in str(_named(name)(rows, study))


def test_robustness_ranges_over_all_mean_changes_worked_by_hand(page_rows, page_study):
    said = str(caveats.robustness(page_rows, page_study))
    assert (
        said.startswith("Depending on the method (paired t")
        and "from **−8.30** to **−8.00** points" in said
    )
    assert "all intervals lie below 0 (limits from −9.40 to −7.00)" in said
    assert "MMRM" not in said, "it repeats multiple imputation to the last printed digit"
    at = page_rows["statistic"] == "mmrm_change"
    other = page_rows.assign(ci_high=page_rows["ci_high"].mask(at, 1))
    said = str(caveats.robustness(other, page_study))
    assert (
        "MMRM" in said and "1 of 6 intervals (MMRM) includes 0 (limits from −9.40 to 1.00)" in said
    )
    failed = other.assign(code=other["code"].mask(at, "compound_symmetry not_converged"))
    assert "MMRM" not in str(caveats.robustness(failed, page_study))
    rose = page_rows.assign(
        **{x: page_rows[x].mask(at, y) for x, y in (("ci_low", 1.0), ("ci_high", 2.0))}
    )
    assert "some intervals lie below 0 and some above" in str(caveats.robustness(rose, page_study))


def test_missing_patterns_add_up_to_the_gaps_at_the_primary_week(page_rows, page_study):
    said = str(caveats.missing_rule(page_rows, page_study))
    assert "**24 of 28** patients" in said and "at week 12 it was missing in **1 of 28**." in said
    complete = page_rows[page_rows["level"] == "●●●●"].assign(n=24)
    said = str(caveats.missing_rule(complete, page_study))
    assert "every rule for missing values gives the same result" in said
    earlier = page_rows[page_rows["level"] != "●●●○"].assign(n=27)
    said = str(caveats.missing_rule(earlier, page_study))
    assert "at week 12 in all." in said


def test_influence_names_the_study_id(page_rows, page_study):
    said = str(caveats.influence(page_rows, page_study))
    assert "from **−8.50** to **−8.10** points (95% limits from −9.60 to −6.90" in said
    assert "patient, **P07**, the mean change is −8.10 (−9.10 to −7.10)" in said
    at = page_rows["statistic"] == "most_influential"
    words = {"code": "best_baseline", "note": "0 at baseline, 7 at the visit"}
    best = page_rows.assign(**{c: page_rows[c].mask(at, w) for c, w in words.items()})
    said = str(caveats.influence(best, page_study))
    assert "**P07**, who had almost nothing to improve at baseline (0 at baseline, 7 at" in said


def test_tipping_point_or_why_there_is_none(page_rows, page_study):
    said = str(caveats.tipping(page_rows, page_study))
    assert "were **17.5** points worse" in said
    assert "more than the mean improvement observed (8.30 points)" in said
    near = page_rows.assign(estimate=page_rows["estimate"].replace(17.5, 7.5))
    assert "no more than the mean improvement" in str(caveats.tipping(near, page_study))
    none = Estimate(note="not applicable: no score was imputed")
    rows = results.frame([results.row("sensitivity", "pppasi", "tipping_point", none, week=12)])
    assert "not applicable: no score was imputed" in str(caveats.tipping(rows, page_study))
    said = str(caveats.binary_tipping(page_rows, page_study))
    assert "PGA 0/1" in said and "**20 of 28** (71.4%" in said and "**21 of 28** (75.0%" in said


def test_multiplicity_names_the_sequence_and_counts_the_rest(page_rows, page_study):
    said = str(caveats.multiplicity(page_rows, page_study))
    assert said.startswith("As nothing was pre-specified, adjusted p-values are descriptive; the")
    assert "PPPASI, then PGA 0/1 (estimated, not tested), then DLQI" in said
    assert "The one other signed-rank p-value" in said
    assert "Largest adjusted p = 0.040" in said


def test_regression_to_the_mean_is_readable_and_no_chance(page_rows, page_study):
    said = str(caveats.regression_to_mean(page_rows, page_study))
    assert "**0.40** or less" in said and "chance" not in said and "At a correlation" not in said
    half = [
        results.row("regression_to_mean", "pppasi", "expected_change", x, level=level, week=12)
        for x, level in ((-6.93, "ρ=0.5, μ=0"), (-4.43, "ρ=0.5, μ=5"), (-1.93, "ρ=0.5, μ=10"))
    ]
    said = str(caveats.regression_to_mean(pd.concat([page_rows, results.frame(half)]), page_study))
    example = (
        "At a correlation of 0.5 it would give −6.93, −4.43 and −1.93 points if that mean were"
    )
    assert f"{example} 0, 5 and 10." in said
    limits = str(sentences.limits(page_study))
    for left in ("natural course", "concomitant treatment", "unblinded scoring", "selection"):
        assert left in limits


@pytest.mark.parametrize(
    ("sds", "n", "told"), [((0, 0, 0), 17, True), ((0, 0.1, 0), 17, False), ((0, 0, 0), 4, False)]
)
def test_a_score_that_never_varies_is_a_key_result(sds, n, told, page_rows, page_study):
    made = [
        results.row("summary", "pga", name, float(x), n=n, week=week, missing="observed")
        for week, mean, sd in zip((0, 4, 12), (3, 2, 1), sds, strict=True)
        for name, x in (("mean", mean), ("sd", sd))
    ]
    rows = pd.concat([page_rows, results.frame(made)], ignore_index=True)
    said = "**PGA** was 3, 2 and 1 at weeks 0, 4 and 12 in every patient scored: check the source"
    assert (said in str(sentences.key_results(rows, page_study))) == told


def test_limits_say_synthetic_first_only_where_it_is(make_page_study):
    assert str(sentences.limits(make_page_study())).startswith("- **The data are synthetic")
    real = make_page_study(synthetic=False)
    assert str(sentences.limits(real)).startswith("- There was **no control")


def _changed(t, ranked):
    values = {
        "mean_change": Estimate(-8.1, -15.2, -1.0, 0.95, n=6),
        "hodges_lehmann": Estimate(-9.5, -13.3, 4.9, 0.969, n=6),
        "paired_t": Estimate(-2.9, n=6, p_value=t),
        "wilcoxon_exact": Estimate(1.0, n=6, p_value=ranked, code="exact"),
    }
    where = {"week": 12, "missing": "observed"}
    return results.frame(
        results.row("change", "pppasi", name, value, **where) for name, value in values.items()
    )


@pytest.mark.parametrize(("t", "ranked"), [(0.032, 0.062), (0.07, 0.03), (0.0499, 0.05)])
def test_tests_on_two_sides_of_a_twentieth_are_both_given_the_primary_first(t, ranked, page_study):
    rows = _changed(t, ranked)
    both = f"; paired t, p = {t:.3f}; exact Wilcoxon signed-rank test, p = {ranked:.3f}"
    assert both in str(sentences.change(rows, page_study))
    assert " p " not in str(sentences.location(rows, page_study))


@pytest.mark.parametrize(("t", "ranked"), [(0.01, 0.04), (0.2, 0.06)])
def test_tests_that_agree_are_not_both_given(t, ranked, page_study):
    rows = _changed(t, ranked)
    assert " p " not in str(sentences.change(rows, page_study))
    assert f"p = {ranked:.3f}" in str(sentences.location(rows, page_study))
