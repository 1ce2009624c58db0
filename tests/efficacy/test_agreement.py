"""Grades by response, correlations of change, parts of the score, first response: by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ppp import results
from ppp.data.scores import PPPASI_COMPONENTS, SIGNS, pppasi
from ppp.efficacy import context, tables
from ppp.efficacy.rows import agreement, change, onset, parts
from ppp.report.prose import Absent

IDS = [f"P{i}" for i in range(1, 8)]
PATIENTS = pd.DataFrame({"study_id": IDS})


def visits(**scores):
    """Visits of seven patients: a list a week, by ``score_week``."""
    weeks = sorted({int(name.rsplit("_", 1)[1]) for name in scores})
    fields = list(dict.fromkeys(name.rsplit("_", 1)[0] for name in scores))
    return pd.concat(
        pd.DataFrame({"study_id": IDS, "week": week}).assign(
            **{f: pd.Series(scores.get(f"{f}_{week}", [None] * 7), dtype=float) for f in fields}
        )
        for week in weeks
    ).reset_index(drop=True)


SEEN = visits(
    pppasi_0=[20, 20, 20, 20, 0, 20, 20],
    pppasi_12=[10, 10.1, 5, 2, 0, None, 1],
    pga_0=[3, 3, 4, 4, 3, 3, 3],
    pga_12=[1, 2, 1, 0, 0, 1, None],
)


def test_grades_by_class_of_response(study):
    """P1 50 %, P2 49.5 %, P3 75 %, P4 90 %; P5 has no baseline, P6 and P7 lack one score."""
    rows = agreement.cross_table(SEEN, PATIENTS, study)
    cells = results.pick(rows, statistic="count")
    found = cells[cells["events"] > 0].set_index("level")["events"].to_dict()
    assert found == {"0 × ≥90": 1, "1 × 50 to <75": 1, "1 × 75 to <90": 1, "2 × <50": 1}
    assert len(cells) == 5 * 4 and set(cells["n"]) == {4}
    shares = results.pick(rows, outcome="pga01").set_index("level")[["events", "n"]]
    assert shares.values.tolist() == [[3, 3], [2, 3], [1, 3]]
    assert list(shares.index) == ["pppasi50", "pppasi75", "pppasi90"]


def test_the_table_and_its_sentence_are_read_off_the_rows(study):
    rows = agreement.cross_table(SEEN, PATIENTS, study)
    table = context.cross_table(rows, study)
    assert table.header == ["Grade", "<50%", "50 to <75%", "75 to <90%", "≥90%"]
    assert table.frame.iloc[1].tolist() == ["PGA 1", "0", "1", "1", "0"]
    said = context.agreement(rows, study).text
    assert said.startswith(
        "Of 3 patients with PGA 0/1 at week 12, 3 reached PPPASI-50, 2 reached PPPASI-75"
    )
    nobody = agreement.cross_table(SEEN.assign(pga=3.0), PATIENTS, study)
    assert "No patient with both scores reached PGA 0/1" in context.agreement(nobody, study).text


def test_after_a_percentage_of_nobody_no_further_one_is_told(study):
    rows = agreement.cross_table(SEEN.assign(pppasi=SEEN["pppasi"].clip(lower=9)), PATIENTS, study)
    said = context.agreement(rows, study).text
    assert "0 reached PPPASI-75" in said and "PPPASI-90" not in said


def test_without_both_scores_nothing_is_crossed(study, make_study):
    for seen in (None, SEEN.drop(columns="pga"), SEEN.drop(columns="pppasi")):
        rows = agreement.cross_table(seen, PATIENTS, study)
        assert rows.empty and isinstance(context.cross_table(rows, study), Absent)
    graded = make_study("[endpoints]\nprimary = 'pga'\n")
    assert agreement.cross_table(SEEN, PATIENTS, graded).empty


def test_correlation_of_changes_is_that_of_scipy(make_cohort, study):
    patients, seen = make_cohort(5)
    rows = agreement.correlation(seen, patients, study)
    wide = seen.pivot(index="study_id", columns="week", values=["pppasi", "dlqi"]).astype(float)
    both = pd.DataFrame({x: wide[x][12] - wide[x][0] for x in ("pppasi", "dlqi")}).dropna()
    row = results.one(rows, outcome="pppasi", level="dlqi")
    assert row["n"] == len(both)
    assert row["estimate"] == pytest.approx(stats.spearmanr(both.round(9)).statistic)
    assert "PPPASI with DLQI **" in context.correlations(rows, study).text


def test_four_patients_have_no_correlation(study):
    seen = SEEN.assign(dlqi=SEEN["pppasi"])
    rows = agreement.correlation(seen[seen["study_id"] < "P5"], PATIENTS, study)
    assert set(rows["code"]) == {"too_few"}
    assert "not estimable (only 4 patients, fewer than 5)" in context.agreement(rows, study).text


def components(sign, area):
    return {c: float(area if c.endswith("area") else sign) for c in PPPASI_COMPONENTS}


def test_parts_add_up_and_change_by_hand(study):
    """Every sign 2 and area 3, then 1 and 2: a sign has 1.0 × 2 × 3 = 6, then 2; pustules 0."""
    first = {"study_id": IDS, "week": 0} | components(2, 3)
    second = {"study_id": IDS, "week": 12} | components(1, 2)
    second |= {c: [0.0] * 6 + [1.0] for c in PPPASI_COMPONENTS if c.endswith("pustules")}
    seen = pd.concat([pd.DataFrame(first), pd.DataFrame(second)], ignore_index=True)
    rows = parts.parts(seen, PATIENTS, study)
    means = {
        part: results.one(rows, level=part, statistic="mean", week=12)["estimate"]
        for part in (*SIGNS, "palms", "soles")
    }
    assert means == pytest.approx(
        {"erythema": 2, "pustules": 2 / 7, "desquamation": 2, "palms": 12 / 7, "soles": 18 / 7}
    )
    whole = pppasi(seen[seen["week"] == 12]).mean()
    assert whole == pytest.approx(sum(means[sign] for sign in SIGNS), abs=0.05)
    assert whole == pytest.approx(means["palms"] + means["soles"], abs=0.05)
    change = results.one(rows, level="erythema", statistic="mean_change")
    assert (change["estimate"], change["n"]) == (-4, 7)
    free = results.one(rows, level="pustule_free", missing="nri")
    assert (free["events"], free["n"]) == (6, 7)
    assert "**6 of 7** patients" in context.pustule_free(rows, study).text
    line = context.parts(rows, study).frame.iloc[1].tolist()
    assert line == ["Erythema", "7", "6.00", "2.00", "−4.00"]


def test_parts_add_up_where_patients_lack_one_of_them(make_cohort, study):
    patients, visits = make_cohort(3, n=40)
    rng = np.random.default_rng(3)
    names = list(PPPASI_COMPONENTS)
    drawn = pd.DataFrame(rng.integers(0, 4, (len(visits), len(names))).astype(float), columns=names)
    seen = pd.concat([visits, drawn.mask(rng.random(drawn.shape) < 0.02)], axis=1)
    rows = parts.parts(seen, patients, study)
    change = results.pick(rows, statistic="mean_change").set_index("level")
    assert change["n"].nunique() == 1 and 0 < change["n"].iloc[0] < 40
    by_sign, by_site = (change.loc[x, "estimate"].sum() for x in (list(SIGNS), ["palms", "soles"]))
    assert by_sign == pytest.approx(by_site)


def test_a_missing_visit_is_not_free_of_pustules(study):
    first = pd.DataFrame({"study_id": IDS, "week": 0} | components(2, 3))
    second = pd.DataFrame({"study_id": IDS[:5], "week": 12} | components(0, 0))
    rows = parts.parts(pd.concat([first, second], ignore_index=True), PATIENTS, study)
    assert "**5 of 7** patients (71.4%" in context.pustule_free(rows, study).text
    assert "missing counted as failure; observed 5 of 5" in context.pustule_free(rows, study).text


def test_without_components_there_are_no_parts(study):
    for seen in (None, SEEN):
        rows = parts.parts(seen, PATIENTS, study)
        assert rows.empty and isinstance(context.parts(rows, study), Absent)
        assert context.pustule_free(rows, study).text == ""


def test_first_response_by_visit(study):
    """P1 at week 4, lost again; P2 at 8; P3 missed 8, at 12; P4 never; P5 has no baseline."""
    seen = visits(
        pppasi_0=[20, 20, 20, 20, 0, 20, 20],
        pppasi_4=[10, 15, 15, 15, 0, None, 15],
        pppasi_8=[15, 10, None, 15, 0, None, 15],
        pppasi_12=[15, 10, 5, 15, 0, None, 15],
    )
    rows = onset.first_response(seen, PATIENTS, study)
    of = {s: results.pick(rows, statistic=s) for s in ("count", "clopper_pearson")}
    assert of["count"]["events"].tolist() == [1, 1, 1]
    assert of["clopper_pearson"]["events"].tolist() == [1, 2, 3]
    assert set(rows["n"]) == {6} and set(rows["outcome"]) == {"pppasi50"}
    said = context.first_response(rows, study).text
    assert "by week 4 in **1 of 6** patients (16.7%" in said and "by week 12 in **3 of 6**" in said


def test_a_visit_of_nobody_gives_no_count(study):
    first = pd.DataFrame({"study_id": IDS, "week": 0} | components(2, 3))
    assert parts.parts(first, PATIENTS, study).empty
    twenty, ten = [20] * 7, [10] * 7
    seen = visits(pppasi_0=twenty, pppasi_4=twenty, pppasi_8=ten)
    rows = onset.first_response(seen, PATIENTS, study)
    assert set(rows["week"]) == {4, 8}
    assert "week 12" not in context.first_response(rows, study).text


def test_one_visit_after_baseline_has_no_first_response(study, make_study):
    assert onset.first_response(SEEN, PATIENTS, study).empty
    short = make_study("[schedule]\nweeks = [0, 12]\n")
    assert onset.first_response(SEEN, PATIENTS, short).empty
    assert onset.first_response(None, PATIENTS, study).empty


def test_weeks_after_the_primary_visit_are_shown(make_study):
    study = make_study("[schedule]\nweeks = [0, 12, 24, 52]\n")
    seen = visits(
        pppasi_0=[20, 20, 20, 20, 20, 20, 20],
        pppasi_12=[10, 10, 10, 10, 10, 15, 15],
        pppasi_24=[5, 5, 5, 15, 15, 15, 15],
    )
    rows = pd.concat(
        [change.change(seen, PATIENTS, study), change.responder(seen, PATIENTS, study)]
    )
    later = results.one(rows, analysis="change", statistic="mean_change", week=24)
    assert later["estimate"] == pytest.approx(-20 + 75 / 7)
    held = results.one(
        rows, outcome="pppasi50", statistic="clopper_pearson", week=24, missing="nri"
    )
    assert (held["events"], held["n"]) == (3, 7)
    assert "24" in tables.change(rows, study).frame["week"].tolist()
    assert "24" in tables.responders(rows, study).frame["week"].tolist()


@pytest.mark.parametrize(("target", "hits"), [("pppasi_abs3", 3), ("pppasi_abs5", 4)])
def test_absolute_targets_are_judged_at_the_value(target, hits, study):
    """At week 12 10, 10.1, 5, 2, 0, –, 1."""
    rows = change.responder(SEEN, PATIENTS, study)
    row = results.one(rows, outcome=target, statistic="wilson", week=12, missing="nri")
    assert (row["events"], row["n"]) == (hits, 7)


def test_a_value_that_nobody_reached_has_one_line(study):
    rows = change.responder(SEEN.assign(pppasi=SEEN["pppasi"] + 20), PATIENTS, study)
    table = tables.responders(rows, study).frame
    assert (table["block"] == "PPPASI ≤ 3: none at any visit").sum() == 1
