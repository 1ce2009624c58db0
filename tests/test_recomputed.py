"""Every row of results.csv against a recomputation that knows nothing of the package.

The demo cohort is taken apart (one patient dropped, ids and rows permuted, some totals left to be
scored from their parts), so that no number of it can have been written down anywhere.
"""

from shutil import copy

import numpy as np
import pandas as pd
import pytest

from ppp.data import cleaning
from ppp.study import ROOT, Study

from .recompute import compare, expected, load, published
from .recompute.rows import KEY, Between

pytestmark = pytest.mark.slow

SEED = 20240229
ANALYSES = [
    "flow",
    "summary",
    "count",
    "balance",
    "change",
    "responder",
    "longitudinal",
    "missing_pattern",
    "sensitivity",
    "regression_to_mean",
    "multiplicity",
    "exposure",
    "adverse_event",
    "time_to_event",
    "lab_shift",
    "lab_grade",
    "lab_value",
    "liver",
    "group_difference",
    "detectable",
    "published",
    "audit",
]
NOT_IN_GAPS = {"published", "audit"}
DERIVED = ["start_earliest", "start_latest"]
STUDY = """
[study]
id = "permuted"
synthetic = true
published = "published.csv"
[source]
folder = "csv"
date_format = "%Y-%m-%d"
"""


@pytest.fixture(scope="module")
def permuted(run_cohort, tmp_path_factory):
    """The permuted demo cohort: what its run gave, and what it should give."""
    folder = tmp_path_factory.mktemp("permuted")
    (folder / "csv").mkdir()
    (folder / "study.toml").write_text(STUDY, "utf-8")
    copy(ROOT / "data/demo/published.csv", folder)
    cleaned = cleaning.clean(Study.load("data/demo"))
    for name, table in _permuted(cleaned).items():
        table.to_csv(folder / "csv" / f"{name}.csv", index=False)
    return load(run_cohort(folder).results), expected(folder / "csv")


@pytest.fixture(scope="module")
def gaps(gaps_run):
    return load(gaps_run.results), expected(ROOT / "tests/cohorts/gaps/csv")


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
def test_every_row_of_the_permuted_cohort_is_recomputed(permuted, analysis):
    found, wanted = (_of(rows, analysis) for rows in permuted)
    assert wanted
    assert not _report(found, wanted)


@pytest.mark.parametrize("analysis", [x for x in ANALYSES if x not in NOT_IN_GAPS])
def test_every_row_of_the_cohort_with_gaps_is_recomputed(gaps, analysis):
    found, wanted = (_of(rows, analysis) for rows in gaps)
    assert wanted
    assert not _report(found, wanted)


def test_every_published_figure_has_its_verdict(permuted):
    found, wanted = permuted
    told = published.verdicts(wanted, ROOT / "data/demo/published.csv")
    assert {key: found[key]["note"].split(":")[0] for key in told} == told
    assert set(told.values()) == {"reproduced", "differs", "cannot be reproduced"}


def test_no_analysis_escapes(permuted, gaps):
    assert {key[1] for key in permuted[0]} == set(ANALYSES)
    assert {key[1] for key in gaps[0]} == set(ANALYSES) - NOT_IN_GAPS


@pytest.mark.parametrize(
    "outcome",
    ["soc", "term", "soc_term", "interest_term", "uncaught", "before_treatment", "after_window"],
)
def test_names_stand_by_patients_then_events_then_letters(permuted, gaps, outcome):
    for rows, _ in (permuted, gaps):
        places = {}
        for key, line in rows.items():
            where = dict(zip(KEY, key, strict=True))
            if where["outcome"] == outcome and where["level"]:
                place = places.setdefault((where["population"], where["level"]), {})
                place[where["statistic"]] = line["events"]
        order = {}
        for (population, level), counts in places.items():
            place = (-counts["patients"], -counts["event_count"], level.casefold())
            order.setdefault(population, []).append(place)
        assert all(found == sorted(found) for found in order.values())


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
