"""The index: every number is that of a row; what was not recorded is left out."""

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from ppp import results
from ppp.estimators.estimate import Estimate
from ppp.overview import index as front
from ppp.overview.index import abstract, cards, flow
from ppp.report import page

REPORTS = [
    page.Report("01_cleaning", "What was read"),
    page.Report("02_descriptives", "Who", state="failed", detail="cell 3: KeyError: '<b>'"),
    page.Report("03_efficacy", "Did it fall?"),
]
FILES = [("results.csv", "every statistic", 180_518)]


@pytest.fixture
def index(study):
    def make(rows):
        content = front.index(
            study, REPORTS, rows=rows, paragraph="One <paragraph>.", downloads=FILES
        )
        return content, BeautifulSoup(content.html, "html.parser")

    return make


def text_of(element):
    return " ".join(element.get_text(" ").split())


def test_cards_give_number_interval_and_n(rows, study):
    assert [vars(card) for card in cards(rows, study)] == [
        {
            "label": "Mean change in PPPASI, week\u00a012",
            "value": "−8.30",
            "interval": "95% CI −9.40 to −7.20",
            "n": "n = 27 of 28",
        },
        {
            "label": "PGA 0/1 reached, week\u00a012",
            "value": "71.4%",
            "interval": "exact 95% CI 52.9% to 84.8%",
            "n": "20 of 28, missing = non-response",
        },
        {
            "label": "Patients with a severe adverse event",
            "value": "0.0%",
            "interval": "exact 95% CI 0.0% to 12.3%",
            "n": "0 of 28 treated",
        },
    ]


def test_a_card_of_events_has_their_interval(study):
    row = results.row(
        "adverse_event", "grade3", "patients", Estimate(2 / 28, 0.0088, 0.235, 0.95, n=28, events=2)
    )
    (card,) = cards(results.frame([row]), study)
    assert card.value == "7.1%" and card.interval == "exact 95% CI 0.9% to 23.5%"


def test_observed_patients_stand_in_where_there_is_no_nri(rows, study):
    seen = rows[rows["missing"] != "nri"]
    assert cards(seen, study)[1].n == "20 of 27, observed"
    assert "of those observed" in abstract(seen, study).text


def test_flow_is_that_of_the_rows(rows, study):
    assert flow(rows, study) == [
        ("Rows read", "30"),
        ("Rows excluded", "2"),
        ("Values that became missing", "0"),
        ("Patients treated", "28"),
        ("PPPASI at week\u00a00", "28 of 28"),
        ("PPPASI at week\u00a012", "27 of 28"),
    ]


def test_the_filter_and_ids_that_are_alike_stand_in_the_flow(rows, study):
    def count(analysis, outcome, level, k, n):
        return results.row(analysis, outcome, "count", k, group="all", level=level, n=n, events=k)

    more = [
        count("flow", "filter", "left_out", 12, 40),
        count("query", "patient_id", "ids_alike", 2, 2),
    ]
    steps = dict(flow(pd.concat([rows, results.frame(more)]), study))
    assert steps["Not in the filter, of 40 patients"] == "12"
    assert steps["of these, with ids so alike that they may be one"] == "2"
    assert len(steps) == len(flow(rows, study)) + 2


def test_stops_before_and_after_the_primary_week_stand_apart(rows, study):
    stops = [
        results.row("flow", "patients", "count", k, level=f"stopped_{t}", week=12, n=28, events=k)
        for t, k in (("before", 2), ("after", 1))
    ]
    told = flow(pd.concat([rows, results.frame(stops)]), study)
    assert told[-2:] == [
        ("Stopped before week\u00a012", "2 of 28"),
        ("Stopped at week\u00a012 or later", "1 of 28"),
    ]


def test_a_stop_of_unknown_date_is_not_told_as_none(rows, study):
    stops = [
        results.row("flow", "patients", "count", k, level=f"stopped_{t}", week=12, n=18, events=k)
        for t, k in (("before", 0), ("after", 0), ("undated", 2))
    ]
    told = flow(pd.concat([rows, results.frame(stops)]), study)
    assert told[-3:] == [
        ("Known to have stopped before week\u00a012", "0 of 18"),
        ("Stopped at week\u00a012 or later", "0 of 18"),
        ("Stopped, date unknown", "2 of 18"),
    ]


def test_abstract_keeps_its_order_and_its_intervals(rows, study):
    told = abstract(rows, study).text
    parts = (
        "28 patients",
        "18 of 28 female; 8 of 28 with SAPHO",
        "**36.2** years (SD 10.5).",
        "13.86 (SD 2.76; n = 28)",
        "5.56",
        "95% CI −9.40 to −7.20",
        "**20 of 28**",
        "52.9% to 84.8%",
        "(0 of 28",
    )
    places = [told.find(part) for part in parts]
    assert -1 not in places and places == sorted(places)


def test_what_was_not_recorded_is_left_out(rows, study, empty, index):
    harmless = rows[rows["analysis"] != "adverse_event"]
    assert "dverse" not in abstract(harmless, study).text
    assert len(cards(harmless, study)) == 2
    content, soup = index(empty)
    assert not soup.select(".cards, .flow") and "There was no control" not in content.html
    assert [heading.id for heading in content.headings] == ["reports", "downloads"]


def test_answer_comes_before_its_limits_and_these_before_the_rest(rows, index):
    content, soup = index(rows)
    places = [
        content.html.find(part)
        for part in (
            'class="cards"',
            "<strong>28 patients</strong>",
            "no control group",
            'id="flow"',
            'id="reports"',
            'id="downloads"',
        )
    ]
    assert -1 not in places and places == sorted(places)
    assert all(soup.find(id=heading.id) for heading in content.headings)
    assert "&lt;paragraph&gt;" in content.html


def test_the_limits_say_what_was_lost_to_queries(rows, index):
    lost = results.row("loss", "pppasi", "proportion", 34 / 112, group="visits", events=34, n=112)
    said = text_of(index(pd.concat([rows, results.frame([lost])]))[1].select_one(".limit"))
    assert said.endswith(
        "Cells filled in that could not be used (queries): PPPASI 34 of 112 (30.4%)."
    )
    assert "(queries)" not in text_of(index(rows)[1])


def test_index_names_what_failed_and_why_and_offers_no_old_page(rows, index):
    content, soup = index(rows)
    assert "cell 3: KeyError: &#39;&lt;b&gt;&#39;" in content.html
    assert [a["href"] for a in soup.select(".reports a")] == [
        "01_cleaning.html",
        "03_efficacy.html",
    ]
    assert "No page is offered" in text_of(soup.select_one(".reports .failed"))
    assert soup.select_one(".downloads a")["href"] == "results.csv"
    assert "181 kB" in text_of(soup.select_one(".downloads"))


def test_a_row_that_two_notebooks_give_is_taken_once(rows, index):
    content, _ = index(pd.concat([rows, rows.assign(notebook="05_again")]))
    assert content.html == index(rows)[0].html


@pytest.mark.slow
@pytest.mark.parametrize("name", ["demo_run", "gaps_run", "dlqi_run"])
def test_every_number_of_the_index_is_in_the_results_rows(name, request):
    run = request.getfixturevalue(name)
    rows = results.load(run.results).drop_duplicates(results.KEY[1:])
    shown = BeautifulSoup((run.exports / "index.html").read_text("utf-8"), "html.parser")
    told = [text_of(card) for card in shown.select(".cards li")]
    assert told == [
        " ".join(vars(c).values()).replace("\u00a0", " ") for c in cards(rows, run.study)
    ]
    change = results.one(
        rows,
        analysis="change",
        outcome=run.study.endpoints.primary,
        group="all",
        week=run.study.schedule.primary,
        statistic="mean_change",
        missing="observed",
    )
    assert f"{abs(change['estimate']):.2f}" in told[0]
    assert f"{abs(change['ci_low']):.2f}" in told[0] and f"n = {change['n']}" in told[0]
    told = abstract(rows, run.study).to_html().replace("\u00a0", " ")
    assert text_of(BeautifulSoup(told, "html.parser")) in text_of(shown.main)


def test_an_outcome_that_nobody_has_at_the_visit_has_no_card_and_no_sentence(rows, study):
    at = (rows["analysis"] == "responder") & (rows["outcome"] == "pga01")
    gone = {x: rows[x].mask(at) for x in ("estimate", "ci_low", "ci_high", "events")}
    gone = rows.assign(**gone, code=rows["code"].mask(at, "not_recorded"))
    assert "PGA" in str(cards(rows, study)) and "PGA" not in str(cards(gone, study))
    assert "PGA" in abstract(rows, study).text and "PGA" not in abstract(gone, study).text


def test_the_abstract_gives_the_signed_rank_test_where_it_disagrees_with_t(rows, study):
    for ranked, shown in ((0.062, "; exact Wilcoxon signed-rank test, p = 0.062"), (0.03, "")):
        test = Estimate(-2.9, n=27, p_value=0.032)
        paired = results.row("change", "pppasi", "paired_t", test, week=12, missing="observed")
        other = (rows["outcome"] == "pppasi") & (rows["statistic"] == "wilcoxon_exact")
        here = rows.assign(
            p_value=rows["p_value"].mask(other, ranked), code=rows["code"].mask(other, "exact")
        )
        said = abstract(pd.concat([here, results.frame([paired])]), study).text
        assert f"; paired t, p = 0.032{shown}; n = 27 of 28)" in said


def test_means_of_different_patients_are_not_joined(rows, study):
    where = {"week": 12, "missing": "observed", "n": 27}
    pairs = [
        results.row("change", "pppasi", name, x, **where)
        for name, x in (("mean_before", 14.2), ("mean_after", 5.9))
    ]
    said = abstract(pd.concat([rows, results.frame(pairs)], ignore_index=True), study).text
    assert "In the 27 patients with both scores, mean PPPASI was 14.20 at week 0 and 5.90" in said
    assert "13.86" not in said and "n = 27 of 28" in said


def test_events_without_a_grade_are_told_beside_the_severe(rows, study):
    code = {"code": rows["code"].mask(rows["outcome"] == "grade3", "gap:2/10")}
    known = rows.assign(**code)
    said = "grade not recorded for 2 of 10 events"
    assert f"; {said})." in abstract(known, study).text
    assert cards(known, study)[-1].n == f"0 of 28 treated; {said}"
    some = known.assign(events=known["events"].mask(known["outcome"] == "grade3", 1))
    assert said in abstract(some, study).text and said not in abstract(rows, study).text
