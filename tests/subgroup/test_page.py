"""Page 05: two groups compared, never called alike."""

import pandas as pd

from ppp import results
from ppp.estimators.estimate import Estimate
from ppp.subgroup import sentences, tables

CONTRAST = {"group": "sapho=yes-no", "week": 12, "missing": "observed"}


def difference(statistic, value, outcome="pppasi"):
    return results.row("group_difference", outcome, statistic, value, **CONTRAST)


def test_a_difference_is_compatible_with_its_interval(rows, study):
    said = str(sentences.group_difference(rows, study))
    assert "compatible with differences from −1.20 to 2.00 points (95% CI; n = 27" in said
    assert said.count("−1.20") == 1 and "(with SAPHO syndrome minus without" in said
    share = str(sentences.group_difference(rows, study, "pga01"))
    assert "**−13.9** percentage points" in share


def test_the_contrast_is_said_once_in_the_key_results(rows, study):
    said = str(sentences.key_results(rows, study))
    assert said.count("minus") == 1 and len(said.splitlines()) <= 5


def test_one_patient_group_gives_a_reason(study):
    tiny = Estimate(n=1, note="fewer than 3 patients in a group")
    rows = results.frame(difference(s, tiny) for s in ("welch", "permutation", "hedges_g"))
    assert "not estimable" in str(sentences.group_difference(rows, study))
    table = tables.group_difference(rows, study)
    assert table.frame.iloc[0].tolist()[2:] == ["1", "–", "–", "–"]
    assert "–: not estimable (fewer than 3 patients in a group)." in table.notes


def test_any_two_valued_column_can_be_the_subgroup(make_study, rows):
    study = make_study('[subgroup]\ncolumn = "sex"\nvalue = "male"\n')
    codes = {"sapho=yes-no": "sex=male-female", "sapho=yes": "sex=male", "sapho=no": "sex=female"}
    swapped = rows.assign(group=rows["group"].replace(codes))
    assert "Sex: male minus Sex: female" in str(sentences.group_difference(swapped, study))
    assert "SAPHO" not in str(sentences.exploratory(swapped, study))


def test_adjustment_that_turns_the_sign_is_said(rows, study):
    adjusted = Estimate(-0.5, -1.6, 0.5, 0.95, n=27)
    rows = pd.concat([rows, results.frame([difference("ancova", adjusted)])], ignore_index=True)
    assert "has the other sign (0.40)" in str(sentences.ancova(rows, study))
    assert tables.ancova(rows, study).frame.iloc[0]["group"] == "−0.50 (−1.60 to 0.50)"


def test_groups_that_were_not_recorded_are_said_not_to_be(empty, study):
    assert "was not recorded" in str(sentences.exploratory(empty, study))
    for name in ("subgroup", "group_difference", "ancova", "detectable"):
        assert "recorded" in getattr(tables, name)(empty, study).to_html()
