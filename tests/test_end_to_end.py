"""From a source to pages, for each cohort that the repository carries."""

import re

import pandas as pd
import pytest

from ppp import results
from ppp.run.notebooks import ON_A_PAPER, find
from ppp.study import ROOT

pytestmark = pytest.mark.slow
NAMES = [book.name for book in find(ROOT / "notebooks")]
OUTSIDE = re.compile(r"""(src|href|srcset|data|action)\s*=\s*["'](https?:)?//|url\(|@import""")
ALT = re.compile(r'<img[^>]*\balt="([^"]*)"')


@pytest.fixture(scope="module", params=["demo_run", "gaps_run", "dlqi_run"])
def run(request):
    return request.getfixturevalue(request.param)


def page(run, name):
    if name == ON_A_PAPER and not run.study.published:
        pytest.skip("there is no report on a paper without a paper")
    return (run.exports / f"{name}.html").read_text("utf-8")


def body(html):
    return re.sub(r"<(pre|style|script).*?</\1>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("name", [*NAMES, "index"])
def test_every_page_works_and_loads_nothing(run, name):
    html = page(run, name)
    assert not OUTSIDE.search(html)
    assert not re.search(r"\b(nan|NaN|inf|NaT|None|&lt;NA&gt;)\b", body(html))
    assert len(html.encode()) < (1_000_000 if run.study.id == "demo" else 2_000_000)


@pytest.mark.parametrize("name", [*NAMES, "index"])
def test_synthetic_data_are_labelled_and_real_ones_are_not(run, name):
    assert ("SYNTHETIC DATA" in body(page(run, name))) == run.study.synthetic


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_has_alternative_text_and_caption(run, name):
    html = page(run, name)
    alts = ALT.findall(html)
    assert len(alts) == html.count("<img ") == html.count("<figcaption")
    assert all(len(alt) > 20 for alt in alts)


def test_each_notebook_has_its_rows_in_results(run):
    recorded = "sapho" in pd.read_parquet(run.derived / "patients.parquet")
    without = set() if recorded else {"05_sapho_subgroup"}
    without |= set() if run.study.published else {ON_A_PAPER}
    wanted = set(NAMES) - without
    assert set(results.load(run.results)["notebook"]) == wanted


def test_the_key_numbers_of_the_page_are_those_of_the_rows(run):
    rows = results.load(run.results)
    primary = run.study.endpoints.primary
    row = results.one(
        rows,
        analysis="change",
        outcome=primary,
        group="all",
        week=run.study.schedule.primary,
        statistic="mean_change",
        missing="observed",
    )
    verb = "fell by" if row["ci_high"] < 0 else "changed by"
    size = f"{abs(row['estimate']):.2f}"
    assert re.search(rf"{verb} <strong>−?{size}</strong>", page(run, "03_efficacy"))


@pytest.mark.parametrize(
    "outcome",
    ["soc", "term", "soc_term", "interest_term", "uncaught", "before_treatment", "after_window"],
)
def test_names_stand_by_patients_then_events_then_letters(run, outcome):
    rows = results.pick(results.load(run.results), analysis="adverse_event", outcome=outcome)
    rows = rows[(rows["level"] != "") & rows["statistic"].isin(["patients", "event_count"])]
    for _, named in rows.groupby("population"):
        counts = named.pivot(index="level", columns="statistic", values="events")
        counts = counts.loc[named["level"].unique()]
        order = [
            (-row.patients, -row.event_count, row.Index.casefold()) for row in counts.itertuples()
        ]
        assert order == sorted(order)
