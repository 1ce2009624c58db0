"""What a reader follows through a page: contents, links, figures."""

import pytest

pytestmark = pytest.mark.slow
PLACEHOLDER = "No description has been provided for this image"
TEXTS = "all => all.map(element => element.textContent.trim().replace(/\\s+/g, ' '))"
IDS = "all => all.map(element => element.id)"


def test_all_headings_are_in_the_contents_in_order(opened):
    headings = opened.locator("h2, h3")
    entries = opened.locator(".contents a")
    assert entries.evaluate_all(TEXTS) == headings.evaluate_all(TEXTS)
    targets = entries.evaluate_all("all => all.map(link => link.hash.slice(1))")
    assert targets == headings.evaluate_all(IDS)


def test_every_link_leads_somewhere(opened, demo_page):
    ids = opened.locator("[id]").evaluate_all(IDS)
    assert len(ids) == len(set(ids))
    links = opened.locator("a").evaluate_all("all => all.map(link => link.getAttribute('href'))")
    dead = [link for link in links if not alive(link, ids, demo_page.parent)]
    assert links and not dead


def alive(link, ids, folder):
    if link.startswith("#"):
        return link[1:] in ids
    return link.startswith("data:") or (":" not in link and (folder / link).is_file())


def test_references_have_the_number_of_what_they_lead_to(opened):
    references = opened.locator("main a[href^='#tbl-'], main a[href^='#fig-']")
    pairs = references.evaluate_all("""all => all.map(link => [link.textContent.trim(),
        document.querySelector(link.hash + ' .number').textContent.trim()])""")
    assert all(f"{text.replace(chr(160), ' ')}." == number for text, number in pairs)


def test_every_figure_is_drawn_and_has_words_of_its_own(opened):
    images = opened.locator("img")
    assert images.evaluate_all("all => all.every(image => image.complete && image.naturalWidth)")
    alts = images.evaluate_all("all => all.map(image => image.alt.trim())")
    captions = opened.locator("figcaption").evaluate_all(TEXTS)
    assert len(alts) == len(captions)
    assert all(len(alt) > 20 and alt != PLACEHOLDER for alt in alts)
    assert len({*alts, *captions}) == 2 * len(alts)
