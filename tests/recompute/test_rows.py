"""The rows of ``owed.csv`` against a recomputation that knows nothing of the package.

The demo cohort is taken apart (one patient dropped, ids and rows permuted, some totals left to be
scored from their parts), so that no number of it can have been written down anywhere.
"""

from shutil import copy

import numpy as np
import pandas as pd
import pytest

from ppp.data import cleaning
from ppp.study import ROOT, Study

from . import compare, expected, generated, load, owed, published
from .owed import OWED
from .rows import Between

pytestmark = [pytest.mark.slow, pytest.mark.recompute]

SEED = 20240229
ANALYSES = list(dict.fromkeys(analysis for analysis, _ in OWED))
OF_A_PAPER = {"published", "audit"}
DERIVED = ["start_earliest", "start_latest"]
STUDY = """
[study]
id = "{name}"
synthetic = true
{published}
[source]
folder = "csv"
date_format = "%Y-%m-%d"
"""


@pytest.fixture(scope="module")
def permuted(run_cohort, tmp_path_factory):
    """The permuted demo cohort: what its run gave, and what it should give."""
    folder = _folder(tmp_path_factory, "permuted", 'published = "published.csv"')
    copy(ROOT / "data/demo/published.csv", folder)
    cleaned = cleaning.clean(Study.load("data/demo"))
    for name, table in _permuted(cleaned).items():
        table.to_csv(folder / "csv" / f"{name}.csv", index=False)
    return _found_and_wanted(run_cohort(folder), folder)


@pytest.fixture(scope="module")
def gaps(gaps_run):
    return _found_and_wanted(gaps_run, ROOT / "tests/cohorts/gaps")


@pytest.fixture(scope="module")
def by_chance(run_cohort, tmp_path_factory):
    """A cohort of every kind of event, date, unit and gap."""
    folder = _folder(tmp_path_factory, "generated", "")
    generated.write(folder / "csv", seed=2, without_limit=0.1)
    return _found_and_wanted(run_cohort(folder), folder)


def _folder(tmp_path_factory, name, published):
    folder = tmp_path_factory.mktemp(name)
    (folder / "csv").mkdir()
    (folder / "study.toml").write_text(STUDY.format(name=name, published=published), "utf-8")
    return folder


def _found_and_wanted(run, folder):
    rows = load(run.results)
    return owed(rows), expected(folder / "csv", rows)


def _permuted(cleaned):
    rng = np.random.default_rng(SEED)
    old = rng.permutation(cleaned.patients["study_id"])[1:]
    key = {who: f"K{number}" for who, number in zip(old, rng.permutation(900)[:27], strict=True)}
    tables = {name: getattr(cleaned, name) for name in ("patients", "adverse_events", "labs")}
    tables["visits"] = _without_totals(cleaned.visits, rng)
    tables["adverse_events"] = _with_partial_dates(cleaned.adverse_events)
    return {name: _shuffled(table, key, rng) for name, table in tables.items()}


def _shuffled(table, key, rng):
    named = table.assign(study_id=table["study_id"].map(key)).dropna(subset="study_id")
    written = named.rename(columns={"study_id": "patient_id"}).apply(_written)
    return written.iloc[rng.permutation(len(written)), rng.permutation(len(written.columns))]


def _with_partial_dates(events):
    """Dates as they were recorded: a day, a month or a year; what cleaning derived is left out."""
    first, last = (events[name] for name in DERIVED)
    month = first.dt.strftime("%Y-%m").where(last - first <= pd.Timedelta(31, "D"))
    text = events["start_date"].dt.strftime("%Y-%m-%d").fillna(month)
    return events.assign(start_date=text.fillna(first.dt.strftime("%Y"))).drop(columns=DERIVED)


def _written(column):
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.dt.strftime("%Y-%m-%d")
    if pd.api.types.is_numeric_dtype(column):
        return column.map(lambda x: f"{x:g}", na_action="ignore")
    return column


def _without_totals(visits, rng):
    """Leave out the total in a third of the visits that have all of its parts."""
    parts = {"pppasi": r"^(right|left)_", "dlqi": r"^dlqi_"}
    for total, pattern in parts.items():
        complete = visits.filter(regex=pattern).notna().all(axis=1)
        left_out = complete & (rng.random(len(visits)) < 1 / 3)
        visits = visits.assign(**{total: visits[total].mask(left_out)})
    return visits


def _of(rows, analysis):
    return {key: numbers for key, numbers in rows.items() if key[1] == analysis}


def _report(found, wanted):
    wrong = compare(found, wanted)
    return "\n".join([f"{len(wrong)} differences", *wrong[:40]]) if wrong else ""


@pytest.mark.parametrize("analysis", ANALYSES)
@pytest.mark.parametrize("cohort", ["permuted", "gaps", "by_chance"])
def test_every_owed_row_is_recomputed(cohort, analysis, request):
    if analysis in OF_A_PAPER and cohort != "permuted":
        pytest.skip("no paper")
    found, wanted = (_of(rows, analysis) for rows in request.getfixturevalue(cohort))
    assert wanted
    assert not _report(found, wanted)


def test_every_line_of_the_list_is_met(permuted):
    assert {(key[1], key[7]) for key in permuted[0]} == OWED.keys()


def test_a_row_outside_the_list_owes_nothing(gaps_run):
    assert 0 < len(owed(load(gaps_run.results))) < len(load(gaps_run.results))


def test_every_published_figure_has_its_verdict(permuted):
    found, wanted = permuted
    told = published.verdicts(wanted, ROOT / "data/demo/published.csv")
    assert {key: found[key]["note"].split(":")[0] for key in told} == told
    assert set(told.values()) == {"reproduced", "differs", "cannot be reproduced"}


def _altered(line, column, wanted):
    """Half of what it is; where chance decides, half an interval away (a p-value: a tenth)."""
    if not isinstance(wanted, Between):
        return line[column] / 2
    if column == "p_value":
        return line[column] / 10
    width = line["ci_high"] - line["ci_low"]
    return line[column] + (width or line[column]) / 2


@pytest.mark.parametrize(
    "column", ["estimate", "ci_low", "ci_high", "ci_level", "n", "events", "p_value"]
)
def test_a_changed_number_is_noticed(permuted, column):
    found, wanted = permuted
    for key, line in found.items():
        if not pd.isna(line[column]) and line[column]:
            changed = {key: line | {column: _altered(line, column, wanted[key].get(column))}}
            assert compare(changed, {key: wanted[key]}), (key, column)


def test_a_lost_row_and_a_new_row_are_noticed(permuted):
    found, wanted = permuted
    lost = dict(list(found.items())[1:])
    assert len(compare(lost, wanted)) == 1
    assert len(compare(found, dict(list(wanted.items())[1:]))) == 1
