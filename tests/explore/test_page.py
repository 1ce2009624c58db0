"""explore.html in a real browser: its numbers are the library's, offline, for everyone."""

import json
import shutil
import subprocess
import time

import numpy as np
import pytest
from axe_playwright_python.base import AXE_SCRIPT

from ppp.explore import choice as explore

from ..browser.conftest import *  # noqa: F403 the browser, and how it shows a page
from ..browser.test_looks import EVERY_RULE, OVERFLOW

pytestmark = pytest.mark.slow
ANSWERS = """choices => choices.map(choice => {
    const { rows, change, shares, response } = answer(choice);
    return { ids: rows.map(row => row.id), change, shares, response };
})"""


@pytest.fixture(scope="module", params=["demo", "gaps"])
def asked(request):
    """A cohort, its study, and its page."""
    data, study = request.getfixturevalue(request.param)
    run = request.getfixturevalue(f"{request.param}_run")
    return data, study, run.exports / "explore.html"


def as_json(choice):
    return {name: value for name, value in vars(choice).items() if name != "query"}


def numbers(view):
    """All that the page gives of a view, missing as None."""
    blank = lambda *values: [None if np.isnan(x) else float(x) for x in values]  # noqa: E731
    exact, wilson, change = view.clopper_pearson, view.wilson, view.change
    return [
        [exact.events, exact.n],
        blank(exact.estimate, exact.ci_low, exact.ci_high, wilson.ci_low, wilson.ci_high),
        [change.n, *blank(change.estimate, change.ci_low, change.ci_high)],
        [blank(*row) for row in view.by_week[["events", "n", "ci_low", "ci_high"]].to_numpy()],
    ]


def of_page(answer):
    response, change = answer["response"], answer["change"]
    blank = lambda one, name: one.get(name) or [None, None]  # noqa: E731
    limits = [*blank(response, "exact"), *blank(response, "wilson")]
    return [
        [response["events"], response["n"]],
        [response.get("estimate"), *limits],
        [change["n"], change["estimate"], change["low"], change["high"]],
        [[one["events"], one["n"], *blank(one, "exact")] for one in answer["shares"]],
    ]


def compare(evaluate, data, study, ask, count):
    rng = np.random.default_rng(20261125)
    choices = [ask(rng, data, study) for _ in range(count)]
    answers = evaluate([as_json(choice) for choice in choices])
    for choice, answer in zip(choices, answers, strict=True):
        view = explore.view(data, study, choice)
        assert answer["ids"] == list(view.ids), choice
        for own, other in zip(numbers(view), of_page(answer), strict=True):
            assert np.array(own, float) == pytest.approx(
                np.array(other, float), rel=0, abs=1e-9, nan_ok=True
            ), choice


@pytest.mark.parametrize("count", [60, pytest.param(500, marks=pytest.mark.recompute)])
def test_the_browser_gives_the_librarys_numbers(asked, show, ask, count):
    data, study, page = asked
    shown = show(page)
    compare(lambda choices: shown.page.evaluate(ANSWERS, choices), data, study, ask, count)
    assert (shown.requests, shown.complaints) == ([], [])
    shown.page.context.close()


def test_it_is_small_and_fast(asked, show):
    *_, page = asked
    assert page.stat().st_size < 3_000_000
    page = show(page).page
    times = page.evaluate(
        """() => weeks.slice(1).flatMap(week => [10, 50, 90].map(value => {
            const begun = performance.now();
            set({ week, value });
            return performance.now() - begun;
        }))"""
    )
    page.context.close()
    assert np.median(times) < 100


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 1280])
def test_axe_finds_nothing_and_nothing_runs_off(asked, show, scheme, width):
    *_, page = asked
    page = show(page, scheme=scheme, width=width, unfolded=True).page
    assert page.evaluate(OVERFLOW) == 0
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(EVERY_RULE) == []
    page.context.close()


def test_by_keyboard_to_a_question_and_back_by_its_link(demo_run, show):
    page = show(demo_run.exports / "explore.html").page
    before = page.inner_text("#said")
    page.keyboard.press("Tab")  # the skip link
    page.get_by_label("Sex").focus()
    page.keyboard.type("f")
    page.get_by_label("Week", exact=True).focus()
    page.keyboard.press("ArrowUp")
    page.get_by_label("Threshold").first.fill("60")
    said = page.inner_text("#said")
    assert said != before and said.startswith("Sex: female; week 8, PPPASI-60 (missing")
    page.get_by_label("Follow one patient").select_option(index=1)
    assert "Week 0:" in page.inner_text("#picked")
    link = page.evaluate("location.href")
    page.goto("about:blank")
    page.goto(link)
    assert page.inner_text("#said") == said
    page.get_by_role("button", name="Start again").press("Enter")
    assert page.inner_text("#said") == before
    page.context.close()


def test_a_patient_picked_in_one_figure_is_marked_in_all(demo_run, show):
    page = show(demo_run.exports / "explore.html").page
    bar = page.locator("#waterfall svg rect").nth(3).bounding_box()
    page.mouse.move(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    page.mouse.down()
    page.mouse.up()
    picked = page.evaluate("state.pick")
    fall = "row => [row.score / row.before, row.id]"
    order = f"answer(state).pairs.map({fall}).sort((a, b) => b[0] - a[0])"
    expected = page.evaluate(f"{order}[3][1]")
    assert picked == expected
    warn = page.evaluate("colour('--warn')")
    for figure in ("trajectories", "waterfall"):
        marks = page.locator(f"#{figure} [stroke='{warn}'], #{figure} [fill='{warn}']")
        assert marks.count(), figure
    page.context.close()


def test_no_date_and_no_raw_id_is_in_it(demo_run):
    text = (demo_run.exports / "explore.html").read_text("utf-8")
    content = json.loads(text.split('id="data">')[1].split("</script>")[0])
    assert set(content["patients"][0]) == {"id", "values", "scores"}
    assert not [cut for cut in content["cuts"] if "date" in cut["name"]]


def test_firefox_gives_the_same_numbers(asked, ask, tmp_path):
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    if not firefox:
        pytest.skip("no Firefox: install Debian's package firefox-esr")
    websocket = pytest.importorskip("websocket")
    data, study, page = asked
    command = [firefox, "--headless", "--remote-debugging-port=0", "--profile", str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as browser:
        try:
            address = next(
                line.split()[-1] for line in browser.stderr if "WebDriver BiDi listening" in line
            )
            socket = websocket.create_connection(f"{address}/session", suppress_origin=True)
            said = Firefox(socket)
            said("session.new", capabilities={})
            context = said("browsingContext.getTree")["contexts"][0]["context"]
            said("browsingContext.navigate", context=context, url=page.as_uri(), wait="complete")

            def evaluate(choices):
                expression = f"JSON.stringify(({ANSWERS})({json.dumps(choices)}))"
                about = {"target": {"context": context}, "awaitPromise": True}
                result = said("script.evaluate", expression=expression, **about)
                return json.loads(result["result"]["value"])

            compare(evaluate, data, study, ask, 20)
            socket.close()
        finally:
            browser.terminate()


class Firefox:
    """Calls of the WebDriver BiDi protocol, one after the other."""

    def __init__(self, socket):
        self.socket, self.number = socket, 0

    def __call__(self, method, **params):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                return answer["result"]
        raise TimeoutError(method)
