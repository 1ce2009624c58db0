"""``rules.csv``: each rule once, with what becomes of the cell or row, a sentence and a remedy."""

import csv
from pathlib import Path

import pytest

from ppp.data import rows


@pytest.fixture
def lines():
    text = Path(rows.__file__).with_name("rules.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_every_rule_is_there_once_and_complete(lines):
    assert len({line["rule"] for line in lines}) == len(lines)
    assert all(all(line.values()) for line in lines)
    assert len(rows.SENTENCES) == len(rows.REMEDIES) == len(lines)


def test_a_rule_makes_missing_or_warns_or_sets_aside(lines):
    assert {line["becomes"] for line in lines} == {"missing", "kept", "quarantined"}
    assert rows.action("not_a_number") == "missing"
    assert rows.action("date_partial") == "kept"
    assert rows.action("no_week") == rows.action("") == ""
