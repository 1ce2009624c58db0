"""Which rows of ``results.csv`` owe a recomputation, and what they promise: ``owed.csv``."""

import csv
from pathlib import Path

COLUMNS = {"interval": ("ci_low", "ci_high"), "upper": ("ci_high",), "p": ("p_value",), "": ()}


def _read():
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return {
            (line["analysis"], statistic): COLUMNS[line["promises"]]
            for line in csv.DictReader(file)
            for statistic in line["statistics"].split()
        }


OWED = _read()  # (analysis, statistic) → the columns that may be empty only with a note
