"""What comes out of the printer, looked at page by page."""

import shutil
import subprocess

import pytest

pytestmark = pytest.mark.slow
SHEET = 950  # pixels of A4 below the strip and between the margins
PRINTED = 680
TALLEST = """all => all.map(part => [part.id || part.tagName, part.getBoundingClientRect().height])
    .filter(([name, height]) => height > %d)"""


@pytest.fixture(scope="module")
def page(demo_page, show):
    page = show(demo_page, width=PRINTED, medium="print").page
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def sheets(page, tmp_path_factory):
    """The text of each sheet, its white space evened."""
    if not shutil.which("pdftotext"):
        pytest.skip("no pdftotext: install Debian's package poppler-utils")
    file = tmp_path_factory.mktemp("print") / "page.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    done = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    return [tidy(sheet) for sheet in done.stdout.decode().split("\f")[:-1]]


def test_every_sheet_has_the_strip(sheets, demo_run):
    for sheet in sheets:
        assert sheet.startswith(f"SYNTHETIC DATA {demo_run.study.title} data ")


def test_code_and_menus_stay_on_the_screen(sheets):
    text = " ".join(sheets)
    assert "import " not in text and "Show all code" not in text and "Skip to" not in text


def test_a_figure_and_its_caption_are_on_one_sheet(sheets, page):
    captions = page.locator("figcaption").all_inner_texts()
    where = [next(i for i, sheet in enumerate(sheets) if tidy(c)[:30] in sheet) for c in captions]
    marks = [sheet.count("SYNTHETIC DATA") - 1 for sheet in sheets]
    assert marks == [where.count(i) for i in range(len(sheets))]


def tidy(text):
    return " ".join(text.split())


def test_what_must_not_be_cut_fits_a_sheet(page):
    unbroken = page.locator("figure, thead, tr, caption")
    assert unbroken.evaluate_all(TALLEST % SHEET) == []
