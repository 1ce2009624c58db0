"""Page 05: which group did better, or that this is unclear; two groups are never called alike."""

import pandas as pd
import pytest

from ppp import results
from ppp.estimators.estimate import Estimate
from ppp.subgroup import figures, sentences, tables
from ppp.subgroup import rows as subgroup

CONTRAST = {"group": "sapho=yes-no", "week": 12, "missing": "observed"}


def difference(statistic, value, outcome="pppasi"):
    return results.row("group_difference", outcome, statistic, value, **CONTRAST)


def test_an_interval_that_holds_0_leaves_open_which_group_did_better(rows, study):
    said = str(sentences.group_difference(rows, study))
    assert said == (
        "Mean change in PPPASI at week 12 differed by **0.40** points (95% CI −1.20 to 2.00; "
        "n = 27; permutation test, p = 0.600): which group did better is unclear."
    )
    share = str(sentences.group_difference(rows, study, "pga01"))
    assert "differed by **−13.9** percentage points (95% CI −48.9 to 14.2" in share
    assert share.endswith("which group did better is unclear.")


WAYS = [(-4.5, "with", "without"), (4.5, "without", "with")]


@pytest.mark.parametrize(("change", "better", "other"), WAYS)
def test_an_interval_on_one_side_says_which_group_improved_more(change, better, other, study):
    value = Estimate(change, change - 0.9, change + 0.9, 0.95, n=28)
    both = [
        results.row(
            "change", "pppasi", "mean_change", x, group=f"sapho={g}", week=12, missing="observed"
        )
        for g, x in (("yes", -6.0 + change), ("no", -6.0))
    ]
    rows = results.frame([difference("welch", value), *both])
    assert str(sentences.group_difference(rows, study)) == (
        f"At week 12, patients {better} SAPHO syndrome had improved by **4.50** points more in "
        f"PPPASI than patients {other} SAPHO syndrome (95% CI 3.60 to 5.40; n = 28)."
    )
    worse = rows.assign(estimate=rows["estimate"].abs())
    alone = results.pick(rows, analysis="group_difference")
    for other_rows in (results.frame([difference("welch", value)]), alone):
        said = str(sentences.group_difference(other_rows, study))
        assert f"**4.50** points more favourable in patients {better} SAPHO" in said
    assert "improved" not in str(sentences.group_difference(worse, study))


def test_where_more_is_better_the_group_that_rose_more_did_better(make_study):
    study = make_study(
        '[extra.visits]\nqol = { heading = "Q", label = "QoL", better = "higher" }\n'
    )
    value = Estimate(4.5, 3.6, 5.4, 0.95, n=28)
    rows = results.frame([difference("welch", value, "qol")])
    assert "more favourable in patients with SAPHO" in str(
        sentences.group_difference(rows, study, "qol")
    )


@pytest.mark.parametrize(
    ("share", "better", "other"), [(-0.125, "without", "with"), (0.125, "with", "without")]
)
def test_a_proportion_is_higher_in_the_group_that_responded_more(share, better, other, study):
    value = Estimate(share, share - 0.1, share + 0.1, 0.95, n=28)
    rows = results.frame([difference("newcombe", value, "pga01")])
    assert str(sentences.group_difference(rows, study, "pga01")) == (
        "The proportion with PGA 0/1 at week 12 was **12.5** percentage points higher in patients "
        f"{better} SAPHO syndrome than in patients {other} SAPHO syndrome "
        "(95% CI 2.5 to 22.5; n = 28)."
    )


@pytest.mark.parametrize(
    ("hits", "said"), [(0, "Of 8 patients with a value, none"), (4, "All 8 patients with a value")]
)
def test_nobody_or_everybody_is_said_in_place_of_a_difference_of_0(hits, said, study):
    shares = [
        results.row(
            "responder",
            "pga01",
            "clopper_pearson",
            hits / 4,
            events=hits,
            n=4,
            group=f"sapho={g}",
            week=12,
            missing="observed",
        )
        for g in ("yes", "no")
    ]
    value = Estimate(0.0, -0.49, 0.49, 0.95, n=8)
    rows = results.frame([difference("newcombe", value, "pga01"), *shares])
    assert str(sentences.group_difference(rows, study, "pga01")).startswith(said)


def test_every_difference_whose_interval_excludes_0_is_a_key_result(rows, study):
    """Any outcome counts, asked for or not, and the adjusted difference; the unclear share one."""
    unsure, sure = Estimate(1.0, -1, 3, 0.95, n=27), Estimate(-0.5, -0.81, -0.08, 0.95, n=16)
    made = [difference("welch", unsure, code) for code in ("dlqi", "pga")]
    made += [difference("newcombe", sure, "pppasi75"), difference("ancova", unsure)]
    made += [difference("newcombe", unsure, code) for code in ("pppasi50", "dlqi01")]
    others = rows[~rows["outcome"].isin(["dlqi", "pppasi75", "pga", "pppasi50", "dlqi01"])]
    rows = pd.concat([others, results.frame(made)], ignore_index=True)
    said = str(sentences.key_results(rows, study))
    assert "PPPASI-75 at week 12 was **50.0** percentage points higher in patients without" in said
    assert "One of 7 differences has an interval that excludes 0" in said
    assert "one such result among so many is not surprising" in said
    assert "No clear difference in DLQI, PPPASI-50 or PGA 0/1: the intervals include 0." in said
    assert said.count("which group did better is unclear") == 1 and "Adjusted" not in said
    few = rows[~rows["outcome"].isin(["dlqi", "pga", "dlqi01"])]
    few = few.assign(ci_high=few["ci_high"].mask(few["statistic"] == "ancova", -0.1))
    told = str(sentences.key_results(few, study))
    assert "One of 4" in told and "not surprising" not in told
    assert "- Adjusted for the baseline score (ANCOVA, HC3), patients" in told


def test_a_group_that_is_not_compared_has_no_footnote_on_the_differences(rows, study):
    assert any("see the differences" in note for note in tables.subgroup(rows, study).notes)
    apart = rows[rows["analysis"] != "group_difference"]
    assert not any("see the differences" in note for note in tables.subgroup(apart, study).notes)


def test_outcomes_of_the_syndrome_worked_by_hand(study):
    """Pain 8, 6, 7 to 3, 2, 1: changes −5, −4, −6, mean −5, SD 1, t(2) 4.303 × 1/√3 = 2.48."""
    ids = list("abcdef")
    scores = {0: [8.0, 6, 7, 0, 0, 0], 12: [3.0, 2, 1, 0, 0, None]}
    visits = pd.concat(
        pd.DataFrame({"study_id": ids, "week": week, "pain_vas": x}) for week, x in scores.items()
    )
    patients = pd.DataFrame({"study_id": ids, "sapho": ["yes"] * 3 + ["no"] * 3})
    rows = subgroup.sapho_outcomes(visits, patients, study)
    at = results.pick(rows, week=12).set_index("statistic")
    assert at.loc[["mean_before", "mean_after"], "estimate"].tolist() == [7.0, 2.0]
    change = at.loc["mean_change"]
    assert (change["ci_low"], change["ci_high"]) == pytest.approx((-7.484, -2.516), abs=1e-3)
    said = str(sentences.sapho_outcomes(rows, study))
    assert "Pain VAS fell from 7.00 to 2.00 points (**−5.00**; 95% CI −7.48 to −2.52; n = 3" in said
    line = tables.sapho(rows, study).frame.iloc[0].tolist()
    assert line[:4] == ["Pain VAS, points", "3", "7.00", "2.00"]
    assert line[4] == "−5.00 (−7.48 to −2.52)"


def test_features_of_the_syndrome_are_counted_among_those_who_have_it(study):
    patients = pd.DataFrame(
        {
            "sapho": ["yes", "yes", "yes", "no"],
            "sapho_chest_wall": ["yes", "no", None, "yes"],
            "sapho_spine": [None] * 4,
        }
    ).astype("str")
    rows = subgroup.sapho_features(patients, study)
    assert "Anterior chest wall in **1 of 2**." in str(sentences.sapho_features(rows, study))
    assert set(rows["outcome"]) == {"sapho_chest_wall"}
    none = subgroup.sapho_features(patients[["sapho"]], study)
    assert str(sentences.sapho_features(none, study)) == (
        "Features of the syndrome (anterior chest wall, spine, peripheral joints and imaging "
        "signs) were not recorded."
    )


def test_another_subgroup_has_no_outcomes_of_the_syndrome(make_study):
    study = make_study('[subgroup]\ncolumn = "sex"\nvalue = "male"\n')
    patients = pd.DataFrame({"study_id": ["a"], "sex": ["male"], "sapho": ["yes"]}).astype("str")
    assert subgroup.sapho_outcomes(None, patients, study) is None
    assert subgroup.sapho_features(patients, study) is None
    assert subgroup.sapho_outcomes(None, patients, make_study()) is None


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
    assert "Sex: male minus Sex: female" in tables.group_difference(swapped, study).caption
    said = str(sentences.exploratory(swapped, study))
    assert "patients in the group Sex: male with" in said and "SAPHO" not in said


def test_adjustment_that_turns_the_sign_is_said(rows, study):
    adjusted = Estimate(-0.5, -1.6, 0.5, 0.95, n=27)
    rows = pd.concat([rows, results.frame([difference("ancova", adjusted)])], ignore_index=True)
    assert "has the opposite sign (0.40)" in str(sentences.ancova(rows, study))
    assert tables.ancova(rows, study).frame.iloc[0]["group"] == "−0.50 (−1.60 to 0.50)"


def test_groups_that_were_not_recorded_are_said_not_to_be(empty, study):
    assert "was not recorded" in str(sentences.exploratory(empty, study))
    for name in ("subgroup", "group_difference", "ancova", "detectable"):
        assert "recorded" in getattr(tables, name)(empty, study).to_html()


def test_the_forest_plot_draws_what_its_rows_hold(rows, study, monkeypatch):
    drawn = []
    monkeypatch.setattr(figures, "finish", lambda figure, *_, **words: drawn.append(figure))
    figures.forest(rows, study)
    (axes,) = drawn[0].axes
    shown = [line for line in axes.lines if len(line.get_ydata()) and line.get_linestyle() != ":"]
    points = [tuple(line.get_xdata()) for line in shown if line.get_marker() != "None"]
    spans = [tuple(line.get_xdata()) for line in shown if line.get_marker() == "None"]
    assert points == [(-8.3,), (-8.0,), (-8.4,), (0.4,)]
    assert spans == [(-9.4, -7.2), (-9.0, -7.0), (-9.4, -7.4), (-1.2, 2.0)]
    assert "negative: improvement" in axes.get_xlabel()
