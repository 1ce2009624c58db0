"""``tables.docx`` opened again with python-docx, beside the page it was made with."""

import io
import re
import zipfile

import pytest
from bs4 import BeautifulSoup
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.table import Table

from ppp.report import page, word
from ppp.report.table import FIGURE_SPACE

WORDS = {
    "key": "change",
    "caption": "Change.",
    "header": ["Week", "Mean\n(95% CI)"],
    "rows": [["4", "−3.6"], ["12", "−10.5"]],
    "groups": ["PPPASI", "PPPASI"],
    "notes": ["Paired t."],
    "empty": "Not recorded.",
}


def document(study, *changes):
    """A document of one report, each of whose tables differs from `WORDS` as said."""
    found = [page.Exhibit("tbl", WORDS | change, f"3.{n}") for n, change in enumerate(changes, 1)]
    content = page.Content("", "Efficacy", (), tuple(found))
    return word.tables(study, [content])


def opened(raw):
    return Document(io.BytesIO(raw))


def blocks(document):
    """Each table with its caption before and its notes after, as they stand in the document."""
    found = []
    for element in document.element.body:
        style = element.find(f".//{qn('w:pStyle')}")
        text = "".join(t.text or "" for t in element.iter(qn("w:t")))
        if element.tag == qn("w:tbl"):
            found[-1]["table"] = Table(element, document)
        elif style is not None and style.get(qn("w:val")) == "Caption":
            found.append({"caption": text, "notes": []})
        elif style is not None and style.get(qn("w:val")) == "Tablenote" and text:
            found[-1]["notes"].append(text)
    return found


def cells(table):
    """The text of each row; a group's row is one cell."""
    return [[c.text for c in {id(c._tc): c for c in row.cells}.values()] for row in table.rows]


def clean(words):
    return " ".join(words.replace(FIGURE_SPACE, " ").split())


def shown(table):
    """Rows of a table of a page, a group's row being one cell."""
    rows = table.select("thead tr, tbody tr")
    return [[clean(c.get_text(" ")) for c in row.find_all(["th", "td"])] for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["demo_run", "gaps_run", "dlqi_run"])
def test_word_has_the_tables_of_the_pages(name, request):
    run = request.getfixturevalue(name)
    made = blocks(opened((run.exports / "tables.docx").read_bytes()))
    on_pages = [
        table
        for report in run.reports
        for table in BeautifulSoup(
            (run.exports / report.href).read_text("utf-8"), "html.parser"
        ).select('table[id^="tbl-"]')
    ]
    assert [clean(one["caption"]) for one in made] == [
        clean(table.caption.get_text()) for table in on_pages
    ]
    assert [one["notes"] for one in made] == [
        [clean(note.get_text(" ")) for note in table.select("tfoot td")] for table in on_pages
    ]
    for one, table in zip(made, on_pages, strict=True):
        rows = [[clean(cell) for cell in row] for row in cells(one["table"])]
        wanted = [row for row in shown(table) if row != ["Not recorded."] or len(rows) == 2]
        assert rows == wanted


def test_header_rows_repeat_and_no_row_breaks_across_pages(study):
    table = opened(document(study, {})).tables[0]
    assert [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows] == [
        True,
        False,
        False,
        False,
    ]
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)


def test_groups_are_bold_rows_and_numbers_stand_under_each_other(study):
    table = opened(document(study, {})).tables[0]
    assert cells(table) == [
        ["Week", "Mean\n(95% CI)"],
        ["PPPASI"],
        ["4", f"{FIGURE_SPACE}−3.6"],
        ["12", "−10.5"],
    ]
    bold = [row.cells[0].paragraphs[0].runs[0].bold for row in table.rows]
    assert bold == [True, True, None, None]


def test_three_horizontal_rules_and_no_vertical_one(study):
    table = opened(document(study, {})).tables[0]._tbl
    edges = {
        edge.tag.split("}")[1]: edge.get(qn("w:val"))
        for edge in table.find(f".//{qn('w:tblBorders')}")
    }
    assert {side for side, kind in edges.items() if kind == "single"} == {"top", "bottom"}
    ruled = [bool(row.findall(f".//{qn('w:tcBorders')}")) for row in table.findall(qn("w:tr"))]
    assert ruled == [True, False, False, False]


def test_a_table_without_rows_says_so(study):
    table = opened(document(study, {"rows": [], "groups": []})).tables[0]
    assert cells(table) == [["Week"], ["Not recorded."]]


def test_a_wide_table_stands_on_a_landscape_page(study):
    wide = {"header": ["A column of text"] * 9, "rows": [["−10.50 (−12.10 to −8.90)"] * 9] * 2}
    sections = opened(document(study, {}, wide, {})).sections
    turned = [section.orientation == WD_ORIENT.LANDSCAPE for section in sections]
    assert turned == [False, True, False]
    assert sections[1].page_width > sections[1].page_height
    assert all("SYNTHETIC DATA" in section.header.paragraphs[0].text for section in sections)


def test_synthetic_data_are_marked_and_real_ones_are_not(make_study):
    made = opened(document(make_study(), {}))
    assert made.paragraphs[0].text == "SYNTHETIC DATA"
    real = opened(document(make_study(synthetic=False), {}))
    header = real.sections[0].header.paragraphs[0].text
    assert "SYNTHETIC" not in header + "".join(p.text for p in real.paragraphs)


def test_bytes_are_stable_and_name_nobody(study):
    raw = document(study, {})
    assert raw == document(study, {})
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert "docProps/thumbnail.jpeg" not in archive.namelist()
    about = opened(raw).core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert about.created.year == about.modified.year == 2000


def test_text_of_the_data_is_text(study):
    hostile = ["<w:br/>&amp;", '=HYPERLINK("http://x")', "a\x00\x0bb", "مرحبا 😀", "x" * 10_000]
    raw = document(
        study,
        {
            "rows": [[words, words] for words in hostile],
            "groups": [hostile[0]] * 3 + [hostile[2]] * 2,
        },
    )
    table = opened(raw).tables[0]
    rows = [row[0] for row in cells(table)[1:]]
    assert rows == ["<w:br/>&amp;", *hostile[:2], "ab", "ab", *hostile[3:]]
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        body = archive.read("word/document.xml").decode()
        links = archive.read("word/_rels/document.xml.rels").decode()
    assert not re.search(r"instrText|fldSimple|fldChar|w:hyperlink", body)
    assert "External" not in links


def test_captions_have_the_style_caption_and_stay_with_their_table(study):
    made = opened(document(study, {}))
    caption = next(p for p in made.paragraphs if p.style.name == "Caption")
    assert caption.text == "Table 3.1. Change." and caption.style.paragraph_format.keep_with_next


@pytest.mark.parametrize("query", ["", "sex == 'female'"])
def test_every_page_of_the_document_says_who_is_in_the_filter(make_study, query):
    study = make_study(f'[filter]\npatients = "{query}"\n' if query else "")
    made = opened(document(study, {}))
    said = [f"Only patients with {query}."] if query else []
    assert [p.text for p in made.paragraphs if p.text.startswith("Only")] == said
    header = made.sections[0].header.paragraphs[0].text
    assert header.endswith(f" · only patients with {query}" if query else study.title)
