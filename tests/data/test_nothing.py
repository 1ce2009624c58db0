"""A word for nothing is an empty entry, never an event, a comorbidity or a reason."""

import pytest

from ..approval import clean

NONE = '[endpoints]\nprimary = "none"\n'
WORDS = [
    "none",
    "No",
    "nil",
    "keine",
    "Nein",
    "kein",
    "无",
    "無",
    "没有",
    "-",
    "–",
    "None.",
    "ｎｏｎｅ",
]
PHRASES = [
    "no adverse events",
    "keine Nebenwirkungen",
    "无不良反应",
    "None reported",
    "no known AE",
]
NAMED = ["Nosebleed", "No appetite", "nonspecific rash", "keine Kraft", "无力", "Nil per os diet"]
PATIENTS = [["patient_id", "comorbidities", "stop_reason"]]


def events(workbook, *rows, toml="", source=""):
    head = ["patient_id", "term", "grade", "serious", "start_date"]
    patients = [["patient_id"], ["a"], ["b"]]
    sheets = {"patients": patients, "adverse_events": [head, *rows]}
    return clean(workbook(sheets, NONE + toml, source=source))


@pytest.mark.parametrize("word", [*WORDS, *PHRASES, "n/a", "nicht zutreffend"])
def test_no_event_is_not_an_event(workbook, word):
    data = events(workbook, ["a", word, None, "no", None], ["b", "acne", 1, "no", None])
    assert data.adverse_events["term"].tolist() == ["acne"]
    assert data.quarantine["rule"].tolist() == ["no_event"]


@pytest.mark.parametrize("word", NAMED)
def test_an_event_that_begins_like_it_is_one(workbook, word):
    assert events(workbook, ["a", word, 1, "no", None]).adverse_events["term"].tolist() == [word]


def test_words_alone_say_that_none_occurred(workbook):
    data = events(workbook, ["a", "none", None, None, None], ["b", "无", None, None, None])
    assert len(data.adverse_events) == 0 and len(data.quarantine) == 2


def test_a_row_that_says_more_of_an_event_lacks_its_name(workbook):
    data = events(workbook, ["a", "-", 3, "yes", None], ["b", "acne", 1, "no", None])
    assert data.quarantine["rule"].tolist() == ["no_term"]


@pytest.mark.parametrize("word", WORDS)
def test_a_list_and_a_reason_that_say_none(workbook, word):
    rows = [["a", word, word], ["b", f"{word}; asthma", "no benefit"], ["c", None, None]]
    patients = clean(workbook({"patients": [*PATIENTS, *rows]}, NONE)).patients
    assert patients["comorbidities"].tolist()[:2] == ["", "asthma"]
    assert patients["comorbidities"].isna().tolist() == [False, False, True]
    assert patients["stop_reason"].isna().tolist() == [True, False, True]


def test_it_is_a_notice(workbook):
    data = clean(workbook({"patients": [*PATIENTS, ["a", "none", "无"]]}, NONE))
    notices = data.queries[["cell", "rule", "action"]].to_numpy().tolist()
    assert sorted(notices) == [["B2", "word_for_none", "kept"], ["C2", "word_for_none", "kept"]]


def test_a_mark_that_study_toml_lists_is_not_known(workbook):
    rows = [*PATIENTS, ["a", "-", None], ["b", "none", None]]
    patients = clean(workbook({"patients": rows}, NONE, source='missing = ["-"]')).patients
    assert patients["comorbidities"].isna().tolist() == [True, False]


def test_a_blank_is_missing_unless_study_toml_says_that_it_means_none(workbook):
    rows = [*PATIENTS, ["a", None, None], ["b", "asthma", None], ["c", "n/a", None]]
    patients = clean(workbook({"patients": rows}, NONE)).patients
    assert patients["comorbidities"].count() == 1
    source = 'blank_means_none = ["comorbidities"]'
    data = clean(workbook({"patients": rows}, NONE, source=source))
    assert data.patients["comorbidities"].tolist()[:2] == ["", "asthma"]
    assert data.patients["comorbidities"].count() == 2
    notice = data.queries[data.queries["rule"] == "blank_as_none"].iloc[0]
    assert (notice["cell"], notice["raw"], notice["cells"]) == ("B:B", "1 blank", 0)


@pytest.mark.parametrize("kind", ["text", "list"])
def test_spellings_that_differ_in_capitals_are_one(workbook, kind):
    rows = [
        ["patient_id", "comorbidities"],
        ["a", "Asthma; Gout"],
        ["b", "asthma"],
        ["c", "Asthma"],
    ]
    if kind == "text":
        rows = [["patient_id", "trait"], ["a", "Asthma"], ["b", "asthma "], ["c", "Asthma"]]
    toml = NONE + '[extra.patients]\ntrait = { heading = "trait" }\n' if kind == "text" else NONE
    data = clean(workbook({"patients": rows}, toml))
    assert data.patients.iloc[:, 1].str.split("; ").str[0].tolist() == ["Asthma"] * 3
    assert "spelling_joined" in data.queries["rule"].tolist()


def test_terms_are_spelt_alike_and_then_repeat(workbook):
    rows = [["a", term, 1, "no", None] for term in ("Acne", "acne", "Acne")]
    data = events(workbook, *rows)
    assert data.adverse_events["term"].tolist() == ["Acne"] * 3
    assert data.queries["rule"].value_counts().to_dict() == {
        "exact_repeat": 2,
        "spelling_joined": 1,
    }
