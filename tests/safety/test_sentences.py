"""Sentences on exposure and adverse events, read off hand-made rows of 28 patients."""

import re
from html import unescape
from math import nan

import pandas as pd
import pytest

from ppp import results
from ppp.estimators.proportions import clopper_pearson as share
from ppp.safety import sentences, tables, timing

SENTENCES = [
    "exposure",
    "incidence",
    "key_results",
    "outside_treatment",
    "stop_reasons",
    "time_to_event",
]
BAD = re.compile(r"\b(nan|inf|NaN|None|<NA>)\b")
FORBIDDEN = re.compile(
    r"no difference|similar|equally|p ?= ?NS|treatment effect|proved|significant|safe\b", re.I
)
NUMBERS = ["estimate", "ci_low", "ci_high", "ci_level", "p_value"]
HOLLOW = dict.fromkeys(NUMBERS, float("nan"))


@pytest.mark.parametrize("name", SENTENCES)
def test_no_sentence_claims_too_much_or_shows_nan(name, harms, empty, study):
    tell = getattr(sentences if hasattr(sentences, name) else timing, name)
    hollow = harms.assign(**HOLLOW), harms.assign(**HOLLOW, note="why")
    for rows in (harms, empty, *hollow):
        told = str(tell(rows, study))
        assert not BAD.search(told) and not FORBIDDEN.search(told)
    assert re.search("not recorded|not known|was recorded", str(tell(empty, study)))


@pytest.mark.parametrize("name", SENTENCES)
def test_every_sentence_takes_its_numbers_from_its_rows(name, harms, study):
    tell = getattr(sentences if hasattr(sentences, name) else timing, name)
    moved = {c: harms[c] + 1 for c in ("estimate", "ci_low", "ci_high", "n", "events")}
    assert str(tell(harms.assign(**moved), study)) != str(tell(harms, study))


def test_log_rank_stands_with_both_incidences_and_claims_no_equality(harms, study):
    told = str(timing.time_to_event(harms.assign(code=""), study))
    assert "**39.3%** had had an adverse event (Kaplan–Meier; 95% CI 21.5% to 59.4%; 11 of" in told
    assert "50.0% with SAPHO syndrome (95% CI 15.7% to 84.3%; 4 of 8)" in told
    assert "35.0% without SAPHO syndrome (95% CI 15.4% to 59.2%; 7 of 20)" in told
    assert "log-rank χ² = 0.53, p = 0.467 (n = 28, 11 first events)" in told
    assert "No patient was followed to week 24." in told


def test_the_share_by_the_primary_week_is_told_where_it_is_far_from_the_crude_one(harms, study):
    at = (harms["analysis"] == "time_to_event") & (harms["estimate"] > 0.3)
    rows = harms.assign(estimate=harms["estimate"].mask(at, 0.46))
    events = str(sentences.key_results(rows, study))
    assert (
        "(39.3%; exact" in events and "**46.0%** had had an adverse event (Kaplan–Meier;" in events
    )


def test_without_groups_there_is_no_log_rank(harms, study):
    told = str(timing.time_to_event(harms[harms["group"] == "all"], study))
    assert "log-rank" not in told and "39.3%" in told


def test_seriousness_that_was_not_recorded_leaves_its_category_untold(harms, study):
    assert "Serious infection: not recorded." in str(sentences.key_results(harms, study))


def test_what_some_events_lack_is_said_beside_the_number(harms, study):
    at = (harms["outcome"].isin(["serious", "grade3"])) & (harms["statistic"] == "patients")
    noted = harms.assign(code=harms["code"].mask(at, "gap:1/15"))
    told = str(sentences.key_results(noted, study))
    assert "18.3%; not recorded for 1 of 15 events) had a severe" in told
    assert "12.3%; not recorded for 1 of 15 events)." in told


def test_a_log_rank_without_both_incidences_is_not_told(harms, study):
    lost = harms["estimate"].mask(harms["group"] == "sapho=yes", float("nan"))
    rows = harms.assign(estimate=lost)
    assert "log-rank" not in str(timing.time_to_event(rows, study))


def test_right_to_left_terms_are_isolated_and_long_ones_cut(harms, study):
    assert "\u2068زكام\u2069 (5 of 28)" in str(sentences.terms(harms, study))
    long = harms.assign(level=harms["level"].replace("Acne", "acne\n" * 2000))
    for name in ("terms", "categories"):
        told = str(getattr(sentences if hasattr(sentences, name) else timing, name)(long, study))
        assert "\n" not in told and len(told) < 1000


def test_events_outside_treatment_are_named(harms, study):
    told = str(sentences.outside_treatment(harms, study))
    assert told == "2 events are not counted above: **2** before the first dose (Migraine)."


def test_stops_are_counted_with_their_reasons(harms, study):
    told = str(timing.stop_reasons(harms, study))
    assert told == (
        "**3 of 28** patients stopped treatment: adverse event 2 and reason not recorded 1."
    )
    still = harms[(harms["outcome"] != "stop_reason") | (harms["level"] == "no stop recorded")]
    assert "No stop of treatment was recorded" in str(timing.stop_reasons(still, study))


def test_words_of_notes_and_levels_decide_nothing(harms, study):
    """What a person is told may be said otherwise; what the page says hangs on codes alone."""
    other = harms.assign(
        note=harms["note"].replace("not recorded", "unbekannt"),
        level=harms["level"].replace({"no stop recorded": "laufend"}),
    )
    for name in ("incidence", "stop_reasons", "events", "terms"):
        say = getattr(sentences if hasattr(sentences, name) else timing, name)
        assert str(say(other, study)) == str(say(harms, study))
    assert "Serious infection: unbekannt." in str(sentences.key_results(other, study))


def test_key_results_are_told_by_gravity_each_with_its_interval(harms, study):
    lines = str(sentences.key_results(harms, study)).splitlines()
    grave, unknown, interest, stopping, frequency = lines[:5]
    assert unknown == "- Serious infection: not recorded."
    assert grave.startswith(
        "- No patient had a fatal adverse event or a serious adverse event: each **0 of 28** "
        "(exact 95% CI 0.0% to 12.3%)."
    )
    assert "**1 of 28** patients (3.6%" in grave and "severe" in grave
    assert "Herpes zoster **1 of 28** (3.6%" in interest
    assert "leading to discontinuation" in stopping and "dose change or interruption" in stopping
    assert "**11 of 28** patients (39.3%; exact 95% CI 21.5% to 59.4%)" in frequency
    assert "Most frequent: \u2068زكام" in frequency
    assert "per 100 patient-years" not in frequency


def test_not_recorded_is_said_once_and_is_not_none(empty, study):
    told = str(sentences.key_results(empty, study))
    assert told.count("Adverse events were not recorded. This does not mean that none") == 1


def test_how_events_ended_and_what_is_uncertain_is_said_only_where_it_is(harms, study):
    plain = harms[harms["outcome"] != "partial_date"]
    assert str(sentences.events(plain, study)) == ""
    told = str(sentences.events(harms, study))
    assert told == (
        "2 events dated only to the month or year were placed at the earliest possible day; "
        "1 undated event was placed on the day of the first dose."
    )
    made = [
        results.row("adverse_event", "event_outcome", "event_count", k, level=x, n=28, events=k)
        for x, k in (("recovered", 12), ("ongoing", 3))
    ]
    made += [
        results.row("adverse_event", "duration", x, days, n=11, events=11)
        for x, days in (("median", 9.5), ("min", 1.0), ("max", 30.0))
    ]
    made += [results.row("adverse_event", "repeated", "event_count", 1.0, n=28, events=1)]
    told = str(sentences.events(pd.concat([plain, results.frame(made)]), study))
    assert told == (
        "Outcome of 15 events: recovered 12 and ongoing 3. Median duration, known for 11 events: "
        "9.5 days (range 1 to 30). Of 15 events, 1 repeats another in every field; it was counted."
    )


def category(level, k, terms=(), n=28):
    made = [results.row("adverse_event", "interest", "patients", share(k, n), level=level)]
    where = {"population": f"interest={level}", "n": n, "events": k}
    return made + [
        results.row("adverse_event", "interest_term", "patients", k, level=term, **where)
        for term in terms
    ]


def told(rows, study, *more):
    whole = results.row("adverse_event", "any", "patients", share(5, 28))
    frame = results.frame([whole, *rows, *more])
    return unescape(str(sentences.key_results(frame, study))), tables.special_interest(frame, study)


def test_without_laboratory_values_no_limit_is_put_on_what_only_they_tell(study):
    rows = category("VTE", 0) + category("Anaemia", 0)
    said, table = told(rows, study)
    notes = table.to_text()
    assert "in any of 1 category of special interest: **0 of 28**" in said
    assert "Without laboratory values this cannot be excluded: Anaemia." in notes
    assert "No laboratory values were available" in str(
        sentences.limits(results.frame(rows), study)
    )
    labs = results.row("lab_value", "CK", "count", 40, n=28)
    _, table = told(rows, study, labs)
    assert "Without laboratory values" not in table.to_text()
    assert "No laboratory" not in str(sentences.limits(results.frame([labs]), study))


def test_worse_values_that_no_event_reports_are_a_limitation(study):
    rows = [
        results.row("lab_event", kind, "worse_only", 1, level=who, n=9, events=1)
        for kind, who in (("Anaemia", "P1"), ("Hepatic event", "P1"), ("Anaemia", "P2"))
    ]
    assert "(2 patients); event counts are minima" in str(
        sentences.limits(results.frame(rows), study)
    )


def test_a_category_of_two_things_names_the_one_that_every_term_is_of(study):
    level = "CK increased or rhabdomyolysis"
    ck = ["Blood creatine phosphokinase increased", "CK elevated"]
    said, table = told(category(level, 3, ck), study)
    assert "CK increased (no rhabdomyolysis) **3 of 28**" in said
    assert "CK increased (no rhabdomyolysis)" in table.to_text()
    for other in ("Rhabdomyolysis", "uncoded term 1"):
        said, _ = told(category(level, 3, [*ck, other]), study)
        assert f"{level} **3 of 28**" in said
        assert ("the centre must confirm" in said) == other.startswith("uncoded")


def test_what_was_not_recorded_is_said_in_one_line(study):
    rows = [
        results.row(
            "adverse_event", kind, "patients", nan, note="not recorded", code="not_recorded"
        )
        for kind in ("serious", "grade3", "dose_changed", "related")
    ]
    said, _ = told(rows, study)
    assert said.count(": not recorded") == 1


def test_terms_of_one_patient_each_are_not_ranked(study):
    rows = [
        results.row("adverse_event", "term", "patients", 1, level=x, n=28, events=1) for x in "ab"
    ]
    said, _ = told(rows, study)
    assert "Most frequent" not in said and "in more than one patient" in said
