"""Sentences on exposure and adverse events, read off hand-made rows of 28 patients."""

import re

import pandas as pd
import pytest

from ppp import results
from ppp.safety import sentences, tables

SENTENCES = [
    "exposure",
    "grades",
    "incidence",
    "outside_treatment",
    "partial_dates",
    "rates",
    "severe_and_serious",
    "special_interest",
    "stop_reasons",
    "terms",
    "time_to_event",
    "uncaught",
]
BAD = re.compile(r"\b(nan|inf|NaN|None|<NA>)\b")
FORBIDDEN = re.compile(
    r"no difference|similar|equally|p ?= ?NS|treatment effect|proved|significant|safe\b", re.I
)
NUMBERS = ["estimate", "ci_low", "ci_high", "ci_level", "p_value"]
HOLLOW = dict.fromkeys(NUMBERS, float("nan"))


@pytest.mark.parametrize("name", SENTENCES)
def test_no_sentence_claims_too_much_or_shows_nan(name, harms, empty, study):
    tell = getattr(sentences, name)
    hollow = harms.assign(**HOLLOW), harms.assign(**HOLLOW, note="why")
    for rows in (harms, empty, *hollow):
        told = str(tell(rows, study))
        assert told and not BAD.search(told) and not FORBIDDEN.search(told)
    assert "not recorded" in str(tell(empty, study)) or "was recorded" in str(tell(empty, study))


@pytest.mark.parametrize("name", SENTENCES)
def test_every_sentence_takes_its_numbers_from_its_rows(name, harms, study):
    tell = getattr(sentences, name)
    moved = {c: harms[c] + 1 for c in ("estimate", "ci_low", "ci_high", "n", "events")}
    assert str(tell(harms.assign(**moved), study)) != str(tell(harms, study))


def test_key_results_are_five_lines_each_with_its_interval(harms, study):
    lines = str(sentences.key_results(harms, study)).splitlines()
    exposure, events, severe, interest = lines[:4]
    assert "**28 patients**" in exposure and "**6.44** patient-years" in exposure
    assert "**11 of 28** patients (39.3%; exact 95% CI 21.5% to 59.4%)" in events
    assert "per 100 patient-years" not in events and "Kaplan–Meier" not in events
    assert "**1 of 28** patients (3.6%" in severe
    assert severe.count("upper limit 12.3%)") == 1 and "one-sided" not in severe
    assert "Herpes zoster **1 of 28** (3.6%" in interest
    assert "No patient in any of the other 2 categories: **0 of 28**" in interest


def test_not_recorded_is_said_once_and_is_not_none(empty, study):
    told = str(sentences.key_results(empty, study))
    assert told.count("were not recorded. This does not mean that none occurred") == 1


def test_nobody_with_an_event_is_bounded_and_not_called_unrecorded(study):
    from ppp.estimators import proportions, survival

    none = proportions.clopper_pearson(0, 28)
    rows = [results.row("adverse_event", o, "patients", none) for o in ("any", "grade3", "serious")]
    rows += [results.row("adverse_event", "interest", "patients", none, level=x) for x in "ab"]
    rows += [
        results.row("adverse_event", "any", "rate_per_100_py", survival.garwood(0, 6.44, per=100))
    ]
    told = str(sentences.key_results(results.frame(rows), study))
    assert told.count("0 of 28") == 4 and told.count("upper limit 12.3%") == 4
    assert "upper limit 57.3" in str(sentences.rates(results.frame(rows), study))
    assert "any of 2 categories of special interest" in told
    assert "not recorded. This does not mean" not in told


def test_repeated_events_are_cautioned_and_a_rate_is_not_a_year(harms, study):
    told = str(sentences.rates(harms, study))
    assert "not independent, so this interval is too narrow" in told
    assert "does not tell what longer treatment would bring" in told


def test_log_rank_stands_with_both_incidences_and_claims_no_equality(harms, study):
    told = str(sentences.time_to_event(harms, study))
    assert "**39.3%** (Kaplan–Meier; 95% CI 21.5% to 59.4%; 11 of 28 patients)" in told
    assert "50.0% with SAPHO syndrome (95% CI 15.7% to 84.3%; 4 of 8)" in told
    assert "35.0% without SAPHO syndrome (95% CI 15.4% to 59.2%; 7 of 20)" in told
    assert "log-rank χ² = 0.53, p = 0.467 (n = 28, 11 first events)" in told
    assert "does not show that the groups are alike" in told
    assert "Nobody was observed to week 24." in told


def test_the_share_by_the_primary_week_is_told_where_it_is_far_from_the_crude_one(harms, study):
    at = (harms["analysis"] == "time_to_event") & (harms["estimate"] > 0.3)
    rows = harms.assign(estimate=harms["estimate"].mask(at, 0.46))
    events = str(sentences.key_results(rows, study)).splitlines()[1]
    assert "(39.3%; exact" in events and "had occurred in **46.0%** (Kaplan–Meier;" in events


def test_several_categories_have_one_interval_and_a_way_to_the_others(harms, study):
    more = results.row(
        "adverse_event", "interest", "patients", 2 / 28, level="Anaemia", n=28, events=2
    )
    rows = pd.concat([harms, results.frame([more])])
    told = str(sentences.key_results(rows, study)).splitlines()[3]
    assert "Herpes zoster **1 of 28**; intervals in [Table](#tbl-special-interest)." in told
    assert str(sentences.special_interest(rows, study)).count("not adjudicated") == 1


def test_rates_from_a_hundred_on_have_no_decimals_worked_by_hand(harms, study):
    told = str(sentences.rates(harms, study))
    assert "**206** per 100 patient-years at risk (exact 95% CI 103 to 369)" in told
    assert "theirs is the higher rate" not in told


def test_without_groups_there_is_no_log_rank(harms, study):
    told = str(sentences.time_to_event(harms[harms["group"] == "all"], study))
    assert "log-rank" not in told and "39.3%" in told


def test_grades_bound_those_nobody_had(harms, study):
    told = str(sentences.grades(harms, study))
    assert "grade 1 in **8 of 28** (28.6%; exact 95% CI 13.2% to 48.7%)" in told
    assert "grades 4 and 5 in none of 28 (two-sided exact 95% upper limit 12.3% each)" in told


def test_seriousness_that_was_not_recorded_leaves_its_category_untold(harms, study):
    assert "Serious infection: not recorded." in str(sentences.special_interest(harms, study))


def test_what_some_events_lack_is_said_beside_the_number(harms, study):
    at = (harms["outcome"].isin(["serious", "grade3"])) & (harms["statistic"] == "patients")
    noted = harms.assign(code=harms["code"].mask(at, "gap:1/15"))
    told = str(sentences.key_results(noted, study))
    assert "18.3%; not recorded for 1 of 15 events) had a severe" in told
    assert "12.3%; not recorded for 1 of 15 events)." in told


def test_a_log_rank_without_both_incidences_is_not_told(harms, study):
    lost = harms["estimate"].mask(harms["group"] == "sapho=yes", float("nan"))
    rows = harms.assign(estimate=lost)
    assert "log-rank" not in str(sentences.time_to_event(rows, study))
    assert "Log-rank" not in " ".join(tables.time_to_event(rows, study).notes)


def test_terms_that_nothing_sorts_are_listed_inert(harms, study):
    told = str(sentences.uncaught(harms, study))
    assert "1 term has neither a system organ class nor a category" in told
    assert "dizzy &#60;b&#62; (1 of 28)" in told
    sorted_ = sentences.uncaught(harms[harms["outcome"] != "uncaught"], study)
    assert str(sorted_).startswith("Every recorded term")


def test_right_to_left_terms_are_isolated_and_long_ones_cut(harms, study):
    assert "\u2068زكام\u2069 (5 of 28)" in str(sentences.terms(harms, study))
    long = harms.assign(level=harms["level"].replace("Acne", "acne\n" * 2000))
    for name in ("terms", "special_interest"):
        told = str(getattr(sentences, name)(long, study))
        assert "\n" not in told and "acne acne" in told and len(told) < 1000


def test_events_outside_treatment_are_named(harms, study):
    told = str(sentences.outside_treatment(harms, study))
    assert "**2 events** before the first dose (Migraine) lie outside treatment" in told


def test_exact_dates_are_said_to_be_exact(harms, study):
    exact = harms.assign(estimate=harms["estimate"].mask(harms["outcome"] == "partial_date", 0))
    told = str(sentences.partial_dates(exact, study))
    assert told == "Every event on treatment has an exact date of onset."


def test_stops_are_counted_with_their_reasons(harms, study):
    told = str(sentences.stop_reasons(harms, study))
    assert told == (
        "**3 of 28** patients stopped treatment: adverse event 2 and reason not recorded 1."
    )
    still = harms[(harms["outcome"] != "stop_reason") | (harms["level"] == "no stop recorded")]
    assert "No stop of treatment was recorded" in str(sentences.stop_reasons(still, study))


def test_the_limits_name_both_ends_of_the_window(make_study):
    limits = str(sentences.limits(make_study()))
    assert "from the first dose to 30 days after treatment stopped" in limits
    later = make_study("[safety]\ndays_after_first_dose = 1\ndays_after_last_dose = 7\n")
    assert "from 1 day after the first dose to 7 days after" in str(sentences.limits(later))


def test_words_of_notes_and_levels_decide_nothing(harms, study):
    """What a person is told may be said otherwise; what the page says hangs on codes alone."""
    other = harms.assign(
        note=harms["note"].replace("not recorded", "unbekannt"),
        level=harms["level"].replace({"no stop recorded": "laufend"}),
    )
    for name in ("incidence", "stop_reasons", "severe_and_serious", "rates", "grades"):
        say = getattr(sentences, name)
        assert str(say(other, study)) == str(say(harms, study))
    assert "Serious infection: unbekannt." in str(sentences.special_interest(other, study))
