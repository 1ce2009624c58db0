"""Published placebo arms: counts behind percentages, and what is said of a cohort beside them."""

import numpy as np
import pandas as pd
import pytest

from ppp import results
from ppp.efficacy import context
from ppp.efficacy.figures import context as figures
from ppp.efficacy.rows import placebo
from ppp.estimators.estimate import Estimate
from ppp.report.prose import Absent


def cohort(change, low, high, outcome="pppasi"):
    value = Estimate(change, low, high, 0.95, n=28)
    where = {"week": 12, "missing": "observed"}
    share = Estimate(24 / 28, 0.673, 0.960, 0.95, n=28, events=24)
    return results.frame(
        [
            results.row("change", outcome, "mean_change", value, **where),
            results.row("responder", "pppasi50", "clopper_pearson", share, week=12, missing="nri"),
        ]
    )


def beside(rows, study):
    return pd.concat([rows, placebo.placebo(rows, study)], ignore_index=True)


@pytest.fixture
def rows(page_study):
    return beside(cohort(-8.3, -9.22, -7.38), page_study)


def test_every_arm_has_its_source_and_a_count_that_prints_the_same(rows):
    arms = placebo.arms()
    assert arms[["trial", "week", "entry", "outcome", "source", "doi"]].notna().all(axis=None)
    made = results.pick(rows, analysis="placebo", statistic="clopper_pearson")
    for _, row in made.iterrows():
        printed = arms[(arms["trial"] == row["level"]) & (arms["outcome"] == row["outcome"])]
        printed = round(100 * printed["estimate"].item(), 1)
        assert round(100 * row["events"] / row["n"], 1) == printed
    assert dict(zip(made["level"], made["events"], strict=True)) == {
        "brodalumab phase 3": 15,
        "guselkumab phase 2": 5,
        "secukinumab phase 3 (2PRECISE)": 23,
        "apremilast phase 2": 18,
        "spesolimab phase 2a": 5,
    }


def test_a_mean_stands_as_it_was_published(rows):
    row = results.one(rows, analysis="placebo", outcome="pppasi", level="brodalumab phase 3")
    assert [row[x] for x in ("estimate", "ci_low", "ci_high", "n")] == [-8.45, -11.13, -5.76, 63]
    other = results.one(rows, analysis="placebo", outcome="pppasi", level="guselkumab phase 3")
    assert np.isnan(other["ci_low"]) and np.isnan(other["ci_level"])


def test_without_a_denominator_there_is_no_interval(page_study, page_rows):
    made = placebo.placebo(page_rows, page_study)
    assert "dlqi01" not in set(made["outcome"])
    reached = results.pick(page_rows, outcome="pppasi50", analysis="responder")
    made = placebo.placebo(pd.concat([page_rows, reached.assign(outcome="dlqi01")]), page_study)
    row = results.one(made, outcome="dlqi01")
    assert row["statistic"] == "proportion" and pd.isna(row["n"]) and np.isnan(row["ci_low"])


def test_a_percentage_that_no_count_gives_has_no_interval(page_study, monkeypatch):
    arms = placebo.arms()
    none = arms.assign(estimate=arms["estimate"].mask(arms["trial"] == "apremilast phase 2", 0.42))
    monkeypatch.setattr(placebo, "arms", lambda: none)
    made = placebo.placebo(cohort(-8, -9, -7), page_study)
    row = results.one(made, level="apremilast phase 2")
    assert row["statistic"] == "proportion" and row["n"] == 44 and np.isnan(row["ci_low"])


def test_another_disease_has_no_placebo_arms(page_study):
    rows = beside(cohort(-8, -9, -7, outcome="easi"), page_study)
    assert results.pick(rows, analysis="placebo").empty
    assert isinstance(context.placebo(rows, placebo.arms(), page_study), Absent)
    assert isinstance(figures.placebo(rows, page_study), Absent)
    assert context.against_placebo(rows, page_study).text == ""
    assert context.no_control(rows, page_study).text == ""


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ((-8.3, -9.22, -7.38), "(−9.22 to −7.38) includes each of them."),
        ((-7.0, -8.45, -6.0), "includes each of them"),
        ((-7.59, -8, -3), "includes 1 of these 2"),
        ((1.0, -1, 3), "lies above each of them"),
        ((-10, -11, -8.46), "lies below each of them"),
        ((-10, -12, -8.44), "includes 1 of these 2"),
        ((-8, -8.4, -7.7), "includes none of them"),
        ((-10, np.nan, np.nan), "the change here by week 12, −10.00, has no interval"),
    ],
)
def test_the_verdict_holds_the_arms_against_the_interval(limits, said, page_study):
    rows = beside(cohort(*limits), page_study)
    told = context.against_placebo(rows, page_study).text
    assert "In 2 published placebo arms in PPP, mean PPPASI changed by −7.60 and −8.45" in told
    assert said in told
    shares = "PPPASI-50 at week 12: **85.7%** here, 20.8% to 40.9% in 5 published placebo arms."
    assert f"{shares} This is no comparison: baseline scores, week" in told


def test_table_and_figure_begin_with_this_cohort(rows, page_study):
    table = context.placebo(rows, placebo.arms(), page_study)
    first, second = (table.frame.iloc[i].tolist() for i in (0, 1))
    own = ["This cohort", "This cohort, upadacitinib", "12", "28", "−8.30 (−9.22 to −7.38)"]
    assert first[:5] == own and second[3] == "63, 62"
    assert second[0] == "Published placebo arms" and table.header[0] == "Arm"
    assert "doi:10.1007/s40257-024-00876-x" in " ".join(table.notes)
    drawn = figures.placebo(rows, page_study)
    assert "This cohort, upadacitinib: PPPASI −8.30 (−9.22 to −7.38), PPPASI-50 85.7%" in drawn.alt


def test_points_and_intervals_stand_where_the_rows_say(rows, page_study, monkeypatch):
    """Each panel's dots and bars are the rows, percentages in percent, the cohort on top."""
    seen = []
    monkeypatch.setattr(figures, "finish", lambda drawn, *_, **__: seen.append(drawn))
    figures.placebo(rows, page_study)
    here = context.beside_placebo(rows, page_study)
    lines = list(here["level"].unique())
    assert lines[0] == ""
    for axes, (outcome, factor) in zip(
        seen[0].axes, {"pppasi": 1, "pppasi50": 100}.items(), strict=True
    ):
        dots = {
            (round(x, 6), y)
            for line in axes.lines
            for x, y in line.get_xydata()
            if line.get_marker() == "o"
        }
        bars = {tuple(line.get_xdata()) for line in axes.lines if line.get_marker() != "o"}
        of = results.pick(here, outcome=outcome)
        assert dots == {
            (round(factor * x, 6), lines.index(level))
            for x, level in zip(of["estimate"], of["level"], strict=True)
        }
        known = of.dropna(subset="ci_low")
        assert bars == set(zip(factor * known["ci_low"], factor * known["ci_high"], strict=True))


def test_another_week_is_said_only_where_it_is_another(page_study, make_page_study, rows):
    assert "and at another week" in context.no_control(rows, page_study).text
    same = make_page_study("[schedule]\nprimary = 16\nweeks = [0, 16]\n")
    own = cohort(-8, -9, -7).assign(week=16)
    assert "another week" not in context.no_control(beside(own, same), same).text
