import base64
import re
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from ppp.report import page
from ppp.study.sections import Filter

EVERYBODY, WOMEN = Filter(), Filter("sex == 'female'")
STUDY = SimpleNamespace(title="Upadacitinib <in> PPP", synthetic=True, filter=EVERYBODY, changed={})
REPORTS = [
    page.Report("01_cleaning", "What was read"),
    page.Report("02_descriptives", "Who", state="failed", detail="cell 3: KeyError: '<b>'"),
    page.Report("03_efficacy", "Did it fall?"),
]
TABLE = '<table id="tbl-change"><caption>Change.</caption><tr><td>1</td></tr></table>'
FIGURE = (
    '<figure id="fig-line"><img alt="It falls" src="data:,"><figcaption>Line.</figcaption></figure>'
)


def whole(content, **where):
    strip = page.status(STUDY, "0123456789abcdef", commit="abc", position="report 1 of 3")
    return page.assemble(content, strip, reports=REPORTS, **where)


def test_captions_and_references_are_numbered_in_order():
    text = '<p><a href="#fig-line">Figure</a>, <a href="#tbl-change">Table</a></p>'
    second = TABLE.replace("tbl-change", "tbl-second")
    html = page.prepare(text + TABLE + FIGURE + second, 3).html
    assert "Table 3.1.</span> Change." in html and "Figure 3.1.</span> Line." in html
    assert 'id="tbl-second"><caption><span class="number">Table 3.2.' in html
    assert ">Figure\N{NO-BREAK SPACE}3.1</a>, " in html


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ('<a href="#tbl-nowhere">Table</a>' + TABLE, "tbl-nowhere.*there are: tbl-change"),
        ('<table id="tbl-x"><tr><td>1</td></tr></table>', "tbl-x has no caption"),
        (TABLE + TABLE, "two elements have the id tbl-change"),
        ('<img src="data:,">', "no alt text"),
        (f'<img src="data:," alt="{page.PLACEHOLDER}">', "no alt text"),
        ('<img alt="a map" src="https://example.org/a.png">', "would load https://example.org"),
        ("<script>1</script>", "a script of its own"),
    ],
)
def test_what_cannot_become_a_page_is_named(html, told):
    with pytest.raises(page.PageError, match=told):
        page.prepare(html, 1)


def test_headings_get_ids_of_their_own_and_make_the_contents():
    html = "<h1>T</h1><h2>Key results</h2><h3>Week 12</h3><h2>Key results</h2><h2>中文</h2>"
    content = page.prepare(html, 1)
    assert [heading.id for heading in content.headings] == [
        "key-results",
        "week-12",
        "key-results-2",
        "中文",
    ]
    soup = BeautifulSoup(whole(content), "html.parser")
    linked = [a["href"][1:] for a in soup.select(".contents a")]
    assert linked == [*(h.id for h in content.headings), "provenance"]
    assert all(soup.find(id=i) for i in linked)


def test_a_page_has_a_title_of_its_own_or_the_notebooks():
    assert page.prepare("<h1>Own</h1>", 1, "Other").title == "Own"
    assert page.prepare("<p>x</p>", 1, "Other & one").html.startswith("<h1>Other &amp; one</h1>")


def test_places_on_this_machine_are_hidden_in_text_alone():
    html = '<pre>/home/x/out</pre><img alt="a" src="data:image/png;base64,AA/home/x">'
    shown = page.prepare(html, 1, hidden=["/home/x"]).html
    assert "<pre>…/out</pre>" in shown and "AA/home/x" in shown


def test_a_page_loads_nothing_and_runs_only_its_own_script():
    html = whole(page.prepare(TABLE, 1), current="01_cleaning", provenance={"Seed": "1 <2>"})
    soup = BeautifulSoup(html, "html.parser")
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert re.search(r"script-src 'sha256-[\w+/=]{44}'", policy)
    assert page.csp_hash(soup.script.string) in policy
    assert not re.search(r"https?://|url\(|@import", html)
    assert soup.html["lang"] == "en" and soup.find("meta", attrs={"name": "viewport"})


def test_the_strip_says_what_the_data_are_and_escapes():
    shown = page.status(STUDY, "0123456789abcdef", position="report 1 of 3")._repr_html_()
    assert "SYNTHETIC DATA" in shown and "Upadacitinib &lt;in&gt; PPP" in shown
    assert "data 0123456789ab<" in shown and "report 1 of 3" in shown
    real = SimpleNamespace(title="T", synthetic=False, filter=EVERYBODY, changed={})
    assert "SYNTHETIC" not in page.status(real)._repr_html_()


def test_the_strip_says_who_is_in_the_filter():
    women = SimpleNamespace(title="T", synthetic=False, filter=WOMEN, changed={})
    shown = BeautifulSoup(page.status(women)._repr_html_(), "html.parser")
    assert shown.span.get_text() == "only patients with sex == 'female'"
    assert "only patients" not in page.status(STUDY)._repr_html_()


def test_a_strip_shown_by_the_notebook_gives_way_to_that_of_the_page():
    strip = page.status(STUDY)._repr_html_()
    assert whole(page.prepare(strip + "<p>x</p>", 1)).count("SYNTHETIC DATA") == 1


def test_neighbours_pass_over_what_failed():
    soup = BeautifulSoup(whole(page.prepare("", 1), current="01_cleaning"), "html.parser")
    assert soup.select_one("[rel=next]")["href"] == "03_efficacy.html"
    assert soup.select_one("[rel=prev]") is None
    assert not soup.select('a[href="02_descriptives.html"]')
    assert soup.select_one("[aria-current=page]")["href"] == "01_cleaning.html"


def test_a_table_scrolls_in_a_box_that_the_keyboard_reaches():
    box = BeautifulSoup(page.prepare(TABLE, 2).html, "html.parser").select_one(".scroll")
    assert box["tabindex"] == "0" and box["aria-label"] == "Table 2.1. Change." and box.table


def test_code_cells_without_output_between_them_fold_together():
    fold = '<details class="code"><summary>Code</summary><div><pre>{}</pre></div></details>\n'
    html = page.prepare(fold.format(1) + fold.format(2) + "<p>x</p>" + fold.format(3), 1).html
    folds = BeautifulSoup(html, "html.parser").select("details.code")
    assert [[pre.text for pre in each.select("pre")] for each in folds] == [["1", "2"], ["3"]]


def test_links_under_a_table_and_a_figure_hold_what_they_offer():
    table = {
        "key": "change",
        "header": ["Week", "Mean\n(CI)"],
        "rows": [["4", "=1+1"]],
        "groups": ["@A"],
        "caption": "",
        "notes": [],
    }
    figure = {"key": "line", "svg": "<svg/>", "png": "iVBORw=="}
    given = [page.Exhibit("tbl", table), page.Exhibit("fig", figure)]
    content = page.prepare(TABLE + FIGURE, 3, exhibits=given, stem="synthetic_demo")
    assert [exhibit.label for exhibit in content.exhibits] == ["Table 3.1", "Figure 3.1"]
    soup = BeautifulSoup(content.html, "html.parser")
    links = {link["download"]: link for link in soup.select(".take a")}
    assert list(links) == [
        "synthetic_demo_table_3.1.csv",
        "synthetic_demo_figure_3.1.svg",
        "synthetic_demo_figure_3.1.png",
    ]
    csv = base64.b64decode(links["synthetic_demo_table_3.1.csv"]["href"].split(",")[1]).decode()
    assert csv == "\ufeffGroup,Week,Mean (CI)\r\n'@A,4,'=1+1\r\n"
    svg = links["synthetic_demo_figure_3.1.svg"]
    assert svg["data-image"] == "fig-line" and "hidden" in svg.attrs and "href" not in svg.attrs
    assert links["synthetic_demo_figure_3.1.png"]["href"] == "data:image/png;base64,iVBORw=="
    assert soup.select_one(".scroll + .take") and soup.select_one("figure + .take")


def test_control_characters_do_not_reach_a_page():
    assert page.prepare("<p>a\x00b</p>", 1).html.endswith("<p>ab</p>")


def test_the_glossary_has_the_terms_that_the_page_uses():
    terms = [
        "Kaplan–Meier",
        "Mixed model (MMRM)",
        "Wilson, Clopper–Pearson",
        "NRI",
        "Log-rank test",
    ]
    listed = "".join(f"<dt>{term}</dt><dd>{term} is explained.</dd>" for term in terms)
    said = "<p>By MMRM, the exact (Clopper–Pearson) interval; non-responders.</p>"
    code = '<details class="code"><pre>tables.nri, log-rank test</pre></details>'
    made = page.prepare(f'{said}{code}<dl class="ppp-glossary">{listed}</dl>', 1).html
    left = BeautifulSoup(made, "html.parser")
    assert [dt.get_text() for dt in left.select("dt")] == terms[1:3]
    assert len(left.select("dd")) == 2
