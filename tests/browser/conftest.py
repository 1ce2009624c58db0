"""A real browser, and a note of all that a page asks for or complains of."""

import shutil
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, sync_playwright

from ppp.run.notebooks import find
from ppp.study import ROOT

PAGES = [*(book.name for book in find(ROOT / "notebooks")), "index"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
UNFOLD = "document.querySelectorAll('details').forEach(fold => { fold.open = true; })"


@dataclass(frozen=True)
class Shown:
    """A page in the browser, what it asked for beyond itself, what it complained of."""

    page: Page
    requests: list = field(default_factory=list)
    complaints: list = field(default_factory=list)


@pytest.fixture(scope="module")
def browser():
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        pytest.skip(f"no browser ({', '.join(BROWSERS)}): install Debian's package chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=ARGUMENTS.split())
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def show(browser):
    """Show a file, off line, in a browser context of its own that the caller closes."""

    def show(path, *, width=1280, scheme="light", medium="screen", unfolded=False):
        size = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, color_scheme=scheme, offline=True)
        shown = Shown(context.new_page())
        watch(shown, path.as_uri())
        shown.page.emulate_media(media=medium)
        shown.page.goto(path.as_uri())
        if unfolded:
            shown.page.evaluate(UNFOLD)
        return shown

    return show


def watch(shown, own):
    def asked(request):
        if request.url != own and not request.url.startswith("data:"):
            shown.requests.append(request.url)

    shown.page.on("request", asked)
    shown.page.on("console", lambda said: shown.complaints.append(said.text))
    shown.page.on("pageerror", lambda error: shown.complaints.append(str(error)))


@pytest.fixture(scope="module", params=PAGES)
def demo_page(request, demo_run):
    """Path of each page of the demo."""
    return demo_run.exports / f"{request.param}.html"


@pytest.fixture(scope="module")
def opened(demo_page, show):
    """Each page of the demo on a desktop."""
    page = show(demo_page).page
    yield page
    page.context.close()


@pytest.fixture(scope="module", params=["gaps_run", "dlqi_run"])
def other_run(request):
    """The runs beside the demo's."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module", params=PAGES)
def other_page(request, other_run):
    """Path of each page of the other cohorts; report 6 is there only where a paper is."""
    if not other_run.study.published and request.param.startswith("06"):
        pytest.skip("the study names no paper")
    return other_run.exports / f"{request.param}.html"
