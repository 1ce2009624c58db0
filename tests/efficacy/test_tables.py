import pandas as pd
import pytest

from ppp import results
from ppp.efficacy import tables
from ppp.estimators.estimate import Estimate
from ppp.report.table import JSON

ALL = [
    "change",
    "missing_patterns",
    "multiplicity",
    "responder_rules",
    "responders",
    "sensitivity",
    "visits",
]
HOLLOW = dict.fromkeys(["estimate", "ci_low", "ci_high", "ci_level", "p_value"], float("nan"))


@pytest.mark.parametrize("name", ALL)
def test_every_table_is_made_from_all_rows_from_none_and_from_hollow_ones(
    name, page_rows, no_rows, page_study
):
    make = getattr(tables, name)
    hollow = page_rows.assign(**HOLLOW, note="fewer than 3 patients")
    full, blank, empty = (make(rows, page_study) for rows in (page_rows, no_rows, hollow))
    assert len(full.frame) and not len(blank.frame) and blank.empty in blank.to_html()
    assert all("nan" not in table.to_text().lower() for table in (full, blank, empty))


def test_visits_are_read_off_their_rows(page_rows, page_study):
    line = tables.visits(page_rows, page_study).frame.iloc[1].tolist()
    assert line[1:4] == ["12", "27 (1)", "5.56 (2.76)"] and line[-1] == "8.1 to 19.0"


def test_a_visit_without_values_has_one_dash_a_cell(page_study):
    rows = results.frame(
        results.row("summary", "pppasi", statistic, x, week=12, n=0)
        for statistic, x in (("mean", None), ("sd", None), ("max", None), ("n_missing", 28))
    )
    assert tables.visits(rows, page_study).frame.iloc[0].tolist()[2:] == ["0 (28)", *"––––"]


def test_page_element_has_caption_scopes_and_nothing_else(page_rows, page_study):
    html = tables.change(page_rows, page_study).to_html()
    assert html.startswith('<table id="tbl-change"><caption>Change from baseline (week 0)')
    assert html.count('scope="col"') == 6 and 'scope="row"' in html and 'scope="colgroup"' in html
    assert "style" not in html and "class=" not in html
    made = tables.change(page_rows, page_study)._repr_mimebundle_()[JSON]
    assert made["header"][0] == "Week" and made["groups"] == ["PPPASI", "PGA"]
    assert len(made["rows"][0]) == len(made["header"])


def test_change_is_read_off_its_rows(page_rows, page_study):
    table = tables.change(page_rows, page_study)
    line = table.frame.iloc[0]
    assert (line["mean"], line["p"]) == ("−8.30 (−9.40 to −7.20)", "<0.001")
    notes = " ".join(table.notes)
    assert "attained level 95.1%" in notes and "exact Wilcoxon signed-rank test" in notes
    assert "R from version 4.6; older R and SPSS drop them. PPPASI, week 12: 2 of 27 un" in notes
    assert "p 0.004 with these dropped" in notes
    grade = table.frame[table.frame["block"] == "PGA"].iloc[0]
    assert grade["hl"] == "≥ 1 grade: 20/27; ≥ 2: 5/27"
    at = page_rows["statistic"] == "wilcoxon_exact"
    other = page_rows.assign(code=page_rows["code"].mask(at, "normal_approximation"))
    assert "normal approximation in larger" in " ".join(tables.change(other, page_study).notes)


def test_an_interval_whose_limits_are_equal_is_printed(page_rows, page_study):
    at = page_rows["statistic"] == "hodges_lehmann"
    same = {x: page_rows[x].mask(at, -2.0) for x in ("estimate", "ci_low", "ci_high")}
    table = tables.change(page_rows.assign(**same), page_study)
    assert table.frame.iloc[0]["hl"] == "−2.00 (−2.00 to −2.00)"


def test_fewer_than_three_patients_give_dashes_and_a_reason(page_study):
    tiny = Estimate(n=1, note="fewer than 3 patients")
    rows = results.frame(
        results.row("change", "pppasi", statistic, tiny, week=12, missing="observed")
        for statistic in ("mean_change", "hodges_lehmann", "wilcoxon_exact", "d_av")
    )
    table = tables.change(rows, page_study)
    assert table.frame.iloc[0].tolist()[2:] == ["1", "–", "–", "–", "–"]
    assert "–: not estimable (fewer than 3 patients)." in table.notes


def test_percentages_that_nobody_reached_share_a_line_with_the_exact_limit(page_rows, page_study):
    frame = tables.responders(page_rows, page_study).frame
    line = frame[frame["block"] == "PPPASI-75, -90: none at any visit"].iloc[0]
    assert (line["nri_x"], line["nri"]) == ("0/28", "0.0 [0.0 to 12.3]")
    assert not frame["block"].isin(["PPPASI-75", "PPPASI-90"]).any()


def test_percentages_of_another_score_are_told_as_those_of_the_first(make_page_study, page_rows):
    study = make_page_study('[endpoints]\nprimary = "crp_mg_l"\n')
    codes = {f"pppasi{k}": f"crp_mg_l{k}" for k in (50, 75, 90)}
    other = page_rows.assign(outcome=page_rows["outcome"].replace(codes))
    table = tables.responders(other, study)
    assert "C-reactive protein-75, -90: none at any visit" in set(table.frame["block"])
    assert "PPPASI" not in table.to_text()


def test_a_visit_at_which_nobody_has_the_outcome_has_no_line_and_is_named(page_rows, page_study):
    gone = {"note": "not recorded at week 4", "code": "not_recorded", "week": 4, "n": 0}
    rows = [
        results.row("responder", "pga01", "clopper_pearson", float("nan"), missing=rule, **gone)
        for rule in ("nri", "observed")
    ]
    rows.append(
        results.row("change", "pga", "mean_change", float("nan"), missing="observed", **gone)
    )
    more = pd.concat([page_rows, results.frame(rows)])
    for made, name in ((tables.responders, "PGA 0/1"), (tables.change, "PGA")):
        table = made(more, page_study)
        assert f"Not recorded: {name} week 4." in table.notes
        assert list(table.frame["week"]) == list(made(page_rows, page_study).frame["week"])


def test_responders_show_both_rules_and_one_interval(page_rows, page_study):
    table = tables.responders(page_rows, page_study)
    line = table.frame.set_index("block").loc["PGA 0/1"]
    assert (line["nri_x"], line["observed_x"]) == ("20/28", "20/27")
    assert line["nri"] == "71.4 [52.9 to 84.8]"
    assert "PPPASI-50: PPPASI at least 50% below baseline; likewise 75, 90." in table.notes


def test_one_block_where_no_response_is_missing(page_rows, page_study):
    at = page_rows["analysis"] == "responder"
    table = tables.responders(page_rows.assign(n=page_rows["n"].mask(at, 28)), page_study)
    assert "observed_x" not in table.frame


def test_responders_by_rule_have_the_least_and_the_most(page_rows, page_study):
    lines = tables.responder_rules(page_rows, page_study).frame.set_index("what")
    line = lines.loc["PGA 0/1"]
    assert line["nri"].startswith("20/28, 71.4") and line["mi"] == "72.0 [53.0 to 85.0]"
    assert line["most"].startswith("21/28, 75.0")


def test_sensitivity_sets_the_rules_for_missing_values_beside_each_other(page_rows, page_study):
    table = tables.sensitivity(page_rows, page_study)
    means = table.frame[table.frame["what"] == "Mean change, paired t"]
    assert dict(zip(means["rule"], means["value"], strict=True)) == {
        "observed": "−8.30 (−9.40 to −7.20)",
        "last observation carried forward": "−8.00 (−9.00 to −7.00)",
        "multiple imputation": "−8.20 (−9.20 to −7.20)",
    }
    assert "Mean change, paired t, multiple imputation: 1 of 28 imputed." in table.notes
    complete = tables.sensitivity(page_rows.assign(code=""), page_study).frame
    assert set(complete["rule"]) == {"observed"} and "unchanged scores" not in str(complete)
    why = "Ratio to baseline, geometric mean: 1 with a score of 0, which has no logarithm."
    assert why in table.notes


def test_a_model_that_did_not_converge_shows_no_number_of_the_one_that_stands_in(
    page_rows, page_study
):
    at = page_rows["statistic"] == "mmrm_change"
    words = {"code": "compound_symmetry not_converged", "note": "another stands in"}
    failed = page_rows.assign(**{c: page_rows[c].mask(at, w) for c, w in words.items()})
    table = tables.sensitivity(failed, page_study)
    line = table.frame[table.frame["what"] == "Mean change, mixed model (MMRM)"].iloc[0]
    assert line[["value", "level", "p"]].tolist() == ["did not converge", "", ""]
    assert "stands in" not in " ".join(table.notes)


def test_patterns_are_read_off_their_rows(page_rows, page_study):
    patterns = tables.missing_patterns(page_rows, page_study).frame["patients"]
    assert patterns.tolist() == ["24 (85.7%)", "3 (10.7%)", "1 (3.6%)"]


def test_multiplicity_sets_the_estimate_beside_each_p(page_rows, page_study):
    table = tables.multiplicity(page_rows, page_study)
    first = table.frame.iloc[0]
    assert (first["what"], first["estimate"]) == ("PPPASI, week 12", "−8.25 (−9.30 to −7.10)")
    assert (first["p"], first["adjusted"]) == ("<0.001", "<0.001")
    assert not table.frame["what"].str.contains("PGA 0/1").any()
