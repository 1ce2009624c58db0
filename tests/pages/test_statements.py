"""Every statement of every page, over many cohorts: nothing hollow, nothing forbidden."""

import re

TOML = re.compile(r'= \{ "[^{}]*" \}')  # a line of study.toml
HOLLOW = re.compile(
    r"\b(nan|NaN|inf|None|<NA>|NaT)\b|[{}]|\( *\)|\(;|; *\)|\*\*\*\*|  |, ,|,\.| [.,;:](?!\d)"
    r"|\bby \*\*0\.00\*\*(?:(?!\. [A-Z]).)*which includes"
)
OF_FEW = re.compile(
    r"(?:\b\d of |\b\d/)[1-4](?!\d)\*{0,2}(?: patients)?(?: \(|, )<?\d[\d.]*(?:%| \[)"
)
SPEAK_OF_NO_SCORE = ("01_cleaning", "04_safety", "06_published_figures")
FORBIDDEN = re.compile(
    r"no difference|similar|equally effective|p ?= ?NS\b|treatment effect|\bproves?\b|proven|"
    r"significant|cured|safe and effective|well tolerated|demonstrat\w+ that",
    re.IGNORECASE,
)


def test_no_statement_is_hollow_or_claims_too_much(pages, name):
    for page, texts in pages(name).items():
        for said in texts:
            prose = TOML.sub("…", said)
            assert not HOLLOW.search(prose), f"{page}: {HOLLOW.search(prose)!r} in {said!r}"
            assert not FORBIDDEN.search(said), f"{page}: {FORBIDDEN.search(said)!r} in {said!r}"


def test_counts_of_fewer_than_five_have_no_percentage(pages, name):
    for page, texts in pages(name).items():
        for said in texts:
            assert not OF_FEW.search(said), f"{page}: {OF_FEW.search(said)!r} in {said!r}"


def test_no_output_says_a_statement_twice(pages, name):
    for page, texts in pages(name).items():
        for said in texts:
            sentences = [s for s in re.split(r"(?<=[.!?]) |\n", said) if len(s) > 40]
            assert len(sentences) == len(set(sentences)), f"{page}: {said!r}"


def test_a_study_of_another_score_never_speaks_of_pppasi(pages):
    """EASI is the primary endpoint; subgroup and scores are others too."""
    for page, texts in pages("easi").items():
        assert "EASI" in " ".join(texts) or page in SPEAK_OF_NO_SCORE, page
        assert not re.search("PPPASI|DLQI|SAPHO", " ".join(texts)), page
