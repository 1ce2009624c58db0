"""All that a page can do, it does with Tab and Enter alone; one sees where one is."""

import pytest

pytestmark = pytest.mark.slow
AT = """() => {
    const at = document.activeElement;
    const box = at.getBoundingClientRect(), look = getComputedStyle(at);
    return {
        name: `${at.tagName} ${at.textContent.trim().slice(0, 40)}`, body: at === document.body,
        outlined: look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2,
        inside: box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0
            && box.top < innerHeight && box.left < innerWidth,
    };
}"""
CONTROLS = """() => [...document.querySelectorAll("a[href], button, summary, [tabindex='0']")]
    .filter(control => control.checkVisibility()).length"""
MOST = 400


@pytest.fixture
def page(demo_page, show):
    page = show(demo_page).page
    yield page
    page.context.close()


@pytest.fixture
def folds(page):
    folds = page.locator("details.code")
    if not folds.count():
        pytest.skip("a page without code")
    return folds


def tab_to(page, selector):
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab does not reach {selector}")


def open_ones(page):
    return page.locator("details.code[open]").count()


def test_tab_reaches_every_control_and_shows_where_it_is(page):
    stops = []
    while len(stops) < MOST:
        page.keyboard.press("Tab")
        stop = page.evaluate(AT)
        if stop["body"]:
            break
        stops.append(stop)
    assert [stop["name"] for stop in stops if not (stop["outlined"] and stop["inside"])] == []
    assert len(stops) == page.evaluate(CONTROLS)


def test_the_first_tab_offers_to_skip_to_the_content(page):
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_code_folds_and_unfolds(page, folds):
    tab_to(page, "details.code > summary")
    assert open_ones(page) == 0
    page.keyboard.press("Enter")
    assert open_ones(page) == 1 and folds.first.locator("pre").first.is_visible()
    page.keyboard.press("Enter")
    assert open_ones(page) == 0 and not folds.first.locator("pre").first.is_visible()


def test_all_code_is_shown_and_hidden(page, folds):
    tab_to(page, ".all-code")
    button = page.locator(".all-code")
    assert button.inner_text() == "Show all code"
    page.keyboard.press("Enter")
    assert open_ones(page) == folds.count() and button.inner_text() == "Hide all code"
    page.keyboard.press("Enter")
    assert open_ones(page) == 0 and button.inner_text() == "Show all code"
