"""The table of adverse events of special interest: terms that belong and terms that do not."""

import re
import time
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ppp import results
from ppp.catalogue.special_interest import TABLE, names, table
from ppp.safety.rows import special_interest
from ppp.safety.rows.special_interest import caught, named

TERMS = tomllib.loads(Path(__file__).with_name("special_interest.toml").read_text("utf-8"))
BOTH = [(belongs, category) for belongs in TERMS for category in TERMS[belongs]]


def terms(belongs, category):
    return [" ".join(term.split()) for term in TERMS[belongs][category].split(";")]


def categories(*terms):
    return named(pd.DataFrame({"term": terms}))["category"].tolist()


@pytest.mark.parametrize(("belongs", "category"), BOTH)
def test_a_term_is_of_its_category_and_of_none_that_only_sounds_like_it(belongs, category):
    found = {term: category in categories(term) for term in terms(belongs, category)}
    assert set(found.values()) == {belongs == "belong"}, found


def test_every_category_is_tested_both_ways_in_both_languages_by_enough_terms():
    listed = list(names()["category"])
    assert len(listed) == 21
    for belongs, least in (("belong", 8), ("belong_not", 3)):
        assert list(TERMS[belongs]) == listed
        for category, text in TERMS[belongs].items():
            assert len(terms(belongs, category)) >= least, category
            assert re.search("[一-鿿]", text) and re.search("[a-z]", text), category


def test_the_table_is_one_a_reader_can_use():
    kept = table()
    assert set(kept["outcome"]) == {"group", "interest", "common"}
    assert set(kept["needs"]) == {"", "serious"}
    assert set(kept["language"]) == {"any", "English", "Chinese", "German"}
    assert (kept.drop(columns=["needs", "except"]) != "").all(axis=None)
    assert not kept.duplicated(["category", "words"]).any()
    assert kept.groupby("category")["outcome"].nunique().eq(1).all()
    assert kept.groupby("category")["needs"].nunique().eq(1).all()
    assert len(kept) <= 75
    assert kept[["words", "except"]].map(len).max(axis=None) < 1_000


def parts():
    cells = table()[["words", "except"]].stack()
    return {part.strip() for cell in cells if cell for part in re.split("[;+]", cell)}


def test_the_table_holds_plain_words_only():
    groups = set(table().loc[table()["outcome"] == "group", "category"])
    assert {part for part in parts() if part.startswith("{")} == groups
    for part in parts() - groups:
        assert re.fullmatch(r"\*?[\w ]*[\w↑↓][\w ]*\*?", part), part


def test_excel_reads_the_table_as_text_in_its_own_script():
    assert TABLE.read_bytes().startswith("\N{BOM}".encode())
    assert not table().map(lambda cell: cell.startswith(("=", "+", "-", "@"))).any(axis=None)


def test_a_word_is_whole_unless_a_star_goes_on():
    assert categories("CK increased") == ["CK increased or rhabdomyolysis"]
    assert categories("Neck increased", "CKs increased") == []
    assert categories("neutropenic fever", "neutropen") == ["Neutropenia"] * 2
    assert categories("Adenocarcinoma", "Carcinomatous") == ["Malignancy excluding NMSC"]


def test_parts_of_a_phrase_may_stand_in_any_order_and_apart():
    for term in ("ALT increased", "Increased ALT", "increase, twofold, of serum ALT/AST"):
        assert categories(term) == ["Hepatic event"]


def test_one_spelling_stands_for_all():
    for term in ("Anaemia", "anemia", "ANÆMIA", "Anämia"):
        assert categories(term) == ["Anaemia"]
    for term in ("Gürtelrose", "GUERTELROSE"):
        assert "Herpes zoster" in categories(term)
    for term in ("non-melanoma skin cancer", "non melanoma skin-cancer", "(Non–melanoma)"):
        assert categories(term) == ["Non-melanoma skin cancer"]


def test_latin_words_are_found_beside_chinese_ones():
    assert "VTE" in categories("左下肢DVT形成")
    assert categories("ALT轻度升高") == ["Hepatic event"]


def test_gram_negative_is_no_negative_test():
    assert "Serious infection" in categories("Gram-negative sepsis")
    assert "Serious infection" in categories("革兰阴性杆菌败血症")
    assert categories("SARS-CoV-2 test negative") == []


def test_ten_thousand_terms_are_read_in_seconds():
    known = [term for category in TERMS["belong"] for term in terms("belong", category)]
    every = pd.Series([f"{term} {i}" for i in range(50) for term in known][:10_000])
    start = time.perf_counter()
    named(pd.DataFrame({"term": every}))
    assert time.perf_counter() - start < 10


def test_case_width_and_spaces_do_not_matter():
    for term in ("ＣＫ升高", "ck  升高", "\nCK升高 "):
        assert categories(term) == ["CK increased or rhabdomyolysis"]


def test_a_missing_term_names_nothing():
    found = named(pd.DataFrame({"term": ["acne", None, "带状疱疹"]}, index=[7, 8, 9], dtype="str"))
    assert sorted(found["event"].unique()) == [7, 9]
    assert named(pd.DataFrame({"term": []}, dtype="str")).empty


def test_long_and_hostile_terms_are_read_in_time():
    terms = ["a" * 10_000, "alt " * 2_500, "vaccin" * 1_600, "<b>acne</b>\x00", "高" * 10_000]
    found = named(pd.DataFrame({"term": terms}))
    assert found.loc[found["category"] == "Acne", "event"].tolist() == [3]


def test_a_serious_infection_is_an_infection_that_is_serious():
    events = pd.DataFrame(
        {
            "term": ["pneumonia", "pneumonia", "pneumonia", "fracture"],
            "serious": ["yes", "no", None, "yes"],
        }
    )
    found = named(events)
    assert caught(found, events)["event"].tolist() == [0]
    assert caught(found, events.drop(columns="serious")).empty


TIME = pd.DataFrame({"days": [100.0, 100.0, 50.0]}, index=["P1", "P2", "P3"])


def emergent(*rows, **more):
    table = pd.DataFrame(rows, columns=["study_id", "term", "onset"])
    return table.assign(**more)


def rows_of(events):
    return results.frame(special_interest.rows(events, TIME))


def test_every_category_is_shown_with_bounds_where_nobody_had_one():
    rows = rows_of(emergent(serious=pd.Series(dtype="str")).astype({"onset": float}))
    listed = list(names()["category"])
    for statistic in ("patients", "upper_one_sided", "rule_of_three", "rate_upper_one_sided"):
        rows_here = results.pick(rows, outcome=["interest", "common"], statistic=statistic)
        assert rows_here["level"].tolist() == listed
        assert set(rows_here["events"]) == {0}
    assert results.pick(rows, outcome="uncaught").empty


def test_categories_and_what_none_catches_worked_by_hand():
    events = emergent(
        ("P1", "Herpes zoster", 10.0),
        ("P1", "带状疱疹", 40.0),
        ("P2", "shingles", 20.0),
        ("P2", "acne", 5.0),
        ("P3", "Herpes simplex", 7.0),
        ("P3", "strange feeling", 9.0),
        ("P1", "strange feeling", 9.0),
        ("P1", "fracture", 9.0),
        serious=["no"] * 5 + ["yes"] + ["no"] * 2,
        soc=[None] * 7 + ["Injury"],
    )
    rows = rows_of(events)
    zoster = {"outcome": "interest", "level": "Herpes zoster"}
    assert results.one(rows, **zoster, statistic="patients")["events"] == 2
    assert results.one(rows, **zoster, statistic="event_count")["estimate"] == 3
    rate = results.one(rows, **zoster, statistic="rate_per_100_py")
    assert rate["estimate"] == pytest.approx(200 / ((10 + 20 + 50) / 365.25))
    serious = results.one(rows, outcome="interest", level="Serious infection", statistic="patients")
    assert (serious["events"], serious["note"]) == (0, "")
    assert results.one(rows, outcome="common", level="Acne", statistic="patients")["events"] == 1
    left = results.pick(rows, outcome="uncaught")
    assert left[["level", "statistic", "estimate", "n"]].values.tolist() == [
        ["strange feeling", "patients", 2.0, 3],
        ["strange feeling", "event_count", 2.0, 3],
        ["Herpes simplex", "patients", 1.0, 3],
        ["Herpes simplex", "event_count", 1.0, 3],
    ]
    assert left["ci_low"].isna().all()


def test_the_terms_behind_a_category_worked_by_hand():
    events = emergent(
        ("P1", "GPT high", 1.0),
        ("P1", "ALT increased", 2.0),
        ("P2", "ALT increased", 3.0),
        ("P3", "alt increased", 4.0),
        ("P1", "alt increased", 5.0),
        ("P1", "alt increased", 6.0),
        ("P2", "Acne", 7.0),
        ("P3", "Pneumonia", 8.0),
        ("P3", "Influenza", 9.0),
        ("P1", "strange feeling", 9.0),
        ("P1", None, 9.0),
        ("P1", "DILI", 9.0),
        serious=["no"] * 7 + ["yes"] + ["no"] * 4,
        grade=pd.array([1] * 12, dtype="Int64"),
    )
    rows = rows_of(events)
    listed = results.pick(rows, outcome="interest_term")
    wide = listed.pivot(index=["population", "level"], columns="statistic", values="estimate")
    wide = wide.loc[list(dict.fromkeys(zip(listed["population"], listed["level"], strict=True)))]
    assert wide.reset_index()[
        ["population", "level", "patients", "event_count"]
    ].values.tolist() == [
        ["interest=Serious infection", "Pneumonia", 1, 1],
        ["interest=Hepatic event", "alt increased", 2, 3],
        ["interest=Hepatic event", "ALT increased", 2, 2],
        ["interest=Hepatic event", "DILI", 1, 1],
        ["interest=Hepatic event", "GPT high", 1, 1],
        ["interest=Acne", "Acne", 1, 1],
    ]
    assert (listed["estimate"] == listed["events"]).all() and set(listed["n"]) == {3}
    assert set(listed["statistic"]) == {"patients", "event_count"}
    assert listed[["ci_low", "ci_high"]].isna().all(axis=None)
    whole = results.one(rows, outcome="interest", level="Hepatic event", statistic="event_count")
    assert whole["estimate"] == 7
    assert results.pick(rows_of(events.iloc[:0]), outcome="interest_term").empty
    again = results.pick(rows_of(events[::-1]), outcome="interest_term")
    pd.testing.assert_frame_equal(again.reset_index(drop=True), listed.reset_index(drop=True))


def test_a_category_of_which_nothing_is_known_lists_no_terms():
    rows = rows_of(emergent(("P1", "pneumonia", 1.0)))
    assert results.pick(rows, outcome="interest_term").empty


@pytest.mark.parametrize("serious", [None, pd.array([None, None], dtype="str")])
def test_whether_events_were_serious_was_not_recorded(serious):
    events = emergent(("P1", "pneumonia", 1.0), ("P2", "acne", 2.0))
    rows = rows_of(events if serious is None else events.assign(serious=serious))
    row = results.one(rows, outcome="interest", level="Serious infection", statistic="patients")
    assert np.isnan(row["estimate"])
    assert row["code"] == "not_recorded"
    found = results.pick(rows, outcome="interest", statistic="upper_one_sided")
    assert set(found["level"]) == {
        category
        for outcome, category, needs in names().to_numpy()
        if outcome == "interest" and not needs
    }


def test_whether_events_were_serious_was_recorded_in_part():
    events = emergent(
        ("P1", "pneumonia", 1.0),
        ("P2", "cellulitis", 2.0),
        ("P3", "acne", 2.0),
        serious=["yes", None, None],
    )
    row = results.one(
        rows_of(events), outcome="interest", level="Serious infection", statistic="patients"
    )
    assert row["events"] == 1
    assert row["note"] == "seriousness not recorded for 1 of 2 events"
    assert row["code"] == "gap:1/2"


def test_one_event_counts_once_in_a_category_that_two_patterns_name():
    rows = rows_of(emergent(("P1", "Anaemia, haemoglobin decreased 贫血", 1.0), serious=["no"]))
    row = results.one(rows, outcome="interest", level="Anaemia", statistic="event_count")
    assert row["estimate"] == 1
