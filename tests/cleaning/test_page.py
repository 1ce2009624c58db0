"""Page 01: the account of rows and cells, counted once and told from the same rows."""

import pandas as pd

from ppp import results
from ppp.cleaning import rows as account
from ppp.cleaning import sentences, tables


def test_ledger_accounts_for_all_that_was_read(rows, study):
    line = tables.ledger(rows, study).frame.iloc[0]
    assert line["read"] == "30" and line["warned"] == "1"
    parts = ("accepted", "queried", "quarantined", "unused")
    assert sum(int(line[part]) for part in parts) == 30
    said = str(sentences.ledger(rows, study))
    assert "Of 30 rows, **28** were accepted (1 with a notice) and **2** excluded." in said


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


def test_what_was_lost_and_what_was_kept_are_told_apart(queries, study):
    noted = queries.assign(cells=[1, 24], rule=["out_of_range", "missing_marker"])
    rows = account.queries(noted)
    frame = tables.lost(rows, noted, study).frame
    assert frame.iloc[0].tolist() == ["out of range", "PPPASI", "1", "Visits: F12"]
    assert len(frame) == 1
    assert str(sentences.lost(rows, study)) == "**1** value became missing: out of range (1)."
    assert str(sentences.kept(rows, study)) == (
        "24 accepted cells held a mark such as n/a, which is read as missing."
    )
    kept = account.queries(queries.assign(action="kept", cells=[1, 3]))
    assert str(sentences.kept(kept, study)) == (
        "Kept as converted, tidied or noted, by rule (cells or rows that it met): "
        "total differs (3) and out of range (1)."
    )
    assert tables.lost(kept, queries.assign(action="kept"), study).frame.empty
    assert str(sentences.lost(kept, study)) == "No value became missing."


def test_each_count_is_a_row(queries, quarantine):
    counted = account.queries(pd.concat([queries] * 3))
    assert counted["events"].sum() == counted["n"].sum() == 3 * len(queries)
    assert set(account.quarantine(quarantine)["n"]) == {len(quarantine)}


def test_a_field_is_named_as_in_the_table_of_its_sheet(make_study, queries):
    study = make_study('[source.sheets]\nadverse_events = "AE"\n')
    noted = queries.assign(sheet="AE", field="start_date", action="missing")
    frame = tables.lost(account.queries(noted), noted, study).frame
    assert set(frame["field"]) == {"Start of the event"}


def test_raw_values_and_raw_ids_are_not_in_the_tables(queries, quarantine, study):
    many = pd.concat([queries] * 60)
    shown = tables.lost(account.queries(many), many, study), tables.quarantine(quarantine, study)
    for raw in ("K-77", "K-78", "13,86", "2023"):
        assert not any(raw in t.to_html() + str(t.as_dict()) for t in shown)
    assert shown[0].frame["where"].tolist() == ["Visits: F12, F12, F12, 57 more"]
    more = tables.quarantine(pd.concat([quarantine] * 60), study, limit=50).notes
    assert "10 further rows not shown." in more


def test_key_results_are_three_lines(rows, queries, quarantine, study):
    counted = pd.concat([rows, account.queries(queries), account.quarantine(quarantine)])
    assert len(str(sentences.key_results(counted, study)).splitlines()) == 3
