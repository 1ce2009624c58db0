"""The audit of figures that are not the paper's, the examples of data, and the words on figures.

Numbers are compared as in ``test_rows.py``; here also what the notes of the rows say.
"""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations_with_replacement
from math import ceil, floor

import pandas as pd
import pytest

from ppp import results
from ppp.data import store
from ppp.published import rows as package
from ppp.study import ROOT, Study

from . import audit, compare, load, owed, printed, published
from .audit_change import NOTEBOOK
from .rows import KEY

pytestmark = [pytest.mark.slow, pytest.mark.recompute]

PAPER = ROOT / "data/demo/published.csv"
SCORES = ("age", "pppasi_before", "pppasi_after", "dlqi_before", "dlqi_after")
MEANS_AND_SDS = [f"{score}_{moment}" for score in SCORES for moment in ("mean", "sd")]
DLQI = MEANS_AND_SDS[-4:]
ALTERED = {
    "as printed": {},
    "nine patients, whose SAPHO is seen in women alone": {
        key: {"n": "9"} for key in (*MEANS_AND_SDS, "pppasi_p", "dlqi_p", "severe")
    }
    | {
        "male": {"value": "4", "n": "9"},
        "female": {"value": "5", "n": "9"},
        "sapho": {"value": "3", "n": "9"},
        "sapho_male": {"value": "0", "n": "3"},
        "sapho_female": {"value": "3", "n": "3"},
        "pga01": {"value": "9", "n": "9"},
    },
    "scores that rose, and spread": {
        "pppasi_before_mean": {"value": "5.56"},
        "pppasi_after_mean": {"value": "13.86"},
        "pppasi_before_sd": {"value": "1.08"},
        "pppasi_after_sd": {"value": "2.76"},
    },
    "figures that may be equal within their rounding": {
        "pppasi_after_mean": {"value": "13.9", "decimals": "1"},
        "pppasi_after_sd": {"value": "2.8", "decimals": "1"},
    },
    "truncated, from 27": {key: {"n": "27"} for key in DLQI},
    "an SD that divides by n": {"dlqi_after_mean": {"value": "2.00"}},
    "half points": {key: {"step": "0.5"} for key in DLQI},
    "scores at the end of the range": {
        "dlqi_before_mean": {"value": "29.43"},
        "dlqi_before_sd": {"value": "1.10"},
        "dlqi_after_mean": {"value": "0.04"},
        "dlqi_after_sd": {"value": "0.19"},
    },
}
NOT_IN_GAPS = {
    "age_mean": {"field": "bmi"},
    "dlqi_p": {"week": "16"},
    "pga01": {"week": "6"},
    "dlqi_after_sd": {"week": "4"},
    "sapho": {"field": "smoker"},
}


def name(key, column):
    return key[KEY.index(column)]


@pytest.fixture(scope="module", params=ALTERED, ids=str)
def audited(request, tmp_path_factory):
    """The rows found, the rows wanted and the figures of an altered paper."""
    folder = tmp_path_factory.mktemp("altered")
    path = _alter(ALTERED[request.param], folder)
    found = _rows(package.audit(package.read(path), Study.load(PAPER.parent)), folder)
    wanted = {
        key: numbers
        for key, numbers in published.rows({}, path)
        if name(key, "statistic") not in ("published", "recomputed")
    }
    return found, wanted, printed.read(path)


def _alter(changes, folder):
    table = pd.read_csv(PAPER, dtype=str, keep_default_na=False).set_index("key")
    for key, cells in changes.items():
        table.loc[key, list(cells)] = list(cells.values())
    table.to_csv(folder / "published.csv")
    return folder / "published.csv"


def _rows(table, folder):
    return load(results.save(table, folder, NOTEBOOK))


def test_every_row_of_the_audit_is_recomputed(audited):
    found, wanted, _ = audited
    assert not "\n".join(compare(owed(found), owed(wanted)))


def test_the_examples_of_data_have_the_printed_figures(audited):
    found, _, figures = audited
    pairs = {pair.mean.key: pair for pair in printed.pairs(figures)}
    shown = {key: line for key, line in found.items() if name(key, "statistic") == "witness"}
    assert {name(key, "outcome") for key in shown} == {k for k, p in pairs.items() if p.ways()}
    for key, line in shown.items():
        pair = pairs[name(key, "outcome")]
        rule, divisor = name(key, "level").split(", ")
        _assert_prints(pair, [Fraction(x) for x in line["note"].split(", ")], rule, divisor)


def _assert_prints(pair, values, rule, divisor):
    low, high, step = pair.mean.grid
    assert len(values) == pair.n
    assert values == sorted(values)
    assert all(low <= x <= high and (x - low) % step == 0 for x in values)
    mean = sum(values) / pair.n
    variance = sum((x - mean) ** 2 for x in values) / (pair.n - printed.DIVISORS[divisor])
    assert printed.rounded(mean, pair.mean.decimals, rule) == pair.mean.units
    assert printed.rounded_root(variance, pair.sd.decimals, rule) == pair.sd.units


def test_the_numbers_of_patients_that_fit_are_listed(audited):
    found, _, figures = audited
    changes = list(audit.changes(printed.pairs(figures)))
    assert {before.mean.field for before, _ in changes} == {"pppasi", "dlqi"}
    for before, after in changes:
        listed = {
            (name(key, "level"), name(key, "statistic")): line["note"]
            for key, line in found.items()
            if name(key, "outcome") == before.mean.field
            and name(key, "statistic").startswith("sizes_")
        }
        sizes = audit.sizes(before, after)
        assert set(listed) == set(sizes)
        for way, fitting in sizes.items():
            assert [int(n) for n in re.findall(r"\d+", listed[way])] == fitting


def test_the_audit_says_what_its_numbers_are(audited):
    found, _, figures = audited
    notes = {
        name(key, "outcome"): line["note"]
        for key, line in found.items()
        if name(key, "statistic") == "audit"
    }
    for pair in printed.pairs(figures):
        any_mean = [rule for rule in printed.RULES if pair.has_mean(pair.n, rule)]
        fits = any(rule in printed.ROUNDING for rule in any_mean)
        mean, sd = notes[pair.mean.key], notes[pair.sd.key]
        fitting = "not" if _every_mean_occurs(pair) else "consistent"
        assert mean.split()[0] == (fitting if fits else "inconsistent")
        assert ("not testable" in mean) == (fits and _every_mean_occurs(pair))
        expected_word = "consistent" if audit.fits_by_rounding(pair) else "inconsistent"
        word = sd.split()[0]
        cannot_fail = expected_word == "consistent" and sd.startswith("not testable")
        assert word == (expected_word if any_mean else "not") or cannot_fail
        told = re.findall(r"at (\S+) (attainable only|attainable|not attainable)", sd)
        assert all(_at_mean(pair, Decimal(at)) == words for at, words in told)
        assert bool(told) == (not fits)


def _every_mean_occurs(pair):
    low, high, step = pair.mean.grid
    n, decimals = pair.n, pair.mean.decimals
    occurring = {
        printed.rounded(low + step * Fraction(total, n), decimals, "half_up")
        for total in range(n * pair.top + 1)
    }
    return occurring == set(range(ceil(low * 10**decimals), floor(high * 10**decimals) + 1))


def _at_mean(pair, mean):
    near = replace(pair, mean=replace(pair.mean, value=mean))
    fitting = [ddof for ddof in (1, 0) if near.fits(near.n, "half_up", ddof)]
    return {(): "not attainable", (0,): "attainable only"}.get(tuple(fitting), "attainable")


@pytest.fixture(scope="module")
def beside_gaps(gaps_run, tmp_path_factory):
    """The paper's figures beside a cohort that has other numbers, and gaps: found and wanted."""
    folder = tmp_path_factory.mktemp("gaps")
    path = _alter(NOT_IN_GAPS, folder)
    cohort = package.cohort_rows(store.load(gaps_run.study), gaps_run.study)
    compared = package.compare(package.read(path), cohort, gaps_run.study)
    return *_compared(_rows(compared, folder), load(gaps_run.results), path), path


def _compared(found, others, path):
    asked = ("published", "recomputed")
    wanted = {
        key: numbers
        for key, numbers in published.rows(others, path)
        if name(key, "statistic") in asked
    }
    return {key: line for key, line in found.items() if key in wanted}, wanted


def test_figures_are_compared_with_the_numbers_of_the_cohort(beside_gaps):
    found, wanted, _ = beside_gaps
    assert not "\n".join(compare(found, wanted))


def test_every_published_figure_has_its_verdict(beside_gaps, demo_run):
    demo = load(demo_run.results)
    for found, wanted, path in (beside_gaps, (*_compared(demo, demo, PAPER), PAPER)):
        told = published.verdicts(wanted, path)
        assert len(told) == 21
        assert {key: found[key]["note"].split(":")[0] for key in told} == told


@pytest.mark.parametrize(("n", "top"), [(3, 9), (5, 4), (8, 3)])
def test_what_can_be_reached_is_what_all_data_reach(n, top):
    reached = {
        (sum(values), sum(x * x for x in values))
        for values in combinations_with_replacement(range(top + 1), n)
    }
    for total in range(n * top + 1):
        for squares in range(n * top**2 + 1):
            some = printed.reachable(total, [squares], n, top)
            assert some == ((total, squares) in reached)
