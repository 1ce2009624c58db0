"""Each claim on pages 03 and 05, over 200 made cohorts, holds of the patients it stands on.

A claim is an entry of ``words.toml`` that is said under a condition. What was said is caught where
it is filled; its condition is worked out again here from scores by patient, with pandas alone.
"""

import os
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ppp.catalogue.outcomes import outcomes, targets
from ppp.efficacy import context, sentences
from ppp.efficacy.rows import change as efficacy
from ppp.efficacy.rows import placebo
from ppp.report import names
from ppp.report.words import Words
from ppp.subgroup import rows as subgroup
from ppp.subgroup import sentences as comparison

from ..conftest import random_cohort

COHORTS = int(os.environ.get("COHORTS", 200))
STUDIES = ("", "[endpoints]\nprimary = 'dlqi'\n", "[subgroup]\ncolumn = 'sex'\nvalue = 'female'\n")
HALF = 0.005  # half a unit of the last digit that is printed


@contextmanager
def caught(monkeypatch):
    """Catch every entry that is said, with its row and values."""
    said, say = [], Words.say

    def kept(self, key, study, row=None, rows=None, **values):
        said.append((f"{self.package.rpartition('.')[2]}.{key}", row, values))
        return say(self, key, study, row, rows, **values)

    with monkeypatch.context() as patched:
        patched.setattr(Words, "say", kept)
        yield said


def made(seed):
    """A cohort that got better, worse, all clear, stayed the same, or is one patient."""
    rng = np.random.default_rng(seed)
    patients, visits = random_cohort(
        seed, n=int(rng.choice([1, 2, 3, 6, 12, 28])), missing=float(rng.choice([0, 0.2, 0.6]))
    )
    later, scores = visits["week"] > 0, ["pppasi", "dlqi", "pga"]
    kind = seed % 5
    if kind == 1:
        visits.loc[later, scores] = visits.loc[later, scores].where(lambda x: x.isna(), 0.0)
    if kind in (2, 3):
        first = visits[~later].set_index("study_id")[scores]
        own = first.reindex(visits["study_id"]).set_index(visits.index)
        worse = own + (kind == 3) * rng.integers(0, 3, own.shape)
        visits.loc[later, scores] = worse[later].where(visits.loc[later, scores].notna())
    return patients, visits


def change_of(outcome, patients, visits, members=None):
    """Changes from week 0 to week 12 of those with both, by patient."""
    wide = visits.pivot(index="study_id", columns="week", values=outcome)
    wide = wide.reindex(index=patients["study_id"], columns=[0, 12]).astype(float)
    changes = (wide[12] - wide[0]).dropna()
    return changes if members is None else changes[changes.index.isin(members)]


def check_moved(kind, row, values, patients, visits):
    low, high = row["ci_low"], row["ci_high"]
    holds = {
        "fell": row["estimate"] < 0 and high < -HALF,
        "rose": row["estimate"] > 0 and low > HALF,
        "changed": low < 0 < high,
        "touching": min(abs(low), abs(high)) <= HALF or low * high >= 0,
        "alone": pd.isna(low),
        "alone_why": pd.isna(low) and row["note"] != "",
    }
    assert holds[kind], (kind, row.to_dict())
    if row["statistic"] == "mean_change" and row["group"] == "all":
        changes = change_of(row["outcome"], patients, visits)
        assert (row["n"], row["estimate"]) == (len(changes), pytest.approx(changes.mean()))


def check_response(kind, row, values, patients, visits, study):
    target = targets(study).get(row["outcome"])
    if kind != "complete" or target is None:
        return
    wide = visits.pivot(index="study_id", columns="week", values=target.outcome)
    wide = wide.reindex(index=patients["study_id"], columns=[0, 12])
    assert wide[12].notna().all(), "no value missing"


def check_difference(kind, row, values, patients, visits, study):
    column, value = study.subgroup.column, study.subgroup.value
    of = {x: patients.loc[patients[column] == x, "study_id"] for x in patients[column].dropna()}
    own, other = of[value], pd.concat([ids for x, ids in of.items() if x != value])
    if kind.startswith("score_") and kind != "score_alone":
        first, second = (change_of(row["outcome"], patients, visits, ids) for ids in (own, other))
        assert row["estimate"] == pytest.approx(first.mean() - second.mean())
        clear = row["ci_low"] > 0 or row["ci_high"] < 0
        assert clear == (kind != "score_unclear")
        if clear:
            ahead = outcomes(study)[row["outcome"]].sign * row["estimate"] < 0
            better, worse = names.pair(study, row["group"])[:: 1 if ahead else -1]
            assert str(values["better"]).endswith(better) and str(values["other"]).endswith(worse)
            assert values["size"]["estimate"] > 0 and values["size"]["ci_low"] > 0
        if kind == "score_improved":
            sign = outcomes(study)[row["outcome"]].sign
            assert sign * first.mean() < 0 and sign * second.mean() < 0
    if kind in ("share", "share_unclear"):
        assert (row["ci_low"] > 0 or row["ci_high"] < 0) == (kind == "share")


def check_placebo(kind, row, values, patients, visits, study):
    arms = placebo.arms()
    reached = arms.loc[arms["outcome"] == "pppasi", "estimate"]
    own = change_of("pppasi", patients, visits)
    if own.std() < 1e-9:
        assert kind == "alone", kind
        return
    low, high = stats.t.interval(0.95, len(own) - 1, own.mean(), stats.sem(own))
    inside = reached.dropna().between(low, high)
    holds = {
        "all": inside.all(),
        "some": inside.any() and not inside.all(),
        "below": high < reached.min(),
        "above": low > reached.max(),
        "none": not inside.any() and low < reached.max() and high > reached.min(),
    }
    assert holds[kind], (kind, low, high)


@pytest.mark.recompute
@pytest.mark.parametrize("seed", range(0, 200, 200 // COHORTS))
def test_what_is_said_of_a_made_cohort_is_true_of_it(seed, make_study, monkeypatch):
    study = make_study(STUDIES[seed % len(STUDIES)])
    patients, visits = made(seed)
    change = efficacy.change(visits, patients, study)
    answers = efficacy.responder(visits, patients, study)
    rows = pd.concat([change, answers], ignore_index=True)
    rows = pd.concat([rows, placebo.placebo(rows, study)], ignore_index=True)
    groups = [
        part(visits, patients, study)
        for part in (subgroup.change, subgroup.responder, subgroup.group_difference)
    ]
    compared = pd.concat(groups, ignore_index=True)
    with caught(monkeypatch) as said:
        texts = [sentences.key_results(rows, study), context.against_placebo(rows, study)]
        for outcome in compared["outcome"].unique():
            texts.append(comparison.group_difference(compared, study, outcome))
    about = {"patients": patients, "visits": visits}
    for key, row, values in said:
        kind = key.rpartition(".")[2]
        if ".moved." in key:
            check_moved(kind, row, values, **about)
        elif ".responders.rule." in key:
            check_response(kind, row, values, **about, study=study)
        elif ".difference." in key and row is not None and kind not in ("absent", "empty"):
            check_difference(kind, row, values, **about, study=study)
        elif ".placebo.verdict." in key:
            check_placebo(kind, row, values, **about, study=study)
    for text in map(str, texts):
        assert not any(word in text.split() for word in ("nan", "None", "inf", "NaN")), text


@pytest.mark.recompute
def test_the_made_cohorts_bring_about_every_claim(make_study, monkeypatch):
    """Each kind of claim is met, or the test above proves nothing of it."""
    met = set()
    for seed in range(60):
        study = make_study(STUDIES[seed % len(STUDIES)])
        patients, visits = made(seed)
        rows = efficacy.change(visits, patients, study)
        compared = pd.concat(
            [part(visits, patients, study) for part in (subgroup.change, subgroup.group_difference)]
        )
        with caught(monkeypatch) as said:
            sentences.key_results(rows, study)
            comparison.group_difference(compared, study)
        met |= {key.rpartition(".")[2] for key, *_ in said}
    assert {"fell", "rose", "changed", "alone_why", "score_unclear"} <= met
