import re

import pandas as pd
import pytest

from ppp.report import tables
from ppp.report.tables.table import JSON, Table

FROM_ROWS = ["adverse_event_terms", "adverse_events", "baseline", "change", "exposure", "flow",
             "group_difference", "lab_shift", "ledger", "responders", "subgroup",
             "visits"]  # fmt: skip
BAD = re.compile(r"\b(nan|inf|NaN|None|<NA>)\b")


def cells(table):
    return table.frame.to_string()


@pytest.mark.parametrize("name", FROM_ROWS)
def test_every_table_renders_from_rows_and_from_no_rows(name, rows, empty, study):
    for given in (rows, empty):
        table = getattr(tables, name)(given, study)
        assert not BAD.search(table.to_html()) and not BAD.search(table.to_text())
    assert len(table.frame) == 0 and table.empty in table.to_html()
    assert len(getattr(tables, name)(rows, study).frame)


def test_page_element_has_caption_scopes_and_nothing_else(rows, study):
    html = tables.change(rows, study).to_html()
    assert html.startswith('<table id="tbl-change"><caption>Change from baseline (week 0)')
    assert html.count('scope="col"') == 7 and 'scope="row"' in html and 'scope="colgroup"' in html
    assert "style" not in html and "class=" not in html


def test_change_is_read_off_its_rows(rows, study):
    line = tables.change(rows, study).frame.iloc[0]
    assert line["mean"] == "−8.30 (−9.40 to −7.20)"
    assert line["p"] == "<0.001"
    assert line["rank"] == "−1.00"
    assert "attained level 95.1%" in " ".join(tables.change(rows, study).notes)


def test_responders_show_both_rules_and_both_intervals(rows, study):
    line = tables.responders(rows, study).frame.iloc[0]
    assert (line["nri_x"], line["observed_x"]) == ("20/28", "20/27")
    assert line["nri"] == "71.4 [52.9 to 84.8]"


def test_ledger_prints_the_sum(rows, study):
    notes = tables.ledger(rows, study).notes
    assert "Rows: 30 read = 28 accepted + 0 queried + 2 quarantined + 0 unused." in notes


def test_raw_values_and_raw_ids_are_not_in_the_cleaning_tables(queries, quarantine, study):
    shown = tables.queries(queries, study), tables.quarantine(quarantine, study)
    for raw in ("K-77", "K-78", "13,86", "2023"):
        assert not any(raw in t.to_html() + str(t.as_dict()) for t in shown)
    assert "Visits!F12" in cells(shown[0])
    more = tables.queries(pd.concat([queries] * 60), study, limit=50).notes
    assert "70 further lines not shown." in more


def test_table_one_has_groups_and_standardised_difference(rows, study):
    table = tables.baseline(rows, study)
    assert table.labels["sapho=yes"].endswith("\nn = 8")
    age = table.frame[table.frame["field"].str.startswith("Age")].iloc[0]
    assert (age["all"], age["smd"]) == ("36.2 (10.5)", "−0.12")
    female = table.frame.set_index("what").loc["Female"]
    assert female["all"] == "18 (64.3%)"


def test_text_from_data_is_escaped(rows, study):
    html = tables.adverse_event_terms(rows, study).to_html()
    assert "<script" not in html and "&lt;script&gt;痤疮" in html
    assert "moved &lt;away&gt;" in tables.flow(rows, study).to_html()


def test_word_gets_plain_strings(rows, study):
    made = tables.change(rows, study)._repr_mimebundle_()[JSON]
    assert made["header"][0] == "Week" and made["groups"] == ["PPPASI"]
    assert len(made["rows"][0]) == len(made["header"])


def test_decimals_stand_under_each_other():
    frame = pd.DataFrame({"a": ["x", "y"], "b": ["−8.30 (1)", "12.50 (2)"]}, dtype="str")
    html = Table("k", "A caption.", frame).to_html()
    first, second = re.findall(r"<td>([^<]*)</td>", html)
    assert first.index(".") == second.index(".")


def test_caption_is_required():
    with pytest.raises(ValueError, match="needs a key and a caption"):
        Table("k", " ", pd.DataFrame({"a": []}))


def test_fewer_than_three_patients_give_dashes_and_a_reason(study):
    from ppp import results
    from ppp.analysis.estimators.estimate import Estimate

    tiny = Estimate(n=1, note="fewer than 3 patients")
    names = ("mean_change", "hodges_lehmann", "wilcoxon_exact", "d_av", "rank_biserial")
    rows = results.frame(
        results.row("change", "pppasi", s, tiny, week=12, missing="observed") for s in names
    )
    table = tables.change(rows, study)
    assert table.frame.iloc[0].tolist()[2:] == ["1", "–", "–", "–", "–", "–"]
    assert "–: not estimable (fewer than 3 patients)." in table.notes
