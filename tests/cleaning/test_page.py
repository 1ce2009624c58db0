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
    assert frame.iloc[0].tolist()[1:] == ["PPPASI", "1", "Visits: F12 (73)"]
    assert frame["block"][0].startswith(
        "Outside the range of the dictionary or of study.toml. What to do: correct the cell"
    )
    assert len(frame) == 1
    assert str(sentences.lost(rows, study)) == (
        "**1** value became missing: outside the range of the dictionary or of study.toml (1)."
    )
    assert str(sentences.kept(rows, study)) == (
        "24 accepted cells held a mark such as n/a, which is read as missing."
    )
    kept = account.queries(queries.assign(action="kept", cells=[1, 3]))
    assert str(sentences.kept(kept, study)) == (
        "Kept as converted, tidied or noted, by rule (cells or rows that it met): "
        "total differs (3); outside the range of the dictionary or of study.toml (1). "
        "queries.csv of the derived data lists them."
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


def test_raw_ids_study_ids_and_words_are_not_in_the_tables(queries, quarantine, study):
    said = queries.assign(raw=["Li Wei, 7", "K-77"], action="missing", study_id="P01")
    many = pd.concat([said] * 60)
    lost = tables.lost(account.queries(many), many, study, ids={"K-77"})
    shown = lost, tables.quarantine(quarantine, study)
    for raw in ("K-77", "K-78", "Li Wei", "2023", "P01"):
        assert not any(raw in t.to_html() + str(t.as_dict()) for t in shown)
    assert lost.frame["where"][0] == f"Visits: {'F12 (text, 9 characters), ' * 3}57 more"
    more = tables.quarantine(pd.concat([quarantine] * 60), study, limit=50).notes
    assert "10 further rows not shown." in more


def test_each_share_that_was_lost_is_told_the_primary_first(study):
    lost = pd.DataFrame(
        [("visits", "pppasi", 112, 34, "decimal_comma"), ("labs", "value", 40, 1, "limit_value")],
        columns=["table", "field", "filled", "lost", "rule"],
    )
    rows = account.losses(lost)
    assert rows["estimate"].round(3).tolist() == [0.304, 0.025]
    assert str(sentences.losses(rows, study)) == (
        "Cells filled in that could not be used (queries): PPPASI **34 of 112** (30.4%) and "
        "Result (laboratory values) **1 of 40** (2.5%)."
    )
    assert not sentences.losses(account.losses(lost.head(0)), study).text


def test_codes_that_were_not_understood_are_counted_and_long_ones_masked(queries, study):
    raw = ["w", "w", "weiblich", "王小明"]
    frame = pd.DataFrame({"rule": "not_a_choice", "field": "sex", "raw": raw})
    rows = account.codes(pd.concat([frame, queries]))
    assert str(sentences.codes(rows, study)) == (
        "- Sex: codes that were not understood, w (2), text, 8 characters (1) and "
        "text, 3 characters (1)."
    )


def test_key_results_are_a_line_each(rows, queries, quarantine, study):
    counted = pd.concat([rows, account.queries(queries), account.quarantine(quarantine)])
    assert len(str(sentences.key_results(counted, study)).splitlines()) == 3


def test_rows_without_an_event_are_told_apart_from_rows_excluded(study):
    frame = pd.DataFrame({"sheet": "AE", "row": range(8, 11), "copy_of": None})
    calm = frame.assign(rule="no_event")
    said = str(sentences.quarantine(account.quarantine(calm), study))
    assert said.startswith("No row was excluded.") and "**3** patients have no event" in said
    shown = tables.quarantine(calm, study)
    assert shown.frame.empty and "n = 0" in shown.caption
    both = pd.concat([calm, frame.head(1).assign(rule="totals_row")])
    counts = [("all", "rows", "read", 9), ("all", "rows", "quarantined", 4)]
    ledger = pd.DataFrame(counts, columns=["table", "kind", "level", "count"])
    rows = pd.concat([account.flow(ledger.assign(table="events")), account.quarantine(both)])
    assert str(sentences.quarantine(rows, study)).startswith(
        "**1** row was excluded: a row of totals (1)."
    )
    assert "**1** excluded; 3 say that no event occurred" in str(sentences.ledger(rows, study))


def test_totals_that_could_not_be_formed_stand_beside_no_value_missing(queries, study):
    noted = queries.assign(rule=["dlqi_incomplete", "pppasi_incomplete"], action="kept")
    said = str(sentences.lost(account.queries(noted), study))
    assert said.startswith("No value became missing. Totals that could not be formed")
    assert "DLQI (1)" in said and "PPPASI (1)" in said
