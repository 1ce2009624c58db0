import re

import pandas as pd
import pytest

from ppp import results
from ppp.report import sentences, tables
from ppp.report.table import Table

FROM_ROWS = [
    "adverse_event_terms",
    "adverse_events",
    "baseline",
    "exposure",
    "flow",
    "group_difference",
    "ledger",
    "subgroup",
]
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


def test_exposure_says_what_each_time_ends_with(rows, study):
    notes = " ".join(tables.exposure(rows, study).notes)
    assert "start to stop in 3, to the last visit in 25, by visit week in 0 patients." in notes


def test_remarks_and_bounds_stand_below_the_adverse_events(rows, study):
    at = (rows["outcome"] == "serious") & (rows["statistic"] == "patients")
    noted = rows.assign(note=rows["note"].mask(at, "not recorded for 1 of 2 events"))
    notes = tables.adverse_events(noted, study).notes
    assert "Serious (regulatory): not recorded for 1 of 2 events." in notes
    told = " ".join(notes)
    assert told.count("rule of three 10.7%") == 1 and "upper limit 12.3%" in told
    assert "2 events outside that window" in told


def test_cells_of_a_notice_are_added_up_and_markers_are_read_as_missing(queries, study):
    noted = queries.assign(cells=[1, 24], rule=["out_of_range", "missing_marker"])
    frame = tables.query_counts(noted, study).frame
    assert frame["cells"].tolist() == ["24", "1"]
    assert frame["action"].tolist() == ["read as missing", "set to missing"]
    assert "read as missing in 24 cells" in str(sentences.queries(noted, study))


def test_a_field_is_named_as_in_the_table_of_its_sheet(make_study, queries):
    study = make_study('[source.sheets]\nadverse_events = "AE"\n')
    frame = tables.queries(queries.assign(sheet="AE", field="start_date"), study).frame
    assert set(frame["field"]) == {"Start of the event"}


def test_table_one_leaves_out_empty_levels_and_the_subgroups_own_columns(rows, study):
    scale = [("0", 0), ("3", 18), ("4", 8)]
    made = results.frame(
        [
            *(
                results.row("count", "pga", "count", k, level=x, week=0, n=26, events=k)
                for x, k in scale
            ),
            results.row("count", "pga", "n_missing", 2, week=0, n=26),
            results.row("balance", "pga", "smd", -0.63, week=0, group="sapho=yes-no"),
        ]
    )
    frame = tables.baseline(pd.concat([rows, made], ignore_index=True), study).frame
    pga = frame[frame["field"].str.startswith("PGA")]
    assert pga["what"].tolist() == ["All levels together", "3", "4", "n (missing)"]
    assert pga["smd"].tolist()[:2] == ["−0.63", ""]
    assert pga["all"].tolist()[1] == "18/26 (69.2%)"
    own = frame[frame["field"] == "SAPHO syndrome"]
    assert set(own["sapho=yes"]) == {""}


def test_table_one_shows_the_most_frequent_of_very_many_levels_and_says_so(rows, study):
    often = [1000 - k for k in range(100)]
    made = results.frame(
        results.row("count", "comorbidities", "count", k, level=f"ill {k}", n=5000, events=k)
        for k in often[::-1]
    )
    table = tables.baseline(pd.concat([rows, made], ignore_index=True), study)
    shown = table.frame.loc[table.frame["field"] == "Comorbidities", "what"]
    assert list(shown) == [f"Ill {k}" for k in often[59::-1]]
    assert "Comorbidities: 40 less frequent not shown." in table.notes


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


def test_decimals_stand_under_each_other():
    frame = pd.DataFrame({"a": ["x", "y"], "b": ["−8.30 (1)", "12.50 (2)"]}, dtype="str")
    html = Table("k", "A caption.", frame).to_html()
    first, second = re.findall(r"<td>([^<]*)</td>", html)
    assert first.index(".") == second.index(".")


def test_caption_is_required():
    with pytest.raises(ValueError, match="needs a key and a caption"):
        Table("k", " ", pd.DataFrame({"a": []}))
