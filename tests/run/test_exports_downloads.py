"""What a page or the index offers for download is what the page shows, and is there once."""

import base64
import csv
import io
import zipfile

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from ppp.report import page, text
from ppp.report.table import FIGURE_SPACE
from ppp.run import exports

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["demo_run", "gaps_run", "dlqi_run"])
def run(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def pages(run):
    return {
        report.href: BeautifulSoup((run.exports / report.href).read_text("utf-8"), "html.parser")
        for report in run.reports
    }


def content(link):
    return base64.b64decode(link["href"].split(",", 1)[1])


def clean(words):
    return " ".join(words.replace(FIGURE_SPACE, " ").split())


def links(pages, kind):
    """Each link of a kind of file, with the caption's number of what stands before it."""
    for soup in pages.values():
        for link in soup.select(f".take a[download$='.{kind}']"):
            shown = link.parent.find_previous_sibling()
            yield link, shown, shown.select_one(".number").text.rstrip(".")


def test_every_table_and_figure_can_be_downloaded(pages):
    for soup in pages.values():
        tables, figures = soup.select("table[id^=tbl-]"), soup.select("figure[id^=fig-]")
        assert len(soup.select(".take a")) == len(tables) + 2 * len(figures)


def test_a_csv_has_the_rows_of_its_table(run, pages):
    for link, box, number in links(pages, "csv"):
        raw = content(link)
        assert raw.startswith(b"\xef\xbb\xbf")
        head, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig")))
        skip = head[0] == "Group"
        shown = [
            [clean(cell.get_text(" ")) for cell in row.find_all(["th", "td"])]
            for row in box.select("thead tr, tbody tr:not(:has(th[scope=colgroup]))")
        ]
        shown = shown if rows else shown[:1]
        heads = [
            [clean(row[skip]) for row in rows],
            [clean(row[0]).replace("−", "-") for row in shown[1:]],
        ]
        assert heads[0] == heads[1] and len({len(row) for row in [head, *rows]}) == 1
        assert link["download"] == f"{exports.stem(run.study)}_{number.lower()}.csv".replace(
            " ", "_"
        )


def test_synthetic_data_are_marked_in_the_names_of_files(run, pages):
    named = [link["download"] for _, soup in pages.items() for link in soup.select(".take a")]
    assert named and {name.startswith("synthetic_") for name in named} == {run.study.synthetic}


def test_figures_are_those_of_the_pages_numbered_alike(run, pages):
    files = sorted((run.exports / "figures").iterdir())
    by_number = {(file.name.split("_")[0], file.suffix): file.read_bytes() for file in files}
    pngs = {number.split()[1]: content(link) for link, _, number in links(pages, "png")}
    assert {number: raw for (number, kind), raw in by_number.items() if kind == ".png"} == pngs
    for link, figure, number in links(pages, "svg"):
        assert figure["id"] == link["data-image"]
        assert content({"href": figure.img["src"]}) == by_number[number.split()[1], ".svg"]


def test_an_svg_is_stored_once(run, pages):
    for href, soup in pages.items():
        html = (run.exports / href).read_text("utf-8")
        assert all(html.count(image["src"]) == 1 for image in soup.select("figure img"))
        assert len(html.encode()) < 1_000_000


def test_a_png_has_300_dpi(run):
    for file in (run.exports / "figures").glob("*.png"):
        with Image.open(file) as picture:
            assert [round(dpi) for dpi in picture.info["dpi"]] == [300, 300]


def test_the_zip_holds_all_figures_with_fixed_dates(run):
    with zipfile.ZipFile(run.exports / "figures.zip") as archive:
        held = {entry.filename: archive.read(entry) for entry in archive.infolist()}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    files = (run.exports / "figures").iterdir()
    assert held == {f"figures/{file.name}": file.read_bytes() for file in files}


def test_the_index_offers_the_files_with_their_sizes(run):
    soup = BeautifulSoup((run.exports / "index.html").read_text("utf-8"), "html.parser")
    offered = {item.a["href"]: item.get_text() for item in soup.select(".downloads li")}
    assert list(offered) == list(exports.DOWNLOADS)
    for name, words in offered.items():
        assert text.size((run.exports / name).stat().st_size) in words


def test_the_kinds_of_exhibits_are_those_of_the_notebooks():
    from ppp.report import figure, table

    assert {mime for _, mime in page.KINDS.values()} == {table.JSON, figure.JSON}
