"""Every page, light, dark, printed and narrow: it asks for nothing, and everyone can read it."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT

pytestmark = pytest.mark.slow
PRINTED = 680  # pixels between the margins of A4
LOOKS = {
    "light": {},
    "dark": {"scheme": "dark", "unfolded": True},
    "print": {"width": PRINTED, "medium": "print"},
    "narrow": {"width": 320, "unfolded": True},
}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
EVERY_RULE = """axe.run({resultTypes: ["violations"], runOnly: axe.getRules().map(r => r.ruleId)})
    .then(found => found.violations.flatMap(rule => rule.nodes.map(
        node => `${rule.id} (${rule.impact}): ${node.html.slice(0, 99)} ${node.failureSummary}`
    )))"""


@pytest.fixture(scope="module", params=LOOKS)
def look(request):
    return request.param


@pytest.fixture(scope="module")
def shown(demo_page, look, show):
    shown = show(demo_page, **LOOKS[look])
    yield shown
    shown.page.context.close()


def violations(page):
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(EVERY_RULE)


def test_nothing_is_asked_for_and_nothing_complains(shown):
    assert (shown.requests, shown.complaints) == ([], [])


def test_nothing_scrolls_sideways_and_print_shrinks_by_a_fifth_at_most(shown, look):
    assert shown.page.evaluate(OVERFLOW) <= (PRINTED / 4 if look == "print" else 0)


def test_axe_finds_nothing_by_any_of_its_rules(shown):
    assert violations(shown.page) == []


def test_other_cohorts_ask_for_nothing_and_fit_a_telephone(other_page, show):
    shown = show(other_page, **LOOKS["narrow"])
    found = (shown.requests, shown.complaints, shown.page.evaluate(OVERFLOW))
    shown.page.context.close()
    assert found == ([], [], 0)


def test_a_page_that_loads_and_offends_would_be_noticed(show, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<!doctype html><title>x</title><img src="https://example.invalid/x.png"><script>oops()'
        '</script><p style="width: 400px; color: #aaa">too pale</p>'
    )
    shown = show(page, **LOOKS["narrow"])
    found = "\n".join(violations(shown.page))
    assert shown.requests == ["https://example.invalid/x.png"] and len(shown.complaints) == 2
    assert shown.page.evaluate(OVERFLOW) > 0
    assert all(rule in found for rule in ("image-alt", "color-contrast ", "html-has-lang"))
    shown.page.context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_all_pages_in_one_file_work_by_themselves(demo_run, show, look):
    file = demo_run.exports / "report.html"
    assert file.stat().st_size < 3_000_000
    shown = show(file, **LOOKS[look])
    page = shown.page
    targets = page.evaluate("""() => [...document.querySelectorAll("a[href]")]
        .map(link => link.getAttribute("href"))
        .filter(to => !to.startsWith("data:") && !/^https:/.test(to))""")
    assert {to[0] for to in targets} == {"#"}
    assert (
        page.evaluate(
            "to => to.filter(id => !document.querySelector(CSS.escape(id).replace(/^\\\\#/, '#')))",
            targets,
        )
        == []
    )
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))
    assert page.locator("section.report").count() == 7
    assert (shown.requests, shown.complaints) == ([], [])
    if look != "print":
        assert page.evaluate(OVERFLOW) == 0
        assert violations(page) == []
    page.context.close()


def test_a_figure_is_enlarged_by_keyboard_and_closed_again(demo_run, show):
    page = show(demo_run.exports / "03_efficacy.html", width=380).page
    figure = page.get_by_role("button", name="Enlarge the figure").first
    before = figure.bounding_box()["width"]
    figure.press("Enter")
    assert page.locator("dialog[open] img").bounding_box()["width"] > 2 * before
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    page.context.close()


def test_no_text_of_a_figure_is_below_eleven_pixels(demo_run):
    for file in (demo_run.exports / "figures").glob("*.svg"):
        sizes = re.findall(r"font: (?:[\w-]+ )*([\d.]+)px|font-size: ([\d.]+)px", file.read_text())
        points = [float(a or b) for a, b in sizes]
        assert points and min(points) * 96 / 72 >= 11, file.name
