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


def test_the_abstract_stands_on_the_index_alone(demo_run):
    for name, here in (("index.html", True), (PAGE, False)):
        said = "A total of 28 patients" in read(demo_run, name).main.get_text()
        assert said == here


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
        "within −9.79 to −6.81 and p is at most 7.4 × 10⁻¹²",
        "11.4 to 26.3 and p at most 8.1 × 10⁻¹²",
        "PPPASI-75 in at most 11 of 28",
        "Of the 20 patients with PGA 0/1, at least 9",
        "exact 95% CI reaches 12.3%",
        "Fisher’s exact test, p = 1.000",
    ]
    assert not [words for words in findings if words not in page]


def test_the_page_keeps_to_arithmetic(demo_run):
    main = read(demo_run, PAGE).main
    for code in main.select("details.code, svg, a[download]"):
        code.decompose()
    assert not FORBIDDEN.search(main.get_text())


def test_one_count_has_one_interval_and_the_page_says_nothing_twice(demo_run):
    main = read(demo_run, PAGE).main
    for code in main.select("details.code"):
        code.decompose()
    told = main.get_text()
    assert not re.search("Wilson|52.9|rule of three", told)
    said = [p.get_text() for p in main.select("p, li") if len(p.get_text()) > 40]
    assert len(said) == len(set(said))


def test_without_a_paper_there_is_no_report_on_one(gaps_run):
    manifest = json.loads((gaps_run.exports / "manifest.json").read_text("utf-8"))
    others = [f"{report.name}.html" for report in gaps_run.reports]
    assert len(others) == 5 and not (gaps_run.exports / PAGE).exists()
    assert [f"{book['name']}.html" for book in manifest["notebooks"]] == others
    for name in ("index.html", *others):
        html = (gaps_run.exports / name).read_text("utf-8")
        assert PAGE not in html and "of 6" not in html
    assert "report 5 of 5" in " ".join(read(gaps_run, others[-1]).get_text().split())
    rows = results.load(gaps_run.results)
    assert results.pick(rows, notebook=PAGE.removesuffix(".html")).empty


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
    ownerless = {"sha256": gaps_run.study.source.sha256(), "weeks": [0, 4, 8, 12]}
    (cleaned / "source.json").write_text(json.dumps(ownerless))
    (cohort / "published.csv").write_text("\n".join([head, *kept]), "utf-8")
    text = (cohort / "study.toml").read_text("utf-8")
    named = text.replace("[study]", '[study]\npublished = "published.csv"', 1)
    (cohort / "study.toml").write_text(named, "utf-8")
    done = pipeline.run(
        pipeline.Options(cohort=str(cohort), output=str(tmp_path / "out"), folder=books)
    )
    assert not done.failures
