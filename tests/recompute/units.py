"""Names and units of laboratory tests, by the table of the project (data, not code)."""

import unicodedata
from functools import cache
from pathlib import Path

import pandas as pd

TABLE = Path(__file__).parents[2] / "data" / "lab_tests.csv"


def canonical(line):
    """Test, value and limits of a measurement under the test's own name and unit."""
    known = tests().get(plain(line["test"]))
    if known is None:
        return {}
    name, factors = known
    factor = factors[plain_unit(line["unit"])]
    return {"test": name} | {field: line[field] * factor for field in ("value", "lln", "uln")}


@cache
def tests():
    """{folded name: (name, {folded unit: factor})}."""
    found = {}
    for line in pd.read_csv(TABLE, keep_default_na=False).itertuples():
        pairs = [pair.rsplit(":", 1) for pair in line.conversions.split(";") if pair.strip()]
        factors = {plain_unit(unit): float(factor) for unit, factor in pairs}
        factors[plain_unit(line.unit)] = 1.0
        for name in (line.test, *line.synonyms.split(";")):
            found[plain(name)] = line.test, factors
    return found


def plain(text):
    """Lower case, narrow, without spaces at the ends or doubled inside."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def plain_unit(text):
    """A unit without the ways in which its writing varies: case, µ and u, ^, ×, spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("μ", "u").replace("µ", "u")
    return folded.replace("^", "").replace("×", "").replace("x10", "10").replace(" ", "")
