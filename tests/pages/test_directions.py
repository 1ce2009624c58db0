"""A direction is said only where its interval shows it, and of the group that the rows name."""

import re

import pytest

from ppp import results
from ppp.catalogue.outcomes import key_measures, outcomes
from ppp.report import names
from ppp.study import Study

PAGES = ("02_descriptives", "05_sapho_subgroup")
CLEAR = re.compile(
    r"improved by \*\*|more favourable|points higher|did better in|fell from|rose from"
)
UNCLEAR = re.compile(r"which group did better is unclear|direction unclear")
LIMITS = re.compile(r"CI (−?[\d.,]+) to (−?[\d.,]+)")


def parts(texts):
    """Sentences, and the parts of a list with semicolons that each hold an interval."""
    for text in texts:
        for sentence in re.split(r"(?<=[a-z)*][.:]) (?=[A-Z*])|\n", text):
            yield from sentence.split("); ")


def limits(said):
    return [float(x.replace("−", "-").replace(",", "")) for x in LIMITS.search(said).groups()]


def test_a_direction_is_said_only_where_the_interval_printed_shows_it(pages, name):
    for page in PAGES:
        for said in parts(pages(name)[page]):
            if UNCLEAR.search(said) and LIMITS.search(said):
                low, high = limits(said)
                assert low <= 0 <= high, said
            elif CLEAR.search(said):
                low, high = limits(said)
                assert high <= 0 if "fell" in said else low >= 0, said


def test_the_group_that_did_better_is_the_one_of_the_rows(told, cohort, name, tmp_path):
    texts, _, rows = told(name)
    study = Study.load(cohort(name), tmp_path)
    said = " ".join(texts["05_sapho_subgroup"])
    for code, key in key_measures(study):
        where = {"outcome": code, "week": study.schedule.primary, "statistic": "welch"}
        row = results.first(results.pick(rows, analysis="group_difference"), **where)
        if key != "change" or row is None or not (row["ci_low"] > 0 or row["ci_high"] < 0):
            continue
        ahead = outcomes(study)[code].sign * row["estimate"] < 0
        first, second = names.pair(study, row["group"])
        better, other = (first, second) if ahead else (second, first)
        assert re.search(rf"(patients|the group) {better}.*than.*{other}", said), (code, better)


def test_no_statement_speaks_of_equality(pages, name):
    for page in PAGES:
        for said in pages(name)[page]:
            assert not re.search("equality|no difference|equal in", said), said


@pytest.mark.parametrize("cohort_name", ["one_group_clear"])
def test_groups_that_lie_apart_are_told_apart(cohort_name, pages):
    said = " ".join(pages(cohort_name)["05_sapho_subgroup"])
    assert "more favourable in patients with SAPHO syndrome than in patients without" in said
    assert "percentage points higher in patients with SAPHO syndrome" in said
