"""The ledger of the demo cohort against what openpyxl alone counts in the workbook."""

import openpyxl
import pandas as pd
import pytest

pytestmark = pytest.mark.slow

PARTS = ["accepted", "queried", "quarantined", "unused"]


@pytest.fixture(scope="module")
def ledger(demo_run):
    """Counts as results.csv has them: (kind, table) × level."""
    rows = pd.read_csv(demo_run.results, keep_default_na=False)
    flow = rows[(rows["analysis"] == "flow") & rows["outcome"].isin(["rows", "cells"])]
    table = flow.pivot(index=["outcome", "group"], columns="level", values="estimate")
    return table.astype(float)


@pytest.fixture(scope="module")
def counted(demo_run):
    """Rows and cells with anything in them below the headings, by table, from openpyxl alone."""
    source = demo_run.study.source
    book = openpyxl.load_workbook(demo_run.study.folder / source.file, data_only=True)
    found = {}
    for table, sheet in source.sheets.items():
        lines = book[sheet].iter_rows(min_row=source.header_row + 1, values_only=True)
        filled = [sum(cell is not None for cell in line) for line in lines]
        found[table] = {"rows": sum(n > 0 for n in filled), "cells": sum(filled)}
    assert len(found) == len(book.sheetnames)
    return found


@pytest.mark.parametrize("kind", ["rows", "cells"])
def test_what_was_read_is_what_openpyxl_counts(ledger, counted, kind):
    for table, count in counted.items():
        assert ledger.loc[(kind, table), "read"] == count[kind], table
    assert ledger.loc[(kind, "all"), "read"] == sum(count[kind] for count in counted.values())


def test_nothing_is_lost(ledger):
    assert (ledger[PARTS].sum(axis=1) == ledger["read"]).all()
    assert (ledger["warned"] <= ledger["accepted"]).all()


def test_totals_are_the_sums_of_the_tables(ledger):
    for kind in ("rows", "cells"):
        tables = ledger.loc[kind].drop(index="all")
        assert tables.sum().equals(ledger.loc[(kind, "all")].rename(None))


def test_ledger_agrees_with_the_queries_and_the_quarantine(demo_run, ledger):
    queries = pd.read_csv(demo_run.derived / "queries.csv")
    quarantine = pd.read_csv(demo_run.derived / "quarantine.csv")
    assert ledger.loc[("cells", "all"), "queried"] == (queries["action"] == "missing").sum() > 0
    assert ledger.loc[("rows", "all"), "quarantined"] == len(quarantine) > 0
