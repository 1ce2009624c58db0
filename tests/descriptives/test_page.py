"""Page 02: Table 1, the flow, and who the patients are."""

import pandas as pd

from ppp import results
from ppp.descriptives import sentences, tables


def test_table_one_leaves_out_empty_levels_and_the_subgroups_own_columns(rows, study):
    scale = [("0", 0), ("3", 18), ("4", 8)]
    levels = [
        results.row("count", "pga", "count", k, level=x, week=0, n=26, events=k) for x, k in scale
    ]
    missing = results.row("count", "pga", "n_missing", 2, week=0, n=26)
    smd = results.row("balance", "pga", "smd", -0.63, week=0, group="sapho=yes-no")
    made = results.frame([*levels, missing, smd])
    frame = tables.baseline(pd.concat([rows, made], ignore_index=True), study).frame
    pga = frame[frame["field"].str.startswith("PGA")]
    assert pga["what"].tolist() == ["All levels together", "3", "4", "n (missing)"]
    assert pga["smd"].tolist()[:2] == ["−0.63", ""]
    assert pga["all"].tolist()[1] == "18/26 (69.2%)"
    assert set(frame.loc[frame["field"] == "SAPHO syndrome", "sapho=yes"]) == {""}


def test_table_one_shows_the_most_frequent_of_very_many_levels_and_says_so(rows, study):
    often = [1000 - k for k in range(100)]
    made = results.frame(
        results.row("count", "comorbidities", "count", k, level=f"ill {k}", n=5000, events=k)
        for k in often[::-1]
    )
    table = tables.baseline(pd.concat([rows, made], ignore_index=True), study)
    shown = table.frame.loc[table.frame["field"] == "Comorbidities", "what"]
    assert list(shown) == [f"Ill {k}" for k in often[59::-1]]
    assert "Comorbidities: 40 less frequent not shown." in table.notes


def test_table_one_has_groups_and_standardised_difference(rows, study):
    table = tables.baseline(rows, study)
    assert table.labels["sapho=yes"].endswith("\nn = 8")
    age = table.frame[table.frame["field"].str.startswith("Age")].iloc[0]
    assert (age["all"], age["smd"]) == ("36.2 (10.5)", "−0.12")
    assert table.frame.set_index("what").loc["Female", "all"] == "18 (64.3%)"


def test_shares_have_denominators_and_say_where_some_are_missing(rows, study):
    said = str(sentences.population(rows, study))
    assert "18 of 28 (64.3%) were female and 10 of 28 (35.7%) were male." in said
    assert "**8 of 28** (28.6%) had SAPHO syndrome." in said
    gap = (rows["outcome"] == "sex") & (rows["statistic"] == "n_missing")
    other = rows.assign(estimate=rows["estimate"].mask(gap, 2))
    assert "18 of 28 recorded (64.3%) were female" in str(sentences.population(other, study))


def test_text_from_data_is_escaped(rows, study):
    assert "moved &lt;away&gt;" in tables.flow(rows, study).to_html()
    assert "<away>" not in str(sentences.flow(rows, study))


def test_nothing_recorded_is_said_of_each_thing(empty, study):
    said = str(sentences.key_results(empty, study))
    for thing in ("Sex", "Age", "SAPHO syndrome", "PPPASI"):
        assert f"{thing} was not recorded" in said or f"{thing} at baseline was not" in said
    assert "Whether patients stopped treatment was not recorded." in said
