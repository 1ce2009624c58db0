"""The report on published figures: the abstract, the audit's findings, and a study without any."""

import json
import re
from shutil import copy, copytree

import pytest
from bs4 import BeautifulSoup

from ppp import results
from ppp.run import pipeline
from ppp.study import ROOT

from .test_words import FORBIDDEN

PAGE = "06_published_figures.html"


def read(run, name):
    return BeautifulSoup((run.exports / name).read_text("utf-8"), "html.parser")


def section(soup, heading):
    """Text of what follows a second-level heading, up to the next."""
    head = next(h for h in soup.select("main h2") if h.get_text() == heading)
    words = []
    for element in head.find_all_next(True):
        if element.name == "h2":
            break
        if element.name in ("p", "li", "td") and not element.find_parent("details"):
            words.append(" ".join(element.get_text().split()))
    return words


def test_the_abstract_is_the_one_that_the_index_writes_from_results(demo_run):
    index = read(demo_run, "index.html")
    paragraphs = [" ".join(p.get_text().split()) for p in index.select("main p")]
    told = section(read(demo_run, PAGE), "The abstract, written from this cohort")
    assert [words for words in told if words.startswith("A total of 28 patients")]
    assert set(told) & set(paragraphs)


def test_every_published_figure_has_a_verdict(demo_run):
    rows = results.pick(results.load(demo_run.results), analysis="published")
    by = rows.pivot(index="outcome", columns="statistic", values="code")
    kinds = by["recomputed"].value_counts()
    assert kinds.to_dict() == {"reproduced": 18, "irreproducible unattainable": 3}
    assert (by.loc[["dlqi_before_mean", "dlqi_after_mean"], "audit"] == "inconsistent").all()


def test_the_audit_finds_what_was_found_by_hand(demo_run):
    page = " ".join(read(demo_run, PAGE).main.get_text().split())
    findings = [
        "DLQI before, mean 12.55 and DLQI at week 12, mean 2.03 are inconsistent with integer "
        "totals from 28 patients",
        "29, 31, 33, 38, 40",
        "between 11.44 and 26.14 and p at most 7.4 × 10⁻¹²",
        "11.4 to 26.3 and 8.1 × 10⁻¹² with rounding slack",
        "PPPASI-75 11 of 28",
        "PPPASI-100 0 of 28",
        "the true share may reach 12.3%",
        "Fisher p = 1.000",
    ]
    assert not [words for words in findings if words not in page]


def test_pages_keep_to_arithmetic(demo_run, gaps_run):
    for run in (demo_run, gaps_run):
        main = read(run, PAGE).main
        for code in main.select("details.code, svg, a[download]"):
            code.decompose()
        assert not FORBIDDEN.search(main.get_text())


def test_a_study_without_published_figures_says_so_once_and_shows_no_empty_table(gaps_run):
    soup = read(gaps_run, PAGE)
    for code in soup.select("details.code"):
        code.decompose()
    assert len(re.findall("nothing to compare", soup.main.get_text())) == 1
    assert not soup.select("main table, main figure, .absent")
    headings = [h.get_text() for h in soup.select("main h2")]
    assert headings == [
        "Key results",
        "Limits",
        "The abstract, written from this cohort",
        "Glossary",
        "Provenance",
    ]
    rows = results.load(gaps_run.results)
    assert results.pick(rows, notebook="06_published_figures").empty


@pytest.mark.parametrize(
    "kept", [["sapho"], ["pppasi_before_mean", "pppasi_before_sd"], ["age_mean"], ["dlqi_p"]]
)
def test_a_paper_with_few_figures_gives_a_page(tmp_path, gaps_run, kept):
    head, *lines = (ROOT / "data/demo/published.csv").read_text("utf-8").splitlines()
    kept = [line for line in lines if line.split(",")[0] in kept]
    books, cohort = tmp_path / "notebooks", tmp_path / "cohort"
    books.mkdir()
    copy(ROOT / "notebooks/06_published_figures.ipynb", books)
    copytree(gaps_run.study.folder, cohort)
    cleaned = tmp_path / "out/data/derived/gaps"
    copytree(gaps_run.derived, cleaned)
    ownerless = {"sha256": gaps_run.study.source.sha256()}
    (cleaned / "source.json").write_text(json.dumps(ownerless))
    (cohort / "published.csv").write_text("\n".join([head, *kept]), "utf-8")
    text = (cohort / "study.toml").read_text("utf-8")
    named = text.replace("[study]", '[study]\npublished = "published.csv"', 1)
    (cohort / "study.toml").write_text(named, "utf-8")
    done = pipeline.run(
        pipeline.Options(cohort=str(cohort), output=str(tmp_path / "out"), folder=books)
    )
    assert not done.failures
