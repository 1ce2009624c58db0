"""Small cohorts whose headlines once hid what is unknown, or spoke of another subgroup."""

import re

import pandas as pd
import pytest
from scipy import stats

from ppp import results
from ppp.cleaning import rows as account
from ppp.data import cleaning
from ppp.descriptives import rows as descriptives
from ppp.descriptives import sentences
from ppp.overview.index import abstract
from ppp.run import pipeline
from ppp.study import ROOT, Study

CASES = ROOT / "tests/cases"


def headline(name, tmp_path):
    """The abstract's first sentences, and what page 02 says of the patients."""
    study = Study.load(CASES / name, tmp_path)
    data = cleaning.clean(study)
    rows = pd.concat(
        [
            descriptives.disposition(data.patients, data.visits, study),
            descriptives.summary(data.patients, data.visits, study),
            descriptives.count(data.patients, data.visits, study),
            account.queries(data.queries),
        ]
    )
    return str(abstract(rows, study)), str(sentences.population(rows, study))


def test_the_denominator_is_of_those_who_are_known(tmp_path):
    """Counted in the CSV: 2 without sex, 3 without SAPHO, 1 without age, 2 without baseline."""
    index, page = headline("headline_with_unknowns", tmp_path)
    assert index.startswith(
        "A total of **12 patients** were included; 6 of 10 female (sex not known in 2); 4 of 9 "
        "with SAPHO syndrome (SAPHO syndrome not known in 3). Mean age was **53.8** years (SD "
        "10.3; n = 11)."
    )
    assert "6 of 10 (60.0%) were female; sex not known in 2." in page
    assert "**53.8** years (SD 10.3; n = 11)" in page
    assert "SD 5.25; n = 10)" in page


def test_nothing_is_said_of_a_sex_whose_codes_were_not_understood(tmp_path):
    index, page = headline("sex_codes_unknown", tmp_path)
    assert index.startswith(
        "A total of **12 patients** were included; 4 of 12 with SAPHO syndrome."
    )
    assert not re.search("male|[Ss]ex", index)
    assert "Sex is unknown: none of the 12 values recorded could be read" in page
    assert "Sex was not recorded" not in page


@pytest.mark.slow
def test_a_study_of_centres_speaks_of_centres(tmp_path):
    done = pipeline.run(pipeline.Options(str(CASES / "subgroup_is_a_centre"), str(tmp_path)))
    assert not done.failures
    for file in done.study.exports.glob("*.html"):
        assert "SAPHO" not in re.sub(
            r"<details class=\"code\">.*?</details>", "", file.read_text(), flags=re.S
        )
    page = (done.study.exports / "05_sapho_subgroup.html").read_text("utf-8")
    assert "<title>Subgroup comparison: Centre (exploratory)</title>" in page
    assert ">5 Subgroup: Centre</a>" in page
    row = results.one(
        results.load(done.study.exports / "results.csv"),
        analysis="group_difference",
        outcome="pppasi",
        statistic="welch",
        week=12,
    )
    folder = CASES / "subgroup_is_a_centre/csv"
    wide = pd.read_csv(folder / "visits.csv").pivot(
        index="patient_id", columns="week", values="pppasi"
    )
    centre = pd.read_csv(folder / "patients.csv").set_index("patient_id")["Centre"]
    change = wide[12] - wide[0]
    sides = [change[centre == name] for name in ("North", "South")]
    limits = stats.ttest_ind(*sides, equal_var=False).confidence_interval()
    assert row["group"] == "centre=North-South"
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(tuple(limits))
