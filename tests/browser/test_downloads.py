"""What a page lets one take away is what it shows: opened and compared."""

import base64
import csv
import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image

pytestmark = pytest.mark.slow
DATE = re.compile(r"\d{1,4}[/-]\d{1,4}([/-]\d{1,4})?")
TABLE = """table => {
    const words = cell => cell.innerText.trim().replace(/\\s+/g, " ");
    const rows = [];
    let group = null;
    for (const row of table.querySelectorAll("tbody tr")) {
        const heading = row.querySelector("th[scope=colgroup]");
        if (heading) group = words(heading);
        else rows.push([...(group === null ? [] : [group]), ...[...row.cells].map(words)]);
    }
    const head = [...table.querySelectorAll("thead tr:last-child th")].map(words);
    return [[...(group === null ? [] : ["Group"]), ...head], ...rows];
}"""


def content(link):
    """Decode the content of a link; reading it is surer than a dozen clicks in a row."""
    return base64.b64decode(link.get_attribute("href").split(";base64,", 1)[1])


def links(page, ending):
    return page.locator(f"a[download$='.{ending}'][href^='data:']").all()


@pytest.mark.parametrize("ending", ["csv", "svg", "png"])
def test_a_click_saves_the_file_under_its_name(opened, ending):
    for link in links(opened, ending)[:1]:
        with opened.expect_download() as coming:
            link.click()
        assert coming.value.suggested_filename == link.get_attribute("download")
        assert Path(coming.value.path()).read_bytes() == content(link)


def test_each_table_opens_with_the_numbers_that_are_shown(opened):
    tables = opened.locator("main table").all()
    for table, link in zip(tables, links(opened, "csv"), strict=True):
        number = table.locator(".number").inner_text().split()[1].rstrip(".")
        assert link.get_attribute("download").endswith(f"table_{number}.csv")
        rows = list(csv.reader(io.StringIO(decoded(content(link)))))
        shown = table.evaluate(TABLE)
        assert len({len(row) for row in rows}) == 1 and len(rows) == len(shown)
        for row, cells in zip(rows[1:], shown[1:], strict=True):
            assert sorted(numbers(row)) == sorted(numbers(cells))


def test_a_spreadsheet_reads_numbers_and_no_dates(opened):
    for link in links(opened, "csv"):
        for row in list(csv.reader(io.StringIO(decoded(content(link)))))[1:]:
            assert not [cell for cell in row if DATE.fullmatch(cell) or cell.startswith("\u2212")]


def numbers(cells):
    """Every number in the cells of a row."""
    text = " | ".join(tidy(cell) for cell in cells).replace("\u2212", "-")
    return re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d{3})", "", text))


def decoded(content):
    assert content.startswith(b"\xef\xbb\xbf")
    return content.decode("utf-8-sig")


def tidy(cell):
    return " ".join(cell.removeprefix("'").split())


def test_each_figure_opens_as_the_drawing_that_is_shown(opened):
    images = opened.locator("main figure img").all()
    for image, svg, png in zip(images, links(opened, "svg"), links(opened, "png"), strict=True):
        names = [link.get_attribute("download")[: -len("svg")] for link in (svg, png)]
        assert names[0] == names[1] and svg.get_attribute("href") == image.get_attribute("src")
        drawing, picture = ET.fromstring(content(svg)), Image.open(io.BytesIO(content(png)))
        width, height = (float(drawing.get(side)[: -len("pt")]) for side in ("width", "height"))
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=1)
        assert picture.width / picture.height == pytest.approx(width / height, rel=0.01)
