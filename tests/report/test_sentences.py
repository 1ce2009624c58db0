import re

import pytest

from ppp import results
from ppp.overview import key_results
from ppp.report import sentences

FROM_ROWS = [
    "balance",
    "change",
    "effect_size",
    "exploratory",
    "flow",
    "group_difference",
    "laboratory",
    "ledger",
    "location",
    "longitudinal",
    "missing",
    "percent_change",
    "population",
]
PAGES = ["baseline", "effectiveness", "groups"]
BAD = re.compile(r"\b(nan|inf|None|<NA>)\b")
FORBIDDEN = re.compile(
    r"no difference|similar|equally effective|p ?= ?NS|treatment effect|proved|significant", re.I
)


def everything(rows, study):
    told = [str(getattr(sentences, name)(rows, study)) for name in FROM_ROWS]
    told += [str(getattr(key_results, name)(rows, study)) for name in PAGES]
    told.append(str(sentences.responders(rows, study, "pga01")))
    return told


@pytest.mark.parametrize("kind", ["rows", "empty"])
def test_no_sentence_claims_too_much_or_shows_nan(kind, study, request):
    rows = request.getfixturevalue(kind)
    for told in everything(rows, study):
        assert told and not BAD.search(told) and not FORBIDDEN.search(told)


def test_change_says_fell_by_with_interval_and_n(rows, study):
    assert str(sentences.change(rows, study)) == (
        "Mean PPPASI fell by **8.30** points (95% CI 7.20 to 9.40; n = 27) from week 0 to week 12."
    )


def test_a_sentence_changes_when_its_row_does(rows, study):
    at = (rows["statistic"] == "mean_change") & (rows["group"] == "all")
    other = rows.assign(
        estimate=rows["estimate"].mask(at, -1.5), ci_high=rows["ci_high"].mask(at, 1)
    )
    told = str(sentences.change(other, study))
    assert "changed by **−1.50**" in told and "includes a fall and a rise" in told


@pytest.mark.parametrize("name", FROM_ROWS)
def test_every_sentence_takes_its_numbers_from_its_rows(name, rows, study):
    tell = getattr(sentences, name)
    moved = {
        column: rows[column] + 1 for column in ("estimate", "ci_low", "ci_high", "n", "events")
    }
    assert str(tell(rows.assign(**moved), study)) != str(tell(rows, study))


def test_location_has_the_attained_level_and_the_exact_p(rows, study):
    told = str(sentences.location(rows, study))
    assert "fell by **8.25** points (95.1% CI 7.10 to 9.30; n = 27" in told
    assert "p < 0.001, exact" in told


def test_all_changes_have_one_sign_style(rows, study):
    told = (sentences.change, sentences.location, sentences.effect_size, sentences.percent_change)
    assert all("fell by **" in str(tell(rows, study)) for tell in told)
    assert "fell by **59.9%** (95% CI 57.1 to 62.0" in str(sentences.percent_change(rows, study))


def test_thresholds_lead_with_the_lowest_and_name_the_others_with_their_bound(rows, study):
    told = str(key_results.effectiveness(rows, study)).splitlines()[-1]
    assert told.startswith("- PPPASI-50 at week 12: **24 of 28** patients (85.7%")
    assert told.endswith("PPPASI-75 and -90: 0 of 28 (exact 95% upper limit 12.3%).")


def test_shares_have_denominators_and_say_where_some_are_missing(rows, study):
    told = str(sentences.population(rows, study))
    assert "18 of 28 (64.3%) were female and 10 of 28 (35.7%) were male." in told
    assert "**8 of 28** (28.6%) had SAPHO syndrome." in told
    gap = (rows["outcome"] == "sex") & (rows["statistic"] == "n_missing")
    other = rows.assign(estimate=rows["estimate"].mask(gap, 2))
    assert "18 of 28 recorded (64.3%) were female" in str(sentences.population(other, study))


def test_responders_name_the_rule_for_missing(rows, study):
    told = str(sentences.responders(rows, study, "pga01"))
    assert "**20 of 28** patients (71.4%; 95% CI 52.9% to 84.8%" in told
    assert "missing counted as failure; observed 20 of 27" in told


def test_zero_events_get_one_bound_worked_by_hand(rows, study):
    told = str(sentences.incidence(rows, study, "grade3"))
    assert "**0 of 28** (two-sided exact 95% upper limit 12.3%)" in told
    assert "one-sided" not in told and "rule of three" not in told


def test_laboratory_counts_those_within_limits_at_baseline(rows, study):
    assert str(sentences.laboratory(rows, study)) == (
        "Within the reference limits at baseline and outside them later: CK 5 of 27 and ALT 4 of "
        "28; no other test with limits left them in any patient."
    )


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        (
            (5, 4, 4, 3, 2, 2, 1),
            "a (5 of 28); b and c (4 of 28 each); d (3 of 28); e and f (2 of "
            "28 each); 1 further term in 1 of 28 patients.",
        ),
        ((1,) * 6, "a, b, c, d, e and f (1 of 28 each)."),
        ((2, *(1,) * 12), "a (2 of 28); 12 further terms in 1 of 28 patients each."),
        ((1,) * 12, "Each of 12 terms was recorded in 1 of 28 patients."),
    ],
)
def test_ties_among_terms_are_not_cut(counts, told, study):
    rows = results.frame(
        results.row("adverse_event", "term", "patients", k / 28, level=name, n=28, events=k)
        for k, name in zip(counts, "abcdefghijklm", strict=False)
    )
    assert str(sentences.terms(rows, study)).removeprefix("Most frequent: ") == told


def test_severe_and_serious_are_told_apart(rows, study):
    told = str(sentences.severe_and_serious(rows, study))
    assert "severe adverse event" in told and "serious adverse event" in told
    assert told.count("0 of 28") == 2


def test_not_recorded_is_never_none_occurred(empty, study):
    for told in (sentences.incidence(empty, study), sentences.terms(empty, study)):
        assert "not recorded" in str(told) and "does not mean that none occurred" in str(told)


def test_subgroup_is_compatible_with_and_not_informative(rows, study):
    told = str(sentences.group_difference(rows, study))
    assert "compatible with differences from −1.20 to 2.00 points (95% CI; n = 27" in told
    assert told.count("−1.20") == 1 and "(with SAPHO syndrome minus without" in told
    assert "not informative about equality" in told
    share = str(sentences.group_difference(rows, study, "pga01"))
    assert "**−13.9** percentage points" in share


def test_the_contrast_is_said_once_in_the_key_results(rows, study):
    assert str(key_results.groups(rows, study)).count("minus") == 1


def test_one_patient_group_gives_a_reason(study):
    from ppp.estimators.estimate import Estimate

    tiny = Estimate(n=1, note="fewer than 3 patients in a group")
    rows = results.frame(
        results.row("group_difference", "pppasi", s, tiny, group="sapho=yes-no", week=12)
        for s in ("welch", "permutation", "hedges_g")
    )
    told = str(sentences.group_difference(rows, study))
    assert "not estimable (fewer than 3 patients in a group)" in told


def test_any_two_valued_column_can_be_the_subgroup(make_study, rows):
    study = make_study('[subgroup]\ncolumn = "sex"\nvalue = "male"\n')
    swapped = rows.assign(
        group=rows["group"].replace(
            {"sapho=yes-no": "sex=male-female", "sapho=yes": "sex=male", "sapho=no": "sex=female"}
        )
    )
    assert "Sex: male minus Sex: female" in str(sentences.group_difference(swapped, study))


def test_limits_say_synthetic_first_only_where_it_is(make_study):
    assert str(sentences.limits(make_study(), "efficacy")).startswith("- **The data are synthetic")
    real = make_study(synthetic=False)
    assert str(sentences.limits(real, "efficacy")).startswith("- This analysis has **no control")


def test_key_results_are_five_lines_at_most(rows, study, queries, quarantine):
    told = [str(getattr(key_results, name)(rows, study)) for name in PAGES]
    told.append(str(key_results.cleaning(rows, queries, quarantine, study)))
    assert all(1 <= len(t.splitlines()) <= 5 for t in told)


def test_text_from_data_is_inert_in_markdown(rows, study):
    assert "<script" not in str(sentences.terms(rows, study))
    assert "<away>" not in str(sentences.flow(rows, study))
