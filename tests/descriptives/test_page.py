"""Page 02: Table 1, the flow, and who the patients are."""

from dataclasses import replace

import pandas as pd
import pytest

from ppp import results
from ppp.descriptives import figures, sentences, tables
from ppp.descriptives import rows as descriptives
from ppp.descriptives.rows.balance import balance
from ppp.estimators.estimate import Estimate


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


def test_a_share_says_of_how_many_the_field_is_unknown(rows, study):
    said = str(sentences.population(rows, study))
    assert "18 of 28 (64.3%) were female." in said
    assert "**8 of 28** (28.6%) had SAPHO syndrome." in said
    gap = (rows["outcome"] == "sex") & (rows["statistic"] == "n_missing")
    other = rows.assign(estimate=rows["estimate"].mask(gap, 2))
    assert "(64.3%) were female; sex not known in 2." in str(sentences.population(other, study))


def test_a_mean_gives_its_n_only_where_it_is_not_the_cohorts(rows, study):
    assert "**36.2** years (SD 10.5), range" in str(sentences.population(rows, study))
    age = (rows["outcome"] == "age_years") & (rows["group"] == "all")
    fewer = rows.assign(n=rows["n"].mask(age, 13))
    gap = age & (rows["statistic"] == "n_missing")
    fewer = fewer.assign(estimate=fewer["estimate"].mask(gap, 15))
    assert "years (SD 10.5; n = 13), range" in str(sentences.population(fewer, study))


def test_codes_that_were_not_understood_are_not_called_not_recorded(empty, study):
    lost = results.row("query", "sex", "count", 12, level="not_a_choice", code="missing", events=12)
    said = str(sentences.population(results.frame([lost]), study))
    assert "Sex is unknown: none of the 12 values recorded could be read" in said
    assert "Age was not recorded." in said and "female" not in said


def test_stops_before_and_after_the_primary_week_are_told_apart(study):
    starts = pd.to_datetime(["2023-01-01"] * 6)
    patients = pd.DataFrame(
        {
            "study_id": list("abcdef"),
            "start_date": starts,
            "stop_date": starts + pd.to_timedelta([83, 84, 200, None, None, None], "D"),
            "stop_reason": ["adverse event", "remission", None, "other", None, None],
        }
    ).astype({"stop_reason": "str"})
    rows = descriptives.disposition(patients, None, study)
    assert str(sentences.stops(rows, study)) == (
        "1 patient had a stop of treatment dated before week 12: adverse event (1). "
        "2 patients stopped at week 12 or later: reason not recorded (1) and remission (1). "
        "1 patient stopped on an unknown date: other (1)."
    )
    alt = figures.flow(rows, study).alt
    assert "1 stopped treatment, before week 12, 1 adverse event" in alt


def test_prior_treatments_worked_by_hand(study):
    listed = ["acitretin; methotrexate", "acitretin", None, "a; b; c", "other; other", ""]
    patients = pd.DataFrame({"prior_treatments": pd.Series(listed, dtype="str")})
    rows = descriptives.prior_treatments(patients)
    assert str(sentences.prior_treatments(rows, study)) == (
        "Prior treatments per patient: median **2.0** (range 0 to 3; n = 5); "
        "none in 1, 1 in 1, 2 in 2 and more than 2 in 1."
    )


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (["2022-07-06", "2023-12-21"], " between July 2022 and December 2023."),
        (["2022-07-06", "2022-07-30"], " in July 2022."),
        (["2022-07-06", None], " in July 2022 (date known for 1)."),
        ([None, None], "**2 patients** started upadacitinib."),
    ],
)
def test_the_period_is_that_of_the_first_doses(days, said, study):
    patients = pd.DataFrame({"study_id": ["a", "b"], "start_date": pd.to_datetime(days)})
    rows = [descriptives.disposition(patients, None, study), descriptives.period(patients)]
    assert said in str(sentences.population(pd.concat(rows), study))


def test_what_study_toml_states_is_printed_and_the_rest_is_not_stated(study):
    assert "Not stated by the authors: setting," in str(sentences.circumstances(study))
    told = replace(study, setting="one clinic", ethics="no. 12 <b>")
    said = str(sentences.circumstances(told))
    assert "- **Setting:** one clinic\n" in said and "<b>" not in said
    assert "Not stated by the authors: how adverse events were sought" in said


def test_large_differences_stand_beside_those_of_chance(make_cohort, study):
    patients, visits = make_cohort(7, n=40, missing=0)
    rows = descriptives.balance(patients, study, visits=visits)
    signed = results.pick(rows, statistic="smd").dropna(subset=["estimate"])
    large = results.one(rows, statistic="large")
    assert (large["events"], large["n"]) == ((signed["estimate"].abs() > 0.2).sum(), len(signed))
    chance = results.one(rows, statistic="large_by_chance")["estimate"]
    assert 0 < chance < len(signed)
    said = str(sentences.balance(rows, study))
    assert f"{large['events']} exceeded 0.2 in size; about {chance:.0f} would by chance" in said


def test_text_from_data_is_escaped(rows, study):
    reason = results.row(
        "flow", "stop_reason", "count", 1, level="moved <away>", population="stopped_after"
    )
    stop = results.row("flow", "patients", "count", 1, level="stopped_after", week=12, events=1)
    rows = pd.concat([rows, results.frame([stop, reason])])
    assert "moved" in str(sentences.stops(rows, study))
    assert "<away>" not in str(sentences.stops(rows, study))


def test_nothing_recorded_is_said_of_each_thing(empty, study):
    said = str(sentences.key_results(empty, study))
    for thing in ("Sex", "Age", "SAPHO syndrome"):
        assert f"{thing} was not recorded" in said
    assert "No patient has a baseline value of PPPASI." in said
    assert "Whether patients stopped treatment was not recorded." in said


def test_a_difference_whose_interval_excludes_0_is_named(study):
    values = {"sex": (-0.9, 0.1), "smoker": (0.2, 1.6), "age_years": (-1.5, -0.1)}
    rows = results.frame(
        results.row("balance", code, "smd", Estimate((low + high) / 2, low, high, 0.95, n=28))
        for code, (low, high) in values.items()
    )
    said = sentences.balance(rows, study).text
    assert "The interval excludes 0 for Smoker and Age" in said and "Sex" not in said


def test_what_does_not_vary_is_not_counted_among_the_differences(make_cohort, study):
    patients, visits = make_cohort(2, n=28)
    constant, without = (patients.assign(age_years=age) for age in (40.0, None))
    counted = [
        results.one(descriptives.balance(table, study, visits=visits), statistic="large")["n"]
        for table in (patients, constant, without)
    ]
    assert counted[0] > counted[1]
    assert counted[1] == counted[2]


def test_differences_of_one_size_are_all_named_as_the_largest(study):
    made = [("sex", -0.9), ("bmi", 0.2), ("smoker", 0.9)]
    where = {"analysis": "balance", "statistic": "smd", "group": "sapho=yes-no"}
    rows = results.frame(results.row(outcome=x, value=size, **where) for x, size in made)
    said = sentences.balance(rows, study).text
    assert said == "The largest, tied, were Sex and Smoker: **0.90**."
    assert "The largest was Smoker: **0.90**." in sentences.balance(rows.iloc[1:], study).text


def test_shares_of_entries_say_of_how_many_they_are(rows, study):
    made = [
        results.row("count", "comorbidities", "count", 5, level="ill", n=18, events=5),
        results.row("count", "comorbidities", "n_missing", 10, n=18),
    ]
    table = tables.baseline(pd.concat([rows, results.frame(made)], ignore_index=True), study)
    assert "Comorbidities: of 18 with an entry; 10 not recorded." in table.notes


def test_a_group_of_one_patient_has_one_sentence_and_no_column_of_differences(make_cohort, study):
    patients, visits = make_cohort(2)
    one = patients.index == patients.index[patients["sapho"].notna()][0]
    patients["sapho"] = patients["sapho"].mask(patients["sapho"].notna(), "no").mask(one, "yes")
    made = balance(patients, study, visits=visits)
    assert made["code"].tolist() == ["one_patient"] and made["estimate"].isna().all()
    assert sentences.balance(made, study).text == "One patient with SAPHO syndrome: no comparison."
    traits = [
        descriptives.summary(patients, None, study, group=group)
        for group in ("all", "sapho=yes", "sapho=no")
    ]
    shown = tables.baseline(pd.concat(traits), study).frame
    assert len(shown) and not [name for name in shown if name.startswith("sapho=")]
