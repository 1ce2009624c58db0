"""The rules of cleaning, from ``rules.csv``: what each means, what it does, what helps.

`MISSING` makes a cell missing, `KEPT` keeps it with a warning, `QUARANTINE` sets a row aside; each
maps a rule's name to the sentence that a page prints, `REMEDIES` to what to do.
"""

import csv
from pathlib import Path

with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
    _RULES = list(csv.DictReader(file))
MISSING, KEPT, QUARANTINE = (
    {row["rule"]: row["sentence"] for row in _RULES if row["becomes"] == fate}
    for fate in ("missing", "kept", "quarantined")
)
SENTENCES = MISSING | KEPT | QUARANTINE
REMEDIES = {row["rule"]: row["remedy"] for row in _RULES}


def action(rule: str) -> str:
    """Return ``missing`` (the cell became missing), ``kept`` (accepted with a warning) or empty."""
    return "missing" if rule in MISSING else "kept" if rule in KEPT else ""
