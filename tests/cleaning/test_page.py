"""Page 01: the account of rows and cells, counted once and told from the same rows."""

import pandas as pd

from ppp import results
from ppp.cleaning import rows as account
from ppp.cleaning import sentences, tables


def test_ledger_prints_the_sum(rows, study):
    notes = tables.ledger(rows, study).notes
    assert "Rows: 30 read = 28 accepted + 0 queried + 2 quarantined + 0 unused." in notes


def test_flow_sums_over_tables():
    columns = ["table", "kind", "level", "count"]
    ledger = pd.DataFrame(
        [
            ("patients", "rows", "read", 30),
            ("patients", "rows", "accepted", 28),
            ("visits", "rows", "read", 112),
            ("visits", "rows", "accepted", 110),
        ],
        columns=columns,
    )
    rows = account.flow(ledger)
    row = results.one(rows, group="all", level="accepted", outcome="rows")
    assert (row["estimate"], row["n"]) == (138, 142)
    row = results.one(rows, group="visits", level="accepted")
    assert (row["estimate"], row["n"]) == (110, 112)


def test_ledger_without_rows_says_so(empty, study):
    assert "was not counted" in str(sentences.ledger(empty, study))
    assert tables.ledger(empty, study).frame.empty


def test_cells_of_a_notice_are_added_up_and_markers_are_read_as_missing(queries, study):
    noted = queries.assign(cells=[1, 24], rule=["out_of_range", "missing_marker"])
    rows = account.queries(noted)
    frame = tables.query_counts(rows, study).frame
    assert frame["cells"].tolist() == ["24", "1"]
    assert frame["action"].tolist() == ["read as missing", "set to missing"]
    assert "read as missing in 24 cells" in str(sentences.queries(rows, study))


def test_each_count_is_a_row(queries, quarantine):
    counted = account.queries(pd.concat([queries] * 3))
    assert counted["events"].sum() == counted["n"].sum() == 3 * len(queries)
    assert set(account.quarantine(quarantine)["n"]) == {len(quarantine)}


def test_a_field_is_named_as_in_the_table_of_its_sheet(make_study, queries):
    study = make_study('[source.sheets]\nadverse_events = "AE"\n')
    frame = tables.queries(queries.assign(sheet="AE", field="start_date"), study).frame
    assert set(frame["field"]) == {"Start of the event"}


def test_raw_values_and_raw_ids_are_not_in_the_tables(queries, quarantine, study):
    shown = tables.queries(queries, study), tables.quarantine(quarantine, study)
    for raw in ("K-77", "K-78", "13,86", "2023"):
        assert not any(raw in t.to_html() + str(t.as_dict()) for t in shown)
    assert "Visits!F12" in shown[0].frame.to_string()
    more = tables.queries(pd.concat([queries] * 60), study, limit=50).notes
    assert "70 further lines not shown." in more


def test_key_results_are_three_lines(rows, queries, quarantine, study):
    counted = pd.concat([rows, account.queries(queries), account.quarantine(quarantine)])
    assert len(str(sentences.key_results(counted, study)).splitlines()) == 3
