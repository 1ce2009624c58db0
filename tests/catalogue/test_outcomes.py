"""What the dictionary and a study say of a score, and how it is judged by that."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ppp.catalogue import outcomes as catalogue
from ppp.errors import StudyError


def test_what_is_told_first_of_the_usual_study(study, make_study):
    told = [("pppasi", "change"), ("pga", "pga01"), ("dlqi", "change")]
    assert catalogue.key_measures(study) == told
    assert catalogue.leading_targets(study) == ["pppasi50", "pga01"]
    none = make_study("[endpoints]\nprimary = 'none'\n")
    assert catalogue.key_measures(none) == told[1:]
    assert catalogue.leading_targets(none) == ["pga01"]


def test_the_percentages_of_a_study_are_those_of_every_score(make_study):
    study = make_study("[endpoints]\nprimary = 'dlqi'\nresponders = [30]\n")
    codes = list(catalogue.targets(study))
    assert {"dlqi30", "dlqi01", "dlqi_mcid", "pppasi30", "easi30", "pga01"} <= set(codes)
    assert codes[0] == "dlqi30" and "pga30" not in codes


def test_scores_that_were_recorded_come_in_the_order_of_the_dictionary(study):
    visits = pd.DataFrame(columns=["crp_mg_l", "pga", "easi", "dlqi", "dlqi_1"], dtype=float)
    assert catalogue.analysed(visits, study, *catalogue.CHANGES) == ["dlqi", "pga", "easi"]
    assert catalogue.analysed(visits, study, "summary") == ["crp_mg_l"]
    assert catalogue.analysed(None, study, *catalogue.ANALYSES) == []


def test_grades_are_those_of_the_scale(make_study):
    study = make_study("[endpoints]\npga_scale = [0, 5]\n")
    visits = pd.DataFrame({"pga": [1.0], "iga": [2.0], "dlqi": [3.0]})
    assert catalogue.coded(visits, study) == {"pga": list("012345"), "iga": list("01234")}


def of_higher(study, targets):
    about = {"label": "Q", "unit": "", "codes": {}, "kind": "number", "min": 0.0, "max": 100.0}
    extra = SimpleNamespace(**about, better="higher", targets=targets)
    return replace(study, extra={"visits": {"q": extra}})


@pytest.mark.parametrize(
    ("target", "before", "after", "hit", "evaluable"),
    [
        ("pppasi50", 20, 10, True, True),
        ("pppasi50", 0, 0, True, False),
        ("dlqi_mcid", 3, 0, False, False),
        ("dlqi_mcid", 9, 5, True, True),
        ("dlqi01", np.nan, 1, True, False),
        ("dlqi01", 0, 1, True, True),
        ("pga01", 0, 1, True, True),
        ("pppasi_abs5", 0, 4.9, False, True),
        ("pppasi_abs5", 4.9, 4.9, True, True),
        ("pppasi_abs5", np.nan, 4.9, True, False),
        ("well", 90, 85, False, True),
        ("q50", 40, 60, True, True),
        ("q50", 40, 59, False, True),
        ("up", 92, 100, False, False),
        ("up", 40, 50, True, True),
        ("well", 20, 80, True, True),
        ("well", 90, 79, False, True),
    ],
)
def test_targets_are_judged_in_the_direction_that_is_better(
    target, before, after, hit, evaluable, study
):
    study = of_higher(study, "50% | up: by 10 | well: >= 80")
    rule = catalogue.targets(study)[target]
    reached, room = catalogue.reached(
        rule, pd.Series([before], dtype=float), pd.DataFrame({12: [after]}, dtype=float), study
    )
    assert (reached.iloc[0, 0], room.iloc[0]) == (hit, evaluable)


def test_a_target_that_cannot_be_read_is_named(study):
    with pytest.raises(StudyError, match=r"q: 'half' is no target; write 75%"):
        catalogue.outcomes(of_higher(study, "half"))


@pytest.mark.parametrize(
    ("code", "score", "label"),
    [
        ("dlqi", 5, "small effect"),
        ("dlqi", 31, np.nan),
        ("easi", 0, "clear"),
        ("easi", 0.1, "almost clear"),
        ("easi", 21.1, "severe"),
        ("poem", 2, "clear or almost clear"),
        ("scorad", 103, "severe"),
        ("asdas", 1.3, "low activity"),
        ("asdas", 3.5, "high activity"),
    ],
)
def test_scores_have_the_names_of_their_bands(code, score, label, study):
    band = catalogue.band(pd.Series([score]), catalogue.outcome(code, study)).iloc[0]
    assert band == label or (pd.isna(band) and pd.isna(label))


def test_what_the_dictionary_says_of_scores_hangs_together(study):
    for outcome in catalogue.outcomes(study).values():
        edges = [x for _, low, high in outcome.bands for x in (low, high)]
        assert edges == sorted(edges)
        assert not edges or (edges[0], edges[-1]) == (outcome.low, outcome.high)
        assert bool(outcome.mcid) == bool(outcome.mcid_source)
        if outcome.analysis:
            assert outcome.glossary.endswith(".") and outcome.source


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "no effect"),
        (1, "no effect"),
        (2, "small effect"),
        (5, "small effect"),
        (6, "moderate effect"),
        (10, "moderate effect"),
        (11, "very large effect"),
        (20, "very large effect"),
        (21, "extremely large effect"),
        (30, "extremely large effect"),
    ],
)
def test_dlqi_band_edges_of_hongbo_2005(total, band, study):
    dlqi = catalogue.outcome("dlqi", study)
    assert catalogue.band(pd.Series([float(total)]), dlqi).item() == band


def test_dlqi_band_of_what_is_no_total_is_missing(study):
    totals = pd.Series([-1, 5.5, 31, None])
    assert catalogue.band(totals, catalogue.outcome("dlqi", study)).isna().all()
