"""Programs decide by codes: notes and methods may be reworded, and pages stay what they are."""

import re

import pytest

from ppp import results

MARK = re.compile(r"⟦(\d+)⟧")


@pytest.mark.parametrize("cohort_name", ["demo", "gaps"])
def test_numbers_and_statements_do_not_hang_on_words(cohort_name, pages, show, monkeypatch):
    """Every note and method becomes a number, which the page shows where it shows the words."""
    words, before = [], pages(cohort_name)
    frame = results.frame

    def reworded(rows):
        made = frame(rows)
        return made.assign(**{name: made[name].map(marked) for name in ("note", "method")})

    def marked(text):
        return "; ".join(f"⟦{place(part)}⟧" if part else "" for part in text.split("; "))

    def unmarked(text):
        """Put words back; those of one row may have gone into the note of another."""
        while MARK.search(text):
            text = MARK.sub(lambda mark: words[int(mark[1])], text)
        return text

    def place(part):
        if part not in words:
            words.append(part)
        return words.index(part)

    monkeypatch.setattr(results, "frame", reworded)
    for page, texts in show(cohort_name).items():
        back = [unmarked(text) for text in texts]
        here = [text.casefold() for text in before[page]]
        assert [text.casefold() for text in back] == here, page
