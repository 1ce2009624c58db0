"""Cleaned tables on disk: `write` by the first notebook, `load` by the others."""

import json
import shutil
from pathlib import Path

import pandas as pd

from ppp.catalogue.dictionary import TABLES
from ppp.data import questions
from ppp.data.cleaning import Cleaned, Cohort, clean
from ppp.errors import StopRun
from ppp.study import Study

LISTS = ("queries", "quarantine", "ledger")
TYPES = {"week": "Int64", "row": "int64", "count": "int64", "cells": "int64"}
CELLS = "cells"
RAW = {"queries": ["patient_id", "raw"], "quarantine": ["raw"], "ledger": []}


def write(cleaned: Cleaned, study: Study) -> Path:
    """Write a cleaned cohort to ``study.derived``: aside first, then in place of what was there.

    Rows that notebooks derived from the old data go with it. Nobody else on this machine may read
    it. Returns the folder.
    """
    folder = study.derived
    aside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700, parents=True)
    for table in (*TABLES, CELLS):
        frame = getattr(cleaned, table)
        if frame is not None:
            frame.to_parquet(aside / f"{table}.parquet", index=False)
    for name in (*LISTS, "id_key", "terms"):
        table = getattr(cleaned, name)
        table = table.replace({"sheet": cleaned.sheets}) if "sheet" in table else table
        encoding = "utf-8-sig" if name == "terms" else "utf-8"  # Excel opens it as it is
        table.to_csv(aside / f"{name}.csv", index=False, encoding=encoding)
    questions.write(cleaned, study, aside / "queries.xlsx")
    (aside / "last_lines.txt").write_text("\n".join(cleaned.last_lines), "utf-8")
    source = {
        "sha256": cleaned.source_sha256,
        "folder": study.home,
        "weeks": [int(week) for week in cleaned.weeks],
    }
    (aside / "source.json").write_text(json.dumps(source) + "\n")
    for file in aside.iterdir():
        file.chmod(0o600)
    return _swap(aside, folder)


def _swap(aside: Path, folder: Path) -> Path:
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    aside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return folder


def load(study: Study) -> Cohort:
    """Read what `write` wrote; where nothing was, clean if a run changes the plan, else StopRun."""
    folder = study.derived
    if study.changed and not folder.is_dir():
        cleaned = clean(study)
        write(cleaned, study)
        if cleaned.weeks != study.schedule.weeks:
            raise StopRun(f"{folder}: the data are cleaned now; run this notebook again")
    if not (folder / "patients.parquet").is_file():
        raise StopRun(f"{folder}: there are no cleaned data; run notebook 01_cleaning first")
    tables = dict.fromkeys(TABLES)
    for file in (file for name in TABLES if (file := folder / f"{name}.parquet").is_file()):
        tables[file.stem] = pd.read_parquet(file)
    lists = {name: _list(folder, name) for name in LISTS}
    source = json.loads((folder / "source.json").read_text())
    return Cohort(**tables, **lists, source_sha256=source["sha256"], weeks=tuple(source["weeks"]))


def cells(study: Study) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Read, for who may see the charts, `ppp.data.cells` and all queries and quarantined rows.

    Raises StopRun where cleaning has not written them.
    """
    folder = study.derived
    if not (folder / f"{CELLS}.parquet").is_file():
        raise StopRun(f"{folder}: it does not say where values are from; run 01_cleaning again")
    listed = pd.read_parquet(folder / f"{CELLS}.parquet")
    text = {"dtype": "str", "keep_default_na": False}
    return listed, *(pd.read_csv(folder / f"{name}.csv", **text) for name in LISTS[:2])


def _list(folder: Path, name: str) -> pd.DataFrame:
    table = pd.read_csv(folder / f"{name}.csv", dtype="str", keep_default_na=False)
    types = {column: kind for column, kind in TYPES.items() if column in table}
    table = table.replace({column: {"": None} for column in types}).astype(types)
    return table.drop(columns=RAW[name])
