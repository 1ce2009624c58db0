"""``rules.csv``: each rule once, with what becomes of the cell or row, a sentence and a remedy."""

import csv
from pathlib import Path

import pytest

from ppp.data import rules


@pytest.fixture
def lines():
    text = Path(rules.__file__).with_suffix(".csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_every_rule_is_there_once_and_complete(lines):
    assert len({line["rule"] for line in lines}) == len(lines)
    assert all(all(line.values()) for line in lines)
    assert len(rules.SENTENCES) == len(rules.REMEDIES) == len(lines)


def test_a_rule_makes_missing_or_warns_or_sets_aside(lines):
    assert {line["becomes"] for line in lines} == {"missing", "kept", "quarantined"}
    assert rules.action("not_a_number") == "missing"
    assert rules.action("date_partial") == "kept"
    assert rules.action("no_week") == rules.action("") == ""
