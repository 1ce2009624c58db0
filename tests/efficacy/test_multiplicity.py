"""Adjusted p-values, by hand and against statsmodels."""

import pandas as pd
import pytest

from ppp import results
from ppp.efficacy.rows import change as efficacy
from ppp.efficacy.rows.multiplicity import multiplicity

NAN = float("nan")


def exact_tests(p):
    """Rows of exact tests with these p-values: {(outcome, week): p}."""
    return results.frame(
        results.row(
            "change",
            outcome,
            "wilcoxon_exact",
            0.0,
            week=week,
            missing="observed",
            n=28,
            p_value=value,
            note="no patient's score changed" if value != value else "",
        )
        for (outcome, week), value in p.items()
    )


RESPONSE = results.frame([results.row("responder", "pga01", "wilson", 0.7, week=12)])
P = {
    ("pppasi", 4): 0.01,
    ("pppasi", 12): 0.001,
    ("dlqi", 4): 0.04,
    ("dlqi", 12): 0.0001,
    ("pga", 4): NAN,
    ("pga", 12): 0.03,
}


def test_fixed_sequence_and_holm_worked_by_hand(study):
    rows = multiplicity(exact_tests(P), RESPONSE, study)
    fixed = results.pick(rows, statistic="fixed_sequence")
    assert list(zip(fixed["level"], fixed["outcome"], strict=True)) == [
        ("1", "pppasi"),
        ("2", "pga01"),
        ("3", "dlqi"),
    ]
    assert fixed["p_value"].dropna().tolist() == [0.001, 0.001]
    assert "no null proportion" in fixed["note"].iloc[1]
    holm = results.pick(rows, statistic="holm")
    assert list(zip(holm["outcome"], holm["week"], holm["level"], strict=True)) == [
        ("pppasi", 4, "1"),
        ("pga", 12, "2"),
        ("dlqi", 4, "3"),
        ("pga", 4, ""),
    ]
    assert holm["p_value"].dropna().tolist() == pytest.approx([0.03, 0.06, 0.06])
    assert holm["note"].iloc[0] == "Holm, 3 p-values"
    assert "not counted: no patient's score changed" in holm["note"].iloc[-1]
    assert rows["estimate"].isna().all()
    assert not rows.duplicated(results.KEY).any()


def test_the_sequence_ends_where_a_step_has_no_p_value(study):
    rows = multiplicity(exact_tests(P | {("pppasi", 12): NAN}), RESPONSE, study)
    fixed = results.pick(rows, statistic="fixed_sequence")
    assert fixed["p_value"].isna().all()
    assert "sequence ends" in fixed["note"].iloc[2]


def test_another_primary_outcome_leads_the_sequence(make_study):
    study = make_study("[endpoints]\nprimary = 'dlqi'\n")
    rows = multiplicity(exact_tests(P), RESPONSE, study)
    fixed = results.pick(rows, statistic="fixed_sequence")
    assert list(fixed["outcome"]) == ["dlqi", "pga01"]
    assert len(results.pick(rows, statistic="holm", outcome="pppasi")) == 2


def test_no_primary_outcome_or_no_data(make_study, study):
    none = make_study("[endpoints]\nprimary = 'none'\n")
    assert set(multiplicity(exact_tests(P), RESPONSE, none)["statistic"]) == {"holm"}
    assert multiplicity(exact_tests({}), results.frame([]), study).empty


def test_every_exact_test_of_the_page_is_in_it_once(make_cohort, study):
    patients, visits = make_cohort(1)
    change = efficacy.change(visits, patients, study)
    rows = multiplicity(change, efficacy.responder(visits, patients, study), study)
    tested = results.pick(change, statistic="wilcoxon_exact")
    found = results.pick(rows, outcome=["pppasi", "dlqi", "pga"])
    pd.testing.assert_index_equal(
        pd.MultiIndex.from_frame(found[["outcome", "week"]]).sort_values(),
        pd.MultiIndex.from_frame(tested[["outcome", "week"]]).sort_values(),
    )
