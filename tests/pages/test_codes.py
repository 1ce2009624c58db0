"""Programs decide by codes: notes and methods may be reworded, and pages stay what they are."""

import re

import pytest

from ppp import results

MARK = re.compile(r"⟦(\d+)⟧")


@pytest.mark.parametrize("cohort_name", ["demo", "gaps", "dlqi", "one_patient"])
def test_numbers_and_statements_do_not_hang_on_words(cohort_name, pages, show, monkeypatch):
    """Every note and method becomes a number, which the page shows where it shows the words."""
    words = []
    frame = results.frame

    def reworded(rows):
        made = frame(rows)
        for column in ("note", "method"):
            for text in made[column].unique():
                if text and text not in words:
                    words.append(text)
            made[column] = made[column].map(
                lambda text: f"⟦{words.index(text)}⟧" if text else "", na_action="ignore"
            )
        return made

    monkeypatch.setattr(results, "frame", reworded)
    for page, texts in show(cohort_name).items():
        back = [MARK.sub(lambda mark: words[int(mark[1])], text) for text in texts]
        here = [text.casefold() for text in pages(cohort_name)[page]]
        assert [text.casefold() for text in back] == here, page
